"""Patch documents: a list of operations on a record, or a partial object.

``changes`` is pure: it returns which members get which new values and leaves the record alone, so
that a patch is validated whole before anything is written.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.core.errors import BadPatch
from mockserver.core.schema import Field, Kind, Resource

OPERATIONS_MAX = 1_000
SHOWN_CHARS = 100
INDEX = re.compile(r"\d{1,6}", re.ASCII)


@dataclass(frozen=True)
class PatchDialect:
    """How a vendor reads patch documents.

    Attributes:
        case_sensitive: Whether member names in a path must be spelt exactly (psa facts 6.11).
        ops_in_any_case: Whether ``Replace`` is ``replace`` (psa facts 6.11: a client in the field
            takes care that it never has to be).
        into_references: The reference members that a path may reach into; a path to any other
            is answered with success and changes nothing (the "false 200" of seed 003).
        merged_rows: Names of lists that a replacement merges into by ``id`` (psa facts 6.11).
    """

    case_sensitive: bool = True
    ops_in_any_case: bool = True
    into_references: frozenset[str] = frozenset({"id"})
    merged_rows: frozenset[str] = frozenset()


def changes(
    resource: Resource, record: Mapping[str, Any], document: Any, dialect: PatchDialect
) -> dict[str, Any]:
    """Return the members that *document* changes with their new values; None clears.

    The record stays as it is; the document is used up: its values become part of the result.

    Raises:
        BadPatch: The document is malformed, or an operation cannot be applied.
    """
    if not isinstance(document, list):
        raise BadPatch("The patch document must be an array of operations.")
    if len(document) > OPERATIONS_MAX:
        raise BadPatch(f"The patch document has more than {OPERATIONS_MAX} operations.")
    changed: dict[str, Any] = {}
    for operation in document:
        op, steps, value = _read(operation, dialect)
        _apply(_Target(resource, record, changed, dialect), op, steps, value)
    return changed


def _read(operation: Any, dialect: PatchDialect) -> tuple[str, list[str], Any]:
    if not isinstance(operation, dict):
        raise BadPatch("Each operation must be an object with op, path and value.")
    members = {str(name).casefold(): value for name, value in operation.items()}
    op, path = members.get("op"), members.get("path")
    told = op.lower() if isinstance(op, str) and dialect.ops_in_any_case else op
    if not isinstance(told, str) or told not in {"add", "replace", "remove"}:
        raise BadPatch(f"op {_shown(op)} is not supported; use add, replace or remove.".strip())
    steps = [] if not isinstance(path, str) else path.removeprefix("/").rstrip("/").split("/")
    if not steps or not all(steps):
        raise _bad_path(path)
    return told, steps, members.get("value")


def _shown(value: Any) -> str:
    # Only texts: whatever else stands there may be nested deeper than Python prints.
    return value[:SHOWN_CHARS] if isinstance(value, str) else f"of type {type(value).__name__}"


def _bad_path(path: Any) -> BadPatch:
    shown = _shown(path)
    return BadPatch(f"path {shown} is not valid", shown if isinstance(path, str) else "path")


@dataclass
class _Target:
    """What one operation works on."""

    resource: Resource
    record: Mapping[str, Any]
    changed: dict[str, Any]
    dialect: PatchDialect

    def field(self, name: str, path: str) -> Field:
        found = self.resource.members.get(name.casefold())
        if found is None or not self.spelt(found, name):
            raise _bad_path(path)
        return found

    def spelt(self, declared: Field, name: str) -> bool:
        """Tell whether a path may call the field so."""
        return declared.name == name or not self.dialect.case_sensitive

    def present(self, name: str) -> Any:
        """Return the member so far, to be changed in place: the stored one is copied first."""
        if name not in self.changed:
            self.changed[name] = copy.deepcopy(self.record.get(name))
        return self.changed[name]


def _apply(target: _Target, op: str, steps: list[str], value: Any) -> None:
    path = "/".join(steps)
    declared = target.field(steps[0], path)
    value = None if op == "remove" else value
    if len(steps) == 1:
        if op != "remove" and declared.name in target.dialect.merged_rows:
            value = _merged(target.present(declared.name), value)
        target.changed[declared.name] = value
    elif declared.kind is Kind.REFERENCE:
        _into_reference(target, declared, steps, value)
    else:
        _check_member(target, declared, steps)
        _descend(target.present(declared.name), op, steps[1:], value, path)


def _check_member(target: _Target, declared: Field, steps: list[str]) -> None:
    """Refuse a path to a member that the objects of a list have not."""
    if declared.kind is Kind.LIST and declared.fields and len(steps) > 2:  # noqa: PLR2004
        member = declared.members.get(steps[2].casefold())
        if member is None or not target.spelt(member, steps[2]):
            raise _bad_path("/".join(steps))


def _into_reference(target: _Target, declared: Field, steps: list[str], value: Any) -> None:
    member = declared.members.get(steps[1].casefold())
    if member is None or len(steps) > 2 or not target.spelt(member, steps[1]):  # noqa: PLR2004
        raise _bad_path("/".join(steps))
    if member.name in target.dialect.into_references:
        target.changed[declared.name] = None if value is None else {member.name: value}


def _merged(rows: Any, given: Any) -> Any:
    """Return *rows* with those of *given* written over the row of the same id."""
    if not isinstance(rows, list) or not isinstance(given, list):
        return given
    by_id = {_row_id(row): row for row in given if _row_id(row) is not None}
    known = {_row_id(row) for row in rows} - {None}
    return [{**row, **by_id[_row_id(row)]} if _row_id(row) in by_id else row for row in rows] + [
        row for row in given if _row_id(row) not in known
    ]


def _row_id(row: Any) -> int | str | None:
    found = row.get("id") if isinstance(row, dict) else None
    return found if isinstance(found, int | str) else None


def _descend(place: Any, op: str, steps: list[str], value: Any, path: str) -> None:
    for step in steps[:-1]:
        place = _inside(place, step, path)
    last = steps[-1]
    if isinstance(place, list):
        _change_list(place, op, last, value, path)
    elif isinstance(place, dict):
        name = next((n for n in place if n.casefold() == last.casefold()), last)
        if op == "remove":
            place.pop(name, None)
        else:
            place[name] = value
    else:
        raise _bad_path(path)


def _inside(place: Any, step: str, path: str) -> Any:
    if isinstance(place, dict):
        name = next((n for n in place if n.casefold() == step.casefold()), None)
        if name is not None:
            return place[name]
    elif isinstance(place, list) and INDEX.fullmatch(step) and int(step) < len(place):
        return place[int(step)]
    raise _bad_path(path)


def _change_list(place: list[Any], op: str, step: str, value: Any, path: str) -> None:
    end = len(place)
    index = end if step == "-" else int(step) if INDEX.fullmatch(step) else -1
    if op == "add" and 0 <= index <= end:
        place.insert(index, value)
    elif op == "replace" and 0 <= index < end:
        place[index] = value
    elif op == "remove" and 0 <= index < end:
        del place[index]
    else:
        raise _bad_path(path)


def merged(
    resource: Resource, record: Mapping[str, Any], partial: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the changes of a partial object (seed 000): nested objects are merged, not replaced.

    References and lists are replaced whole.
    """
    changed: dict[str, Any] = {}
    for name, value in partial.items():
        declared = resource.members.get(name.casefold())
        before = record.get(declared.name) if declared else None
        if declared and declared.kind is Kind.OBJECT and isinstance(before, dict):
            value = {**before, **value} if isinstance(value, dict) else value  # noqa: PLW2901
        changed[name] = value
    return changed
