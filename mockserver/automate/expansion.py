"""Child records that a list shows inside its rows when ``expand`` asks for them (facts 37)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Table, Text, cast, func, select

from mockserver.automate.profile import AutomateProfile
from mockserver.core.records import Records

SPACE = "automate:"


@dataclass(frozen=True)
class Expansion:
    """Where the child records of a row are found.

    Attributes:
        path: Their collection.
        column: The column that holds the row's id, there or in *through*.
        through: A collection of memberships, if the two are not bound directly.
        member: The member of a membership that names the child.
    """

    path: str
    column: str
    through: str | None = None
    member: str = "Id"


#: By collection and member. What only the description tells is a guess (see DEVIATIONS.md).
EXPANSIONS: Mapping[str, Mapping[str, Expansion]] = {
    "automate:Clients": {"Locations": Expansion("Locations", "client_id")},
    "automate:Locations": {"ExtraFields": Expansion("Locations/ExtraFields", "parent_id")},
    "automate:Computers": {
        "Tickets": Expansion("Tickets", "computer_id"),
        "Groups": Expansion("Groups", "computerid", "GroupComputers", "GroupId"),
    },
    "automate:Contacts": {"AssociatedComputers": Expansion("Computers", "contact_id")},
    "automate:Groups": {
        "Computers": Expansion("Computers", "groupid", "GroupComputers", "ComputerId"),
        "NetworkDevices": Expansion("NetworkDevices", "groupid", "GroupNetworkDevices", "DeviceId"),
    },
    "automate:NetworkDevices": {
        "Groups": Expansion("Groups", "deviceid", "GroupNetworkDevices", "GroupId")
    },
}


def child_path(path: str, name: str) -> str:
    """Return the collection of the child records that the member *name* shows."""
    return f"{SPACE}{EXPANSIONS[path][name].path}"


def known(path: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return those of the casefolded names that can be expanded, as the description spells them."""
    asked = frozenset(wanted)
    return tuple(name for name in EXPANSIONS.get(path, {}) if name.casefold() in asked)


def expanded(
    records: Records,
    path: str,
    record: Mapping[str, Any],
    names: Iterable[str],
    profile: AutomateProfile,
) -> dict[str, Any]:
    """Return a rendered record with the child records of those names in it."""
    row_id = id_of(records, path, record)
    shown = {name: _children(records, EXPANSIONS[path][name], row_id, profile) for name in names}
    return {**record, **shown}


def asked(path: str, condition: str) -> bool:
    """Tell whether a condition may name child records of the collection at *path*."""
    text = condition.casefold()
    return any(name.casefold() in text for name in EXPANSIONS.get(path, {}))


def documents(records: Records, path: str) -> Mapping[str, ColumnElement[Any]]:
    """Return what holds the child records of a row, for conditions, by the name of the member."""
    rows = records.store.table(records.registry.resource(path))
    found = EXPANSIONS.get(path, {})
    return {name: _document(records, name, each, rows) for name, each in found.items()}


def _document(records: Records, name: str, expansion: Expansion, rows: Table) -> ColumnElement[Any]:
    children = records.store.table(records.registry.resource(f"{SPACE}{expansion.path}"))
    array = func.json_group_array(func.json(cast(children.c.body, Text)))
    chosen = select(func.json_object(name, func.json(array)))
    if expansion.through is None:
        chosen = chosen.where(children.c[expansion.column] == rows.c.id)
    else:
        through = records.store.table(records.registry.resource(f"{SPACE}{expansion.through}"))
        member = through.c[expansion.member.lower()]
        chosen = chosen.where(through.c[expansion.column] == rows.c.id, member == children.c.id)
    document: ColumnElement[Any] = chosen.correlate(rows).scalar_subquery()
    return document


def disclosed(records: Records, path: str, record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a member that no rendering has, from the kept record."""
    kept = kept_of(records, path, record)
    return {name: kept[name]} if name in kept else {}


def kept_of(records: Records, path: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the kept record behind a rendered one; an empty one when it is gone."""
    resource = records.registry.resource(path)
    return records.find(resource, id_of(records, path, record)) or {}


def id_of(records: Records, path: str, record: Mapping[str, Any]) -> int:
    """Return the id of a rendered record: the documented shape calls it otherwise."""
    key = records.registry.resource(path).key
    return int(record[key if key in record else next(iter(record))])


def _children(
    records: Records, expansion: Expansion, row_id: int, profile: AutomateProfile
) -> list[Any]:
    resource, view = records.registry.resource(f"{SPACE}{expansion.path}"), profile.view
    only = profile.only(resource.path)
    bodies = (
        records.store.body(resource, each, view) for each in _ids(records, expansion, row_id, only)
    )
    return [orjson.loads(body) for body in bodies if body is not None]


def _ids(
    records: Records, expansion: Expansion, row_id: int, only: Mapping[str, Any]
) -> Iterable[int]:
    path = f"{SPACE}{expansion.through or expansion.path}"
    resource = records.registry.resource(path)
    equals = {expansion.column: row_id, **({} if expansion.through else only)}
    found = records.store.matching(resource, **equals)
    if expansion.through is None:
        return found
    return (int(records.get(resource, each)[expansion.member]) for each in found)
