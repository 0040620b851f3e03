"""The tables of one store: each appears, with its seeded rows, when it is first touched."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol, runtime_checkable

from mockserver.core.packing import packed, unpacked
from mockserver.core.registry import Registry
from mockserver.core.schema import Resource
from mockserver.core.seeds import Seeds
from mockserver.core.statements import Statements

SEQUENCES = "_sequences"
NUMBER = f"INSERT OR REPLACE INTO {SEQUENCES} VALUES (?, ?)"  # noqa: S608
LAST = f"SELECT last FROM {SEQUENCES} WHERE name = ?"  # noqa: S608
BATCH_ROWS = 500


@runtime_checkable
class Copied(Protocol):
    """Seeds whose rows lie in a table as they will lie here: another store."""

    def copies(self, resource: Resource) -> Sequence[Sequence[Any]]:
        """Return the rows of *resource*, a value per column."""

    def matching(self, resource: Resource, most: int = -1, **equals: Any) -> tuple[int, ...]:
        """Return the ids of the first *most* rows of *resource* with these column values."""


@runtime_checkable
class Numbered(Protocol):
    """Seeds that know of ids that no row has any more."""

    def last(self, resource: Resource) -> int:
        """Return the last id that was given out in *resource*, 0 when that is not known."""


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
        #: What replaces seeded rows of tables that nobody has touched yet, by table and id.
        self._waiting: dict[str, dict[int, bytes | None]] = {}
        self._numbers: dict[str, int] = {}
        #: The rows that were written since ``changes`` was called; None before it ever was.
        self._written: set[tuple[str, str]] | None = None
        self.look()

    def look(self) -> None:
        """See anew which tables there are: the database was replaced, or taken back."""
        self._raw.execute(
            f"CREATE TABLE IF NOT EXISTS {SEQUENCES} (name TEXT PRIMARY KEY, last INT)"
        )
        names = self._raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self.ready = {name for (name,) in names}

    def restart(self, seeds: Seeds) -> None:
        """Begin anew with other seeds: the database was replaced."""
        self.seeds = seeds
        self._waiting.clear()
        self._numbers.clear()
        if self._written is not None:
            self._written = set()
        self.look()

    def wrote(self, name: str, key: int | str) -> None:
        """Take note that a row was written."""
        if self._written is not None:
            self._written.add((name, str(key)))

    def changes(self) -> dict[tuple[str, str], bytes | None]:
        """Return the rows that were written since the last call, packed, by table and id."""
        written, self._written = self._written or (), set()
        return {each: self._packed(*each) for each in written}

    def awaits(self, name: str) -> bool:
        """Tell whether rows wait for a table that nobody has touched yet."""
        return name in self._waiting

    def lay(self, name: str, rows: Mapping[str, bytes | None]) -> None:
        """Put packed rows in the place of those with the same ids: at once, or when touched."""
        if name == SEQUENCES:
            # None: the table was made in a write that was taken back.
            self._lay_numbers({key: int(body) for key, body in rows.items() if body is not None})
        elif name in self.ready:
            self._lay(name, {int(key): body for key, body in rows.items()})
        else:
            waiting = self._waiting.setdefault(name, {})
            waiting.update((int(key), body) for key, body in rows.items())

    def _lay_numbers(self, numbers: Mapping[str, int]) -> None:
        self._numbers.update(numbers)
        self._raw.executemany(NUMBER, [each for each in numbers.items() if each[0] in self.ready])

    def _lay(self, name: str, rows: Mapping[int, bytes | None]) -> None:
        for record_id, body in sorted(rows.items()):
            self._raw.execute(f"DELETE FROM {name} WHERE id = ?", (record_id,))  # noqa: S608 - declared
            if body is not None:
                values = unpacked(body)
                marks = ", ".join("?" * len(values))
                self._raw.execute(f"INSERT INTO {name} VALUES ({marks})", values)  # noqa: S608

    def _packed(self, name: str, key: str) -> bytes | None:
        if name == SEQUENCES:
            found = self._raw.execute(LAST, (key,)).fetchone()
            return None if found is None else str(found[0]).encode()
        if name not in self.ready:
            return None
        row = self._raw.execute(f"SELECT * FROM {name} WHERE id = ?", (int(key),)).fetchone()  # noqa: S608
        return None if row is None else packed(row)

    def last(self, name: str) -> int:
        """Return the last id that was given out in a table that is there."""
        found = self._raw.execute(LAST, (name,)).fetchone()
        return int(found[0]) if found else 0

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
            create, *indexes = self._registry.creation(resource)
            self._raw.execute(create)
            self._fill(statements, self._seeded(resource, statements))
            self._number_on(resource)
            self._lay(resource.table, self._waiting.get(resource.table, {}))
            if resource.table in self._numbers:
                self._raw.execute(NUMBER, (resource.table, self._numbers[resource.table]))
            for index in indexes:
                self._raw.execute(index)
        if not self._raw.in_transaction:  # else it may be taken back and made anew
            self._waiting.pop(resource.table, None)

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

    def _number_on(self, resource: Resource) -> None:
        self.number(resource.table)
        if isinstance(self.seeds, Numbered) and (last := self.seeds.last(resource)):
            statement = f"UPDATE {SEQUENCES} SET last = max(last, ?) WHERE name = ?"  # noqa: S608
            self._raw.execute(statement, (last, resource.table))

    def _seeded(self, resource: Resource, statements: Statements) -> Iterable[Sequence[Any]]:
        seeds = self.seeds
        if not seeds.has(resource):
            return ()
        if isinstance(seeds, Copied):
            return seeds.copies(resource)
        return (statements.insert.values(row) for row in seeds.rows(resource))

    def _fill(self, statements: Statements, rows: Iterable[Sequence[Any]]) -> None:
        source = iter(rows)
        while batch := list(islice(source, BATCH_ROWS)):
            self._raw.executemany(statements.insert.sql, batch)

    def number(self, name: str) -> None:
        """Give new records of a table ids above all that it holds."""
        (last,) = self._raw.execute(f"SELECT max(id) FROM {name}").fetchone()  # noqa: S608 - declared
        self._raw.execute(NUMBER, (name, last or 0))
