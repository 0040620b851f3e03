"""What becomes of all that names a ticket when it goes, or becomes another one (psa facts 8.5)."""

import io

import pytest

TICKETS, PROJECT_TICKETS = "/service/tickets", "/project/tickets"
COMPANY = {"company": {"id": 12345}}


def made(caller, path, **members):
    answer = caller.post(path, json=members)
    assert answer.status_code == 201, answer.text
    return answer.json


def ticket_of(caller):
    return made(caller, TICKETS, summary="x", **COMPANY)["id"]


def document(caller, kind, record_id):
    form = {"recordType": kind, "recordId": str(record_id), "title": "t"}
    data = {**form, "file": (io.BytesIO(b"kept"), "a.txt")}
    answer = caller.post("/system/documents", data=data)
    assert answer.status_code == 201, answer.text
    return answer.json["id"]


def charged(caller, path, ticket_id, kind="ServiceTicket"):
    return made(caller, path, chargeToId=ticket_id, chargeToType=kind, **CHARGES[path])


CHARGES = {
    "/time/entries": {"timeStart": "2026-09-11T14:00:00Z", "actualHours": 1},
    "/expense/entries": {
        "type": {"id": 1},
        "amount": 5,
        "date": "2026-09-11T00:00:00Z",
        "billableOption": "Billable",
        "paymentMethod": {"id": 1},
    },
}
APPOINTMENT = {
    "member": {"id": 1},
    "dateStart": "2026-09-11T14:00:00Z",
    "dateEnd": "2026-09-11T15:00:00Z",
}


@pytest.mark.assumed("U23: what names a ticket by its number keeps it as references do")
def test_a_ticket_stays_while_something_names_it_by_its_number(psa):
    ticket, project_ticket = ticket_of(psa), psa.get(PROJECT_TICKETS).json[0]["id"]
    child = ticket_of(psa)
    psa.post(f"{TICKETS}/{ticket}/attachChildren", json={"childTicketIds": [child]})
    appointment = {"objectId": ticket, "type": {"identifier": "S"}, **APPOINTMENT}
    naming = [
        f"/time/entries/{charged(psa, '/time/entries', ticket)['id']}",
        f"/expense/entries/{charged(psa, '/expense/entries', ticket)['id']}",
        f"/schedule/entries/{made(psa, '/schedule/entries', **appointment)['id']}",
        f"{TICKETS}/{child}",
    ]
    for path in naming:
        refusal = psa.delete(f"{TICKETS}/{ticket}")
        assert refusal.status_code == 409, path
        assert f"Ticket {ticket} is in use by " in refusal.json["message"]
        assert psa.delete(path).status_code == 204
    assert psa.delete(f"{TICKETS}/{ticket}").status_code == 204

    charged(psa, "/time/entries", project_ticket, "ProjectTicket")
    assert psa.delete(f"{PROJECT_TICKETS}/{project_ticket}").status_code == 409
    assert psa.get(f"{PROJECT_TICKETS}/{project_ticket}").status_code == 200


@pytest.mark.assumed("a record's documents go with it, as what lies below it does")
def test_documents_go_with_their_record(psa):
    company = made(psa, "/company/companies", identifier="Gone", name="Gone")["id"]
    owners = {"Ticket": (TICKETS, ticket_of(psa)), "Company": ("/company/companies", company)}
    for kind, (path, record_id) in owners.items():
        number, other = document(psa, kind, record_id), document(psa, "Contact", 1)
        assert psa.delete(f"{path}/{record_id}").status_code == 204
        assert psa.get(f"/system/documents/{number}").status_code == 404
        assert psa.get(f"/system/documents/{number}/download").status_code == 404
        assert psa.get(f"/system/documents/{other}").status_code == 200


