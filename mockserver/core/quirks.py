"""Single quirks, given as plain values (from TOML, from JSON), fitted to a profile's fields."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from difflib import get_close_matches
from enum import Enum
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

#: What may stand for each plain type, and what a complaint calls it.
PLAIN: Final[Mapping[type, tuple[tuple[type, ...], str]]] = MappingProxyType(
    {
        bool: ((bool,), "true or false"),
        int: ((int,), "a whole number from 0 to 2147483647"),
        float: ((int, float), "a number from 0 to 2147483647"),
        str: ((str,), "a text"),
    }
)
#: What the names of quirks end in that are statuses, or tables of some.
STATUS_NAME: Final = re.compile("_status$").search
STATUSES = range(200, 600)
#: Seconds beyond it lead past the end of the calendar.
NUMBER_MAX: Final = 2**31 - 1
#: Metadata of a field that is divided by, or that pages are made of.
AT_LEAST_ONE: Final[Mapping[str, Any]] = MappingProxyType({"least": 1})
#: TOML has no null.
NOTHING = "none"


class BadQuirk(ValueError):
    """There is no such quirk, or it cannot have that value."""


def fitted(owner: Any, given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return *given* as values for the fields of *owner*, a frozen dataclass.

    Args:
        owner: A profile, or a part of one.
        given: Plain values by field name; a value of the field's own type is taken as it is.
        where: What complaints call *owner*.

    Raises:
        BadQuirk: A field does not exist or cannot have the value.
    """
    hints = _hints(type(owner))  # type: ignore[arg-type]
    names = [each.name for each in fields(owner) if each.name != "name"]
    for name in given:
        if name not in names:
            raise BadQuirk(f"{where} has no quirk {name!r}{_meant(name, names)}")
    found = {
        name: _value(hints[name], value, getattr(owner, name), f"{where}.{name}")
        for name, value in given.items()
    }
    for name in filter(STATUS_NAME, found):
        _check_status(found[name], f"{where}.{name}")
    for each in fields(owner):
        if each.name in found:
            _check_bounds(found[each.name], each.metadata, f"{where}.{each.name}")
    return found


def _check_bounds(value: Any, bounds: Mapping[str, Any], where: str) -> None:
    """Refuse what a field's own metadata rules out: too little, or a text of another form."""
    if "least" in bounds and value is not None and value < bounds["least"]:
        raise BadQuirk(f"{where} must be at least {bounds['least']}, not {value!r}")
    if "form" in bounds and not re.fullmatch(bounds["form"], value):
        raise BadQuirk(f"{where} must look like {bounds['example']}, not {value!r}")


def _check_status(value: Any, where: str) -> None:
    """Refuse what no answer can have as its status; a table has one for each key."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            _check_status(each, f"{where}.{_key(key)}")
    elif isinstance(value, int) and value not in STATUSES:
        raise BadQuirk(f"{where} must be the status of an answer, 200 to 599, not {value!r}")


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _meant(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _value(hint: Any, value: Any, old: Any, where: str) -> Any:
    if hint in PLAIN:
        return _plain(hint, value, where)
    if is_dataclass(hint):
        return value if is_dataclass(value) else _part(old, value, where)
    fit = FITS.get(get_origin(hint) or hint)
    return value if fit is None else fit(get_args(hint), value, old, where)


def _plain(hint: type, value: Any, where: str) -> Any:
    types, called = PLAIN[hint]
    right = isinstance(value, types) and isinstance(value, bool) == (hint is bool)
    if not right or (hint in {int, float} and not 0 <= value <= NUMBER_MAX):
        raise BadQuirk(f"{where} must be {called}, not {value!r}")
    return value


def _part(old: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise BadQuirk(f"{where} must be a table, not {value!r}")
    return replace(old, **fitted(old, value, where))


def _union(hints: tuple[Any, ...], value: Any, old: Any, where: str) -> Any:
    if type(None) in hints and (value is None or value == NOTHING):
        return None
    return _value(next(each for each in hints if each is not type(None)), value, old, where)


def _row(hints: tuple[Any, ...], value: Any, _old: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple, frozenset, set)):
        raise BadQuirk(f"{where} must be a list, not {value!r}")
    alike = hints[1:] == (...,)
    if not alike and len(value) != len(hints):
        raise BadQuirk(f"{where} must be a list of {len(hints)}, not {value!r}")
    wanted = [hints[0]] * len(value) if alike else hints
    return tuple(_value(h, v, None, where) for h, v in zip(wanted, value, strict=True))


def _bag(hints: tuple[Any, ...], value: Any, old: Any, where: str) -> frozenset[Any]:
    return frozenset(_row((*hints, ...), value, old, where))


def _choice(allowed: tuple[Any, ...], value: Any, _old: Any, where: str) -> Any:
    if value not in allowed:
        raise BadQuirk(f"{where} must be one of {', '.join(map(str, allowed))}, not {value!r}")
    return value


def _table(hints: tuple[Any, ...], value: Any, old: Any, where: str) -> Mapping[Any, Any]:
    """Return a table: it replaces one with free keys, and amends one whose keys are given."""
    if not isinstance(value, Mapping):
        raise BadQuirk(f"{where} must be a table, not {value!r}")
    keys = {key.name.casefold(): key for key in old or () if isinstance(key, Enum)}
    if keys and not all(isinstance(key, Enum) for key in value):
        for name in value:
            if name.casefold() not in keys:
                raise BadQuirk(f"{where} has no {name!r}{_meant(name.casefold(), list(keys))}")
        value = {**old, **{keys[n.casefold()]: v for n, v in value.items()}}
    return MappingProxyType(
        {k: _value(hints[1], v, (old or {}).get(k), f"{where}.{_key(k)}") for k, v in value.items()}
    )


def _key(key: Any) -> str:
    return key.name.casefold() if isinstance(key, Enum) else str(key)


FITS: Final[Mapping[Any, Callable[[tuple[Any, ...], Any, Any, str], Any]]] = MappingProxyType(
    {
        Union: _union,
        UnionType: _union,
        tuple: _row,
        frozenset: _bag,
        Literal: _choice,
        Mapping: _table,
    }
)
