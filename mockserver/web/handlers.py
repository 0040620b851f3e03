"""The operations that every collection has, for every vendor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.core.attempt import Paged
from mockserver.core.errors import RecordNotFound
from mockserver.core.memory import Found
from mockserver.core.schema import Resource
from mockserver.web import hints
from mockserver.web.api import Api, ListQuery
from mockserver.web.exchange import Answer, Exchange

#: As many digits as surely fit the 64 bits of an id.
ID_DIGITS_MAX = 18


@dataclass(frozen=True)
class Handlers:
    """Carries out lists, reads and writes the way *api* renders them.

    Args:
        api: The vendor.
    """

    api: Api

    # -- reading ------------------------------------------------------------------------------

    def list(self, exchange: Exchange) -> Answer:
        """Answer one page of a collection."""
        resource = _resource(exchange)
        query = self.api.list_query(exchange, resource, parent_id_of(exchange, resource, child=0))
        return self.page(exchange, resource, query)

    def page(self, exchange: Exchange, resource: Resource, query: ListQuery) -> Answer:
        """Answer the page that *query* asks for."""
        # Whoever polls asks the same again and again.
        key = (query.page.identity, exchange.base, str(query.fields), query.forward_only)
        text, rows, total, last_id = exchange.records.store.page(
            resource, key, lambda: self._found(exchange, resource, query)
        )
        exchange.paged = Paged(rows, total, query.size, query.number)
        if rows == total == 0:
            _tell(exchange, query)
        return Answer(200, text, self.api.page_headers(exchange, query, rows, total, last_id))

    def _found(self, exchange: Exchange, resource: Resource, query: ListQuery) -> Found:
        store = exchange.records.store
        with store.reading():
            bodies = store.bodies(resource, query.page)
            total = _total(exchange, resource, query, len(bodies))
        last_id = _last_id(resource, bodies) if query.forward_only else None
        return self._joined(exchange, bodies, query.fields), len(bodies), total, last_id

    def _joined(self, exchange: Exchange, bodies: Sequence[bytes], fields: Any) -> bytes:
        text = self.api.sent(exchange, b"[" + b",".join(bodies) + b"]")
        if fields is None:
            return text
        rows = orjson.loads(text)
        cut = [self.api.projected(exchange, row, fields) for row in rows]
        return self.api.written(exchange, cut)

    def count(self, exchange: Exchange) -> Answer:
        """Answer how many records fulfil the conditions."""
        resource = _resource(exchange)
        query = self.api.list_query(exchange, resource, parent_id_of(exchange, resource, child=0))
        return self.total(exchange, resource, query)

    def total(self, exchange: Exchange, resource: Resource, query: ListQuery) -> Answer:
        """Answer how many records *query* finds."""
        total = exchange.records.store.count(resource, query.page)
        if total == 0:
            _tell(exchange, query)
        return Answer(200, orjson.dumps({"count": total}))

    def read(self, exchange: Exchange) -> Answer:
        """Answer one record."""
        resource = _resource(exchange)
        record_id = record_id_of(exchange, resource)
        return Answer(200, self._shown(exchange, resource, record_id))

    def whole(self, exchange: Exchange, resource: Resource, record_id: int) -> dict[str, Any]:
        """Return the record as this caller sees it, with all its members."""
        body = exchange.records.store.body(resource, record_id, self.api.view(exchange, resource))
        if body is None:
            raise RecordNotFound(resource.path, record_id)
        record: dict[str, Any] = orjson.loads(self.api.sent(exchange, body))
        return record

    def shown(self, exchange: Exchange, resource: Resource, record_id: int) -> Answer:
        """Answer the record with this id."""
        return Answer(200, self._shown(exchange, resource, record_id))

    def _shown(self, exchange: Exchange, resource: Resource, record_id: int) -> bytes:
        view = self.api.view(exchange, resource)
        body = exchange.records.store.body(resource, record_id, view)
        if body is None:
            raise RecordNotFound(resource.path, record_id)
        body = self.api.sent(exchange, body)
        fields = self.api.fields(exchange)
        if fields is None:
            return body
        cut = self.api.projected(exchange, orjson.loads(body), fields)
        return self.api.written(exchange, cut)

    # -- writing ------------------------------------------------------------------------------

    def create(self, exchange: Exchange) -> Answer:
        """Add a record and answer it."""
        resource = _resource(exchange)
        parent_id = parent_id_of(exchange, resource, child=0)
        return self.added(exchange, resource, self.api.payload(exchange, resource), parent_id)

    def added(
        self,
        exchange: Exchange,
        resource: Resource,
        payload: Mapping[str, Any],
        parent_id: int | None = None,
    ) -> Answer:
        """Add the record in *payload* and answer it."""
        with exchange.records.store.transaction():
            record = exchange.records.create(resource, payload, exchange.caller.login, parent_id)
            record_id = record[resource.key]
            exchange.effects.append(f"{resource.path}/{record_id}")
            status, headers = self.api.created(exchange, record_id)
            return Answer(status, self._shown(exchange, resource, record_id), headers)

    def replace(self, exchange: Exchange) -> Answer:
        """Give all fields of a record new values and answer it."""
        resource = _resource(exchange)
        with exchange.records.store.transaction():
            record_id = record_id_of(exchange, resource)
            exchange.records.replace(
                resource, record_id, self.api.payload(exchange, resource), exchange.caller.login
            )
            return Answer(200, self._shown(exchange, resource, record_id))

    def patch(self, exchange: Exchange) -> Answer:
        """Change some fields of a record and answer it."""
        resource = _resource(exchange)
        with exchange.records.store.transaction():
            record_id = record_id_of(exchange, resource)
            changes = self.api.changes(exchange, resource, record_id)
            if not changes:
                exchange.notes.append("false-200")
            exchange.records.change(resource, record_id, changes, exchange.caller.login)
            return Answer(200, self._shown(exchange, resource, record_id))

    def delete(self, exchange: Exchange) -> Answer:
        """Remove a record."""
        resource = _resource(exchange)
        with exchange.records.store.transaction():
            record_id = record_id_of(exchange, resource)
            exchange.records.delete(resource, record_id, exchange.caller.login)
        return Answer(204)


def _tell(exchange: Exchange, query: ListQuery) -> None:
    """Leave word of what removed all rows."""
    reading = query.explaining()
    if reading is not None:
        exchange.hint = hints.emptied(exchange.records.store, reading)


def _resource(exchange: Exchange) -> Resource:
    assert exchange.route is not None
    assert exchange.route.resource is not None
    return exchange.route.resource


def parent_id_of(exchange: Exchange, resource: Resource, *, child: int) -> int | None:
    """Return the parent's id, whose place is *child* ids before the last one."""
    if resource.parent_path is None or len(exchange.ids) <= child:
        return None  # some collections are also listed across all parents
    parent_id = int(exchange.ids[-1 - child])
    if exchange.records.target(resource.parent_path, parent_id) is None:
        raise RecordNotFound(resource.parent_path, parent_id)
    return parent_id


def record_id_of(exchange: Exchange, resource: Resource) -> int:
    """Return the id of the record in the path; it must lie below the parent in the path."""
    text = exchange.ids[-1]
    is_number = text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX
    record_id = int(text) if is_number else exchange.records.identified(resource, text)
    parent_id = parent_id_of(exchange, resource, child=1)
    if parent_id is not None:
        found = exchange.records.store.parent_of(resource, record_id)
        if found != parent_id:
            raise RecordNotFound(resource.path, record_id)
    return record_id


def _total(exchange: Exchange, resource: Resource, query: ListQuery, rows: int) -> int:
    if query.forward_only or query.size is None:
        return rows
    if rows < query.size and (rows or query.number == 1):
        return (query.number - 1) * query.size + rows
    return exchange.records.store.count(resource, query.page)


def _last_id(resource: Resource, bodies: Sequence[bytes]) -> int | None:
    return orjson.loads(bodies[-1])[resource.key] if bodies else None
