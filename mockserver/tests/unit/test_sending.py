"""Handing messages over: whom to, for how long, and how little is believed of the answer."""

import contextlib
import socket
import ssl
import threading

import pytest
import trustme

from mockserver.client.callbacks import CallbackReceiver
from mockserver.core.deliveries import Message
from mockserver.core.loopback import is_loopback
from mockserver.web.sending import RESPONSE_BYTES_MAX, HttpSender

TIMEOUT_S = 5.0


def message(url, body='{"a":"ä"}'):
    return Message("psa", 1, url, {"X-Test": "1", "Content-Type": "application/json"}, body, "m")


@contextlib.contextmanager
def peer(answer, tls=None):
    """Yield the port of a server that reads what comes and sends *answer* in pieces."""
    listener = socket.create_server(("127.0.0.1", 0))
    gone = threading.Event()

    def serve():
        with (
            contextlib.suppress(OSError),
            listener.accept()[0] as raw,
            tls.wrap_socket(raw, server_side=True) if tls else raw as link,
        ):
            sent = b""
            while not sent.endswith(b"}") and (part := link.recv(65_536)):
                sent += part
            for piece in answer:
                link.sendall(piece)
                if not piece:
                    gone.wait(10)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        gone.set()
        # Whoever gave up before it connected left the thread waiting for somebody.
        with contextlib.suppress(OSError):
            socket.create_connection(listener.getsockname(), timeout=1).close()
        listener.close()
        thread.join(10)


def test_the_exact_body_and_headers_arrive():
    with CallbackReceiver() as receiver:
        outcome = HttpSender()(message(f"{receiver.url}7&action=added"), TIMEOUT_S)
    (came,) = receiver.received
    assert (outcome.status, outcome.error, outcome.succeeded) == (204, None, True)
    assert came.path == "/callbacks?id=7&action=added"
    assert came.body.decode() == '{"a":"ä"}'
    assert came.headers["x-test"] == "1"


@pytest.mark.parametrize(
    "answer",
    [
        [b""],
        [b"HTTP/1.1 200 OK\r\n", b""],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab", b""],
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_a_receiver_that_takes_too_long_is_given_up_wherever_it_stopped(answer):
    with peer(answer) as port:
        outcome = HttpSender()(message(f"http://127.0.0.1:{port}/"), 0.1)
    assert (outcome.status, outcome.error) == (None, "no answer within 0.1 seconds")


def test_a_receiver_that_drips_is_given_up_after_the_whole_time():
    drips = [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 3, b""]
    with peer(drips) as port:
        outcome = HttpSender()(message(f"http://127.0.0.1:{port}/"), 0.2)
    assert outcome.error == "no answer within 0.2 seconds"


def test_of_a_long_answer_the_beginning_is_read():
    with peer([b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 50_000]) as port:
        outcome = HttpSender()(message(f"http://127.0.0.1:{port}/"), TIMEOUT_S)
    assert (outcome.status, len(outcome.response)) == (200, RESPONSE_BYTES_MAX)


def test_a_redirect_is_an_answer_and_not_followed():
    with CallbackReceiver() as receiver:
        head = f"HTTP/1.1 307 Go\r\nLocation: {receiver.url}\r\nContent-Length: 0\r\n\r\n"
        with peer([head.encode()]) as port:
            outcome = HttpSender()(message(f"http://127.0.0.1:{port}/"), TIMEOUT_S)
    assert (outcome.status, outcome.succeeded, receiver.received) == (307, False, [])


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"\xff\x00\xff", b"HTTP/1.1 OK\r\n"])
def test_what_is_no_http_is_a_failure_in_words(answer):
    with peer([answer] if answer else []) as port:
        outcome = HttpSender()(message(f"http://127.0.0.1:{port}/"), TIMEOUT_S)
    assert outcome.status is None
    assert outcome.error
    assert not outcome.blocked


def test_a_name_that_is_not_allowed_is_not_even_looked_up(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up"))
    outcome = HttpSender()(message("http://rebind.example/"), TIMEOUT_S)
    assert (outcome.blocked, outcome.status) == (True, None)
    assert "--allow-callback-host rebind.example" in outcome.error


def test_a_name_is_looked_up_once_and_exactly_that_address_is_called(monkeypatch):
    asked = []
    with CallbackReceiver() as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])

        def once(host, *_, **__):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(socket, "getaddrinfo", once)
        sender = HttpSender({"Hooks.Example"})
        outcome = sender(message(f"http://hooks.example:{port}/x"), TIMEOUT_S)
    assert (outcome.status, asked) == (204, ["hooks.example"])
    assert receiver.received[0].headers["host"] == f"hooks.example:{port}"


def test_localhost_that_points_elsewhere_is_not_called(monkeypatch):
    elsewhere = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: elsewhere)
    outcome = HttpSender()(message("http://localhost/"), TIMEOUT_S)
    assert outcome.status is None
    assert "no address" in outcome.error


@pytest.mark.parametrize("trusted", [True, False])
def test_https_is_spoken_with_receivers_whose_authority_is_trusted(tmp_path, trusted):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    with peer([b"HTTP/1.1 204 Fine\r\n\r\n"], context) as port:
        sender = HttpSender(ca_file=str(file) if trusted else None)
        outcome = sender(message(f"https://localhost:{port}/"), TIMEOUT_S)
    assert outcome.status == (204 if trusted else None)
    assert trusted or "CERTIFICATE" in outcome.error.upper()


@pytest.mark.parametrize(
    ("host", "own"),
    [
        *(("localhost", True), ("LOCALHOST", True), ("a.localhost", True), ("127.0.0.1", True)),
        *(("127.255.0.9", True), ("::1", True), ("[::1]", True), ("0.0.0.0", False)),
        *(("::", False), ("10.0.0.1", False), ("localhost.example", False), ("", False)),
        *(("2130706433", False), ("127.1", False), ("0x7f000001", False)),
    ],
)
def test_what_means_this_machine(host, own):
    assert is_loopback(host) is own
