"""The time of a tenant: for tests to move, and for clients that live in it."""

import threading
from datetime import datetime

from mockserver.client.clock import Signal
from mockserver.core.clock import Clock


class TenantTime:
    """A client clock that is the tenant's: whoever sleeps moves it and waits for nothing.

    Args:
        clock: The tenant's.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now_s(self) -> float:
        """Return the tenant's seconds."""
        return self._clock.timestamp()

    def wall_s(self) -> float:
        """Return the tenant's seconds since the epoch."""
        return self._clock.timestamp()

    def sleep(self, seconds: float) -> None:
        """Move the tenant's clock forwards."""
        self._clock.set(advance_s=max(0.0, seconds))

    def signal(self) -> Signal:
        """Return a signal whose timeouts pass at once."""
        return _Signal(self)


class _Signal:
    def __init__(self, time: TenantTime) -> None:
        self._time, self._event = time, threading.Event()

    def set(self) -> None:
        self._event.set()

    def wait(self, timeout_s: float | None = None) -> None:
        if timeout_s is None:
            self._event.wait()
        elif not self._event.is_set():
            self._time.sleep(timeout_s)
        self._event.clear()


class MockClock:
    """The tenant's clock in the hands of a test; it stands still until it is moved.

    Args:
        clock: The tenant's.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.freeze()

    @property
    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return self._clock.now()

    def advance(self, seconds: float) -> datetime:
        """Move forwards and return the instant then: tokens end, windows reset, scripts run."""
        self._clock.set(advance_s=seconds)
        return self.now

    def set(self, instant: datetime) -> None:
        """Go to an instant (aware)."""
        self._clock.set(now=instant)

    def freeze(self) -> None:
        """Stand still."""
        self._clock.set(frozen=True)

    def run(self) -> None:
        """Go on with the machine's time."""
        self._clock.set(frozen=False)
