"""The tail of the journal as a ledger keeps it, for whoever looks after a restart."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from mockserver.core.entry import Entry
from mockserver.core.entry_json import entry_of, plain
from mockserver.core.journal import Journal

#: Exchanges that are kept, and a few more: old ones are dropped by the hundred.
TAIL_MAX = 1_000
DROPPED_AT_ONCE = 100
LAST = "last"


class Traffic:
    """The last exchanges of a tenant, as rows.

    Args:
        journal: The tenant's.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._new: list[Entry] = []
        self._kept: deque[int] = deque()
        self._gone: list[int] = []
        self._last_id = 0
        journal.keep(self)

    def add(self, entry: Entry) -> None:
        """Keep one more exchange, at the end of the turn."""
        self._new.append(entry)

    def clear(self) -> None:
        """Forget all exchanges."""
        self._gone += self._kept
        self._kept.clear()
        self._new.clear()

    def changes(self) -> dict[str, Any]:
        """Return the exchanges since the last call; None for those that are too old."""
        new, self._new = self._new, []
        self._kept += [each.id for each in new]
        if len(self._kept) >= TAIL_MAX + DROPPED_AT_ONCE:
            self._gone += [self._kept.popleft() for _ in range(DROPPED_AT_ONCE)]
        gone, self._gone = self._gone, []
        rows: dict[str, Any] = {str(each): None for each in gone}
        rows |= {str(each.id): plain(each) for each in new}
        if self._journal.last_id != self._last_id:
            self._last_id = rows[LAST] = self._journal.last_id
        return rows

    def restore(self, rows: Mapping[str, Any]) -> None:
        """Give the journal what was kept."""
        last_id = int(rows.get(LAST) or 0)
        entries = [entry_of(row) for name, row in rows.items() if name != LAST and row]
        entries.sort(key=lambda each: each.id)
        self._kept, self._last_id = deque(each.id for each in entries), last_id
        self._journal.restore(entries, last_id)
