"""Locust users of both APIs. `python -m loadtests.run S1` starts everything around them.

The scenario and the strategy come from the environment: LOAD_SCENARIO, LOAD_STRATEGY; and from
LOAD_GATES the folder for what several workers share.
"""

import itertools
import logging
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from locust import HttpUser, LoadTestShape, constant, events, task
from locust.clients import HttpSession
from locust.env import Environment

from loadtests.scenarios import SCENARIOS
from loadtests.sender import Sender, dice
from loadtests.strategies import STRATEGIES
from mockserver.client import AutomateClient, Conduct, ConnectWiseError, PSAClient, SharedGate

PSA, AUTOMATE = "/v4_6_release/apis/3.0", "/cwa/api/v1"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FOREIGN = "{} is not this machine; load goes to loopback only"
ROWS = (0, 1, 250, 1_000, 1_001, 2_500)
WINDOW_S = 5.0
KEYS: Mapping[str, Any] = {
    "auth": ("company+publickey", "privatekey"),
    "headers": {"clientId": "loadtests"},
}
NUMBER = re.compile(r"/\d+")

SCENARIO = SCENARIOS[os.environ.get("LOAD_SCENARIO", "S1")]
GATES = os.environ.get("LOAD_GATES", "")
STRATEGY = os.environ.get("LOAD_STRATEGY") or SCENARIO.strategy


@events.init.add_listener
def refuse_foreign_targets(environment: Environment, **_kwargs: Any) -> None:
    """Load goes to this machine only: end before anything starts.

    Raises:
        SystemExit: The host that was given is another machine.
    """
    if environment.host and not _is_here(environment.host):
        raise SystemExit(FOREIGN.format(environment.host))


@events.test_start.add_listener
def stop_foreign_targets(environment: Environment, **_kwargs: Any) -> None:
    """Do the same for a host that was named later, in Locust's page or by a master."""
    if not _is_here(environment.host or ""):
        # Locust runs listeners in a greenlet of its own, where an exception ends nothing.
        logging.getLogger(__name__).error(FOREIGN.format(environment.host))
        environment.process_exit_code = 1
        environment.runner.quit()


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


class Stages(LoadTestShape):
    """The scenario's users over time; it ends by itself."""

    def tick(self) -> tuple[int, float] | None:
        """Return how many users there are to be, None at the end."""
        passed_s = self.get_run_time()
        for until_s, users in SCENARIO.stages:
            if passed_s < until_s:
                return users, float(users)
        return None


class Shared:
    """What all users of one process share: clients with their gates, and numbers."""

    def __init__(self, environment: Environment) -> None:
        host = environment.host or ""
        session = HttpSession(
            base_url=host, request_event=environment.events.request, user=None, pool_manager=None
        )
        conduct = Conduct(session=session, options=lambda call: {"name": _route(call.path)})
        self.psa = PSAClient(
            *("company", "publickey", "privatekey", "loadtests", host),
            conduct=replace(conduct, gate=_gate("psa")),
        )
        self.automate = AutomateClient(
            *(host, "integrator", "integrator-password"),
            client_id="loadtests",
            conduct=replace(conduct, gate=_gate("automate")),
        )
        self.numbers, self.lock = itertools.count(1), threading.Lock()
        self.before_first = self._before_first() if "page" in SCENARIO.work else 0
        self.strategy = None
        if STRATEGY in STRATEGIES:
            self.strategy = STRATEGIES[STRATEGY](dice(0), WINDOW_S)

    def _before_first(self) -> int:
        """Return the id below the first ticket's, from which rows are counted."""
        query = {"pageSize": 1, "orderBy": "id"}
        (first,) = self.psa.request("GET", "/service/tickets", params=query).data
        return int(first["id"]) - 1


def _gate(api: str) -> SharedGate | None:
    """Return the gate that all workers share, where there are several; else the client's own."""
    return SharedGate(Path(GATES) / api) if GATES else None


