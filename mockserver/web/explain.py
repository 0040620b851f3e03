"""Which part of a condition keeps how many rows: for people who wonder where theirs are."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement

from mockserver.core.conditions import (
    And,
    Condition,
    Dialect,
    Not,
    Or,
    bind,
    clause,
    parse,
    unparse,
)
from mockserver.core.schema import Resource
from mockserver.core.statements import Page
from mockserver.core.store import Store

NODES_MAX = 60


class Filter(NamedTuple):
    """A list parameter other than the condition, with what it asks of rows.

    Attributes:
        text: Parameter and value, for people.
        clause: What it asks.
    """

    text: str
    clause: ColumnElement[bool]


class Reading(NamedTuple):
    """What a request filters a list by, with what it is to be read by.

    Attributes:
        text: The condition as it was sent; may be empty.
        resource: What its names are looked up in.
        dialect: The language it is written in.
        parent_id: The parent of the rows in question, if they have one.
        also: Further filters.
        within: What holds for all rows in question besides.
        key: Tells *within* from others.
    """

    text: str
    resource: Resource
    dialect: Dialect
    parent_id: int | None = None
    also: tuple[Filter, ...] = ()
    within: tuple[ColumnElement[bool], ...] = ()
    key: Hashable = None

    @property
    def filters(self) -> int:
        """Return by how many parameters the rows are filtered."""
        return bool(self.text) + len(self.also)


@dataclass(frozen=True)
class Explained:
    """A part of a condition and what it keeps when it stands alone.

    Attributes:
        text: The part, written out in full.
        rows: How many rows fulfil it; None where counting would take too long.
        joint: ``and``, ``or``, ``not``, or empty for a single test.
        terms: The parts that it joins.
    """

    text: str
    rows: int | None
    joint: str = ""
    terms: tuple["Explained", ...] = ()


def explained(store: Store, reading: Reading) -> Explained:
    """Return the filters as a tree, each part with the rows that it keeps by itself.

    Args:
        store: Where the rows are.
        reading: At least one filter.

    Raises:
        BadCondition: The condition cannot be read.
    """
    parts = [
        Explained(each.text, _count(store, reading, [each.clause], each.text))
        for each in reading.also
    ]
    if reading.text:
        tree = parse(reading.text, reading.dialect)
        parts.insert(0, _explained(store, reading, tree, iter(range(NODES_MAX))))
    if len(parts) == 1:
        return parts[0]
    return Explained("all filters together", None, "and", tuple(parts))


def rows_of(store: Store, reading: Reading, tree: Condition | None = None) -> int:
    """Return how many rows fulfil *tree*, a parsed condition; without one how many there are."""
    if tree is None:
        return _count(store, reading, [], "")
    bound = bind(tree, reading.resource, reading.dialect)
    where = [clause(bound, store.table(reading.resource))]
    return _count(store, reading, where, unparse(tree, reading.dialect))


def _count(store: Store, reading: Reading, where: list[ColumnElement[bool]], text: str) -> int:
    """Return how many of the rows in question fulfil *where*, which *text* tells from others."""
    resource, table = reading.resource, store.table(reading.resource)
    whole = [*reading.within, *where]
    if reading.parent_id is not None:
        whole.append(table.c.parent_id == reading.parent_id)
    key = ("explained", resource, reading.parent_id, reading.dialect, reading.key, text)
    return store.count(resource, Page(resource.views[0], whole, key=key))


def _explained(store: Store, reading: Reading, tree: Condition, left: Iterator[int]) -> Explained:
    counted = next(left, None) is not None
    rows = rows_of(store, reading, tree) if counted else None
    text = unparse(tree, reading.dialect)
    if isinstance(tree, And | Or):
        terms = tuple(_explained(store, reading, term, left) for term in tree.terms)
        return Explained(text, rows, type(tree).__name__.lower(), terms)
    if isinstance(tree, Not):
        return Explained(text, rows, "not", (_explained(store, reading, tree.term, left),))
    return Explained(text, rows)
