"""Workers against the real limiter and the real fault rules on a virtual clock.

A discrete-event simulation: nothing sleeps, the same seed gives the same journal. What comes out is
what the server would have recorded, so that the same grading judges it.
"""

import heapq
import math
import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from loadtests.strategies import Maker
from loadtests.strategy import FOREVER, Seen, Strategy
from mockserver.client.retry_after import Quota as Told
from mockserver.client.retry_after import retry_after_s
from mockserver.core.attempt import Attempt
from mockserver.core.clock import Clock, Dice
from mockserver.core.effects import Error, ErrorAfter, RateLimit, Reset, ResetAfter
from mockserver.core.errors import RateLimited
from mockserver.core.faults import FaultPlan
from mockserver.core.limits import Limiter, Quota, Standing
from mockserver.grading.metric import Terms

NS = 1_000_000_000
START = datetime(2026, 1, 1, tzinfo=UTC)
ACCEPTED_S, REFUSED_S, RTT_S = 0.080, 0.005, (0.004, 0.020)
NEIGHBOUR = "cwmock-neighbour"
#: Workers of a gate that wait for an answer look again so often; an event would not be sooner.
LOOK_S = 0.02

Steps = Generator[float, None, None]


@dataclass(frozen=True)
class Job:
    """One logical request."""

    method: str = "GET"
    path: str = "/service/tickets"
    digest: str = ""


@dataclass
class Run:
    """What is simulated.

    Attributes:
        strategy: What the workers do.
        workers: How many there are; they share one key.
        jobs: Their work, dealt out evenly.
        quota: What the server allows.
        faults: Rules of the server.
        neighbour_per_min: Requests a minute of another program on the key.
        seed: Of all chance.
        until_s: When the simulation ends at the latest.
    """

    strategy: Maker
    workers: int = 1
    jobs: Sequence[Job] = field(default_factory=lambda: numbered(1_000))
    quota: Quota = field(default_factory=lambda: Quota(60, 60))
    faults: Sequence[dict[str, Any]] = ()
    neighbour_per_min: float = 0.0
    seed: int = 1
    until_s: float = 100_000.0


def numbered(count: int, method: str = "GET") -> list[Job]:
    """Return so many logical requests that differ."""
    return [Job(method, f"/service/tickets/{n}", str(n)) for n in range(count)]


@dataclass
class Outcome:
    """What came of a run.

    Attributes:
        attempts: As the server's journal has them, in order of arrival.
        done_s: For each job that succeeded, seconds from its first attempt.
        given_up: Jobs that were not done.
        backlog_s: When the last job was begun: until then there was work waiting.
        terms: For grading.
    """

    attempts: list[Attempt]
    done_s: list[float]
    given_up: int
    backlog_s: float
    terms: Terms


class Server:
    """The emulator's limiter and faults, without HTTP."""

    def __init__(self, run: Run) -> None:
        self.clock = Clock(START, frozen=True)
        self.limiter = Limiter(self.clock, run.quota)
        self.plan = FaultPlan(Dice(f"faults {run.seed}"), self.clock)
        for rule in run.faults:
            self.plan.add(rule)
        self.chance = random.Random(f"server {run.seed}")
        self.attempts: list[Attempt] = []
        self.start_ns = self.clock.nanoseconds()

    def arrive(self, now_s: float, job: Job, client: str, connection: str) -> Attempt:
        """Return the attempt that a request makes; it ends when its answer is flushed."""
        behind_s = now_s - (self.clock.nanoseconds() - self.start_ns) / NS
        self.clock.set(advance_s=max(0.0, behind_s))
        now_ns = self.start_ns + int(now_s * NS)
        attempt = Attempt(
            id=len(self.attempts) + 1,
            key="publickey",
            connection=connection,
            client_id=client,
            method=job.method,
            route=job.path,
            path=job.path,
            digest=job.digest,
            writes=job.method != "GET",
            arrived_ns=now_ns,
            received_ns=now_ns,
        )
        self._answer(attempt)
        took_s = REFUSED_S if attempt.status == 429 else self._work_s()  # noqa: PLR2004
        attempt.flushed_ns = now_ns + int(took_s * NS)
        self.attempts.append(attempt)
        return attempt

    def _work_s(self) -> float:
        return ACCEPTED_S * math.exp(self.chance.gauss(0, 0.25))

    def _answer(self, attempt: Attempt) -> None:
        try:
            standing = self.limiter.spend("publickey")
        except RateLimited as refusal:
            attempt.status, attempt.retry_after = 429, str(refusal.retry_after_s)
            attempt.limits = (refusal.limit, 0, refusal.reset_s)
            return
        if isinstance(standing, Standing):
            attempt.limits = tuple(standing)
        self._carry_out(attempt)

    def _carry_out(self, attempt: Attempt) -> None:
        effects = self.plan.strike(
            "psa", attempt.method, attempt.path, "publickey", lambda: attempt.digest
        )
        attempt.faults = tuple((effect.fault_id, effect.kind) for effect in effects)
        attempt.status, attempt.applied = 200, attempt.writes
        for effect in effects:
            match effect:
                case Error(status=status, retry_after=told):
                    attempt.status, attempt.retry_after, attempt.applied = status, told, False
                case RateLimit(retry_after=told):
                    attempt.status, attempt.retry_after, attempt.applied = 429, told, False
                case ErrorAfter(status=status):
                    attempt.status = status
                case Reset():
                    attempt.status, attempt.applied = None, False
                case ResetAfter():
                    attempt.status = None
        if attempt.applied:
            attempt.effects = (f"service/tickets/{attempt.id}",)


