"""What a ticket gets that nobody gave it, of the desk or of a project (psa facts 6.10)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from mockserver.core.rules import Draft
from mockserver.core.told import OFFSET_H
from mockserver.psa.resources.board_parts import keep_together
from mockserver.psa.resources.lookup import first_id, quirks

STATUSES = "service/boards/statuses"
#: Write-only members of a ticket and the flag of the note that each becomes (psa facts 6.10).
INITIAL_NOTES = {
    "initialDescription": "detailDescriptionFlag",
    "initialInternalAnalysis": "internalAnalysisFlag",
    "initialResolution": "resolutionFlag",
}
#: What a ticket of either kind has where nothing is said, as far as its model knows it.
TICKET_DEFAULTS: Mapping[str, Any] = {
    "severity": "Medium",
    "impact": "Medium",
    "billTime": "NoDefault",
    "billExpenses": "NoDefault",
    "billProducts": "NoDefault",
    "billingMethod": "ActualRates",
    "subBillingMethod": "ActualRates",
    "approved": True,
    "closedFlag": False,
    "allowAllClientsPortalView": False,
    "customerUpdatedFlag": False,
    "automaticEmailContactFlag": False,
    "automaticEmailResourceFlag": False,
    "automaticEmailCcFlag": False,
    "requestForChangeFlag": False,
    "isInSla": True,
    "hasChildTicket": False,
    "hasMergedChildTicketFlag": False,
    "resolveMinutes": 0,
    "resPlanMinutes": 0,
    "respondMinutes": 0,
    "minutesBeforeWaiting": 0,
    "escalationLevel": 10,
}


#: Where a reference that is not given points: to the default of a table, or its first row.
FIRST: Mapping[str, str] = {
    "priority": "service/priorities",
    "source": "service/sources",
    "serviceLocation": "service/locations",
    "location": "system/locations",
    "department": "system/departments",
    "sla": "service/SLAs",
    "currency": "finance/currencies",
}
#: What is computed once, when a ticket is made, and what it then is.
BEGINNINGS: Mapping[str, Any] = {
    **{f"estimated{of}": 0.0 for of in ("ExpenseCost", "ExpenseRevenue", "ProductCost")},
    **{f"estimated{of}": 0.0 for of in ("ProductRevenue", "TimeCost", "TimeRevenue")},
    "respondedSkippedMinutes": 0,
    "resplanSkippedMinutes": 0,
}
#: What a ticket says of the one that comes before it (recorded: psa facts 6.10).
PREDECESSOR: Mapping[str, Any] = {
    "predecessorClosedFlag": False,
    "lagDays": 0,
    "lagNonworkingDaysFlag": False,
}
#: What a closed ticket tells: when, by whom, since when, how its deadline ended.
CLOSING = ("closedDate", "closedBy", "dateResolved", "slaStatus")
#: What a replacement that does not say it leaves as it is: assignments are schedule entries, which
#: nobody touched (recorded, too: psa facts 6.12, 10.16), and the clock of its SLA runs on.
KEPT = frozenset(
    {
        *("escalationStartDateUTC", "resources", "isInSla", "minutesWaiting"),
        *("resolveMinutes", "resPlanMinutes", "respondMinutes"),
    }
)
WORKDAYS = 5


def fill(draft: Draft) -> None:
    """Fill in what a ticket on a board needs and nobody gave it (psa facts 6.10)."""
    board_id = draft.id_of("board")
    if board_id is None:
        return
    if not draft.record.get("status") and not _blamed(draft, "status"):
        default = first_id(draft, STATUSES, parent_id=board_id, defaultflag=True)
        draft.default("status", default or first_id(draft, STATUSES, parent_id=board_id))
    keep_together(draft)
    _point(draft)
    _fill_from_company(draft)
    _fill_from_contact(draft)
    _begin(draft)
    for name, value in TICKET_DEFAULTS.items():
        _default(draft, name, value)
    _coerce(draft)
    _plan(draft)
    _close(draft)


def write_initial_notes(draft: Draft) -> None:
    """Make notes of the write-only texts of a new ticket (psa facts 6.10)."""
    if draft.before is not None:
        return
    notes = draft.records.registry.resource(f"{draft.resource.path}/notes")
    for member, flag in INITIAL_NOTES.items():
        text = draft.given.get(member)
        if text:
            draft.records.create(
                notes, {"text": text, flag: True}, draft.author, draft.record["id"]
            )


def _default(draft: Draft, name: str, value: Any) -> None:
    if name.casefold() in draft.resource.members:
        draft.default(name, value)


def _point(draft: Draft) -> None:
    """Let references that nobody gave point to the defaults of their tables."""
    dropped = quirks(draft).replacement_drops
    for name, path in FIRST.items():
        is_past = draft.before is not None and name in dropped
        if name.casefold() not in draft.resource.members or draft.record.get(name) or is_past:
            continue
        default = first_id(draft, path, defaultflag=True) or first_id(draft, path)
        draft.default(name, default)


def _begin(draft: Draft) -> None:
    """Say when work on the ticket began, and what was reckoned then; a replacement keeps it."""
    for name, value in BEGINNINGS.items():
        _default(draft, name, value if draft.before is None else draft.before.get(name))
    if draft.before is None:
        now = draft.records.clock.text()
        for name in ("dateResplan", "dateResponded", "escalationStartDateUTC"):
            if name.casefold() in draft.resource.members:
                draft.record[name] = now
        return
    for name in KEPT - draft.given.keys():
        _default(draft, name, draft.before.get(name))


def _plan(draft: Draft) -> None:
    """Count the working days of a ticket, and start its escalation when it is wanted."""
    record = draft.record
    start, end = record.get("estimatedStartDate"), record.get("requiredDate")
    if draft.changed("estimatedStartDate") or draft.changed("requiredDate"):
        if not (draft.given.get("duration") or (start and end)):
            record.pop("duration", None)
        elif start and end:
            first, last = (date.fromisoformat(each[:10]) for each in (start, end))
            record["duration"] = _workdays(first, last)
    if end and draft.changed("requiredDate") and "escalationStartDateUTC" in record:
        # Midnight where the server is.
        record["escalationStartDateUTC"] = f"{end[:10]}T{-OFFSET_H:02}:00:00Z"
    if record.get("predecessorId"):
        for name, value in PREDECESSOR.items():
            _default(draft, name, value)


def _workdays(start: date, end: date) -> int:
    """Return how many of the days from *start* to *end*, both included, are no weekend."""
    weeks, rest = divmod(max(0, (end - start).days + 1), 7)
    days = (start + timedelta(days=each) for each in range(rest))
    return weeks * WORKDAYS + sum(day.weekday() < WORKDAYS for day in days)


def _blamed(draft: Draft, name: str) -> bool:
    return any(fault.path.partition("/")[0] == name for fault in draft.faults)


def _coerce(draft: Draft) -> None:
    """Change values as the vendor does on their way in (recorded: psa facts 6.10)."""
    for name in ("requiredDate", "estimatedStartDate"):
        if draft.record.get(name):
            draft.record[name] = f"{draft.record[name][:10]}T00:00:00Z"
    copies = draft.record.get("automaticEmailCc")
    if copies and not copies.endswith(";"):
        draft.record["automaticEmailCc"] = f"{copies};"
    owner = (draft.record.get("owner") or {}).get("identifier")
    assigned = [name for name in (draft.record.get("resources") or "").split(", ") if name]
    if owner and owner not in assigned:
        draft.record["resources"] = ", ".join([*assigned, owner])


def _fill_from_company(draft: Draft) -> None:
    """Go to the company's site, and show it anew when it changes."""
    company_id = draft.id_of("company")
    if company_id is None:
        return
    path = "company/companies/sites"
    if draft.changed("company"):
        site_id = first_id(draft, path, parent_id=company_id, primaryaddressflag=True)
        draft.default("site", site_id or first_id(draft, path, parent_id=company_id))
    if draft.changed("site"):
        _copy_site(draft)


