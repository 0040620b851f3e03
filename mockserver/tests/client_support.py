"""The client against the emulator in this process, on virtual time, with the net in between."""

import functools
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from flask import Flask

from mockserver import World, create_app
from mockserver.client import AutomateClient, Conduct, PSAClient
from mockserver.client.wsgi import in_process
from mockserver.tests.simulation import VirtualTime

ROOT = "http://cwmock.invalid"
BOARD = f"{ROOT}/v4_6_release/apis/3.0/service/boards/1"


@dataclass
class Net:
    """A session whose requests take time to arrive and to be answered; counts what passes."""

    time: VirtualTime
    session: requests.Session
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    statuses: list[int] = field(default_factory=list)
    arrivals_s: list[float] = field(default_factory=list)
    under_way: int = 0
    peak: int = 0

    def request(self, method: str, url: str, **options: object) -> requests.Response:
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        try:
            return self._carried(method, url, options)
        finally:
            self.under_way -= 1

    def _carried(self, method: str, url: str, options: dict) -> requests.Response:
        self.time.sleep(self.chance.uniform(0.002, 0.01))
        self.arrivals_s.append(self.time.now_s())
        response = self.session.request(method, url, **options)
        self.statuses.append(response.status_code)
        self.time.sleep(self.chance.uniform(0.01, 0.15) if response.ok else 0.01)
        return response

    @property
    def served(self) -> int:
        return sum(status < 400 for status in self.statuses)

    @property
    def refused(self) -> int:
        return self.statuses.count(429)


NUMBERS = itertools.count(1)


@functools.cache
def emulator() -> tuple[World, Flask]:
    world = World.seeded(42, size="tiny", frozen=True)
    return world, create_app(world)


class Lab:
    """A tenant of its own that lives in virtual time, and clients of it."""

    def __init__(self, profile: str = "documented", name: str = "") -> None:
        world, self.app = emulator()
        self.name = name or f"lab-{next(NUMBERS)}"
        self.tenant = world.create_tenant(self.name, profile)
        self.time = VirtualTime(lambda s: self.tenant.clock.set(advance_s=s))
        self.session = in_process(self.app, ROOT)

    def net(self, seed: int = 1) -> Net:
        return Net(self.time, self.session, random.Random(seed))

    def conduct(self, net: Net | None = None, **members: object) -> Conduct:
        usual = {"session": net or self.session, "clock": self.time, "chance": random.Random(7)}
        return Conduct(**{**usual, **members})

    def psa(self, net: Net | None = None, **members: object) -> PSAClient:
        keys = (f"company-{self.name}", f"publickey-{self.name}", "privatekey", "tests", ROOT)
        return PSAClient(*keys, conduct=self.conduct(net, **members))

    def automate(
        self, net: Net | None = None, user: str = "integrator", **members: object
    ) -> AutomateClient:
        names = {k: members.pop(k) for k in ("two_factor", "dialect") if k in members}
        password = f"{user}-password"
        account = {"username": f"{user}-{self.name}", "password": password, "client_id": "tests"}
        return AutomateClient(ROOT, **account, **names, conduct=self.conduct(net, **members))

    def without_limits(self) -> "Lab":
        for limit in self.tenant.limits.values():
            limit.quota = limit.quota.changed(requests=None)
        return self

    def run(self, *works: Callable[[], object], until_s: float = float("inf")) -> None:
        self.time.run(*works, until_s=until_s)

    def fault(self, effect: dict, **rule: object) -> None:
        self.tenant.faults.add({"effect": effect, **rule})

    def asked(self, method: str = "", path: str = "") -> list[dict]:
        """Return what the journal holds of the emulator's side, oldest first."""
        entries = self.tenant.journal.entries(limit=10_000)
        kept = [e for e in entries if method in {"", e["method"]} and path in e["path"]]
        return kept[::-1]
