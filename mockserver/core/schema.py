"""Declarations: what a resource is, as data.

One declaration drives validation, the binding of conditions, the tables, the seeded data, the
routes and the published description. Nothing here does anything to a record.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """The type of a field's value."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"
    INSTANT = "instant"
    REFERENCE = "reference"
    OBJECT = "object"
    LIST = "list"
    ANY = "any"


#: Columns that every table has beside the declared ones (or may have).
RESERVED = frozenset({"body", "documented", "observed", "parent_id"})
#: What a table's or column's name cannot have.
NO_WORD = re.compile(r"\W")
SCALARS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.TEXT, Kind.FLAG, Kind.INSTANT, Kind.ANY})


@dataclass(frozen=True)
class Field:
    """One field of a resource.

    Attributes:
        name: As the vendor spells it.
        kind: The type of its value.
        required: Must be given on create (and on replace).
        required_on_update: Must be given on replace only.
        read_only: Kept by the server; what a caller sends is ignored.
        write_only: Accepted, never shown (it feeds a rule).
        max_length: Longest text in characters, or None.
        enum: The allowed texts, empty for any.
        bits: Size of an INTEGER (32 or 64).
        target: For a REFERENCE, the path of the resource that it points into.
        model: For a REFERENCE, OBJECT or LIST of objects, the vendor's name of that model.
        fields: Members of a REFERENCE or OBJECT, or of the objects in a LIST.
        items: For a LIST of scalars, their kind.
    """

    name: str
    kind: Kind
    required: bool = False
    required_on_update: bool = False
    read_only: bool = False
    write_only: bool = False
    max_length: int | None = None
    enum: tuple[str, ...] = ()
    bits: int = 32
    target: str | None = None
    model: str | None = None
    fields: tuple["Field", ...] = ()
    items: Kind | None = None

    @cached_property
    def members(self) -> Mapping[str, "Field"]:
        """Return the members by casefolded name."""
        return {member.name.casefold(): member for member in self.fields}

    @cached_property
    def id_member(self) -> str:
        """Return how a REFERENCE spells the id of what it points to (``id``, ``Id``)."""
        member = self.members.get("id")
        return member.name if member else "id"


@dataclass(frozen=True)
class Labels:
    """The texts that a record shows in place of the numbers that it keeps.

    Attributes:
        texts: Each number with its text.
        otherwise: The text of every other number.
        missing: That of a record without a number.
    """

    texts: tuple[tuple[int, str], ...]
    otherwise: str
    missing: str

    def of(self, number: object) -> str:
        """Return the text of one number, or of None."""
        if number is None:
            return self.missing
        return next((text for known, text in self.texts if known == number), self.otherwise)


@dataclass(frozen=True)
class Column:
    """One filterable path of a resource and the table column that holds it.

    Attributes:
        path: As a condition spells it, with slashes (``company/name``).
        name: The column (``company_name``), safe to use unquoted.
        kind: A scalar kind.
        steps: The members to follow in a record (``("company", "name")``).
        enum: The allowed texts, empty for any.
        labels: The texts by which the numbers of the column are compared.
        factor: How many of what is shown one of what is kept makes (60 seconds a minute).
        folded: Whether its texts are compared without regard to case, as the table holds them;
            else as the record has them, which is slower.
    """

    path: str
    name: str
    kind: Kind
    steps: tuple[str, ...]
    enum: tuple[str, ...] = ()
    labels: Labels | None = None
    factor: int = 1
    folded: bool = True


@dataclass(frozen=True, eq=False)
class Resource:
    """A declared collection.

    Attributes:
        path: Where it lives below the API's base, without ids (``service/boards/statuses``).
        model: The vendor's name of its records (``BoardStatus``).
        fields: In the order in which the vendor prints them.
        parent: For a child collection, the name of the REFERENCE or INTEGER field that names its
            parent.
        parent_path: For a child collection, the path of its parent's resource.
        key: Name of the field that holds a record's id.
        label: The paths of fields whose joined text is a record's name in references to it.
        aliases: Further names that conditions may use, each mapped to a path.
        virtual: Columns that conditions see although no record shows them.
        labelled: What conditions see of other columns, as the texts that stand for numbers or in
            another unit.
        sources: What holds an array, by its name, where it is not the record itself.
        unique: Names of fields no two records may share (compared case-insensitively).
        indexed: Names of columns that deserve an index.
        views: Names of the renderings kept per record; the first is complete.
    """

    path: str
    model: str
    fields: tuple[Field, ...]
    parent: str | None = None
    parent_path: str | None = None
    key: str = "id"
    label: tuple[str, ...] = ("name",)
    aliases: Mapping[str, str] = field(default_factory=dict)
    virtual: tuple[Column, ...] = ()
    labelled: tuple[Column, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ()
    views: tuple[str, ...] = ("body",)

    @cached_property
    def table(self) -> str:
        """Return the table's name."""
        return NO_WORD.sub("_", self.path).lower()

    @cached_property
    def members(self) -> Mapping[str, Field]:
        """Return the fields by casefolded name."""
        return {member.name.casefold(): member for member in self.fields}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Return every filterable path, in declaration order."""
        found = (column for each in self.fields for column in _columns((), each))
        unique: dict[str, Column] = {}
        for column in (*found, *self.virtual):
            unique.setdefault(column.name, column)
        return tuple(unique.values())

    @cached_property
    def by_path(self) -> Mapping[str, Column]:
        """Return the columns by casefolded path, aliases included."""
        paths = {column.path.casefold(): column for column in (*self.columns, *self.labelled)}
        for alias, path in self.aliases.items():
            paths.setdefault(alias.casefold(), paths[path.casefold()])
        return paths

    @cached_property
    def lists(self) -> Mapping[str, Field]:
        """Return the LIST fields by casefolded name."""
        return {each.name.casefold(): each for each in self.fields if each.kind is Kind.LIST}

    @cached_property
    def references(self) -> tuple[Field, ...]:
        """Return the REFERENCE fields whose target is known."""
        return tuple(f for f in self.fields if f.kind is Kind.REFERENCE and f.target)

    @cached_property
    def reference_lists(self) -> tuple[Field, ...]:
        """Return the LIST fields whose items are references with a known target."""
        return tuple(f for f in self.fields if f.kind is Kind.LIST and f.target)


def _columns(above: tuple[str, ...], declared: Field) -> Iterator[Column]:
    steps = (*above, declared.name)
    if declared.write_only:
        return
    if declared.kind in SCALARS:
        path = "/".join(steps)
        name = NO_WORD.sub("_", "_".join(steps)).lower()
        name = f"{name}_" if name in RESERVED else name
        yield Column(path, name, declared.kind, steps, declared.enum)
    elif declared.kind in {Kind.REFERENCE, Kind.OBJECT} and len(above) < 2:  # noqa: PLR2004
        for member in declared.fields:
            yield from _columns(steps, member)
