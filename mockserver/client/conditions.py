"""Conditions as Python expressions, printed in either vendor's language.

``F("status/name") == "New"`` compares; ``&``, ``|`` and ``~`` join. Values are quoted and escaped,
so that no text from outside can change what a condition means. PSA facts 3.2 to 3.4, Automate
facts 4.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

Scalar = str | int | float | bool | date | datetime | None
Language = Literal["psa", "automate"]
NAME = re.compile(r"[^\W\d]\w*(?:[./][^\W\d]\w*)*")
#: Backslashes that stand before a quote count twice in PSA's language.
BEFORE_QUOTE = re.compile(r"""(\\+)(?=["']|\Z)""")
LIKE_MARKS = {"psa": re.compile(r"[\[%*_]"), "automate": re.compile(r"[%_\\]")}


@dataclass(frozen=True)
class Condition:
    """Something that rows fulfil or not; ``text`` prints it."""

    def __and__(self, other: "Condition") -> "Condition":
        """Return the condition that both hold."""
        return Joined("and", (self, other))

    def __or__(self, other: "Condition") -> "Condition":
        """Return the condition that one of both holds."""
        return Joined("or", (self, other))

    def __invert__(self) -> "Condition":
        """Return the condition that this one does not hold."""
        return Negated(self)

    def __bool__(self) -> bool:
        """Refuse: ``a == 1 and b == 2`` would silently lose the first part."""
        raise TypeError("join conditions with & | ~, each in parentheses")

    def text(self, language: Language = "psa") -> str:
        """Return the condition in the language of ``psa`` or ``automate``."""
        raise NotImplementedError


@dataclass(frozen=True)
class Comparison(Condition):
    """A test on one field."""

    name: str
    operator: str
    value: Scalar | tuple[Scalar, ...]

    def text(self, language: Language = "psa") -> str:
        """Return the test."""
        name = self.name if language == "psa" else self.name.replace("/", ".")
        if isinstance(self.value, tuple):
            values = ", ".join(literal(each, language) for each in self.value)
            return f"{name} {self.operator} ({values})"
        return f"{name} {self.operator} {literal(self.value, language)}"


@dataclass(frozen=True)
class Joined(Condition):
    """Several conditions joined by one word."""

    word: str
    terms: tuple[Condition, ...]

    def text(self, language: Language = "psa") -> str:
        """Return the terms, each in parentheses where it is joined itself."""
        flat = [each for term in self.terms for each in _flat(term, self.word)]
        return f" {self.word} ".join(_grouped(each, language) for each in flat)


@dataclass(frozen=True)
class Negated(Condition):
    """The opposite of a condition."""

    term: Condition

    def text(self, language: Language = "psa") -> str:
        """Return the negation, before the operator where the languages have that."""
        term = self.term
        if isinstance(term, Negated):
            return term.term.text(language)
        if isinstance(term, Comparison) and term.operator in {"in", "contains", "like"}:
            return Comparison(term.name, f"not {term.operator}", term.value).text(language)
        return f"not ({term.text(language)})"


@dataclass(frozen=True)
class Written(Condition):
    """A condition that somebody wrote by hand."""

    written: str

    def text(self, language: Language = "psa") -> str:  # noqa: ARG002 - taken as it is
        """Return it as it is."""
        return self.written


class F:
    """A field to compare: ``F("company/identifier").like("AC%")``.

    Args:
        name: As the vendor writes it; ``/`` or ``.`` between the names of a path.

    Raises:
        ValueError: It is no name of a field.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str) -> None:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a field")
        self._name = name

    def __eq__(self, value: Scalar) -> Condition:  # type: ignore[override]
        """Return: equals."""
        return Comparison(self._name, "=", value)

    def __ne__(self, value: Scalar) -> Condition:  # type: ignore[override]
        """Return: is there and does not equal."""
        return Comparison(self._name, "!=", value)

    def __lt__(self, value: Scalar) -> Condition:
        """Return: is less."""
        return Comparison(self._name, "<", value)

    def __le__(self, value: Scalar) -> Condition:
        """Return: is less or equal."""
        return Comparison(self._name, "<=", value)

    def __gt__(self, value: Scalar) -> Condition:
        """Return: is greater."""
        return Comparison(self._name, ">", value)

    def __ge__(self, value: Scalar) -> Condition:
        """Return: is greater or equal."""
        return Comparison(self._name, ">=", value)

    def contains(self, text: str) -> Condition:
        """Return: holds *text* somewhere."""
        return Comparison(self._name, "contains", text)

    def like(self, pattern: str) -> Condition:
        """Return: fits *pattern*, in which ``%`` stands for anything."""
        return Comparison(self._name, "like", pattern)

    def startswith(self, text: str) -> Condition:
        """Return: begins with *text*, whatever is in it."""
        return Fitting(self._name, "", text, "%")

    def endswith(self, text: str) -> Condition:
        """Return: ends with *text*, whatever is in it."""
        return Fitting(self._name, "%", text, "")

    def in_(self, values: Iterable[Scalar]) -> Condition:
        """Return: is one of *values*.

        Raises:
            ValueError: There are no values; the languages cannot say that.
        """
        kept = tuple(values)
        if not kept:
            raise ValueError("in_() needs at least one value")
        return Comparison(self._name, "in", kept)

    def not_in(self, values: Iterable[Scalar]) -> Condition:
        """Return: is none of *values*."""
        return ~self.in_(values)

    def is_null(self) -> Condition:
        """Return: has no value."""
        return Comparison(self._name, "=", None)


@dataclass(frozen=True)
class Fitting(Condition):
    """A text between wildcards, with no wildcards of its own."""

    name: str
    before: str
    fixed: str
    after: str

    def text(self, language: Language = "psa") -> str:
        """Return the ``like`` with the text's own marks taken literally."""
        marks = LIKE_MARKS[language]
        escape = r"[\g<0>]" if language == "psa" else r"\\\g<0>"
        pattern = self.before + marks.sub(escape, self.fixed) + self.after
        return Comparison(self.name, "like", pattern).text(language)


def literal(value: Scalar, language: Language) -> str:
    """Return *value* as a literal.

    Raises:
        TypeError: The languages have no such value.
        ValueError: A number that is not finite.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, date):
        moment = _moment(value)
        return f"[{moment}]" if language == "psa" else moment
    if isinstance(value, str):
        return _quoted(value, language)
    raise TypeError(f"a condition cannot hold a {type(value).__name__}")


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}" if value - value == 0 else ""
    if not text:
        raise ValueError("a condition cannot hold a number that is not finite")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: date) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _quoted(text: str, language: Language) -> str:
    if language == "psa":
        text = BEFORE_QUOTE.sub(r"\1\1", text)
        return '"' + text.replace('"', '""') + '"'
    return "'" + text.replace("'", "''") + "'"


def _flat(term: Condition, word: str) -> Iterable[Condition]:
    if isinstance(term, Joined) and term.word == word:
        for each in term.terms:
            yield from _flat(each, word)
    else:
        yield term


def _grouped(term: Condition, language: Language) -> str:
    text = term.text(language)
    return f"({text})" if isinstance(term, Joined | Written) else text


def printed(conditions: "Condition | str | None", language: Language) -> str | None:
    """Return conditions, given as a text or an expression, as a text."""
    return conditions.text(language) if isinstance(conditions, Condition) else conditions or None
