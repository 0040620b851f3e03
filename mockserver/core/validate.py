"""A payload against its declaration: everything that is wrong, named at once.

What comes back is a clean copy: members spelt as declared, values converted the lenient way of the
vendors' JSON readers (psa facts 6.8: ``"13"`` is 13, ``""`` is null), read-only members dropped.
References are left as given; ``references.py`` resolves them.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockserver.core.errors import Fault, Flaw
from mockserver.core.instants import instant
from mockserver.core.schema import Field, Kind, Resource

DEPTH_MAX = 16
INTEGER = re.compile(r"\s*[+-]?\d{1,19}\s*", re.ASCII)
NUMBER = re.compile(r"\s*[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?\s*", re.ASCII)
WORDS = {"true": True, "false": False}


@dataclass(frozen=True)
class Policy:
    """How forgiving a vendor's reader is.

    Attributes:
        refuse_unknown: Whether a member that is not declared is a fault (psa facts 6.7).
        offsets: Whether an instant may carry a numeric offset from UTC (psa facts 6.3: no).
        any_case: Whether names of members may be spelt in any case (psa facts 6.8).
        below_checked: Whether what is referred to must lie below the record that the same payload
            names, where it lies below one (psa facts 10.13).
        blanks_missing: Whether a required text of nothing but blanks is missing (psa facts 6.3).
        empty_enums: Whether an empty text for an enumeration is null (psa facts 6.8).
        updates_sent: Whether what is required on updates has to be sent, and is not filled in.
        lengths_checked: Whether a text that is too long is a fault.
        choices_checked: Whether a text that is none of an enumeration's is a fault.
        writable: Members that bodies may set although the server keeps them.
        kept_refused: Whether other members that the server keeps are refused instead of ignored;
            a record's id may always be there.
    """

    refuse_unknown: bool = True
    offsets: bool = False
    any_case: bool = True
    below_checked: bool = True
    blanks_missing: bool = True
    empty_enums: bool = True
    updates_sent: bool = False
    lengths_checked: bool = True
    choices_checked: bool = True
    writable: frozenset[str] = frozenset()
    kept_refused: bool = False


class Wrong(Exception):
    """One value does not fit its field."""

    def __init__(self, flaw: Flaw, detail: object = None) -> None:
        super().__init__(flaw)
        self.flaw, self.detail = flaw, detail


def checked(
    resource: Resource, payload: Mapping[str, Any], policy: Policy
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the clean members of *payload* and every fault found in it.

    A member given as null is kept as None: whoever replaces a record must know.
    """
    faults: list[Fault] = []
    if policy.kept_refused:
        faults.extend(_kept_by_the_server(resource, payload, policy))
    return _members(resource.members, payload, "", policy, faults), faults


def _kept_by_the_server(
    resource: Resource, payload: Mapping[str, Any], policy: Policy
) -> Iterator[Fault]:
    for name in payload:
        declared = resource.members.get(name.casefold())
        if declared is None or not declared.read_only or declared.name in policy.writable:
            continue
        if declared.name != resource.key:
            text = f"The {declared.name} cannot be set."
            yield Fault(Flaw.RULE, declared.name, text)


def missing(
    resource: Resource,
    record: Mapping[str, Any],
    *,
    update: bool,
    blanks: bool = True,
    sent: Mapping[str, Any] | None = None,
) -> Iterator[Fault]:
    """Yield a fault for each required field that *record* lacks; *blanks* tells if they do.

    What is required on updates only is looked for in *sent* where that is given.
    """
    for declared in resource.fields:
        if not (declared.required or (update and declared.required_on_update)):
            continue
        strict = update and sent is not None and not declared.required
        value = (sent if strict and sent is not None else record).get(declared.name)
        # Blanks are nothing: so the library that words "The … field is required." has it.
        if value in (None, "", {}) or (blanks and isinstance(value, str) and not value.strip()):
            yield Fault(Flaw.MISSING, declared.name, declared)


def _members(
    known: Mapping[str, Field],
    payload: Mapping[str, Any],
    above: str,
    policy: Policy,
    faults: list[Fault],
) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for name, value in payload.items():
        declared = known.get(name) or known.get(name.casefold())
        if declared is not None and declared.name != name and not policy.any_case:
            declared = None
        path = f"{above}{declared.name if declared else name}"
        if declared is None:
            # Seed 003, "Configuring the Callbacks", spells it with a blank at its end.
            if policy.refuse_unknown and name.strip().casefold() != "_info":
                faults.append(Fault(Flaw.UNKNOWN_MEMBER, path, name))
        elif above or not declared.read_only or declared.name in policy.writable:
            clean[declared.name] = _value(declared, value, path, policy, faults)
    return clean


def _value(declared: Field, value: Any, path: str, policy: Policy, faults: list[Fault]) -> Any:
    if value is None or (value == "" and _is_nothing(declared, policy)):
        return None
    if declared.kind in {Kind.OBJECT, Kind.REFERENCE}:
        return _object(declared, value, path, policy, faults)
    if declared.kind is Kind.LIST:
        return _list(declared, value, path, policy, faults)
    return _scalar(declared, value, path, policy, faults)


