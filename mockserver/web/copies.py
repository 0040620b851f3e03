"""``/copy``: a record like one that exists, with what belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import orjson

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.operation import Operation
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.schema import Kind, Resource
from mockserver.core.text import fold
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.means import Means, resource_of

COPY_MARK = " (copy)"
#: What tells one record from all others, and is not copied.
OWN = frozenset(
    {"_info", "connectWiseId", "connectWiseID", "parentConnectWiseId", "grandParentConnectWiseId"}
)
IDENTIFIER = "identifier"


@dataclass(frozen=True)
class Along:
    """What a copy takes along.

    Attributes:
        children: The collections below a record that are copied with it, by its collection; what
            others refer to comes first.
        listed: Members that list ids of such children, each with their collection.
    """

    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    listed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Copy:
    """``/copy``: another record like one that exists."""

    means: Means
    operation: Operation
    along: Along

    def __call__(self, exchange: Exchange) -> Answer:
        """Make the copy and answer it."""
        resource = resource_of(exchange)
        given = self.means.accepted(exchange, self.operation)
        records, author = exchange.records, exchange.caller.login
        with records.store.transaction():
            source = self._source(exchange, resource, given)
            payload = {**_renamed(records, resource, source), **_given(resource, given)}
            parent_id = records.store.parent_of(resource, source[resource.key])
            made = records.create(resource, payload, author, parent_id)
            belongings = _Belongings(records, author, self.along)
            belongings.bring(resource, source[resource.key], made[resource.key], parent_id)
        if self.operation.scalar_out is Kind.INTEGER:
            return Answer(self.operation.status, orjson.dumps(made[resource.key]))
        shown = self.means.handlers.shown(exchange, resource, made[resource.key])
        return replace(shown, status=self.operation.status)

    def _source(self, exchange: Exchange, resource: Resource, given: Mapping[str, Any]) -> Record:
        """Return the record that the path names, or the body by its id."""
        named = self.means.named(exchange, self.operation)
        if named is not None:
            return named
        if given.get("id") is None:
            raise InvalidRecord(resource.path, (Fault(Flaw.MISSING, "id"),))
        return exchange.records.get(resource, given["id"])


@dataclass(frozen=True)
class _Belongings:
    """Makes what belongs to a record anew below its copy."""

    records: Records
    author: str
    along: Along
    #: The copies, by the collection and id of what they are made of.
    copies: dict[tuple[str, int], int] = field(default_factory=dict)

    def bring(self, resource: Resource, source_id: int, copy_id: int, above: int | None) -> None:
        """Copy the children of a record, and theirs; *above* is the parent of the copy."""
        self.copies[resource.path, source_id] = copy_id
        for path in self.along.children.get(resource.path, ()):
            child = self.records.registry.resource(path)
            for child_id in self.records.store.matching(child, parent_id=source_id):
                payload = self._payload(child, self.records.get(child, child_id))
                places = {"parentId": copy_id, "grandParentId": above}
                payload |= {n: places[n] for n in places if n in payload}
                made = self.records.create(child, payload, self.author, copy_id)
                self.bring(child, child_id, made[child.key], copy_id)

    def _payload(self, child: Resource, record: Record) -> Record:
        skipped = OWN | {child.key, child.parent}
        return {n: self._moved(child, n, v) for n, v in record.items() if n not in skipped}

    def _moved(self, child: Resource, name: str, value: Any) -> Any:
        """Return a member that points to the copy of what the source's member points to."""
        if name in self.along.listed:
            path = self.along.listed[name]
            return [self.copies.get((path, each), each) for each in value]
        declared = child.members[name.casefold()]
        if declared.kind is not Kind.REFERENCE or not isinstance(value, dict):
            return value
        copied = self.copies.get((declared.target or "", value.get("id", 0)))
        return value if copied is None else {"id": copied}


def _renamed(records: Records, resource: Resource, source: Record) -> Record:
    """Return what a copy has of its source, under another name and never as the default."""
    payload = {n: v for n, v in source.items() if n not in OWN | {resource.key}}
    for name in {resource.label[0], *resource.unique} - {IDENTIFIER}:
        value = payload.get(name)
        declared = resource.members.get(name.casefold())
        if isinstance(value, str) and declared is not None:
            room = (declared.max_length or 1_000) - len(COPY_MARK)
            payload[name] = value[:room] + COPY_MARK
    if isinstance(payload.get(IDENTIFIER), str):
        payload[IDENTIFIER] = _free(records, resource, payload[IDENTIFIER])
    if payload.get("defaultFlag"):
        payload["defaultFlag"] = False
    return payload


def _free(records: Records, resource: Resource, taken: str) -> str:
    """Return an identifier that no record has: others are found by it."""
    most = resource.members[IDENTIFIER].max_length or 1_000
    endings = (f"-{number}" for number in count(2))
    tried = (f"{taken[: most - len(ending)]}{ending}" for ending in endings)
    return next(x for x in tried if not records.store.matching(resource, 1, identifier=fold(x)))


def _given(resource: Resource, given: Mapping[str, Any]) -> Record:
    return {
        n: v
        for n, v in given.items()
        if v is not None and n.casefold() != "id" and n.casefold() in resource.members
    }
