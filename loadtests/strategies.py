"""Ways to come back after a failure: decisions without I/O, for the simulation and for Locust.

Those of retry facts 5 and 2.2, written anew: the naive loop, the seeds' retry code, the vendor's
pseudo-code, the usual libraries, and gates that all threads of a key share.
"""

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mockserver.client.quota import UNTIL_SOMETHING_HAPPENS, Pace, Pass, QuotaState
from mockserver.client.retry import Chain, Failure, Kind, Next, RetryPolicy, failure_of_status
from mockserver.client.retry_after import Quota

FOREVER = UNTIL_SOMETHING_HAPPENS
IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
TOO_MANY, UNAVAILABLE, SERVER_ERROR = 429, 503, 500


@dataclass(frozen=True)
class Seen:
    """An answer as the client sees it; status None for a broken connection."""

    method: str
    status: int | None
    retry_after_s: float | None = None
    quota: Quota | None = None

    @property
    def refused(self) -> bool:
        """Return whether nothing was done and the client may come again."""
        return self.status == TOO_MANY

    @property
    def broken(self) -> bool:
        """Return whether the server failed."""
        return self.status is None or self.status >= SERVER_ERROR

    @property
    def fine(self) -> bool:
        """Return whether there is no reason to come again."""
        return not (self.refused or self.broken)


class Strategy:
    """What all have in common: when to send, and whether and when to come again.

    Args:
        chance: For jitter.
        window_s: The window's length, for those that scale by it.
    """

    #: Whether one object serves all workers of a key.
    shared = False
    attempts_max = 10_000

    def __init__(self, chance: random.Random, window_s: float = 60.0) -> None:
        self.chance, self.window_s = chance, window_s

    def before_s(self, now_s: float) -> float:  # noqa: ARG002
        """Return how long to wait before sending; it is asked again afterwards."""
        return 0.0

    def send(self, now_s: float) -> object:  # noqa: ARG002
        """Note that a request is sent; return what ``learn`` wants to have."""
        return None

    def learn(self, sent: object, seen: Seen, now_s: float) -> None:
        """Take in what an answer says about the quota."""

    def again_s(self, seen: Seen, tries: int, age_s: float) -> float | None:  # noqa: ARG002
        """Return how long to wait before the request is repeated; None to give up.

        Args:
            seen: The failure.
            tries: Attempts so far.
            age_s: Seconds since the first one.
        """
        return self.wait_s(seen, tries) if tries < self.attempts_max else None

    def wait_s(self, seen: Seen, tries: int) -> float | None:
        """Return the wait after attempt number *tries*."""
        raise NotImplementedError


class Naive(Strategy):
    """Once a second, whatever happened."""

    def wait_s(self, seen: Seen, tries: int) -> float | None:  # noqa: ARG002
        """Return a second."""
        return 1.0


class VendorDoc(Strategy):
    """Seed 003's pseudo-code: 2^retries x 100 ms, without jitter, whatever Retry-After says."""

    def wait_s(self, seen: Seen, tries: int) -> float | None:  # noqa: ARG002
        """Return the doubled wait."""
        return 0.1 * 2 ** min(tries, 20)


class Exponential(Strategy):
    """Doubling from one second, no jitter."""

    cap_s = 60.0

    def wait_s(self, seen: Seen, tries: int) -> float | None:  # noqa: ARG002
        """Return the doubled wait."""
        return self.ceiling_s(tries)

    def ceiling_s(self, tries: int) -> float:
        """Return the wait without jitter."""
        return min(self.cap_s, 2.0 ** min(tries - 1, 20))


class FullJitter(Exponential):
    """Anything from nothing to the doubled wait."""

    def wait_s(self, seen: Seen, tries: int) -> float | None:  # noqa: ARG002
        """Return a random part of the doubled wait."""
        return self.chance.uniform(0, self.ceiling_s(tries))


class Botocore(FullJitter):
    """As botocore's standard mode: full jitter of 20 s at most."""

    cap_s = 20.0


class EqualJitter(Exponential):
    """Half of the doubled wait, and a random part of the other half."""

    def wait_s(self, seen: Seen, tries: int) -> float | None:  # noqa: ARG002
        """Return the wait."""
        half = self.ceiling_s(tries) / 2
        return half + self.chance.uniform(0, half)


class AutomateSeed(Strategy):
    """Seed 001: exactly Retry-After; 5xx with any method after a doubling wait and up to 1 s."""

    def wait_s(self, seen: Seen, tries: int) -> float | None:
        """Return the wait."""
        if seen.refused:
            return seen.retry_after_s if seen.retry_after_s is not None else 60.0
        return 2.0 ** min(tries - 1, 10) + self.chance.uniform(0, 1)


class PsaSeed(Strategy):
    """Seed 002: Retry-After and up to a second; no repeat of 5xx."""

    def wait_s(self, seen: Seen, tries: int) -> float | None:  # noqa: ARG002
        """Return the wait."""
        if not seen.refused:
            return None
        told_s = seen.retry_after_s if seen.retry_after_s is not None else 30.0
        return told_s + self.chance.uniform(0, 1)


class Urllib3(Strategy):
    """urllib3's defaults: exactly Retry-After, idempotent methods only, no pause otherwise."""

    def wait_s(self, seen: Seen, tries: int) -> float | None:  # noqa: ARG002
        """Return the wait."""
        if seen.method not in IDEMPOTENT:
            return None
        if seen.status in {TOO_MANY, UNAVAILABLE} and seen.retry_after_s is not None:
            return seen.retry_after_s
        return 0.0 if seen.status is None else None


