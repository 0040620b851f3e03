"""Finding the record that a default points to."""

from typing import Any

from mockserver.core.rules import Draft


def first_id(draft: Draft, path: str, **members: Any) -> int | None:
    """Return the lowest id of a resource's records with these column values, or None."""
    records = draft.records
    resource = records.registry.resource(path)
    table = records.store.table(resource)
    where = table.c.id > 0
    for name, value in members.items():
        where &= table.c[name] == value
    return next(iter(records.store.ids(resource, where, 1)), None)
