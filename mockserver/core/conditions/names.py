"""Where the paths of a condition lead: the only place that says "no such name"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mockserver.core.conditions.dialect import Dialect
from mockserver.core.conditions.nodes import Compare, Member, Path
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.core.schema import SCALARS, Column, Field, Kind, Resource
from mockserver.core.text import as_compared


@dataclass(frozen=True)
class Spot:
    """What a path names.

    Attributes:
        target: The column, or the member of an array's elements.
        array: The array's name, empty for a column.
        view: The rendering of the record that holds the array.
        reference: Whether the path named a reference as a whole; *target* is then its id.
        beside: What must hold on the same element besides.
    """

    target: Column | Member
    array: str = ""
    view: str = ""
    reference: bool = False
    beside: Compare | None = None


@dataclass(frozen=True)
class Records:
    """The fields of the records themselves, for ``conditions``.

    In every scope *one_element* tells whether what is joined about an array is said of one and
    the same element.
    """

    resource: Resource
    dialect: Dialect

    @property
    def one_element(self) -> bool:
        """Tell whether the dialect speaks of one and the same element."""
        return self.dialect.one_element

    def find(self, path: Path) -> Spot:
        """Return the column that *path* names, or the array's member where arrays may be named."""
        key = "/".join(path.names).casefold()
        columns = self.resource.by_path
        if key in columns:
            return Spot(columns[key])
        if f"{key}/id" in columns:
            return Spot(columns[f"{key}/id"], reference=True)
        if self.dialect.arrays:
            return _in_array(path, self.resource)
        raise unknown(path)


@dataclass(frozen=True)
class Children:
    """The members of the records' arrays, for ``childConditions``."""

    resource: Resource
    dialect: Dialect

    @property
    def one_element(self) -> bool:
        """Tell whether the dialect speaks of one and the same child (psa facts U9)."""
        return self.dialect.one_child

    def find(self, path: Path) -> Spot:
        """Return the member that *path* names; its first name is the array's."""
        return _in_array(path, self.resource)


@dataclass(frozen=True)
class Rows:
    """The members of the rows of one array, for ``customFieldConditions``."""

    array: str
    resource: Resource
    dialect: Dialect
    one_element: bool = True

    def find(self, path: Path) -> Spot:
        """Return the member that *path* names; in some dialects a caption will do."""
        try:
            return _in_array(path, self.resource, (self.array, *path.names))
        except BadCondition:
            if self.dialect.row_naming is None or len(path.names) > 1:
                raise
            return self._captioned(path, *self.dialect.row_naming)

    def _captioned(self, path: Path, caption: str, value: str) -> Spot:
        named = _in_array(path, self.resource, (self.array, caption))
        valued = _in_array(path, self.resource, (self.array, value))
        text = as_compared(path.text, folded=self.dialect.texts_in_any_case)
        target = replace(named.target, folded=self.dialect.texts_in_any_case)
        beside = Compare(target, "=", text)
        return Spot(valued.target, valued.array, valued.view, beside=beside)


Scope = Records | Children | Rows


def unknown(path: Path) -> BadCondition:
    """Return the refusal of a name that nothing has; it is echoed as typed (psa facts 3.6)."""
    return BadCondition(
        ConditionFlaw.UNKNOWN_NAME, "no such name", offset=path.offset, name=path.text
    )


def _in_array(path: Path, resource: Resource, names: Sequence[str] = ()) -> Spot:
    array, *rest = names or path.names
    declared = resource.lists.get(array.casefold())
    found = None if declared is None or declared.write_only else _member(declared, rest)
    if declared is None or found is None:
        raise unknown(path)
    member, whole = found
    source = resource.sources.get(declared.name, resource.views[0])
    return Spot(member, declared.name, source, reference=whole)


def _member(declared: Field, names: Sequence[str]) -> tuple[Member, bool] | None:
    """Return the member and whether the names stopped at a reference."""
    if not names:
        kind = declared.items or Kind.ANY
        return None if declared.fields else (Member((), kind, declared.enum), False)
    steps: list[str] = []
    here, members = declared, declared.members
    for name in names:
        found = members.get(name.casefold())
        if found is None or found.write_only:
            return None
        steps.append(found.name)
        here, members = found, found.members
    return _scalar_or_id(tuple(steps), here, members)


def _scalar_or_id(
    steps: tuple[str, ...], here: Field, members: Mapping[str, Field]
) -> tuple[Member, bool] | None:
    if here.kind in SCALARS:
        return Member(steps, here.kind, here.enum), False
    key = members.get("id")
    if here.kind is Kind.REFERENCE and key is not None:
        return Member((*steps, key.name), key.kind), True
    return None
