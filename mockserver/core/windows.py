"""The three ways to count requests per span of time, in whole microseconds.

Whole numbers, because a float that rounds the wrong way would refuse a client that waited exactly
as long as it was told. A clock that was moved backwards never opens a gate: what was spent in what
is now the future counts as spent at the present instant, so a key waits for one span at most.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Sequence
from typing import Any, ClassVar

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


class Gauge(ABC):
    """What one key has spent of one limit.

    Every other method expects that ``settle`` was called with the same instant before.

    Args:
        limit: Requests that one span allows, at least 1.
        span_us: The span's length.
        now_us: The present instant since the epoch.
    """

    __slots__ = ("limit", "span_us")
    #: The members that tell what was spent.
    spent: ClassVar[tuple[str, ...]]

    def __init__(self, limit: int, span_us: int, now_us: int) -> None:
        self.limit, self.span_us = limit, span_us
        self.settle(now_us)

    def adapt(self, limit: int, span_us: int) -> None:
        """Go on under other terms with what was spent so far."""
        self.limit, self.span_us = limit, span_us

    @abstractmethod
    def settle(self, now_us: int) -> None:
        """Forget what no longer matters at the present instant."""

    @abstractmethod
    def wait_us(self, now_us: int) -> int:
        """Return how long until one more request is admitted; 0 when it is now."""

    @abstractmethod
    def count(self, now_us: int) -> None:
        """Count one request, admitted or refused."""

    @abstractmethod
    def remaining(self) -> int:
        """Return how many requests would be admitted now."""

    @abstractmethod
    def reset_us(self, now_us: int) -> int:
        """Return how long until more are admitted than now; 0 when nothing is spent."""

    def state(self) -> list[Any]:
        """Return the gauge as JSON, for ``restored``; whole numbers as text, for they are long."""
        kept = {name: _plain(getattr(self, name)) for name in type(self).spent}
        return [type(self).__name__, self.limit, str(self.span_us), kept]

    def is_idle(self) -> bool:
        """Return whether forgetting this gauge would change nothing."""
        return self.remaining() == self.limit


class FixedWindow(Gauge):
    """A window opens with the first request after the last one has ended."""

    __slots__ = ("counted", "start_us")
    spent = ("counted", "start_us")

    def __init__(self, limit: int, span_us: int, now_us: int) -> None:
        self.counted, self.start_us = 0, self._opening(now_us)
        super().__init__(limit, span_us, now_us)

    def _opening(self, now_us: int) -> int:
        return now_us

    def settle(self, now_us: int) -> None:
        """Close the window that has ended."""
        if now_us >= self.start_us + self.span_us:
            self.counted = 0
        elif now_us < self.start_us:
            self.start_us = self._opening(now_us)

    def wait_us(self, now_us: int) -> int:
        """Return the rest of the window once it is spent."""
        return 0 if self.counted < self.limit else self.start_us + self.span_us - now_us

    def count(self, now_us: int) -> None:
        """Count one request, opening a window when none is open."""
        if not self.counted:
            self.start_us = self._opening(now_us)
        self.counted += 1

    def remaining(self) -> int:
        """Return what the window still admits."""
        return max(0, self.limit - self.counted)

    def reset_us(self, now_us: int) -> int:
        """Return the rest of the open window."""
        return self.start_us + self.span_us - now_us if self.counted else 0


class Day(FixedWindow):
    """A window that is the clock's UTC day, whenever the first request comes."""

    __slots__ = ()

    def _opening(self, now_us: int) -> int:
        return now_us - now_us % DAY_US


class SlidingWindow(Gauge):
    """No span of this length, wherever it begins, holds more than the limit."""

    __slots__ = ("log_us",)
    spent = ("log_us",)

    def __init__(self, limit: int, span_us: int, now_us: int) -> None:
        self.log_us: deque[int] = deque()
        super().__init__(limit, span_us, now_us)

    def settle(self, now_us: int) -> None:
        """Drop the instants that left the window, pull back those in the future."""
        log_us, gone_us = self.log_us, now_us - self.span_us
        while log_us and log_us[0] <= gone_us:
            log_us.popleft()
        if log_us and log_us[-1] > now_us:
            self.log_us = deque(min(instant_us, now_us) for instant_us in log_us)

    def wait_us(self, now_us: int) -> int:
        """Return how long until fewer instants than the limit are left."""
        excess = len(self.log_us) - self.limit
        return 0 if excess < 0 else self.log_us[excess] + self.span_us - now_us

    def count(self, now_us: int) -> None:
        """Log one request; only the last ones up to the limit ever matter."""
        self.log_us.append(now_us)
        while len(self.log_us) > self.limit:
            self.log_us.popleft()

    def remaining(self) -> int:
        """Return what fits besides the logged instants."""
        return max(0, self.limit - len(self.log_us))

    def reset_us(self, now_us: int) -> int:
        """Return how long until the oldest instant leaves the window."""
        return self.log_us[0] + self.span_us - now_us if self.log_us else 0


class Bucket(Gauge):
    """A bucket that holds the limit and refills evenly, once over in a span.

    The level is kept in units of which one request costs ``span_us`` and of which ``limit`` flow in
    each microsecond, so that no division is ever needed to refill it.
    """

    __slots__ = ("filled_us", "level")
    spent = ("level", "filled_us")

    def __init__(self, limit: int, span_us: int, now_us: int) -> None:
        self.level, self.filled_us = limit * span_us, now_us
        super().__init__(limit, span_us, now_us)

    def adapt(self, limit: int, span_us: int) -> None:
        """Keep the requests that are in the bucket, as far as they fit."""
        self.level = min(self.level * span_us // self.span_us, limit * span_us)
        super().adapt(limit, span_us)

    def settle(self, now_us: int) -> None:
        """Let in what has flowed since the last time."""
        flowed = max(0, now_us - self.filled_us) * self.limit
        self.level = min(self.level + flowed, self.limit * self.span_us)
        self.filled_us = now_us

    def wait_us(self, now_us: int) -> int:  # noqa: ARG002 - settled, so the level says all
        """Return how long until one request is in the bucket."""
        return max(0, -((self.level - self.span_us) // self.limit))

    def count(self, now_us: int) -> None:  # noqa: ARG002 - settled, so the level says all
        """Take one request out; a refused one empties the bucket, it makes no debt."""
        self.level = max(0, self.level - self.span_us)

    def remaining(self) -> int:
        """Return the whole requests in the bucket."""
        return self.level // self.span_us

    def reset_us(self, now_us: int) -> int:  # noqa: ARG002 - settled, so the level says all
        """Return how long until one more whole request is in the bucket."""
        if self.is_idle():
            return 0
        return -((self.level % self.span_us - self.span_us) // self.limit)


WINDOWS: dict[str, type[Gauge]] = {
    "fixed": FixedWindow,
    "sliding": SlidingWindow,
    "bucket": Bucket,
}


def restored(state: Sequence[Any], now_us: int) -> Gauge:
    """Return the gauge that told its state."""
    name, limit, span_us, kept = state
    kinds: tuple[type[Gauge], ...] = (*WINDOWS.values(), Day)
    gauge = next(kind for kind in kinds if kind.__name__ == name)(limit, int(span_us), now_us)
    for member, value in kept.items():
        setattr(gauge, member, deque(value) if isinstance(value, list) else int(value))
    gauge.settle(now_us)
    return gauge


def _plain(value: Any) -> str | list[int]:
    return list(value) if isinstance(value, deque) else str(value)
