"""Time and chance as the client sees them: injected, so that tests need not wait."""

import random
import threading
import time
from typing import Protocol


class Signal(Protocol):
    """Something that one thread waits for and another one gives."""

    def set(self) -> None:
        """Wake the thread that waits, or the next one that does."""

    def wait(self, timeout_s: float | None = None) -> None:
        """Return when it is given or the time is over, and forget that it was given."""


class ClientClock(Protocol):
    """What the client asks of time."""

    def now_s(self) -> float:
        """Return seconds of a clock that only runs forwards."""

    def wall_s(self) -> float:
        """Return seconds since the epoch, for dates and passcodes."""

    def sleep(self, seconds: float) -> None:
        """Let *seconds* pass."""

    def signal(self) -> Signal:
        """Return a new signal, not given yet."""


class ThreadSignal:
    """A signal between ordinary threads."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Wake the thread that waits."""
        self._event.set()

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait for the signal in real time."""
        self._event.wait(timeout_s)
        self._event.clear()


class SystemClock:
    """The machine's own time."""

    def now_s(self) -> float:
        """Return the monotonic clock's seconds."""
        return time.monotonic()

    def wall_s(self) -> float:
        """Return the machine's seconds since the epoch."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    def signal(self) -> Signal:
        """Return a signal between threads."""
        return ThreadSignal()


class Chance(Protocol):
    """A source of numbers between two bounds, as ``random.Random`` is one."""

    def uniform(self, a: float, b: float) -> float:
        """Return a number from *a* to *b*."""


def dice(seed: int | None = None) -> Chance:
    """Return a source of chance; the same *seed* gives the same numbers."""
    return random.Random(seed)
