"""Ways to come back in which each worker decides for itself, as most programs do."""

import random

from loadtests.strategy import TOO_MANY, UNAVAILABLE, Seen, Strategy

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})


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
