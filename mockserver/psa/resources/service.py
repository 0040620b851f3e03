"""Service desk: what a ticket does when it is created, changed and closed."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Rules, in_turn
from mockserver.psa.resources.board_parts import check_together
from mockserver.psa.resources.lookup import author_id, first_id, points_elsewhere, quirks
from mockserver.psa.resources.sla import note_pause, tell_sla
from mockserver.psa.resources.ticket_defaults import fill, write_initial_notes
from mockserver.psa.resources.ticket_parents import check_parent, flag_parents

NOTE_FLAGS = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")
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
        if name == "board" and not quirks(draft).unfit_parts_dropped:
            continue
        if draft.before is not None and name in draft.given and points_elsewhere(draft, name):
            for dependant in dependants - draft.given.keys():
                draft.record.pop(dependant, None)


def _keep_resources(draft: Draft) -> None:
    draft.record.pop("resources", None)
    before = (draft.before or {}).get("resources")
    if before:
        draft.record["resources"] = before


def _fill_ticket(draft: Draft) -> None:
    """Fill in what a ticket of the service desk has and one of a project has not."""
    board_id = draft.id_of("board")
    if board_id is None:
        return
    draft.record["recordType"] = "ServiceTicket"
    draft.default("team", first_id(draft, "service/boards/teams", parent_id=board_id))
    fill(draft)
    tell_sla(draft)


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
        check=in_turn(check_parent, check_together),
        written=in_turn(write_initial_notes, flag_parents, note_pause),
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
