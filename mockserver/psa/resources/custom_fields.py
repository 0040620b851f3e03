"""Custom fields: a record lists every field that is defined for its screen (psa facts 8.6)."""

from collections.abc import Mapping

from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Record, Rules

DEFINITIONS = "system/userDefinedFields"
#: The screen (pod) of each kind of record; the world's own numbers.
PODS: Mapping[str, int] = {
    "company/companies": 1,
    "service/tickets": 2,
    "company/configurations": 4,
    "company/contacts": 5,
    "finance/agreements": 6,
    "project/projects": 7,
}


def with_custom_fields(rules: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """Return *rules* that also write out the custom fields of every kind of record."""
    plain = Rules()
    return {**rules, **{path: rules.get(path, plain).then(fill=_complete) for path in PODS}}


def _complete(draft: Draft) -> None:
    """List every defined field with its value; a list that is not sent stays (psa facts 6.12)."""
    kept = draft.record.get("customFields") or (draft.before or {}).get("customFields") or []
    given = {row["id"]: row for row in kept if isinstance(row, dict) and row.get("id")}
    records = draft.records
    definitions = records.registry.resource(DEFINITIONS)
    shown = []
    for field_id in records.store.matching(definitions, podid=PODS[draft.resource.path]):
        found = records.target(DEFINITIONS, field_id)
        assert found is not None
        shown.append(_row(found[0], given.pop(field_id, {})))
    for unknown in given:
        message = f"The custom field {unknown} is not defined for this record."
        draft.faults.append(Fault(Flaw.RULE, "customFields", message))
    draft.record["customFields"] = shown


def _row(definition: Mapping[str, object], given: Mapping[str, object]) -> Record:
    row: Record = {
        "id": definition["id"],
        "caption": definition["caption"],
        "type": definition["fieldTypeIdentifier"],
        "entryMethod": definition.get("entryTypeIdentifier", "EntryField"),
        "numberOfDecimals": definition.get("numberDecimals", 0),
    }
    if given.get("value") is not None:
        row["value"] = given["value"]
    return row
