"""The logs of what became of tickets and time entries (psa facts 8.5, `/changelogs`)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from mockserver.core.rules import Draft, Record, Rules

TICKET_LOG, TIME_LOG = "service/tickets/changelogs", "time/changelogs"
Steps = Sequence[str]
#: What an entry shows of a ticket, and where the ticket has it.
OF_TICKETS: Mapping[str, Steps] = {
    "ticketNumber": ("id",),
    "boardId": ("board", "id"),
    "boardName": ("board", "name"),
    "companyIdentifier": ("company", "id"),
    "companyName": ("company", "name"),
    "contactId": ("contact", "id"),
    "contactName": ("contact", "name"),
    "ownerIdentifier": ("owner", "id"),
    "priorityId": ("priority", "id"),
    "priorityLevel": ("priority", "level"),
    "priorityName": ("priority", "name"),
    "prioritySort": ("priority", "sort"),
    "resourceList": ("resources",),
    "slaName": ("sla", "name"),
    "status": ("status", "name"),
    "teamName": ("team", "name"),
    "ticketOwner": ("owner", "identifier"),
    "mergedParentTicketId": ("mergedParentTicket", "id"),
    **{
        name: (name,)
        for name in (
            *("impact", "severity", "slaStatus", "summary", "recordType", "closedFlag"),
            *("customerUpdatedFlag", "parentTicketId"),
        )
    },
}
#: The same of a time entry.
OF_TIME: Mapping[str, Steps] = {
    "timeRecId": ("id",),
    "chargeToRecId": ("chargeToId",),
    "hoursActual": ("actualHours",),
    "timeStartUtc": ("timeStart",),
    "timeEndUtc": ("timeEnd",),
    "dateStart": ("timeStart",),
    "companyName": ("company", "name"),
    "memberId": ("member", "identifier"),
    "internalNote": ("internalNotes",),
    "timeStatus": ("status",),
    "ticketCurrentBoard": ("ticketBoard",),
    "ticketSubtype": ("ticketSubType",),
    **{
        name: (name,)
        for name in (
            *("chargeToType", "billableOption", "companyType", "locationName", "agreementType"),
            *("notes", "invoiceFlag", "ticketType", "hourlyRate", "company", "member"),
            *("workType", "workRole", "agreement", "invoice", "ticket", "project", "phase"),
            "activity",
        )
    },
}
LOGGED: Mapping[str, tuple[str, Mapping[str, Steps]]] = {
    "service/tickets": (TICKET_LOG, OF_TICKETS),
    "project/tickets": (TICKET_LOG, OF_TICKETS),
    "time/entries": (TIME_LOG, OF_TIME),
}
#: What a log tells of may be gone.
RULES: Mapping[str, Rules] = {TICKET_LOG: Rules(holds=False), TIME_LOG: Rules(holds=False)}


def with_changelogs(rules: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """Return *rules* that also log every write."""
    plain = Rules()
    logged = {
        path: rules.get(path, plain).then(
            told=partial(_log_write, log, members), deleted=partial(_log, log, members, "Delete")
        )
        for path, (log, members) in LOGGED.items()
    }
    return {**rules, **logged}


def _log_write(path: str, members: Mapping[str, Steps], draft: Draft) -> None:
    _log(path, members, "Create" if draft.before is None else "Update", draft)


def _log(path: str, members: Mapping[str, Steps], action: str, draft: Draft) -> None:
    records, now = draft.records, draft.records.clock.text()
    log = records.registry.resource(path)
    shown = {name: _found(draft.record, steps) for name, steps in members.items()}
    row = {name: value for name, value in shown.items() if value is not None}
    stamps = {"lastUpdated": now, "updatedBy": draft.author}
    row |= {"id": records.store.next_id(log), "action": action}
    row["_info"] = {**stamps, "dateEntered": now, "enteredBy": draft.author}
    records.save(log, row, new=True)


def _found(record: Record, steps: Steps) -> Any:
    value: Any = record
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value
