"""A server that others can reach asks for its token, on every path and whatever the method."""

import base64

import pytest
from control_plane_support import OWN_INTERFACE, Plane, assert_refused
from werkzeug.test import Client

from mockserver import World, create_app

pytestmark = OWN_INTERFACE

TOKEN = "s3cret-and-long"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OUTSIDE = {"SERVER_NAME": "172.17.0.2"}


def basic(text):
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.fixture(scope="module")
def app():
    world = World.seeded(42, host="0.0.0.0", admin_token=TOKEN, hosts=frozenset({"cwmock"}))
    return create_app(world)


@pytest.fixture(scope="module")
def plane(app):
    return Plane(Client(app))


@pytest.mark.parametrize(
    "sent",
    [
        *(
            None,
            "",
            "Bearer",
            "Bearer ",
            "Bearer wrong",
            f"Bearer {TOKEN}x",
            f"Bearer {TOKEN[:-1]}",
        ),
        *(TOKEN, f"Token {TOKEN}", basic("any:wrong"), basic(TOKEN), "Basic ???", "Bearer \xe4"),
    ],
)
def test_without_the_right_token_everything_is_refused(plane, sent):
    headers = {} if sent is None else {"Authorization": sent}
    for method, path in (
        *(("GET", "/health"), ("POST", "/reset"), ("GET", "/"), ("GET", "/nowhere")),
        *(("GET", "/requests/stream"), ("GET", "/metrics"), ("OPTIONS", "/clock")),
    ):
        answer = plane(method, path, headers=headers)
        assert_refused(answer, 401, "TokenRequired")
        schemes = [line.split()[0] for line in answer.headers.getlist("WWW-Authenticate")]
        assert schemes == ["Bearer", "Basic"], "a line for each: Chromium reads one of a line"
        assert TOKEN not in answer.text


@pytest.mark.parametrize(
    "sent", [f"Bearer {TOKEN}", f"bearer   {TOKEN}", basic(f"any:{TOKEN}"), basic(f":{TOKEN}")]
)
def test_with_the_token_everything_is_open(plane, sent):
    assert plane.get("/health", headers={"Authorization": sent}).status_code == 200
    assert plane.post("/clock", headers={"Authorization": sent}, json={}).status_code == 200


def test_the_token_opens_no_door_to_foreign_names_and_pages(plane):
    for host in ("evil.example", "cwmock.evil.example", "0x7f000001"):
        answer = plane.get("/health", headers={**BEARER, "Host": host})
        assert_refused(answer, 403, "ForeignHost")
    for foreign in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert_refused(plane.post("/reset", headers={**BEARER, **foreign}), 403, "ForeignOrigin")


def test_names_that_were_allowed_and_addresses_pass(plane):
    for host in ("cwmock:8080", "CWMOCK", "172.17.0.2:8080", "localhost"):
        answer = plane.get("/health", headers={**BEARER, "Host": host}, environ_overrides=OUTSIDE)
        assert answer.status_code == 200


def test_no_answer_lets_pages_from_elsewhere_read_it(plane):
    for headers in ({"Origin": "http://localhost:3000"}, {"Origin": "http://evil.example"}):
        answer = plane.get("/health", headers={**BEARER, **headers})
        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]


def test_the_vendors_apis_ask_for_their_own_credentials_only(app):
    answer = Client(app).get("/login/companyinfo/company")
    assert answer.status_code == 200


def test_a_server_without_a_token_that_others_can_reach_lets_nobody_in():
    plane = Plane(Client(create_app(World.seeded(42, host="0.0.0.0"))))
    for sent in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert_refused(plane.get("/health", headers=sent), 401, "TokenRequired")


def test_on_loopback_nobody_needs_the_token():
    world = World.seeded(42, host="127.0.0.1", admin_token=TOKEN)
    assert Plane(Client(create_app(world))).get("/health").status_code == 200
