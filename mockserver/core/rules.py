"""What a resource does beyond its declaration: hooks around a write, and a vendor's own shapes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from mockserver.core.errors import Fault
from mockserver.core.schema import Field, Resource
from mockserver.core.validate import Policy

if TYPE_CHECKING:
    from mockserver.core.records import Records

Record = dict[str, Any]


@dataclass
class Draft:
    """A record on its way into the store.

    Attributes:
        records: The tenant's records, inside the transaction that will keep the draft.
        resource: What it is.
        record: The record so far; hooks change it in place.
        before: The record as stored, or None when it is new.
        author: The login name of whoever writes.
        parent_id: For a child, the id of its parent.
        given: The payload as it was sent, write-only members included.
        faults: What hooks found wrong.
    """

    records: "Records"
    resource: Resource
    record: Record
    before: Record | None
    author: str
    parent_id: int | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def default(self, name: str, value: Any) -> None:
        """Give *name* a value if it has none; a reference is given as an id."""
        if value is None or self.record.get(name) is not None:
            return
        declared = self.resource.members[name.casefold()]
        self.record[name] = self.records.reference(declared, value) if declared.target else value

    def id_of(self, name: str) -> int | None:
        """Return the id in the reference *name*, or None."""
        value = self.record.get(name)
        id_member = self.resource.members[name.casefold()].id_member
        return value.get(id_member) if isinstance(value, dict) else None

    def changed(self, name: str) -> bool:
        """Tell whether this write gives *name* another value; a reference has its id's."""
        if self.before is None:
            return True
        before, after = self.before.get(name), self.record.get(name)
        id_member = self.resource.members[name.casefold()].id_member
        if isinstance(before, dict) and isinstance(after, dict) and id_member in after:
            return bool(before.get(id_member) != after[id_member])
        return before != after


Hook = Callable[[Draft], None]


def nothing(_draft: Draft) -> None:
    """Change nothing."""


def in_turn(*hooks: Hook) -> Hook:
    """Return the hook that calls *hooks* one after the other."""

    def each(draft: Draft) -> None:
        for hook in hooks:
            hook(draft)

    return each


@dataclass(frozen=True)
class Rules:
    """The hooks of one resource, in the order in which a write calls them.

    Attributes:
        prepare: Before references are resolved: references that others depend on.
        fill: After that: defaults and computed values.
        check: Then: adds to the draft's faults.
        written: After the record is stored: effects on other records.
        told: After a record is changed, also by another one's write: what is kept of changes.
        leaving: Before the record goes, with all below it: refuses by Conflict what only names it
            keeps, and takes along what is only filed under it.
        deleted: After the record is gone: effects on other records.
        guarded: Whether a record that others refer to may not be deleted.
        holds: Whether a record keeps those that it refers to from being deleted; a log does not.
    """

    prepare: Hook = nothing
    fill: Hook = nothing
    check: Hook = nothing
    written: Hook = nothing
    told: Hook = nothing
    leaving: Hook = nothing
    deleted: Hook = nothing
    guarded: bool = True
    holds: bool = True

    def then(self, **hooks: Hook) -> "Rules":
        """Return these rules with further *hooks*, each called after the one that is there."""
        more: dict[str, Any] = {
            name: in_turn(getattr(self, name), hook) for name, hook in hooks.items()
        }
        return replace(self, **more)


class Shape(Protocol):
    """How a vendor's records look, beside what is declared."""

    policy: Policy

    def rules(self, resource: Resource) -> Rules:
        """Return the hooks of *resource*."""

    def stamp(self, draft: Draft, now: str) -> None:
        """Write who changed the record and when."""

    def render(self, records: "Records", resource: Resource, record: Record) -> dict[str, bytes]:
        """Return the record as it is sent, one rendering per view."""

    def views(self, resource: Resource, record: Record, body: bytes) -> dict[str, bytes]:
        """Return the renderings of a record whose first one is *body*."""

    def display(self, declared: Field, target: Resource, record: Record) -> Record:
        """Return what a reference shows of the record that it points to."""

    def piece(
        self, records: "Records", owner: Resource, declared: Field, value: Record
    ) -> bytes | None:
        """Return how a reference stands in *owner*'s body; None where that is rendered whole."""

    def children(self, path: str) -> Iterable[Resource]:
        """Return the child collections of the resource at *path*."""
