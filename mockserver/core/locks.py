"""Records that somebody else is editing: writes to them are refused until the lock ends."""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from mockserver.core.clock import INSTANT_FORMAT, Clock
from mockserver.core.errors import Conflict
from mockserver.core.turns import Turn, at_once

SECONDS_MAX = 86_400.0
LOCKS_MAX = 1_000


class Lock(NamedTuple):
    """One lock: whose it is and when it ends."""

    api: str
    path: str
    by: str
    until: datetime

    def document(self) -> dict[str, Any]:
        """Return the lock as the control plane shows it."""
        until = self.until.strftime(INSTANT_FORMAT)
        return {"api": self.api, "path": self.path, "by": self.by, "until": until}


class Locks:
    """The locked records of a tenant.

    Args:
        clock: Tells when a lock has ended.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[tuple[str, str], Lock] = {}
        self._lock = threading.Lock()
        self.turn: Turn = at_once

    def hold(self, api: str, path: str, seconds: float, by: str) -> Lock:
        """Lock the record at *path* (below the API's base); return the lock.

        Raises:
            ValueError: The path names nothing, the time is out of bounds, or there are too many.
        """
        key = (api, _plain(path))
        if not key[1]:
            raise ValueError("path must name a record, such as /service/tickets/5000")
        if not 0 < seconds <= SECONDS_MAX:
            raise ValueError(f"seconds must be more than 0 and at most {SECONDS_MAX:.0f}")
        with self.turn(), self._lock:
            if len(self._held) >= LOCKS_MAX and key not in self._held:
                raise ValueError(f"there are {LOCKS_MAX} locks already")
            lock = Lock(api, f"/{key[1]}", by, self._clock.now() + timedelta(seconds=seconds))
            self._held[key] = lock
            return lock

    def refuse_if_held(self, api: str, path: str) -> None:
        """Raise Conflict when the record at *path* is locked."""
        if not self._held:
            return
        lock = self._held.get((api, _plain(path)))
        if lock is not None and self._clock.now() < lock.until:
            raise Conflict(f"The record is being edited by {lock.by}.")

    def documents(self) -> list[dict[str, Any]]:
        """Return the locks that have not ended."""
        now = self._clock.now()
        with self._lock:
            self._held = {key: lock for key, lock in self._held.items() if now < lock.until}
            return [lock.document() for lock in self._held.values()]

    def clear(self) -> None:
        """Let everything be written again."""
        with self.turn(), self._lock:
            self._held = {}

    def state(self) -> list[dict[str, Any]]:
        """Return the locks as JSON, for ``restore``."""
        with self._lock:
            return [
                {**each._asdict(), "until": each.until.isoformat()} for each in self._held.values()
            ]

    def restore(self, state: Iterable[Mapping[str, Any]]) -> None:
        """Hold the locks that were kept, and no others."""
        locks = [Lock(**{**each, "until": datetime.fromisoformat(each["until"])}) for each in state]
        with self._lock:
            self._held = {(each.api, _plain(each.path)): each for each in locks}


def _plain(path: str) -> str:
    return "/".join(part for part in path.casefold().split("/") if part)
