"""What refers to a record follows it when it changes, and keeps it from being deleted."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mockserver.core.embedded import Embedded, embedded
from mockserver.core.errors import Conflict
from mockserver.core.rules import Record
from mockserver.core.schema import Field, Resource

if TYPE_CHECKING:
    from mockserver.core.records import Records


def follow(records: "Records", resource: Resource, before: Record, after: Record) -> None:
    """Rewrite the rows that show *before*, now that it reads *after*."""
    record_id = after[resource.key]
    for owner, declared in records.registry.referrers(resource.path):
        old = records.shape.display(declared, resource, before)
        new = records.shape.display(declared, resource, after)
        if old != new:
            _reshow(records, owner, declared, record_id, new)
    for place in embedded(records.registry, resource.path):
        old = records.shape.display(place.declared, resource, before)
        new = records.shape.display(place.declared, resource, after)
        if old != new:
            _reshow_inside(records, place, record_id, new)


def _reshow(
    records: "Records", owner: Resource, declared: Field, record_id: int, new: Record
) -> None:
    for owner_id in records.users(owner, declared, record_id):
        record = records.get(owner, owner_id)
        record[declared.name] = new
        records.save(owner, record)


def _reshow_inside(records: "Records", place: Embedded, record_id: int, new: Record) -> None:
    for record, references in place.holders(records, record_id):
        for reference in references:
            reference.update(new)
        records.save(place.owner, record)


def refuse_if_used(records: "Records", family: Sequence[tuple[Resource, int]]) -> None:
    """Raise Conflict when a record outside *family* refers to one inside."""
    inside = {(resource.path, record_id) for resource, record_id in family}
    for resource, record_id in family:
        for owner, owner_id in _referring(records, resource, record_id, len(family) + 1):
            holds = records.shape.rules(owner).holds
            if holds and (owner.path, owner_id) not in inside:
                first, first_id = family[0]
                raise Conflict(
                    f"{first.model} {first_id} is in use by {owner.model} and cannot be deleted"
                )


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
