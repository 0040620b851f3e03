"""The two renderings of a kept record: which members they have, and how these are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mockserver.core.rules import Record
from mockserver.core.schema import Field, Kind, Labels, Resource

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Shown:
    """One member of the documented shape.

    Attributes:
        name: As seed 000 and its family spell it.
        path: Where the kept record has it, steps joined by slashes.
        out: Turns the kept value into the shown one; None when they are equal.
        back: The other way, for writes.
        factor: How many of what is shown one of what is kept makes, for conditions.
    """

    name: str
    path: str
    out: Convert | None = None
    back: Convert | None = None
    factor: int = 1


@dataclass(frozen=True, eq=False)
class Face:
    """The two renderings of one resource.

    Attributes:
        documented: The members of the documented shape, in order.
        observed: The names of the vendor's model.
        texts: Of those (nested ones with slashes), which ids are texts on the wire (facts 90).
        derived: Gives the observed members that are kept otherwise.
        filterable: The fields of the vendor's model that conditions find under their own names.
        aliases: Where conditions find others: name → kept path.
        labelled: Where they find texts that stand for numbers: name → kept path and the texts.
        hidden: Members that neither rendering has.
        unnamed: Members that no option can name.
    """

    documented: tuple[Shown, ...]
    observed: frozenset[str]
    texts: frozenset[str] = frozenset()
    derived: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
    filterable: tuple[Field, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    labelled: Mapping[str, tuple[str, Labels]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()

    @cached_property
    def by_name(self) -> Mapping[str, Shown]:
        """Return the documented members by casefolded name."""
        return {each.name.casefold(): each for each in self.documented}


def told(face: Face, record: Record) -> Record:
    """Return a kept record in the documented shape."""
    shown: Record = {}
    for each in face.documented:
        value: Any = record
        for step in each.path.split("/"):
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            shown[each.name] = each.out(value) if each.out else value
    return shown


def seen(face: Face, resource: Resource, record: Record) -> Record:
    """Return a kept record in the shape of the vendor's own description."""
    derived = face.derived(record) if face.derived is not dict else {}
    shown = {
        name: _wire(resource.members[name.casefold()], value, face.texts, name)
        for name, value in record.items()
        if name in face.observed and name not in derived
    }
    return {**shown, **derived}


def _wire(declared: Field, value: Any, texts: frozenset[str], path: str) -> Any:
    if declared.kind is Kind.INSTANT and isinstance(value, str):
        return value.removesuffix("Z")
    if isinstance(value, dict):
        members = declared.members
        return {
            name: _wire(members[name.casefold()], inner, texts, f"{path}/{name}")
            if name.casefold() in members
            else inner
            for name, inner in value.items()
        }
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number and (path in texts or declared.kind is Kind.TEXT) else value


def without_nulls(value: Any) -> Any:
    """Return a value without members that are null, however deep they lie."""
    if isinstance(value, dict):
        return {name: without_nulls(v) for name, v in value.items() if v is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value
