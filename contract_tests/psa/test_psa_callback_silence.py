"""What silences callbacks: flags, refusals, other tenants."""

import pytest
from callback_support import Subscriber

from mockserver.client.callbacks import CallbackReceiver

documented = pytest.mark.documented


@pytest.fixture
def subscriber(make_tenant):
    with CallbackReceiver() as receiver:
        yield Subscriber(make_tenant().unlimited(), receiver)


@documented("psa facts 7.10: isSelfSuppressedFlag")
def test_a_self_suppressed_callback_is_silent_for_its_own_member(subscriber):
    subscriber.subscribe(isSelfSuppressedFlag=True)
    subscriber.ticket()
    mark = subscriber.tenant.credentials["psa"]["public_key"].removeprefix("publickey")
    other = subscriber.tenant.psa_as(f"integratorlogin{mark}", "integratorpassword")
    made = other.post("/service/tickets", json=_minimal(subscriber))
    assert made.status_code == 201, made.text
    assert subscriber.came == [("added", made.json["id"])]


def _minimal(subscriber):
    return {"summary": "x", "company": {"id": subscriber.first("company/companies")}}


@documented("psa facts 7.10: skipCallback")
def test_a_write_with_skip_callback_is_not_told(subscriber):
    subscriber.subscribe()
    ticket_id = subscriber.ticket(skipCallback=True)["id"]
    subscriber.change(ticket_id)
    subscriber.change(ticket_id, "skipCallback", value=True)
    assert subscriber.came == [("updated", ticket_id)]


@documented("psa facts 7.1 and seed 003: inactiveFlag")
def test_an_inactive_callback_is_silent_and_can_be_woken(subscriber):
    callback = subscriber.subscribe(inactiveFlag=True)
    ticket_id = subscriber.ticket()["id"]
    wake = [{"op": "replace", "path": "inactiveFlag", "value": False}]
    subscriber.write("PATCH", f"/system/callbacks/{callback['id']}", json=wake)
    subscriber.change(ticket_id)
    subscriber.write("DELETE", f"/system/callbacks/{callback['id']}")
    subscriber.change(ticket_id)
    assert subscriber.came == [("updated", ticket_id)]


@documented("psa facts 7: a callback tells of records that were saved")
def test_what_was_refused_is_not_told(subscriber):
    subscriber.subscribe()
    ticket_id = subscriber.ticket()["id"]
    bad = [
        {"op": "replace", "path": "summary", "value": "fine"},
        {"op": "replace", "path": "summary", "value": "x" * 101},
    ]
    answer = subscriber.psa.patch(f"/service/tickets/{ticket_id}", json=bad)
    assert answer.status_code == 400
    assert subscriber.psa.post("/service/tickets", json={"summary": "x"}).status_code == 400
    assert subscriber.came == [("added", ticket_id)]


@documented("interface section 4: nothing that a tenant does is visible to another")
def test_another_tenants_changes_are_not_told(subscriber, make_tenant):
    subscriber.subscribe()
    Subscriber(make_tenant().unlimited(), subscriber.receiver).ticket()
    assert subscriber.came == []
