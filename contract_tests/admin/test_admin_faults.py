"""Faults: adding, looking at and removing rules, and what they do."""

import pytest
from control_plane_support import OWN_INTERFACE, assert_refused
from werkzeug.test import Client

from mockserver import World, create_app

pytestmark = OWN_INTERFACE

BOARDS = "/service/boards"
UNAVAILABLE = {"kind": "error", "status": 503}


@pytest.fixture
def faults(tenant):
    tenant.unlimited()

    def add(**rule):
        return tenant.admin("POST", "/faults", json={"effect": UNAVAILABLE, **rule})

    add.read = lambda: tenant.admin("GET", "/faults").json["faults"]
    add.tenant, add.psa = tenant, tenant.psa
    return add


def test_a_rule_is_answered_whole_with_its_id(faults):
    answer = faults(api="psa", method="get", path="/service/*", key="k", after=1, times=2)
    assert answer.status_code == 201
    assert answer.json == {
        "id": "fault-1",
        "api": "psa",
        "method": "GET",
        "path": "/service/*",
        "key": "k",
        "after": 1,
        "times": 2,
        "chance": 1.0,
        "effect": {"kind": "error", "status": 503},
        "seen": 0,
        "struck": 0,
        "pending": 2,
        "exhausted": False,
    }
    assert faults.read() == [answer.json]


def test_strikes_are_counted_and_end(faults):
    faults(path=BOARDS, after=1, times=2)
    statuses = [faults.psa.get(BOARDS).status_code for _ in range(5)]
    assert statuses == [200, 503, 503, 200, 200]
    (rule,) = faults.read()
    assert (rule["seen"], rule["struck"], rule["pending"]) == (5, 2, 0)
    assert rule["exhausted"] is True


@pytest.mark.parametrize(
    ("rule", "struck"),
    [
        ({}, True),
        ({"api": "psa"}, True),
        ({"api": "automate"}, False),
        ({"method": "get"}, True),
        ({"method": "POST"}, False),
        ({"path": "/service/boards"}, True),
        ({"path": "SERVICE/b*"}, True),
        ({"path": "/service"}, False),
        ({"key": "PUBLICKEY-{name}"}, True),
        ({"key": "somebody"}, False),
        ({"chance": 0}, False),
        ({"chance": 1}, True),
        ({"api": "psa", "method": None, "path": None, "key": None, "times": None}, True),
    ],
    ids=str,
)
def test_a_rule_strikes_what_it_speaks_of(faults, rule, struck):
    if rule.get("key"):
        rule = {**rule, "key": rule["key"].format(name=faults.tenant.name)}
    assert faults(**rule).status_code == 201
    assert faults.psa.get(BOARDS).status_code == (503 if struck else 200)


def test_an_error_has_the_vendors_shape_and_what_the_rule_says(faults):
    effect = {
        "kind": "error",
        "status": 500,
        "code": "Custom",
        "message": "On purpose.",
        "retry_after": 7,
    }
    faults(effect=effect)
    psa, automate = (
        faults.psa.get(BOARDS),
        faults.tenant.client.post("/cwa/api/v1/apitoken", json={}),
    )
    assert psa.status_code == 500
    assert psa.headers["Retry-After"] == "7"
    assert (psa.json["code"], psa.json["message"]) == ("Custom", "On purpose.")
    assert automate.status_code != 500, "a login that names no tenant belongs to the default one"


def test_a_delay_passes_on_the_tenants_clock_and_then_the_work_is_done(faults):
    faults.tenant.admin("POST", "/clock", json={"freeze": True, "now": "2026-03-01T00:00:00Z"})
    faults(effect={"kind": "delay", "seconds": 90})
    assert faults.psa.get(BOARDS).status_code == 200
    clock = faults.tenant.admin("GET", "/clock").json
    assert clock["now"] == "2026-03-01T00:01:30.000000Z"


