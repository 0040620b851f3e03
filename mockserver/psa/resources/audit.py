"""The audit trail: who changed which field of what, from what to what (psa facts 8.2)."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import orjson

from mockserver.core.clock import INSTANT_FORMAT
from mockserver.core.redaction import MASK, is_secret_name
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.schema import Column, Field, Kind
from mockserver.core.text import fold

TRAIL = "system/audittrail"
#: The type under which each kind of record is asked for.
AUDITED: Mapping[str, str] = {
    "service/tickets": "Ticket",
    "project/tickets": "ProjectTicket",
    "company/contacts": "Contact",
    "company/companies": "Company",
    "company/configurations": "Configuration",
    "sales/opportunities": "Opportunity",
    "sales/activities": "Activity",
    "time/entries": "Time",
    "schedule/entries": "Schedule",
    "expense/entries": "Expense",
    "finance/agreements": "Agreement",
    "finance/agreements/additions": "AgreementAddition",
    "finance/invoices": "Invoice",
    "project/projects": "Project",
    "procurement/catalog": "ProductCatalog",
    "procurement/products": "ProductItem",
    "procurement/purchaseorders": "PurchaseOrder",
    "procurement/purchaseorders/lineitems": "PurchaseOrderLineItem",
    "system/members": "Member",
}
#: What lies below an audited record and is told in its trail: the record's type, its own name.
AUDITED_BELOW: Mapping[str, tuple[str, str]] = {
    "service/tickets/notes": ("Ticket", "Note"),
    "service/tickets/tasks": ("Ticket", "Task"),
    "project/tickets/notes": ("ProjectTicket", "Note"),
    "project/tickets/tasks": ("ProjectTicket", "Task"),
    "company/companies/notes": ("Company", "Note"),
    "company/companies/sites": ("Company", "Site"),
    "company/companies/teams": ("Company", "Team"),
    "company/contacts/notes": ("Contact", "Note"),
    "company/contacts/communications": ("Contact", "Communication"),
    "sales/opportunities/notes": ("Opportunity", "Note"),
    "finance/agreements/adjustments": ("Agreement", "Adjustment"),
    "project/projects/notes": ("Project", "Note"),
    "project/projects/phases": ("Project", "Phase"),
}
#: What a type is called besides.
SAME_TYPE: Mapping[str, str] = {"purchasing": "PurchaseOrder"}
#: Where the clock of a ticket's SLA stands: it follows from what is told.
CLOCK = frozenset(
    {
        *("respondMinutes", "resPlanMinutes", "resolveMinutes", "minutesWaiting"),
        *("dateResponded", "dateResplan", "isInSla"),
    }
)
VALUE_CHARS_MAX = 500
JUST_NOW = timedelta(minutes=1)
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
RECORD_ID = Column("recordId", "recordid", Kind.INTEGER, ("recordId",))
REFINEMENTS: Mapping[str, Mapping[str, Any]] = {
    TRAIL: {"virtual": (RECORD_ID,), "indexed": ("recordid",)}
}


def with_audit(rules: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """Return *rules* that also write the audit trail."""
    plain = Rules()
    return {
        **rules,
        **{
            path: rules.get(path, plain).then(
                told=partial(_tell_write, kind), deleted=partial(_tell_deletion, kind)
            )
            for path, kind in AUDITED.items()
        },
        **{
            path: rules.get(path, plain).then(
                told=partial(_tell_below, named), deleted=partial(_tell_gone, named)
            )
            for path, named in AUDITED_BELOW.items()
        },
    }


def _tell_below(named: tuple[str, str], draft: Draft) -> None:
    kind, noun = named
    deed = "added" if draft.before is None else "changed"
    if _comes_along(kind, draft):
        return
    _add(draft, kind, noun, f"{noun} {draft.record['id']} {deed}.", draft.parent_id)


def _comes_along(kind: str, draft: Draft) -> bool:
    """Tell whether what it lies below is being made just now: that will be told, and no more."""
    records, path = draft.records, draft.resource.parent_path
    parent = records.find(records.registry.resource(path or ""), draft.parent_id or 0)
    entered = ((parent or {}).get("_info") or {}).get("dateEntered")
    # Not to the second: what a request reads for the first time may take it into the next one.
    if entered is None or entered < (records.clock.now() - JUST_NOW).strftime(INSTANT_FORMAT):
        return False
    trail = records.registry.resource(TRAIL)
    told = {"recordid": draft.parent_id, "audittype": fold(kind)}
    return not records.store.matching(trail, 1, **told)


def _tell_gone(named: tuple[str, str], draft: Draft) -> None:
    kind, noun = named
    _add(draft, kind, noun, f"{noun} {draft.record['id']} deleted.", _above(draft))


def _above(draft: Draft) -> int | None:
    """Return the id of the record that a deleted one lay below, as it tells itself."""
    named = draft.record.get(draft.resource.parent or "")
    return named.get("id") if isinstance(named, dict) else named


def _tell_write(kind: str, draft: Draft) -> None:
    if draft.before is None:
        _add(draft, kind, "Created", f"{kind} {draft.record['id']} created.")
        return
    for title, before, after in _changes(draft):
        _add(draft, kind, title, f'{title} changed from "{before}" to "{after}".')


def _tell_deletion(kind: str, draft: Draft) -> None:
    _add(draft, kind, "Deleted", f"{kind} {draft.record['id']} deleted.")


def _add(draft: Draft, kind: str, part: str, text: str, about: int | None = None) -> None:
    trail = draft.records.registry.resource(TRAIL)
    row: Record = {
        "id": draft.records.store.next_id(trail),
        "text": text,
        "enteredDate": draft.records.clock.text(),
        "enteredBy": draft.author,
        "auditType": kind,
        "auditSubType": part,
        "auditSource": "API",
    }
    body = orjson.dumps({name: value for name, value in row.items() if name != "id"})
    about = draft.record["id"] if about is None else about
    draft.records.store.insert(trail, {**row, "recordId": about}, {"body": body})


def _changes(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Yield each field that the write changed, with what it showed before and shows now."""
    assert draft.before is not None
    for declared in draft.resource.fields:
        before, after = draft.before.get(declared.name), draft.record.get(declared.name)
        if declared.name in CLOCK:
            continue
        if declared.name == "customFields":
            yield from _custom_changes(before, after)
        elif before != after and draft.changed(declared.name):
            yield _title(declared.name), _shown(declared, before), _shown(declared, after)


def _custom_changes(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    values = {row["id"]: row.get("value") for row in before or ()}
    for row in after or ():
        old, new = values.get(row["id"]), row.get("value")
        if old != new:
            yield row["caption"], _text(old), _text(new)


def _shown(declared: Field, value: Any) -> str:
    if value is not None and is_secret_name(declared.name):
        return MASK
    if isinstance(value, dict) and declared.kind is Kind.REFERENCE:
        named = (value.get(name) for name in ("name", "identifier", "summary", "id"))
        return _text(next((each for each in named if each), None))
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text[:VALUE_CHARS_MAX]


def _title(name: str) -> str:
    spaced = WORDS.sub(" ", name.removesuffix("Flag"))
    return spaced[:1].upper() + spaced[1:]
