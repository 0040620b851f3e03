"""The server speaks HTTP/1.1 as clients expect it."""

import pytest
from raw_http import Peer, echo

from mockserver import World, create_app
from mockserver.web.serving import Server


@pytest.fixture(scope="module")
def port():
    with Server(echo, body_limit_bytes=1000) as server:
        yield server.port


def test_a_connection_is_kept_for_the_next_request(port):
    with Peer(port) as peer:
        answers = [peer.ask(f"GET /{n}") for n in range(3)]

    assert [answer.body for answer in answers] == [b"GET /0 ", b"GET /1 ", b"GET /2 "]
    assert all("connection" not in answer.headers for answer in answers)


def test_names_of_headers_go_out_as_the_vendors_spell_them():
    request = "GET /v4_6_release/apis/3.0/service/boards?pageSize=1 HTTP/1.1\r\nHost: x\r\n"
    caller = "clientId: x\r\nAuthorization: Basic Y29tcGFueStwdWJsaWNrZXk6cHJpdmF0ZWtleQ==\r\n"
    with Server(create_app(World.seeded(42))) as server, Peer(server.port) as peer:
        peer.send(f"{request}{caller}Connection: close\r\n\r\n")
        head = peer.file.read().partition(b"\r\n\r\n")[0].decode()

    names = {line.partition(":")[0] for line in head.splitlines()[1:]}
    told = {"X-RateLimit-Limit", "X-Total-Count", "Link", "x-cw-request-id", "api-current-version"}
    assert names >= {*told, "Content-Type", "Content-Length", "Date", "Cache-Control", "Pragma"}


def test_pipelined_requests_are_answered_in_order(port):
    with Peer(port) as peer:
        peer.send("".join(f"GET /{n} HTTP/1.1\r\nHost: x\r\n\r\n" for n in range(5)))
        bodies = [peer.reply().body for _ in range(5)]

    assert bodies == [f"GET /{n} ".encode() for n in range(5)]


def test_a_pipelined_close_ends_the_connection_after_its_answer(port):
    with Peer(port) as peer:
        peer.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n")
        peer.send("GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        first, second = peer.reply(), peer.reply()

        assert "connection" not in first.headers
        assert second.headers["connection"] == "close"
        assert peer.closed()


def test_a_client_that_closed_its_half_gets_its_answer(port):
    with Peer(port) as peer:
        peer.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n")
        peer.socket.shutdown(1)

        assert peer.reply().body == b"GET /1 "
        assert peer.closed()


@pytest.mark.parametrize(
    ("request_text", "connection"),
    [
        ("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "close"),
        ("GET / HTTP/1.0\r\n\r\n", "close"),
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", None),
        ("GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", None),
    ],
)
def test_a_server_that_closes_says_so(port, request_text, connection):
    with Peer(port) as peer:
        peer.send(request_text)

        assert peer.reply().headers.get("connection") == connection
        if connection:
            assert peer.closed()


def test_chunked_bodies_are_put_together(port):
    with Peer(port) as peer:
        peer.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        peer.send("5\r\nhello\r\n")
        peer.send("6\r\n world\r\n0\r\n\r\n")

        assert peer.reply().body == b"POST /c hello world"
        assert peer.ask("GET /next").body == b"GET /next "


def test_a_client_that_waits_for_100_is_told_to_go_on(port):
    with Peer(port) as peer:
        peer.send(
            "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        assert peer.reply().status == 100

        peer.send("ab")
        assert peer.reply().body == b"POST /e ab"


def test_head_has_the_headers_and_no_body(port):
    with Peer(port) as peer:
        head = peer.ask("HEAD /h")

        assert (head.status, head.headers["content-length"]) == (200, "8")
        assert peer.ask("GET /after").body == b"GET /after "


@pytest.mark.parametrize("target", ["/o", "*"])
def test_options_reaches_the_app(port, target):
    with Peer(port) as peer:
        assert peer.ask(f"OPTIONS {target}").body == f"OPTIONS {target} ".encode()


def test_an_upgrade_that_is_not_offered_is_ignored(port):
    upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
    with Peer(port) as peer:
        assert peer.ask("GET /u", *upgrade).body == b"GET /u "
        assert peer.ask("POST /v", *upgrade, "Content-Length: 2", body="ab").body == b"POST /v ab"
        assert peer.ask("GET /w").body == b"GET /w "


@pytest.mark.parametrize(
    "malformed",
    [
        "rubbish\r\n\r\n",
        "GET / HTTP/1.1\r\nbad header\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /\u00e9 HTTP/1.1\r\n\r\n",
        "CONNECT x:1 HTTP/1.1\r\n\r\n",
    ],
)
def test_malformed_http_is_refused_and_the_connection_closed(port, malformed):
    with Peer(port) as peer:
        peer.send(malformed)
        reply = peer.reply()

        assert (reply.status, reply.headers["connection"]) == (400, "close")
        assert peer.closed()


def test_malformed_http_waits_for_the_answers_before_it(port):
    with Peer(port) as peer:
        peer.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nrubbish\r\n\r\n")

        assert [peer.reply().status, peer.reply().status] == [200, 400]
        assert peer.closed()


def test_an_endless_head_is_refused(port):
    with Peer(port) as peer:
        peer.send("GET / HTTP/1.1\r\nX: ")
        peer.send(b"a" * (1024 * 1024))

        assert peer.reply().status == 400


@pytest.mark.parametrize("base", ["/v4_6_release/apis/3.0", "/cwa/api/v1"])
def test_a_control_character_in_a_path_is_answered(base):
    keys = "Authorization: Basic Y29tcGFueStwdWJsaWNrZXk6cHJpdmF0ZWtleQ=="
    with Server(create_app(World.seeded(42))) as server, Peer(server.port) as peer:
        statuses = [
            peer.ask(f"GET {base}/a{escape}b", keys, "clientId: x").status
            for escape in ("%00", "%01", "%0D%0A", "%7F", "%C3%BC")
        ]

    assert all(400 <= status < 500 for status in statuses)


def test_there_is_a_date_and_no_server_header(port):
    with Peer(port) as peer:
        headers = peer.ask("GET /").headers

    assert "date" in headers
    assert "server" not in headers
