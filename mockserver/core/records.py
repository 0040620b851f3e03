"""Create, change and remove records so that what refers to them stays true.

Every call happens inside one transaction of the store: a write that is refused leaves nothing
behind, a PATCH is applied whole or not at all.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import orjson

from mockserver.core.changes import Change, Deed
from mockserver.core.clock import Clock
from mockserver.core.errors import Fault, Flaw, InvalidRecord, RecordNotFound
from mockserver.core.following import follow, let_go
from mockserver.core.profile import Profile
from mockserver.core.references import resolve
from mockserver.core.registry import Registry
from mockserver.core.rows import changed_columns, ordered
from mockserver.core.rules import Draft, Record, Shape
from mockserver.core.schema import Field, Resource
from mockserver.core.store import Store
from mockserver.core.text import fold
from mockserver.core.validate import Policy, checked, missing

#: A record, its parent's id, and what a vendor's shape wants to remember with it.
Target = tuple[Record, int | None, dict[str, Any]]


class Records:
    """The records of one vendor in one tenant.

    Args:
        store: Where they are kept.
        shape: How the vendor's records look and behave.
        clock: The tenant's clock.
        profile: The tenant's profile for the vendor; None where nobody has chosen one.
    """

    profile: Profile | None = None

    def __init__(
        self, store: Store, shape: Shape, clock: Clock, profile: Profile | None = None
    ) -> None:
        self.store, self.shape, self.clock, self.profile = store, shape, clock, profile
        self.registry: Registry = store.registry
        #: The URL of the API's base as whoever works on the records addressed it; empty if nobody
        #: did from outside.
        self.base = ""
        #: The records whose writes are under way: what their rules do to them is part of it.
        self._under_way: set[tuple[str, int]] = set()

    def at(self, base: str) -> "Records":
        """Return the same records, worked on by somebody who addressed the API under *base*."""
        records = Records(self.store, self.shape, self.clock, self.profile)
        records.base = base
        return records

    @property
    def policy(self) -> Policy:
        """Return how forgiving the vendor's reader is."""
        chosen = self.profile.policy if self.profile else None
        return chosen or self.shape.policy

    # -- reading ------------------------------------------------------------------------------

    def get(self, resource: Resource, record_id: int) -> Record:
        """Return a copy of a record; RecordNotFound when there is none."""
        record = self.find(resource, record_id)
        return self._not_found(resource, record_id) if record is None else record

    def find(self, resource: Resource, record_id: int) -> Record | None:
        """Return a copy of a record, or None."""
        if not self.store.has(resource):
            return None
        body = self.store.body(resource, record_id)
        return None if body is None else orjson.loads(body)

    def target(self, path: str, record_id: int) -> Target | None:
        """Return a record that something refers to; not to be changed."""
        resource = self.registry.resource(path)
        # Under the lock: what a write has changed may yet be taken back.
        with self.store.reading():
            known = self.store.memory_of(resource, record_id)
            if "target" not in known:
                record = self.find(resource, record_id)
                parent_id = self.store.parent_of(resource, record_id) if record else None
                known["target"] = (record, parent_id, {}) if record else None
            target: Target | None = known["target"]
            return target

    def identified(self, resource: Resource, text: str) -> int:
        """Return the id of the record with this identifier; RecordNotFound when there is none."""
        found = self.store.matching(resource, 1, identifier=fold(text))
        return found[0] if found else self._not_found(resource, text)

    def reference(self, declared: Field, record_id: int) -> Record | None:
        """Return what the field *declared* shows of the record it points to, or None."""
        assert declared.target is not None
        found = self.target(declared.target, record_id)
        if found is None:
            return None
        return self.shape.display(declared, self.registry.resource(declared.target), found[0])

    def written_out(self, resource: Resource, record: Record) -> Record:
        """Return *record* with everything that its references show, found by their ids."""
        shown = dict(record)
        for declared in (*resource.references, *resource.reference_lists):
            value = shown.get(declared.name)
            if isinstance(value, list):
                shown[declared.name] = [self._shown(declared, each) for each in value]
            elif isinstance(value, dict):
                shown[declared.name] = self._shown(declared, value)
        return shown

    def _shown(self, declared: Field, value: Record) -> Record:
        record_id = value.get(declared.id_member)
        return (self.reference(declared, record_id) if record_id else None) or value

    def _not_found(self, resource: Resource, record_id: object) -> NoReturn:
        raise RecordNotFound(resource.path, record_id)

    # -- writing ------------------------------------------------------------------------------

    def create(
        self,
        resource: Resource,
        payload: Mapping[str, Any],
        author: str,
        parent_id: int | None = None,
    ) -> Record:
        """Add a record and return it; InvalidRecord names everything that is wrong."""
        with self.store.transaction():
            clean, faults = checked(resource, payload, self.policy)
            given = {name: value for name, value in clean.items() if value is not None}
            draft = Draft(self, resource, given, None, author, parent_id, dict(clean), faults)
            self._name_parent(draft)
            self._complete(draft, update=False)
            draft.record[resource.key] = self.store.next_id(resource)
            self._keep(draft)
            return draft.record

    def replace(
        self, resource: Resource, record_id: int, payload: Mapping[str, Any], author: str
    ) -> Record:
        """Give every writable field the value in *payload* or none, and return the record."""
        with self.store.transaction():
            before = self.get(resource, record_id)
            clean, faults = checked(resource, payload, self.policy)
            own = (f.name for f in resource.fields if f.read_only and f.name not in clean)
            kept = {name: before[name] for name in own if name in before}
            given = {name: value for name, value in clean.items() if value is not None}
            parent_id = self.store.parent_of(resource, record_id)
            draft = Draft(
                self, resource, {**given, **kept}, before, author, parent_id, dict(clean), faults
            )
            self._name_parent(draft)
            self._complete(draft, update=True)
            self._keep(draft)
            return draft.record

    def change(
        self, resource: Resource, record_id: int, changes: Mapping[str, Any], author: str
    ) -> Record:
        """Give the fields in *changes* new values (None clears), and return the record."""
        with self.store.transaction():
            before = self.get(resource, record_id)
            clean, faults = checked(resource, changes, self.policy)
            record = {n: v for n, v in {**before, **clean}.items() if v is not None}
            parent_id = self.store.parent_of(resource, record_id)
            draft = Draft(self, resource, record, before, author, parent_id, dict(clean), faults)
            self._complete(draft, update=False, touched=clean)
            self._keep(draft)
            return draft.record

    def delete(self, resource: Resource, record_id: int, author: str) -> None:
        """Remove a record and its children; Conflict when others refer to it."""
        with self.store.transaction():
            record = self.get(resource, record_id)
            draft = Draft(self, resource, record, record, author)
            for member, member_id in reversed(let_go(draft)):
                self._note_end(member, member_id, author)
                self.store.delete(member, member_id)
            self.shape.rules(resource).deleted(draft)

    def _complete(
        self, draft: Draft, *, update: bool, touched: Iterable[str] | None = None
    ) -> None:
        rules = self.shape.rules(draft.resource)
        rules.prepare(draft)
        draft.faults.extend(resolve(draft, touched))
        rules.fill(draft)
        self._drop_unshown(draft)
        blamed = {fault.path.partition("/")[0] for fault in draft.faults}
        blanks = self.policy.blanks_missing
        sent = draft.given if self.policy.updates_sent else None
        found = missing(draft.resource, draft.record, update=update, blanks=blanks, sent=sent)
        for fault in found:
            if fault.path not in blamed:
                draft.faults.append(fault)
        draft.faults.extend(self._taken(draft))
        rules.check(draft)
        if draft.faults:
            raise InvalidRecord(draft.resource.path, tuple(draft.faults))

    def _name_parent(self, draft: Draft) -> None:
        name = draft.resource.parent
        if name is None or draft.parent_id is None:
            return
        declared = draft.resource.members[name.casefold()]
        draft.record[declared.name] = (
            {declared.id_member: draft.parent_id} if declared.target else draft.parent_id
        )

    def _drop_unshown(self, draft: Draft) -> None:
        for declared in draft.resource.fields:
            if declared.write_only:
                draft.record.pop(declared.name, None)

    def _taken(self, draft: Draft) -> Iterable[Fault]:
        chosen, resource = self.profile, draft.resource
        for name in chosen.unique(resource) if chosen else resource.unique:
            value = draft.record.get(name)
            if value is None or not draft.changed(name):
                continue
            column = draft.resource.by_path[name.casefold()]
            own = draft.record.get(draft.resource.key)
            found = self.store.matching(draft.resource, 2, **{column.name: fold(str(value))})
            if set(found) - {own}:
                yield Fault(Flaw.EXISTS, name, value, value)

    def _keep(self, draft: Draft) -> None:
        self.shape.stamp(draft, self.clock.text())
        new, parent_id = draft.before is None, draft.parent_id
        self.save(draft.resource, draft.record, new=new, parent=parent_id, before=draft.before)
        if draft.before is not None:
            follow(self, draft.resource, draft.before, draft.record)
        self.store.note(Change.of(draft))
        place = draft.resource.path, draft.record[draft.resource.key]
        self._under_way.add(place)
        try:
            self.shape.rules(draft.resource).written(draft)
        finally:
            self._under_way.discard(place)
        self.shape.rules(draft.resource).told(draft)

    def amend(self, resource: Resource, record: Record, author: str) -> None:
        """Store what a write did to another record, and let it be known as a change of its own.

        What a write does to the very record that it writes is told of once, by that write.
        """
        record_id = record[resource.key]
        if (resource.path, record_id) in self._under_way:
            self.save(resource, record)
            return
        before = self.get(resource, record_id)
        if record == before:
            return
        parent_id = self.store.parent_of(resource, record_id)
        draft = Draft(self, resource, record, before, author, parent_id)
        self.shape.stamp(draft, self.clock.text())
        self.save(resource, record, before=before)
        self.store.note(Change.of(draft))
        self.shape.rules(resource).told(draft)

    def _note_end(self, resource: Resource, record_id: int, author: str) -> None:
        if self.store.is_watched(resource):
            parent_id = self.store.parent_of(resource, record_id)
            record = self.get(resource, record_id)
            self.store.note(Change(Deed.DELETED, self, resource, record, author, parent_id))

    def save(
        self,
        resource: Resource,
        record: Record,
        *,
        new: bool = False,
        parent: int | None = None,
        before: Record | None = None,
    ) -> None:
        """Store a record as it is, unchecked; only what changed of one whose *before* is told."""
        record = ordered(resource, record)
        views = self.shape.render(self, resource, record)
        if new:
            self.store.insert(resource, record, views, parent)
        elif before is None:
            self.store.replace(resource, record, views)
        else:
            columns = changed_columns(resource, before, record)
            self.store.amend(resource, columns, {record[resource.key]: views})

    def users(
        self, owner: Resource, declared: Field, record_id: int, most: int = -1
    ) -> tuple[int, ...]:
        """Return the ids of *owner*'s records whose field points to this record."""
        column = f"{declared.name}_{declared.id_member}".lower()
        return self.store.matching(owner, most, **{column: record_id})
