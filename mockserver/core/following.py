"""What refers to a record follows it when it changes, and keeps it from being deleted."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mockserver.core.embedded import Embedded, embedded
from mockserver.core.errors import Conflict
from mockserver.core.rows import changed_columns
from mockserver.core.rules import Draft, Record
from mockserver.core.schema import Field, Resource

if TYPE_CHECKING:
    from mockserver.core.records import Records


#: What a reference to a record showed of it, and what it is to show.
Shown = tuple[Record, Record]


def follow(records: "Records", resource: Resource, before: Record, after: Record) -> None:
    """Rewrite the rows that show *before*, now that it reads *after*."""
    record_id = after[resource.key]
    for owner, declared in records.registry.referrers(resource.path):
        old = records.shape.display(declared, resource, before)
        new = records.shape.display(declared, resource, after)
        if old != new:
            _reshow(records, owner, declared, record_id, (old, new))
    for place in embedded(records.registry, resource.path):
        old = records.shape.display(place.declared, resource, before)
        new = records.shape.display(place.declared, resource, after)
        if old != new:
            _reshow_inside(records, place, record_id, new)


def _reshow(
    records: "Records", owner: Resource, declared: Field, record_id: int, shown: Shown
) -> None:
    owner_ids = records.users(owner, declared, record_id)
    pieces = [records.shape.piece(records, owner, declared, value) for value in shown if owner_ids]
    spliced: dict[int, dict[str, bytes]] = {}
    for owner_id in owner_ids:
        body = _spliced(records.store.body(owner, owner_id), *pieces)
        if body is None:
            record = records.get(owner, owner_id)
            record[declared.name] = shown[1]
            records.save(owner, record)
        else:
            spliced[owner_id] = {owner.views[0]: body}
    if spliced:
        before, after = ({declared.name: value} for value in shown)
        records.store.amend(owner, changed_columns(owner, before, after), spliced)


def _spliced(body: bytes | None, old: bytes | None, new: bytes | None) -> bytes | None:
    """Return a body with a piece of it exchanged; None where that is not so simple.

    Reading, rendering and storing a whole record takes several times as long, and a company that is
    renamed has thousands of them.
    """
    if body is None or old is None or new is None or body.count(old) != 1:
        return None
    return body.replace(old, new)


def _reshow_inside(records: "Records", place: Embedded, record_id: int, new: Record) -> None:
    for record, references in place.holders(records, record_id):
        for reference in references:
            reference.update(new)
        records.save(place.owner, record)


def family_of(records: "Records", resource: Resource, record_id: int) -> list[tuple[Resource, int]]:
    """Return a record and all that lies below it."""
    found = [(resource, record_id)]
    for child in records.shape.children(resource.path):
        for child_id in records.store.matching(child, parent_id=record_id):
            found += family_of(records, child, child_id)
    return found


def let_go(draft: Draft) -> list[tuple[Resource, int]]:
    """Return a record that is to go, and all below it, unless something keeps it.

    Raises:
        Conflict: Others refer to it.
    """
    records, resource = draft.records, draft.resource
    family = family_of(records, resource, draft.record[resource.key])
    rules = records.shape.rules(resource)
    if rules.guarded:
        refuse_if_used(records, family)
    rules.leaving(draft)
    return family


def in_use(resource: Resource, record_id: int, owner: Resource) -> Conflict:
    """Return the refusal to remove a record that another one refers to."""
    return Conflict(
        f"{resource.model} {record_id} is in use by {owner.model} and cannot be deleted"
    )


def refuse_if_used(records: "Records", family: Sequence[tuple[Resource, int]]) -> None:
    """Raise Conflict when a record outside *family* refers to one inside."""
    inside = {(resource.path, record_id) for resource, record_id in family}
    for resource, record_id in family:
        for owner, owner_id in _referring(records, resource, record_id, len(family) + 1):
            holds = records.shape.rules(owner).holds
            if holds and (owner.path, owner_id) not in inside:
                raise in_use(*family[0], owner)


def _referring(
    records: "Records", resource: Resource, record_id: int, most: int
) -> Iterator[tuple[Resource, int]]:
    """Yield the records that refer to this one, from each place at most so many."""
    for owner, declared in records.registry.referrers(resource.path):
        for owner_id in records.users(owner, declared, record_id, most):
            yield owner, owner_id
    for place in embedded(records.registry, resource.path):
        for record, _ in place.holders(records, record_id):
            yield place.owner, record[place.owner.key]
