"""Lists of those records of a collection that belong to one record of another.

The seed family's ``/Clients/{id}/Computers`` and its like (C24), and the vendor's
``/Computers/{id}/Alerts`` (automate facts 10.1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mockserver.automate.profile import profile_of
from mockserver.automate.surface import SPACE, Surface
from mockserver.core.schema import Resource
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


def below(handlers: Handlers, surface: Surface, owner: str) -> Iterable[Route]:
    """Yield the lists below one kind of owner, and how locations are added to a client (C24)."""
    for path, column, evidence in BELOW.get(owner, ()):
        resource = surface.resource(f"{SPACE}{path}")
        own = Below(handlers, surface.resource(f"{SPACE}{owner}"), column)
        yield Route("GET", f"/{owner}/{{id}}/{path}", own.list, resource, evidence)
        if (owner, path) == ("Clients", "Locations"):
            yield Route("POST", f"/{owner}/{{id}}/{path}", own.create, resource, evidence)


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
        owner_id, resource = owner_id_of(exchange, self.owner), _resource(exchange)
        query = self.handlers.api.list_query(exchange, resource, None)
        table = exchange.records.store.table(resource)
        clause = table.c[self.column] == owner_id
        narrow = query.narrowed([clause], (self.column, owner_id))
        return self.handlers.page(exchange, resource, narrow)

    def create(self, exchange: Exchange) -> Answer:
        """Add one to the owner in the path, whatever the body says unless the profile heeds it."""
        owner_id, resource = owner_id_of(exchange, self.owner), _resource(exchange)
        payload = self.handlers.api.payload(exchange, resource)
        named = {self.owner.model: {"Id": owner_id}}
        is_first = profile_of(exchange.caller).path_owner_first
        owned = {**payload, **named} if is_first else {**named, **payload}
        return self.handlers.added(exchange, resource, owned)


def owner_id_of(exchange: Exchange, owner: Resource) -> int:
    """Return the id of the owner in the path; RecordNotFound when there is none."""
    owner_id = int(exchange.ids[0])
    exchange.records.get(owner, owner_id)
    return owner_id


def _resource(exchange: Exchange) -> Resource:
    assert exchange.route is not None
    assert exchange.route.resource is not None
    return exchange.route.resource
