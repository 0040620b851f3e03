"""The condition language: text to tree to bound tree to SQL, or to a function over records."""

from mockserver.core.conditions.bind import (
    bind,
    parse_and_bind,
    parse_and_bind_children,
    parse_and_bind_rows,
)
from mockserver.core.conditions.clause import clause, sourced
from mockserver.core.conditions.dialect import Dialect
from mockserver.core.conditions.forms import register_functions
from mockserver.core.conditions.nodes import (
    And,
    Any,
    Compare,
    Condition,
    Contains,
    EndsWith,
    In,
    Like,
    Literal,
    Member,
    Not,
    Or,
    Path,
    Spelling,
    StartsWith,
)
from mockserver.core.conditions.parser import parse
from mockserver.core.conditions.predicate import compared, predicate
from mockserver.core.conditions.unparse import unparse

__all__ = [
    "And",
    "Any",
    "Compare",
    "Condition",
    "Contains",
    "Dialect",
    "EndsWith",
    "In",
    "Like",
    "Literal",
    "Member",
    "Not",
    "Or",
    "Path",
    "Spelling",
    "StartsWith",
    "bind",
    "clause",
    "compared",
    "parse",
    "parse_and_bind",
    "parse_and_bind_children",
    "parse_and_bind_rows",
    "predicate",
    "register_functions",
    "sourced",
    "unparse",
]
