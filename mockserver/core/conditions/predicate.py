"""The meaning of a bound tree in plain Python: what the SQL must agree with."""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any as Anything

from mockserver.core.conditions.logic import DIGITS, program, truth
from mockserver.core.conditions.nodes import (
    Any,
    Compare,
    Condition,
    Contains,
    In,
    Leaf,
    Like,
    Member,
    Target,
)
from mockserver.core.conditions.patterns import matches
from mockserver.core.instants import instant
from mockserver.core.schema import Column, Kind
from mockserver.core.text import as_compared

COMPARISONS: Mapping[str, Callable[[Anything, Anything], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def predicate(tree: Condition) -> Callable[[Anything], bool | None]:
    """Return the function that tells whether a record fulfils *tree*; None means unknown."""
    steps, leaves = program(tree)

    def holds(record: Anything) -> bool | None:
        return truth(steps, "".join(DIGITS[_truth(leaf, record)] for leaf in leaves))

    return holds


def _truth(leaf: Leaf, record: Anything) -> bool | None:
    if isinstance(leaf, Any):
        elements = _followed((leaf.array,), record)
        return any(map(predicate(leaf.tree), elements if isinstance(elements, list) else ()))
    if isinstance(leaf, Compare) and leaf.value is None:
        return (_raw(leaf.target, record) is None) == (leaf.operator == "=")
    value = compared(leaf.target, record)
    return None if value is None else _test(leaf, value)


def _test(leaf: Leaf, value: Anything) -> bool | None:
    match leaf:
        case Compare(_, symbol, wanted):
            return COMPARISONS[symbol](value, wanted)
        case Contains(_, wanted):
            return str(wanted) in value
        case Like(_, tuple() as wanted):
            return matches(wanted, value)
        case In(_, values):
            return value in values or (None if None in values else False)
        case _:
            raise AssertionError("the tree is not bound")


def _raw(target: Target, record: Anything) -> Anything:
    assert isinstance(target, Column | Member), "the tree is not bound"
    value = _followed(target.steps, record)
    if not isinstance(target, Column):
        return value
    if target.labels:
        return target.labels.of(value)
    is_other = target.factor != 1 and value is not None
    return value * target.factor if is_other else value


def _followed(steps: Sequence[str], value: Anything) -> Anything:
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def compared(target: Target, record: Anything) -> Anything:
    """Return a record's value as it is compared; None when it is missing or of another type."""
    value = _raw(target, record)
    if value is None:
        return None
    kind, folded = _kind(target), isinstance(target, Column | Member) and target.folded
    if isinstance(target, Column) and kind in {Kind.TEXT, Kind.ANY}:
        return as_compared(str(value), folded=folded)
    if kind is Kind.TEXT:
        return as_compared(value, folded=folded) if isinstance(value, str) else None
    return CONVERSIONS[kind](value)


def _kind(target: Target) -> Kind:
    assert isinstance(target, Column | Member), "the tree is not bound"
    return target.kind


def _number(value: Anything) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _real(value: Anything) -> float | None:
    number = _number(value)
    return None if number is None else float(number)


def _flag(value: Anything) -> bool | None:
    return value if isinstance(value, bool) else None


def _instant(value: Anything) -> str | None:
    return instant(value) if isinstance(value, str) else None


CONVERSIONS: Mapping[Kind, Callable[[Anything], Anything]] = {
    Kind.INTEGER: _number,
    Kind.NUMBER: _real,
    Kind.FLAG: _flag,
    Kind.INSTANT: _instant,
}
