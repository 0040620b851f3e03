"""What a write does to other records: stamped, told to subscribers, written in the trail.

Psa facts 7.11 (tickets' callbacks also fire for time), 8.2 (the trail), 8.5, 8.7 and 8.11.
"""

import pytest
from callback_support import Subscriber

from mockserver.client.callbacks import CallbackReceiver

observed = pytest.mark.observed
assumed = pytest.mark.assumed
TICKET, OTHER = 5000, 5003
HOUR = {"timeStart": "2026-09-11T14:00:00Z", "timeEnd": "2026-09-11T15:00:00Z"}
ABOUT = {"chargeToId": TICKET, "chargeToType": "ServiceTicket"}


@pytest.fixture
def subscriber(make_tenant):
    with CallbackReceiver() as receiver:
        yield Subscriber(make_tenant("observed").unlimited(), receiver)


def trail(subscriber, kind, record_id):
    asked = {"type": kind, "id": record_id, "pageSize": "1000"}
    return [each["text"] for each in subscriber.psa.get("/system/audittrail", params=asked).json]


def an_appointment(subscriber):
    members = subscriber.psa.get("/system/members").json
    named = subscriber.psa.get(f"/service/tickets/{TICKET}").json.get("resources", "")
    member = next(each for each in members if each["identifier"] not in named)
    body = {"type": {"identifier": "S"}, "objectId": TICKET, "member": {"id": member["id"]}}
    return member["identifier"], subscriber.write("POST", "/schedule/entries", json=body)


@observed("psa facts 8.7: resources is changed through schedule entries; DJCW listens for it")
def test_an_appointment_updates_the_ticket_that_it_is_for(subscriber):
    subscriber.subscribe("ticket", "ticket", TICKET)
    before = subscriber.psa.get(f"/service/tickets/{TICKET}").json["_info"]

    name, entry = an_appointment(subscriber)
    during = subscriber.psa.get(f"/service/tickets/{TICKET}").json
    subscriber.write("DELETE", f"/schedule/entries/{entry['id']}")

    assert subscriber.came == [("updated", TICKET), ("updated", TICKET)]
    assert name in subscriber.receiver.received[0].entity["resources"]
    assert name not in subscriber.receiver.received[1].entity.get("resources", "")
    assert during["_info"]["lastUpdated"] > before["lastUpdated"]
    assert len([text for text in trail(subscriber, "Ticket", TICKET) if name in text]) == 2


@observed("psa facts 7.11 and 8.7: time entries move actual hours")
def test_the_hours_of_a_ticket_are_told_once_and_kept_in_its_trail(subscriber):
    subscriber.subscribe("ticket", "ticket", TICKET)
    entry = subscriber.write("POST", "/time/entries", json=HOUR | ABOUT)
    subscriber.write("DELETE", f"/time/entries/{entry['id']}")

    assert subscriber.came == [("updated", TICKET), ("updated", TICKET)]
    hours = [text for text in trail(subscriber, "Ticket", TICKET) if "Actual Hours" in text]
    assert len(hours) == 2


@assumed("psa facts 8.5 and 8.11: a sheet's step changes the entries on it")
def test_the_entries_of_a_sheet_are_told_of_with_it(subscriber):
    sheet = subscriber.psa.get("/time/sheets", params={"conditions": "status='Open'"}).json[0]
    body = HOUR | ABOUT | {"timeSheet": {"id": sheet["id"]}}
    entry = subscriber.write("POST", "/time/entries", json=body)
    subscriber.subscribe("time", "time", entry["id"])

    subscriber.write("POST", f"/time/sheets/{sheet['id']}/submit")

    assert subscriber.came == [("updated", entry["id"])]
    assert subscriber.receiver.received[0].entity["status"] == "PendingApproval"
    assert any("PendingApproval" in text for text in trail(subscriber, "Time", entry["id"]))
    below = subscriber.psa.get(f"/service/tickets/{TICKET}/timeentries").json
    assert entry["id"] in {each["id"] for each in below}


@observed("psa facts 8.10: communications are a collection of their own, shown in the contact")
def test_a_communication_updates_its_contact(subscriber):
    contact_id = subscriber.first("company/contacts")
    subscriber.subscribe("contact", "contact", contact_id)
    item = {"type": {"id": 1}, "value": "zoe@example.test"}

    subscriber.write("POST", f"/company/contacts/{contact_id}/communications", json=item)

    assert subscriber.came == [("updated", contact_id)]
    assert any("Communication Items" in text for text in trail(subscriber, "Contact", contact_id))


@observed("psa facts 6.12: types are changed through typeAssociations")
def test_a_type_updates_the_company_that_has_it_now(subscriber):
    company_id = subscriber.first("company/companies")
    path = f"/company/companies/{company_id}/typeAssociations"
    has = {each["type"]["id"] for each in subscriber.psa.get(path).json}
    kinds = subscriber.psa.get("/company/companies/types").json
    subscriber.subscribe("company", "company", company_id)

    new = next(each["id"] for each in kinds if each["id"] not in has)
    subscriber.write("POST", path, json={"type": {"id": new}})

    assert subscriber.came == [("updated", company_id)]


@assumed("psa facts 8.5: a child makes its parent one that has children")
def test_a_parent_is_told_of_once_it_has_a_child(subscriber):
    parent, child = subscriber.ticket()["id"], subscriber.ticket()["id"]
    subscriber.subscribe()

    subscriber.write(
        "POST", f"/service/tickets/{parent}/attachChildren", json={"childTicketIds": [child]}
    )

    assert sorted(subscriber.came) == [("updated", parent), ("updated", child)]
    assert 'Has Child Ticket changed from "false" to "true".' in trail(subscriber, "Ticket", parent)


@assumed("a new record and what its own rules add to it are one change")
def test_a_company_that_comes_with_types_was_added_once(subscriber):
    subscriber.subscribe("company")
    kinds = [{"id": each["id"]} for each in subscriber.psa.get("/company/companies/types").json]

    body = {"identifier": "zoe", "name": "Zoe", "types": kinds[:2]}
    made = subscriber.write("POST", "/company/companies", json=body)

    assert subscriber.came == [("added", made["id"])]
    assert trail(subscriber, "Company", made["id"]) == [f"Company {made['id']} created."]


@assumed("a name shown in a reference is no change of the record that shows it")
def test_a_renamed_company_is_one_change(subscriber):
    company_id = subscriber.psa.get(f"/service/tickets/{TICKET}").json["company"]["id"]
    subscriber.subscribe("ticket")
    subscriber.subscribe("company")

    change = [{"op": "replace", "path": "name", "value": "Renamed"}]
    subscriber.write("PATCH", f"/company/companies/{company_id}", json=change)

    assert subscriber.came == [("updated", company_id)]
    assert subscriber.psa.get(f"/service/tickets/{TICKET}").json["company"]["name"] == "Renamed"


@assumed("a refused write leaves neither message nor trail")
def test_what_is_refused_is_told_to_nobody(subscriber):
    subscriber.subscribe()
    before = trail(subscriber, "Ticket", TICKET)

    wrong = {"childTicketIds": [OTHER, 999_999]}
    answer = subscriber.psa.post(f"/service/tickets/{TICKET}/attachChildren", json=wrong)

    assert answer.status_code == 400
    assert subscriber.came == []
    assert trail(subscriber, "Ticket", TICKET) == before
