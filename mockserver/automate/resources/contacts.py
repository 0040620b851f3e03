"""Contacts: one person behind the two generations of the API (automate facts 5 and 10.1)."""

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.automate.profile import profile_in
from mockserver.automate.resources.declared import Declared
from mockserver.automate.resources.placing import follow_location, placed
from mockserver.automate.resources.twins import forget, mirror
from mockserver.core.errors import Fault, Flaw
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules

FIRST, SECOND = "automate:Contacts", "automate:v2/Contacts"
COMPUTERS = "automate:Computers"
#: What a computer shows of its contact.
SHOWN = ("Id", "FirstName", "LastName", "Email", "PhoneNumber", "ExternalId")
#: What the second generation calls the members of the first.
RENAMED: Mapping[str, str] = {
    **{name: name for name in ("FirstName", "LastName", "Address1", "Address2", "City", "State")},
    **{name: name for name in ("ZipCode", "PhoneNumber", "MobileNumber", "FaxNumber")},
    "PagerNumber": "PagerNumber",
    "Email": "EmailAddress",
    "CreatedDate": "DateCreated",
}
PLACES: Mapping[str, str] = {"Client": "automate:Clients", "Location": "automate:Locations"}


def _newer(record: Record) -> Record:
    shown = {new: record[old] for old, new in RENAMED.items() if old in record}
    for name in PLACES:
        if record.get(name):
            place = record[name]
            shown[name] = {f"{name}Id": place["Id"], "Name": place.get("Name")}
    return shown


def _older(record: Record) -> Record:
    shown = {old: record[new] for old, new in RENAMED.items() if new in record}
    for name in PLACES:
        if record.get(name):
            place = record[name]
            shown[name] = {"Id": place[f"{name}Id"], "Name": place.get("Name")}
    return shown


def _written_first(draft: Draft) -> None:
    _mirror(draft.records, SECOND, draft.record["Id"], _newer(draft.record))
    _tell_computers(draft.records, draft.record["Id"])


def _written_second(draft: Draft) -> None:
    _mirror(draft.records, FIRST, draft.record["ContactId"], _older(draft.record))
    _tell_computers(draft.records, draft.record["ContactId"])


def _deleted(draft: Draft) -> None:
    forget(SECOND if draft.resource.path == FIRST else FIRST, draft)
    _tell_computers(draft.records, draft.record[draft.resource.key])


def show_contact(draft: Draft) -> None:
    """Let a computer that is given a contact show who that is, and one that moves lose its own."""
    given = draft.record.get("Contact")
    is_new = draft.changed("Contact")
    if not given or not (is_new or draft.changed("Client")):
        return
    contact_id = given.get("Id")
    contact = draft.records.find(draft.records.registry.resource(FIRST), contact_id or 0)
    profile = profile_in(draft.records)
    if is_new and contact is None and profile.contacts_checked:
        draft.faults.append(Fault(Flaw.UNKNOWN_REFERENCE, "Contact/Id", None, contact_id))
    elif is_new and contact is not None:
        draft.record["Contact"] = _briefly(contact)
    elif is_new or profile.contacts_stay:
        return
    elif ((contact or {}).get("Client") or {}).get("Id") != draft.id_of("Client"):
        del draft.record["Contact"]


def _briefly(contact: Record) -> Record:
    return {name: contact[name] for name in SHOWN if contact.get(name) is not None}


def _tell_computers(records: Records, contact_id: int) -> None:
    """Let the computers of a contact show the new name and addresses, or nobody."""
    computers = records.registry.resource(COMPUTERS)
    contact = records.find(records.registry.resource(FIRST), contact_id)
    for computer_id in list(records.store.matching(computers, contact_id=contact_id)):
        computer = records.get(computers, computer_id)
        del computer["Contact"]
        if contact is not None:
            computer["Contact"] = _briefly(contact)
        records.save(computers, computer)


def show_again(draft: Draft) -> None:
    """Let the second generation follow the new name of a client or location."""
    records, place_id = draft.records, draft.record[draft.resource.key]
    contacts = records.registry.resource(FIRST)
    column = f"{draft.resource.model.lower()}_id"
    for contact_id in records.store.matching(contacts, **{column: place_id}):
        _mirror(records, SECOND, contact_id, _newer(records.get(contacts, contact_id)))


def _mirror(records: Records, path: str, contact_id: int, shared: Record) -> None:
    mirror(records, path, contact_id, shared, _shared_names(path))


def _shared_names(path: str) -> Iterable[str]:
    names = RENAMED.values() if path == SECOND else RENAMED.keys()
    return {*names, *PLACES}


def _fill_first(draft: Draft) -> None:
    follow_location(draft)
    draft.default("CreatedDate", draft.records.clock.text())


def _fill_second(draft: Draft) -> None:
    now = draft.records.clock.text()
    draft.default("DateCreated", now)
    draft.record["LastUpdateDate"] = now
    for name, path in PLACES.items():
        given = draft.record.get(name)
        if given:
            _place(draft, name, path, given)


def _place(draft: Draft, name: str, path: str, given: Mapping[str, Any]) -> None:
    """Write out the client or location that a contact of the second generation names."""
    place_id = given.get(f"{name}Id") or given.get("Id")
    found = draft.records.target(path, place_id) if place_id else None
    if found is None:
        fault = Fault(Flaw.UNKNOWN_REFERENCE, f"{name}/{name}Id", None, place_id)
        draft.faults.append(fault)
    else:
        draft.record[name] = {f"{name}Id": place_id, "Name": found[0]["Name"]}


def _placed_second(draft: Draft) -> None:
    """Refuse a location of another client, as the first generation does."""
    ids = {name: (draft.record.get(name) or {}).get(f"{name}Id") for name in PLACES}
    location = draft.records.target(PLACES["Location"], ids["Location"] or 0)
    if location and ids["Client"] and location[0]["Client"]["Id"] != ids["Client"]:
        text = f"Location {ids['Location']} does not belong to client {ids['Client']}."
        fault = Fault(Flaw.RULE, "Location/LocationId", text, ids["Location"])
        draft.faults.append(fault)


CONTACTS = (
    Declared(
        "Contacts",
        "LabTech.Models.Contact",
        "Id",
        (),
        references={"Client": "Clients", "Location": "Locations"},
        changes={"CreatedDate": {"read_only": True}},
        label="LastName",
        rules=Rules(
            fill=_fill_first,
            check=placed,
            written=_written_first,
            deleted=_deleted,
            guarded=False,
        ),
    ),
    Declared(
        "v2/Contacts",
        "Automate.Api.Domain.Contracts.Clients.Contact",
        "ContactId",
        (),
        changes={
            "DateCreated": {"read_only": True},
            "LastUpdateDate": {"read_only": True},
            "Password": {"write_only": True},
        },
        label="LastName",
        rules=Rules(
            fill=_fill_second,
            check=_placed_second,
            written=_written_second,
            deleted=_deleted,
            guarded=False,
        ),
    ),
)
