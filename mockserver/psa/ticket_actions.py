"""Actions on tickets: merge, attach children, convert (psa facts 8.5)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.psa.attachments import keep_attached
from mockserver.psa.document_owners import move_documents
from mockserver.psa.resources.numbers import named_by
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour

TICKETS, PROJECT_TICKETS = "service/tickets", "project/tickets"
#: What depends on the board or the kind of ticket, and is found anew after a conversion.
LEFT_BEHIND = frozenset(
    {"board", "status", "type", "subType", "item", "team", "project", "phase", "customFields"}
)
#: What lies below a ticket and is its own.
COPIED = ("notes", "tasks")
DOCUMENTED_AS = {TICKETS: "Ticket", PROJECT_TICKETS: "ProjectTicket"}
PRODUCTS = "procurement/products"
Place = tuple[str, int]


def _named(exchange: Exchange, member: str, ids: Iterable[int] | None) -> list[int]:
    """Return the ids of other tickets that a body names.

    Raises:
        InvalidRecord: They are no tickets, or the one in the path.
        Conflict: Somebody else is editing one of them.
    """
    found = list(dict.fromkeys(ids or ()))
    faults = list(_faults(exchange, member, found))
    if faults:
        raise InvalidRecord(TICKETS, tuple(faults))
    for ticket_id in found:
        exchange.tenant.locks.refuse_if_held(exchange.api, f"{TICKETS}/{ticket_id}")
    return found


def _faults(exchange: Exchange, member: str, ids: list[int]) -> Iterator[Fault]:
    if not ids:
        yield Fault(Flaw.MISSING, member)
    for ticket_id in ids:
        if ticket_id == int(exchange.ids[0]):
            yield Fault(Flaw.RULE, member, "A ticket cannot be put below itself.")
        elif exchange.records.target(TICKETS, ticket_id) is None:
            yield Fault(Flaw.UNKNOWN_REFERENCE, member, (TICKETS, None, None), ticket_id)


def merge(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """Merge the named tickets into the one in the path; they get the status asked for."""
    records = exchange.records
    changes = {
        "status": given["status"],
        "mergedParentTicket": {"id": int(exchange.ids[0])},
    }
    tickets = records.registry.resource(TICKETS)
    with records.store.transaction():
        for ticket_id in _named(exchange, "mergeTicketIds", given.get("mergeTicketIds")):
            records.change(tickets, ticket_id, changes, exchange.caller.login)


def attach_children(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """Make the named tickets children of the one in the path."""
    records = exchange.records
    tickets = records.registry.resource(TICKETS)
    changes = {"parentTicketId": int(exchange.ids[0])}
    with records.store.transaction():
        for ticket_id in _named(exchange, "childTicketIds", given.get("childTicketIds")):
            records.change(tickets, ticket_id, changes, exchange.caller.login)


def convert_service(exchange: Exchange, given: Mapping[str, Any]) -> Record:
    """Make a service ticket a project ticket or issue of the phase that is named."""
    place = {name: given[name] for name in ("project", "phase", "wbsCode") if given.get(name)}
    place["isIssueFlag"] = given.get("recordType") == "ProjectIssue"
    return _converted(exchange, TICKETS, PROJECT_TICKETS, place)


def convert_project(exchange: Exchange, given: Mapping[str, Any]) -> Record | None:
    """Make a project ticket a service ticket, or an issue of a ticket and the other way round."""
    if given["recordType"] == "ServiceTicket":
        return _converted(exchange, PROJECT_TICKETS, TICKETS, {})
    records = exchange.records
    changes = {name: given[name] for name in ("project", "phase", "wbsCode") if given.get(name)}
    changes["isIssueFlag"] = given["recordType"] == "ProjectIssue"
    resource = records.registry.resource(PROJECT_TICKETS)
    records.change(resource, int(exchange.ids[0]), changes, exchange.caller.login)
    return None


def _converted(exchange: Exchange, here: str, there: str, place: Record) -> Record:
    """Make the ticket in the path anew in another collection, and take along what is its own."""
    records, login, ticket_id = exchange.records, exchange.caller.login, int(exchange.ids[0])
    source, target = records.registry.resource(here), records.registry.resource(there)
    with records.store.transaction():
        ticket = records.get(source, ticket_id)
        kept = {
            declared.name: ticket[declared.name]
            for declared in target.fields
            if not declared.read_only
            and declared.name in ticket
            and declared.name not in LEFT_BEHIND
        }
        made = records.create(target, {**kept, **place}, login)
        old, new = (here, ticket_id), (there, made["id"])
        for below in COPIED:
            _copy_below(records, (f"{here}/{below}", old[1]), (f"{there}/{below}", new[1]), login)
        _reattach(records, old, new)
        move_documents(records, old, new, DOCUMENTED_AS[there])
        _recharge(exchange, old, new)
        _sell(exchange, ticket_id, place)
        _release(exchange, source, ticket_id)
        records.delete(source, ticket_id, login)
    return {"message": f"Success: {target.model} {made['id']}"}


def _copy_below(records: Records, here: Place, there: Place, author: str) -> None:
    """Make anew below another record what lies below one in a collection."""
    source, target = records.registry.resource(here[0]), records.registry.resource(there[0])
    names = [
        f.name for f in target.fields if not f.read_only and f.name not in ("id", target.parent)
    ]
    for each in records.store.matching(source, parent_id=here[1]):
        row = records.get(source, each)
        payload = {name: row[name] for name in names if row.get(name) is not None}
        records.create(target, payload, author, there[1])


def _reattach(records: Records, here: Place, there: Place) -> None:
    """Attach the configurations of one ticket to another."""
    source, target = (
        records.registry.resource(f"{path}/configurations") for path, _ in (here, there)
    )
    for each in records.store.matching(source, parent_id=here[1]):
        keep_attached(records, target, there[1], records.get(source, each)["id"])


def _recharge(exchange: Exchange, here: Place, there: Place) -> None:
    """Let the time, the expenses and the appointments of one ticket be those of another."""
    records = exchange.records
    for naming, resource, each in list(named_by(records, *here)):
        records.change(resource, each, naming.members(*there), exchange.caller.login)


def _release(exchange: Exchange, tickets: Resource, ticket_id: int) -> None:
    """Let tickets that lie below one, or were merged into it, stand alone."""
    records, login = exchange.records, exchange.caller.login
    below = records.store.matching(tickets, parentticketid=ticket_id)
    for each in below if "parentticketid" in tickets.members else ():
        records.change(tickets, each, {"parentTicketId": None}, login)
    if merged := tickets.members.get("mergedparentticket"):
        for each in records.users(tickets, merged, ticket_id):
            records.change(tickets, each, {merged.name: None}, login)


def _sell(exchange: Exchange, ticket_id: int, place: Record) -> None:
    """Let the products of a ticket of the desk be those of the project that it now belongs to."""
    records, login = exchange.records, exchange.caller.login
    products = records.registry.resource(PRODUCTS)
    changes: Record = {"ticket": None}
    changes |= {name: place[name] for name in ("project", "phase") if name in place}
    for each in records.users(products, products.members["ticket"], ticket_id):
        records.change(products, each, changes, login)


BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/service/tickets/{parentId}/merge"): merge,
    ("POST", "/service/tickets/{parentId}/attachChildren"): attach_children,
    ("POST", "/service/tickets/{parentId}/convert"): convert_service,
    ("POST", "/project/tickets/{parentId}/convert"): convert_project,
}
