"""How many requests of a key run at the same time; the others queue, first come first served.

Automate queues what is above its ten or so concurrent requests rather than refusing it (seed 000).
Nobody polls: whoever leaves wakes exactly the one who has waited longest.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol


class Occupancy(NamedTuple):
    """How many requests of a key run, and how many wait."""

    running: int
    waiting: int


class Lane:
    """The requests of one key."""

    __slots__ = ("running", "waiting")

    def __init__(self) -> None:
        self.running = 0
        self.waiting: deque[Slot] = deque()


class Slot:
    """One request's place: in the queue at first, running once it is ``ready``.

    Whoever got it must ``leave``, also when it never became ready.
    """

    __slots__ = ("_key", "_left", "_slots", "_wakers", "ahead", "number", "ready")

    def __init__(self, slots: "Slots", key: str, number: int = 0, ahead: int = 0) -> None:
        self._slots, self._key = slots, key
        #: Its place in a queue that several processes share, and how many are before it there.
        self.number, self.ahead = number, ahead
        self._left, self.ready = False, False
        self._wakers: list[Callable[[], object]] = []

    def block(self, timeout_s: float | None = None) -> bool:
        """Block this thread until the request may run; return whether it may."""
        event = threading.Event()
        return self._watched(event.set) or event.wait(timeout_s)

    async def passed(self) -> None:
        """Wait on the running event loop until the request may run."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()

        def complete() -> None:
            if not future.done():
                future.set_result(None)

        if not self._watched(lambda: loop.call_soon_threadsafe(complete)):
            await future

    def leave(self) -> None:
        """Give the place up and let the next one in; a second call does nothing."""
        self._slots._leave(self)  # noqa: SLF001 - two halves of one thing

    def _watched(self, waker: Callable[[], object]) -> bool:
        with self._slots._lock:  # noqa: SLF001 - two halves of one thing
            if not self.ready:
                self._wakers.append(waker)
            return self.ready

    def _wake(self) -> None:
        for waker in self._wakers:
            try:
                waker()
            except RuntimeError:  # its event loop is closed: nobody is left who could leave
                self.leave()


class Queue(Protocol):
    """The queues of one API of a tenant, one for each key."""

    def enter(self, keys: Sequence[str]) -> Sequence[tuple[int, int]]:
        """Queue a request for each key; return their numbers, and how many are before each.

        Raises:
            LedgerLost: The database does not answer.
        """

    def leave(self, numbers: Sequence[int]) -> None:
        """Give places up."""

    def ahead(self, numbers: Sequence[int]) -> Mapping[int, int]:
        """Return how many are before each that is still there."""


class Slots:
    """The places of one API, counted per key.

    Args:
        limit_of: Returns how many requests of a key may run now, or None for any number. It is
            asked each time and must not take a lock of its own.
    """

    def __init__(self, limit_of: Callable[[], int | None]) -> None:
        self._limit_of = limit_of
        self._lock = threading.Lock()
        self._lanes: dict[str, Lane] = {}

    def enter(self, key: str) -> Slot:
        """Queue one request of the key; its slot is ready at once when there is room."""
        return self._entered(Slot(self, key))

    def _entered(self, slot: Slot) -> Slot:
        with self._lock:
            lane = self._lanes.setdefault(slot._key, Lane())  # noqa: SLF001 - halves of one thing
            lane.waiting.append(slot)
            if len(lane.waiting) > 1 and slot.number < lane.waiting[-2].number:
                # Drawn before that of somebody who was here first.
                lane.waiting = deque(sorted(lane.waiting, key=lambda each: each.number))
            admitted = self._admitted(lane)
        _wake(admitted)
        return slot

    def admit(self) -> None:
        """Let in whoever fits; call it when the limit was raised."""
        with self._lock:
            admitted = [slot for lane in self._lanes.values() for slot in self._admitted(lane)]
        _wake(admitted)

    def close(self) -> None:
        """Let everybody in: the tenant is gone, and each will be told so."""
        self._limit_of = lambda: None
        self.admit()

    def occupancy(self, key: str) -> Occupancy:
        """Return how many requests of the key run and wait."""
        with self._lock:
            lane = self._lanes.get(key)
            return Occupancy(lane.running, len(lane.waiting)) if lane else Occupancy(0, 0)

    def _admitted(self, lane: Lane) -> list[Slot]:
        limit = self._limit_of()
        admitted = []
        while lane.waiting and (limit is None or self._before(lane) < limit):
            slot = lane.waiting.popleft()
            slot.ready = True
            lane.running += 1
            admitted.append(slot)
        return admitted

    def _before(self, lane: Lane) -> int:
        """Return how many have a place that the first who waits could have."""
        return lane.running

    def _leave(self, slot: Slot) -> None:
        with self._lock:
            if slot._left:  # noqa: SLF001 - two halves of one thing
                return
            slot._left = True  # noqa: SLF001
            admitted = self._after(slot)
        _wake(admitted)

    def _after(self, slot: Slot) -> list[Slot]:
        key = slot._key  # noqa: SLF001 - two halves of one thing
        lane = self._lanes[key]
        if slot.ready:
            lane.running -= 1
        else:
            lane.waiting.remove(slot)
        admitted = self._admitted(lane)
        if not lane.running and not lane.waiting:
            del self._lanes[key]
        return admitted


def _wake(admitted: list[Slot]) -> None:
    for slot in admitted:
        slot._wake()  # noqa: SLF001 - two halves of one thing
