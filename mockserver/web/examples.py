"""An object of a model, made from its declaration: what an operation without state answers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.core.schema import Field, Kind

DEPTH_MAX = 2


def example(fields: Iterable[Field], now: str, given: Mapping[str, Any] | None = None) -> Any:
    """Return an object with a fitting value for every field, *given* members kept.

    Args:
        fields: The model's declaration.
        now: The instant that instants show, as text.
        given: Members that somebody sent, by any case; those that the model has are taken over.
    """
    known = {name.casefold(): value for name, value in (given or {}).items()}
    shown = {}
    for declared in fields:
        if declared.write_only:
            continue
        value = known.get(declared.name.casefold())
        shown[declared.name] = _value(declared, now, 0) if value is None else value
    return {name: value for name, value in shown.items() if value is not None}


def _value(declared: Field, now: str, depth: int) -> Any:
    if declared.kind is Kind.LIST:
        return []
    if declared.kind is Kind.REFERENCE:
        return None
    if declared.kind is Kind.OBJECT:
        if depth >= DEPTH_MAX or not declared.fields:
            return None
        inner = {each.name: _value(each, now, depth + 1) for each in declared.fields}
        return {name: value for name, value in inner.items() if value is not None}
    return SCALARS[declared.kind](declared, now)


def _text(declared: Field, _now: str) -> str | None:
    return declared.enum[0] if declared.enum else None


SCALARS: Mapping[Kind, Callable[[Field, str], Any]] = {
    Kind.INTEGER: lambda _declared, _now: 0,
    Kind.NUMBER: lambda _declared, _now: 0.0,
    Kind.TEXT: _text,
    Kind.FLAG: lambda _declared, _now: False,
    Kind.INSTANT: lambda _declared, now: now,
    Kind.ANY: lambda _declared, _now: None,
}
