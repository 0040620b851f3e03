"""One gate for the processes of a machine that use the same credentials: its state is in a file.

Two processes with a gate each are two clients that know nothing of each other. Both hold requests
back for the other or take them away from it (retry facts 5, finding 5).
"""

import json
import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from mockserver.client.clock import Chance, ClientClock, SystemClock, dice
from mockserver.client.gate import Gate
from mockserver.client.quota import Pace, QuotaState

#: How long a process waits for another one to leave the file.
BUSY_S = 10.0
#: Whoever has not answered for a request by then has died with it.
LEASE_S = 120.0


class SharedGate(Gate):
    """A gate that the processes of one machine share.

    Each process has a line of its own; the first of every line decides at the moment of sending, by
    what is known to all. It needs a clock that runs alike for all of them, as the machine's does.

    Args:
        path: The file; made if there is none. It holds numbers and times, nothing secret.
        clock: Whose seconds count.
        chance: For jitter.
        pace: How it behaves; give every process the same.

    Raises:
        sqlite3.Error: The file cannot be used.
    """

    #: Other processes wake nobody here, so that the first in line looks by itself.
    trusts_s, looks_s = 1.0, 0.03

    def __init__(
        self,
        path: Path | str,
        *,
        clock: ClientClock | None = None,
        chance: Chance | None = None,
        pace: Pace | None = None,
    ) -> None:
        clock, chance = clock or SystemClock(), chance or dice()
        super().__init__(clock, chance, pace)
        self._lock = _Shared(Path(path), self._state, clock)


class _Shared:
    """A lock that brings the state along, and takes it back with what has changed."""

    def __init__(self, path: Path, state: QuotaState, clock: ClientClock) -> None:
        self._path, self._state, self._clock = path, state, clock
        self._fresh, self._text = json.dumps(state.kept()), ""
        self._thread_lock = threading.Lock()
        self._connection, self._pid = self._opened(), os.getpid()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        # It need not survive the machine, only the process.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE IF NOT EXISTS gate (id INTEGER PRIMARY KEY, state TEXT)")
        return connection

    def __enter__(self) -> None:
        self._thread_lock.acquire()
        try:
            if self._pid != os.getpid():
                # SQLite's connections do not survive a fork.
                self._connection, self._pid = self._opened(), os.getpid()
            self._connection.execute("BEGIN IMMEDIATE")
            self._take_over()
        except BaseException:
            self._leave()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            text = json.dumps({"at_s": self._clock.now_s(), "known": self._state.kept()})
            self._connection.execute("INSERT OR REPLACE INTO gate VALUES (1, ?)", (text,))
            self._connection.execute("COMMIT")
            self._text = text
        finally:
            self._leave()

    def _take_over(self) -> None:
        row = self._connection.execute("SELECT state FROM gate WHERE id = 1").fetchone()
        text, now_s = row[0] if row else "", self._clock.now_s()
        if text != self._text or not text:
            self._state.restore(self._known(text, now_s))
        self._state.abandon(now_s - LEASE_S)

    def _known(self, text: str, now_s: float) -> dict[str, object]:
        """Return what the file says, if it is of this version and since the machine started."""
        fresh: dict[str, object] = json.loads(self._fresh)
        with suppress(ValueError, KeyError, TypeError):
            kept = json.loads(text)
            if kept["at_s"] <= now_s and kept["known"].keys() == fresh.keys():
                fresh = kept["known"]
        return fresh

    def _leave(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._thread_lock.release()
