"""The records of one tenant, in SQL.

One table per resource (see ``registry.py``). A table appears when it is first touched: its seeded
rows are copied from the world's template, so that a world of a thousand collections starts as fast
as one of three. One connection and one lock per tenant: every transaction sees and leaves a
consistent state, whatever the threads do.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    create_engine,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable

from mockserver.core.conditions import register_functions
from mockserver.core.registry import Registry
from mockserver.core.rows import row_of
from mockserver.core.schema import Resource

Row = Mapping[str, Any]

SCHEMA_VERSION = 1
BATCH_ROWS = 500


class NewerSchemaError(Exception):
    """The file was written by a newer version of this program."""


class Seeds(Protocol):
    """Where the rows come from that a fresh store starts with."""

    def has(self, resource: Resource) -> bool:
        """Tell whether *resource* starts with any rows."""

    def rows(self, resource: Resource) -> Iterable[Row]:
        """Yield the seeded rows of *resource*, in id order."""


class Store:
    """One tenant's tables.

    Args:
        registry: The declared resources.
        seeds: The rows that a table starts with.
        file: An SQLite file to keep the rows in; None keeps them in memory.
    """

    def __init__(self, registry: Registry, seeds: Seeds, file: str | None = None) -> None:
        self.registry = registry
        self._seeds = seeds
        self._lock = threading.RLock()
        self._raw = _opened(file)
        self._engine = create_engine(
            "sqlite://",
            creator=lambda: self._raw,
            poolclass=StaticPool,
            isolation_level="AUTOCOMMIT",
        )
        self._connection: Connection = self._engine.connect()
        self._depth = 0
        self._statements: dict[str, _Statements] = {}
        self._versions: dict[str, int] = {}
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}
        self._shown: dict[tuple[str, int], Any] = {}
        self._prepare()

    def _prepare(self) -> None:
        self._raw.execute("CREATE TABLE IF NOT EXISTS _sequences (name TEXT PRIMARY KEY, last INT)")
        names = self._raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self._ready = {name for (name,) in names}

    # -- life ---------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator["Store"]:
        """Hold the store while several reads must agree."""
        with self._lock:
            yield self

    @contextmanager
    def transaction(self) -> Iterator["Store"]:
        """Hold the store and keep all that is written, or nothing when something is raised."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._raw.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield self
            except BaseException:
                self._depth -= 1
                if outermost:
                    self._rollback()
                raise
            self._depth -= 1
            if outermost:
                self._raw.execute("COMMIT")

    def _rollback(self) -> None:
        self._raw.execute("ROLLBACK")
        self._forget()
        self._prepare()

    def _forget(self) -> None:
        self._counts.clear()
        self._shown.clear()

    def copy_from(self, template: "Store") -> None:
        """Become an exact copy of *template*, replacing whatever was here."""
        # The same order as a table being filled: the tenant's lock, then the template's.
        with self._lock:
            template.copy_to(self._raw)
            self._forget()
            self._prepare()

    def copy_to(self, raw: sqlite3.Connection) -> None:
        """Write all of this store over another database."""
        with self._lock:
            self._raw.backup(raw)

    def is_empty(self) -> bool:
        """Tell whether no table was ever filled."""
        return self._ready <= {"_sequences"}

    def close(self) -> None:
        """Give the connection back; the store cannot be used any more."""
        with self._lock:
            self._connection.close()
            self._engine.dispose()
            self._raw.close()

    # -- tables -------------------------------------------------------------------------------

    def _of(self, resource: Resource) -> "_Statements":
        statements = self._statements.get(resource.path)
        if statements is None:
            table = self.registry.table(resource)
            statements = self._statements[resource.path] = _Statements(resource, table)
        if resource.table not in self._ready:
            self._materialise(resource, statements)
        return statements

    def _materialise(self, resource: Resource, statements: "_Statements") -> None:
        with self._lock:
            if resource.table in self._ready:
                return
            with self.transaction():
                self._ready.add(resource.table)
                self._connection.execute(CreateTable(statements.table))
                self._fill(statements, self._seeds.rows(resource))
                for index in statements.table.indexes:
                    self._connection.execute(CreateIndex(index))

    def _fill(self, statements: "_Statements", rows: Iterable[Row]) -> None:
        last = 0
        for batch in _batched(rows, BATCH_ROWS):
            self._connection.execute(statements.insert, batch)
            last = max(last, *(row["id"] for row in batch))
        self._raw.execute(
            "INSERT OR REPLACE INTO _sequences VALUES (?, ?)", (statements.table.name, last)
        )

    def has(self, resource: Resource) -> bool:
        """Tell whether there may be rows of *resource*: its table exists or is seeded."""
        return resource.table in self._ready or self._seeds.has(resource)

    def rows(self, resource: Resource) -> Iterator[Row]:
        """Yield the stored rows of *resource*: a store can be another store's seeds."""
        with self._lock:
            statements = self._of(resource)
            result = self._connection.execute(select(statements.table).order_by("id"))
            yield from (dict(row) for row in result.mappings().all())

    # -- reading ------------------------------------------------------------------------------

    def body(self, resource: Resource, record_id: int, view: str | None = None) -> bytes | None:
        """Return the rendered record with this id, or None."""
        with self._lock:
            statements = self._of(resource)
            found = self._connection.execute(
                statements.read(view or resource.views[0]), {"key": record_id}
            ).first()
        return None if found is None else found[0]

    def parent_of(self, resource: Resource, record_id: int) -> int | None:
        """Return the parent id of a child record, or None."""
        if not resource.parent_path:
            return None
        with self._lock:
            table = self._of(resource).table
            statement = select(table.c.parent_id).where(table.c.id == record_id)
            return self._connection.execute(statement).scalar()

    def bodies(self, resource: Resource, query: "Page") -> list[bytes]:
        """Return the rendered records of one page."""
        with self._lock:
            statement = query.applied(self._of(resource).table)
            return list(self._connection.execute(statement).scalars())

    def ids(self, resource: Resource, where: ColumnElement[bool], most: int = -1) -> list[int]:
        """Return the ids of the records that fulfil *where*, in order."""
        with self._lock:
            table = self._of(resource).table
            statement = select(table.c.id).where(where).order_by(table.c.id)
            if most >= 0:
                statement = statement.limit(most)
            return list(self._connection.execute(statement).scalars())

    def count(self, resource: Resource, where: Sequence[ColumnElement[bool]], key: str = "") -> int:
        """Return how many records fulfil all of *where*; remembered under *key* until a write."""
        with self._lock:
            table = self._of(resource).table
            version = self._versions.get(resource.path, 0)
            known = self._counts.get((resource.path, key)) if key else None
            if known and known[0] == version:
                return known[1]
            statement = select(func.count()).select_from(table).where(*where)
            total = int(self._connection.execute(statement).scalar_one())
            if key:
                self._remember((resource.path, key), (version, total))
            return total

    def _remember(self, key: tuple[str, str], value: tuple[int, int]) -> None:
        if len(self._counts) >= 1_000:  # noqa: PLR2004
            self._counts.clear()
        self._counts[key] = value

    def table(self, resource: Resource) -> Any:
        """Return the SQLAlchemy table, filled and ready to be used in a clause."""
        with self._lock:
            return self._of(resource).table

    # -- writing ------------------------------------------------------------------------------

    def next_id(self, resource: Resource) -> int:
        """Return an id that was never used in this collection."""
        with self._lock:
            name = self._of(resource).table.name
            self._raw.execute("UPDATE _sequences SET last = last + 1 WHERE name = ?", (name,))
            found = self._raw.execute("SELECT last FROM _sequences WHERE name = ?", (name,))
            return int(found.fetchone()[0])

    def insert(
        self, resource: Resource, record: Row, views: Row, parent_id: int | None = None
    ) -> None:
        """Add a record whose id is new."""
        self._write(self._of(resource).insert, resource, row_of(resource, record, views, parent_id))

    def replace(self, resource: Resource, record: Row, views: Row) -> None:
        """Change a record that exists; its parent stays."""
        row = row_of(resource, record, views, None)
        row.pop("parent_id", None)
        row["key"] = row.pop("id")
        self._write(self._of(resource).update, resource, row)

    def delete(self, resource: Resource, record_id: int) -> bool:
        """Remove a record; return whether there was one."""
        with self._lock:
            result = self._write(self._of(resource).delete, resource, {"key": record_id})
            return bool(result.rowcount)

    def _write(self, statement: Any, resource: Resource, row: Row) -> Any:
        with self._lock:
            self._versions[resource.path] = self._versions.get(resource.path, 0) + 1
            self._shown.pop((resource.path, row.get("key", row.get("id"))), None)
            return self._connection.execute(statement, row)

    def shown(self, resource: Resource, record_id: int) -> Any:
        """Return what was remembered of this record's last form, or None; see ``remember``."""
        return self._shown.get((resource.path, record_id))

    def remember(self, resource: Resource, record_id: int, value: Any) -> None:
        """Keep *value* until this record is written."""
        self._shown[resource.path, record_id] = value


