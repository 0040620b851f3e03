"""The figures for Prometheus."""

import pytest
from control_plane_support import OWN_INTERFACE
from prometheus_client.parser import text_string_to_metric_families

from mockserver import World, create_app
from mockserver.tests.http_support import Guest

pytestmark = OWN_INTERFACE


@pytest.fixture
def guest():
    return Guest(create_app(World.seeded(42)))


def figures(guest):
    answer = guest.client.get("/_mock/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def asked(guest, **labels):
    return figures(guest).get(("cwmock_requests_total", *sorted(labels.items())), 0)


def test_requests_are_counted_by_route_and_status(guest):
    before = asked(guest, api="psa", method="GET", route="/service/tickets/{id}", status="404")
    guest.psa("GET", "/service/tickets/400")
    guest.psa("GET", "/service/tickets/401")
    labels = {"api": "psa", "method": "GET", "route": "/service/tickets/{id}", "status": "404"}
    found = figures(guest)
    pairs = sorted(labels.items())
    assert found["cwmock_requests_total", *pairs] == before + 2
    assert found["cwmock_request_duration_seconds_count", *pairs] == before + 2
    assert found["cwmock_request_duration_seconds_sum", *pairs] > 0


def test_what_callers_make_up_gets_no_label_of_its_own(guest):
    for number in range(5):
        guest.psa("GET", f"/nowhere/{number}")
        guest.psa(f"BREW{number}", "/nowhere")
    names = [key for key in figures(guest) if key[0] == "cwmock_requests_total"]
    assert {dict(key[1:])["method"] for key in names} == {"GET", "other"}
    assert {dict(key[1:])["route"] for key in names} == {"none"}


def test_refusals_and_faults_are_told_apart(guest):
    guest.admin("PATCH", "/limits", json={"psa": {"requests": 1}})
    fault = {"api": "automate", "effect": {"kind": "rate-limit", "retry_after": "1"}}
    guest.admin("POST", "/faults", json=fault)
    for _ in range(3):
        guest.psa("GET", "/system/info")
    guest.client.post("/cwa/api/v1/apitoken", json={"UserName": "x", "Password": "y"})
    found = figures(guest)
    assert found["cwmock_limit_refusals_total", ("api", "psa")] == 2
    assert ("cwmock_limit_refusals_total", ("api", "automate")) not in found
    assert found["cwmock_faults_struck_total", ("api", "automate"), ("kind", "rate-limit")] == 1


def test_deliveries_are_counted_also_those_of_tenants_that_are_gone(guest):
    guest.client.post("/_mock/tenants", json={"name": "short-lived"})
    other = Guest(guest.app, "short-lived")
    for each in (guest, other):
        body = {"url": "http://10.0.0.1/?id=", "type": "contact", "level": "owner", "objectId": 1}
        assert each.psa("POST", "/system/callbacks", json=body).status_code == 201
        assert each.psa("POST", "/company/contacts", json={"firstName": "Ada"}).status_code == 201
    guest.client.delete("/_mock/tenants/short-lived")
    found = figures(guest)
    assert found["cwmock_deliveries_total", ("state", "blocked")] == 2
    assert found["cwmock_deliveries_total", ("state", "delivered")] == 0
    assert found["cwmock_tenants",] == 1


def test_two_applications_count_apart():
    first, second = (Guest(create_app(World.seeded(42))) for _ in range(2))
    first.psa("GET", "/system/info")
    assert not [key for key in figures(second) if key[0] == "cwmock_requests_total"]
