"""Why a body was refused, and what it should have been."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import orjson

from mockserver.core.errors import BadJson, BadPatch, Fault, Flaw, InvalidRecord, UnsupportedMedia
from mockserver.core.schema import Field, Kind
from mockserver.web.hints.words import closest, cut, listed

FAULTS_MAX = 3
ENUM_MAX = 12
_KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.INTEGER: "a whole number",
        Kind.NUMBER: "a number",
        Kind.TEXT: "a text",
        Kind.FLAG: "true or false",
        Kind.INSTANT: "an instant such as 2026-01-31T09:00:00Z",
        Kind.REFERENCE: 'an object with an id ({"id": 1})',
        Kind.OBJECT: "an object",
        Kind.LIST: "a list",
    }
)


def bad_record(names: Iterable[str], refusal: InvalidRecord, body: bytes) -> str:
    """Return what is wrong with the first members of a payload.

    Args:
        names: The members that there are.
        refusal: All that is wrong with it.
        body: The payload as it was sent.
    """
    known = tuple(names)
    told = [_fault(fault, known) for fault in refusal.faults[:FAULTS_MAX]]
    more = len(refusal.faults) - len(told)
    flaws = {fault.flaw for fault in refusal.faults}
    lost = _misspelt(known, body) if flaws == {Flaw.MISSING} else ""
    return " ".join(told) + (f" And {more} more." if more else "") + lost


def _misspelt(known: tuple[str, ...], body: bytes) -> str:
    """Return which member of a body was passed over, where one that is required is missing."""
    folded = {name.casefold() for name in known}
    try:
        document = orjson.loads(body)
    except ValueError:
        return ""
    given = document if isinstance(document, dict) else {}
    lost = next((name for name in given if name.casefold() not in folded), None)
    return "" if lost is None else f" {cut(lost)} is not a field.{closest(lost, known)}"


def _fault(fault: Fault, names: Iterable[str]) -> str:
    if fault.flaw is Flaw.UNKNOWN_MEMBER:
        return f"{cut(fault.path)} is not a field.{closest(fault.path, names)}"
    told = _FLAWS.get(fault.flaw)
    text = told(fault) if told else fault.flaw.value
    if isinstance(fault.detail, str) and fault.flaw is not Flaw.EXISTS:
        text = f": {fault.detail.rstrip('.')}"
    return f"{cut(fault.path)}{text if text[0] in ' :' else f': {text}'}."


def _field(fault: Fault) -> Field | None:
    return fault.detail if isinstance(fault.detail, Field) else None


def _wrong_type(fault: Fault) -> str:
    declared = _field(fault)
    return f" must be {_KINDS.get(declared.kind, 'of another kind') if declared else 'otherwise'}"


def _too_long(fault: Fault) -> str:
    declared = _field(fault)
    most = declared.max_length if declared else None
    given = f", not {len(fault.value)}" if isinstance(fault.value, str) else ""
    return f" has at most {most} characters{given}" if most else " is too long"


def _not_in_enum(fault: Fault) -> str:
    declared = _field(fault)
    values = declared.enum[:ENUM_MAX] if declared else ()
    return f" must be {listed(values)}" if values else " has no such value"


def _out_of_range(fault: Fault) -> str:
    declared = _field(fault)
    whole = declared is not None and declared.kind is Kind.INTEGER
    return f" must fit into {declared.bits} bits" if whole and declared else " is out of range"


def _unknown_reference(fault: Fault) -> str:
    path = fault.detail[0] if isinstance(fault.detail, tuple) else None
    where = f" in {str(path).rpartition(':')[2]}" if path else ""
    below = fault.detail[1:] if isinstance(fault.detail, tuple) else ()
    parent = f" below {below[0]}/{below[1]}" if len(below) > 1 and below[1] is not None else ""
    return f" points to {cut(repr(fault.value))}, which is not{where}{parent}"


_FLAWS: Mapping[Flaw, Callable[[Fault], str]] = MappingProxyType(
    {
        Flaw.MISSING: lambda _: " is required",
        Flaw.WRONG_TYPE: _wrong_type,
        Flaw.WRONG_SHAPE: _wrong_type,
        Flaw.TOO_LONG: _too_long,
        Flaw.NOT_IN_ENUM: _not_in_enum,
        Flaw.OUT_OF_RANGE: _out_of_range,
        Flaw.BAD_INSTANT: lambda _: f" must be {_KINDS[Kind.INSTANT]}",
        Flaw.UNKNOWN_REFERENCE: _unknown_reference,
        Flaw.AMBIGUOUS_REFERENCE: lambda _: " fits several records: name the one meant by its id",
        Flaw.EXISTS: lambda _: " is taken by another record",
    }
)


def bad_patch(names: Iterable[str], refusal: BadPatch) -> str:
    """Return what is wrong with a patch document.

    Args:
        names: The members that there are.
        refusal: What cannot be applied.
    """
    if not refusal.path:
        return f"{refusal.message.rstrip('.')}."
    known = tuple(names)
    first = refusal.path.split("/")[0]
    if first in known:
        return f"Nothing in {first} has the path {cut(refusal.path)}."
    return f"No field has the path {cut(refusal.path)}; case counts.{closest(first, known)}"


def bad_json(body: bytes, refusal: BadJson) -> str:
    """Return why *body* could not be read."""
    if not body.strip():
        return "The body is empty: send JSON."
    if refusal.offset:
        return f"The body is no JSON: {refusal.message} at character {refusal.offset}."
    return f"The body was not understood: {refusal.message.rstrip('.')}."


def media(refusal: UnsupportedMedia) -> str:
    """Return which content type would have been right."""
    return f"Content-Type {cut(refusal.content_type)} is not read here: send application/json."
