"""Service desk: what a ticket does when it is created, changed and closed."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Rules, in_turn
from mockserver.core.text import fold
from mockserver.psa.resources.lookup import author_id, first_id, quirks
from mockserver.psa.resources.sla import tell_sla
from mockserver.psa.resources.ticket_parents import check_parent, flag_parents

NOTE_FLAGS = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")
#: Write-only members of a ticket and the flag of the note that each becomes (psa facts 6.10).
INITIAL_NOTES = {
    "initialDescription": "detailDescriptionFlag",
    "initialInternalAnalysis": "internalAnalysisFlag",
    "initialResolution": "resolutionFlag",
}
TICKET_DEFAULTS: Mapping[str, Any] = {
    "recordType": "ServiceTicket",
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
    "isInSla": False,
    "hasChildTicket": False,
    "hasMergedChildTicketFlag": False,
    "resolveMinutes": 0,
    "resPlanMinutes": 0,
    "respondMinutes": 0,
    "minutesBeforeWaiting": 0,
    "minutesWaiting": 0,
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
#: References that point below another one: they are left behind when that one changes.
DEPENDANTS: Mapping[str, frozenset[str]] = {
    "company": frozenset({"site"}),
    "board": frozenset({"type", "subType", "item", "team"}),
}


def _prepare_ticket(draft: Draft) -> None:
    """Put a new ticket on a board: the first one stands for the API member's own (facts 6.10)."""
    if not draft.record.get("board"):
        draft.default("board", first_id(draft, "service/boards"))
    if quirks(draft).resources_scheduled:
        _keep_resources(draft)
    for name, dependants in DEPENDANTS.items():
        if draft.before is not None and name in draft.given and _points_elsewhere(draft, name):
            for dependant in dependants - draft.given.keys():
                draft.record.pop(dependant, None)


def _keep_resources(draft: Draft) -> None:
    draft.record.pop("resources", None)
    before = (draft.before or {}).get("resources")
    if before:
        draft.record["resources"] = before


def _points_elsewhere(draft: Draft, name: str) -> bool:
    """Tell whether a reference, as it was given, is not the one that the record had."""
    before = (draft.before or {}).get(name) or {}
    given = draft.given[name] or {}
    return any(fold(str(before.get(key))) != fold(str(value)) for key, value in given.items())


def _fill_ticket(draft: Draft) -> None:
    board_id = draft.id_of("board")
    if board_id is None:
        return
    if not draft.record.get("status") and not _blamed(draft, "status"):
        default = first_id(draft, "service/boards/statuses", parent_id=board_id, defaultflag=True)
        any_status = default or first_id(draft, "service/boards/statuses", parent_id=board_id)
        draft.default("status", any_status)
    draft.default("team", first_id(draft, "service/boards/teams", parent_id=board_id))
    for name, path in FIRST.items():
        if draft.record.get(name) is None:
            default = first_id(draft, path, defaultflag=True) or first_id(draft, path)
            draft.default(name, default)
    _fill_from_company(draft)
    _fill_from_contact(draft)
    for name, value in TICKET_DEFAULTS.items():
        draft.default(name, value)
    if draft.before is None:
        now = draft.records.clock.text()
        draft.record.update(dateResplan=now, dateResponded=now)
    _coerce(draft)
    _close(draft)
    tell_sla(draft)


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


def _blamed(draft: Draft, name: str) -> bool:
    return any(fault.path.partition("/")[0] == name for fault in draft.faults)


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
        draft.record.update(closedDate=now, closedBy=draft.author, dateResolved=now)
        draft.record["slaStatus"] = "Resolved"
        draft.default("actualHours", 0.0)
    elif was_closed and not closed:
        for name in ("closedDate", "closedBy", "dateResolved", "slaStatus"):
            draft.record.pop(name, None)


def _write_initial_notes(draft: Draft) -> None:
    if draft.before is not None:
        return
    notes = draft.records.registry.resource("service/tickets/notes")
    for member, flag in INITIAL_NOTES.items():
        text = draft.given.get(member)
        if text:
            draft.records.create(
                notes, {"text": text, flag: True}, draft.author, draft.record["id"]
            )


def _check_note(draft: Draft) -> None:
    """Refuse a note that would be shown nowhere (recorded: psa facts 6.3)."""
    shown = any(draft.record.get(flag) for flag in NOTE_FLAGS)
    if not shown and quirks(draft).note_flags_required:
        message = "Please choose where to display the notes in order to save this record."
        draft.faults.append(Fault(Flaw.RULE, ", ".join(NOTE_FLAGS), message, "ServiceNote"))


def _fill_note(draft: Draft) -> None:
    for flag in NOTE_FLAGS:
        draft.default(flag, value=False)
    draft.default("issueFlag", value=False)
    draft.default("dateCreated", draft.records.clock.text())
    draft.default("createdBy", draft.author)
    if draft.before is None and not draft.record.get("contact"):
        draft.default("member", author_id(draft))
    draft.record["internalFlag"] = bool(draft.record.get("internalAnalysisFlag"))
    draft.record["externalFlag"] = any(draft.record.get(flag) for flag in NOTE_FLAGS)


def _guard_subtree(draft: Draft) -> None:
    """A board's default status is one: the flag moves from the one that had it."""
    if not draft.record.get("defaultFlag") or not draft.changed("defaultFlag"):
        return
    records, resource = draft.records, draft.resource
    found = records.store.matching(resource, parent_id=draft.parent_id, defaultflag=True)
    for other in set(found) - {draft.record["id"]}:
        record = records.get(resource, other)
        record["defaultFlag"] = False
        records.save(resource, record)


RULES: Mapping[str, Rules] = {
    "service/tickets": Rules(
        prepare=_prepare_ticket,
        fill=_fill_ticket,
        check=check_parent,
        written=in_turn(_write_initial_notes, flag_parents),
        deleted=flag_parents,
    ),
    "service/tickets/notes": Rules(fill=_fill_note, check=_check_note),
    "service/boards/statuses": Rules(written=_guard_subtree),
}
REFINEMENTS: Mapping[str, Mapping[str, Any]] = {}
LINKS: Mapping[str, Mapping[str, str]] = {
    # Psa facts 10.22.
    "service/priorities": {"image_href": "service/priorities/{id}/image?lm={lastUpdated}"},
    "system/members": {"image_href": "system/members/{id}/image?lastModified={lastUpdated}"},
    # Recorded in psa facts 8.7.
    "service/tickets": {
        "activities_href": "sales/activities?conditions=ticket/id={id}",
        "scheduleentries_href": "schedule/entries?conditions=type/id=4 AND objectId={id}",
        "documents_href": "system/documents?recordType=Ticket&recordId={id}",
        "configurations_href": "service/tickets/{id}/configurations",
        "tasks_href": "service/tickets/{id}/tasks",
        "notes_href": "service/tickets/{id}/notes",
        "products_href": (
            "procurement/products?conditions=chargeToType='Ticket' AND chargeToId={id}"
        ),
        "timeentries_href": (
            "time/entries?conditions=(chargeToType='ServiceTicket' OR "
            "chargeToType='ProjectTicket') AND chargeToId={id}"
        ),
        "expenseEntries_href": (
            "expense/entries?conditions=(chargeToType='ServiceTicket' OR "
            "chargeToType='ProjectTicket') AND chargeToId={id}"
        ),
    },
}
