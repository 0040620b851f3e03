"""The records of one tenant, in SQL.

One table per resource (see ``registry.py``). A table appears when it is first touched: its seeded
rows are copied from the world's template, so that a world of a thousand collections starts as fast
as one of three. One connection and one lock per tenant: every transaction sees and leaves a
consistent state, whatever the threads do.
"""

import sqlite3
import threading
import weakref
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mockserver.core.changes import Change, Noted, Watcher
from mockserver.core.database import Images, opened
from mockserver.core.memory import Found, Memory
from mockserver.core.registry import Registry
from mockserver.core.rows import columns_of, row_of
from mockserver.core.schema import Resource
from mockserver.core.seeds import Row, Seeds
from mockserver.core.statements import Page, Statements
from mockserver.core.tables import SEQUENCES, Tables
from mockserver.core.turns import Turn, at_once

NEXT_ID = f"UPDATE {SEQUENCES} SET last = last + 1 WHERE name = ? RETURNING last"  # noqa: S608


class Store:
    """One tenant's tables.

    Args:
        registry: The declared resources.
        seeds: The rows that a table starts with.
        file: None keeps the rows in memory, the empty text in a temporary file, which is how a
            large world leaves memory to others.
    """

    def __init__(self, registry: Registry, seeds: Seeds, file: str | None = None) -> None:
        self.registry = registry
        self._lock = threading.RLock()
        self.file = file
        self._raw = opened(file)
        # Who only drops a world has closed it, too: Python 3.13 warns of what nobody closed.
        self._closed = weakref.finalize(self, self._raw.close)
        self.tables = Tables(self._raw, registry, seeds)
        self._of = self.tables.of
        self._images = Images()
        self._depth = 0
        self._memory = Memory()
        self._noted = Noted()
        self.watcher: Watcher | None = None
        #: Begins a turn of the tenant; every transaction is one.
        self.turn: Turn = at_once

    def reading(self) -> "threading.RLock":
        """Return what to hold while several reads must agree."""
        return self._lock

    @contextmanager
    def transaction(self) -> Iterator["Store"]:
        """Hold the store and keep all that is written, or nothing when something is raised."""
        with self._lock, self.turn():
            self._depth += 1
            try:
                yield self
                self._tell()
            except BaseException:
                self._depth -= 1
                self._end("ROLLBACK")
                raise
            self._depth -= 1
            self._end("COMMIT")

    def is_watched(self, resource: Resource) -> bool:
        """Tell whether anybody wants to know of changes to *resource*."""
        return self.watcher is not None and resource.path in self.watcher.paths

    def note(self, change: Change) -> None:
        """Tell the watcher of a change when the transaction ends well."""
        if self.is_watched(change.resource):
            self._noted.add(change)

    def _tell(self) -> None:
        if self._depth == 1 and self.watcher is not None:
            changes = self._noted.taken()
            if changes:
                self.watcher.heard(changes)

    def _writable(self, resource: Resource) -> Statements:
        """Begin at the first write: tables filled before it stay, whatever becomes of it."""
        statements = self._of(resource)
        if self._depth and not self._raw.in_transaction:
            self._raw.execute("BEGIN IMMEDIATE")
        return statements

    def _end(self, how: str) -> None:
        if self._depth:
            return
        self._noted.taken()
        if not self._raw.in_transaction:
            return
        self._raw.execute(how)
        if how == "ROLLBACK":
            self._memory.clear()
            self.tables.look()

    def copy_from(self, template: "Store") -> None:
        """Become an exact copy of *template*, replacing whatever was here."""
        # The same order as a table being filled: the tenant's lock, then the template's.
        with self._lock:
            template.copy_to(self._raw, in_memory=self.file is None)
            self._memory.clear()
            self.tables.look()

    def restart(self, template: "Store") -> None:
        """Become a copy of *template*, which fills from now on what it has not filled yet."""
        with self._lock:
            self.copy_from(template)
            self.tables.restart(template)

    def copy_to(self, raw: sqlite3.Connection, *, in_memory: bool) -> None:
        """Write all of this store over another database."""
        with self._lock:
            image = self._images.of(self._raw) if in_memory else None
            if image is None:
                self._raw.backup(raw)
            else:
                raw.deserialize(image)

    def is_empty(self) -> bool:
        """Tell whether no table was ever filled."""
        return self.tables.are_untouched

    def close(self) -> None:
        """Give the connection back; the store cannot be used any more."""
        with self._lock:
            self._closed()

    def lay(self, name: str, rows: Mapping[str, bytes | None]) -> None:
        """Put packed rows in the place of those with the same ids; None for one that is gone."""
        with self._lock:
            self._memory.clear()
            self.tables.lay(name, rows)

    # -- tables -------------------------------------------------------------------------------

    def number_on(self) -> None:
        """Give new records ids above all that were inserted with ids of their own."""
        with self._lock:
            for name in self.tables.ready - {SEQUENCES}:
                self.tables.number(name)

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
        """
        if not self.has(resource):
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

    # -- writing ------------------------------------------------------------------------------

    def next_id(self, resource: Resource) -> int:
        """Return an id that was never used in this collection."""
        with self._lock:
            name = self._writable(resource).table.name
            self.tables.wrote(SEQUENCES, name)
            return int(self._raw.execute(NEXT_ID, (name,)).fetchone()[0])

    def insert(
        self, resource: Resource, record: Row, views: Row, parent_id: int | None = None
    ) -> None:
        """Add a record whose id is new."""
        with self._lock:
            row = row_of(resource, record, views, parent_id)
            statement = self._writable(resource).insert
            self._raw.execute(statement.sql, statement.values(row))
            self._wrote(resource, row["id"], views)

    def replace(self, resource: Resource, record: Row, views: Row) -> None:
        """Change a record that exists; its parent stays."""
        self.amend(resource, columns_of(resource, record), {record[resource.key]: views})

    def amend(self, resource: Resource, columns: Row, rendered: Mapping[int, Row]) -> None:
        """Give records, by id, new values in some columns and the renderings that go with them."""
        with self._lock:
            statement = self._writable(resource).amend((*columns, *resource.views))
            rows = ({**columns, **views, "key": each} for each, views in rendered.items())
            self._raw.executemany(statement.sql, map(statement.values, rows))
            for each, views in rendered.items():
                self._wrote(resource, each, views)

    def delete(self, resource: Resource, record_id: int) -> bool:
        """Remove a record; return whether there was one."""
        with self._lock:
            found = self._raw.execute(self._writable(resource).delete.sql, (record_id,))
            self._wrote(resource, record_id, {})
            return found.rowcount > 0

    def _wrote(self, resource: Resource, record_id: int, views: Row) -> None:
        self.tables.wrote(resource.table, record_id)
        self._memory.written(resource, record_id).update(views)

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
