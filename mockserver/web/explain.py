"""Which part of a condition keeps how many rows: for people who wonder where theirs are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

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


class Reading(NamedTuple):
    """A condition as it was sent, with what it is to be read by.

    Attributes:
        text: The condition; not empty.
        resource: What its names are looked up in.
        dialect: The language it is written in.
        parent_id: The parent of the rows in question, if they have one.
    """

    text: str
    resource: Resource
    dialect: Dialect
    parent_id: int | None = None


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
    """Return the condition as a tree, each part with the rows that it keeps by itself.

    Raises:
        BadCondition: The condition cannot be read.
    """
    tree = parse(reading.text, reading.dialect)
    left = iter(range(NODES_MAX))
    return _explained(store, reading, tree, left)


def rows_of(store: Store, reading: Reading, tree: Condition | None = None) -> int:
    """Return how many rows fulfil *tree*, a parsed condition; without one how many there are."""
    resource, table = reading.resource, store.table(reading.resource)
    where = [] if reading.parent_id is None else [table.c.parent_id == reading.parent_id]
    text = ""
    if tree is not None:
        text = unparse(tree, reading.dialect)
        where.append(clause(bind(tree, resource, reading.dialect), table))
    key = ("explained", resource, reading.parent_id, reading.dialect, text)
    return store.count(resource, Page(resource.views[0], where, key=key))


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
