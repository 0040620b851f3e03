"""The records of one tenant, in SQL.

One table per resource (see ``registry.py``). A table appears when it is first touched: its seeded
rows are copied from the world's template, so that a world of a thousand collections starts as fast
as one of three. One connection and one lock per tenant: every transaction sees and leaves a
consistent state, whatever the threads do.
"""

import itertools
import sqlite3
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from mockserver.core.changes import Change, Noted, Watcher
from mockserver.core.database import Images, opened
from mockserver.core.registry import Registry
from mockserver.core.rows import columns_of, row_of
from mockserver.core.schema import Resource
from mockserver.core.seeds import Row, Seeds
from mockserver.core.statements import Statements
from mockserver.core.stored import Stored
from mockserver.core.tables import SEQUENCES, Tables
from mockserver.core.turns import Turn, at_once

NEXT_IDS = f"UPDATE {SEQUENCES} SET last = last + ? WHERE name = ? RETURNING last"  # noqa: S608


class Copyable(Protocol):
    """What a store can become a copy of."""

    def copy_to(self, raw: sqlite3.Connection, *, in_memory: bool) -> None:
        """Write all of it over another database."""


class Begun(Copyable, Seeds, Protocol):
    """What a store can begin with: a copy, and where the rows of any other table come from."""


class Store(Stored):
    """One tenant's tables.

    Args:
        registry: The declared resources.
        seeds: The rows that a table starts with.
        file: None keeps the rows in memory, the empty text in a temporary file, which is how a
            large world leaves memory to others.
    """

    def __init__(self, registry: Registry, seeds: Seeds, file: str | None = None) -> None:
        self.registry = registry
        self.file = file
        raw = opened(file)
        super().__init__(raw, Tables(raw, registry, seeds))
        # Who only drops a world has closed it, too: Python 3.13 warns of what nobody closed.
        self._closed = weakref.finalize(self, self._raw.close)
        self._images = Images()
        self._depth = 0
        self._noted = Noted()
        self.watcher: Watcher | None = None
        #: Begins a turn of the tenant; every transaction is one.
        self.turn: Turn = at_once

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

    def copy_from(self, template: Copyable) -> None:
        """Become an exact copy of *template*, replacing whatever was here."""
        # The same order as a table being filled: the tenant's lock, then the template's.
        with self._lock:
            template.copy_to(self._raw, in_memory=self.file is None)
            self._memory.clear()
            self.tables.look()

    def restart(self, template: Begun) -> None:
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

    def number_on(self) -> None:
        """Give new records ids above all that were inserted with ids of their own."""
        with self._lock:
            for name in self.tables.ready - {SEQUENCES}:
                self.tables.number(name)

    # -- writing ------------------------------------------------------------------------------

    def next_id(self, resource: Resource) -> int:
        """Return an id that was never used in this collection."""
        return self.next_ids(resource, 1)[0]

    def next_ids(self, resource: Resource, number: int) -> range:
        """Return so many ids that were never used in this collection."""
        with self._lock:
            name = self._writable(resource).table.name
            self.tables.wrote(SEQUENCES, name)
            last = int(self._raw.execute(NEXT_IDS, (number, name)).fetchone()[0])
            return range(last - number + 1, last + 1)

    def insert(
        self, resource: Resource, record: Row, views: Row, parent_id: int | None = None
    ) -> None:
        """Add a record whose id is new."""
        self.insert_all(resource, [(record, views)], parent_id)

    def insert_all(
        self,
        resource: Resource,
        records: Sequence[tuple[Row, Row]],
        parent_id: int | None = None,
    ) -> None:
        """Add records whose ids are new, each with its renderings, below one parent."""
        with self._lock:
            statement = self._writable(resource).insert
            rows = [row_of(resource, record, views, parent_id) for record, views in records]
            self._raw.executemany(statement.sql, map(statement.values, rows))
            for row, (_, views) in zip(rows, records, strict=True):
                self._wrote(resource, row["id"], views)

    def replace(self, resource: Resource, record: Row, views: Row) -> None:
        """Change a record that exists; its parent stays."""
        self.amend(resource, columns_of(resource, record), {record[resource.key]: views})

    def amend(self, resource: Resource, columns: Row, rendered: Mapping[int, Row]) -> None:
        """Give records, by id, new values in some columns and the renderings that go with them."""
        self.amend_each(resource, [(each, columns, views) for each, views in rendered.items()])

    def amend_each(self, resource: Resource, changes: Sequence[tuple[int, Row, Row]]) -> None:
        """Do the same to records, by id, that change each in their own way."""
        with self._lock:
            alike = itertools.groupby(changes, lambda change: tuple(change[1]))
            for names, several in alike:
                statement = self._writable(resource).amend((*names, *resource.views))
                rows = [{**columns, **views, "key": each} for each, columns, views in several]
                self._raw.executemany(statement.sql, map(statement.values, rows))
            for each, _, views in changes:
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
