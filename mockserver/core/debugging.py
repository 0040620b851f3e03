"""Debug mode: while it is on, what a member's keys send is shown in the member's API log.

It runs for at most 1,440 minutes; starting it again begins a new log (seed 003).
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from mockserver.core.clock import INSTANT_FORMAT, Clock
from mockserver.core.journal import Journal
from mockserver.core.turns import Turn, at_once

MINUTES_MAX = 1_440
MEMBERS_MAX = 1_000
ENTRIES_MAX = 10_000


@dataclass(frozen=True)
class Session:
    """One recording.

    Attributes:
        member: Whose keys are watched, as the login is spelt.
        started: When it began, on the tenant's clock.
        until: When it ends.
        after_id: The journal's last entry before it.
    """

    member: str
    started: datetime
    until: datetime
    after_id: int

    def document(self, now: datetime) -> dict[str, Any]:
        """Return the session as the control plane shows it."""
        return {
            "member": self.member,
            "started": self.started.strftime(INSTANT_FORMAT),
            "until": self.until.strftime(INSTANT_FORMAT),
            "active": self.started <= now < self.until,
        }


class DebugMode:
    """The API logs of a tenant's members, read from its journal.

    Args:
        clock: The tenant's.
        journal: The tenant's.
    """

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock, self._journal = clock, journal
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()
        self.turn: Turn = at_once

    def start(self, member: str, minutes: int) -> dict[str, Any]:
        """Begin a member's log anew; return the session.

        Raises:
            ValueError: The time is out of bounds, or too many members are watched.
        """
        if not 1 <= minutes <= MINUTES_MAX:
            raise ValueError(f"minutes must be from 1 to {MINUTES_MAX}")
        now = self._clock.now()
        session = Session(member, now, now + timedelta(minutes=minutes), self._journal.last_id)
        with self.turn(), self._lock:
            if len(self._sessions) >= MEMBERS_MAX:
                raise ValueError(f"{MEMBERS_MAX} members are watched already")
            self._sessions[member.casefold()] = session
        return session.document(now)

    def sessions(self) -> list[dict[str, Any]]:
        """Return every session, also those that have ended."""
        now = self._clock.now()
        return [each.document(now) for each in list(self._sessions.values())]

    def log(self, member: str, search: str = "") -> list[dict[str, Any]] | None:
        """Return what was recorded since the log was started, oldest first; None without a log.

        Only what the server understood is there: a request that was cut off, or that no operation
        and no key belongs to, is not (seed 003, "Telerik's Fiddler").
        """
        session = self._sessions.get(member.casefold())
        if session is None:
            return None
        found = self._journal.entries(api="psa", since=session.after_id, limit=ENTRIES_MAX)
        rows = (_row(entry) for entry in _recorded(session, reversed(found)))
        wanted = search.casefold()
        return [row for row in rows if any(wanted in str(v).casefold() for v in row.values())]

    def reset(self) -> None:
        """Forget every session."""
        with self._lock:
            self._sessions.clear()

    def state(self) -> list[dict[str, Any]]:
        """Return the sessions as JSON, for ``restore``."""
        with self._lock:
            return [
                {
                    **asdict(each),
                    "started": each.started.isoformat(),
                    "until": each.until.isoformat(),
                }
                for each in self._sessions.values()
            ]

    def restore(self, state: Sequence[Mapping[str, Any]]) -> None:
        """Go on with the sessions that were kept, and no others."""
        spans = (
            {n: datetime.fromisoformat(each[n]) for n in ("started", "until")} for each in state
        )
        sessions = [Session(**{**each, **span}) for each, span in zip(state, spans, strict=True)]
        with self._lock:
            self._sessions = {each.member.casefold(): each for each in sessions}


def _recorded(
    session: Session, entries: Iterable[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    for entry in entries:
        understood = entry["template"] and entry["status"] and entry["key"]
        own = str(entry["login"]).casefold() == session.member.casefold()
        if understood and own and entry["at"] < session.until.strftime("%Y-%m-%dT%H:%M:%S.%fZ"):
            yield entry


def _row(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the vendor's table, and the bodies behind its links."""
    return {
        "api_key_description": entry["key"],
        "start_time": entry["at"],
        "duration_ms": entry["duration_ms"],
        "response": entry["status"],
        "method": entry["method"],
        "url": entry["url"],
        "request_body": entry["request_body"],
        "response_body": entry["response_body"],
    }
