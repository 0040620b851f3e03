"""Faults through the control plane, on both vendors: filters, counts, time, broken connections."""

import threading
from contextlib import suppress

import pytest

pytestmark = pytest.mark.documented("the control plane's own interface (interface section 6)")

PATHS = {"psa": "/service/boards", "automate": "/Clients"}
UNAVAILABLE = {"kind": "error", "status": 503, "code": "Busy", "message": "later"}
FROZEN_AT = "2026-01-01T00:00:00Z"


@pytest.fixture
def struck(side):
    """Return a side that can set a fault and tell how often each struck."""
    side.path = PATHS[side.api]

    def fault(effect=UNAVAILABLE, **rule):
        answer = side.tenant.admin("POST", "/faults", json={"effect": effect, **rule})
        assert answer.status_code == 201, answer.text
        return answer.json["id"]

    side.fault = fault
    side.counts = lambda: [f["struck"] for f in side.tenant.admin("GET", "/faults").json["faults"]]
    side.statuses = lambda n: [side.ask("GET", side.path).status_code for _ in range(n)]
    return side


@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 500, 502, 503, 504])
def test_an_error_is_answered_in_the_vendors_words(struck, status):
    struck.fault({**UNAVAILABLE, "status": status, "retry_after": "7"})
    answer = struck.ask("GET", struck.path)
    assert answer.status_code == status
    assert answer.headers["Retry-After"] == "7"
    told = {
        "psa documented": {"code": "Busy", "message": "later"},
        "psa observed": {"code": "Busy", "message": "later"},
        "automate documented": {"error": {"code": "Busy", "message": "later"}},
        "automate observed": {"Message": "later"},
    }
    assert answer.json == told[struck.name]


def test_after_and_times_are_kept_and_counted(struck):
    struck.fault(after=2, times=2)
    assert struck.statuses(6) == [200, 200, 503, 503, 200, 200]
    assert struck.counts() == [2]


@pytest.mark.parametrize(
    ("rule", "strikes"),
    [
        ({"api": "psa"}, {"psa"}),
        ({"api": "automate"}, {"automate"}),
        ({"method": "GET"}, {"psa", "automate"}),
        ({"method": "post"}, set()),
        ({"path": "/service/*"}, {"psa"}),
        ({"path": "/CLIENTS"}, {"automate"}),
        ({"path": "/nope"}, set()),
        ({"chance": 0}, set()),
        ({"chance": 1}, {"psa", "automate"}),
    ],
)
def test_a_filter_chooses_whom_it_strikes(struck, rule, strikes):
    struck.fault(**rule)
    assert struck.statuses(1) == [503 if struck.api in strikes else 200]
    assert struck.counts() == [int(struck.api in strikes)]


def test_a_key_is_struck_alone(struck):
    own = struck.tenant.admin("GET", "/requests").json["requests"]
    struck.ask("GET", struck.path)
    key = struck.tenant.admin("GET", "/requests").json["requests"][0]["key"]
    assert key
    assert own != key
    struck.fault(key="somebody else")
    struck.fault(key=key, times=1)
    assert struck.statuses(2) == [503, 200]
    assert struck.counts() == [0, 1]


def test_what_was_refused_by_a_fault_was_not_done(struck):
    before = struck.state(struck.path)
    struck.fault(method="POST")
    name = "name" if struck.api == "psa" else "Name"
    assert struck.send("POST", struck.path, {name: "x"}).status_code == 503
    assert struck.state(struck.path) == before


def test_a_delay_lets_the_tenants_time_pass_and_then_does_the_work(struck):
    struck.tenant.admin("POST", "/clock", json={"freeze": True, "now": FROZEN_AT})
    struck.fault({"kind": "delay", "seconds": 90.5}, times=2)
    assert struck.statuses(3) == [200, 200, 200]
    now = struck.tenant.admin("GET", "/clock").json["now"]
    assert now == "2026-01-01T00:03:01.000000Z"
    assert struck.counts() == [2]


def test_a_delay_on_a_fast_clock_takes_its_part_of_real_time(struck):
    # Of the four hours of a token no more may pass than the delay, also on a slow machine.
    struck.tenant.admin("POST", "/clock", json={"scale": 5_000})
    before = struck.tenant.admin("GET", "/clock").json["now"]
    struck.fault({"kind": "delay", "seconds": 1_800}, times=1)
    assert struck.statuses(1) == [200]
    assert struck.tenant.admin("GET", "/clock").json["now"][:16] > before[:16]


def test_a_delay_holds_up_nobody_else(struck):
    struck.tenant.admin("POST", "/clock", json={"scale": 10})
    struck.fault({"kind": "delay", "seconds": 12}, path=struck.path)
    slow = threading.Thread(target=struck.statuses, args=(1,))
    slow.start()
    other = "/service/priorities" if struck.api == "psa" else "/Scripts"
    assert struck.ask("GET", other).status_code == 200
    assert slow.is_alive()
    slow.join(30)


def test_a_reset_breaks_the_connection_before_the_work(struck):
    before = struck.state(struck.path)
    struck.fault({"kind": "reset"}, times=2)
    name = "name" if struck.api == "psa" else "Name"
    with pytest.raises(ConnectionResetError):
        struck.send("POST", struck.path, {name: "x"})
    with pytest.raises(ConnectionResetError):
        struck.ask("GET", struck.path)
    assert struck.counts() == [2]
    assert struck.state(struck.path) == before


def test_a_reset_gives_its_place_back(struck):
    limits = {struck.api: {"concurrent": 1, "requests": None}}
    assert struck.tenant.admin("PATCH", "/limits", json=limits).status_code == 200
    struck.fault({"kind": "reset"}, times=3)
    for _ in range(3):
        with suppress(ConnectionResetError):
            struck.ask("GET", struck.path)
    assert struck.statuses(2) == [200, 200]


def test_ssl_required_is_refused_as_the_vendor_does(struck):
    struck.fault({"kind": "ssl-required"}, times=1)
    answer = struck.ask("GET", struck.path)
    assert answer.status_code == 403
    assert struck.offence(answer) is None
    assert "SSL is required." in answer.text
    assert struck.statuses(1) == [200]


def test_faults_are_in_the_journal(struck):
    struck.fault(times=1)
    struck.statuses(2)
    newest, before = struck.tenant.admin("GET", "/requests").json["requests"][:2]
    assert (newest["status"], newest["faults"]) == (200, [])
    assert before["status"] == 503
    assert before["faults"]


def test_a_removed_fault_strikes_no_more(struck):
    first, second = struck.fault(times=5), struck.fault(times=5)
    struck.statuses(1)
    assert struck.tenant.admin("DELETE", f"/faults/{first}").status_code == 204
    assert struck.tenant.admin("DELETE", f"/faults/{second}").status_code == 204
    assert struck.statuses(2) == [200, 200]
    assert struck.counts() == []
