"""Servers that are killed in the middle of their work have lost nothing that they answered."""

import contextlib
import itertools
import subprocess
import sys
import threading
from collections import Counter

import pytest
import requests
from stores_support import Opened, kept_in

from mockserver.client.callbacks import CallbackReceiver
from mockserver.tests.integration.world_history import served, state

PSA = "/v4_6_release/apis/3.0"
SOURCES = f"{PSA}/service/sources"
ENOUGH = 30
KILLS = 4
IMPORTS = 8
TICKETS = 20
QUOTA = 100_000


def session():
    made = requests.Session()
    made.auth, made.headers["clientId"] = ("company+publickey", "privatekey"), "x"
    return made


class Writer(threading.Thread):
    """Creates records until its server is gone, and remembers what was answered."""

    def __init__(self, url, number, enough):
        super().__init__(daemon=True)
        self.url, self.number, self.enough = url, number, enough
        self.made = {}

    def run(self):
        caller = session()
        for each in range(QUOTA):
            name = f"writer {self.number}, record {each}"
            try:
                answer = caller.post(self.url + SOURCES, json={"name": name}, timeout=30)
            except requests.RequestException:
                return
            assert answer.status_code == 201, answer.text
            self.made[answer.json()["id"]] = name
            if len(self.made) >= ENOUGH:
                self.enough.set()


@contextlib.contextmanager
def serving(store, *more):
    """Run a server; yield its process and URL."""
    command = (sys.executable, "-m", "mockserver", "serve", "--port", "0", "--quiet")
    flags = ("--rate-limit", f"{QUOTA}/day", "--store", store, *more)
    with subprocess.Popen([*command, *flags], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, process.stdout.readline().split("PSA ")[1].split("/v4")[0]
        finally:
            process.kill()


def written_until_killed(process, urls):
    """Let four threads write, kill the process amid that; return what was answered."""
    enough = threading.Event()
    writers = [Writer(urls[number % len(urls)], number, enough) for number in range(4)]
    for writer in writers:
        writer.start()
    assert enough.wait(120)
    process.kill()
    return writers


@pytest.mark.slow
def test_nothing_that_was_answered_is_lost(tmp_path):
    store = f"sqlite:///{tmp_path}/kept.db"
    made = {}
    for _ in range(KILLS):
        with serving(store) as (process, url):
            writers = written_until_killed(process, [url])
            for writer in writers:
                writer.join(30)
        found = [pair for writer in writers for pair in writer.made.items()]
        assert not made.keys() & dict(found).keys(), "no id is given twice"
        made.update(found)

    again = Opened(kept_in(store, quota=(QUOTA, 86_400.0)))

    found = again.psa("GET", "/service/sources", query_string={"pageSize": 1000})
    kept = {each["id"]: each["name"] for each in found.json}
    assert made.items() <= kept.items()
    assert QUOTA - int(found.headers["X-RateLimit-Remaining"]) > len(made)
    rows = again.admin("GET", "/requests", query_string={"limit": 1000}).json["requests"]
    assert rows[0]["id"] > len(made)
    effects = {effect for row in rows for effect in row["effects"]}
    assert {f"service/sources/{key}" for key in sorted(made)[-100:]} <= effects
    again.close()


@pytest.mark.slow
def test_a_server_that_is_told_to_end_leaves_one_file(tmp_path):
    with serving(f"sqlite:///{tmp_path}/kept.db") as (process, url):
        made = session().post(url + SOURCES, json={"name": "kept"}, timeout=30)
        process.terminate()
        assert process.wait(30) == 0

    assert made.status_code == 201
    assert [each.name for each in tmp_path.iterdir()] == ["kept.db"]


@pytest.mark.slow
def test_a_state_that_was_taken_in_amid_a_kill_is_there_whole_or_not_at_all(place):
    states = [taken_from(seed) for seed in (7, 8)]
    answered = []
    with serving(place, "--size", "tiny", "--clock", "frozen") as (process, url):

        def take_in():
            with contextlib.suppress(requests.RequestException):
                for each in itertools.cycle(states):
                    sent = {"data": each, "headers": {"Content-Type": "application/zip"}}
                    answer = requests.put(f"{url}/_mock/world", timeout=30, **sent)
                    assert answer.status_code == 200, answer.text
                    answered.append(each)

        thread = threading.Thread(target=take_in, daemon=True)
        thread.start()
        while len(answered) < IMPORTS:
            thread.join(0.01)
            assert thread.is_alive()
        process.kill()
        thread.join(30)

    again = Opened(kept_in(place, size="tiny", frozen=True))
    kept = state(again.client)
    assert kept in states
    again.close()


def taken_from(seed):
    return state(served(seed=seed, size="tiny"))


@pytest.mark.slow
def test_one_of_two_is_killed_and_the_other_goes_on(database):
    with serving(database) as (process, doomed), serving(database) as (_, other):
        writers = written_until_killed(process, [doomed, other])
        for writer in writers[0::2]:
            writer.join(30)
        written = len(writers[1].made)
        while len(writers[1].made) < written + 5:
            assert writers[1].is_alive()
            writers[1].join(0.05)
        found = session().get(other + SOURCES, params={"pageSize": 1000}, timeout=30)
        made = [(k, n) for each in writers[0::2] for k, n in each.made.items()]
        assert set(made) <= {(each["id"], each["name"]) for each in found.json()}
    for writer in writers:
        writer.join(30)
    names = Counter(name for writer in writers for name in writer.made.values())
    ids = [key for writer in writers for key in writer.made]
    assert len(ids) == len(set(ids)) == len(names)


@pytest.mark.slow
def test_two_servers_send_each_callback_once(database):
    receiver = CallbackReceiver()
    with serving(database) as (_, first), serving(database) as (_, second), receiver:
        caller = session()
        callback = {"url": receiver.url, "type": "ticket", "level": "owner", "objectId": 1}
        made = caller.post(f"{first}{PSA}/system/callbacks", json=callback, timeout=30)
        assert made.status_code == 201, made.text
        for number in range(TICKETS):
            ticket = {"summary": str(number), "company": {"id": 3}}
            url = (first, second)[number % 2]
            answer = caller.post(f"{url}{PSA}/service/tickets", json=ticket, timeout=30)
            assert answer.status_code == 201, answer.text
        receiver.wait_for(TICKETS, timeout_s=60)
        kept = [{"status": "waiting"}]
        while any(each["status"] == "waiting" for each in kept):
            answer = requests.get(f"{second}/_mock/callbacks", timeout=30)
            kept = answer.json()["deliveries"]
        heard = [each.json["ID"] for each in receiver.received]
    assert {len(each["attempts"]) for each in kept} == {1}
    assert len(heard) == len(set(heard)) == TICKETS
    assert heard == sorted(heard)