def _copy_site(draft: Draft) -> None:
    site_id = draft.id_of("site")
    found = draft.records.target("company/companies/sites", site_id) if site_id else None
    site = found[0] if found else {}
    state = site.get("stateReference") or {}
    shown = {
        "siteName": site.get("name"),
        "stateIdentifier": state.get("identifier"),
        **{name: site.get(name) for name in ("addressLine1", "addressLine2", "city", "zip")},
        "country": site.get("country"),
    }
    for name in shown.keys() - draft.given.keys():
        draft.record.pop(name, None)
        if shown[name] is not None:
            draft.record[name] = shown[name]


def _fill_from_contact(draft: Draft) -> None:
    """Show the contact's name and default ways to reach it, anew when the contact changes."""
    contact_id = draft.id_of("contact")
    if contact_id is None or not draft.changed("contact"):
        return
    found = draft.records.target("company/contacts", contact_id)
    contact = found[0] if found else {}
    shown = {
        "contactName": " ".join(filter(None, (contact.get("firstName"), contact.get("lastName")))),
        "contactPhoneNumber": contact.get("defaultPhoneNbr"),
        "contactEmailAddress": _default_mail(contact),
    }
    for name, value in shown.items():
        if value and name not in draft.given:
            draft.record[name] = value[: _room(draft, name)]


def _room(draft: Draft, name: str) -> int | None:
    return draft.resource.members[name.casefold()].max_length


def _default_mail(contact: Mapping[str, Any]) -> str | None:
    items = contact.get("communicationItems") or []
    mails = [item for item in items if item.get("communicationType") == "Email"]
    chosen = next((item for item in mails if item.get("defaultFlag")), mails[0] if mails else {})
    return chosen.get("value")


def _close(draft: Draft) -> None:
    """Stamp a ticket whose status closes it, and clear the stamps when it is opened again."""
    status_id = draft.id_of("status")
    if status_id is None:
        return
    found = draft.records.target("service/boards/statuses", status_id)
    closed = bool(found and found[0].get("closedStatus"))
    was_closed = bool((draft.before or {}).get("closedFlag"))
    draft.record["closedFlag"] = closed
    if closed and not was_closed:
        now = draft.records.clock.text()
        stamps = (now, draft.author, now, "Resolved")
        for name, value in zip(CLOSING, stamps, strict=True):
            if name.casefold() in draft.resource.members:
                draft.record[name] = value
        draft.default("actualHours", 0.0)
    elif was_closed and not closed:
        for name in CLOSING:
            draft.record.pop(name, None)
