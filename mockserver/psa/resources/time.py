"""Time entries: hours from start and end, what they are charged to and what they do there."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from mockserver.core.clock import INSTANT_FORMAT
from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Record, Rules
from mockserver.psa.codes import Phrase
from mockserver.psa.resources.charging import ABOVE, charge_faults, fill_from_charge
from mockserver.psa.resources.lookup import author_id, quirks
from mockserver.psa.resources.mirrors import charged_to

#: The flags that add an entry's notes to its ticket, and the flag of the note (psa facts 8.7).
ADDED_TO = {
    "addToDetailDescriptionFlag": "detailDescriptionFlag",
    "addToInternalAnalysisFlag": "internalAnalysisFlag",
    "addToResolutionFlag": "resolutionFlag",
}
#: What an entry shows of its ticket, and where the ticket has it.
SHOWN_OF_TICKETS = {
    "ticketBoard": "board",
    "ticketStatus": "status",
    "ticketType": "type",
    "ticketSubType": "subType",
}
#: What a member's entries have when they say nothing else.
USUAL = ("workType", "workRole", "defaultLocation", "defaultDepartment")
#: Statuses of a time sheet, and of its entries, that let nothing be changed (psa facts 8.11).
SETTLED = frozenset(
    {
        "PendingApproval",
        "ApprovedByTierOne",
        "ApprovedByTierTwo",
        "ReadyToBill",
        "Billed",
        "WrittenOff",
        "BilledAgreement",
    }
)


def _fill_entry(draft: Draft) -> None:
    draft.default("billableOption", "Billable")
    fill_from_charge(draft)
    _show_ticket(draft)
    if _is_to_be_counted(draft):
        hours = _hours(draft.record.get("timeStart"), draft.record["timeEnd"])
        draft.record["actualHours"] = max(0.0, round(hours - (_deducted(draft) or 0), 2))
    for flag in ADDED_TO:
        draft.default(flag, value=False)
    draft.default("actualHours", 0)
    draft.default("hoursDeduct", 0)
    draft.default("status", "Open")
    draft.default("dateEntered", draft.records.clock.text())
    draft.default("enteredBy", draft.author)
    if draft.before is None:
        draft.default("member", author_id(draft))
    _fill_from_member(draft)


def _show_ticket(draft: Draft) -> None:
    found = charged_to(draft.record)
    ticket = draft.records.target(*found) if found else None
    for name, shown in SHOWN_OF_TICKETS.items() if ticket else ():
        value = (ticket[0].get(shown) or {}).get("name") if ticket else None
        if value is not None:
            draft.record[name] = value


def _fill_from_member(draft: Draft) -> None:
    """Take what the entry does not say from its member: kind and role of the work, the place."""
    member = draft.records.target("system/members", draft.id_of("member") or 0)
    if draft.before is not None or member is None:
        return
    usual = {name: (member[0].get(name) or {}).get("id") for name in USUAL}
    draft.default("workType", usual["workType"])
    draft.default("workRole", usual["workRole"])
    draft.default("locationId", usual["defaultLocation"])
    draft.default("businessUnitId", usual["defaultDepartment"])


def _is_to_be_counted(draft: Draft) -> bool:
    """Tell whether start and end say how long it took: unless the hours are given or known."""
    if not draft.record.get("timeEnd") or "actualHours" in draft.given:
        return False
    moved = any(draft.changed(name) for name in ("timeStart", "timeEnd", "hoursDeduct"))
    return moved or draft.record.get("actualHours") is None


def _hours(start: Any, end: str) -> float:
    if not isinstance(start, str):
        return 0.0
    span = datetime.strptime(end, INSTANT_FORMAT) - datetime.strptime(start, INSTANT_FORMAT)  # noqa: DTZ007
    return span.total_seconds() / 3600


def _deducted(draft: Draft) -> float | None:
    return draft.record.get("hoursDeduct")


def _check_entry(draft: Draft) -> None:
    start, end = draft.record.get("timeStart"), draft.record.get("timeEnd")
    if start and end and end < start:
        text = "The end time must not be before the start time."
        draft.faults.append(Fault(Flaw.RULE, "timeEnd", text))
    for name in ("actualHours", "hoursDeduct"):
        refused = quirks(draft).negative_hours_refused
        if refused and draft.changed(name) and (draft.record.get(name) or 0) < 0:
            draft.faults.append(Fault(Flaw.OUT_OF_RANGE, name, None, draft.record[name]))
    draft.faults.extend(charge_faults(draft))
    draft.faults.extend(_settled(draft))


def _settled(draft: Draft) -> Iterator[Fault]:
    """Yield a fault when the sheet that the entry is or was on is closed (psa facts 8.11)."""
    for record in filter(None, (draft.before, draft.record)):
        sheet_id = (record.get("timeSheet") or {}).get("id")
        found = draft.records.target("time/sheets", sheet_id) if sheet_id else None
        status = found[0].get("status") if found else None
        if status in SETTLED:
            wording = quirks(draft).wording[Phrase.SHEET_CLOSED]
            text = wording.replace("{id}", str(sheet_id)).replace("{status}", str(status))
            yield Fault(Flaw.RULE, "timeSheet", text)
            return


def _entry_written(draft: Draft) -> None:
    if draft.before is not None:
        _count_hours(draft, draft.before, -1)
    _count_hours(draft, draft.record, 1)
    _add_note(draft)


def _entry_deleted(draft: Draft) -> None:
    _count_hours(draft, draft.record, -1)


def _count_hours(draft: Draft, entry: Record, sign: int) -> None:
    """Move an entry's hours into the actual hours of all that it is charged to, or out of them."""
    hours = sign * (entry.get("actualHours") or 0)
    found = charged_to(entry)
    if not found or not hours:
        return
    places = [found]
    if found[0] == "project/tickets":
        ticket = draft.records.target(*found)
        above = ticket[0] if ticket else {}
        places += [(p, above[name]["id"]) for name, p in ABOVE.items() if above.get(name)]
    for path, record_id in places:
        resource = draft.records.registry.resource(path)
        record = draft.records.find(resource, record_id)
        if record is not None:
            record["actualHours"] = max(0.0, round((record.get("actualHours") or 0) + hours, 2))
            draft.records.amend(resource, record, draft.author)


def _add_note(draft: Draft) -> None:
    """Add the entry's notes to its ticket where a flag says so, once."""
    text, found = draft.record.get("notes"), charged_to(draft.record)
    flags = {to: True for name, to in ADDED_TO.items() if _is_new(draft, name)}
    if not (text and found and flags):
        return
    records, (path, ticket_id) = draft.records, found
    notes = records.registry.resource(f"{path}/notes")
    member = (draft.record.get("member") or {}).get("id")
    payload = {"text": text, **flags, **({"member": {"id": member}} if member else {})}
    note = records.create(notes, payload, draft.author, ticket_id)
    every = records.registry.resource(f"{path}/allNotes")
    shown = records.get(every, note["id"])
    times = {n: draft.record[n] for n in ("timeStart", "timeEnd") if draft.record.get(n)}
    records.save(every, {**shown, "noteType": "TimeEntryNote", **times})


def _is_new(draft: Draft, flag: str) -> bool:
    return bool(draft.record.get(flag)) and not (draft.before or {}).get(flag)


RULES: Mapping[str, Rules] = {
    "time/entries": Rules(
        fill=_fill_entry, check=_check_entry, written=_entry_written, deleted=_entry_deleted
    ),
}
