"""What a store remembers of its last reads, until somebody writes.

Every call of SQLite lets other threads run, and under load getting the turn back costs more than
the query itself: what was just read is worth keeping for a moment.
"""

from collections.abc import Callable, Hashable
from typing import Any

ANSWERS_MAX = 4_096
PAGES_MAX = 64
RECORDS_MAX = 4_096


class Memory:
    """Answers about collections and single records, each dropped when it may have changed."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._answers: dict[Hashable, tuple[int, Any]] = {}
        self._pages: dict[Hashable, tuple[int, Any]] = {}
        self._records: dict[tuple[str, int], dict[str, Any]] = {}

    def answer(self, path: str, key: Hashable, find: Callable[[], Any]) -> Any:
        """Return what *find* found since the collection at *path* was last written."""
        return self._known(self._answers, ANSWERS_MAX, path, (path, key), find)

    def page(self, path: str, key: Hashable, find: Callable[[], Any]) -> Any:
        """Return the same for pages, which are large: few of them are kept."""
        return self._known(self._pages, PAGES_MAX, path, (path, key), find)

    def _known(
        self,
        kept: dict[Hashable, tuple[int, Any]],
        most: int,
        path: str,
        key: Hashable,
        find: Callable[[], Any],
    ) -> Any:
        version = self._versions.get(path, 0)
        known = kept.get(key)
        if known is None or known[0] != version:
            if len(kept) >= most:
                kept.clear()
            known = kept[key] = (version, find())
        return known[1]

    def record(self, path: str, record_id: int) -> dict[str, Any]:
        """Return what is remembered of a record, by any name; the caller adds to it."""
        known = self._records.get((path, record_id))
        if known is None:
            if len(self._records) >= RECORDS_MAX:
                self._records.clear()
            known = self._records[path, record_id] = {}
        return known

    def written(self, path: str, record_id: int) -> dict[str, Any]:
        """Forget what a write to this record may have changed; return its blank memory."""
        self._versions[path] = self._versions.get(path, 0) + 1
        self._records.pop((path, record_id), None)
        return self.record(path, record_id)

    def clear(self) -> None:
        """Forget everything."""
        self._answers.clear()
        self._pages.clear()
        self._records.clear()
