"""Finding the record that a default points to."""

from typing import Any

from mockserver.core.rules import Draft


def first_id(draft: Draft, path: str, **members: Any) -> int | None:
    """Return the lowest id of a resource's records with these column values, or None."""
    store = draft.records.store
    return next(iter(store.matching(draft.records.registry.resource(path), 1, **members)), None)
