"""The stages of a request's way, in their order: each test shows one before another."""

import pytest
from werkzeug.test import Client

from mockserver import World, create_app
from mockserver.tests.http_support import AUTOMATE, PSA, guest
from mockserver.web.handlers import Handlers

BOARDS = "/service/boards"
UNAVAILABLE = {"effect": {"kind": "error", "status": 503}}


@pytest.fixture(scope="module")
def app():
    return create_app(World.seeded(42))


@pytest.fixture
def one(app):
    return guest(app, "one")


def faults(one):
    return one.admin("GET", "/faults").json["faults"]


def remaining(answer):
    return int(answer.headers["X-RateLimit-Remaining"])


def test_who_is_not_known_spends_nothing(one):
    before = remaining(one.psa("GET", BOARDS))
    assert one.psa("GET", BOARDS, key="nobody").status_code == 401
    assert one.psa("GET", BOARDS, headers={"clientId": ""}).status_code == 403
    assert remaining(one.psa("GET", BOARDS)) == before - 1


def test_who_is_not_known_meets_no_fault(one):
    one.admin("POST", "/faults", json=UNAVAILABLE)
    assert one.psa("GET", BOARDS, key="nobody").status_code == 401
    assert faults(one)[0]["seen"] == 0


def test_who_has_spent_the_quota_meets_no_fault(one):
    one.admin("PATCH", "/limits", json={"psa": {"requests": 1}})
    one.admin("POST", "/faults", json={"after": 1, **UNAVAILABLE})
    assert [one.psa("GET", BOARDS).status_code for _ in range(3)] == [200, 429, 429]
    assert (faults(one)[0]["seen"], faults(one)[0]["struck"]) == (1, 0)


def test_a_fault_strikes_before_the_path_is_looked_at(one):
    one.admin("POST", "/faults", json={"times": 1, **UNAVAILABLE})
    statuses = [one.psa("GET", "/service/nope").status_code for _ in range(2)]
    assert statuses == [503, 404]


def test_a_fault_spends_quota(one):
    one.admin("POST", "/faults", json={"times": 1, **UNAVAILABLE})
    struck, after = one.psa("GET", BOARDS), one.psa("GET", BOARDS)
    assert remaining(struck) == remaining(after) + 1


def test_the_path_is_looked_at_before_the_right_to_write(one):
    one.unlimited()
    asked = [("POST", "/service/nope"), ("FOO", BOARDS), ("POST", BOARDS), ("GET", BOARDS)]
    found = [one.psa(method, path, key="readonlykey").status_code for method, path in asked]
    assert found == [404, 405, 403, 200]
    search = one.psa("POST", "/service/tickets/search", key="readonlykey", json={})
    assert search.status_code == 200


def test_the_right_to_write_is_looked_at_before_the_body(one):
    answer = one.psa("POST", BOARDS, key="readonlykey", data=b"{", content_type="text/plain")
    assert answer.status_code == 403


def test_the_size_is_looked_at_before_the_credentials(app):
    answer = Client(app).post(PSA + BOARDS, data=b"x" * (10 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.headers["Connection"] == "close"


def test_options_need_no_credentials_and_spend_nothing(one):
    answer = Client(one.app).options(PSA + BOARDS)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert Client(one.app).options(PSA + "/service/nope").status_code == 404


def test_every_stage_that_refuses_is_in_the_journal(one):
    one.admin("PATCH", "/limits", json={"psa": {"requests": 3}})
    one.admin("POST", "/faults", json={"times": 1, **UNAVAILABLE})
    for path in (BOARDS, "/service/nope", f"{BOARDS}?conditions=(", BOARDS):
        one.psa("GET", path)
    seen = [(entry["status"], bool(entry["faults"])) for entry in reversed(one.entries())]
    assert seen == [(503, True), (404, False), (400, False), (429, False)]


def test_a_broken_connection_is_in_the_journal_without_a_status(one):
    one.admin("POST", "/faults", json={"effect": {"kind": "reset"}})
    with pytest.raises(ConnectionResetError):
        one.psa("GET", BOARDS)
    (entry,) = one.entries()
    assert entry["status"] is None


@pytest.mark.parametrize("api", ["psa", "automate"])
def test_a_defect_is_told_as_one_and_kept_in_the_journal(one, monkeypatch, api):
    def broken(_self, _exchange, _resource, _query):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(Handlers, "page", broken)
    one.login()
    one.admin("PATCH", "/limits", json={api: {"concurrent": 1}})
    ask = one.psa if api == "psa" else one.automate
    path = BOARDS if api == "psa" else "/Computers"
    for _ in range(3):
        answer = ask("GET", path)
        assert answer.status_code == 500
        assert answer.mimetype == "application/json"
        assert "Traceback" not in answer.text
    monkeypatch.undo()
    assert ask("GET", path).status_code == 200
    (first, *_) = reversed([each for each in one.entries() if each["status"] == 500])
    assert "ZeroDivisionError: ours" in first["error"]


def test_every_answer_of_an_api_is_its_own_whatever_the_path(app):
    client = Client(app)
    for path in ("", "/", "//", "/%0a", "/\n\r/x", "/service%2ftickets", "/%ff"):
        answer = client.get(f"{AUTOMATE}{path}")
        assert (answer.status_code, answer.mimetype) == (401, "application/json"), path


@pytest.mark.parametrize(
    "path",
    ["/", "/nope", "/cwa", "/cwa/api/v9/Computers", "/apis/3.0/x", "/\n", "/%ff", "/_MOCK/x"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "FOO"])
def test_an_address_that_belongs_to_no_api_is_plainly_nowhere(app, method, path):
    answer = Client(app).open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")


@pytest.mark.parametrize(
    "path", ["/CWA/Api/V1/computers", "/cwa//api//v1//Computers/", "/cwa/api/v2/Computers"]
)
def test_a_prefix_is_known_whatever_its_case_and_slashes(app, path):
    assert Client(app).get(path).status_code == 401
