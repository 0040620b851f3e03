"""The tree of a condition, first as parsed, then as bound to a resource.

A parsed leaf carries a ``Path`` and ``Literal``s. A bound leaf carries a ``Column`` (or, inside
``Any``, a ``Member``) and values in the column's Python type; ``StartsWith`` and ``EndsWith`` are
bound as ``Like``, whose value is then a pattern.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from mockserver.core.conditions.patterns import Pattern
from mockserver.core.schema import Column, Kind

T = TypeVar("T")


class Spelling(StrEnum):
    """How a literal was written."""

    TEXT = "string"
    NUMBER = "numeric"
    FLAG = "boolean"
    NULL = "null"
    INSTANT = "datetime"
    BARE = "bare datetime"


@dataclass(frozen=True)
class Path:
    """The name of a field as typed, split into its names."""

    names: tuple[str, ...]
    text: str = field(default="", compare=False)
    offset: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Literal:
    """A value as typed, without quotes, brackets or escapes; keywords in lower case."""

    spelling: Spelling
    text: str
    offset: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Member:
    """A member of the elements of an array; no steps mean the element itself.

    *folded* tells whether its texts are compared without regard to case.
    """

    steps: tuple[str, ...]
    kind: Kind
    enum: tuple[str, ...] = ()
    folded: bool = True


Scalar = str | int | float | bool | None
Target = Path | Column | Member


@dataclass(frozen=True)
class Compare:
    """A comparison with one value; the operator is one of ``= != < <= > >=``."""

    target: Target
    operator: str
    value: Literal | Scalar


@dataclass(frozen=True)
class Contains:
    """The text holds another."""

    target: Target
    value: Literal | Scalar


@dataclass(frozen=True)
class Like:
    """The text fits a pattern."""

    target: Target
    value: Literal | Pattern


@dataclass(frozen=True)
class StartsWith:
    """The text begins with another (parsed trees only)."""

    target: Target
    value: Literal


@dataclass(frozen=True)
class EndsWith:
    """The text ends with another (parsed trees only)."""

    target: Target
    value: Literal


@dataclass(frozen=True)
class In:
    """The value is one of several."""

    target: Target
    values: tuple[Literal | Scalar, ...]


@dataclass(frozen=True)
class Not:
    """The opposite; unknown stays unknown."""

    term: "Condition"

    @property
    def terms(self) -> "tuple[Condition]":
        """Return the one term, as the other joints do."""
        return (self.term,)


@dataclass(frozen=True)
class And:
    """All terms hold."""

    terms: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Or:
    """At least one term holds."""

    terms: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Any:
    """Some element of an array fulfils *tree* (bound trees only); never unknown.

    Attributes:
        array: The field of the record that holds the array.
        tree: The condition on one element; its targets are ``Member``s.
        view: The rendering of the record that holds the array.
    """

    array: str
    tree: "Condition"
    view: str = "body"


Leaf = Compare | Contains | Like | StartsWith | EndsWith | In | Any
Joint = Not | And | Or
Condition = Leaf | Joint


def climbed(
    tree: Condition,
    leaf: Callable[[Leaf], T],
    joint: Callable[[Joint, Sequence[T]], T],
) -> T:
    """Return what *leaf* makes of the leaves and *joint* of the joints, from the leaves up.

    Without recursion: the depth of a condition is the caller's choice, Python's stack is not.
    """
    results: list[T] = []
    ahead: list[tuple[Condition, bool]] = [(tree, False)]
    while ahead:
        node, terms_done = ahead.pop()
        if not isinstance(node, Not | And | Or):
            results.append(leaf(node))
        elif terms_done:
            terms = results[-len(node.terms) :]
            del results[-len(node.terms) :]
            results.append(joint(node, terms))
        else:
            ahead.append((node, True))
            ahead.extend((term, False) for term in reversed(node.terms))
    return results[0]


def rejoined(node: Joint, terms: Sequence[Condition]) -> Condition:
    """Return a joint like *node* over other terms."""
    return Not(terms[0]) if isinstance(node, Not) else type(node)(tuple(terms))
