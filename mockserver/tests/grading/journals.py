"""Journals made by hand, whose truth is known, and the simulation's."""

import sys
from pathlib import Path

from mockserver.core.attempt import NS, Attempt
from mockserver.grading.metric import Client, Terms
from mockserver.grading.report import MEASURES, cards

# The load scenarios lie beside the package, not in it.
ROOT = str(Path(__file__).parents[3])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

TICKETS = "/service/tickets"


class Script:
    """Writes attempts one after the other, a second apart unless told otherwise."""

    def __init__(self, **terms):
        self.attempts, self.terms, self.now_s = [], Terms(**terms), 1_000.0

    def add(self, status=200, after_s=1.0, took_s=0.1, **members):
        self.now_s += after_s
        arrived_ns = int(self.now_s * NS)
        flushed_ns = arrived_ns + int(took_s * NS)
        self.now_s += took_s
        times = {"arrived_ns": arrived_ns, "received_ns": arrived_ns, "flushed_ns": flushed_ns}
        told = {"id": len(self.attempts) + 1, "key": "publickey", "path": TICKETS, **times}
        members.setdefault("writes", members.get("method", "GET") != "GET")
        self.attempts.append(Attempt(status=status, **{**told, **members}))
        return self

    @property
    def client(self):
        own = sorted(self.attempts, key=lambda each: each.arrived_ns)
        judged = [each for each in own if each.client_id != self.terms.neighbour]
        others = [each for each in own if each.client_id == self.terms.neighbour]
        return Client("publickey", judged[0].api, judged, self.terms, others, own)

    def metric(self, name):
        return MEASURES[name](self.client)


def card_of(outcome):
    (card,) = cards(outcome.attempts, lambda _api: outcome.terms)
    return card
