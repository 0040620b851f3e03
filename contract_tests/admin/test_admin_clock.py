"""The clock."""

from datetime import datetime

import pytest
from control_plane_support import OWN_INTERFACE, assert_refused

pytestmark = OWN_INTERFACE


@pytest.fixture
def clock(tenant):
    def send(**members):
        return tenant.admin("POST", "/clock", json=members)

    send(freeze=True, now="2026-03-01T12:00:00Z")
    send.read = lambda: tenant.admin("GET", "/clock").json
    send.tenant = tenant
    return send


def test_the_clock_shows_now_frozen_and_scale(clock):
    assert clock.read() == {"now": "2026-03-01T12:00:00.000000Z", "frozen": True, "scale": 1.0}


def test_a_change_answers_the_clock(clock):
    answer = clock(advance=90.5)
    assert answer.status_code == 200
    assert answer.json == clock.read()
    assert answer.json["now"] == "2026-03-01T12:01:30.500000Z"


def test_everything_can_be_set_in_one_step(clock):
    given = {"freeze": True, "now": "2027-01-01T00:00:00Z", "advance": 1, "scale": 60}
    assert clock(**given).json == {
        "now": "2027-01-01T00:00:01.000000Z",
        "frozen": True,
        "scale": 60,
    }


def test_a_negative_advance_goes_back(clock):
    assert clock(advance=-3600).json["now"] == "2026-03-01T11:00:00.000000Z"


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("2026-05-01", "2026-05-01T00:00:00.000000Z"),
        ("2026-05-01T10:00:00", "2026-05-01T10:00:00.000000Z"),
        ("2026-05-01T10:00:00.25+02:00", "2026-05-01T08:00:00.250000Z"),
    ],
)
def test_iso_instants_are_understood_as_utc_unless_they_say_otherwise(clock, now, shown):
    assert clock(now=now).json["now"] == shown


def test_nothing_changes_nothing(clock):
    before = clock.read()
    assert clock().json == before
    assert clock(freeze=None, advance=None, scale=None, now=None).json == before


def test_a_thawed_clock_runs_at_its_scale(clock):
    shown = clock(freeze=False, scale=1_000_000).json
    assert shown["frozen"] is False
    later = datetime.fromisoformat(clock.read()["now"])
    assert later > datetime.fromisoformat(shown["now"])


@pytest.mark.parametrize(
    "wrong",
    [
        *({"advance": "1"}, {"advance": True}, {"advance": 1e300}, {"advance": -1e18}),
        *({"advance": 10**30}, {"advance": []}, {"advance": 86_400 * 365 * 1_000}),
        *({"freeze": 1}, {"freeze": "true"}, {"scale": 0}, {"scale": -1}, {"scale": 1e7}),
        *({"scale": "2"}, {"scale": False}, {"now": 5}, {"now": ""}, {"now": "yesterday"}),
        *({"now": "9999-12-31T23:59:59Z"}, {"now": "0001-01-01T00:00:00+14:00"}),
        *({"now": "1969-12-31"}, {"now": "x" * 100_000}, {"now": "2026-13-01"}),
        *({"speed": 2}, {"Freeze": True}, {"": 1}, {"x" * 10_000: 1}),
    ],
    ids=lambda wrong: str(wrong)[:40],
)
def test_one_wrong_member_changes_nothing(clock, wrong):
    before = clock.read()
    good = {"freeze": False, "advance": 60, "scale": 9, "now": "2027-01-01T00:00:00Z"}
    assert_refused(clock(**{**good, **wrong}), 400, "BadRequest")
    assert clock.read() == before


def test_the_furthest_instants_are_of_use(clock):
    for now in ("1970-01-02", "2999-12-31"):
        assert clock(now=now).status_code == 200
        assert clock.tenant.psa.get("/service/tickets").status_code == 200
        assert clock.tenant.automate().get("/Computers").status_code == 200
        assert clock.tenant.psa.post("/service/sources", json={"name": now}).status_code == 201
        told = clock.tenant.admin("GET", "/requests").json["requests"][0]
        assert told["at"].startswith(now)
        assert told["flushed_ns"] >= told["arrived_ns"]
        assert clock.tenant.admin("GET", "/report").status_code == 200


def test_a_tenants_clock_is_its_own(clock, make_tenant):
    other = make_tenant()
    clock(advance=86_400 * 365)
    assert other.admin("GET", "/clock").json["frozen"] is False
    assert other.admin("GET", "/clock").json["now"] < "2999"


def test_an_advanced_clock_ends_tokens_and_opens_windows(tenant):
    tenant.admin("PATCH", "/limits", json={"psa": {"requests": 1}})
    automate, psa = tenant.automate(), tenant.psa
    assert psa.get("/service/boards").status_code == 200
    refused = psa.get("/service/boards")
    assert refused.status_code == 429
    tenant.admin("POST", "/clock", json={"advance": int(refused.headers["Retry-After"])})
    assert psa.get("/service/boards").status_code == 200
    assert automate.get("/Clients").status_code == 200
    tenant.admin("POST", "/clock", json={"advance": 14_400})
    assert automate.get("/Clients").status_code == 401