@pytest.mark.assumed("psa facts 8.5 has the route: all that is a ticket's own goes along")
def test_a_conversion_takes_along_all_that_is_the_tickets_own(psa):
    ticket = ticket_of(psa)
    made(psa, f"{TICKETS}/{ticket}/tasks", notes="First")
    made(psa, f"{TICKETS}/{ticket}/configurations", id=1001)
    number = document(psa, "Ticket", ticket)
    expense = charged(psa, "/expense/entries", ticket)["id"]
    item = {"catalogItem": {"id": 1}, "quantity": 1, "billableOption": "Billable"}
    product = made(psa, "/procurement/products", ticket={"id": ticket}, description="x", **item)

    body = {"phase": {"id": 1}, "wbsCode": "1", "project": {"id": 1}}
    answer = psa.post(f"{TICKETS}/{ticket}/convert", json=body)

    assert answer.status_code == 200, answer.text
    new = int(answer.json["message"].split()[-1])
    below = f"{PROJECT_TICKETS}/{new}"
    assert [each["notes"] for each in psa.get(f"{below}/tasks").json] == ["First"]
    assert [each["id"] for each in psa.get(f"{below}/configurations").json] == [1001]
    assert [each["id"] for each in psa.get(f"{below}/documents").json] == [number]
    listed = psa.get("/system/documents", params={"recordType": "ProjectTicket", "recordId": new})
    assert [each["id"] for each in listed.json] == [number]
    assert psa.get(f"/system/documents/{number}/download").data == b"kept"
    shown = psa.get(f"/expense/entries/{expense}").json
    assert (shown["chargeToType"], shown["chargeToId"]) == ("ProjectTicket", new)
    sold = psa.get(f"/procurement/products/{product['id']}").json
    assert (sold.get("ticket"), sold["project"]["id"], sold["phase"]["id"]) == (None, 1, 1)


@pytest.mark.assumed("psa facts 8.5: tickets below one that is converted stand alone")
def test_children_of_a_converted_ticket_stand_alone(psa):
    parent, child, merged = (ticket_of(psa) for _ in range(3))
    psa.post(f"{TICKETS}/{parent}/attachChildren", json={"childTicketIds": [child]})
    status = psa.get(f"{TICKETS}/{merged}").json["status"]["id"]
    given = {"mergeTicketIds": [merged], "status": {"id": status}}
    assert psa.post(f"{TICKETS}/{parent}/merge", json=given).status_code == 200

    body = {"phase": {"id": 1}, "wbsCode": "1"}
    assert psa.post(f"{TICKETS}/{parent}/convert", json=body).status_code == 200

    assert psa.get(f"{TICKETS}/{child}").json.get("parentTicketId") is None
    assert psa.get(f"{TICKETS}/{merged}").json.get("mergedParentTicket") is None


@pytest.mark.assumed("psa facts 8.5: what else refers to a ticket keeps it from being converted")
def test_a_ticket_that_an_activity_names_is_not_converted_and_nothing_changes(psa):
    ticket = ticket_of(psa)
    activity = {"name": "x", "ticket": {"id": ticket}, "assignTo": {"id": 1}, **COMPANY}
    made(psa, "/sales/activities", **activity)
    made(psa, f"{TICKETS}/{ticket}/tasks", notes="First")
    before, count = psa.get(f"{TICKETS}/{ticket}").json, psa.get(f"{PROJECT_TICKETS}/count").json

    body = {"phase": {"id": 1}, "wbsCode": "1"}
    assert psa.post(f"{TICKETS}/{ticket}/convert", json=body).status_code == 409

    assert psa.get(f"{TICKETS}/{ticket}").json == before
    assert psa.get(f"{PROJECT_TICKETS}/count").json == count
    assert len(psa.get(f"{TICKETS}/{ticket}/tasks").json) == 1


@pytest.mark.assumed("expenses are charged as time is (psa facts 8.11)")
def test_an_expense_shows_the_ticket_that_it_is_charged_to(psa):
    ticket = ticket_of(psa)
    shown = charged(psa, "/expense/entries", ticket)

    assert (shown["ticket"]["id"], shown["company"]["id"]) == (ticket, 12345)
    assert shown["member"]["identifier"] == "Admin1"
    plain = made(psa, "/expense/entries", **COMPANY, **CHARGES["/expense/entries"])
    assert (plain["chargeToType"], plain["chargeToId"]) == ("Company", 12345)
    unknown = {"chargeToId": 999_999, "chargeToType": "ServiceTicket"}
    refusal = psa.post("/expense/entries", json={**unknown, **CHARGES["/expense/entries"]})
    assert refusal.status_code == 400
    assert "chargeToId" in refusal.text
