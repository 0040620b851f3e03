"""Whether files from outside are a world: each record is looked at before anything is made of it.

Whoever edits a file by hand, or shares one, is told file, line and member of the first fault.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, NoReturn

import orjson

from mockserver.core.bundle import BadFolder, File
from mockserver.core.registry import Registry
from mockserver.core.rules import Shape
from mockserver.core.schema import Field, Kind, Resource
from mockserver.world_lines import (
    NUMBER,
    PARENT,
    are_rows,
    check_event,
    parent_id,
    resources_by_table,
    row_of_line,
    shape_of,
)
from mockserver.world_state import ID_MAX, refuse_repeated

#: What records have besides their declared members.
EXTRA = frozenset({NUMBER, PARENT, "_info", "id"})
#: Automate takes members that no model has, and remembers more than it declares.
LENIENT = "automate:"
#: One kind of thing in two collections: what refers to either is declared to refer to the first.
TICKETS = frozenset({"service/tickets", "project/tickets"})
TEXTS = frozenset({Kind.TEXT, Kind.INSTANT})
NESTED = frozenset({Kind.REFERENCE, Kind.OBJECT})
KIND_NAMES: Mapping[Kind, str] = {
    Kind.INTEGER: f"a whole number of at most {ID_MAX}",
    Kind.NUMBER: "a number",
    Kind.TEXT: "a text",
    Kind.FLAG: "true or false",
    Kind.INSTANT: "an instant as a text",
    Kind.REFERENCE: "an object with an id",
    Kind.OBJECT: "an object",
    Kind.LIST: "a list",
}


class Place(NamedTuple):
    """Where a record stands."""

    file: File
    line: int

    def refuse(self, why: str) -> NoReturn:
        """Raise the refusal of what stands there."""
        raise BadFolder(f"{self.file}, line {self.line}, {why}")


@dataclass
class Checked:
    """What was found in the files so far.

    Attributes:
        registry: The declared resources.
        shapes: How each vendor's records look, and what may be deleted of them.
        ids: Of the records, by path.
        references: Each with where it stands, its member, the path it leads to and the id.
    """

    registry: Registry
    shapes: Mapping[str, Shape]
    ids: dict[str, set[int]] = field(default_factory=dict)
    references: list[tuple[Place, str, str, int]] = field(default_factory=list)

    def has(self, path: str, record_id: int) -> bool:
        """Tell whether a reference to this record leads anywhere."""
        also = TICKETS - {path} if path in TICKETS else ()
        return any(record_id in self.ids.get(each, ()) for each in (path, *also))

    def holds(self, owner: Resource, declared: Field) -> bool:
        """Tell whether nobody can delete what a member of *owner* refers to.

        A log goes on naming what is gone.
        """
        if declared.target is None or declared.target not in self.registry.served:
            return False
        target = self.registry.resource(declared.target)
        rules = (shape_of(self.shapes, each).rules(each) for each in (owner, target))
        owned, aimed = rules
        return owned.holds and aimed.guarded


def check(files: Mapping[str, File], registry: Registry, shapes: Mapping[str, Shape]) -> None:
    """Refuse files, by table, of which no world can be made.

    Raises:
        BadFolder: The first fault, with file, line and member.
    """
    known, checked = resources_by_table(registry), Checked(registry, shapes)
    for table, file in files.items():
        if table not in known:
            raise BadFolder(f"{file} is named after no collection")
        _check_file(known[table], file, checked)
    for place, name, path, record_id in checked.references:
        # A collection without a file is sown later: what it will hold is not known yet.
        if path in checked.ids and not checked.has(path, record_id):
            place.refuse(f"{name}/id is {record_id}, and {path} has no such record")


def _check_file(resource: Resource, file: File, checked: Checked) -> None:
    ids = checked.ids[resource.path] = set()
    last = 0
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        place = Place(file, number)
        record = _parsed(line, place)
        key = NUMBER if NUMBER in record else "id" if are_rows(resource) else resource.key
        record_id = record.get(key)
        if type(record_id) is not int or not last < record_id <= ID_MAX:
            place.refuse(f"has no {key} above {last}")
        if key == NUMBER and type(record.get(resource.key)) is not int:
            place.refuse(f"has no {resource.key}")
        last = record_id
        ids.add(record_id)
        if are_rows(resource):
            _check_row(resource, line, place)
        else:
            _check_record(resource, record, place, checked)


def _parsed(line: bytes, place: Place) -> Any:
    try:
        record = orjson.loads(line)
    except ValueError as error:
        place.refuse(f"is no JSON: {error}")
    if not isinstance(record, dict):
        place.refuse("is no record: it must be an object")
    try:
        refuse_repeated(line, record)
    except ValueError as error:
        place.refuse(str(error))
    return record


def _check_row(resource: Resource, line: bytes, place: Place) -> None:
    try:
        check_event(resource, row_of_line(resource, line))
    except (ValueError, KeyError) as error:
        place.refuse(str(error))


def _check_record(resource: Resource, record: Any, place: Place, checked: Checked) -> None:
    for name, value in record.items():
        declared = resource.members.get(name.casefold())
        if declared is None or declared.name != name:
            if name not in EXTRA and not resource.path.startswith(LENIENT):
                place.refuse(f"has a member {name[:80]!r}, which {resource.path} has not")
            continue
        for wrong in _faults(declared, value, name):
            place.refuse(wrong)
        if declared.kind is Kind.REFERENCE and declared.target and value is not None:
            _check_reference(resource, declared, value, place, checked)
    if resource.parent_path is not None:
        _check_parent(resource, record, place, checked)


def _check_reference(
    resource: Resource, declared: Field, value: Any, place: Place, checked: Checked
) -> None:
    target = value.get(declared.id_member)
    if target is None and not resource.path.startswith(LENIENT):
        place.refuse(f"{declared.name} must be {KIND_NAMES[Kind.REFERENCE]}")
    if target and checked.holds(resource, declared):
        checked.references.append((place, declared.name, declared.target or "", target))


def _check_parent(resource: Resource, record: Any, place: Place, checked: Checked) -> None:
    above = record.get(PARENT, parent_id(resource, record))
    if type(above) is not int or not 0 < above <= ID_MAX:
        name = resource.parent or PARENT
        place.refuse(f"has no {name}: {resource.path} lie below another record")
    if resource.parent_path in checked.registry.served:
        checked.references.append((place, PARENT, resource.parent_path or "", above))


def _faults(declared: Field, value: Any, path: str) -> Iterator[str]:
    """Yield what is wrong with the value of a member and those inside it."""
    if value is None:
        return
    if isinstance(value, str) and "\0" in value:
        yield f"{path} has a NUL, which neither API takes"
    if not _fits(declared, value):
        yield f"{path} must be {KIND_NAMES[declared.kind]}"
        return
    if declared.kind in NESTED:
        yield from _inside(declared, value, path)
    elif declared.kind is Kind.LIST and declared.fields:
        for number, item in enumerate(value):
            if not isinstance(item, dict):
                yield f"{path}/{number} must be an object"
            else:
                yield from _inside(declared, item, f"{path}/{number}")


def _inside(declared: Field, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, inner in value.items():
        member = declared.members.get(name.casefold())
        if member is not None:
            yield from _faults(member, inner, f"{path}/{name}")


def _fits(declared: Field, value: Any) -> bool:
    kind = declared.kind
    if kind is Kind.INTEGER:
        return type(value) is int and abs(value) <= ID_MAX
    if kind is Kind.NUMBER:
        return type(value) in {int, float} and abs(value) < 1e300  # noqa: PLR2004 - no infinity
    if kind in TEXTS:
        # Some of Automate's ids are numbers here and texts on the wire.
        return type(value) in (str, int)
    if kind is Kind.FLAG:
        return type(value) is bool
    if kind in NESTED:
        return isinstance(value, dict)
    return kind is not Kind.LIST or isinstance(value, list)
