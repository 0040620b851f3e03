"""A table of one resource, filled with records, for the tests of conditions."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from mockserver.core.conditions import Condition, clause, predicate, register_functions
from mockserver.core.schema import Column, Kind, Resource
from mockserver.core.text import fold

TYPES = {
    Kind.INTEGER: sa.BigInteger,
    Kind.NUMBER: sa.Float,
    Kind.TEXT: sa.Text,
    Kind.FLAG: sa.Boolean,
    Kind.INSTANT: sa.Text,
    Kind.ANY: sa.Text,
}


class Bench:
    """Records twice: in SQLite, and as they are; numbered from 1."""

    def __init__(self, resource: Resource, records: Sequence[Mapping[str, Any]] = ()) -> None:
        self.resource, self.records = resource, list(records)
        self.table = sa.Table("tested", sa.MetaData(), sa.Column("key", sa.Integer))
        for column in resource.columns:
            self.table.append_column(sa.Column(column.name, TYPES[column.kind]()))
        self.table.append_column(sa.Column("body", sa.LargeBinary))
        raw = sqlite3.connect(":memory:")
        register_functions(raw)
        engine = sa.create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
        self.connection = engine.connect()
        self.table.create(self.connection)
        rows = [self._row(key, record) for key, record in enumerate(self.records, 1)]
        if rows:
            self.connection.execute(self.table.insert(), rows)

    def close(self) -> None:
        self.connection.close()
        self.connection.engine.raw_connection().driver_connection.close()

    def _row(self, key: int, record: Mapping[str, Any]) -> dict[str, Any]:
        row = {column.name: _stored(column, record) for column in self.resource.columns}
        return {**row, "key": key, "body": json.dumps(record).encode()}

    def by_sql(self, tree: Condition) -> list[int]:
        """Return the numbers of the records that the clause selects."""
        key = self.table.c.key
        statement = sa.select(key).where(clause(tree, self.table)).order_by(key)
        return list(self.connection.execute(statement).scalars())

    def by_predicate(self, tree: Condition) -> list[int]:
        """Return the numbers of the records that the predicate calls true."""
        holds = predicate(tree)
        return [key for key, record in enumerate(self.records, 1) if holds(record) is True]

    def found(self, tree: Condition) -> list[int]:
        """Return what both ways of asking agree on."""
        by_sql, by_predicate = self.by_sql(tree), self.by_predicate(tree)
        assert by_sql == by_predicate
        return by_sql


def _stored(column: Column, record: Mapping[str, Any]) -> Any:
    value: Any = record
    for step in column.steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    if value is None:
        return None
    if column.kind is Kind.TEXT:
        return fold(value)
    return str(value) if column.kind is Kind.ANY else value
