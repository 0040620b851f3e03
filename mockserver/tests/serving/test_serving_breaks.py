"""Broken connections, waiting requests, and the end of the server."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from raw_http import Gate, Peer, echo, trusting, waits_at

from mockserver.web.serving import Server, base_url, listen
from mockserver.web.tls import Authority


def resets(environ, start_response):
    if environ["PATH_INFO"] == "/reset":
        environ["cwmock.break"] = "reset"
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


@pytest.fixture(scope="module")
def authority():
    with Authority() as authority:
        yield authority


@pytest.fixture(scope="module", params=["plain", "tls"])
def resetting(request, authority):
    context = authority.context if request.param == "tls" else None
    with Server(resets, tls=context) as server:
        yield server.port, trusting(authority.path) if context else None


def test_a_reset_is_a_real_one(resetting, caplog):
    with Peer(*resetting) as peer:
        peer.send("GET /reset HTTP/1.1\r\nHost: x\r\n\r\n")

        with pytest.raises(ConnectionResetError):
            peer.read_raw()
    assert caplog.text == ""


def test_a_reset_takes_the_pipelined_requests_with_it(resetting, caplog):
    with Peer(*resetting) as peer:
        peer.send("GET /reset HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")

        with pytest.raises(ConnectionResetError):
            peer.read_raw()
    assert caplog.text == ""


def test_a_reset_spares_other_connections(resetting):
    with Peer(*resetting) as victim, Peer(*resetting) as other:
        assert other.ask("GET /").body == b"ok"
        victim.send("GET /reset HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            victim.read_raw()

        assert other.ask("GET /").body == b"ok"


def test_waiting_requests_hold_no_thread():
    gate = Gate()
    with Server(waits_at(gate), threads=4) as server:
        peers = [Peer(server.port) for _ in range(200)]
        for n, peer in enumerate(peers):
            body = f"{n}"
            peer.send(
                f"POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            )
        assert gate.crowd(200)
        with Peer(server.port) as passer:
            assert passer.ask("GET /").body == b"1:"

        gate.open()

        assert [peer.reply().body for peer in peers] == [b"2:%d" % n for n in range(200)]
        for peer in peers:
            peer.__exit__()


def test_a_client_that_leaves_while_it_waits_disturbs_nobody(caplog):
    gate = Gate()
    with Server(waits_at(gate)) as server:
        with Peer(server.port) as peer:
            peer.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
            assert gate.crowd(1)
        gate.open()

        with Peer(server.port) as other:
            assert other.ask("GET /").body == b"1:"
    assert caplog.text == ""


def test_idle_and_half_sent_connections_starve_nobody():
    with Server(echo) as server:
        idle = [Peer(server.port) for _ in range(300)]
        half = [Peer(server.port) for _ in range(300)]
        for n, peer in enumerate(half):
            complete = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"
            peer.send(complete if n % 2 else complete[:20])

        with Peer(server.port) as peer:
            assert peer.ask("GET /x").body == b"GET /x "
        for peer in idle + half:
            peer.__exit__()


def test_64_requests_are_worked_on_at_once():
    together = threading.Barrier(64)

    def meets(_environ, start_response):
        together.wait(timeout=10)
        start_response("200 OK", [("Content-Length", "0")])
        return []

    with Server(meets) as server, ThreadPoolExecutor(64) as pool:
        answers = pool.map(lambda _: requests.get(server.url, timeout=20), range(64))

        assert [answer.status_code for answer in answers] == [200] * 64


def test_tls_is_verified_with_the_authority_file(authority):
    with Server(echo, tls=authority.context) as server:
        answer = requests.get(f"{server.url}/x", verify=str(authority.path), timeout=10)
        by_name = requests.get(
            f"https://localhost:{server.port}/x", verify=str(authority.path), timeout=10
        )
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(server.url, timeout=10)

    assert answer.text == by_name.text == "GET /x "


@pytest.mark.parametrize("name", ["na.myconnectwise.net", "acme.hostedrmm.com", "::1"])
def test_the_certificate_is_for_the_vendors_names_too(authority, name):
    with Server(echo, tls=authority.context) as server:
        raw = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        with trusting(authority.path).wrap_socket(raw, server_hostname=name) as secured:
            assert secured.version() in {"TLSv1.2", "TLSv1.3"}


def test_the_authority_file_goes_with_the_authority():
    with Authority("example.test") as authority:
        path = authority.path
        assert path.read_text().startswith("-----BEGIN CERTIFICATE-----")
        assert [each.name for each in path.parent.iterdir()] == ["ca.pem"]

    assert not path.parent.exists()


def test_plain_http_on_a_tls_port_is_no_trouble(authority, caplog):
    with Server(echo, tls=authority.context) as server:
        with Peer(server.port) as peer:
            peer.send("GET / HTTP/1.1\r\n\r\n")
            peer.socket.settimeout(10)
            with pytest.raises((ConnectionResetError, IndexError)):
                peer.reply()

        with Peer(server.port, trusting(authority.path)) as peer:
            assert peer.ask("GET /x").body == b"GET /x "
    assert caplog.text == ""


def test_the_end_waits_for_no_client_and_for_no_thread(caplog):
    gate, release = Gate(), threading.Event()
    waiting = waits_at(gate)

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            release.wait(timeout=20)
        return waiting(environ, start_response)

    server = Server(app)
    server.start()
    idle, half, waiter, slow = (Peer(server.port) for _ in range(4))
    half.send("GET /half")
    waiter.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
    slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    assert gate.crowd(1)
    before_s = time.perf_counter()
    server.stop()

    assert time.perf_counter() - before_s < 1
    for peer in (waiter, slow):
        reply = peer.reply()
        assert (reply.status, reply.headers["connection"]) == (503, "close")
    assert idle.closed()
    assert half.closed()
    release.set()
    for peer in (idle, half, waiter, slow):
        peer.__exit__()
    assert caplog.text == ""


def test_a_port_in_use_is_known_before_anything_starts():
    with listen("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("localhost", "http://localhost:80"),
    ],
)
def test_the_url_is_one_that_a_client_can_use(host, url):
    assert base_url("http", host, 80) == url