class ScaledJitter(Strategy):
    """Retry-After and a jitter that grows with the window and the number of refusals."""

    def wait_s(self, seen: Seen, tries: int) -> float | None:
        """Return the wait."""
        if not seen.refused:
            return self.chance.uniform(0, 2.0 ** min(tries - 1, 5))
        spread_s = self.window_s * (2 ** min(tries, 6) - 1)
        return (seen.retry_after_s or 1.0) + self.chance.uniform(0, spread_s)


class HeaderPacing(Strategy):
    """Each worker for itself spreads what remains over what is left of the window."""

    def __init__(self, chance: random.Random, window_s: float = 60.0) -> None:
        super().__init__(chance, window_s)
        self._next_s = 0.0

    def before_s(self, now_s: float) -> float:
        """Return the wait until the next slot."""
        return self._next_s - now_s

    def learn(self, sent: object, seen: Seen, now_s: float) -> None:  # noqa: ARG002
        """Set the next slot by the headers."""
        if seen.quota:
            _, left, reset_s = seen.quota
            self._next_s = now_s + (reset_s / left if left else reset_s)

    def wait_s(self, seen: Seen, tries: int) -> float | None:  # noqa: ARG002
        """Return Retry-After."""
        return seen.retry_after_s or 1.0


class LeakyBucket(Strategy):
    """One bucket for all workers that lets through 98 % of the quota and reads no header."""

    shared, share = True, 0.98
    limit = 60

    def __init__(self, chance: random.Random, window_s: float = 60.0) -> None:
        super().__init__(chance, window_s)
        self._next_s = -math.inf

    def before_s(self, now_s: float) -> float:
        """Return the wait until the next drop."""
        return self._next_s - now_s

    def send(self, now_s: float) -> object:
        """Take a drop."""
        self._next_s = now_s + self.window_s / (self.limit * self.share)
        return None

    def wait_s(self, seen: Seen, tries: int) -> float | None:  # noqa: ARG002
        """Return Retry-After."""
        return seen.retry_after_s or 1.0


class Reference(Strategy):
    """The reference client's own decisions: its gate's arithmetic and its retry policy."""

    shared = True
    pace = Pace()

    def __init__(self, chance: random.Random, window_s: float = 60.0) -> None:
        super().__init__(chance, window_s)
        self.state, self.policy = QuotaState(self.pace, chance), RetryPolicy()

    def before_s(self, now_s: float) -> float:
        """Return the gate's wait; forever means until an answer comes."""
        return self.state.wait_s(now_s)

    def send(self, now_s: float) -> object:
        """Take a pass."""
        return self.state.take(now_s)

    def learn(self, sent: object, seen: Seen, now_s: float) -> None:
        """Tell the gate."""
        assert isinstance(sent, Pass)
        asked_s = seen.retry_after_s
        if seen.status == TOO_MANY or (seen.status == UNAVAILABLE and asked_s is not None):
            self.state.refused(sent, now_s, asked_s if asked_s is not None else 1.0)
        elif seen.broken:
            self.state.failed(sent, now_s)
        else:
            self.state.answered(sent, now_s, seen.quota)

    def again_s(self, seen: Seen, tries: int, age_s: float) -> float | None:
        """Return what the policy says; a lost create is given up, since nobody looks here."""
        pushback = seen.retry_after_s is not None
        failure = (
            Failure.UNKNOWN
            if seen.status is None
            else failure_of_status(seen.status, pushback=pushback)
        )
        kind = Kind.READ if seen.method in {"GET", "HEAD"} else Kind.APPEND
        chain = Chain(kind, tries, tries - 1 if seen.refused else 0, age_s=age_s)
        step = self.policy.step(failure or Failure.FINAL, chain, self.chance, seen.retry_after_s)
        return step.wait_s if step.what is Next.REPEAT else None


class GreedyGate(Strategy):
    """One gate for all workers that burns the quota, waits, and sends one probe ahead."""

    shared = True

    def __init__(self, chance: random.Random, window_s: float = 60.0) -> None:
        super().__init__(chance, window_s)
        self._left: int | None = None
        self._reset_s, self._probe = 0.0, False

    def before_s(self, now_s: float) -> float:
        """Return the wait for the reset, or for what the probe finds."""
        if self._probe:
            return FOREVER
        return self._reset_s - now_s if self._left == 0 else 0.0

    def send(self, now_s: float) -> object:
        """Take one of the quota, or be the probe."""
        if self._left is None or now_s >= self._reset_s:
            self._probe = True
            return True
        self._left -= 1
        return False

    def learn(self, sent: object, seen: Seen, now_s: float) -> None:
        """Adopt what the probe found; a refusal closes the gate."""
        if sent:
            self._probe = False
        if seen.refused:
            self._left, self._reset_s = 0, now_s + (seen.retry_after_s or 1.0)
        elif sent and seen.quota:
            self._left = seen.quota.remaining
            self._reset_s = now_s + seen.quota.reset_s + self.chance.uniform(0, 0.25)

    def wait_s(self, seen: Seen, tries: int) -> float | None:  # noqa: ARG002
        """Return nothing: the gate waits."""
        return 0.0 if seen.refused else None


Maker = Callable[[random.Random, float], Strategy]
STRATEGIES: Mapping[str, Maker] = {
    "naive 1 s": Naive,
    "vendor doc 0.1*2^k": VendorDoc,
    "exp, no jitter": Exponential,
    "full jitter": FullJitter,
    "full jitter (botocore)": Botocore,
    "equal jitter": EqualJitter,
    "RA exact (Automate seed)": AutomateSeed,
    "RA + U(0,1 s) (PSA seed)": PsaSeed,
    "urllib3 defaults": Urllib3,
    "RA + U(0,W(2^k-1))": ScaledJitter,
    "header pacing, independent": HeaderPacing,
    "shared leaky bucket 98 %": LeakyBucket,
    "shared gate, greedy": GreedyGate,
    "reference client": Reference,
}
