"""The page of one exchange sends it again, as it was or changed."""

import pytest

from mockserver import World, create_app

TICKETS = "/v4_6_release/apis/3.0/service/tickets"


CALLER = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "any"}}


@pytest.fixture
def world():
    return World.seeded(42, frozen=True)


@pytest.fixture
def http(world):
    return create_app(world).test_client()


def newest(http):
    return http.get("/_mock/requests?limit=1").json["requests"][0]["id"]


def test_a_kept_request_is_sent_again_with_changes(http):
    http.post(TICKETS, json={"summary": "one"}, **CALLER)
    document = {"body": '{"summary": "two", "company": {"id": 12345}}'}

    answer = http.post(f"/_mock/requests/{newest(http)}/resend", json=document)

    assert answer.json == {"id": 2, "status": 201}
    assert http.get(f"{TICKETS}?conditions=summary='two'", **CALLER).json


def test_it_answers_its_own_exchange_and_not_the_newest(http, world):
    http.get(TICKETS, **CALLER)
    own = []

    def meanwhile(_, entry):
        own.append(entry.id)
        if len(own) == 1:
            http.get(f"{TICKETS}/5000", **CALLER)

    world.listeners.append(meanwhile)

    answer = http.post("/_mock/requests/1/resend")

    assert newest(http) == own[-1] == 3
    assert answer.json == {"id": 2, "status": 200}


def test_a_request_that_a_fault_breaks_is_told_of_by_its_exchange(http):
    http.get(TICKETS, **CALLER)
    http.post("/_mock/faults", json={"effect": {"kind": "reset"}})

    assert http.post("/_mock/requests/1/resend").json == {"id": 2, "status": None}


def test_an_address_of_no_emulated_api_makes_no_exchange(http):
    http.get(TICKETS, **CALLER)

    answer = http.post("/_mock/requests/1/resend", json={"url": "/nowhere"})

    assert answer.json == {"id": None, "status": 404}


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ({"url": "http://elsewhere.test/"}, "url"),
        ({"url": "/_mock/reset"}, "url"),
        ({"headers": {"X": "a\r\nY: b"}}, "headers"),
        ({"headers": {"X": 1}}, "headers"),
        ({"nothing": 1}, "nothing"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_is_sent(http, document, word):
    http.get(TICKETS, **CALLER)

    answer = http.post("/_mock/requests/1/resend", json=document)

    assert answer.status_code == 400
    assert word in answer.json["error"]["message"]
    assert newest(http) == 1


def test_automates_token_is_put_in_when_a_request_is_sent_again(http):
    login = {"UserName": "integrator", "Password": "integrator-password"}
    token = http.post("/cwa/api/v1/apitoken", json=login).json["AccessToken"]
    http.get("/cwa/api/v1/Computers", headers={"Authorization": f"Bearer {token}", "ClientId": "x"})

    assert http.post(f"/_mock/requests/{newest(http)}/resend").json["status"] == 200