def _scalar(declared: Field, value: Any, path: str, policy: Policy, faults: list[Fault]) -> Any:
    try:
        return scalar(declared, value, policy)
    except Wrong as wrong:
        # With a rule's own words comes no value: a vendor may take it for the rule's code.
        blamed = None if wrong.flaw is Flaw.RULE else value
        faults.append(Fault(wrong.flaw, path, wrong.detail or declared, blamed))
        return None


def _is_nothing(declared: Field, policy: Policy) -> bool:
    """Tell whether an empty text is null for this field."""
    return declared.kind is not Kind.TEXT or bool(declared.enum and policy.empty_enums)


def _object(declared: Field, value: Any, path: str, policy: Policy, faults: list[Fault]) -> Any:
    if not isinstance(value, dict):
        faults.append(Fault(Flaw.WRONG_SHAPE, path, declared, value))
        return None
    if not declared.fields:
        return _scalar(replace(declared, kind=Kind.ANY), value, path, policy, faults)
    found = _members(declared.members, value, f"{path}/", policy, faults)
    return {
        name: each
        for name, each in found.items()
        if each is not None or _may_be_null(declared, name)
    }


def _may_be_null(declared: Field, name: str) -> bool:
    """Tell whether null is a value: elsewhere it is as good as no member at all."""
    return declared.members[name.casefold()].kind is Kind.ANY


def _list(declared: Field, value: Any, path: str, policy: Policy, faults: list[Fault]) -> Any:
    if not isinstance(value, list):
        faults.append(Fault(Flaw.WRONG_SHAPE, path, declared, value))
        return None
    if declared.fields:
        return [_object(declared, item, path, policy, faults) for item in value]
    of = Field(declared.name, declared.items or Kind.ANY, bits=64)
    return [_value(of, item, path, policy, faults) for item in value]


def scalar(declared: Field, value: Any, policy: Policy) -> Any:
    """Return a value as its field has it; Wrong when it has no such value."""
    if declared.kind is Kind.INSTANT:
        return _instant(value, policy)
    if declared.enum and not policy.choices_checked:
        declared = replace(declared, enum=())
    if declared.max_length is not None and not policy.lengths_checked:
        declared = replace(declared, max_length=None)
    return CONVERSIONS[declared.kind](declared, value)


def _instant(value: Any, policy: Policy) -> str:
    text = instant(value, offsets=policy.offsets) if isinstance(value, str) else None
    if text is None:
        raise Wrong(Flaw.BAD_INSTANT)
    return text


def _integer(declared: Field, value: Any) -> int:
    if isinstance(value, str) and INTEGER.fullmatch(value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong(Flaw.WRONG_TYPE)
    if not -(1 << (declared.bits - 1)) <= value < 1 << (declared.bits - 1):
        raise Wrong(Flaw.OUT_OF_RANGE)
    return value


def _number(_declared: Field, value: Any) -> float | int:
    if isinstance(value, str) and NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(Flaw.WRONG_TYPE)
    if not math.isfinite(value) or abs(value) >= 1e18:  # noqa: PLR2004
        raise Wrong(Flaw.OUT_OF_RANGE)
    return value


def _text(declared: Field, value: Any) -> str:
    if isinstance(value, bool):
        value = str(value)
    if isinstance(value, int | float):
        value = str(value)
    if not isinstance(value, str):
        raise Wrong(Flaw.WRONG_TYPE)
    if "\0" in value:
        raise Wrong(Flaw.RULE, "The text contains a NUL character.")
    if declared.enum:
        return _enumerated(declared, value)
    if declared.max_length is not None and len(value) > declared.max_length:
        raise Wrong(Flaw.TOO_LONG)
    return value


def _enumerated(declared: Field, value: str) -> str:
    for allowed in declared.enum:
        if allowed.casefold() == value.casefold():
            return allowed
    raise Wrong(Flaw.NOT_IN_ENUM)


def _flag(_declared: Field, value: Any) -> bool:
    if isinstance(value, str):
        value = WORDS.get(value.strip().casefold(), value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    raise Wrong(Flaw.WRONG_TYPE)


def _any(_declared: Field, value: Any) -> Any:
    _bounded(value, DEPTH_MAX)
    return value


def nested_deeper(document: Any, levels: int) -> bool:
    """Tell whether more than *levels* containers of *document* lie inside each other."""
    containers = [document] if isinstance(document, dict | list) else []
    for _ in range(levels):
        containers = [inner for each in containers for inner in _containers(each)]
    return bool(containers)


def _containers(container: Any) -> Iterator[Any]:
    for inner in container.values() if isinstance(container, dict) else container:
        if isinstance(inner, dict | list):
            yield inner


def _bounded(value: Any, depth: int) -> None:
    if depth == 0 or (isinstance(value, str) and "\0" in value):
        raise Wrong(Flaw.RULE, "The value is nested too deeply or contains a NUL character.")
    if isinstance(value, dict):
        for member in value.values():
            _bounded(member, depth - 1)
    elif isinstance(value, list):
        for member in value:
            _bounded(member, depth - 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise Wrong(Flaw.OUT_OF_RANGE)


CONVERSIONS: Mapping[Kind, Callable[[Field, Any], Any]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.FLAG: _flag,
    Kind.ANY: _any,
}
