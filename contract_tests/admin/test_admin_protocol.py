"""Who may use the control plane, and how it refuses."""

import pytest
from control_plane_support import JSON_TYPE, OWN_INTERFACE, Plane, assert_refused
from werkzeug.test import Client

from mockserver import World, create_app

pytestmark = OWN_INTERFACE

OWN_HOSTS = ("localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.0.0.1", "[::1]:8080", "[::1]")
FOREIGN_HOSTS = (
    *("evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.nip.io"),
    *("10.0.0.1:8080", "[2001:db8::1]", "0x7f000001", "localhost@evil.example", "[::1", "", "*"),
)
PATHS = (
    *("/health", "/reset", "/snapshots", "/snapshots/1/restore", "/clock", "/limits"),
    *("/tenants", "/tenants/x", "/faults", "/faults/x", "/requests", "/routes", "/"),
)


@pytest.fixture
def plane(app):
    return Plane(Client(app))


@pytest.fixture(scope="module")
def named_plane():
    world = World.seeded(42, host="Build-Agent.local", admin_token="let-me-in")
    return Plane(Client(create_app(world)))


@pytest.mark.parametrize("host", OWN_HOSTS)
def test_the_servers_own_hosts_pass(plane, host):
    assert plane.get("/health", headers={"Host": host}).status_code == 200
    assert plane.post("/clock", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_foreign_hosts_are_refused_for_reads_and_writes(plane, host):
    for method, path in (("GET", "/health"), ("POST", "/reset"), ("GET", "/nowhere")):
        assert_refused(plane(method, path, headers={"Host": host}), 403, "ForeignHost")


def test_the_host_that_the_server_is_bound_to_passes(named_plane):
    for host in ("build-agent.local:8080", "BUILD-AGENT.LOCAL", "localhost"):
        headers = {"Host": host, "Authorization": "Bearer let-me-in"}
        assert named_plane.get("/health", headers=headers).status_code == 200
    assert_refused(named_plane.get("/health", headers={"Host": "agent.local"}), 403, "ForeignHost")


def test_addresses_pass_where_the_server_is_reached_from_outside(plane):
    outside = {"SERVER_NAME": "172.17.0.2"}
    for host, status in (("192.168.1.5:8080", 200), ("127.0.0.1", 200), ("evil.example", 403)):
        answer = plane.get("/health", headers={"Host": host}, environ_overrides=outside)
        assert answer.status_code == status


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost@evil.example"])
def test_a_foreign_page_cannot_write_even_without_a_body(plane, origin):
    assert_refused(plane.post("/reset", headers={"Origin": origin}), 403, "ForeignOrigin")
    assert plane.post("/clock", headers={"Origin": "http://localhost:3000"}).status_code == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_write_whose_body_is_not_json_is_refused(plane, method, content_type):
    path = {"POST": "/clock", "PATCH": "/limits", "DELETE": "/faults"}[method]
    answer = plane(method, path, data=b"{}", content_type=content_type)
    assert_refused(answer, 415, "UnsupportedMediaType")


def test_json_with_a_charset_or_a_byte_order_mark_is_json(plane):
    for text in (b'{"advance": 0}', b'\xef\xbb\xbf{"advance": 0}', b""):
        answer = plane.post("/clock", data=text, content_type=f"{JSON_TYPE}; charset=utf-8")
        assert answer.status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["PUT", "BREW", "PROPFIND", "TRACE"])
def test_wrong_methods_are_told_the_right_ones(plane, method, path):
    answer = plane(method, path)
    assert_refused(answer, 405, "MethodNotAllowed")
    allowed = answer.headers["Allow"].split(", ")
    assert "OPTIONS" in allowed
    assert method not in allowed


@pytest.mark.parametrize("path", PATHS)
def test_options_lists_the_methods_and_grants_no_other_origin_anything(plane, path):
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "DELETE"}
    answer = plane("OPTIONS", path, headers=headers)
    assert answer.status_code == 204
    assert "OPTIONS" in answer.headers["Allow"]
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_the_allowed_methods_are_exact(plane):
    allowed = {path: plane("OPTIONS", path).headers["Allow"] for path in PATHS}
    assert allowed["/health"] == "GET, HEAD, OPTIONS"
    assert allowed["/reset"] == "OPTIONS, POST"
    assert allowed["/tenants"] == "DELETE, GET, HEAD, OPTIONS, POST"
    assert allowed["/limits"] == "GET, HEAD, OPTIONS, PATCH"
    assert allowed["/faults/x"] == "DELETE, OPTIONS"