class Page:
    """Which rows of a table, in which order, seen how."""

    def __init__(
        self,
        view: str,
        where: Sequence[ColumnElement[bool]] = (),
        order: Sequence[tuple[str, bool]] = (),
        size: int | None = None,
        offset: int = 0,
    ) -> None:
        self.view, self.where, self.order, self.size, self.offset = view, where, order, size, offset

    def applied(self, table: Any) -> Select[tuple[bytes]]:
        """Return the statement that fetches this page."""
        order = [table.c[n].desc() if down else table.c[n].asc() for n, down in self.order]
        if not any(name == "id" for name, _ in self.order):
            order.append(table.c.id.asc())
        statement = select(table.c[self.view]).where(*self.where).order_by(*order)
        if self.size is not None:
            statement = statement.limit(self.size)
        return statement.offset(self.offset) if self.offset else statement


class _Statements:
    """The statements that a resource needs again and again, built once."""

    def __init__(self, resource: Resource, table: Any) -> None:
        self.resource, self.table = resource, table
        self._reads: dict[str, Select[tuple[bytes]]] = {}

    @property
    def _key(self) -> BindParameter[int]:
        return bindparam("key")

    def read(self, view: str) -> Select[tuple[bytes]]:
        """Return the statement that reads one record."""
        found = self._reads.get(view)
        if found is None:
            found = select(self.table.c[view]).where(self.table.c.id == self._key)
            self._reads[view] = found
        return found

    @cached_property
    def insert(self) -> Any:
        """Return the statement that adds a row."""
        return insert(self.table)

    @cached_property
    def update(self) -> Any:
        """Return the statement that changes all columns of a row but its id and parent."""
        names = [c.name for c in self.table.c if c.name not in {"id", "parent_id"}]
        changed = {name: bindparam(name) for name in names}
        return update(self.table).where(self.table.c.id == self._key).values(changed)

    @cached_property
    def delete(self) -> Any:
        """Return the statement that removes a row."""
        return delete(self.table).where(self.table.c.id == self._key)


def _opened(file: str | None) -> sqlite3.Connection:
    raw = sqlite3.connect(
        file or ":memory:", check_same_thread=False, isolation_level=None, cached_statements=512
    )
    register_functions(raw)
    if file:
        _check_version(raw)
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = NORMAL")
    return raw


def _check_version(raw: sqlite3.Connection) -> None:
    (found,) = raw.execute("PRAGMA user_version").fetchone()
    if found > SCHEMA_VERSION:
        raise NewerSchemaError(f"schema {found}, this program knows {SCHEMA_VERSION}")
    raw.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
