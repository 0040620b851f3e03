"""The tables of one store: each appears, with its seeded rows, when it is first touched."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol, runtime_checkable

from sqlalchemy.schema import CreateIndex, CreateTable

from mockserver.core.registry import DIALECT, Registry
from mockserver.core.schema import Resource
from mockserver.core.seeds import Seeds
from mockserver.core.statements import Statements

SEQUENCES = "_sequences"
NUMBER = f"INSERT OR REPLACE INTO {SEQUENCES} VALUES (?, ?)"  # noqa: S608
BATCH_ROWS = 500


@runtime_checkable
class Copied(Protocol):
    """Seeds whose rows lie in a table as they will lie here: another store."""

    def copies(self, resource: Resource) -> Sequence[Sequence[Any]]:
        """Return the rows of *resource*, a value per column."""


class Tables:
    """The tables of one store.

    Args:
        raw: The database. Whoever calls holds the store's lock.
        registry: The declared resources.
        seeds: The rows that a table starts with; they may be exchanged.
    """

    def __init__(self, raw: sqlite3.Connection, registry: Registry, seeds: Seeds) -> None:
        self._raw, self._registry, self.seeds = raw, registry, seeds
        self.ready: set[str] = set()
        self.look()

    def look(self) -> None:
        """See anew which tables there are: the database was replaced, or taken back."""
        self._raw.execute(
            f"CREATE TABLE IF NOT EXISTS {SEQUENCES} (name TEXT PRIMARY KEY, last INT)"
        )
        names = self._raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self.ready = {name for (name,) in names}

    @property
    def are_untouched(self) -> bool:
        """Tell whether no table was ever filled."""
        return self.ready <= {SEQUENCES}

    def of(self, resource: Resource) -> Statements:
        """Return the statements of a table that is there now."""
        statements = self._registry.statements(resource)
        if resource.table not in self.ready:
            self._materialise(resource, statements)
        return statements

    def _materialise(self, resource: Resource, statements: Statements) -> None:
        with self._filling():
            self.ready.add(resource.table)
            self._raw.execute(str(CreateTable(statements.table).compile(dialect=DIALECT)))
            self._fill(statements, self._seeded(resource, statements))
            for index in statements.table.indexes:
                self._raw.execute(str(CreateIndex(index).compile(dialect=DIALECT)))

    @contextmanager
    def _filling(self) -> Iterator[None]:
        """Keep a filled table at once, unless something was written already that may be undone."""
        own = not self._raw.in_transaction
        if own:
            self._raw.execute("BEGIN")
        try:
            yield
        except BaseException:
            if own:
                self._raw.execute("ROLLBACK")
                self.look()
            raise
        if own:
            self._raw.execute("COMMIT")

    def _seeded(self, resource: Resource, statements: Statements) -> Iterable[Sequence[Any]]:
        seeds = self.seeds
        if not seeds.has(resource):
            return ()
        if isinstance(seeds, Copied):
            return seeds.copies(resource)
        return (statements.insert.values(row) for row in seeds.rows(resource))

    def _fill(self, statements: Statements, rows: Iterable[Sequence[Any]]) -> None:
        name, source = statements.table.name, iter(rows)
        while batch := list(islice(source, BATCH_ROWS)):
            self._raw.executemany(statements.insert.sql, batch)
        self.number(name)

    def number(self, name: str) -> None:
        """Give new records of a table ids above all that it holds."""
        (last,) = self._raw.execute(f"SELECT max(id) FROM {name}").fetchone()  # noqa: S608 - declared
        self._raw.execute(NUMBER, (name, last or 0))
