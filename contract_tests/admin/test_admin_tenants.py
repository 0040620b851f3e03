"""Tenants."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from control_plane_support import OWN_INTERFACE, Plane, assert_refused
from werkzeug.test import Client

from mockserver import World, create_app

pytestmark = OWN_INTERFACE

SOURCES = "/service/sources"


@pytest.fixture
def plane(app):
    return Plane(Client(app))


@pytest.fixture
def own_plane():
    """Return the control plane of a small world of the test's own."""
    return Plane(Client(create_app(World.seeded(42))))


def names(plane):
    return [each["name"] for each in plane.get("/tenants").json["tenants"]]


def test_a_new_tenant_is_told_how_to_reach_both_vendors(own_plane):
    answer = own_plane.post("/tenants", json={"name": "t1"}, headers={"Host": "127.0.0.1:8080"})
    assert answer.status_code == 201
    document = answer.json
    assert document.pop("profile") == "documented"
    assert set(document) == {"name", "psa", "automate"}
    assert document["name"] == "t1"
    keys = {"base_url", "company", "public_key", "private_key", "client_id"}
    assert set(document["psa"]) == keys
    assert set(document["automate"]) == {"base_url", "username", "password"}
    assert document["psa"]["base_url"] == "http://127.0.0.1:8080/v4_6_release/apis/3.0"
    assert document["automate"]["base_url"] == "http://127.0.0.1:8080/cwa/api/v1"


def test_the_credentials_answered_work(tenant):
    assert tenant.psa.get("/service/tickets").status_code == 200
    assert tenant.automate().get("/Computers").status_code == 200
    assert tenant.automate("observed").get("/Computers").status_code == 200


def test_the_default_tenant_has_the_printed_credentials(own_plane):
    (default,) = own_plane.get("/tenants").json["tenants"]
    assert default["name"] == "default"
    psa, automate = default["psa"], default["automate"]
    assert (psa["company"], psa["public_key"], psa["private_key"]) == (
        "company",
        "publickey",
        "privatekey",
    )
    assert (automate["username"], automate["password"]) == ("integrator", "integrator-password")


def test_every_tenant_is_listed(own_plane):
    for name in ("b", "a"):
        own_plane.post("/tenants", json={"name": name})
    assert names(own_plane) == ["default", "b", "a"]


def test_a_tenants_things_are_invisible_to_another(make_tenant):
    one, other = make_tenant(), make_tenant()
    assert one.psa.post(SOURCES, json={"name": "Mine"}).status_code == 201
    one.admin("PATCH", "/limits", json={"automate": {"requests": 3}})
    fault = {"effect": {"kind": "error", "status": 503}}
    one.admin("POST", "/faults", json=fault)

    assert one.psa.get(SOURCES).status_code == 503
    found = other.psa.get(f"{SOURCES}?conditions=name='Mine'")
    assert (found.status_code, found.json) == (200, [])
    assert other.admin("GET", "/limits").json["automate"]["requests"] == 60
    assert other.admin("GET", "/faults").json == {"faults": []}
    journal = other.admin("GET", "/requests").json["requests"]
    assert [entry["method"] for entry in journal] == ["GET"]


def test_a_tenants_keys_open_no_other_company(make_tenant):
    one, other = make_tenant(), make_tenant()
    keys = one.credentials["psa"]
    assert other.psa_as(keys["public_key"], keys["private_key"]).get(SOURCES).status_code == 401


@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_a_tenant_has_the_profile_that_it_asked_for(make_tenant, profile):
    tenant = make_tenant(profile)
    assert tenant.admin("GET", "/health").json["profile"] == profile
    headers = tenant.psa.get(SOURCES).headers
    assert ("X-RateLimit-Limit" in headers) == (profile == "documented")


@pytest.mark.parametrize(("world", "least", "most"), [("tiny", 3, 50), ("default", 500, 600)])
def test_a_tenants_world_has_the_size_that_it_asked_for(make_tenant, world, least, most):
    tenant = make_tenant(world=world)
    assert least <= tenant.psa.get("/service/tickets/count").json["count"] <= most


