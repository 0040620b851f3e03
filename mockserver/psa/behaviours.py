"""What PSA's actions do to the state, where facts describe it (psa facts 8.5)."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.errors import RecordNotFound
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour

TICKETS = "service/tickets"


def _ticket(exchange: Exchange, ticket_id: Any) -> dict[str, Any]:
    records = exchange.records
    resource = records.registry.resource(TICKETS)
    if not isinstance(ticket_id, int):
        raise RecordNotFound(TICKETS, ticket_id)
    return records.get(resource, ticket_id)


def merge_tickets(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """Close the named tickets into the one in the path, with the status that is asked for."""
    records, parent_id = exchange.records, int(exchange.ids[0])
    resource = records.registry.resource(TICKETS)
    with records.store.transaction():
        for ticket_id in given.get("mergeTicketIds") or []:
            _ticket(exchange, ticket_id)
            changes = {"parentTicketId": parent_id, "status": given.get("status")}
            records.change(resource, ticket_id, changes, exchange.caller.login)
        records.change(
            resource, parent_id, {"hasMergedChildTicketFlag": True}, exchange.caller.login
        )


def attach_children(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """Make the named tickets children of the one in the path."""
    records, parent_id = exchange.records, int(exchange.ids[0])
    resource = records.registry.resource(TICKETS)
    with records.store.transaction():
        for ticket_id in given.get("childTicketIds") or []:
            _ticket(exchange, ticket_id)
            changes = {"parentTicketId": parent_id}
            records.change(resource, ticket_id, changes, exchange.caller.login)
        records.change(resource, parent_id, {"hasChildTicket": True}, exchange.caller.login)


#: Members that ``/info`` mirrors show under names of their own, by collection: the mirror's name of
#: them and the members that they are made of.
DERIVED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "company/companies/types": {"isVendor": ("vendorFlag",)},
    "service/boards/statuses": {"inactiveFlag": ("inactive",), "closedFlag": ("closedStatus",)},
    "system/locations": {"location_flag": ("locationFlag",)},
    "time/workTypes": {"defaultFlag": ("overallDefaultFlag",)},
    "system/members": {"fullName": ("firstName", "lastName")},
}
BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/service/tickets/{parentId}/merge"): merge_tickets,
    ("POST", "/service/tickets/{parentId}/attachChildren"): attach_children,
}
