"""An emulator in another process is seen by the tests as the one in their own."""

import pytest
from elsewhere import elsewhere

from mockserver import World, create_app
from mockserver.web.serving import Server

pytestmark = pytest.mark.assumed("how the tests reach a server; no vendor is concerned")

TICKETS = "/v4_6_release/apis/3.0/service/tickets"
CALLER = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "tests"}}
#: What differs by the clock and by whoever carried the answer.
OWN = {"date", "x-cw-request-id", "content-length", "connection"}


@pytest.fixture(scope="module")
def ways():
    """Return a client in process and one by way of a port, of two worlds that are alike."""
    here, there = (create_app(World.seeded(42, frozen=True)) for _ in range(2))
    with Server(there) as server:
        yield here.test_client(), elsewhere(server.url).test_client()


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", f"{TICKETS}/5001", {}),
        ("GET", TICKETS, {"query_string": {"conditions": 'summary contains "ü & %"'}}),
        ("GET", f"{TICKETS}?conditions=id > 5001&pageSize=2", {}),
        ("GET", f"{TICKETS}/a%2Fb%00c", {}),
        ("HEAD", f"{TICKETS}/5001", {}),
        ("POST", TICKETS, {"json": {"summary": "Drucker brennt: ü", "company": {"id": 250}}}),
        ("POST", TICKETS, {"data": b"{", "content_type": "application/json"}),
        ("DELETE", f"{TICKETS}/1", {}),
        ("OPTIONS", TICKETS, {}),
        ("GET", "/_mock/limits", {"headers": {"Host": "localhost"}}),
    ],
)
def test_both_ways_lead_to_the_same_answer(ways, method, path, sent):
    here, there = (way.open(path, method=method, **{**CALLER, **sent}) for way in ways)

    assert (there.status_code, there.data) == (here.status_code, here.data)
    assert _told(there) == _told(here)


def _told(answer):
    return {
        name.lower(): value for name, value in answer.headers.items() if name.lower() not in OWN
    }
