"""Tree to text: the inverse of ``parse``."""

import re
from collections.abc import Sequence
from functools import partial

from mockserver.core.conditions.dialect import Dialect
from mockserver.core.conditions.nodes import (
    And,
    Any,
    Compare,
    Condition,
    In,
    Joint,
    Leaf,
    Literal,
    Not,
    Path,
    Spelling,
    climbed,
)

BACKSLASHES = re.compile(r"""\\++(?!["']|\Z)|(\\++)""")
# A text, and whether it needs no parentheses as the term of a joint.
Printed = tuple[str, bool]


def unparse(tree: Condition, dialect: Dialect) -> str:
    """Return a text that parses to *tree*, a parsed tree."""
    leaf, joint = partial(_leaf, dialect=dialect), partial(_joint, dialect=dialect)
    printed: Printed = climbed(tree, leaf, joint)
    return printed[0]


def _leaf(leaf: Leaf, dialect: Dialect) -> Printed:
    assert not isinstance(leaf, Any), "only parsed trees can be printed"
    assert isinstance(leaf.target, Path), "only parsed trees can be printed"
    path = dialect.separators[0].join(leaf.target.names)
    return f"{path} {_test(leaf, dialect)}", True


def _test(leaf: Leaf, dialect: Dialect) -> str:
    assert not isinstance(leaf, Any), "only parsed trees can be printed"
    if isinstance(leaf, In):
        return f"in ({', '.join(_literal(value, dialect) for value in leaf.values)})"
    if isinstance(leaf, Compare):
        return f"{leaf.operator} {_literal(leaf.value, dialect)}"
    return f"{type(leaf).__name__.lower()} {_literal(leaf.value, dialect)}"


def _joint(node: Joint, terms: Sequence[Printed], dialect: Dialect) -> Printed:
    if isinstance(node, Not):
        return _negation(node.term, terms[0], dialect), True
    word = " and " if isinstance(node, And) else " or "
    return word.join(_grouped(term) for term in terms), False


def _negation(negated: Condition, printed: Printed, dialect: Dialect) -> str:
    if type(negated).__name__.lower() in dialect.infix_not:
        path, test = printed[0].split(" ", 1)
        return f"{path} not {test}"
    return f"not {_grouped(printed)}"


def _grouped(printed: Printed) -> str:
    text, simple = printed
    return text if simple else f"({text})"


def _literal(value: object, dialect: Dialect) -> str:
    assert isinstance(value, Literal), "only parsed trees can be printed"
    if value.spelling is Spelling.INSTANT:
        return f"[{value.text}]"
    return _quoted(value.text, dialect) if value.spelling is Spelling.TEXT else value.text


def _quoted(text: str, dialect: Dialect) -> str:
    if dialect.backslash_quotes:
        text = BACKSLASHES.sub(lambda found: found[0] + (found[1] or ""), text)
    return dialect.quote + text.replace(dialect.quote, dialect.quote * 2) + dialect.quote
