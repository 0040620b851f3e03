"""Collections that show the records of others under their own ids: a ticket's time entries."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.schema import Resource

#: Tells below which record another one is shown, if below any.
Owner = Callable[[Record], int | None]
#: Which records a schedule entry or a time entry is about, by the word in it.
SCHEDULED = {"S": "service/tickets", "P": "project/tickets"}
CHARGED = {"ServiceTicket": "service/tickets", "ProjectTicket": "project/tickets"}


@dataclass(frozen=True)
class Mirror:
    """A collection that shows the records of another one.

    Attributes:
        path: Where they are shown.
        owner: Below which record.
        members: What is called otherwise there: name in the mirror → name in the source.
        constants: What the mirror says of each of them besides.
    """

    path: str
    owner: Owner
    members: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)


def scheduled_for(entry: Record) -> tuple[str, int] | None:
    """Return the ticket that a schedule entry is about (psa facts 8.7: type "S", objectId)."""
    path = SCHEDULED.get((entry.get("type") or {}).get("identifier", ""))
    return (path, entry["objectId"]) if path and entry.get("objectId") else None


def charged_to(entry: Record) -> tuple[str, int] | None:
    """Return the ticket that a time entry is charged to (psa facts 8.11)."""
    path = CHARGED.get(entry.get("chargeToType", ""))
    return (path, entry["chargeToId"]) if path and entry.get("chargeToId") else None


def _about(told: Callable[[Record], tuple[str, int] | None], path: str) -> Owner:
    def owner(record: Record) -> int | None:
        found = told(record)
        return found[1] if found and found[0] == path else None

    return owner


def _named(member: str) -> Owner:
    def owner(record: Record) -> int | None:
        value = record.get(member)
        return value.get("id") if isinstance(value, dict) else value

    return owner


def _of_tickets(path: str) -> Iterable[tuple[str, Mirror]]:
    author = {"originalAuthor": "createdBy"}
    note = {"noteType": "TicketNote"}
    name = {"description": "name"}
    yield "time/entries", Mirror(f"{path}/timeentries", _about(charged_to, path))
    yield "schedule/entries", Mirror(f"{path}/scheduleentries", _about(scheduled_for, path), name)
    yield f"{path}/notes", Mirror(f"{path}/allNotes", _named("ticketId"), author, note)


#: Psa facts 8.7: read-only collections below a ticket, and what they show.
MIRRORS: tuple[tuple[str, Mirror], ...] = (
    *_of_tickets("service/tickets"),
    *_of_tickets("project/tickets"),
    ("sales/activities", Mirror("service/tickets/activities", _named("ticket"))),
    ("procurement/products", Mirror("service/tickets/products", _named("ticket"))),
    (
        "procurement/subcategories",
        Mirror("procurement/categories/subcategories", _named("category")),
    ),
)


def with_mirrors(rules: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """Return *rules* that also keep every mirror true to its source."""
    found = dict(rules)
    for source, mirror in MIRRORS:
        before = found.get(source, Rules())
        found[source] = before.then(told=partial(_show, mirror), deleted=partial(_hide, mirror))
    return found


def _show(mirror: Mirror, draft: Draft) -> None:
    """Write the record as the mirror shows it, below the one that it belongs to now."""
    records = draft.records
    resource = records.registry.resource(mirror.path)
    owner_id, record_id = mirror.owner(draft.record), draft.record["id"]
    shown = records.find(resource, record_id)
    if shown and records.store.parent_of(resource, record_id) != owner_id:
        records.store.delete(resource, record_id)
        shown = None
    assert resource.parent_path is not None
    if owner_id and records.target(resource.parent_path, owner_id):
        row = {**mirror.constants, **(shown or {}), **_copied(resource, mirror, draft.record)}
        if resource.parent is not None:
            row[resource.parent] = {"id": owner_id}
        row = records.written_out(resource, row)
        records.save(resource, row, new=shown is None, parent=owner_id)


def _copied(resource: Resource, mirror: Mirror, record: Record) -> Record:
    names = {f.name: mirror.members.get(f.name, f.name) for f in resource.fields}
    shown = {name: record[there] for name, there in names.items() if there in record}
    return {**shown, "_info": record.get("_info", {})}


def _hide(mirror: Mirror, draft: Draft) -> None:
    resource = draft.records.registry.resource(mirror.path)
    draft.records.store.delete(resource, draft.record["id"])
