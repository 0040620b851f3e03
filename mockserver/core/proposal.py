"""A record as it would be if somebody created it now: nothing is stored."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.errors import InvalidRecord
from mockserver.core.records import Records
from mockserver.core.references import resolve
from mockserver.core.rules import Draft, Record
from mockserver.core.schema import Resource
from mockserver.core.validate import checked


def proposed(
    records: Records, resource: Resource, payload: Mapping[str, Any], author: str
) -> Record:
    """Return what a new record would show of *payload*, with defaults filled in.

    What a new record needs may still be missing.

    Raises:
        InvalidRecord: A member is unknown, of the wrong kind, or refers to nothing.
    """
    clean, faults = checked(resource, payload, records.policy)
    given = {name: value for name, value in clean.items() if value is not None}
    draft = Draft(records, resource, given, None, author, None, dict(clean), faults)
    rules = records.shape.rules(resource)
    rules.prepare(draft)
    draft.faults.extend(resolve(draft))
    if draft.faults:
        raise InvalidRecord(resource.path, tuple(draft.faults))
    rules.fill(draft)
    return draft.record
