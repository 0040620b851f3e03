"""Lists of those records of a collection that belong to one record of another.

The seed family's ``/Clients/{id}/Computers`` and its like (C24), the vendor's
``/Computers/{id}/Alerts`` and the members of a group in the second API (automate facts 10.1).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import select

from mockserver.automate.listing import narrowed
from mockserver.automate.surface import SPACE, Surface
from mockserver.core.schema import Resource
from mockserver.core.statements import Page
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers
from mockserver.web.routes import Route

#: By owner: what lies below it, the column that names the owner, and how it is known.
BELOW: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "Clients": (
        ("Computers", "client_id", "documented"),
        ("Locations", "client_id", "documented"),
        ("Groups", "clientid", "documented"),
    ),
    "Computers": (("Alerts", "computer_id", "observed"),),
}
#: By collection: its memberships in groups, and the column of a member.
MEMBERS: Mapping[str, tuple[str, str]] = {
    "Computers": ("GroupComputers", "computerid"),
    "NetworkDevices": ("GroupNetworkDevices", "deviceid"),
}


def below(handlers: Handlers, surface: Surface, owner: str) -> Iterable[Route]:
    """Yield the lists below one kind of owner, and how locations are added to a client (C24)."""
    for path, column, evidence in BELOW.get(owner, ()):
        resource = surface.resource(f"{SPACE}{path}")
        own = Below(handlers, surface.resource(f"{SPACE}{owner}"), column)
        yield Route("GET", f"/{owner}/{{id}}/{path}", own.list, resource, evidence)
        if (owner, path) == ("Clients", "Locations"):
            yield Route("POST", f"/{owner}/{{id}}/{path}", own.create, resource, evidence)


def members(handlers: Handlers, surface: Surface) -> Iterable[Route]:
    """Yield the lists of a group's members."""
    group = surface.resource(f"{SPACE}Groups")
    for path, (through, column) in MEMBERS.items():
        resource = surface.resource(f"{SPACE}{path}")
        own = Members(handlers, group, surface.resource(f"{SPACE}{through}"), column)
        yield Route("GET", f"/v2/Groups/{{id}}/{path}", own.list, resource, "observed")


@dataclass(frozen=True)
class Below:
    """The records that name one owner.

    Args:
        handlers: The vendor's CRUD.
        owner: The collection of the owner.
        column: The column that names it.
    """

    handlers: Handlers
    owner: Resource
    column: str

    def list(self, exchange: Exchange) -> Answer:
        """Answer one page of them."""
        owner_id, resource = _owner_id(exchange, self.owner), _resource(exchange)
        query = self.handlers.api.list_query(exchange, resource, None)
        table = exchange.records.store.table(resource)
        clause = table.c[self.column] == owner_id
        narrow = narrowed(query, clause, (self.column, owner_id))
        return self.handlers.page(exchange, resource, narrow)

    def create(self, exchange: Exchange) -> Answer:
        """Add one to the owner in the path, whatever the body says."""
        owner_id, resource = _owner_id(exchange, self.owner), _resource(exchange)
        payload = self.handlers.api.payload(exchange, resource)
        owned = {**payload, self.owner.model: {"Id": owner_id}}
        return self.handlers.added(exchange, resource, owned)


@dataclass(frozen=True)
class Members:
    """The members of a group, as the second API shows them.

    Args:
        handlers: The vendor's CRUD.
        group: The collection of groups.
        through: The memberships.
        column: The column there that names a member.
    """

    handlers: Handlers
    group: Resource
    through: Resource
    column: str

    def list(self, exchange: Exchange) -> Answer:
        """Answer one page of them."""
        group_id, resource = _owner_id(exchange, self.group), _resource(exchange)
        store = exchange.records.store
        table, through = store.table(resource), store.table(self.through)
        inside = select(through.c[self.column]).where(through.c.groupid == group_id)
        query = self.handlers.api.list_query(exchange, resource, None)
        # Memberships change without the members: such a page is never answered from memory.
        narrow = narrowed(query, table.c.id.in_(inside), object())
        answer = self.handlers.page(exchange, resource, _observed(narrow))
        rows = [SHOWN.get(resource.path, dict)(row) for row in orjson.loads(answer.body)]
        chosen = query.fields
        if chosen is not None:
            rows = [self.handlers.api.projected(exchange, row, chosen) for row in rows]
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


def _owner_id(exchange: Exchange, owner: Resource) -> int:
    """Return the id of the owner in the path; RecordNotFound when there is none."""
    owner_id = int(exchange.ids[0])
    exchange.records.get(owner, owner_id)
    return owner_id


def _resource(exchange: Exchange) -> Resource:
    assert exchange.route is not None
    assert exchange.route.resource is not None
    return exchange.route.resource
