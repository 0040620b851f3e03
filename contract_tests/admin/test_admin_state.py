"""Health, reset and snapshots."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from control_plane_support import OWN_INTERFACE, Plane, assert_refused
from werkzeug.test import Client

import mockserver
from mockserver import World, create_app

pytestmark = OWN_INTERFACE

SOURCES = "/service/sources"


@pytest.fixture
def frozen():
    """Return the control plane of a small world whose clock stands still."""
    return Plane(Client(create_app(World.seeded(42, frozen=True))))


def key_headers():
    # company+publickey:privatekey, the default tenant's keys
    encoded = "Y29tcGFueStwdWJsaWNrZXk6cHJpdmF0ZWtleQ=="
    return {"Authorization": f"Basic {encoded}", "clientId": "tests"}


def exchanges(client):
    """Return answers, to the byte, that show records, clock, dice, limits and tokens."""
    login = {"Username": "integrator", "Password": "integrator-password"}
    base = "/v4_6_release/apis/3.0"
    answers = [
        client.get(f"{base}/service/tickets?pageSize=50", headers=key_headers()),
        client.post(f"{base}{SOURCES}", json={"name": "New"}, headers=key_headers()),
        client.post("/cwa/api/v1/apitoken", json=login),
        client.get("/_mock/clock"),
        client.get("/_mock/limits"),
        client.get("/_mock/faults"),
        client.get("/_mock/tenants"),
    ]
    return [(each.status_code, sorted(each.headers), each.data) for each in answers]


def sources(psa):
    return [row["name"] for row in psa.get(f"{SOURCES}?pageSize=1000").json]


def disturb(tenant):
    """Change everything that a reset or a restore brings back."""
    assert tenant.psa.post(SOURCES, json={"name": "Added"}).status_code == 201
    assert tenant.admin("POST", "/clock", json={"advance": 86_400, "scale": 5}).status_code == 200
    limits = {"psa": {"requests": 7}, "automate": {"concurrent": 3}}
    assert tenant.admin("PATCH", "/limits", json=limits).status_code == 200
    fault = {"path": "/nothing", "effect": {"kind": "delay", "seconds": 1}}
    assert tenant.admin("POST", "/faults", json=fault).status_code == 201


def test_health_answers_exactly(make_tenant):
    tenant = make_tenant("observed")
    answer = tenant.admin("GET", "/health")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "version": mockserver.__version__,
        "profile": "observed",
        "store": answer.json["store"],
    }
    assert answer.json["store"].partition(":")[0] in {"memory", "sqlite", "postgresql"}


def test_health_names_the_file_of_the_default_tenant(tmp_path):
    file = tmp_path / "world.db"
    world = World.seeded(42, file=str(file))
    client = Client(create_app(world))
    assert client.get("/_mock/health").json["store"] == f"sqlite:///{file}"
    world.close()


def test_after_a_reset_every_answer_is_that_of_a_fresh_start(frozen):
    fresh = exchanges(frozen.client)
    frozen.post("/clock", json={"advance": 1_000_000, "freeze": False, "scale": 3})
    frozen.patch("/limits", json={"psa": {"requests": None}})
    fault = {"chance": 0.5, "effect": {"kind": "error", "status": 503}}
    for _ in range(3):
        frozen.post("/faults", json=fault)
        exchanges(frozen.client)
    assert exchanges(frozen.client) != fresh

    answer = frozen.post("/reset")
    assert answer.status_code == 200
    assert answer.json == {"status": "reset", "tenant": "default"}
    assert exchanges(frozen.client) == fresh


def test_two_worlds_of_one_seed_answer_alike_to_the_byte(frozen):
    twin = Client(create_app(World.seeded(42, frozen=True)))
    assert exchanges(twin) == exchanges(frozen.client)


def test_a_reset_brings_everything_back_and_empties_the_journal(tenant):
    before, limits = sources(tenant.psa), tenant.admin("GET", "/limits").json
    automate = tenant.automate()
    disturb(tenant)
    assert tenant.admin("POST", "/reset").json == {"status": "reset", "tenant": tenant.name}

    assert tenant.admin("GET", "/requests").json == {"requests": []}
    assert automate.get("/Clients").status_code == 401
    assert sources(tenant.psa) == before
    assert tenant.admin("GET", "/limits").json == limits
    assert tenant.admin("GET", "/faults").json == {"faults": []}
    assert tenant.admin("GET", "/clock").json["scale"] == 1.0


def test_a_reset_gives_the_spent_quota_back(tenant):
    tenant.admin("PATCH", "/limits", json={"psa": {"requests": 60}})
    for _ in range(3):
        tenant.psa.get(SOURCES)
    tenant.admin("POST", "/reset")
    assert tenant.psa.get(SOURCES).headers["X-RateLimit-Remaining"] == "59"


def test_a_reset_of_one_tenant_leaves_the_others_alone(make_tenant):
    one, other = make_tenant(), make_tenant()
    for each in (one, other):
        assert each.psa.post(SOURCES, json={"name": "Added"}).status_code == 201
    one.admin("POST", "/reset")
    assert "Added" not in sources(one.psa)
    assert "Added" in sources(other.psa)


def test_a_restored_snapshot_has_the_records_limits_faults_and_time_of_its_making(tenant):
    tenant.admin("POST", "/clock", json={"freeze": True, "scale": 2})
    fault = {"path": "/x", "times": 2, "effect": {"kind": "error", "status": 503}}
    tenant.admin("POST", "/faults", json=fault)
    assert tenant.psa.get("/x").status_code == 503
    shown = ("/clock", "/limits", "/faults")
    before = [tenant.admin("GET", path).json for path in shown], sources(tenant.psa)
    assert before[0][2]["faults"][0]["pending"] == 1
    kept = tenant.admin("POST", "/snapshots")
    assert kept.status_code == 201
    assert set(kept.json) == {"id"}

    disturb(tenant)
    assert tenant.psa.get("/x").status_code == 503
    answer = tenant.admin("POST", f"/snapshots/{kept.json['id']}/restore")

    assert answer.status_code == 200
    assert answer.json == {"id": kept.json["id"], "status": "restored"}
    after = [tenant.admin("GET", path).json for path in shown], sources(tenant.psa)
    assert after == before
    assert [tenant.psa.get("/x").status_code for _ in range(2)] == [503, 404]


def test_several_snapshots_are_restored_in_any_order_and_again(tenant):
    tenant.unlimited()
    ids, names = [], []
    for number in range(3):
        tenant.psa.post(SOURCES, json={"name": f"Step {number}"})
        ids.append(tenant.admin("POST", "/snapshots").json["id"])
        names.append(sources(tenant.psa))
    assert len(set(ids)) == 3
    for number in (1, 0, 2, 1, 1):
        tenant.admin("POST", f"/snapshots/{ids[number]}/restore")
        assert sources(tenant.psa) == names[number]


def test_ids_go_on_from_where_a_snapshot_left_them(tenant):
    kept = tenant.admin("POST", "/snapshots").json["id"]
    first = tenant.psa.post(SOURCES, json={"name": "A"}).json["id"]
    tenant.admin("POST", f"/snapshots/{kept}/restore")
    assert tenant.psa.post(SOURCES, json={"name": "B"}).json["id"] == first


def test_a_reset_forgets_the_snapshots(tenant):
    kept = tenant.admin("POST", "/snapshots").json["id"]
    tenant.admin("POST", "/reset")
    answer = tenant.admin("POST", f"/snapshots/{kept}/restore")
    assert_refused(answer, 404, "UnknownSnapshot")


def test_a_snapshot_is_of_no_use_to_another_tenant(make_tenant):
    one, other = make_tenant(), make_tenant()
    kept = one.admin("POST", "/snapshots").json["id"]
    answer = other.admin("POST", f"/snapshots/{kept}/restore")
    assert_refused(answer, 404, "UnknownSnapshot")


@pytest.mark.parametrize("name", ["0", "nothing", "-1", "1.0", "%00", "x" * 10_000])
def test_unknown_snapshots_are_refused(tenant, name):
    answer = tenant.admin("POST", f"/snapshots/{name}/restore")
    assert_refused(answer, 404, "UnknownSnapshot")


def test_the_number_of_snapshots_is_bounded(make_tenant):
    tenant = make_tenant(world="tiny")
    for _ in range(100):
        assert tenant.admin("POST", "/snapshots").status_code == 201
    assert_refused(tenant.admin("POST", "/snapshots"), 409, "TooManySnapshots")
    tenant.admin("POST", "/reset")
    assert tenant.admin("POST", "/snapshots").status_code == 201


def test_requests_that_meet_a_reset_or_a_restore_are_answered_properly(tenant):
    tenant.unlimited()
    off = {"psa": {"requests": None}}
    kept = tenant.admin("POST", "/snapshots").json["id"]

    def traffic(number):
        caller = Client(tenant.client.application)
        headers = tenant.psa.headers
        base = "/v4_6_release/apis/3.0/service"
        statuses = set()
        for step in range(5):
            row = {"name": f"Source {number}-{step}"}
            created = caller.post(f"{base}/sources", json=row, headers=headers)
            read = caller.get(f"{base}/tickets?orderBy=summary", headers=headers)
            statuses |= {created.status_code, read.status_code}
        return statuses

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(traffic, number) for number in range(4)]
        while not all(each.done() for each in running):
            assert tenant.admin("POST", f"/snapshots/{kept}/restore").status_code == 200
        assert {status for each in running for status in each.result()} == {200, 201}
        running = [pool.submit(traffic, number) for number in range(4)]
        while not all(each.done() for each in running):
            assert tenant.admin("POST", "/reset").status_code == 200
            assert tenant.admin("PATCH", "/limits", json=off).status_code == 200
        assert {status for each in running for status in each.result()} <= {200, 201, 429}
