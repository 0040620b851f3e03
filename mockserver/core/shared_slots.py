"""Slots that several processes share: one queue for each key, in their database.

Who enters gets a number. A request may run while fewer than the limit have smaller numbers; that is
first come, first served, and nobody has to hand a place on. Who waits looks again and again.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence

from mockserver.core.ledger import LedgerLost
from mockserver.core.slots import Lane, Queue, Slot, Slots
from mockserver.core.together import Together

#: Who waits looks so often whether it may run.
LOOK_AGAIN_S = 0.025
JOIN_S = 5.0


class SharedSlots(Slots):
    """The places of one API, counted per key in all processes together.

    Args:
        limit_of: As ``Slots`` takes it. Without a limit nobody queues, and nobody is asked.
        queue: Where the numbers are drawn.
    """

    def __init__(self, limit_of: Callable[[], int | None], queue: Queue) -> None:
        super().__init__(limit_of)
        self._queue = queue
        self._number = Together(queue.enter)
        self._give_up = Together(self._given_up)
        self._unwanted: deque[int] = deque()
        self._watching = False
        self._thread: threading.Thread | None = None
        self._look = threading.Event()

    def enter(self, key: str) -> Slot:
        """Queue one request of the key; its slot is ready at once when there is room."""
        if self._limit_of() is None:
            return super().enter(key)
        number, ahead = self._number(key)
        slot = self._entered(Slot(self, key, number, ahead))
        if not slot.ready:
            self._watch()
        return slot

    def _before(self, lane: Lane) -> int:
        return lane.waiting[0].ahead

    def _leave(self, slot: Slot) -> None:
        number, slot.number = slot.number, 0
        super()._leave(slot)
        if number:
            self._unwanted.append(number)
            # When the database does not answer, whoever leaves or looks next gives it up, too.
            with contextlib.suppress(LedgerLost):
                self._give_up(None)
            self._look.set()

    def _given_up(self, asked: Sequence[None]) -> Sequence[None]:
        numbers = [self._unwanted.popleft() for _ in range(len(self._unwanted))]
        try:
            if numbers:
                self._queue.leave(numbers)
        except LedgerLost:
            self._unwanted.extend(numbers)
            raise
        return asked

    # -- who waits ----------------------------------------------------------------------------

    def _watch(self) -> None:
        with self._lock:
            if self._watching:
                return
            self._watching = True
            self._thread = threading.Thread(target=self._watched, name="cwmock-queue", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Let everybody in, and look no more."""
        super().close()
        self._look.set()
        if self._thread is not None:
            self._thread.join(JOIN_S)

    def _watched(self) -> None:
        while waiting := self._waiting():
            with contextlib.suppress(LedgerLost):
                self._given_up(())
                ahead = self._queue.ahead([slot.number for slot in waiting])
                for slot in waiting:
                    # Who was lost from the queue must not wait for ever.
                    slot.ahead = ahead.get(slot.number, 0)
                self.admit()
            self._look.wait(LOOK_AGAIN_S)
            self._look.clear()

    def _waiting(self) -> list[Slot]:
        with self._lock:
            waiting = [slot for lane in self._lanes.values() for slot in lane.waiting]
            self._watching = bool(waiting)
            return waiting
