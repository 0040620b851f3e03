"""The courier of a running server: it sends by itself, retries in time, and ends at once."""

import socket
import threading

import pytest
import requests

from mockserver import World, create_app
from mockserver.client.callbacks import CallbackReceiver, KeyFetcher
from mockserver.web.serving import Server

KEYS = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "x"}, "timeout": 30}
PSA = "/v4_6_release/apis/3.0"


def couriers():
    return [each for each in threading.enumerate() if each.name == "cwmock-courier"]


@pytest.fixture
def server():
    world = World.seeded(42, frozen=True, quota=(None, 60.0))
    with Server(create_app(world)) as server:
        yield server


def subscribed(server, url):
    body = {"url": url, "type": "contact", "level": "owner", "objectId": 1}
    requests.post(f"{server.url}{PSA}/system/callbacks", json=body, **KEYS).raise_for_status()


def contact(server, name="Ada"):
    url = f"{server.url}{PSA}/company/contacts"
    answer = requests.post(url, json={"firstName": name}, **KEYS)
    answer.raise_for_status()
    return answer.json()["id"]


def test_what_is_due_leaves_and_a_retry_follows_the_clock(server):
    with CallbackReceiver(KeyFetcher()) as receiver:
        receiver.answer(429)
        subscribed(server, receiver.url)
        first, second = contact(server), contact(server, "Bob")
        receiver.wait_for(1)
        requests.post(f"{server.url}/_mock/clock", json={"advance": 2}, timeout=30)
        came = receiver.wait_for(3)
    assert [each.json["ID"] for each in came] == [first, first, second]
    assert all(each.verified for each in came)
    assert came[0].json["FromUrl"] == server.url.removeprefix("http://")


def test_many_writers_are_told_each_in_its_order(server):
    with CallbackReceiver() as receiver:
        subscribed(server, receiver.url)
        threads = [
            threading.Thread(target=lambda: [contact(server) for _ in range(5)]) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        came = receiver.wait_for(20)
    ids = [each.json["ID"] for each in came]
    assert ids == sorted(set(ids))


def test_a_receiver_that_never_answers_holds_up_neither_requests_nor_the_end():
    world = World.seeded(42, quota=(None, 60.0))
    with socket.create_server(("127.0.0.1", 0)) as silent, Server(create_app(world)) as server:
        subscribed(server, f"http://127.0.0.1:{silent.getsockname()[1]}/?id=")
        contact(server)
        with silent.accept()[0]:
            assert contact(server, "Bob")
            server.stop()
            assert world.default.webhooks.outbox.restless


def test_a_server_starts_one_courier_and_ends_it():
    others = set(couriers())  # of servers that other tests still run
    with Server(create_app(World.seeded(42))):
        assert len(set(couriers()) - others) == 1
    assert set(couriers()) <= others
