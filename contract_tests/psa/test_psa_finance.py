"""Agreements with additions, and invoices (psa facts 6.3, 6.14, 8.12, 8.15)."""

import pytest
from psa_wording import error, fault, refused

AGREEMENTS, INVOICES = "/finance/agreements", "/finance/invoices"
AGREEMENT = {"name": "A", "type": {"id": 1}, "company": {"id": 12345}, "contact": {"id": 1}}


def made(caller, path=AGREEMENTS, body=AGREEMENT, **members):
    answer = caller.post(path, json={**body, **members})
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.mark.documented("psa facts 8.12: the status is computed")
@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({}, "Active"),
        ({"startDate": "2020-01-01T00:00:00Z", "endDate": "2021-01-01T00:00:00Z"}, "Expired"),
        ({"startDate": "2999-01-01T00:00:00Z"}, "Inactive"),
        ({"cancelledFlag": True}, "Cancelled"),
        ({"agreementStatus": "Expired"}, "Active"),
    ],
)
def test_an_agreement_s_status_follows_from_its_dates(caller, members, status):
    assert made(caller, **members)["agreementStatus"] == status


@pytest.mark.assumed("seed 003: what is required is defaulted; here from the agreement's type")
def test_an_agreement_takes_its_defaults_from_its_type(caller):
    kind = caller.get("/finance/agreements/types/1").json

    found = made(caller)

    for name in ("billTime", "billExpenses", "billProducts", "employeeCompRate", "invoicingCycle"):
        assert found[name] == kind[name]
    assert found["billToCompany"]["id"] == 12345
    assert found["noEndingDateFlag"]
    assert made(caller, billTime="NoCharge")["billTime"] == "NoCharge"


@pytest.mark.assumed("an addition is priced from the catalogue, what is included is free")
def test_an_addition_is_priced(caller):
    agreement = made(caller)["id"]
    product = caller.get("/procurement/catalog/9").json
    path = f"{AGREEMENTS}/{agreement}/additions"

    found = made(
        caller,
        path,
        {"product": {"id": 9}, "billCustomer": "Billable"},
        quantity=10,
        lessIncluded=4,
    )

    assert (found["agreementId"], found["unitPrice"]) == (agreement, product["price"])
    assert found["billedQuantity"] == 6
    assert found["extPrice"] == round(6 * product["price"], 2)
    more = [{"op": "replace", "path": "quantity", "value": 20}]
    changed = caller.patch(f"{path}/{found['id']}", json=more).json
    assert changed["extPrice"] == round(16 * product["price"], 2)


@pytest.mark.assumed("what ends must have begun")
def test_dates_must_be_in_order(psa_observed):
    dates = {"startDate": "2026-01-02T00:00:00Z", "endDate": "2026-01-01T00:00:00Z"}

    answer = psa_observed.post(AGREEMENTS, json={**AGREEMENT, **dates})

    assert answer.status_code == 400
    assert [found["field"] for found in answer.json["errors"]] == ["endDate"]


@pytest.mark.observed("psa facts 6.3: the recorded refusal")
def test_an_agreement_s_invoice_is_refused(psa_observed):
    answer = psa_observed.post(INVOICES, json={"type": "Agreement", "company": {"id": 12345}})

    text = "Cannot create agreement invoices through the Invoicing API"
    found = fault("InvalidField", text, "invoice", "type")
    assert refused(answer, 400, error("InvalidObject", "invoice object is invalid", found))


@pytest.mark.assumed("an invoice gets a number, a date, when it is due and what is owed")
def test_an_invoice_is_numbered_and_added_up(caller):
    members = {"serviceTotal": 100, "productTotal": 20.5, "salesTax": 8}
    body = {"type": "Miscellaneous", "company": {"id": 12345}}

    found = made(caller, INVOICES, body, **members)

    assert found["invoiceNumber"].isdigit()
    assert caller.get(f"{INVOICES}/{found['id']}").json == found
    assert (found["subtotal"], found["total"], found["balance"]) == (120.5, 128.5, 128.5)
    assert found["dueDate"] >= found["date"]
    assert found["billToCompany"]["id"] == 12345
    own = made(caller, INVOICES, body, invoiceNumber="X-1")
    assert own["invoiceNumber"] == "X-1"


@pytest.mark.assumed(
    "psa facts 8.12: terms count from the date, to the end of the calendar at most"
)
@pytest.mark.parametrize("last", ["9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_last_day_there_is_has_a_due_date(caller, last):
    body = {"type": "Miscellaneous", "company": {"id": 12345}}

    assert made(caller, INVOICES, body, date=last)["dueDate"][:10] == "9999-12-31"
