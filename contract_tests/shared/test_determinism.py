"""The same seed and a frozen clock give the same bytes: in two worlds, and after a reset."""

import base64

import pytest
from werkzeug.test import Client

from mockserver import World, create_app

pytestmark = pytest.mark.documented("interface section 6: same bytes as a fresh start")

PSA, AUTOMATE = "/v4_6_release/apis/3.0", "/cwa/api/v1"
KEYS = base64.b64encode(b"company+publickey:privatekey").decode()
LOGIN = {"Username": "integrator", "Password": "integrator-password"}


def requests():
    """Yield sixty requests: method, path, body; some are refused."""
    yield "POST", f"{AUTOMATE}/APICredentials", LOGIN
    yield "POST", f"{AUTOMATE}/apitoken", LOGIN
    for path in ("service/tickets", "company/companies", "company/contacts", "time/entries"):
        yield "GET", f"{PSA}/{path}", None
        yield "GET", f"{PSA}/{path}?pageSize=200&page=2&orderBy=id desc", None
        yield "GET", f"{PSA}/{path}/count?conditions=id > 50", None
        yield "GET", f"{PSA}/{path}/999999", None
    for number in range(5):
        given = {
            "summary": f"Ticket {number}",
            "company": {"id": 12345},
            "initialDescription": "It does not print.",
        }
        yield "POST", f"{PSA}/service/tickets", given
        yield "POST", f"{PSA}/company/contacts", {"firstName": f"Ann {number}"}
        yield "POST", f"{PSA}/company/companies", {"identifier": f"New{number}", "name": "New"}
        yield "POST", f"{PSA}/company/companies", {"identifier": "New0", "name": "Again"}
    change = [{"op": "replace", "path": "summary", "value": "changed"}]
    yield "PATCH", f"{PSA}/service/tickets/5000", change
    yield "PUT", f"{PSA}/service/boards/1", {"name": "Renamed"}
    yield "DELETE", f"{PSA}/company/contacts/1", None
    yield "GET", f"{PSA}/service/tickets/5000/notes", None
    yield "DELETE", f"{PSA}/time/entries/1", None
    yield "GET", f"{PSA}/service/tickets?conditions=board/id = 1&pageSize=1000", None
    for path in ("Computers", "Clients", "Locations", "Alerts", "Scripts", "Monitors", "Groups"):
        yield "GET", f"{AUTOMATE}/{path}", None
        yield "GET", f"{AUTOMATE}/{path}/1", None
    yield "POST", f"{AUTOMATE}/Clients", {"Name": "New"}
    yield "POST", f"{AUTOMATE}/Clients", {}


def replayed(client):
    """Return every answer to the requests, whole: status, headers, bytes."""
    answers, token = [], ""
    for method, path, body in requests():
        headers = {"Authorization": f"Basic {KEYS}", "clientId": "tests"}
        if path.startswith(AUTOMATE):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = client.open(path, method=method, json=body, headers=headers)
        if not token and answer.is_json:
            token = answer.json["AccessToken"]
        answers.append((method, path, answer.status, list(answer.headers), answer.data))
    return answers


def replay(seed=42, size="default"):
    client = Client(create_app(World.seeded(seed, size=size, frozen=True)))
    return client, replayed(client)


def test_two_worlds_of_one_seed_give_the_same_bytes():
    first, second = replay()[1], replay()[1]
    assert len(first) == 60
    assert {int(status[:3]) for _, _, status, _, _ in first} >= {200, 201, 204, 400, 404, 409}
    assert first == second


def test_a_reset_is_a_fresh_start():
    client, first = replay()
    client.post("/_mock/faults", json={"effect": {"kind": "error", "status": 503}})
    client.post("/_mock/clock", json={"advance": 86_400, "freeze": False, "scale": 5})
    client.patch("/_mock/limits", json={"psa": {"requests": 1}})
    assert client.post("/_mock/reset").status_code == 200
    assert replayed(client) == first


def test_a_built_world_replays_too():
    first, second = replay(7, "tiny")[1], replay(7, "tiny")[1]
    assert first == second
    assert first != replay(8, "tiny")[1]


def test_tenants_of_one_name_are_the_same_and_of_another_have_the_same_records():
    bodies = []
    for name in ("a", "a", "b"):
        client = Client(create_app(World.seeded(42, frozen=True)))
        client.post("/_mock/tenants", json={"name": name})
        keys = base64.b64encode(f"company-{name}+publickey-{name}:privatekey".encode()).decode()
        headers = {"Authorization": f"Basic {keys}", "clientId": "tests"}
        made = client.post(f"{PSA}/company/contacts", json={"firstName": "x"}, headers=headers)
        listed = client.get(f"{PSA}/service/tickets?pageSize=1000", headers=headers)
        request_id = listed.headers["x-cw-request-id"]
        bodies.append((made.data, listed.data, request_id))
    assert bodies[0] == bodies[1]
    assert bodies[0][:2] == bodies[2][:2]
    assert bodies[0][2] != bodies[2][2]
