"""Tickets below tickets: children and what was merged (psa facts 8.5)."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft

#: What a ticket says of those below it, and how they name it.
PARENT_FLAGS = {
    "hasChildTicket": "parentTicketId",
    "hasMergedChildTicketFlag": "mergedParentTicket",
}


def check_parent(draft: Draft) -> None:
    """Refuse a parent that is not there, or that lies below the ticket itself."""
    parent_id, seen = draft.record.get("parentTicketId"), {draft.record.get("id")}
    if not parent_id or not draft.changed("parentTicketId"):
        return
    if draft.records.target(draft.resource.path, parent_id) is None:
        detail = (draft.resource.path, None, None)
        draft.faults.append(Fault(Flaw.UNKNOWN_REFERENCE, "parentTicketId", detail, parent_id))
        return
    while parent_id and parent_id not in seen:
        seen.add(parent_id)
        found = draft.records.target(draft.resource.path, parent_id)
        parent_id = found[0].get("parentTicketId") if found else None
    if parent_id:
        text = "A ticket cannot be put below itself."
        draft.faults.append(Fault(Flaw.RULE, "parentTicketId", text))


def flag_parents(draft: Draft) -> None:
    """Say of tickets whether they have children, now that this one may have another parent."""
    for flag, parent in PARENT_FLAGS.items():
        for ticket_id in {_parent(draft.before, parent), _parent(draft.record, parent)} - {None}:
            ticket = draft.records.find(draft.resource, ticket_id) if ticket_id else None
            column = parent.lower() if parent == "parentTicketId" else f"{parent.lower()}_id"
            has = bool(draft.records.store.matching(draft.resource, 1, **{column: ticket_id}))
            if ticket and ticket.get(flag, False) != has:
                draft.records.amend(draft.resource, {**ticket, flag: has}, draft.author)


def _parent(record: Mapping[str, Any] | None, member: str) -> int | None:
    value = (record or {}).get(member)
    return value.get("id") if isinstance(value, dict) else value
