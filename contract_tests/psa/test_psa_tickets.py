"""What a ticket does of itself (psa facts 6.10, 6.12, 8.7)."""

import pytest
from psa_wording import error, ids, refused

TICKETS = "/service/tickets"
BODY = {"summary": "Test", "company": {"id": 12345}}


def made(caller, **members):
    answer = caller.post(TICKETS, json={**BODY, **members})
    assert answer.status_code == 201, answer.text
    return answer.json


def patched(caller, ticket_id, **values):
    operations = [{"op": "replace", "path": n, "value": v} for n, v in values.items()]
    answer = caller.patch(f"{TICKETS}/{ticket_id}", json=operations)
    assert answer.status_code == 200, answer.text
    return answer.json


def brief(reference):
    return (reference["id"], reference["name"])


#: What the recorded answer refers to, by id and name.
REFERENCES = {
    "board": (1, "Help Desk"),
    "status": (1, "New"),
    "company": (12345, "ACME Manufacturing"),
    "site": (1, "Main"),
    "team": (1, "Service Desk Tier 1"),
    "priority": (3, "Priority 3 - Normal"),
    "serviceLocation": (1, "Remote"),
    "source": (1, "Phone"),
    "location": (1, "Tampa Office"),
    "department": (1, "Managed Services"),
    "sla": (1, "Standard SLA"),
    "currency": (1, "US Dollars"),
    "country": (1, "United States"),
}


@pytest.mark.observed("psa facts 6.10: what RAPID7's minimal POST was answered")
def test_a_minimal_ticket_gets_the_recorded_defaults(make_tenant):
    tenant = make_tenant().unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True})
    now = tenant.admin("GET", "/clock").json["now"][:19] + "Z"

    found = made(tenant.psa)

    assert {name: brief(found[name]) for name in REFERENCES} == REFERENCES
    scalars = {
        "summary": "Test",
        "recordType": "ServiceTicket",
        "siteName": "Main",
        "severity": "Medium",
        "impact": "Medium",
        "billTime": "NoDefault",
        "billExpenses": "NoDefault",
        "billProducts": "NoDefault",
        "billingMethod": "ActualRates",
        "subBillingMethod": "ActualRates",
        "approved": True,
        "closedFlag": False,
        "isInSla": True,
        "estimatedExpenseCost": 0.0,
        "estimatedTimeRevenue": 0.0,
        "respondedSkippedMinutes": 0,
        "resplanSkippedMinutes": 0,
        "escalationStartDateUTC": now,
        "escalationLevel": 10,
        "dateResplan": now,
        "dateResponded": now,
    }
    assert {name: found[name] for name in scalars} == scalars
    assert len(found["mobileGuid"]) == 36
    stamps = {"lastUpdated": now, "updatedBy": "Admin1", "dateEntered": now, "enteredBy": "Admin1"}
    assert {name: found["_info"][name] for name in stamps} == stamps
    assert [row["caption"] for row in found["customFields"]] == [
        "customField1",
        "CloudPlus",
        "test",
    ]
    assert {row["value"] for row in found["customFields"]} == {None}


@pytest.mark.observed("psa facts 8.7: the names of a ticket's own links")
def test_a_ticket_links_to_what_belongs_to_it(caller):
    links = {n: v for n, v in made(caller)["_info"].items() if n.endswith("_href")}

    assert set(links) == {
        "activities_href",
        "scheduleentries_href",
        "documents_href",
        "configurations_href",
        "tasks_href",
        "notes_href",
        "products_href",
        "timeentries_href",
        "expenseEntries_href",
    }


@pytest.mark.observed("psa facts 6.10: coercions of RAPID7's full sample")
def test_a_ticket_changes_some_values_on_their_way_in(caller):
    found = made(
        caller,
        requiredDate="2026-09-11T14:32:00Z",
        estimatedStartDate="2026-09-10T01:02:03Z",
        automaticEmailCc="a@example.com",
        owner={"id": 3},
    )

    assert found["requiredDate"] == "2026-09-11T00:00:00Z"
    assert found["estimatedStartDate"] == "2026-09-10T00:00:00Z"
    assert found["automaticEmailCc"] == "a@example.com;"
    assert found["resources"] == found["owner"]["identifier"] == "JKing"


@pytest.mark.observed("psa facts 6.10: the initial texts become notes and are not echoed")
def test_the_initial_texts_become_notes(caller):
    given = {
        "initialDescription": "It broke",
        "initialInternalAnalysis": "Why",
        "initialResolution": "Fixed",
    }

    found = made(caller, **given)

    assert given.keys().isdisjoint(found)
    notes = caller.get(f"{TICKETS}/{found['id']}/notes").json
    flags = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")
    assert [(note["text"], *(note[flag] for flag in flags)) for note in notes] == [
        ("It broke", True, False, False),
        ("Why", False, True, False),
        ("Fixed", False, False, True),
    ]


@pytest.mark.observed("psa facts 8.7, recorded flags of an internal note")
def test_an_internal_note_is_shown_as_recorded(make_tenant):
    tenant = make_tenant("observed").unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True})
    now = tenant.admin("GET", "/clock").json["now"][:19] + "Z"

    answer = tenant.psa.post(
        f"{TICKETS}/5000/notes", json={"text": "x", "internalAnalysisFlag": True}
    )

    shown = {name: value for name, value in answer.json.items() if name not in {"id", "_info"}}
    assert shown.pop("member")["identifier"] == "Admin1"
    assert shown == {
        "ticketId": 5000,
        "text": "x",
        "detailDescriptionFlag": False,
        "internalAnalysisFlag": True,
        "resolutionFlag": False,
        "issueFlag": False,
        "dateCreated": now,
        "createdBy": "Admin1",
        "internalFlag": True,
        "externalFlag": True,
    }


