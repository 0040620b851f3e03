"""Definitions of custom fields, per screen (psa facts 8.6; seed 003, 'Custom Fields')."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from mockserver.core.errors import Fault, Flaw
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.statements import Page
from mockserver.psa.resources.lookup import quirks

DEFINITIONS = "system/userDefinedFields"
#: The screen (pod) of each kind of record; the world's own numbers.
PODS: Mapping[str, int] = {
    "company/companies": 1,
    "service/tickets": 2,
    "sales/opportunities": 3,
    "company/configurations": 4,
    "company/contacts": 5,
    "finance/agreements": 6,
    "project/projects": 7,
    "sales/activities": 8,
    "time/entries": 9,
    "project/tickets": 2,
    "finance/invoices": 11,
    "expense/entries": 12,
    "procurement/products": 13,
    "procurement/purchaseorders": 14,
    "company/companies/sites": 15,
    "finance/agreements/additions": 16,
    "sales/orders": 17,
    "procurement/catalog": 18,
    "project/projects/phases": 19,
    "system/members": 20,
}
#: What the screens are called, by their pods.
SCREENS: Mapping[int, str] = {
    1: "Company",
    2: "Service Ticket",
    3: "Opportunity",
    4: "Configuration",
    5: "Contact",
    6: "Agreement",
    7: "Project",
    8: "Activity",
    9: "Time Entry",
    11: "Invoice",
    12: "Expense",
    13: "Product",
    14: "Purchase Order",
    15: "Site",
    16: "Addition",
    17: "Sales Order",
    18: "Product Catalog",
    19: "Project Phase",
    20: "Member",
}
#: Seed 003, "Number of Decimals": only of these types, and so many at most.
DECIMALS = frozenset({"Number", "Percent"})
DECIMALS_MAX = 5
CHOSEN = frozenset({"List", "Option"})


def _fill(draft: Draft) -> None:
    pod = draft.record.get("podId") or 0
    draft.default("screenId", f"ct{300 + pod}")
    if pod in SCREENS:
        draft.record["podDescription"] = f"{SCREENS[pod]} Overview"
        draft.record["screenDescription"] = SCREENS[pod]
    draft.default("displayScreenInASIO", value=False)
    draft.default("entryTypeIdentifier", "EntryField")
    draft.default("numberDecimals", 0)
    for flag in ("requiredFlag", "readOnlyFlag", "listViewFlag"):
        draft.default(flag, value=False)
    draft.default("displayOnScreenFlag", value=True)
    if draft.before is None:
        draft.record["dateCreated"] = draft.records.clock.text()


def _check(draft: Draft) -> None:
    draft.faults.extend(_faults(draft))


def _faults(draft: Draft) -> Iterator[Fault]:
    record, profile = draft.record, quirks(draft)
    number, caption = record.get("sequenceNumber"), record.get("caption")
    if draft.changed("sequenceNumber") and number is not None:
        most = profile.custom_sequence_max
        if not 1 <= number <= most:
            yield Fault(Flaw.OUT_OF_RANGE, "sequenceNumber", None, number)
    if draft.changed("caption") and caption and len(caption) > profile.custom_caption_max:
        members = draft.resource.members
        declared = replace(members["caption"], max_length=profile.custom_caption_max)
        yield Fault(Flaw.TOO_LONG, "caption", declared, caption)
    yield from _contradictions(record)
    if record.get("listViewFlag") and draft.changed("listViewFlag"):
        yield from _crowded(draft, profile.custom_list_max)


def _crowded(draft: Draft, most: int | None) -> Iterator[Fault]:
    found = draft.records.store.matching(
        draft.resource, podid=draft.record.get("podId"), listviewflag=True
    )
    if most is not None and len(set(found) - {draft.record.get("id")}) >= most:
        text = f"At most {most} fields of a screen can be in its list view."
        yield Fault(Flaw.RULE, "listViewFlag", text)


def _contradictions(record: Record) -> Iterator[Fault]:
    kind = record.get("fieldTypeIdentifier")
    decimals = record.get("numberDecimals") or 0
    if not 0 <= decimals <= DECIMALS_MAX or (decimals and kind not in DECIMALS | {"Currency"}):
        yield Fault(Flaw.OUT_OF_RANGE, "numberDecimals", None, decimals)
    if record.get("requiredFlag") and record.get("readOnlyFlag"):
        yield Fault(Flaw.RULE, "requiredFlag", "A read-only field cannot be required.")
    if record.get("entryTypeIdentifier") in CHOSEN and not record.get("options"):
        yield Fault(Flaw.MISSING, "options")


def _number_options(draft: Draft) -> None:
    """Give every option an id and a place, as the world's own have them."""
    options = draft.record.get("options") or []
    known = [each["id"] for each in options if each.get("id")]
    following = max([draft.record["id"] * 10, *known]) + 1
    for place, option in enumerate(options, start=1):
        if not option.get("id"):
            option["id"], following = following, following + 1
        option.setdefault("defaultFlag", False)
        option.setdefault("inactiveFlag", False)
        option.setdefault("sortOrder", place)


