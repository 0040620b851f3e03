"""Quirks that both profiles have alike, set alone."""

import pytest
from callback_support import Subscriber

from mockserver.client.callbacks import CallbackReceiver

TICKETS = "/service/tickets"


@pytest.fixture
def receiver():
    with CallbackReceiver() as receiver:
        yield receiver


@pytest.fixture
def subscriber_with(make_tenant, receiver):
    """Return what makes a subscriber whose tenant has single quirks."""

    def make(**quirks):
        made = Subscriber(make_tenant(world="tiny", psa=quirks).unlimited(), receiver)
        made.freeze()
        return made

    return make


@pytest.mark.assumed("psa facts 7.9: which answers are tried again, and when, may be otherwise")
def test_what_is_tried_again_and_when(subscriber_with):
    subscriber = subscriber_with(callback_retried=[500], callback_waits_s=[60])
    subscriber.receiver.answer(500, 204, 404)
    subscriber.subscribe()
    subscriber.ticket()
    counts = [len(subscriber.came)]
    for seconds in (59, 2, 600):
        subscriber.advance(seconds)
        counts.append(len(subscriber.came))
    subscriber.ticket()
    subscriber.advance(600)
    assert [*counts, len(subscriber.came)] == [1, 1, 2, 2, 3]


@pytest.mark.assumed("psa facts 7.9: after how long a callback is given up may be otherwise")
def test_how_long_a_callback_may_fail(subscriber_with):
    subscriber = subscriber_with(callback_patience_s=3_600)
    path = f"/system/callbacks/{subscriber.subscribe()['id']}"
    subscriber.receiver.answer(500, 500, 500)
    active = []
    for _ in range(3):
        subscriber.ticket()
        active.append(not subscriber.psa.get(path).json["inactiveFlag"])
        subscriber.advance(1_801)
    assert active == [True, True, False]


@pytest.mark.assumed("psa facts 7.6: what a callback without a version carries may be otherwise")
@pytest.mark.parametrize(("version", "has_reference"), [("3.0.0", True), ("1.0.0", False)])
def test_the_payload_of_a_callback_without_a_version(subscriber_with, version, has_reference):
    subscriber = subscriber_with(callback_payload_version=version)
    subscriber.subscribe()
    subscriber.ticket()
    (received,) = subscriber.receiver.received
    assert ('"board":{' in received.json["Entity"]) is has_reference


@pytest.mark.assumed("psa facts 6.11: only some writes were refused while a field is empty")
def test_required_custom_fields_that_are_not(make_tenant):
    field = {"caption": "Must", "requiredFlag": True, "podId": 1, "sequenceNumber": 9}
    field["fieldTypeIdentifier"] = "Text"
    found = []
    for required in (True, False):
        psa = make_tenant(psa={"custom_fields_required": required}).unlimited().psa
        assert psa.post("/system/userDefinedFields", json=field).status_code == 201
        company = {"identifier": "Must", "name": "Must"}
        found.append(psa.post("/company/companies", json=company).status_code)
    assert found == [400, 201]


@pytest.mark.assumed("psa facts 2.4: which versions a server knows may be otherwise")
def test_the_versions_that_are_known(make_tenant):
    quirks = {"oldest_version": "2021.1", "old_versions": [], "version_floors": {}}
    callers = [make_tenant(psa=each).unlimited().psa for each in ({}, quirks)]
    asked = ("2021.1", "2020.4", "3.0.0")
    told = [
        [caller.get(f"{TICKETS}/count", headers=accepting(each)).status_code for each in asked]
        for caller in callers
    ]
    assert told == [[200, 200, 200], [200, 400, 400]]

    attach, nobody = f"{TICKETS}/5000/attachChildren", {"childTicketIds": []}
    told = [
        caller.post(attach, json=nobody, headers=accepting("2021.1")).text for caller in callers
    ]
    assert "childTicketIds" not in told[0]
    assert "childTicketIds" in told[1]


def accepting(version):
    return {"Accept": f"application/vnd.connectwise.com+json; version={version}"}


@pytest.mark.assumed("psa facts 2.6: which headers a server sends may be otherwise")
def test_the_headers_of_the_server(make_tenant):
    psa = make_tenant(psa={"server_headers": [["x-server-name", "OTHER"]]}).unlimited().psa
    headers = psa.get(f"{TICKETS}/count").headers
    assert headers["x-server-name"] == "OTHER"
    assert "X-Frame-Options" not in headers
