"""``/copy``: a record like one that exists."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.operation import Operation
from mockserver.core.rules import Record
from mockserver.core.schema import Kind, Resource
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.means import Means, resource_of

COPY_MARK = " (copy)"


@dataclass(frozen=True)
class Copy:
    """``/copy``: another record like one that exists."""

    means: Means
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Make the copy and answer it."""
        resource = resource_of(exchange)
        given = self.means.accepted(exchange, self.operation)
        records = exchange.records
        with records.store.transaction():
            source = self._source(exchange, resource, given)
            payload = {**_renamed(resource, source), **_given(resource, given)}
            parent_id = records.store.parent_of(resource, source[resource.key])
            made = records.create(resource, payload, exchange.caller.login, parent_id)
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


def _renamed(resource: Resource, source: Record) -> Record:
    payload = {n: v for n, v in source.items() if n not in {resource.key, "_info"}}
    for name in {resource.label[0], *resource.unique}:
        value = payload.get(name)
        declared = resource.members.get(name.casefold())
        if isinstance(value, str) and declared is not None:
            room = (declared.max_length or 1_000) - len(COPY_MARK)
            payload[name] = value[:room] + COPY_MARK
    return payload


def _given(resource: Resource, given: Mapping[str, Any]) -> Record:
    return {
        n: v
        for n, v in given.items()
        if v is not None and n.casefold() != "id" and n.casefold() in resource.members
    }
