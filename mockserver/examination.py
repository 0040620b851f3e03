"""The examination of a client: an emulator that goes through the phases while the client runs."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from mockserver.app import create_app
from mockserver.core.clock import machine_seconds
from mockserver.core.tenant import Tenant
from mockserver.core.world import World
from mockserver.grading.desk import terms_of
from mockserver.grading.metric import Terms
from mockserver.grading.phases import Phase, Profile
from mockserver.grading.report import Card, cards
from mockserver.web.serving import Server, listen

STEP_S = 0.1
NEIGHBOUR_SHARE = 1 / 3

Tick = Callable[["Examination"], None]


class Examination:
    """One examination in progress.

    Args:
        tenant: Whose clients are examined.
        profile: How tight the quota is.
        phases: What they go through, one after the other.
        disturb: Sends one request of another program on the key.
    """

    def __init__(
        self,
        tenant: Tenant,
        profile: Profile,
        phases: Sequence[Phase],
        disturb: Callable[[], None],
    ) -> None:
        self.tenant, self.profile, self.phases = tenant, profile, phases
        self.phase: Phase | None = None
        self.passed_s = 0.0
        self._disturb = disturb
        self._outages: list[tuple[int, int]] = []
        self._stop = threading.Event()

    @property
    def total_s(self) -> float:
        """Return how long it takes."""
        return sum(phase.windows for phase in self.phases) * self.profile.window_s

    def stop(self) -> None:
        """Let it end early."""
        self._stop.set()

    def run(self, goes_on: Callable[[], bool], tick: Tick, patience_s: float | None = None) -> None:
        """Go through the phases as soon as the first request has come.

        Args:
            goes_on: Tells whether there still is a client to examine.
            tick: Is called several times a second.
            patience_s: How long the first request may take; None for any time.
        """
        ends_s = None if patience_s is None else machine_seconds() + patience_s
        while goes_on() and not self.tenant.journal.last_id:
            if self._stop.wait(STEP_S) or (ends_s is not None and machine_seconds() > ends_s):
                return
            tick(self)
        for phase in self.phases:
            self._go_through(phase, goes_on, tick)

    def _go_through(self, phase: Phase, goes_on: Callable[[], bool], tick: Tick) -> None:
        length_s = phase.windows * self.profile.window_s
        began_ns, before_s = self.tenant.clock.nanoseconds(), self.passed_s
        with self._begun(phase):
            while goes_on() and (left_s := length_s - self._since_s(began_ns)) > 0:
                if self._stop.wait(min(STEP_S, left_s)):
                    break
                self.passed_s = before_s + length_s - left_s
                tick(self)
        self.passed_s = before_s + self._since_s(began_ns)

    def _since_s(self, began_ns: int) -> float:
        return (self.tenant.clock.nanoseconds() - began_ns) / 1e9

    @contextmanager
    def _begun(self, phase: Phase) -> Iterator[None]:
        self.phase, faults, start_ns = phase, self.tenant.faults, self.tenant.clock.nanoseconds()
        self._allow(max(1, round(self.profile.requests * phase.share)))
        for rule in phase.rules:
            faults.add(dict(rule))
        ended = threading.Event()
        if phase.neighbour:
            threading.Thread(target=self._keep_disturbing, args=(ended,), daemon=True).start()
        try:
            yield
        finally:
            ended.set()
            faults.clear()
            self._allow(self.profile.requests)
            if phase.outage:
                self._outages.append((start_ns, self.tenant.clock.nanoseconds()))

    def _allow(self, requests: int) -> None:
        for limit in self.tenant.limits.values():
            limit.quota = replace(
                limit.quota, requests=requests, window_s=self.profile.window_s, window="fixed"
            )

    def _keep_disturbing(self, ended: threading.Event) -> None:
        """Spend a part of the quota evenly."""
        every_s = self.profile.window_s / (self.profile.requests * NEIGHBOUR_SHARE)
        while not ended.wait(every_s):
            self._disturb()

    def terms(self, api: str) -> Terms:
        """Return what clients of an API were up against."""
        return replace(
            terms_of(self.tenant, api),
            limit=self.profile.requests,
            window_s=self.profile.window_s,
            outages=tuple(self._outages),
            lost_creates_min=self.profile.lost_creates_min,
        )

    def cards(self) -> list[Card]:
        """Return the report cards as things stand."""
        return cards(self.tenant.journal.attempts(), self.terms)


@contextmanager
def examined(
    profile: Profile, phases: Sequence[Phase], world: World, port: int = 0
) -> Iterator[tuple[Examination, Server]]:
    """Yield an examination and the server that it takes place at.

    Raises:
        OSError: The port is in use.
    """
    server = Server(create_app(world), listen("127.0.0.1", port))
    with server:
        yield Examination(world.default, profile, phases, _Neighbour(server.url)), server


class _Neighbour:
    """The other program on the key: it reads one record and never comes again."""

    def __init__(self, url: str) -> None:
        import requests  # noqa: PLC0415 - only where there is a neighbour

        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = ("company+publickey", "privatekey")
        self._session.headers["clientId"] = Terms.neighbour
        self._url = f"{url}/v4_6_release/apis/3.0/system/info"
        self._errors = (requests.RequestException,)

    def __call__(self) -> None:
        with suppress(*self._errors):
            self._session.get(self._url, timeout=5)


def environment(url: str) -> dict[str, str]:
    """Return the variables under which a client finds the emulator, by the names of the seeds."""
    psa, automate = f"{url}/v4_6_release/apis/3.0", f"{url}/cwa/api/v1"
    return {
        "CWMOCK_URL": url,
        "CWMOCK_PSA_URL": psa,
        "CWMOCK_AUTOMATE_URL": automate,
        "CONNECTWISE_SITE": url,
        "CONNECTWISE_COMPANY_ID": "company",
        "CONNECTWISE_PUBLIC_KEY": "publickey",
        "CONNECTWISE_PRIVATE_KEY": "privatekey",
        "CONNECTWISE_CLIENT_ID": "cwmock-grade",
        "CONNECTWISE_AUTOMATE_SERVER": url,
        "CONNECTWISE_AUTOMATE_USERNAME": "integrator",
        "CONNECTWISE_AUTOMATE_PASSWORD": "integrator-password",
    }
