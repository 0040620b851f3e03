"""Literals to values, in the type of what they are compared with."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from mockserver.core.conditions.dialect import Dialect
from mockserver.core.conditions.nodes import Literal, Scalar, Spelling
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.core.instants import instant
from mockserver.core.schema import Kind
from mockserver.core.text import as_compared, fold

EXPECTED = {
    Kind.INTEGER: "numeric",
    Kind.NUMBER: "numeric",
    Kind.TEXT: "string",
    Kind.FLAG: "boolean",
    Kind.INSTANT: "datetime",
    Kind.ANY: "string",
}
KINDS = {
    Spelling.TEXT: Kind.TEXT,
    Spelling.NUMBER: Kind.NUMBER,
    Spelling.FLAG: Kind.FLAG,
    Spelling.INSTANT: Kind.INSTANT,
    Spelling.BARE: Kind.INSTANT,
    Spelling.NULL: Kind.ANY,
}
NUMERIC = re.compile(r"\s*-?[0-9]+(?:\.[0-9]+)?\s*")
AMERICAN = re.compile(
    r"(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>\d{4})"
    r"(?:\s+(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s*(?P<half>[AP])M)?)?",
    re.ASCII | re.IGNORECASE,
)
INT64 = 2**63


def converted(literal: Literal, kind: Kind, dialect: Dialect) -> Scalar:
    """Return what *literal* means for a field of *kind*.

    Raises:
        BadCondition: TYPE_MISMATCH when it means nothing there.
    """
    convert = CONVERSIONS.get((kind, literal.spelling))
    value = None
    if convert is not None and _allowed(kind, literal.spelling, dialect):
        by_case = kind in {Kind.TEXT, Kind.ANY} and not dialect.texts_in_any_case
        value = (_text_by_case if by_case else convert)(literal.text)
    if value is None:
        raise mismatch(literal, EXPECTED[kind])
    return value


def mismatch(literal: Literal, expected: str) -> BadCondition:
    """Return the refusal of *literal* where *expected* was wanted."""
    # What stands bare begins with digits; the vendor knows instants by their brackets.
    bare = literal.spelling is Spelling.BARE
    found = "numeric" if bare and expected == "datetime" else literal.spelling.split()[-1]
    # A word in brackets (``[today]``) is no instant, whatever stands around it.
    found = "string" if found == expected == "datetime" else found
    return BadCondition(
        ConditionFlaw.TYPE_MISMATCH,
        f"expected {expected}, found {found}",
        offset=literal.offset,
        expected=expected,
        found=found,
    )


def _allowed(kind: Kind, spelling: Spelling, dialect: Dialect) -> bool:
    match spelling, kind:
        case Spelling.BARE, _:
            return dialect.bare_instants
        case Spelling.TEXT, Kind.INSTANT:
            return dialect.quoted_instants
        case Spelling.TEXT, Kind.INTEGER | Kind.NUMBER:
            return dialect.quoted_numbers
        case Spelling.NUMBER, Kind.TEXT:
            return dialect.numbers_as_text
        case _:
            return True


def storable(text: str) -> str:
    """Return *text* without lone surrogates, which no database holds and no record has."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _text(text: str) -> str:
    return fold(storable(text))


def _text_by_case(text: str) -> str:
    return as_compared(storable(text), folded=False)


def _integer(text: str) -> int | float | None:
    if not NUMERIC.fullmatch(text):
        return None
    # Longer texts are beyond 64 bits, and far beyond what int() takes.
    if "." in text or len(text) > 20:  # noqa: PLR2004
        return float(text)
    value = int(text)
    return value if -INT64 <= value < INT64 else float(value)


def _number(text: str) -> float | None:
    return float(text) if NUMERIC.fullmatch(text) else None


def _flag(text: str) -> bool:
    return text == "true"


def moment(text: str) -> str | None:
    """Return *text* as an instant in UTC; ISO 8601 or US style (psa facts 3.3), or None."""
    found = AMERICAN.fullmatch(text.strip())
    if found is None:
        return instant(text)
    parts = {name: int(part or 0) for name, part in found.groupdict().items() if name != "half"}
    half = (found["half"] or "").upper()
    if half:
        if not 1 <= parts["hour"] <= 12:  # noqa: PLR2004
            return None
        parts["hour"] = parts["hour"] % 12 + 12 * (half == "P")
    try:
        return instant(datetime(**parts).isoformat())  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


CONVERSIONS: Mapping[tuple[Kind, Spelling], Callable[[str], Scalar]] = {
    (Kind.TEXT, Spelling.TEXT): _text,
    (Kind.TEXT, Spelling.NUMBER): _text,
    (Kind.INTEGER, Spelling.NUMBER): _integer,
    (Kind.INTEGER, Spelling.TEXT): _integer,
    (Kind.NUMBER, Spelling.NUMBER): _number,
    (Kind.NUMBER, Spelling.TEXT): _number,
    (Kind.FLAG, Spelling.FLAG): _flag,
    (Kind.INSTANT, Spelling.INSTANT): moment,
    (Kind.INSTANT, Spelling.BARE): moment,
    (Kind.INSTANT, Spelling.TEXT): moment,
    # A column of no particular kind holds texts (rows.py).
    (Kind.ANY, Spelling.TEXT): _text,
    (Kind.ANY, Spelling.NUMBER): _text,
    (Kind.ANY, Spelling.FLAG): _text,
    (Kind.ANY, Spelling.INSTANT): _text,
    (Kind.ANY, Spelling.BARE): _text,
}
