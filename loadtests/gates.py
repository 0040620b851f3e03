"""Ways to come back in which all workers of a key pass one gate."""

import math
import random

from loadtests.strategy import FOREVER, TOO_MANY, UNAVAILABLE, Seen, Strategy
from mockserver.client.quota import Pace, Pass, QuotaState
from mockserver.client.retry import Chain, Failure, Kind, Next, RetryPolicy, failure_of_status


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
