"""What a transaction changed, told once, before it is kept.

Whoever wants to know is told inside the transaction: what it writes (a delivery to make) is kept or
taken back together with what it heard of. A record that is written several times in one transaction
was changed once.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from mockserver.core.rules import Draft, Record
from mockserver.core.schema import Resource

if TYPE_CHECKING:
    from mockserver.core.records import Records


class Deed(StrEnum):
    """What became of a record."""

    ADDED = "added"
    UPDATED = "updated"
    DELETED = "deleted"


@dataclass(frozen=True)
class Change:
    """One record that a transaction changed.

    Attributes:
        deed: What became of it.
        records: The records that it is one of, inside the transaction.
        resource: What it is.
        record: The record as it is now; a deleted one as it was.
        author: The login name of whoever writes.
        parent_id: For a child, the id of its parent.
        given: The payload as it was sent, write-only members included.
    """

    deed: Deed
    records: "Records"
    resource: Resource
    record: Record
    author: str
    parent_id: int | None = None
    given: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft) -> "Change":
        """Return what a write makes of a record."""
        deed = Deed.ADDED if draft.before is None else Deed.UPDATED
        record, author = draft.record, draft.author
        return cls(
            deed, draft.records, draft.resource, record, author, draft.parent_id, draft.given
        )

    @property
    def record_id(self) -> int:
        """Return the record's id."""
        found: int = self.record[self.resource.key]
        return found

    def followed_by(self, later: "Change") -> "Change | None":
        """Return what both amount to; None when nothing is left of the record."""
        if self.deed is not Deed.ADDED:
            return replace(later, given={**self.given, **later.given})
        if later.deed is Deed.DELETED:
            return None
        return replace(later, deed=Deed.ADDED, given={**self.given, **later.given})


class Watcher(Protocol):
    """Who wants to know of changes."""

    @property
    def paths(self) -> Container[str]:
        """Return the resources of interest."""

    def heard(self, changes: Sequence[Change]) -> None:
        """Take note of what a transaction changed, before it is kept."""


class Noted:
    """The changes of one transaction, in the order in which their records were first touched."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, int], Change | None] = {}

    def add(self, change: Change) -> None:
        """Note one more."""
        key = change.resource.path, change.record_id
        before = self._changes.get(key)
        self._changes[key] = before.followed_by(change) if before else change

    def taken(self) -> list[Change]:
        """Return what was noted, and forget it."""
        found = [change for change in self._changes.values() if change is not None]
        self._changes.clear()
        return found
