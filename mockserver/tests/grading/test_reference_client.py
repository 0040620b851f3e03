"""The reference client under examination: every phase of the full profile, in virtual time.

The outage lasts five minutes (retry facts 3.5, S7), longer than the client repeats anything.
"""

import functools
import itertools
from dataclasses import replace

import pytest

from mockserver.client.errors import ConnectWiseError
from mockserver.examination import Examination
from mockserver.grading.metric import Terms
from mockserver.grading.phases import PHASES, PROFILES
from mockserver.tests.client_support import BOARD, Lab

OUTAGE_WINDOWS = 5
PROFILE = replace(PROFILES["full"], lost_creates_min=8)
NEIGHBOUR_EVERY_S = 3.0
#: M1 to M3 want refusals and M5 a backlog, of which a client that holds back has none.
JUDGED = {f"M{n}" for n in (4, 6, 7, 8, 10, 11, 12, 14, 15, 16, 18, 19, 20, 21, 22)}


class Waits:
    """What an examination waits with, in virtual time."""

    def __init__(self, time):
        self._time = time

    def wait(self, seconds):
        self._time.sleep(seconds)
        return False


class Examined:
    """The reference client with some threads, and the examination that it is taken through."""

    def __init__(self, phases, threads):
        # The faults' chances come from the tenant's name: every run is the same.
        self.lab = Lab(name=f"examined-{threads}")
        self.threads, self.over = threads, False
        quiet = [replace(phase, neighbour=False) for phase in phases]
        self.exam = Examination(self.lab.tenant, PROFILE, quiet, lambda: None)
        self.exam._stop = Waits(self.lab.time)
        self.beside = {phase.name for phase in phases if phase.neighbour}
        self.psa = self.lab.psa(self.lab.net(1))
        self.automate = self.lab.automate(self.lab.net(2))
        self.numbers = itertools.count(1)

    def cards(self):
        jobs = (self._manage, self._look) * (self.threads // 2)
        works = [functools.partial(self._work, job) for job in jobs]
        self.lab.run(self._examine, self._disturb, *works)
        return {card.client.api: card for card in self.exam.cards()}

    def _examine(self):
        self.exam.run(lambda: True, lambda _exam: None)
        self.over = True

    def _disturb(self):
        net, name = self.lab.net(3), self.lab.name
        keys = (f"company-{name}+publickey-{name}", "privatekey")
        while not self.over:
            self.lab.time.sleep(NEIGHBOUR_EVERY_S)
            if self.exam.phase and self.exam.phase.name in self.beside:
                net.request("GET", BOARD, auth=keys, headers={"clientId": Terms.neighbour})

    def _work(self, job):
        while not self.over:
            try:
                job(next(self.numbers))
            except ConnectWiseError:
                self.lab.time.sleep(0.01)

    def _look(self, number):
        self.automate.request("GET", "/Computers", params=one("condition", number))

    def _manage(self, number):
        if number % 3:
            self.psa.request("GET", "/service/tickets", params=one("conditions", number))
        else:
            source = {"name": f"Graded {number}"}
            self.psa.service.sources.create(source, verify=f"name = 'Graded {number}'")


def one(parameter, number):
    """Return a query that no other request has, so that a repeat is seen as one."""
    return {parameter: f"id > {number}", "pageSize": 1}


@pytest.mark.parametrize("threads", [20, pytest.param(4, marks=pytest.mark.deep)])
def test_it_fails_nothing_in_any_phase(threads):
    phases = [replace(p, windows=OUTAGE_WINDOWS) if p.outage else p for p in PHASES.values()]
    cards = Examined(phases, threads).cards()

    metrics = [(api, each) for api, card in cards.items() for each in card.metrics.values()]
    assert [(api, m.id, m.value) for api, m in metrics if m.verdict == "fail"] == []
    assert {m.id for _, m in metrics if m.verdict == "pass"} >= JUDGED
