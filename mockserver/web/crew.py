"""The threads that run the WSGI app.

The standard executor is not used for two reasons: it insists on joining its threads when the
interpreter ends, so that one slow request would keep SIGTERM waiting, and its futures cost more
locks than a short request does.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

Result = TypeVar("Result")

#: Python runs one thread at a time: more of them only hand the turn to and fro (measured at 16
#: connections: a fifth fewer requests with 16 threads than with 2).
FEW = 2
#: How long work may lie waiting before it is taken as a sign that threads are held up.
PATIENCE_S = 0.01


class _Job(NamedTuple):
    call: Callable[[], object]
    loop: asyncio.AbstractEventLoop
    outcome: "asyncio.Future[tuple[Any, BaseException | None]]"


class Crew:
    """Daemon threads that work for one event loop: few, and more when those are held up.

    Args:
        size: How many there may be.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._started = 0
        # Counted in the event loop only, hence without a lock.
        self._busy = self._finished = 0
        self._watching = False
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()

    async def run(self, call: Callable[[], Result]) -> Result:
        """Return what *call* returns in one of the threads, or raise what it raises."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[tuple[Result, BaseException | None]] = loop.create_future()
        self._busy += 1
        if self._started < min(self._busy, self._size, FEW):
            self._start()
        elif not self._watching and self._started < min(self._busy, self._size):
            self._watch(loop)
        self._jobs.put(_Job(call, loop, outcome))
        result, failure = await outcome
        if failure is not None:
            raise failure
        return result

    def dismiss(self) -> None:
        """Let the threads end after the work at hand; nobody waits for them."""
        for _ in range(self._started):
            self._jobs.put(None)

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watching = True
        loop.call_later(PATIENCE_S, self._relieve, loop, self._finished)

    def _relieve(self, loop: asyncio.AbstractEventLoop, finished: int) -> None:
        """Start a thread for all that waits if less than that was done since the last look."""
        waiting = self._busy - self._started
        if self._finished - finished < waiting:
            for _ in range(min(waiting, self._size - self._started)):
                self._start()
        self._watching = False
        if self._started < min(self._busy, self._size):
            self._watch(loop)

    def _start(self) -> None:
        self._started += 1
        name = f"cwmock-{self._started}"
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            result, failure = _outcome(job.call)
            # A loop that is closed has nobody left to answer.
            with suppress(RuntimeError):
                job.loop.call_soon_threadsafe(self._finish, job.outcome, result, failure)
            # A thread without work must not keep the last request alive.
            del job, result, failure

    def _finish(
        self,
        outcome: "asyncio.Future[tuple[object, BaseException | None]]",
        result: object,
        failure: BaseException | None,
    ) -> None:
        self._busy -= 1
        self._finished += 1
        if not outcome.done():
            outcome.set_result((result, failure))


def _outcome(call: Callable[[], object]) -> tuple[object, BaseException | None]:
    try:
        return call(), None
    except BaseException as failure:  # noqa: BLE001 - carried over to the event loop
        return None, failure
