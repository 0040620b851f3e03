"""Custom fields: a record lists every field that is defined for its screen (psa facts 8.6)."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.schema import Field, Kind
from mockserver.core.text import fold
from mockserver.core.validate import Wrong, scalar
from mockserver.psa.resources.field_definitions import CHOSEN, PODS, defined, listed
from mockserver.psa.resources.lookup import quirks

#: What a value of each type of field must be; all others are texts.
KINDS: Mapping[str, Kind] = {
    "Checkbox": Kind.FLAG,
    "Number": Kind.NUMBER,
    "Currency": Kind.NUMBER,
    "Percent": Kind.NUMBER,
    "Date": Kind.INSTANT,
}
MEMBER = "customFields"


def with_custom_fields(rules: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """Return *rules* that also write out the custom fields of every kind of record."""
    plain = Rules()
    more = {path: rules.get(path, plain).then(fill=_complete, check=_check) for path in PODS}
    return {**rules, **more}


def _complete(draft: Draft) -> None:
    """List every defined field with its value; a list that is not sent stays (psa facts 6.12)."""
    kept = draft.record.get(MEMBER) or (draft.before or {}).get(MEMBER) or []
    given = [_numbered(draft, row) for row in kept if isinstance(row, dict)]
    nameless = [row.get("caption") for row in given if not row.get("id")]
    shown, unknown = listed(draft.records, draft.resource.path, given)
    for named in (*unknown, *nameless):
        message = f"The custom field {named} is not defined for this record."
        draft.faults.append(Fault(Flaw.RULE, MEMBER, message))
    if shown or MEMBER in draft.record:
        draft.record[MEMBER] = shown


def _numbered(draft: Draft, row: Record) -> Record:
    """Return a row with its field's id, which a caption alone may stand for."""
    caption = row.get("caption")
    if row.get("id") or not isinstance(caption, str):
        return row
    found = (
        each["id"]
        for each in defined(draft.records, draft.resource.path)
        if fold(each["caption"]) == fold(caption)
    )
    return {**row, "id": next(found, None)}


def _preset(definition: Record) -> Any:
    """Return the option that a new record begins with (recorded: psa facts 8.6, "false")."""
    chosen = (each["optionValue"] for each in _options(definition) if each.get("defaultFlag"))
    return next(chosen, None)


# -- values ------------------------------------------------------------------------------------


def _check(draft: Draft) -> None:
    """Hold every new value to its field's type, options and being required."""
    before = {row["id"]: row.get("value") for row in (draft.before or {}).get(MEMBER) or ()}
    rows = {row["id"]: row for row in draft.record.get(MEMBER) or ()}
    for definition in defined(draft.records, draft.resource.path):
        row = rows.get(definition["id"], {})
        if draft.before is None and row and row.get("value") is None:
            row["value"] = _preset(definition)
        value = row.get("value")
        if value is None:
            draft.faults.extend(_missing(draft, definition))
        elif not _is_same(value, before.get(definition["id"])):
            fault = _fault(draft, definition, value)
            if fault is None:
                row["value"] = _converted(draft, definition, value)
            else:
                draft.faults.append(fault)


def _is_same(value: Any, before: Any) -> bool:
    """Tell whether nothing changes; true is not 1 here."""
    return bool(value == before) and isinstance(value, bool) == isinstance(before, bool)


def _missing(draft: Draft, definition: Record) -> Iterator[Fault]:
    if definition.get("requiredFlag") and quirks(draft).custom_fields_required:
        yield Fault(Flaw.MISSING, f"{MEMBER}/{definition['caption']}")


def _fault(draft: Draft, definition: Record, value: Any) -> Fault | None:
    path = f"{MEMBER}/{definition['caption']}"
    try:
        _converted(draft, definition, value)
    except Wrong as wrong:
        return Fault(wrong.flaw, path, wrong.detail, value)
    options = [each.get("optionValue") for each in _options(definition)]
    if definition.get("entryTypeIdentifier") in CHOSEN and options and value not in options:
        return Fault(Flaw.NOT_IN_ENUM, path, None, value)
    return None


def _options(definition: Record) -> Iterator[Record]:
    return (each for each in definition.get("options") or () if not each.get("inactiveFlag"))


def _converted(draft: Draft, definition: Record, value: Any) -> Any:
    """Return the value as its field's type has it; Wrong when it has no such value."""
    is_chosen = definition.get("entryTypeIdentifier") in CHOSEN
    kind = Kind.TEXT if is_chosen else KINDS.get(definition["fieldTypeIdentifier"], Kind.TEXT)
    converted = scalar(Field(MEMBER, kind), value, draft.records.policy)
    if kind is not Kind.NUMBER:
        return converted
    rounded = round(float(converted), definition.get("numberDecimals") or 0)
    return int(rounded) if rounded.is_integer() else rounded