def test_head_is_get_without_the_body(plane):
    got, head = plane.get("/routes"), plane("HEAD", "/routes")
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(got.data))
    assert head.mimetype == JSON_TYPE


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "BREW"])
@pytest.mark.parametrize("path", ["/nowhere", "/health/more", "/HEALTH", "/faults/a/b", "/%00"])
def test_unknown_paths_are_refused_as_json(plane, method, path):
    assert_refused(plane(method, path), 404, "NotFound")


@pytest.mark.parametrize("path", ["/health/", "/clock/", "/routes/", "/tenants/", "/", ""])
def test_a_trailing_slash_is_tolerated(plane, path):
    assert plane.get(path).status_code == 200


def test_the_root_names_the_server_and_what_it_can_do(plane):
    document = plane("GET", "/", headers={"Accept": "application/json"}).json
    assert document["name"] == "cwmock"
    assert document["version"] == plane.get("/health").json["version"]
    for operation in document["operations"]:
        path = operation["path"].removeprefix("/_mock").replace("<", "").replace(">", "")
        assert operation["method"] in plane("OPTIONS", path).headers["Allow"]


def test_answers_are_json_that_is_not_to_be_kept_or_shared(plane):
    answer = plane.get("/health", headers={"Origin": "http://evil.example"})
    assert answer.mimetype == JSON_TYPE
    assert answer.headers["Cache-Control"] == "no-store"
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "text",
    [
        *(b"{", b"NaN", b'{"advance": NaN}', b'{"advance": Infinity}', b'{"advance": 1e999}'),
        *(b"\xff", b'"\\ud800"', b"{}{}", b"[" * 100_000, b"\x00", b"'x'"),
    ],
)
@pytest.mark.parametrize("path", ["/clock", "/faults", "/tenants", "/reset"])
def test_what_is_not_json_is_refused(plane, path, text):
    answer = plane.post(path, data=text, content_type=JSON_TYPE)
    assert_refused(answer, 400, "BadJson")


@pytest.mark.parametrize("text", ["[]", "1", '"x"', "true", "null"])
@pytest.mark.parametrize("path", ["/clock", "/faults", "/tenants", "/reset", "/snapshots"])
def test_a_body_that_is_no_object_is_refused(plane, path, text):
    assert_refused(plane.post(path, data=text, content_type=JSON_TYPE), 400, "BadRequest")


def test_a_body_above_the_limit_is_refused(plane):
    text = b'{"x": "' + b"a" * 1_000_000 + b'"}'
    for path in ("/clock", "/reset"):
        answer = plane.post(path, data=text, content_type=JSON_TYPE)
        assert_refused(answer, 413, "PayloadTooLarge")


def test_a_body_that_the_server_did_not_read_is_refused(plane):
    answer = plane.post(
        "/clock", content_type=JSON_TYPE, environ_overrides={"cwmock.too_large": 10_000_000}
    )
    assert_refused(answer, 413, "PayloadTooLarge")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", "/reset"), ("POST", "/snapshots"), ("DELETE", "/faults")),
        *(("DELETE", "/tenants"), ("DELETE", "/requests")),
    ],
)
def test_a_body_that_would_be_ignored_is_refused(plane, method, path):
    message = assert_refused(plane(method, path, json={"tenant": "x"}), 400, "BadRequest")
    assert "'tenant'" in message


@pytest.mark.parametrize("path", ["/health", "/clock", "/limits", "/faults", "/requests"])
def test_unknown_tenants_and_misspelt_parameters_are_refused(plane, path):
    for name in ("nobody", "", "DEFAULT", "a/b", "a\0b", "é" * 10_000):
        answer = plane.get(path, query_string={"tenant": name})
        assert_refused(answer, 404, "UnknownTenant")
    message = assert_refused(plane.get(f"{path}?tenent=x"), 400, "BadRequest")
    assert "'tenent'" in message
