"""The threads that run the WSGI app.

The standard executor is not used for two reasons: it insists on joining its threads when the
interpreter ends, so that one slow request would keep SIGTERM waiting, and its futures cost more
locks than a short request does.

Python runs one thread at a time: several that have work only hand the turn to and fro, at every
call of the database (measured at 16 connections: 13 switches for a create instead of 4, and a
tenth fewer reads). So there is one, and others help out only while nothing gets done.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

Result = TypeVar("Result")

#: After how long without any work done the threads are taken to be held up.
PATIENCE_S = 0.01

Outcome = tuple[Any, BaseException | None]
Told = asyncio.Future[Outcome]


class _Job(NamedTuple):
    call: Callable[[], object]
    loop: asyncio.AbstractEventLoop
    told: Told


class Crew:
    """A daemon thread that works for one event loop, and others while it is held up.

    Args:
        size: How many there may be.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._started = 0
        # Counted in the event loop only, hence without a lock.
        self._busy = self._finished = 0
        self._watching = False
        #: How many jobs the one thread has behind it: while it stands still, others work.
        self._turn = 0
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()

    async def run(self, call: Callable[[], Result]) -> Result:
        """Return what *call* returns in one of the threads, or raise what it raises."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[tuple[Result, BaseException | None]] = loop.create_future()
        self._busy += 1
        if not self._started:
            self._start(self._work)
        self._watch(loop)
        self._jobs.put(_Job(call, loop, told))
        result, failure = await told
        if failure is not None:
            raise failure
        return result

    def dismiss(self) -> None:
        """Let the threads end after the work at hand; nobody waits for them."""
        for _ in range(self._started):
            self._jobs.put(None)

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have a look soon if there is work that could wait for a thread in vain."""
        if not self._watching and self._started < min(self._busy, self._size):
            self._watching = True
            loop.call_later(PATIENCE_S, self._relieve, loop, self._finished)

    def _relieve(self, loop: asyncio.AbstractEventLoop, finished: int) -> None:
        """Start a thread for each that waits if nothing was done since the last look."""
        if self._finished == finished:
            for _ in range(min(self._busy, self._size) - self._started):
                self._start(self._help_out, loop)
        self._watching = False
        self._watch(loop)

    def _start(self, work: Callable[..., None], *given: object) -> None:
        self._started += 1
        name = f"cwmock-{self._started}"
        threading.Thread(target=work, args=given, name=name, daemon=True).start()

    def _work(self) -> None:
        while self._do_one():
            self._turn += 1

    def _help_out(self, loop: asyncio.AbstractEventLoop) -> None:
        turn = self._turn
        while self._do_one() and self._turn == turn:
            pass
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._leave, loop)

    def _do_one(self) -> bool:
        """Work on the next job; return whether there was one before the end."""
        job = self._jobs.get()
        if job is None:
            return False
        outcome = _outcome(job.call)
        # A loop that is closed has nobody left to answer.
        with suppress(RuntimeError):
            job.loop.call_soon_threadsafe(self._finish, job.told, outcome)
        return True

    def _finish(self, told: Told, outcome: Outcome) -> None:
        self._busy -= 1
        self._finished += 1
        if not told.done():
            told.set_result(outcome)

    def _leave(self, loop: asyncio.AbstractEventLoop) -> None:
        self._started -= 1
        self._watch(loop)


def _outcome(call: Callable[[], object]) -> tuple[object, BaseException | None]:
    try:
        return call(), None
    except BaseException as failure:  # noqa: BLE001 - carried over to the event loop
        return None, failure
