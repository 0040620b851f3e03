"""What a store remembers of its last reads, until somebody writes.

Every call of SQLite lets other threads run, and under load getting the turn back costs more than
the query itself: what was just read is worth keeping for a moment.
"""

from collections.abc import Callable, Hashable
from typing import Any

from mockserver.core.schema import Resource

ANSWERS_MAX = 4_096
PAGE_BYTES_MAX = 8 * 1024 * 1024
PAGES_BYTES_MAX = 24 * 1024 * 1024
RECORDS_MAX = 4_096
#: A page's text, and whatever its headers need.
Found = tuple[bytes, int, int, int | None]


class Memory:
    """Answers about collections and single records, each dropped when it may have changed."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._answers: dict[Hashable, tuple[int, Any]] = {}
        self._pages: dict[Hashable, tuple[int, Found]] = {}
        self._page_bytes = 0
        self._records: dict[tuple[str, int], dict[str, Any]] = {}

    def answer(self, path: str, key: Hashable, find: Callable[[], Any]) -> Any:
        """Return what *find* found since the collection at *path* was last written."""
        version = self._versions.get(path, 0)
        known = self._answers.get((path, key))
        if known is None or known[0] != version:
            if len(self._answers) >= ANSWERS_MAX:
                _drop_oldest(self._answers)
            known = self._answers[path, key] = (version, find())
        return known[1]

    def page(self, path: str, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return the same for pages, which are large: they are bounded by their bytes."""
        version = self._versions.get(path, 0)
        known = self._pages.get((path, key))
        if known is None or known[0] != version:
            known = (version, find())
            self._keep((path, key), known)
        return known[1]

    def _keep(self, key: Hashable, page: tuple[int, Found]) -> None:
        size = len(page[1][0])
        if size > PAGE_BYTES_MAX:
            return
        self._page_bytes += size
        if self._page_bytes > PAGES_BYTES_MAX:
            self._pages.clear()
            self._page_bytes = size
        self._pages[key] = page

    def record(self, path: str, record_id: int) -> dict[str, Any]:
        """Return what is remembered of a record, by any name; the caller adds to it."""
        known = self._records.get((path, record_id))
        if known is None:
            if len(self._records) >= RECORDS_MAX:
                _drop_oldest(self._records)
            known = self._records[path, record_id] = {}
        return known

    def written(self, resource: Resource, record_id: int) -> dict[str, Any]:
        """Forget what a write to this record may have changed; return its blank memory.

        That includes answers about the parents: conditions on them may look at their children.
        """
        for path in (resource.path, resource.parent_path):
            if path is not None:
                self._versions[path] = self._versions.get(path, 0) + 1
        self._records.pop((resource.path, record_id), None)
        return self.record(resource.path, record_id)

    def clear(self) -> None:
        """Forget everything."""
        self._answers.clear()
        self._pages.clear()
        self._page_bytes = 0
        self._records.clear()


def _drop_oldest(kept: dict[Any, Any]) -> None:
    # Not all at once: then one write in thousands would take as long as a first one.
    del kept[next(iter(kept))]
