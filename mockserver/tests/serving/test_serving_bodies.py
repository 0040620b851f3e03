"""Bodies: too long ones, streamed ones, and what the app sees of a request."""

import json
import threading

import pytest
import requests
from raw_http import Peer, echo

from mockserver.web.serving import Server


def show(environ, start_response):
    kept = {key: value for key, value in environ.items() if isinstance(value, str | bool)}
    body = json.dumps(kept).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def stream(_environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield from (b"one", b"", b"two")


@pytest.fixture(scope="module")
def echoing():
    with Server(echo, body_limit_bytes=1000) as server:
        yield server


@pytest.fixture(scope="module")
def showing():
    with Server(show) as server:
        yield server


def test_a_body_that_says_it_is_too_long_is_refused_without_being_read(echoing):
    with Peer(echoing.port) as peer:
        peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n")
        peer.send("Expect: 100-continue\r\n\r\n")
        reply = peer.reply()

        assert (reply.status, reply.body) == (413, b"too large")
        assert reply.headers["connection"] == "close"
        assert peer.closed()


def test_a_chunked_body_is_refused_once_it_is_too_long(echoing):
    with Peer(echoing.port) as peer:
        peer.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        peer.send(b"2bc\r\n" + b"a" * 700 + b"\r\n")
        peer.send(b"2bc\r\n" + b"a" * 700 + b"\r\n")
        reply = peer.reply()
        peer.send("0\r\n\r\n")

        assert (reply.status, reply.headers["connection"]) == (413, "close")
        assert peer.closed()


def test_a_body_at_the_limit_is_read(echoing):
    with Peer(echoing.port) as peer:
        reply = peer.ask("POST /", "Content-Length: 1000", body="a" * 1000)

        assert reply.body == b"POST / " + b"a" * 1000


def test_a_client_that_sends_first_and_reads_later_sees_the_refusal(echoing):
    # A server that closes with bytes unread resets the connection, and the answer is lost.
    answer = requests.post(echoing.url, data=b"a" * 20_000_000, timeout=10)

    assert answer.status_code == 413


def test_a_stream_arrives_in_chunks():
    with Server(stream) as server, Peer(server.port) as peer:
        reply = peer.ask("GET /")

        assert reply.headers["transfer-encoding"] == "chunked"
        assert reply.body == b"onetwo"
        assert peer.ask("GET /").body == b"onetwo"


def test_http_1_0_gets_a_stream_as_a_whole():
    with Server(stream) as server, Peer(server.port) as peer:
        peer.send("GET / HTTP/1.0\r\n\r\n")
        reply = peer.reply()

    assert (reply.headers["content-length"], reply.body) == ("6", b"onetwo")


def test_a_stream_is_closed_when_its_client_has_left():
    closed = threading.Event()

    def endless(_environ, start_response):
        start_response("200 OK", [])
        try:
            while True:
                yield b"a" * 65536
        finally:
            closed.set()

    with Server(endless) as server:
        with Peer(server.port) as peer:
            peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert peer.socket.recv(10)
        assert closed.wait(timeout=10)


def test_the_environ_follows_wsgi(showing):
    with Peer(showing.port) as peer:
        host, port = peer.socket.getsockname()
        seen = json.loads(peer.ask("GET /a%2Fb%C3%A9?x=%20y", "X-Two: 1", "X-Two: 2").body)

    assert seen["PATH_INFO"] == "/a/b\u00c3\u00a9"
    assert seen["QUERY_STRING"] == "x=%20y"
    assert seen["RAW_URI"] == seen["REQUEST_URI"] == "/a%2Fb%C3%A9?x=%20y"
    assert seen["HTTP_X_TWO"] == "1,2"
    assert (seen["REMOTE_ADDR"], seen["REMOTE_PORT"]) == (host, str(port))
    assert seen["cwmock.connection"] == f"{host}:{port}"
    assert seen["cwmock.bridged"] is True
    assert (seen["SERVER_PORT"], seen["wsgi.url_scheme"]) == (str(showing.port), "http")
    assert (seen["SERVER_PROTOCOL"], seen["SCRIPT_NAME"]) == ("HTTP/1.1", "")


def test_cookies_are_joined_as_cookies_and_lookalike_headers_dropped(showing):
    with Peer(showing.port) as peer:
        seen = json.loads(peer.ask("GET /", "Cookie: a=1", "Cookie: b=2", "Client_Id: x").body)

    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    assert "HTTP_CLIENT_ID" not in seen


def test_a_chunked_body_has_a_length_for_the_app(showing):
    with Peer(showing.port) as peer:
        seen = json.loads(
            peer.ask("POST /", "Transfer-Encoding: chunked", body="3\r\nabc\r\n0\r\n\r\n").body
        )

    assert seen["CONTENT_LENGTH"] == "3"
    assert "HTTP_TRANSFER_ENCODING" not in seen


def test_an_app_that_raises_is_answered_with_500(caplog):
    def broken(_environ, _start_response):
        raise StopIteration

    with Server(broken) as server, Peer(server.port) as peer:
        reply = peer.ask("GET /")

        assert (reply.status, reply.headers["connection"]) == (500, "close")
    assert "Exception in ASGI application" in caplog.text
