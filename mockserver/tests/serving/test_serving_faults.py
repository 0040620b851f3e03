"""Faults on real sockets, plain and over TLS: what the client sees, and what was done."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from raw_http import Peer, trusting

from mockserver import World, create_app
from mockserver.web.serving import Server
from mockserver.web.tls import Authority

PSA = "/v4_6_release/apis/3.0"
BASIC = "Basic Y29tcGFueStwdWJsaWNrZXk6cHJpdmF0ZWtleQ=="
HEADERS = {"Authorization": BASIC, "clientId": "tests"}
SOURCES = f"{PSA}/service/sources"


@pytest.fixture(scope="module", params=["plain", "tls"])
def served(request):
    world = World.seeded(42, quota=(None, 60.0))
    with Authority() as authority:
        tls = authority.context if request.param == "tls" else None
        with Server(create_app(world), tls=tls) as server:
            server.trusted = str(authority.path) if tls else None
            server.world = world
            yield server


@pytest.fixture
def session(served):
    with requests.Session() as session:
        session.headers.update(HEADERS)
        session.verify = served.trusted or True
        session.trust_env = False
        yield session
    served.world.default.faults.clear()


def strike(served, **effect):
    served.world.default.faults.add({"effect": effect, "times": 1})


def peer(served):
    return Peer(served.port, trusting(served.trusted) if served.trusted else None)


def asking():
    return f"GET {SOURCES} HTTP/1.1\r\nHost: x\r\nAuthorization: {BASIC}\r\nclientId: x\r\n\r\n"


def names(served, session):
    return [row["name"] for row in session.get(served.url + SOURCES, timeout=10).json()]


def test_reset_after_loses_the_answer_and_not_the_work(served, session):
    strike(served, kind="reset-after")
    name = f"Kept {served.trusted is None}"

    with pytest.raises(requests.ConnectionError):
        session.post(served.url + SOURCES, json={"name": name}, timeout=10)

    assert names(served, session).count(name) == 1


def test_error_after_does_the_work_first(served, session):
    strike(served, kind="error-after", status=502)
    name = f"Also kept {served.trusted is None}"

    answer = session.post(served.url + SOURCES, json={"name": name}, timeout=10)

    assert answer.status_code == 502
    assert names(served, session).count(name) == 1


@pytest.mark.parametrize("count", [0, 10])
def test_truncate_promises_more_than_it_sends(served, count):
    strike(served, kind="truncate", bytes=count)
    with peer(served) as client:
        client.send(asking())
        status, *head = iter(client.file.readline, b"\r\n")
        rest = client.file.read()

    length = next(int(h.split()[1]) for h in head if h.lower().startswith(b"content-length"))
    assert b"200" in status
    assert len(rest) == count < length


def test_the_journal_tells_how_many_requests_were_under_way(served, session):
    served.world.default.journal.clear()
    served.world.default.faults.add({"effect": {"kind": "delay", "seconds": 0.3}, "times": 3})
    with ThreadPoolExecutor(3) as crowd:
        list(crowd.map(lambda _: session.get(served.url + SOURCES, timeout=10), range(3)))
    session.get(served.url + SOURCES, timeout=10)

    entries = served.world.default.journal.entries()
    assert entries[0]["in_flight"] == 1
    assert sorted(each["in_flight"] for each in entries[1:]) == [1, 2, 3]


def test_the_journal_tells_what_says_the_same(served, session):
    served.world.default.journal.clear()
    for body in ('{"a": 1, "b": 2}', '{"b":2,"a":1}', '{"a": 2}', None):
        session.post(served.url + SOURCES, data=body, timeout=10)

    none, other, *same = (e["body_digest"] for e in served.world.default.journal.entries())
    assert none is None
    assert same[0] == same[1] != other


def test_truncated_json_is_an_error_of_the_client_library(served, session):
    strike(served, kind="truncate", bytes=5)

    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        session.get(served.url + SOURCES, timeout=10)


def test_malformed_is_no_json(served, session):
    strike(served, kind="malformed")
    answer = session.get(served.url + SOURCES, timeout=10)

    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_slow_sends_the_whole_body_on_the_tenants_clock(served, session):
    served.world.default.clock.set(scale=1000)
    strike(served, kind="slow", bytes_per_second=2)
    before = served.world.default.clock.timestamp()
    answer = session.get(served.url + SOURCES, timeout=30)
    passed_s = served.world.default.clock.timestamp() - before
    served.world.default.clock.set(scale=1)

    assert answer.json()
    assert passed_s >= len(answer.content) / 2


def test_a_slow_body_that_is_cut_off_ends_early(served):
    served.world.default.clock.set(scale=1000)
    served.world.default.faults.add({"effect": {"kind": "slow", "bytes_per_second": 5}, "times": 1})
    strike(served, kind="truncate", bytes=7)
    with peer(served) as client:
        client.send(asking())
        list(iter(client.file.readline, b"\r\n"))
        assert len(client.file.read()) == 7
    served.world.default.clock.set(scale=1)


def test_timeout_never_answers_until_the_client_leaves(served, session, caplog):
    strike(served, kind="timeout")
    with pytest.raises(requests.ReadTimeout):
        session.get(served.url + SOURCES, timeout=0.2)

    assert session.get(served.url + SOURCES, timeout=10).status_code == 200
    assert caplog.text == ""


def test_a_client_that_left_before_the_silence_is_not_waited_for(served):
    strike(served, kind="timeout")
    with peer(served) as client:
        client.send(asking())
        if not served.trusted:
            client.socket.shutdown(socket.SHUT_WR)
            assert client.closed()


def test_html_is_a_proxys_page(served, session):
    strike(served, kind="html", status=429)
    answer = session.get(served.url + SOURCES, timeout=10)

    assert answer.status_code == 429
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Retry-After" not in answer.headers


def test_the_server_ends_although_a_client_is_kept_waiting():
    server = Server(create_app(World.seeded(42)))
    server.start()
    admin = f"{server.url}/_mock/faults"
    requests.post(admin, json={"effect": {"kind": "timeout"}}, timeout=10)
    client = Peer(server.port)
    client.send(asking())
    while requests.get(f"{server.url}/_mock/requests", timeout=10).json()["requests"] == []:
        pass
    ended = threading.Thread(target=server.stop)
    ended.start()
    ended.join(10)

    assert not ended.is_alive()
    with pytest.raises(ConnectionResetError):
        client.read_raw()
    client.__exit__()
