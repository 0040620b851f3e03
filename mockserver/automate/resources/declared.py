"""What a declaration of a served resource consists of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.automate.faces import Shown
from mockserver.core.rules import Rules
from mockserver.core.schema import Field, Kind, Labels

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Declared:
    """One served resource.

    Attributes:
        path: Its path below the API's base.
        model: The vendor's model of its records; empty for what only the seed family has.
        key: The field that holds a record's id.
        documented: The members of the documented shape.
        extra: Fields that only the documented shape has.
        references: Nested objects that stand for records: name → path.
        changes: Facts that hand-written knowledge replaces, by field.
        label: The field that holds a record's name.
        unique: Fields that no two records may share.
        stamp: The field that holds the instant of the last change.
        aliases: Observed names of values that are kept otherwise → where conditions find them.
        labelled: The same of texts that stand for kept numbers: name → where, and the texts.
        derived: Gives the members of the observed shape that are kept otherwise.
        fleeting: Members that are computed when they are shown: no option can name them.
        hidden: Members that are shown only when ``includeFields`` names them (automate facts 40).
        methods: What the API lets a caller do to it, besides reading; a profile may have less.
        rules: Its hooks.
    """

    path: str
    model: str
    key: str
    documented: tuple[Shown, ...]
    extra: tuple[Field, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    label: str = "Name"
    unique: tuple[str, ...] = ()
    stamp: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    labelled: Mapping[str, tuple[str, Labels]] = field(default_factory=dict)
    derived: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
    fleeting: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    methods: frozenset[str] = WRITES
    rules: Rules = field(default_factory=Rules)


def texts(*names: str) -> tuple[Field, ...]:
    """Return optional texts."""
    return tuple(Field(name, Kind.TEXT) for name in names)


def integers(*names: str) -> tuple[Field, ...]:
    """Return optional whole numbers."""
    return tuple(Field(name, Kind.INTEGER, bits=64) for name in names)


def counts(*names: str) -> tuple[Field, ...]:
    """Return whole numbers that the server keeps."""
    return tuple(Field(name, Kind.INTEGER, bits=64, read_only=True) for name in names)


def instants(*names: str) -> tuple[Field, ...]:
    """Return optional instants."""
    return tuple(Field(name, Kind.INSTANT) for name in names)


def reference(name: str) -> Field:
    """Return a reference that only the kept record has, to the collection of that name."""
    members = (Field("Id", Kind.INTEGER), Field("Name", Kind.TEXT))
    return Field(name, Kind.REFERENCE, target=f"automate:{name}s", fields=members)


def same(*names: str) -> tuple[Shown, ...]:
    """Return documented members that are called what the kept fields are called."""
    return tuple(Shown(name, name) for name in names)
