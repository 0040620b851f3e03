"""Streams over sockets: many at once, no thread held, gone with the server."""

import contextlib
import json
import socket
import threading

import pytest
import requests

from mockserver import World, create_app
from mockserver.web.serving import Server

LISTENERS = 70  # more than the server has threads


@pytest.fixture
def server():
    with Server(create_app(World.seeded(42))) as server:
        yield server


def listening(stack, server, **headers):
    url = f"{server.url}/_mock/requests/stream"
    answer = stack.enter_context(requests.get(url, headers=headers, stream=True, timeout=30))
    lines = answer.iter_lines()
    assert next(lines) == b"retry: 1000"
    return lines


def event(lines):
    return next(json.loads(line.removeprefix(b"data: ")) for line in lines if b"data" in line)


def asked(server, path="/login/companyinfo/company"):
    requests.get(server.url + path, timeout=30).raise_for_status()


def test_many_listeners_hear_everything_and_hold_no_thread(server):
    before = threading.active_count()
    with contextlib.ExitStack() as stack:
        listeners = [listening(stack, server) for _ in range(LISTENERS)]
        asked(server)
        heard = [event(lines) for lines in listeners]
        made = threading.active_count() - before
    assert {each["path"] for each in heard} == {"/login/companyinfo/company"}
    assert made < LISTENERS


def test_a_listener_goes_on_after_the_last_id_it_knows(server):
    asked(server)
    asked(server)
    with contextlib.ExitStack() as stack:
        assert event(listening(stack, server, **{"Last-Event-ID": "1"}))["id"] == 2


def test_the_end_of_the_server_ends_its_streams(server):
    with contextlib.ExitStack() as stack:
        lines = listening(stack, server)
        server.stop()
        with contextlib.suppress(requests.RequestException):
            assert [line for line in lines if b"data" in line] == []


def test_http_1_0_gets_what_there_is_and_the_end(server):
    asked(server)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as link:
        link.sendall(b"GET /_mock/requests/stream?since=0 HTTP/1.0\r\nHost: localhost\r\n\r\n")
        text = b"".join(iter(lambda: link.recv(65_536), b""))
    assert b"event: request" in text
