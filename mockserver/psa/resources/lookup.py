"""What rules ask for: the record that a default points to, the quirks of the tenant."""

from typing import Any

from mockserver.core.rules import Draft
from mockserver.core.text import fold
from mockserver.psa.profile import DOCUMENTED, PsaProfile


def first_id(draft: Draft, path: str, **members: Any) -> int | None:
    """Return the lowest id of a resource's records with these column values, or None."""
    store = draft.records.store
    return next(iter(store.matching(draft.records.registry.resource(path), 1, **members)), None)


def author_id(draft: Draft) -> int | None:
    """Return the id of the member who writes, or None for a login without one."""
    return first_id(draft, "system/members", identifier=fold(draft.author))


def points_elsewhere(draft: Draft, name: str) -> bool:
    """Tell whether a reference, as it was given, is not the one that the record had."""
    before = (draft.before or {}).get(name) or {}
    given = draft.given[name] or {}
    return any(fold(str(before.get(key))) != fold(str(value)) for key, value in given.items())


def quirks(draft: Draft) -> PsaProfile:
    """Return the profile of the tenant whose record is written."""
    profile = draft.records.profile
    return profile if isinstance(profile, PsaProfile) else DOCUMENTED
