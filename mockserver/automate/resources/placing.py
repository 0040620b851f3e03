"""Where a record is: its location belongs to its client, and the one may follow the other (C22)."""

from mockserver.automate.record_quirks import quirks_of
from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Record

LOCATIONS = "automate:Locations"


def target(draft: Draft, name: str, path: str) -> Record | None:
    """Return the record that *name* refers to, or None; not to be changed."""
    record_id = draft.id_of(name)
    found = draft.records.target(path, record_id) if record_id else None
    return found[0] if found else None


def follow_location(draft: Draft) -> None:
    """Let the client follow the location when only the location is given."""
    location = target(draft, "Location", LOCATIONS)
    follows = "Client" not in draft.given and quirks_of(draft.records).client_follows
    if location and draft.changed("Location") and follows:
        draft.record["Client"] = location["Client"]


def placed(draft: Draft) -> None:
    """Refuse a location of another client than the record's."""
    location, client_id = target(draft, "Location", LOCATIONS), draft.id_of("Client")
    if location and client_id and location["Client"]["Id"] != client_id:
        text = f"Location {location['Id']} does not belong to client {client_id}."
        draft.faults.append(Fault(Flaw.RULE, "Location/Id", text, location["Id"]))
