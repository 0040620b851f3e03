"""Extra fields: what an MSP keeps of a client, location, computer or contact besides the model.

Each definition has one row per target; a row that nobody has set has its definition's default
(automate facts 72 and 10.3).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.automate.record_quirks import quirks_of
from mockserver.automate.resources.declared import Declared
from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.schema import Resource

MODEL = "Automate.Api.Domain.Contracts.ExtraFields.ExtraField"
OWNERS = ("Clients", "Locations", "Computers", "Contacts")
#: The settings of each kind of field, and which of their members is the value.
VALUES: Mapping[str, str] = {
    "TextFieldSettings": "Value",
    "CheckboxSettings": "IsChecked",
    "DropdownSettings": "SelectedValue",
}
#: What belongs to the definition, not to the target.
DEFINED = ("ExtraFieldDefinitionId", "Title", "DisplayFormat", "Location", "TitleFormat", "Section")
DEFINED_TOO = ("Tooltip", "IsReadOnly", "IsEncrypted", "IsDefaultValue", "LtGuid", "TargetId")


def settings_of(row: Mapping[str, Any]) -> tuple[str, Record]:
    """Return the name of a field's settings, and the settings."""
    return next((name, row[name]) for name in VALUES if isinstance(row.get(name), dict))


def value_of(row: Mapping[str, Any]) -> Any:
    """Return what a field is set to."""
    name, settings = settings_of(row)
    return settings.get(VALUES[name])


def reset(row: Record) -> Record:
    """Return a row that has its definition's default."""
    name, settings = settings_of(row)
    return {**row, name: {**settings, VALUES[name]: settings.get("DefaultValue")}}


def _fill(draft: Draft) -> None:
    """Let the caller give nothing but the value."""
    assert draft.before is not None
    name, before = settings_of(draft.before)
    for each in VALUES:
        given = draft.record.pop(each, None) or {}
        if each == name:
            value = given.get(VALUES[name])
            draft.record[name] = {**before, VALUES[name]: value}
            draft.record["IsDefaultValue"] = value == before.get("DefaultValue")


def _check(draft: Draft) -> None:
    name, settings = settings_of(draft.record)
    value, options = value_of(draft.record), settings.get("AvailableOptions")
    if draft.record.get("IsReadOnly"):
        draft.faults.append(Fault(Flaw.RULE, "Title", "The field is read-only."))
    is_free = value is None or not quirks_of(draft.records).dropdown_values_checked
    if isinstance(options, dict) and not is_free and value not in options.values():
        draft.faults.append(Fault(Flaw.NOT_IN_ENUM, f"{name}/{VALUES[name]}", None, value))


def _written(draft: Draft) -> None:
    assert draft.parent_id is not None
    show_on_owner(draft.records, draft.resource, draft.parent_id)


def show_on_owner(records: Records, resource: Resource, owner_id: int) -> None:
    """Write what is set into the owner's ``ExtraData``, where its documented shape has it."""
    assert resource.parent_path is not None
    owner = records.registry.resource(resource.parent_path)
    if "extradata" not in owner.members:
        return
    rows = rows_of(records, resource, owner_id)
    told = {row["Title"]: value_of(row) for row in rows if not row.get("IsDefaultValue")}
    records.save(owner, {**records.get(owner, owner_id), "ExtraData": told})


def keep_extra_data(draft: Draft) -> None:
    """Let a body not write ``ExtraData`` itself: what it says of extra fields goes to those."""
    if "ExtraData" in draft.given:
        draft.record["ExtraData"] = (draft.before or {}).get("ExtraData", {})


def set_extra_data(draft: Draft) -> None:
    """Set the extra fields that a body's ``ExtraData`` names by their titles.

    Raises:
        InvalidRecord: There is no such field, or it cannot have the value.
    """
    given = draft.given.get("ExtraData") or {}
    records, owner = draft.records, draft.resource
    resource = records.registry.resource(f"{owner.path}/ExtraFields")
    rows = rows_of(records, resource, draft.record[owner.key]) if given else []
    by_title = {str(row["Title"]).casefold(): row for row in rows}
    for title, value in given.items():
        row = by_title.get(title.casefold())
        if row is None:
            fault = Fault(Flaw.RULE, "ExtraData", f"There is no extra field {title[:100]!r}.")
            raise InvalidRecord(owner.path, (fault,))
        name, settings = settings_of(row)
        changed = {name: {**settings, VALUES[name]: value}}
        records.change(resource, row[resource.key], changed, draft.author)


def told_in_full(records: Records, owner: Resource, owner_id: int) -> Record:
    """Return the values of all extra fields of a target by their titles."""
    resource = records.registry.resource(f"{owner.path}/ExtraFields")
    return {row["Title"]: value_of(row) for row in rows_of(records, resource, owner_id)}


def rows_of(records: Records, resource: Resource, owner_id: int) -> list[Record]:
    """Return the rows of one target."""
    found = records.store.matching(resource, parent_id=owner_id)
    return [records.get(resource, each) for each in found]


def give(draft: Draft) -> None:
    """Give a new record every extra field that others of its kind have, with its default."""
    records = draft.records
    resource = records.registry.resource(f"{draft.resource.path}/ExtraFields")
    owner_id = draft.record[draft.resource.key]
    for row in _defined(records, resource):
        fresh = {resource.key: records.store.next_id(resource), "TargetId": owner_id}
        made = {**reset(row), **fresh, "IsDefaultValue": True}
        records.save(resource, made, new=True, parent=owner_id)


def _defined(records: Records, resource: Resource) -> Iterable[Record]:
    """Return the rows of some target that has any."""
    some = records.store.matching(resource, 1)
    owner_id = records.store.parent_of(resource, some[0]) if some else None
    return rows_of(records, resource, owner_id) if owner_id is not None else ()


EXTRA_RULES = Rules(fill=_fill, check=_check, written=_written)
EXTRA_FIELDS = tuple(
    Declared(
        f"{owner}/ExtraFields",
        MODEL,
        "id",
        (),
        changes={name: {"read_only": True} for name in (*DEFINED, *DEFINED_TOO)},
        label="Title",
        rules=EXTRA_RULES,
    )
    for owner in OWNERS
)
