"""The reading half of a tenant's tables."""

import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from mockserver.core.memory import Found, Memory
from mockserver.core.schema import Resource
from mockserver.core.seeds import Row
from mockserver.core.statements import Page
from mockserver.core.tables import Copied, Tables


class Stored:
    """What can be read of one tenant's tables.

    Args:
        raw: The database.
        tables: Its tables, each filled when it is first asked for.
    """

    def __init__(self, raw: sqlite3.Connection, tables: Tables) -> None:
        self._raw, self.tables, self._of = raw, tables, tables.of
        self._lock = threading.RLock()
        self._memory = Memory()

    def reading(self) -> "threading.RLock":
        """Return what to hold while several reads must agree."""
        return self._lock

    def is_filled(self, resource: Resource) -> bool:
        """Tell whether anybody has touched *resource*, so that it has a table."""
        return resource.table in self.tables.ready or self.tables.awaits(resource.table)

    def has(self, resource: Resource) -> bool:
        """Tell whether there may be rows of *resource*: its table exists or is seeded."""
        return self.is_filled(resource) or self.tables.seeds.has(resource)

    def rows(self, resource: Resource) -> Iterable[Row]:
        """Yield the stored rows of *resource*: a store can be another store's seeds."""
        names = [column.name for column in self.table(resource).c]
        return (dict(zip(names, row, strict=True)) for row in self.copies(resource))

    def copies(self, resource: Resource) -> list[Sequence[Any]]:
        """Return the stored rows of *resource*, a value per column."""
        with self._lock:
            name = self._of(resource).table.name
            return self._raw.execute(f"SELECT * FROM {name} ORDER BY id").fetchall()  # noqa: S608 - declared

    def last(self, resource: Resource) -> int:
        """Return the last id that was given out in *resource*."""
        with self._lock:
            return self.tables.last(self._of(resource).table.name)

    def table(self, resource: Resource) -> Any:
        """Return the SQLAlchemy table, filled and ready to be used in a clause."""
        with self._lock:
            return self._of(resource).table

    # -- reading ------------------------------------------------------------------------------

    def body(self, resource: Resource, record_id: int, view: str | None = None) -> bytes | None:
        """Return the rendered record with this id, or None."""
        view = view or resource.views[0]
        with self._lock:
            known = self._memory.record(resource.path, record_id)
            if view not in known:
                statement = self._of(resource).read(view)
                found = self._raw.execute(statement.sql, (record_id,)).fetchone()
                known[view] = found[0] if found else None
            body: bytes | None = known[view]
            return body

    def parent_of(self, resource: Resource, record_id: int) -> int | None:
        """Return the parent id of a child record, or None."""
        if not resource.parent_path:
            return None
        with self._lock:
            statement = self._of(resource).read("parent_id")
            found = self._raw.execute(statement.sql, (record_id,)).fetchone()
        return None if found is None else found[0]

    def bodies(self, resource: Resource, page: Page) -> list[bytes]:
        """Return the rendered records of one page."""
        with self._lock:
            prepared = self._of(resource).page(page)
            values = prepared.values({"size": page.size, "offset": page.offset})
            return [body for (body,) in self._raw.execute(prepared.sql, values).fetchall()]

    def matching(self, resource: Resource, most: int = -1, **equals: Any) -> tuple[int, ...]:
        """Return the ids of the first *most* records (-1: all) with these column values.

        Remembered until the collection is written; a column that does not exist matches nothing.
        A table that nobody has touched is not filled for it: its seeds tell.
        """
        if not self.is_filled(resource):
            seeds = self.tables.seeds
            if isinstance(seeds, Copied):
                return seeds.matching(resource, most, **equals)
            if not seeds.has(resource):
                return ()
        with self._lock:
            found: tuple[int, ...] = self._memory.answer(
                resource.path,
                (most, *equals.items()),
                lambda: self._matching(resource, most, equals),
            )
            return found

    def _matching(self, resource: Resource, most: int, equals: Row) -> tuple[int, ...]:
        statement = self._of(resource).matching(tuple(equals))
        if statement is None:
            return ()
        values = statement.values({**equals, "most": most})
        return tuple(found for (found,) in self._raw.execute(statement.sql, values).fetchall())

    def count(self, resource: Resource, page: Page) -> int:
        """Return how many records fulfil the page's conditions; remembered until a write."""
        with self._lock:
            total: int = self._memory.answer(
                resource.path, ("count", page.key), lambda: self._count(resource, page)
            )
            return total

    def _count(self, resource: Resource, page: Page) -> int:
        prepared = self._of(resource).count(page)
        return int(self._raw.execute(prepared.sql, prepared.values({})).fetchone()[0])

    def page(self, resource: Resource, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return the page that *find* makes, remembered until the collection is written."""
        with self._lock:
            self._of(resource)
            return self._memory.page(resource.path, key, find)

    def remembered(self, resource: Resource, key: Hashable, find: Callable[[], Any]) -> Any:
        """Return what *find* found, remembered until the collection is written."""
        with self._lock:
            return self._memory.answer(resource.path, key, find)

    def memory_of(self, resource: Resource, record_id: int) -> dict[str, Any]:
        """Return a place to remember things in until this record is written."""
        return self._memory.record(resource.path, record_id)