def _guid(field_id: int) -> str:
    """Return a field's guid, which follows from its id: no dice."""
    return str(uuid5(NAMESPACE_URL, f"{DEFINITIONS}/{field_id}"))


def _shown_on(pods: set[Any]) -> Iterator[str]:
    return (path for path, pod in PODS.items() if pod in pods)


def _written(draft: Draft) -> None:
    if draft.before is None:
        draft.record["connectWiseID"] = _guid(draft.record["id"])
    if draft.record.get("options"):
        _number_options(draft)
    draft.records.save(draft.resource, draft.record)
    pods = {draft.record.get("podId"), (draft.before or {}).get("podId")}
    _rewrite(draft, pods)


def _deleted(draft: Draft) -> None:
    _rewrite(draft, {draft.record.get("podId")})


def _rewrite(draft: Draft, pods: set[Any]) -> None:
    """Let every record of a screen list what is defined for it now."""
    records = draft.records
    for path in _shown_on(pods):
        resource = records.registry.resource(path)
        bodies = records.store.bodies(resource, Page(resource.views[0]))
        for record in map(orjson.loads, bodies if records.store.has(resource) else ()):
            before = record.get("customFields")
            shown, _ = listed(records, path, before or ())
            if shown != (before or []):
                records.save(resource, {**record, "customFields": shown})


def listed(
    records: Records, path: str, given: Iterable[Mapping[str, Any]]
) -> tuple[list[Record], list[int]]:
    """Return a row for every field that is defined for a screen, with the values of *given*.

    Besides, the ids of what is given and not defined.
    """
    values = {row["id"]: row.get("value") for row in given if row.get("id")}
    shown = [_row(each, values.pop(each["id"], None)) for each in defined(records, path)]
    return shown, list(values)


def defined(records: Records, path: str) -> Iterator[Record]:
    """Yield the definitions for the screen of the records at *path*."""
    resource = records.registry.resource(DEFINITIONS)
    for field_id in records.store.matching(resource, podid=PODS[path]):
        found = records.target(DEFINITIONS, field_id)
        assert found is not None
        yield found[0]


def _row(definition: Record, value: Any) -> Record:
    """Return a field as records show it (recorded in 2026: psa facts 8.6)."""
    pod = definition.get("podDescription") or ""
    return {
        "id": definition["id"],
        "caption": definition["caption"],
        "type": definition["fieldTypeIdentifier"],
        "entryMethod": definition.get("entryTypeIdentifier", "EntryField"),
        "numberOfDecimals": definition.get("numberDecimals", 0),
        "value": None if value == "" else value,
        "connectWiseId": definition.get("connectWiseID") or _guid(definition["id"]),
        "rowNum": definition.get("sequenceNumber"),
        "userDefinedFieldRecId": definition["id"],
        "podId": pod.casefold().replace(" ", "_"),
    }


RULES: Mapping[str, Rules] = {
    DEFINITIONS: Rules(fill=_fill, check=_check, written=_written, deleted=_deleted)
}
