"""The areas of the API that integrators call less often (psa facts 8.8, 8.12 to 8.17)."""

import pytest

observed = pytest.mark.observed
COMPANY = {"company": {"id": 12345}}
AREAS = {
    "8.8": (
        *("service/boards/1/statuses", "service/boards/1/types", "service/boards/1/subtypes"),
        *("service/boards/1/items", "service/boards/1/teams"),
        *("service/boards/1/typeSubTypeItemAssociations",),
        *("service/boards/1/items/1/associations",),
    ),
    "8.12": (
        *("finance/agreements", "finance/agreements/types", "finance/agreements/1/additions"),
        *("finance/agreements/1/adjustments", "finance/agreements/1/sites"),
        *("finance/agreements/1/boardDefaults", "finance/agreements/1/workroles"),
        *("finance/agreements/1/worktypes",),
    ),
    "8.13": (
        *("project/projects/1/phases", "project/projects/1/notes", "project/tickets"),
        *("project/projects/1/teamMembers", "project/projects/1/contacts"),
        *("project/statuses", "project/projectTypes", "project/phaseStatuses"),
        *("project/securityRoles",),
    ),
    "8.14": (
        *("sales/opportunities", "sales/opportunities/1/notes"),
        *("sales/opportunities/1/contacts", "sales/opportunities/1/team"),
        *("sales/opportunities/1/forecast", "sales/activities", "sales/stages"),
        *("sales/probabilities", "sales/opportunities/statuses", "sales/opportunities/types"),
    ),
    "8.16": (
        *("procurement/catalog", "procurement/products", "procurement/purchaseorders"),
        *("procurement/purchaseorders/1/lineitems", "procurement/categories"),
        *("procurement/subcategories", "procurement/types", "procurement/manufacturers"),
        *("procurement/adjustments", "procurement/warehouses", "procurement/warehouseBins"),
        *("procurement/pricingschedules",),
    ),
    "8.17": (
        *("expense/entries", "expense/reports", "expense/types", "expense/classifications"),
        *("system/members", "system/locations", "system/departments", "system/securityroles"),
        *("system/timeZoneSetups", "system/standardNotes", "system/links"),
        *("system/callbacks", "system/connectwisehostedsetups", "system/myCompany/other"),
    ),
}


@observed("psa facts 8.8, 8.12, 8.13, 8.14, 8.16, 8.17: where things are")
@pytest.mark.parametrize("fact", AREAS)
def test_an_area_is_where_it_is_said_to_be(caller, fact):
    found = {path: caller.get(f"/{path}", params={"pageSize": "2"}) for path in AREAS[fact]}

    assert {path: answer.status_code for path, answer in found.items()} == dict.fromkeys(found, 200)
    empty = {path for path, answer in found.items() if not answer.json}
    # Nobody has subscribed to anything yet.
    assert empty <= {"system/callbacks"}


@observed("psa facts 8.12: an agreement needs a contact")
def test_an_agreement_needs_a_contact(psa_observed):
    body = {"name": "Care", "type": {"id": 1}, **COMPANY}

    answer = psa_observed.post("/finance/agreements", json=body)

    assert [found["message"] for found in answer.json["errors"]] == [
        "The contact/id field is required."
    ]


@observed("psa facts 8.14, 10.4: a date-only field comes back as midnight Z")
def test_when_an_opportunity_closes_is_a_date(caller):
    body = {"name": "Big", "primarySalesRep": {"id": 1}, "contact": {"id": 1}, **COMPANY}
    body["expectedCloseDate"] = "2026-09-11T14:32:00Z"

    made = caller.post("/sales/opportunities", json=body)

    assert made.status_code == 201, made.text
    assert made.json["expectedCloseDate"] == "2026-09-11T00:00:00Z"


@pytest.mark.assumed("psa facts 10.4: which other dates have no time of day")
def test_the_dates_of_an_agreement_have_no_time(caller):
    body = {"name": "Care", "type": {"id": 1}, "contact": {"id": 1}, **COMPANY}
    body |= {"startDate": "2026-09-11T14:32:00Z", "endDate": "2027-09-11T14:32:00Z"}

    made = caller.post("/finance/agreements", json=body).json

    assert (made["startDate"], made["endDate"]) == (
        "2026-09-11T00:00:00Z",
        "2027-09-11T00:00:00Z",
    )


@observed("psa facts 8.15: no agreement invoices, no types of invoices, no invoiceDate")
def test_what_invoices_are_not(psa_observed):
    refused = psa_observed.post("/finance/invoices", json={"type": "Agreement", **COMPANY})
    types = psa_observed.get("/finance/invoices/types")
    dated = psa_observed.get(
        "/finance/invoices", params={"conditions": "invoiceDate > [2024-01-01]"}
    )

    told = "Cannot create agreement invoices through the Invoicing API"
    assert refused.json["errors"][0]["message"] == told
    assert (types.status_code, types.json["message"]) == (404, "The endpoint does not exist.")
    assert (dated.status_code, dated.json["message"]) == (
        400,
        "invoiceDate is not a recognized name.",
    )


@observed("psa facts 8.15: what an invoice can be applied to")
@pytest.mark.parametrize(
    "kind", ["All", "Agreement", "Project", "ProjectPhase", "SalesOrder", "Ticket"]
)
def test_what_an_invoice_can_be_applied_to(caller, kind):
    params = {"conditions": f"applyToType = '{kind}'"}

    assert caller.get("/finance/invoices", params=params).status_code == 200


@observed("psa facts 8.10: e-mails have a domain; the default phone is the contact's")
def test_what_a_communication_shows_follows_its_kind(caller):
    path = "/company/contacts/1/communications"
    rows = caller.get(path).json
    phone, mail = (
        next(row for row in rows if row["communicationType"] == kind and row["defaultFlag"])
        for kind in ("Phone", "Email")
    )
    other = [{"op": "replace", "path": "type", "value": {"id": phone["type"]["id"]}}]

    assert caller.delete(f"{path}/{phone['id']}").status_code == 204
    assert "defaultPhoneNbr" not in caller.get("/company/contacts/1").json
    changed = caller.patch(f"{path}/{mail['id']}", json=other).json

    assert (changed["communicationType"], "domain" in changed) == ("Phone", False)
    contact = caller.get("/company/contacts/1").json
    assert contact["defaultPhoneNbr"] == mail["value"]