@pytest.mark.observed("psa facts 6.10: what appears when a ticket is closed")
def test_closing_stamps_a_ticket_and_reopening_clears_it(make_tenant):
    tenant = make_tenant().unlimited()
    caller, ticket_id = tenant.psa, made(tenant.psa)["id"]
    tenant.admin("POST", "/clock", json={"freeze": True, "advance": 3600})
    now = tenant.admin("GET", "/clock").json["now"][:19] + "Z"
    stamps = {
        "closedDate": now,
        "closedBy": "Admin1",
        "closedFlag": True,
        "dateResolved": now,
        "slaStatus": "Resolved",
    }

    closed = patched(caller, ticket_id, status={"name": ">Closed"})

    assert {name: closed[name] for name in stamps} == stamps
    params = {"conditions": f"closedFlag = true and closedDate = [{now}]"}
    assert ids(caller.get(TICKETS, params=params)) == [ticket_id]
    tenant.admin("POST", "/clock", json={"advance": 3600})
    kept = patched(caller, ticket_id, summary="Still closed")
    assert {name: kept[name] for name in stamps} == stamps

    opened = patched(caller, ticket_id, status={"name": "New"})

    assert opened["closedFlag"] is False
    assert (stamps.keys() - {"closedFlag", "slaStatus"}).isdisjoint(opened)
    assert opened["slaStatus"].startswith("Resolve by ")


@pytest.mark.observed("psa facts 6.12: what a PUT leaves out is gone; custom fields stay")
def test_a_replacement_forgets_what_it_does_not_name(caller):
    before = caller.get(f"{TICKETS}/5000").json

    after = caller.put(
        f"{TICKETS}/5000", json={**BODY, "severity": "Low", "impact": "Low", "board": {"id": 1}}
    ).json

    assert (after["summary"], after["severity"]) == ("Test", "Low")
    assert {"site", "country", "contact", "owner"}.isdisjoint(after)
    assert after["customFields"] == before["customFields"]
    assert after["_info"]["dateEntered"] == before["_info"]["dateEntered"]


@pytest.mark.assumed("a ticket that changes its company goes to that company's site")
def test_a_ticket_goes_with_its_company(caller):
    sites = caller.get(
        "/company/companies/4/sites", params={"conditions": "primaryAddressFlag=true"}
    )

    found = patched(caller, 5000, company={"id": 4})

    site = sites.json[0]
    assert brief(found["site"]) == brief(site)
    assert (found["city"], found["zip"]) == (site["city"], site["zip"])


@pytest.mark.observed("psa facts 6.3: the status must be one of the board's")
def test_a_ticket_changes_its_board_with_its_status(psa_observed):
    board = {"op": "replace", "path": "board", "value": {"id": 3}}

    answer = psa_observed.patch(f"{TICKETS}/5000", json=[board])
    assert answer.json["errors"][0]["message"] == "Service Status 1 not found for Service Board 3"

    found = patched(psa_observed, 5000, board={"id": 3}, status={"name": "New"})
    assert (found["board"]["id"], found["status"]["id"]) == (3, 16)


@pytest.mark.observed("psa facts 6.13: 204, then 404; assumed: its notes go too")
def test_deleting_a_ticket_removes_its_notes(psa_observed):
    found = made(psa_observed, initialDescription="x")["id"]
    assert len(psa_observed.get(f"{TICKETS}/{found}/notes").json) == 1

    assert psa_observed.delete(f"{TICKETS}/{found}").status_code == 204

    told = error("NotFound", f"Service Ticket {found} not found")
    assert refused(psa_observed.get(f"{TICKETS}/{found}/notes"), 404, told)
    again = made(psa_observed)["id"]
    assert again > found
    assert psa_observed.get(f"{TICKETS}/{again}/notes").json == []


@pytest.mark.observed("psa facts 2.5: project tickets are elsewhere")
def test_project_tickets_are_no_service_tickets(psa_observed):
    answer = psa_observed.post("/project/tickets", json={"summary": "x", "phase": {"id": 1}})

    assert (answer.status_code, answer.json["project"]["id"]) == (201, 1)
    assert answer.json["company"]["id"] == 12345
    assert psa_observed.get(f"/project/tickets/{answer.json['id']}").status_code == 200
    assert psa_observed.get(TICKETS, params={"conditions": "recordType='ProjectTicket'"}).json == []


@pytest.mark.documented("psa facts 8.11: hours from start and end, charged to a ticket")
def test_a_time_entry_counts_its_hours(caller):
    answer = caller.post(
        "/time/entries",
        json={
            "chargeToId": 5000,
            "chargeToType": "ServiceTicket",
            "timeStart": "2026-09-11T14:00:00Z",
            "timeEnd": "2026-09-11T15:45:00Z",
            "hoursDeduct": 0.25,
        },
    )

    assert answer.status_code == 201
    shown = ("chargeToId", "chargeToType", "actualHours", "billableOption")
    assert [answer.json[name] for name in shown] == [5000, "ServiceTicket", 1.5, "Billable"]


@pytest.mark.assumed("psa facts 8.11: what time is charged to must be there")
@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"chargeToId": 999_999, "chargeToType": "ServiceTicket"}, "chargeToId"),
        ({"timeEnd": "2026-09-11T13:00:00Z"}, "timeEnd"),
    ],
)
def test_a_time_entry_must_make_sense(psa_observed, members, field):
    body = {"timeStart": "2026-09-11T14:00:00Z", **members}

    answer = psa_observed.post("/time/entries", json=body)

    assert answer.status_code == 400
    assert [found["field"] for found in answer.json["errors"]] == [field]
