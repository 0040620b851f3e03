"""Actions on tickets: merge, attach children, convert (psa facts 8.5)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.psa.resources.mirrors import CHARGED, SCHEDULED
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour

TICKETS, PROJECT_TICKETS = "service/tickets", "project/tickets"
#: What depends on the board or the kind of ticket, and is found anew after a conversion.
LEFT_BEHIND = frozenset(
    {"board", "status", "type", "subType", "item", "team", "project", "phase", "customFields"}
)
NOTE_MEMBERS = (
    *("text", "detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag"),
    *("issueFlag", "member", "contact"),
)


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
        for note in _below(records, f"{here}/notes", ticket_id):
            payload = {name: note[name] for name in NOTE_MEMBERS if name in note}
            notes = records.registry.resource(f"{there}/notes")
            records.create(notes, payload, login, made["id"])
        _recharge(exchange, (here, ticket_id), (there, made["id"]))
        records.delete(source, ticket_id, login)
    return {"message": f"Success: {target.model} {made['id']}"}


def _below(records: Records, path: str, ticket_id: int) -> Iterator[Record]:
    resource = records.registry.resource(path)
    for record_id in records.store.matching(resource, parent_id=ticket_id):
        yield records.get(resource, record_id)


def _recharge(exchange: Exchange, old: tuple[str, int], new: tuple[str, int]) -> None:
    """Let the time and the appointments of one ticket be those of another."""
    records, login = exchange.records, exchange.caller.login
    kinds = {path: kind for kind, path in CHARGED.items()}
    words = {path: word for word, path in SCHEDULED.items()}
    time = records.registry.resource("time/entries")
    told: Record = {"chargetoid": old[1], "chargetotype": kinds[old[0]].casefold()}
    for entry in records.store.matching(time, **told):
        changes: Record = {"chargeToId": new[1], "chargeToType": kinds[new[0]]}
        records.change(time, entry, changes, login)
    schedule = records.registry.resource("schedule/entries")
    told = {"objectid": old[1], "type_identifier": words[old[0]].casefold()}
    for entry in records.store.matching(schedule, **told):
        changes = {"objectId": new[1], "type": {"identifier": words[new[0]]}}
        records.change(schedule, entry, changes, login)


BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/service/tickets/{parentId}/merge"): merge,
    ("POST", "/service/tickets/{parentId}/attachChildren"): attach_children,
    ("POST", "/service/tickets/{parentId}/convert"): convert_service,
    ("POST", "/project/tickets/{parentId}/convert"): convert_project,
}
