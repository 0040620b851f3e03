"""Records that two generations of the API show, each in a model of its own (automate facts 5)."""

from collections.abc import Iterable

from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record


def mirror(
    records: Records, path: str, record_id: int, shared: Record, names: Iterable[str]
) -> None:
    """Give the record of the other generation the same values.

    Args:
        records: The vendor's records.
        path: Its collection.
        record_id: Its id, which is that of the record that was written.
        shared: The values under the names of its model.
        names: All names of its model that both generations have.
    """
    resource, common = records.registry.resource(path), frozenset(names)
    before = records.find(resource, record_id)
    own = {n: v for n, v in (before or {}).items() if n not in common}
    records.save(resource, {resource.key: record_id, **own, **shared}, new=before is None)
    # Both count their ids alike, whichever of them a record was made in.
    while before is None and records.store.next_id(resource) < record_id:
        continue


def forget(path: str, draft: Draft) -> None:
    """Remove the other generation's record of what was removed."""
    resource = draft.records.registry.resource(path)
    draft.records.store.delete(resource, draft.record[draft.resource.key])
