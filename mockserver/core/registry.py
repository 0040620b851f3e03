"""Every declared resource of both vendors, with its table and who refers to it."""

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement
from sqlalchemy.types import TypeEngine

from mockserver.core.prepared import Prepared
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.statements import Statements

TYPES: dict[Kind, type[TypeEngine[Any]]] = {
    Kind.INTEGER: BigInteger,
    Kind.NUMBER: Float,
    Kind.TEXT: Text,
    Kind.FLAG: Boolean,
    Kind.INSTANT: Text,
    Kind.ANY: Text,
}

DIALECT = sqlite_dialect(paramstyle="qmark")
# SQLite makes a column its row id only when it is called INTEGER.
ROW_ID = BigInteger().with_variant(Integer(), "sqlite")


class Registry:
    """The resources of a world, by path; tables are made when first asked for.

    Args:
        resources: Finds a resource by its path, or raises KeyError.
        referrers: Tells which fields of which resources refer to a path.
        served: The paths of the resources that have operations.
    """

    def __init__(
        self,
        resources: Callable[[str], Resource],
        referrers: Callable[[str], Iterable[tuple[str, str]]],
        served: Iterable[str] = (),
    ) -> None:
        self.served = frozenset(served)
        self._find = cache(resources)
        self._metadata = MetaData()
        self._statements: dict[str, Statements] = {}
        self._lock = threading.Lock()
        self._referring = referrers
        self.referrers = cache(self._referrers)
        self._creation = cache(_creation)

    def resource(self, path: str) -> Resource:
        """Return the resource declared at *path*; KeyError when there is none."""
        return self._find(path)

    def _referrers(self, path: str) -> tuple[tuple[Resource, Field], ...]:
        """Return the fields that refer to records of *path*, with their resources."""
        pairs = ((self._find(owner), name) for owner, name in self._referring(path))
        return tuple((owner, owner.members[name.casefold()]) for owner, name in pairs)

    def statements(self, resource: Resource) -> Statements:
        """Return the table that holds *resource*, with its prepared statements."""
        found = self._statements.get(resource.path)
        if found is None:
            with self._lock:
                found = self._statements.get(resource.path)
                if found is None:
                    table = _table(resource, self._metadata)
                    found = self._statements[resource.path] = Statements(table, self.prepared)
        return found

    def creation(self, resource: Resource) -> tuple[str, ...]:
        """Return the statements that create the table of *resource* and its indexes."""
        return self._creation(self.statements(resource).table)

    def prepared(self, statement: Any, columns: Sequence[str] | None = None) -> Prepared:
        """Return *statement* compiled for the database."""
        return Prepared(statement, DIALECT, columns)


def _creation(table: Table) -> tuple[str, ...]:
    elements: list[DDLElement] = [CreateTable(table), *map(CreateIndex, table.indexes)]
    return tuple(str(element.compile(dialect=DIALECT)) for element in elements)


def _table(resource: Resource, metadata: MetaData) -> Table:
    columns: list[Column[Any]] = [Column("id", ROW_ID, primary_key=True, autoincrement=False)]
    if resource.parent_path:
        columns.append(Column("parent_id", BigInteger, index=False))
    columns += [
        Column(column.name, TYPES[column.kind]())
        for column in resource.columns
        if column.name not in {"id", "parent_id"}
    ]
    columns += [Column(view, LargeBinary, nullable=False) for view in resource.views]
    table = Table(resource.table, metadata, *columns)
    for name in (*resource.indexed, *(("parent_id",) if resource.parent_path else ())):
        if name in table.c and name != "id":
            Index(f"{resource.table}__{name}", table.c[name])
    return table