def test_a_reset_breaks_the_connection_before_the_work(faults):
    faults(effect={"kind": "reset"}, times=1)
    with pytest.raises(ConnectionResetError):
        faults.psa.post("/service/sources", json={"name": "Lost"})
    found = faults.psa.get("/service/sources?conditions=name='Lost'")
    assert found.json == []
    newest = faults.tenant.admin("GET", "/requests").json["requests"][1]
    assert newest["status"] is None
    assert newest["faults"] == [{"id": "fault-1", "kind": "reset"}]


def test_ssl_required_refuses_as_plain_http_is_refused(faults):
    faults(effect={"kind": "ssl-required"})
    answer = faults.psa.get(BOARDS)
    assert 300 <= answer.status_code < 500


def test_rules_are_removed_one_by_one_or_all(faults):
    ids = [faults().json["id"] for _ in range(3)]
    assert len(set(ids)) == 3
    answer = faults.tenant.admin("DELETE", f"/faults/{ids[1]}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert [rule["id"] for rule in faults.read()] == [ids[0], ids[2]]
    assert_refused(faults.tenant.admin("DELETE", f"/faults/{ids[1]}"), 404, "UnknownFault")
    assert faults.tenant.admin("DELETE", "/faults").status_code == 204
    assert faults.read() == []
    assert faults.psa.get(BOARDS).status_code == 200


@pytest.mark.parametrize(
    "rule",
    [
        *({"effect": None}, {"effect": "error"}, {"effect": {}}, {"effect": {"kind": "explode"}}),
        *({"effect": {"kind": ["error"]}}, {"effect": {"kind": "error"}}),
        *({"effect": {"kind": "error", "status": each}} for each in (200, 99, "503", True, None)),
        *({"effect": {**UNAVAILABLE, "code": 5}}, {"effect": {**UNAVAILABLE, "body": "x"}}),
        *({"effect": {**UNAVAILABLE, "retry_after": "1\r\nX: y"}},),
        *({"effect": {"kind": "delay", "seconds": each}} for each in (-1, "1", None, 1e300)),
        *({"effect": {"kind": "reset", "seconds": 1}},),
        *({"api": "both"}, {"api": 1}, {"method": "G T"}, {"method": 5}, {"path": ""}),
        *({"path": "x" * 10_000}, {"key": ""}, {"after": -1}, {"after": 1.5}, {"times": 0}),
        *({"times": True}, {"chance": 2}, {"chance": -0.1}, {"chance": "1"}, {"chances": 1}),
        *({"id": "mine"},),
    ],
    ids=lambda rule: str(rule)[:50],
)
def test_a_rule_that_cannot_be_used_is_refused(faults, rule):
    assert_refused(faults(**rule), 400, "BadRequest")
    assert faults.read() == []


def test_the_control_plane_itself_is_never_struck(faults):
    faults()
    faults(path="*", effect={"kind": "reset"})
    for path in ("/health", "/clock", "/faults", "/requests"):
        assert faults.tenant.admin("GET", path).status_code == 200


def test_the_control_plane_stays_open_where_plain_http_is_refused():
    client = Client(create_app(World.seeded(42, require_ssl=True)))
    assert client.get("/_mock/health").status_code == 200
    assert client.get("/login/companyinfo/company").status_code != 200


def with_fault(client, text):
    headers = {"X-Mock-Fault": text, "clientId": "tests"}
    return client.get(
        f"/v4_6_release/apis/3.0{BOARDS}", auth=("company+publickey", "privatekey"), headers=headers
    )


def test_a_request_can_bring_its_own_fault_along_where_that_is_allowed():
    world = World.seeded(42, fault_header=True)
    client = Client(create_app(world))
    assert with_fault(client, '{"kind": "error", "status": 502}').status_code == 502
    newest = client.get("/_mock/requests").json["requests"][0]
    assert newest["faults"] == [{"id": "", "kind": "error"}]
    for wrong in ("", "{", "[]", "5", '{"kind": "explode"}', '{"kind": "error", "status": 200}'):
        assert with_fault(client, wrong).status_code == 400


def test_a_fault_that_a_request_brings_along_is_ignored_otherwise(app):
    client = Client(app)
    assert with_fault(client, '{"kind": "error", "status": 502}').status_code == 200
    assert with_fault(client, "nonsense").status_code == 200
