"""The gate of one credential: all its threads pass here, one at a time, in the order they came."""

import threading
from collections import deque
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import inf

from mockserver.client.clock import Chance, ClientClock, Signal
from mockserver.client.errors import ClientClosed, GateShut
from mockserver.client.quota import UNTIL_SOMETHING_HAPPENS, Pace, Pass, QuotaState
from mockserver.client.retry_after import Quota


@dataclass(frozen=True, eq=False)
class Turn:
    """A place in the line, of somebody who would not send any more after *until_s*."""

    signal: Signal
    until_s: float = inf


class Gate:
    """Lets requests through when the quota allows them.

    Whoever is first in line decides at the moment of sending, by what is known then; nobody
    reserves a later moment, because what is known changes with every answer.

    Args:
        clock: Whose seconds count.
        chance: For jitter.
        pace: How it behaves.
    """

    #: How long the first in line trusts what it knows, and how long where only an event can help:
    #: for good, since all that can happen happens here.
    trusts_s, looks_s = inf, inf

    def __init__(self, clock: ClientClock, chance: Chance, pace: Pace | None = None) -> None:
        self._clock, self._state = clock, QuotaState(pace or Pace(), chance)
        self._line: deque[Turn] = deque()
        self._resting: set[Signal] = set()
        self._lock: AbstractContextManager[object] = threading.Lock()
        self._closed = False

    @property
    def in_flight(self) -> int:
        """Return how many requests are under way."""
        return self._state.in_flight

    def enter(self, until_s: float | None = None, *, urgent: bool = False) -> Pass:
        """Return the permission to send one request, when it is there.

        Args:
            until_s: The second of the gate's clock after which the caller would not send any more.
            urgent: Whether to go before all others: a login, for which they wait anyway.

        Raises:
            GateShut: The server wants no requests until then, or there were too many before.
            ClientClosed: ``close`` was called.
        """
        turn = Turn(self._clock.signal(), inf if until_s is None else until_s)
        with self._lock:
            (self._line.appendleft if urgent else self._line.append)(turn)
        try:
            return self._admitted(turn)
        finally:
            self._step_out(turn)

    def _admitted(self, turn: Turn) -> Pass:
        while True:
            with self._lock:
                now_s = self._clock.now_s()
                self._refuse_if_hopeless(now_s, turn.until_s)
                wait_s = UNTIL_SOMETHING_HAPPENS
                if self._line[0] is turn:
                    wait_s = self._patience_s(self._state.wait_s(now_s))
                if wait_s <= 0:
                    return self._state.take(now_s)
            # Only who is first, and knows for how long, looks at the clock: where time is a
            # test's, waiting moves it. The others are woken when something happens.
            if wait_s == UNTIL_SOMETHING_HAPPENS:
                turn.signal.wait(None)
            else:
                # A wait too short for the clock to tell would never end.
                turn.signal.wait(min(wait_s, max(0.001, turn.until_s - now_s)))

    def _patience_s(self, wait_s: float) -> float:
        """Return after how long to look again at the latest."""
        return min(wait_s, self.looks_s if wait_s == UNTIL_SOMETHING_HAPPENS else self.trusts_s)

    def _refuse_if_hopeless(self, now_s: float, until_s: float) -> None:
        if self._closed:
            raise ClientClosed("the client is closed")
        opens_s = self._state.shut_until_s
        if opens_s > until_s:
            raise GateShut(f"the server takes no requests for another {opens_s - now_s:.0f} s")
        if now_s > until_s:
            raise GateShut("too many requests were before this one")

    def _step_out(self, turn: Turn) -> None:
        with self._lock:
            self._line.remove(turn)
            self._wake()

    def answered(self, sent: Pass, quota: Quota | None, *, conclusive: bool = True) -> None:
        """Learn from an answer; *conclusive* ones without a quota say that there is none."""
        with self._lock:
            self._state.answered(sent, self._clock.now_s(), quota, conclusive=conclusive)
            self._wake()

    def refused(self, sent: Pass, asked_s: float) -> None:
        """Keep every thread away for *asked_s* and a little more."""
        with self._lock:
            self._state.refused(sent, self._clock.now_s(), asked_s)
            # Those who would have to wait too long learn it now.
            self._wake(everybody=True)

    def failed(self, sent: Pass) -> None:
        """Count a failure of the server or the connection."""
        with self._lock:
            self._state.failed(sent, self._clock.now_s())
            self._wake(everybody=True)

    def cancelled(self, sent: Pass) -> None:
        """Forget a request that came to no end."""
        with self._lock:
            self._state.cancelled(sent)
            self._wake()

    def withdrawn(self, sent: Pass) -> None:
        """Take back a permission that was not used."""
        with self._lock:
            self._state.withdrawn(sent)
            self._wake()

    def rest(self, seconds: float) -> None:
        """Let *seconds* pass; ``close`` ends it."""
        signal, ends_s = self._clock.signal(), self._clock.now_s() + seconds
        with self._lock:
            self._resting.add(signal)
        try:
            while not self._closed and self._clock.now_s() < ends_s:
                signal.wait(ends_s - self._clock.now_s())
        finally:
            with self._lock:
                self._resting.discard(signal)
        if self._closed:
            raise ClientClosed("the client is closed")

    def close(self) -> None:
        """Wake whoever waits: ClientClosed is raised there."""
        with self._lock:
            self._closed = True
            self._wake(everybody=True)
            for signal in self._resting:
                signal.set()

    def _wake(self, *, everybody: bool = False) -> None:
        now_s = self._clock.now_s()
        for place, turn in enumerate(self._line):
            if everybody or place == 0 or now_s > turn.until_s:
                turn.signal.set()
