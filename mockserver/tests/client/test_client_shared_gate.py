"""Processes that share a gate by a file: each has a gate object of its own, as processes have.

Real ones are the workers of the distributed load scenario; here they live in virtual time.
"""

import random
import sqlite3

import pytest

from mockserver.client import SharedGate
from mockserver.client.errors import GateShut
from mockserver.client.retry_after import Quota
from mockserver.client.shared_gate import LEASE_S
from mockserver.tests.client_support import Lab
from mockserver.tests.simulation import VirtualTime

END_S = 120


@pytest.fixture
def file(tmp_path):
    return tmp_path / "gate"


def saturated(file, processes):
    lab = Lab()
    net = lab.net()

    def work(number):
        gate = SharedGate(file, clock=lab.time, chance=random.Random(number))
        psa = lab.psa(net, gate=gate)
        while lab.time.now_s() < END_S:
            psa.service.boards.get(1, fields="id")

    lab.run(*[lambda n=n: work(n) for n in range(processes)], until_s=END_S)
    return net


@pytest.mark.parametrize("processes", [2, 10])
def test_processes_that_share_a_gate_do_as_well_as_threads(file, processes):
    net = saturated(file, processes)

    assert net.served >= 0.97 * END_S
    assert net.refused == 0
    assert net.peak <= 10


def test_what_one_process_was_told_all_know(file):
    time = VirtualTime()
    first, second = (SharedGate(file, clock=time, chance=random.Random(n)) for n in (1, 2))

    def work():
        first.refused(first.enter(), 30.0)
        with pytest.raises(GateShut, match="takes no requests"):
            second.enter(time.now_s() + 20.0)

    time.run(work)


def test_the_places_are_counted_together(file):
    time = VirtualTime()
    first, second = (SharedGate(file, clock=time, chance=random.Random(n)) for n in (1, 2))
    first.answered(first.enter(), Quota(60, 59, 60))
    passes = [first.enter() for _ in range(2)]

    assert second.in_flight == 0
    passes.append(second.enter())
    assert second.in_flight == 3
    for sent in passes:
        second.answered(sent, Quota(60, 56, 60))
    first.answered(first.enter(), Quota(60, 55, 60))
    assert first.in_flight == 0


def test_the_requests_of_a_process_that_died_are_given_up(file):
    time = VirtualTime()
    dead, alive = (SharedGate(file, clock=time, chance=random.Random(n)) for n in (1, 2))

    def work():
        # The probe that never comes back keeps all others waiting, but not for ever.
        dead.enter()
        alive.answered(alive.enter(), Quota(60, 59, 60))

    time.run(work)
    assert LEASE_S <= time.now_s() < LEASE_S + 1
    assert alive.in_flight == 0


@pytest.mark.parametrize("state", ["", "{}", "[", '{"at_s": 0, "known": {"sent": 1}}', "null"])
def test_a_state_that_cannot_be_read_is_none(file, state):
    SharedGate(file, clock=VirtualTime())
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT OR REPLACE INTO gate VALUES (1, ?)", (state,))
    gate = SharedGate(file, clock=VirtualTime())
    gate.answered(gate.enter(), Quota(60, 59, 60))

    assert gate.in_flight == 0


def test_what_was_known_before_the_machine_started_is_forgotten(file):
    late, early = VirtualTime(), VirtualTime()
    before = SharedGate(file, clock=late)
    late.run(lambda: late.sleep(1_000), lambda: None)
    before.refused(before.enter(), 500.0)

    assert SharedGate(file, clock=early).enter(1.0).is_probe


def test_a_file_that_is_something_else_is_refused(file):
    file.write_text("not a database, but long enough to be told apart from an empty file" * 9)

    with pytest.raises(sqlite3.Error):
        SharedGate(file)
