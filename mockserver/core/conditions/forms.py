"""SQL that SQLAlchemy has no words for, and the functions that SQLite needs for it.

Each form is compiled for SQLite here, the plain ones for every database; another database is
another set of ``@compiles`` functions.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from mockserver.core.conditions.logic import UNKNOWN, truth
from mockserver.core.instants import instant
from mockserver.core.text import fold

# SQLite refuses expressions more than 1,000 operators high, and a flat chain is as high as long.
CHAIN_MAX = 50


class Form(FunctionElement[bool]):
    """A test that brings its own parentheses."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> "Form":
        """Return the form itself: SQLAlchemy would add ``= 1``, and no index would be used."""
        del against
        return self


class Every(Form):
    """All arguments are true, in SQL's three-valued logic."""

    inherit_cache = True


class Either(Form):
    """At least one argument is true, in SQL's three-valued logic."""

    inherit_cache = True


class Negated(Form):
    """The argument is false, in SQL's three-valued logic."""

    inherit_cache = True


class Program(Form):
    """What a program (see ``logic.py``) makes of the truths of its leaves.

    The first argument is the program. SQLite's parser gives up after some thirty nested groups;
    this form is flat whatever the depth.
    """

    inherit_cache = True


class Matches(Form):
    """The first argument fits the pattern that the second one holds, in GLOB's language."""

    inherit_cache = True


class Holds(Form):
    """The first argument holds the second one."""

    inherit_cache = True


class Exists(Form):
    """Some element of an array fulfils a test: the document, the array's path, the test."""

    inherit_cache = True


class Element(FunctionElement[Any]):
    """A member of the element that ``Exists`` looks at, whatever it is.

    The argument is its path in the element; without one it is the element itself. Subclasses know
    its kind: a value of another type counts as missing.
    """

    inherit_cache = True
    shape = "{value}"


class TextElement(Element):
    """A member that is a text, folded."""

    type = Text()
    inherit_cache = True
    shape = "CASE {kind} WHEN 'text' THEN fold({value}) END"


class ExactElement(Element):
    """A member that is a text, as it is."""

    type = Text()
    inherit_cache = True
    shape = "CASE {kind} WHEN 'text' THEN rtrim({value}, ' ') END"


class NumberElement(Element):
    """A member that is a number."""

    inherit_cache = True
    shape = "CASE WHEN {kind} IN ('integer', 'real') THEN {value} END"


class FlagElement(Element):
    """A member that is true or false."""

    type = Boolean()
    inherit_cache = True
    shape = "CASE WHEN {kind} IN ('true', 'false') THEN {value} END"


class InstantElement(Element):
    """A member that is an instant."""

    type = Text()
    inherit_cache = True
    shape = "CASE {kind} WHEN 'text' THEN instant({value}) END"


@compiles(Every)
def _every(form: Every, compiler: SQLCompiler, **how: Any) -> str:
    return _chain(" AND ", _arguments(form, compiler, how))


@compiles(Either)
def _either(form: Either, compiler: SQLCompiler, **how: Any) -> str:
    return _chain(" OR ", _arguments(form, compiler, how))


@compiles(Negated)
def _negated(form: Negated, compiler: SQLCompiler, **how: Any) -> str:
    (term,) = _arguments(form, compiler, how)
    return f"(NOT ({term}))"


@compiles(Program, "sqlite")
def _program(form: Program, compiler: SQLCompiler, **how: Any) -> str:
    steps, *leaves = _arguments(form, compiler, how)
    digits = [f"ifnull({leaf}, {UNKNOWN})" for leaf in leaves]
    chunks = (" || ".join(part) for part in _parts(digits))
    return f"truth({', '.join((steps, *chunks))})"


@compiles(Matches, "sqlite")
def _matches(form: Matches, compiler: SQLCompiler, **how: Any) -> str:
    text, pattern = _arguments(form, compiler, how)
    return f"({text} GLOB {pattern})"


@compiles(Holds, "sqlite")
def _holds(form: Holds, compiler: SQLCompiler, **how: Any) -> str:
    text, part = _arguments(form, compiler, how)
    return f"(instr({text}, {part}) > 0)"


@compiles(Exists, "sqlite")
def _exists(form: Exists, compiler: SQLCompiler, **how: Any) -> str:
    document, path, test = _arguments(form, compiler, how)
    elements = f"json_each(CAST({document} AS TEXT), {path}) AS e"
    # Only the elements of an array have numbers for keys; SQLite walks objects and scalars too.
    # What is pasted here is compiled SQL, in which values are bound parameters.
    return f"EXISTS (SELECT 1 FROM {elements} WHERE typeof(e.key) = 'integer' AND {test})"  # noqa: S608


@compiles(Element, "sqlite")
def _element(form: Element, compiler: SQLCompiler, **how: Any) -> str:
    value, kind = "e.value", "e.type"
    for path in _arguments(form, compiler, how):
        # Only an object's value is JSON; on anything else json_extract would fail.
        value, kind = (
            f"CASE e.type WHEN 'object' THEN {read}(e.value, {path}) END"
            for read in ("json_extract", "json_type")
        )
    return f"({form.shape.format(value=value, kind=kind)})"


def _arguments(
    form: FunctionElement[Any], compiler: SQLCompiler, how: Mapping[str, Any]
) -> list[str]:
    return [str(compiler.process(clause, **how)) for clause in form.clauses]


def _chain(word: str, terms: Sequence[str]) -> str:
    """Return the terms joined, in groups, so that no chain is higher than SQLite takes."""
    groups = [word.join(part) for part in _parts(terms)]
    return f"({word.join(f'({group})' for group in groups)})" if groups[1:] else f"({groups[0]})"


def _parts(terms: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(terms), CHAIN_MAX):
        yield terms[start : start + CHAIN_MAX]


def _truth(steps: str, *digits: object) -> bool | None:
    return truth(steps, "".join(map(str, digits)))


def _folded(value: object) -> str | None:
    return fold(value) if isinstance(value, str) else None


def _instant(value: object) -> str | None:
    return instant(value) if isinstance(value, str) else None


FUNCTIONS: Sequence[tuple[str, int, Callable[..., str | bool | None]]] = (
    ("fold", 1, _folded),
    ("instant", 1, _instant),
    ("truth", -1, _truth),
)


def register_functions(connection: sqlite3.Connection) -> None:
    """Give an SQLite connection the functions that conditions need."""
    for name, arity, function in FUNCTIONS:
        connection.create_function(name, arity, function, deterministic=True)
