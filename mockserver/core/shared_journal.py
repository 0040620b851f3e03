"""A journal that several processes write: each exchange is published, and fetched by who looks.

A process that nobody asks for its journal holds none of it in memory.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from mockserver.core.attempt import Attempt
from mockserver.core.entry import Entry
from mockserver.core.entry_json import attempt_of, document, entry_of
from mockserver.core.together import Together
from mockserver.core.wide_json import dumps, loads

#: What others publish is looked for so often while somebody listens.
LOOK_AGAIN_S = 0.5


@dataclass(frozen=True)
class Published:
    """An exchange as it is shared.

    Attributes:
        attempt: What is kept of it for longer, as JSON.
        entry: All of it; None when that is not kept (any more).
        id: Its number, once it has one.
    """

    attempt: bytes
    entry: bytes | None
    id: int = 0


@dataclass(frozen=True)
class Place:
    """How far somebody has read.

    Attributes:
        epoch: How often everything was forgotten.
        change: The number of the last change.
        last_id: The number of the last exchange.
    """

    epoch: int = -1
    change: int = -1
    last_id: int = 0


class Exchanges(Protocol):
    """Where the exchanges of a tenant are published."""

    def publish(self, rows: Sequence[Published]) -> int:
        """Keep rows and return the number of the first; the others follow.

        Raises:
            TenantGone: The tenant was removed.
            LedgerLost: The database does not answer.
        """

    def amend(self, rows: Sequence[Published]) -> None:
        """Keep attempts that became known better."""

    def since(self, place: Place) -> tuple[Place, Sequence[Published]]:
        """Return what was published or amended since, by number, and the place after it.

        When the epoch is another one, that is everything there is.
        """

    def clear(self, last_id: int | None = None) -> None:
        """Forget everything; number on, or after *last_id*."""


class Reader(Protocol):
    """Whoever is brought what was published: a journal."""

    def take(
        self, found: Sequence[tuple[Attempt, Entry | None]], last_id: int, *, anew: bool
    ) -> None:
        """Take over what is new, by id, and what became known of the rest."""


class SharedTail:
    """Publishes what a journal is told, and brings it what others published.

    Args:
        journal: The tenant's.
        exchanges: Where.
    """

    def __init__(self, journal: Reader, exchanges: Exchanges) -> None:
        self._journal, self._exchanges = journal, exchanges
        self._place = Place()
        self._amended: deque[Attempt] = deque()
        self._publish = Together(self._published)
        self._look = Together(self._looked)

    def publish(self, entry: Entry) -> int:
        """Let everybody see an exchange; return its number."""
        entry.id = entry.attempt.id = self._publish(entry)
        return entry.id

    def _published(self, entries: Sequence[Entry]) -> Sequence[int]:
        self.flush()
        first = self._exchanges.publish([_row(each) for each in entries])
        return range(first, first + len(entries))

    def amend(self, attempt: Attempt) -> None:
        """Take note that more is known of an attempt; ``flush`` tells the others."""
        if attempt.id:
            self._amended.append(attempt)

    def flush(self) -> None:
        """Tell the others what became known of attempts."""
        known = [self._amended.popleft() for _ in range(len(self._amended))]
        if known:
            self._exchanges.amend([Published(_json(each), None, each.id) for each in known])

    def look(self) -> None:
        """Bring the journal all that was published until now."""
        self._look(None)

    def _looked(self, asked: Sequence[None]) -> Sequence[None]:
        self.flush()
        place, rows = self._exchanges.since(self._place)
        if place != self._place:
            anew = place.epoch != self._place.epoch
            self._place = place
            self._journal.take([_entry(row) for row in rows], place.last_id, anew=anew)
        return asked

    def clear(self, last_id: int | None = None) -> None:
        """Forget all exchanges; number on, or after *last_id*."""
        self._amended.clear()
        self._exchanges.clear(last_id)


def _row(entry: Entry) -> Published:
    whole = document(entry)
    return Published(dumps(whole.pop("attempt")), dumps(whole))


def _json(attempt: Attempt) -> bytes:
    return dumps(asdict(attempt))


def _entry(row: Published) -> tuple[Attempt, Entry | None]:
    kept = loads(row.attempt) | {"id": row.id}
    if row.entry is None:
        return attempt_of(kept), None
    entry = entry_of(loads(row.entry) | {"id": row.id, "attempt": kept})
    return entry.attempt, entry