class Simulation:
    """One run.

    Args:
        run: What is simulated.
    """

    def __init__(self, run: Run) -> None:
        self.run, self.server = run, Server(run)
        self.now_s, self._events, self._number = 0.0, list[tuple[float, int, Steps]](), 0
        self.network = random.Random(f"network {run.seed}")
        self.done_s: list[float] = []
        self.given_up, self.begun_s, self._left = 0, 0.0, 0

    def outcome(self) -> Outcome:
        """Run it to its end."""
        chance = random.Random(f"client {self.run.seed}")
        made = self.run.strategy(chance, self.run.quota.window_s)
        for number in range(self.run.workers):
            strategy = made if made.shared else self.run.strategy(chance, self.run.quota.window_s)
            jobs = self.run.jobs[number :: self.run.workers]
            self._left += 1
            self._later(0.0, self._worker(strategy, jobs, f"127.0.0.1:{50_000 + number}"))
        if self.run.neighbour_per_min:
            self._later(0.5, self._neighbour(60 / self.run.neighbour_per_min))
        while self._events and self._left and self.now_s < self.run.until_s:
            self.now_s, _, steps = heapq.heappop(self._events)
            self._step(steps)
        return self._told()

    def _told(self) -> Outcome:
        quota, start_ns = self.run.quota, self.server.start_ns
        backlog = ((start_ns, start_ns + int(self.begun_s * NS)),)
        spans = tuple((int(a * NS), int(b * NS)) for a, b in self.server.plan.outages())
        terms = Terms(quota.requests, quota.window_s, quota.window, backlog=backlog, outages=spans)
        return Outcome(self.server.attempts, self.done_s, self.given_up, self.begun_s, terms)

    def _later(self, wait_s: float, steps: Steps) -> None:
        self._number += 1
        heapq.heappush(self._events, (self.now_s + wait_s, self._number, steps))

    def _step(self, steps: Steps) -> None:
        wait_s = next(steps, None)
        if wait_s is not None:
            self._later(wait_s, steps)

    def _worker(self, strategy: Strategy, jobs: Sequence[Job], connection: str) -> Steps:
        for job in jobs:
            self.begun_s = max(self.begun_s, self.now_s)
            first_s: float | None = None
            for tries in range(1, strategy.attempts_max + 1):
                while (wait_s := strategy.before_s(self.now_s)) > 0:
                    yield LOOK_S if wait_s == FOREVER else wait_s
                sent, rtt_s = strategy.send(self.now_s), self.network.uniform(*RTT_S)
                first_s = self.now_s if first_s is None else first_s
                yield rtt_s / 2
                attempt = self.server.arrive(self.now_s, job, "simulated", connection)
                yield (attempt.flushed_ns - attempt.arrived_ns) / NS + rtt_s / 2
                seen = self._seen(attempt)
                strategy.learn(sent, seen, self.now_s)
                if seen.fine:
                    self.done_s.append(self.now_s - first_s)
                    break
                again_s = strategy.again_s(seen, tries, self.now_s - first_s)
                if again_s is None:
                    self.given_up += 1
                    break
                yield again_s
        self._left -= 1

    def _seen(self, attempt: Attempt) -> Seen:
        limit, left, reset_s = attempt.limits
        told = None
        if limit is not None and left is not None and reset_s is not None:
            told = Told(limit, left, float(reset_s))
        wall_s = attempt.flushed_ns / NS
        asked_s = retry_after_s(attempt.retry_after, wall_s)
        return Seen(attempt.method, attempt.status, asked_s, told)

    def _neighbour(self, every_s: float) -> Steps:
        count = 0
        while True:
            count += 1
            self.server.arrive(self.now_s, Job(path=f"/company/companies/{count}"), NEIGHBOUR, "n")
            yield every_s


def simulated(run: Run) -> Outcome:
    """Return what comes of a run."""
    return Simulation(run).outcome()
