"""Whatever is sent to the control plane is refused clearly, and nothing of it is done by halves."""

import re

import pytest
from control_plane_support import JSON_TYPE, OWN_INTERFACE, Plane, assert_refused
from werkzeug.test import Client

from mockserver import World, create_app

pytestmark = OWN_INTERFACE

BODIES = {
    "a NUL": b"\0",
    "a lone surrogate": b'{"name": "\\ud800", "now": "\\ud800", "path": "/\\ud800"}',
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "lists in lists": b"[" * 100_000 + b"]" * 100_000,
    "objects in objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "too much": b'{"name": "' + b"x" * 1_000_001 + b'"}',
    "a list": b"[]",
    "a number": b"1",
    "a text": b'"x"',
    "no number": b'{"advance": NaN}',
    "an infinite number": b'{"advance": 1e999, "scale": 1e999}',
    "a long number": b'{"psa": {"requests": ' + b"9" * 5_000 + b"}}",
    "an unknown member": b'{"no such member": 1}',
    "wrong kinds": b'{"name": [], "psa": 1, "freeze": 1, "effect": 1, "member": 1, "path": 1}',
    "more than JSON": b"{} x",
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "twice the same": b'{"freeze": true, "freeze": false, "name": "a", "name": "b"}',
}
#: What Flask's rules leave open in a path.
PARTS = ("x", "9" * 30, "%00", "%ed%a0%80", "%F0%9F%98%80", "a" * 3_000, "..%2f..")
QUERIES = (
    *("tenant=%00", "tenant=%ed%a0%80", "tenant=" + "x" * 5_000, "tenant=", "nothing=1"),
    *("limit=-1", "limit=1e3", "limit=%D9%A3", "since=%00", "since=" + "9" * 5_000, "api="),
    *("status=%D9%A4%D9%A0%D9%A4", "path=" + "*" * 2_000, "member=%ed%a0%80", "search=%00"),
)


@pytest.fixture(scope="module")
def plane():
    return Plane(Client(create_app(World.seeded(42, size="tiny", frozen=True))))


@pytest.fixture(scope="module")
def operations(plane):
    listed = plane.get("/", headers={"Accept": JSON_TYPE}).json["operations"]
    assert len(listed) > 25
    return [(each["method"], each["path"].removeprefix("/_mock")) for each in listed]


def state(plane):
    paths = ("/clock", "/limits", "/tenants", "/faults", "/locks", "/callbacks", "/api-log")
    return {path: plane.get(path).json for path in paths}


def filled(path, part):
    return re.sub(r"<[^>]+>", part, path)


def assert_clear(answer, *told):
    assert answer.status_code < 500, (*told, answer.text)
    if answer.status_code >= 400:
        assert_refused(answer, answer.status_code, answer.json["error"]["code"])


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_a_hostile_body_is_refused_and_changes_nothing(plane, operations, body):
    before = state(plane)
    for method, path in operations:
        if method != "GET":
            answer = plane(method, filled(path, "1"), data=body, content_type=JSON_TYPE)
            assert_clear(answer, method, path)
            assert answer.status_code >= 400, (method, path)

    assert state(plane) == before


@pytest.mark.parametrize("part", PARTS)
def test_a_hostile_path_is_refused(plane, operations, part):
    for method, path in operations:
        if "<" in path:
            assert_clear(plane(method, filled(path, part)), method, path)


@pytest.mark.parametrize("query", QUERIES)
def test_a_hostile_query_is_refused_or_passed(plane, operations, query):
    for method, path in operations:
        if method == "GET" and path != "/requests/stream":
            assert_clear(plane.get(filled(path, "x"), query_string=query), path)


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("/clock", '{"freeze": true, "freeze": false}', "freeze"),
        ("/faults", '{"effect": {"kind": "error", "status": 500, "status": 503}}', "status"),
        ("/tenants", '{"name": "a", "name": "b"}', "name"),
    ],
)
def test_a_member_that_is_given_twice_is_refused_by_name(plane, path, text, name):
    answer = plane.post(path, data=text, content_type=JSON_TYPE)

    assert_refused(answer, 400, "BadRequest")
    assert answer.json["error"]["message"] == f"the member {name!r} is given twice"


def test_a_change_of_both_vendors_is_made_whole_or_not_at_all(plane):
    before = plane.get("/limits").json
    halves = {"psa": {"requests": 3}, "automate": {"requests": -3}}

    assert_refused(plane.patch("/limits", json=halves), 400, "BadRequest")
    assert plane.get("/limits").json == before


@pytest.mark.parametrize("path", ["/%ff", "/%ed%a0%80", "/service/%00", "/x?y=%ff&z=%ed%a0%80"])
def test_the_journal_shows_what_was_no_text(plane, path):
    plane.client.get(f"/v4_6_release/apis/3.0{path}")

    assert plane.get("/requests?limit=1").json["requests"][0]["method"] == "GET"
    assert plane.get("/pages/traffic").status_code == 200
