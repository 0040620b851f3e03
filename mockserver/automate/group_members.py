"""What belongs to a group, as the second API lists it (automate facts 10.1).

The paths are seen live, the answers are not: what each list shows is a guess (see DEVIATIONS.md).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, Table, select

from mockserver.automate.below import owner_id_of
from mockserver.automate.life.places import at, everyone
from mockserver.automate.life.targets import GROUP
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


def _is_contact(records: Records, group_id: int) -> ColumnElement[bool]:
    """Tell who is the contact of a computer in the group."""
    computers = _table(records, "Computers")
    there = computers.c.id.in_(_computers(records, group_id))
    return _table(records, "v2/Contacts").c.id.in_(select(computers.c.contact_id).where(there))


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
    "Contacts": ("v2/Contacts", _is_contact),
    "ScheduledScripts": ("Scripting/ScriptSchedules", _is_schedule),
    "InternalMonitors": ("Monitors", _is_internal),
    "RemoteMonitors": ("Monitors", _is_remote),
}


def members(handlers: Handlers, surface: Surface) -> Iterable[Route]:
    """Yield the lists of what belongs to a group."""
    group = surface.resource(f"{SPACE}Groups")
    for word, (path, belongs) in MEMBERS.items():
        resource = surface.resource(f"{SPACE}{path}")
        own = Members(handlers, group, resource, belongs)
        yield Route("GET", f"/v2/Groups/{{id}}/{word}", own.list, resource, "observed")


@dataclass(frozen=True)
class Members:
    """What belongs to a group, as the second API shows it.

    Args:
        handlers: The vendor's CRUD.
        group: The collection of groups.
        resource: The collection of what belongs to them.
        belongs: Tells which of its rows do.
    """

    handlers: Handlers
    group: Resource
    resource: Resource
    belongs: Belongs

    def list(self, exchange: Exchange) -> Answer:
        """Answer one page of it."""
        group_id, resource = owner_id_of(exchange, self.group), self.resource
        clause = self.belongs(exchange.records, group_id)
        query = self.handlers.api.list_query(exchange, resource, None)
        # Memberships change without the members: such a page is never answered from memory.
        narrow = query.narrowed([clause], object())
        answer = self.handlers.page(exchange, resource, _observed(narrow))
        rows = [SHOWN.get(resource.path, dict)(row) for row in orjson.loads(answer.body)]
        chosen = query.fields
        if chosen is not None:
            # They are of another model, which nothing is done to.
            cut = replace(chosen, retouches=()) if resource.path in SHOWN else chosen
            rows = [self.handlers.api.projected(exchange, row, cut) for row in rows]
        return replace(answer, body=orjson.dumps(rows))


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


#: How the second API shows what the first one has another model for.
SHOWN: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "automate:Computers": _slim_computer
}


def _named(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {f"{name}Id": int(row[name]["Id"]), "Name": row[name].get("Name")}
