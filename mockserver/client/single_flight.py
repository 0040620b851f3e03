"""One thread does the work, the others wait for its result."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from mockserver.client.clock import ClientClock, Signal

T = TypeVar("T")


class _Flight:
    """Work that is under way, and who waits for it."""

    def __init__(self) -> None:
        self.waiting: list[Signal] = []
        self.done = False
        self.error: BaseException | None = None


class SingleFlight(Generic[T]):
    """Makes something that many threads need at once only once.

    Args:
        clock: Makes the signals by which threads wait for each other.
    """

    def __init__(self, clock: ClientClock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._flight: _Flight | None = None

    def get(self, present: Callable[[], T | None], make: Callable[[], T]) -> T:
        """Return what is there, or make it; an error of the maker is raised in every thread."""
        while True:
            with self._lock:
                value = present()
                if value is not None:
                    return value
                flight, leads = self._flight or _Flight(), self._flight is None
                self._flight = flight
                turn = self._clock.signal()
                if not leads:
                    flight.waiting.append(turn)
            if leads:
                return self._made(flight, make)
            while not flight.done:
                turn.wait()
            if isinstance(flight.error, Exception):
                raise flight.error

    def _made(self, flight: _Flight, make: Callable[[], T]) -> T:
        try:
            return make()
        except BaseException as error:
            flight.error = error
            raise
        finally:
            with self._lock:
                self._flight, flight.done = None, True
                for turn in flight.waiting:
                    turn.set()