def test_a_worlds_size_can_be_a_number_of_tickets(own_plane):
    for name, world in (("a", 40), ("b", "40"), ("c", "TINY")):
        answer = own_plane.post("/tenants", json={"name": name, "world": world})
        assert answer.status_code == 201


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "a b", "a/b", "a\\b", "a\0b", "../x", ".x", "-x", "_x", "é", "a\n", "x" * 65),
        *("x" * 10_000, "a?b", "a#b", "a%b", "a+b", "a:b", "\ud7ff", "İ"),
    ],
    ids=lambda name: repr(name)[:20],
)
def test_names_that_credentials_or_urls_cannot_carry_are_refused(plane, name):
    before = names(plane)
    assert_refused(plane.post("/tenants", json={"name": name}), 400, "BadRequest")
    assert names(plane) == before


@pytest.mark.parametrize(
    "document",
    [
        *({}, {"name": None}, {"name": 5}, {"name": ["x"]}, {"name": "x", "size": "tiny"}),
        *({"name": "x", "profile": "guessed"}, {"name": "x", "profile": 1}),
        *({"name": "x", "profile": ""}, {"name": "x", "profile": "DOCUMENTED"}),
        *({"name": "x", "world": world} for world in ("", "huge", 0, -1, 1.5, True, [], "1e3")),
        *({"name": "x", "world": world} for world in (10**7, 10**30, "9" * 10_000, "²", "+5")),
    ],
    ids=lambda document: str(document)[:40],
)
def test_a_tenant_that_cannot_be_made_is_refused(plane, document):
    before = names(plane)
    assert_refused(plane.post("/tenants", json=document), 400, "BadRequest")
    assert names(plane) == before


def test_names_are_unique_whatever_their_case(own_plane):
    own_plane.post("/tenants", json={"name": "Team-A"})
    for name in ("Team-A", "team-a", "TEAM-A", "Default", "default"):
        assert_refused(own_plane.post("/tenants", json={"name": name}), 409, "TenantExists")
    assert names(own_plane) == ["default", "Team-A"]


def test_a_removed_tenant_is_gone_with_its_credentials(make_tenant):
    tenant = make_tenant()
    psa, automate = tenant.psa, tenant.automate()
    answer = tenant.client.delete(f"/_mock/tenants/{tenant.name}")
    assert (answer.status_code, answer.data) == (204, b"")

    assert psa.get(SOURCES).status_code in {400, 401, 404}
    assert automate.get("/Clients").status_code == 401
    assert_refused(tenant.admin("GET", "/health"), 404, "UnknownTenant")
    again = tenant.client.delete(f"/_mock/tenants/{tenant.name}")
    assert_refused(again, 404, "UnknownTenant")


def test_a_removed_tenants_name_is_free_and_its_records_are_not_inherited(own_plane):
    own_plane.post("/tenants", json={"name": "t"})
    own_plane.post("/clock", query_string={"tenant": "t"}, json={"freeze": True})
    own_plane.delete("/tenants/t")
    assert own_plane.post("/tenants", json={"name": "t"}).status_code == 201
    assert own_plane.get("/clock?tenant=t").json["frozen"] is False


def test_all_tenants_can_be_removed_at_once(own_plane):
    for name in ("a", "b", "c"):
        own_plane.post("/tenants", json={"name": name})
    assert own_plane.delete("/tenants").status_code == 204
    assert names(own_plane) == ["default"]


@pytest.mark.parametrize("path", ["/tenants/default", "/tenants"])
def test_removing_the_default_tenant_starts_it_anew(own_plane, path):
    own_plane.post("/clock", json={"freeze": True})
    assert own_plane.delete(path).status_code == 204
    assert names(own_plane) == ["default"]
    assert own_plane.get("/clock").json["frozen"] is False


def test_requests_that_meet_the_removal_of_their_tenant_are_answered_properly(make_tenant):
    tenant = make_tenant().unlimited()
    headers = tenant.psa.headers

    def traffic(_):
        caller, statuses = Client(tenant.client.application), set()
        while not statuses & {400, 401, 404}:
            answer = caller.get("/v4_6_release/apis/3.0/service/tickets", headers=headers)
            statuses.add(answer.status_code)
        return statuses

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(traffic, number) for number in range(4)]
        while tenant.admin("GET", "/requests").json["requests"] == []:
            pass
        assert tenant.client.delete(f"/_mock/tenants/{tenant.name}").status_code == 204
        assert {status for each in running for status in each.result()} <= {200, 400}
