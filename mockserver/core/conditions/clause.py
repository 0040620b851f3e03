"""Bound tree to SQL; every value is a bound parameter."""

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any as Anything

from sqlalchemy import ColumnElement, Table, Text, cast, func, literal

from mockserver.core.conditions import forms
from mockserver.core.conditions.logic import depth, program
from mockserver.core.conditions.nodes import (
    And,
    Any,
    Compare,
    Condition,
    Contains,
    In,
    Joint,
    Leaf,
    Like,
    Member,
    Not,
    Target,
    climbed,
)
from mockserver.core.conditions.patterns import glob
from mockserver.core.labelled import labelled
from mockserver.core.schema import Column, Kind

# Deeper trees become a program: SQLite's parser has room for a hundred open symbols, which the
# test of an array shares with the tree around it. Three times as deep still fits.
NESTING_MAX = 5
COMPARISONS: Mapping[str, Callable[[Anything, Anything], ColumnElement[bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ELEMENTS: Mapping[Kind, type[forms.Element]] = {
    Kind.TEXT: forms.TextElement,
    Kind.INTEGER: forms.NumberElement,
    Kind.NUMBER: forms.NumberElement,
    Kind.FLAG: forms.FlagElement,
    Kind.INSTANT: forms.InstantElement,
    Kind.ANY: forms.Element,
}


def clause(
    tree: Condition, table: Table, leaf: Callable[[Leaf], ColumnElement[bool]] | None = None
) -> ColumnElement[bool]:
    """Return the WHERE clause of a bound *tree* over *table*, three-valued as SQL is.

    Each leaf tests a column of the table unless *leaf* says what it tests. The connection needs
    ``register_functions``.
    """
    leaf = leaf or partial(_leaf, table=table)
    if depth(tree) <= NESTING_MAX:
        nested: ColumnElement[bool] = climbed(tree, leaf, _joint)
        return nested
    steps, leaves = program(tree)
    return forms.Program(literal(steps), *map(leaf, leaves))


def _joint(node: Joint, terms: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    if isinstance(node, Not):
        return forms.Negated(*terms)
    return forms.Every(*terms) if isinstance(node, And) else forms.Either(*terms)


def sourced(
    table: Table, sources: Mapping[str, ColumnElement[Anything]]
) -> Callable[[Leaf], ColumnElement[bool]]:
    """Return what tests leaves of which some are about arrays that the table itself has not.

    *sources* are the documents that hold those, by the names that the resource gives them.
    """
    return partial(_leaf, table=table, sources=sources)


def _leaf(
    leaf: Leaf, table: Table, sources: Mapping[str, ColumnElement[Anything]] | None = None
) -> ColumnElement[bool]:
    if isinstance(leaf, Any):
        test = clause(leaf.tree, table)
        document = sources[leaf.view] if sources and leaf.view in sources else table.c[leaf.view]
        return forms.Exists(document, literal(_json_path((leaf.array,))), test)
    if isinstance(leaf, Compare) and leaf.value is None:
        stored = _stored(leaf.target, table)
        return stored.is_(None) if leaf.operator == "=" else stored.is_not(None)
    return _test(leaf, _typed(leaf.target, table))


def _test(leaf: Leaf, left: ColumnElement[Anything]) -> ColumnElement[bool]:
    match leaf:
        case Compare(_, symbol, value):
            return COMPARISONS[symbol](left, literal(value, left.type))
        case Contains(_, str() as value):
            return forms.Holds(left, literal(value))
        case Like(_, tuple() as pattern):
            return forms.Matches(left, literal(glob(pattern)))
        case In(_, values):
            return left.in_(values)
        case _:
            raise AssertionError("the tree is not bound")


def _stored(target: Target, table: Table) -> ColumnElement[Anything]:
    if isinstance(target, Column):
        stored = table.c[target.name]
        if target.labels:
            return labelled(stored, target.labels, folded=target.folded)
        return stored * target.factor if target.factor != 1 else stored
    assert isinstance(target, Member), "the tree is not bound"
    return _element(forms.Element, target)


def _typed(target: Target, table: Table) -> ColumnElement[Anything]:
    """Return the value as it is compared; null when it is missing or of another type."""
    if isinstance(target, Member):
        is_exact = target.kind is Kind.TEXT and not target.folded
        return _element(forms.ExactElement if is_exact else ELEMENTS[target.kind], target)
    stored, kind = _stored(target, table), _kind(target)
    if isinstance(target, Column) and not (target.folded or target.labels):
        # A column of no particular kind holds texts as they are (rows.py), one of texts does not.
        exact = _written(target, table) if kind is Kind.TEXT else stored
        return func.rtrim(exact, " ") if kind in {Kind.TEXT, Kind.ANY} else stored
    return func.fold(stored) if kind is Kind.ANY else stored


def _written(column: Column, table: Table) -> ColumnElement[Anything]:
    """Return the text of a column as the record has it."""
    return func.json_extract(cast(table.c.body, Text), _json_path(column.steps), type_=Text())


def _kind(target: Target) -> Kind:
    assert isinstance(target, Column | Member), "the tree is not bound"
    return target.kind


def _element(form: type[forms.Element], member: Member) -> ColumnElement[Anything]:
    return form(literal(_json_path(member.steps))) if member.steps else form()


def _json_path(steps: Sequence[str]) -> str:
    assert not any('"' in step for step in steps), "a declared name has no quotes"
    return "$" + "".join(f'."{step}"' for step in steps)
