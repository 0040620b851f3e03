"""Schedule entries: who works on a ticket is said here, and shown in its ``resources``."""

from collections.abc import Mapping
from datetime import datetime

from mockserver.core.clock import INSTANT_FORMAT
from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Record, Rules
from mockserver.psa.resources.lookup import first_id
from mockserver.psa.resources.mirrors import scheduled_for

DETAILS = "schedule/details"
FLAGS = ("doneFlag", "acknowledgedFlag", "ownerFlag", "meetingFlag", "allowScheduleConflictsFlag")


def _fill_entry(draft: Draft) -> None:
    found = scheduled_for(draft.record)
    ticket = draft.records.target(*found) if found else None
    if ticket is not None:
        company = (ticket[0].get("company") or {}).get("name")
        name = " / ".join(filter(None, (company, ticket[0].get("summary"))))
        draft.default("name", name[:250])
    default = first_id(draft, "schedule/statuses", defaultflag=True)
    draft.default("status", default or first_id(draft, "schedule/statuses"))
    draft.default("where", first_id(draft, "service/locations"))
    for flag in FLAGS:
        draft.default(flag, value=False)
    start, end = draft.record.get("dateStart"), draft.record.get("dateEnd")
    if start and end and "hours" not in draft.given:
        span = datetime.strptime(end, INSTANT_FORMAT) - datetime.strptime(start, INSTANT_FORMAT)  # noqa: DTZ007
        draft.record["hours"] = max(0.0, round(span.total_seconds() / 3600, 2))


def _check_entry(draft: Draft) -> None:
    found = scheduled_for(draft.record)
    if found and draft.records.target(*found) is None:
        path, record_id = found
        fault = Fault(Flaw.UNKNOWN_REFERENCE, "objectId", (path, None, None), record_id)
        draft.faults.append(fault)
    start, end = draft.record.get("dateStart"), draft.record.get("dateEnd")
    if start and end and end < start:
        text = "The end must not be before the start."
        draft.faults.append(Fault(Flaw.RULE, "dateEnd", text))


def _entry_written(draft: Draft) -> None:
    if draft.before is not None and _assignment(draft.before) != _assignment(draft.record):
        _unassign(draft, draft.before)
    _assign(draft, draft.record)


def _entry_deleted(draft: Draft) -> None:
    _unassign(draft, draft.record)
    details = draft.records.registry.resource(DETAILS)
    for detail_id in draft.records.store.matching(details, scheduleentry_id=draft.record["id"]):
        draft.records.store.delete(details, detail_id)


def _assignment(entry: Record) -> tuple[object, object]:
    return scheduled_for(entry), (entry.get("member") or {}).get("id")


def _assign(draft: Draft, entry: Record) -> None:
    """Name the member among the ticket's resources (psa facts 8.7, 10.16)."""
    name = (entry.get("member") or {}).get("identifier")
    ticket = _ticket(draft, entry)
    if ticket is not None and name and name not in resources_of(ticket):
        _save(draft, entry, ticket, [*resources_of(ticket), name])


def _unassign(draft: Draft, entry: Record) -> None:
    """Take the member off the ticket, unless another entry or the owner keeps it there."""
    member = entry.get("member") or {}
    ticket = _ticket(draft, entry)
    if ticket is None or (ticket.get("owner") or {}).get("id") == member.get("id"):
        return
    found = draft.records.store.matching(
        draft.resource,
        objectid=entry["objectId"],
        type_id=entry["type"]["id"],
        member_id=member.get("id"),
    )
    if not set(found) - {entry["id"]}:
        kept = [name for name in resources_of(ticket) if name != member.get("identifier")]
        _save(draft, entry, ticket, kept)


def resources_of(ticket: Record) -> list[str]:
    """Return the identifiers of the members who work on a ticket."""
    return [name for name in (ticket.get("resources") or "").split(", ") if name]


def _ticket(draft: Draft, entry: Record) -> Record | None:
    found = scheduled_for(entry)
    resource = draft.records.registry.resource(found[0]) if found else None
    return draft.records.find(resource, found[1]) if found and resource else None


def _save(draft: Draft, entry: Record, ticket: Record, names: list[str]) -> None:
    found = scheduled_for(entry)
    assert found is not None
    ticket.pop("resources", None)
    changed = {**ticket, "resources": ", ".join(names)} if names else ticket
    draft.records.amend(draft.records.registry.resource(found[0]), changed, draft.author)


RULES: Mapping[str, Rules] = {
    "schedule/entries": Rules(
        fill=_fill_entry, check=_check_entry, written=_entry_written, deleted=_entry_deleted
    ),
    DETAILS: Rules(holds=False),
}