def _one(number: int) -> dict[str, Any]:
    """Return a query that no other request has, so that a repeat is seen as one."""
    return {"conditions": f"id > {number}", "pageSize": 1}


def _computer(number: int) -> dict[str, Any]:
    return {"condition": f"Id > {number}", "pageSize": 1}


def _route(path: str) -> str:
    return NUMBER.sub("/{id}", path.partition("?")[0])


class Worker(HttpUser):
    """Does the scenario's work without a pause, so that it is the client that sets the pace."""

    wait_time = constant(0)

    def on_start(self) -> None:
        """Take what the process shares, or a strategy of one's own."""
        shared = getattr(self.environment, "shared", None)
        self.shared = shared or Shared(self.environment)
        self.environment.shared = self.shared
        self.sender = None
        strategy = self.shared.strategy
        if strategy is not None:
            lock = self.shared.lock
            if not strategy.shared:
                seed = next(self.shared.numbers)
                strategy, lock = STRATEGIES[STRATEGY](dice(seed), WINDOW_S), threading.Lock()
            self.sender = Sender(strategy, self.client.request, lock)

    @task
    def work(self) -> None:
        """Do one piece of work."""
        number = next(self.shared.numbers)
        kind = SCENARIO.work[number % len(SCENARIO.work)]
        try:
            getattr(self, f"{kind}_{'plainly' if self.sender else 'well'}")(number)
        except ConnectWiseError:
            # It has failed for good; Locust has counted every attempt.
            return

    # -- the reference client -----------------------------------------------------------------

    def read_well(self, number: int) -> None:
        """Read a ticket."""
        self.shared.psa.request("GET", "/service/tickets", params=_one(number))

    def create_well(self, number: int) -> None:
        """Create a source, and look for it when its answer is lost."""
        name = f"Load {os.getpid()} {number}"
        self.shared.psa.service.sources.create({"name": name}, verify=f"name = '{name}'")

    def automate_well(self, number: int) -> None:
        """Read a computer."""
        self.shared.automate.request("GET", "/Computers", params=_computer(number))

    def page_well(self, number: int) -> None:
        """Read a list to its end."""
        last = self.shared.before_first + ROWS[number % len(ROWS)]
        list(self.shared.psa.service.tickets.list(f"id <= {last}", order_by="id"))

    # -- plain requests with a strategy -------------------------------------------------------

    def read_plainly(self, number: int) -> None:
        """Read a ticket."""
        self._send("GET", f"{PSA}/service/tickets", "/service/tickets", params=_one(number))

    def create_plainly(self, number: int) -> None:
        """Create a source."""
        body = {"name": f"Load {os.getpid()} {number}"}
        self._send("POST", f"{PSA}/service/sources", "/service/sources", json=body)

    def automate_plainly(self, number: int) -> None:
        """Log in and read a computer, as a script does that keeps nothing."""
        names = {"Username": "integrator", "Password": "integrator-password"}
        answer = self.client.post(f"{AUTOMATE}/APICredentials", json=names)
        token = answer.json().get("AccessToken") if answer.ok else ""
        headers = {"Authorization": f"Bearer {token}", "ClientId": "loadtests"}
        url, query = f"{AUTOMATE}/Computers", _computer(number)
        self.sender.request("GET", url, name="/Computers", headers=headers, params=query)

    def page_plainly(self, number: int) -> None:
        """Read a list until a page is short, as the seeds do."""
        last, page = self.shared.before_first + ROWS[number % len(ROWS)], 1
        while True:
            query = {"conditions": f"id <= {last}", "pageSize": 250, "page": page, "orderBy": "id"}
            url = f"{PSA}/service/tickets"
            answer = self._send("GET", url, "/service/tickets", params=query)
            if answer is None or not answer.ok or len(answer.json()) < 250:  # noqa: PLR2004
                return
            page += 1

    def _send(self, method: str, url: str, name: str, **sent: Any) -> Any:
        return self.sender.request(method, url, name=name, **KEYS, **sent)
