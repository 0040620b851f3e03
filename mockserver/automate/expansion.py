"""Child records that a list shows inside its rows when ``expand`` asks for them (facts 37)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Select, Table, Text, cast, func, select

from mockserver.automate.profile import AutomateProfile
from mockserver.core.records import Records

SPACE = "automate:"


class Step(NamedTuple):
    """One step from a row to its child records.

    Attributes:
        path: The collection that binds them.
        column: The column that holds the id to look for.
        member: The member that holds the id to look for next, steps joined by slashes.
    """

    path: str
    column: str
    member: str


@dataclass(frozen=True)
class Expansion:
    """Where the child records of a row are found.

    Attributes:
        path: Their collection.
        column: The column that holds the row's id, or the id at the end of *through*.
        through: The steps between the two, if they are not bound directly.
        flag: The member of a row without which it has none, unless the profile says otherwise.
        view: Whose shape they have; None for the caller's. The seeds know not all that has them.
    """

    path: str
    column: str = "id"
    through: tuple[Step, ...] = ()
    flag: str | None = None
    view: str | None = None


IN_GROUP = Step("GroupComputers", "groupid", "ComputerId")
#: By collection and member. What only the description tells is a guess (see DEVIATIONS.md).
EXPANSIONS: Mapping[str, Mapping[str, Expansion]] = {
    "automate:Clients": {"Locations": Expansion("Locations", "client_id")},
    "automate:Locations": {"ExtraFields": Expansion("Locations/ExtraFields", "parent_id")},
    "automate:Computers": {
        "Tickets": Expansion("Tickets", "computer_id"),
        "Groups": Expansion("Groups", through=(Step("GroupComputers", "computerid", "GroupId"),)),
    },
    "automate:Contacts": {
        "AssociatedComputers": Expansion("Computers", "contact_id", view="observed")
    },
    "automate:Groups": {
        "Computers": Expansion("Computers", through=(IN_GROUP,)),
        "Contacts": Expansion(
            "Contacts",
            through=(IN_GROUP, Step("Computers", "id", "Contact/Id")),
            flag="ContactsJoinComputers",
        ),
        "NetworkDevices": Expansion(
            "NetworkDevices", through=(Step("GroupNetworkDevices", "groupid", "DeviceId"),)
        ),
    },
    "automate:NetworkDevices": {
        "Groups": Expansion(
            "Groups",
            through=(Step("GroupNetworkDevices", "deviceid", "GroupId"),),
            view="observed",
        )
    },
}


def child_path(path: str, name: str) -> str:
    """Return the collection of the child records that the member *name* shows."""
    return f"{SPACE}{EXPANSIONS[path][name].path}"


def expanded(
    records: Records,
    path: str,
    record: Mapping[str, Any],
    names: Iterable[str],
    profile: AutomateProfile,
) -> dict[str, Any]:
    """Return a rendered record with the child records of those names in it."""
    row_id, shown = id_of(records, path, record), {}
    for name in names:
        flag = profile.wanted(EXPANSIONS[path][name].flag)
        has = flag is None or kept_of(records, path, record).get(flag)
        shown[name] = _children(records, EXPANSIONS[path][name], row_id, profile) if has else []
    return {**record, **shown}


def asked(path: str, condition: str) -> bool:
    """Tell whether a condition may name child records of the collection at *path*."""
    text = condition.casefold()
    return any(name.casefold() in text for name in EXPANSIONS.get(path, {}))


def documents(
    records: Records, path: str, profile: AutomateProfile
) -> Mapping[str, ColumnElement[Any]]:
    """Return what holds the child records of a row, for conditions, by the name of the member."""
    rows = _table(records, path.removeprefix(SPACE))
    found = EXPANSIONS.get(path, {})
    return {n: _document(records, n, each, rows, profile) for n, each in found.items()}


def _document(
    records: Records, name: str, expansion: Expansion, rows: Table, profile: AutomateProfile
) -> ColumnElement[Any]:
    children = _table(records, expansion.path)
    array = func.json_group_array(func.json(cast(children.c.body, Text)))
    chosen = select(func.json_object(name, func.json(array)))
    chosen = chosen.where(_bound(records, expansion, children, rows))
    if (flag := profile.wanted(expansion.flag)) is not None:
        chosen = chosen.where(rows.c[flag.lower()].is_(True))
    document: ColumnElement[Any] = chosen.correlate(rows).scalar_subquery()
    return document


def _bound(
    records: Records, expansion: Expansion, children: Table, rows: Table
) -> ColumnElement[bool]:
    """Return the clause that tells the child records of a row."""
    ids: Select[Any] | None = None
    for step in expansion.through:
        table = _table(records, step.path)
        ids = select(table.c[_column(step.member)]).where(_is(table.c[step.column], ids, rows))
        ids = ids.correlate(rows)
    return _is(children.c[expansion.column], ids, rows)


def _is(column: ColumnElement[Any], ids: Select[Any] | None, rows: Table) -> ColumnElement[bool]:
    return column == rows.c.id if ids is None else column.in_(ids)


def _column(member: str) -> str:
    return member.replace("/", "_").lower()


def _table(records: Records, path: str) -> Table:
    table: Table = records.store.table(records.registry.resource(f"{SPACE}{path}"))
    return table


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
    resource = records.registry.resource(f"{SPACE}{expansion.path}")
    view = expansion.view or profile.view
    only = profile.only(resource.path)
    found = (
        each
        for one in _ids(records, expansion, row_id)
        for each in records.store.matching(resource, -1, **{**only, expansion.column: one})
    )
    bodies = (records.store.body(resource, each, view) for each in found)
    return [orjson.loads(body) for body in bodies if body is not None]


def _ids(records: Records, expansion: Expansion, row_id: int) -> Iterable[int]:
    """Return what the column of the child records holds, each once."""
    ids: Mapping[int, None] = {row_id: None}
    for path, column, member in expansion.through:
        resource = records.registry.resource(f"{SPACE}{path}")
        rows = (each for one in ids for each in records.store.matching(resource, **{column: one}))
        kept = (records.get(resource, each) for each in rows)
        ids = dict.fromkeys(filter(None, (_inner(record, member) for record in kept)))
    return ids


def _inner(record: Mapping[str, Any], path: str) -> int:
    found: Any = record
    for step in path.split("/"):
        found = found.get(step) if isinstance(found, dict) else None
    return int(found or 0)
