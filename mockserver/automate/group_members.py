"""What belongs to a group, as the second API lists it (automate facts 10.1).

The paths are seen live, the answers are not: what each list shows is a guess (see DEVIATIONS.md).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, Table, false, select

from mockserver.automate.below import owner_id_of
from mockserver.automate.computed import listed
from mockserver.automate.life.places import at, everyone
from mockserver.automate.life.targets import GROUP
from mockserver.automate.profile import profile_of
from mockserver.automate.record_quirks import quirks_of
from mockserver.automate.surface import SPACE, Surface
from mockserver.core.records import Records
from mockserver.core.schema import Resource
from mockserver.core.statements import Page
from mockserver.core.text import fold
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers
from mockserver.web.routes import Route

#: Tells which rows of a collection belong to the group of that id.
Belongs = Callable[[Records, int], ColumnElement[bool]]


def _table(records: Records, path: str) -> Table:
    table: Table = records.store.table(at(records, path))
    return table


def _computers(records: Records, group_id: int) -> Select[Any]:
    memberships = _table(records, "GroupComputers")
    return select(memberships.c.computerid).where(memberships.c.groupid == group_id)


def _is_computer(records: Records, group_id: int) -> ColumnElement[bool]:
    return _table(records, "Computers").c.id.in_(_computers(records, group_id))


def _is_device(records: Records, group_id: int) -> ColumnElement[bool]:
    memberships = _table(records, "GroupNetworkDevices")
    inside = select(memberships.c.deviceid).where(memberships.c.groupid == group_id)
    return _table(records, "NetworkDevices").c.id.in_(inside)


def _is_contact(records: Records, group_id: int, path: str) -> ColumnElement[bool]:
    """Tell who is the contact of a computer in the group."""
    computers, group = _table(records, "Computers"), records.get(at(records, "Groups"), group_id)
    there: ColumnElement[bool] = computers.c.id.in_(_computers(records, group_id))
    if not (quirks_of(records).contacts_join_always or group.get("ContactsJoinComputers")):
        there = false()
    return _table(records, path).c.id.in_(select(computers.c.contact_id).where(there))


def _is_schedule(records: Records, group_id: int) -> ColumnElement[bool]:
    about = {"Type": GROUP, "Id": group_id}
    found = [e[KEY] for e in everyone(records, SCHEDULES) if e.get("Entity") == about]
    return _table(records, SCHEDULES).c.id.in_(found)


def _is_internal(records: Records, group_id: int) -> ColumnElement[bool]:
    monitors = _table(records, "Monitors")
    return _watches(records, group_id) & (monitors.c.monitortype == INTERNAL)


def _is_remote(records: Records, group_id: int) -> ColumnElement[bool]:
    monitors = _table(records, "Monitors")
    return _watches(records, group_id) & (monitors.c.monitortype != INTERNAL)


def _watches(records: Records, group_id: int) -> ColumnElement[bool]:
    return _table(records, "Monitors").c.computer_id.in_(_computers(records, group_id))


SCHEDULES, KEY = "Scripting/ScriptSchedules", "ScheduledScriptId"
INTERNAL = fold("Internal")
#: By the last word of the path: the collection, and which of its rows belong to a group.
MEMBERS: Mapping[str, tuple[str, Belongs]] = {
    "Computers": ("Computers", _is_computer),
    "NetworkDevices": ("NetworkDevices", _is_device),
    "Contacts": ("v2/Contacts", partial(_is_contact, path="v2/Contacts")),
    "ScheduledScripts": ("Scripting/ScriptSchedules", _is_schedule),
    "InternalMonitors": ("Monitors", _is_internal),
    "RemoteMonitors": ("Monitors", _is_remote),
}


#: The same for what the first generation has collections of its own of.
FIRST: Mapping[str, tuple[str, Belongs]] = {
    **MEMBERS,
    "Contacts": ("Contacts", partial(_is_contact, path="Contacts")),
}


def members(handlers: Handlers, surface: Surface) -> Iterable[Route]:
    """Yield the lists of what belongs to a group."""
    group = surface.resource(f"{SPACE}Groups")
    for word, (path, belongs) in MEMBERS.items():
        resource = surface.resource(f"{SPACE}{path}")
        first, belonged = FIRST[word]
        older = Kind(surface.resource(f"{SPACE}{first}"), belonged)
        slim = surface.resource(f"{SPACE}v2/Groups/{word}") if word in SHOWN else None
        own = Members(handlers, group, word, Kind(resource, belongs, slim), older)
        yield Route("GET", f"/v2/Groups/{{id}}/{word}", own.list, resource, "observed")


@dataclass(frozen=True)
class Kind:
    """One generation's way to show what belongs to a group.

    Attributes:
        resource: The collection.
        belongs: Tells which of its rows belong to a group.
        slim: Declares the rows where they are of another model than the collection's.
    """

    resource: Resource
    belongs: Belongs
    slim: Resource | None = None


@dataclass(frozen=True)
class Members:
    """What belongs to a group.

    Args:
        handlers: The vendor's CRUD.
        group: The collection of groups.
        word: The last word of the path.
        newer: As the second generation shows it.
        older: As the first one does.
    """

    handlers: Handlers
    group: Resource
    word: str
    newer: Kind
    older: Kind

    def list(self, exchange: Exchange) -> Answer:
        """Answer one page of it."""
        olds = profile_of(exchange.caller).first_generation_lists
        kind = self.older if self.word in olds else self.newer
        group_id, resource = owner_id_of(exchange, self.group), kind.resource
        assert exchange.route is not None
        exchange.route = replace(exchange.route, resource=kind.slim or resource)
        clause = kind.belongs(exchange.records, group_id)
        if kind.slim is not None:
            bodies = exchange.records.store.bodies(
                resource, Page("observed", [clause], key=object())
            )
            rows = [SHOWN[self.word](orjson.loads(each)) for each in bodies]
            return listed(exchange, kind.slim, rows)
        query = self.handlers.api.list_query(exchange, resource, None)
        # Memberships change without the members: such a page is never answered from memory.
        narrow = query.narrowed([clause], object())
        answer = self.handlers.page(exchange, resource, _observed(narrow))
        if query.fields is None:
            return answer
        rows = orjson.loads(answer.body)
        cut = [self.handlers.api.projected(exchange, row, query.fields) for row in rows]
        return replace(answer, body=orjson.dumps(cut))


def _observed(query: ListQuery) -> ListQuery:
    """Return *query* for whole rows of the observed shape."""
    page = query.page
    size = None if page.size < 0 else page.size
    shown = Page("observed", page.where, page.order, size, page.offset, page.key)
    return replace(query, page=shown, fields=None)


def _slim_computer(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a computer as the newer models nest it (automate facts 5)."""
    return {
        "ComputerId": int(row["Id"]),
        "Name": row["ComputerName"],
        "FriendlyName": row.get("FriendlyName"),
        "IsOnline": row.get("Status") == "Online",
        "Location": _named(row, "Location"),
        "Client": _named(row, "Client"),
    }


def _slim_device(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a network device as the newer models nest it."""
    names = {"Name": row.get("Name"), "FriendlyName": row.get("FriendlyName")}
    return {"NetworkDeviceId": int(row["Id"]), **names}


#: How the second API shows what the first one has another model for, by the word of the path.
SHOWN: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "Computers": _slim_computer,
    "NetworkDevices": _slim_device,
}


def _named(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {f"{name}Id": int(row[name]["Id"]), "Name": row[name].get("Name")}
