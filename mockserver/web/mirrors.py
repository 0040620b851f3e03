"""Operations on the records of a collection as a whole, and views that show less of them."""

from dataclasses import dataclass, replace
from typing import Any

import orjson

from mockserver.core.errors import RecordNotFound
from mockserver.core.operation import Operation
from mockserver.core.rules import Record
from mockserver.core.schema import Field, Kind
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import parent_id_of, record_id_of
from mockserver.web.means import Means, resource_of


@dataclass(frozen=True)
class Whole:
    """A write that names no record: all of the parent's are meant, or the only one there is."""

    means: Means
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Remove all records, or change the first."""
        resource, records = resource_of(exchange), exchange.records
        parent_id = parent_id_of(exchange, resource, child=0)
        equals = {} if parent_id is None else {"parent_id": parent_id}
        found = records.store.matching(resource, **equals)
        if exchange.request.method == "DELETE":
            with records.store.transaction():
                for record_id in found:
                    records.delete(resource, record_id, exchange.caller.login)
            return Answer(204)
        if not found:
            raise RecordNotFound(resource.path, "")
        handlers = self.means.handlers
        write = handlers.patch if exchange.request.method == "PATCH" else handlers.replace
        exchange.ids = (*exchange.ids, str(found[0]))
        return write(exchange)


@dataclass(frozen=True)
class Mirror:
    """``/info``: fewer members of the same records."""

    means: Means
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Answer the collection or the record, cut to the mirror's model."""
        resource = resource_of(exchange)
        handlers, api = self.means.handlers, self.means.api
        chosen = api.fields(exchange)
        if not self.operation.out_is_list:
            whole = handlers.whole(exchange, resource, record_id_of(exchange, resource))
            return Answer(200, api.written(exchange, self._cut(exchange, whole, chosen)))
        parent_id = parent_id_of(exchange, resource, child=0)
        query = api.list_query(exchange, resource, parent_id)
        if self.operation.template.endswith("/active"):
            is_inactive = exchange.records.store.table(resource).c.inactiveflag
            query = query.narrowed([is_inactive.is_not(True)], "active")
        page = handlers.page(exchange, resource, replace(query, fields=None))
        rows = [self._cut(exchange, row, chosen) for row in orjson.loads(page.body)]
        return replace(page, body=api.written(exchange, rows))

    def _cut(self, exchange: Exchange, record: Record, chosen: Any) -> Record:
        """Return what the mirror shows of a record, of that what is wanted."""
        assert self.operation.model_out is not None
        resource = resource_of(exchange)
        derived = self.means.derived.get(resource.path, {})
        shown = {}
        for declared in (*self.means.model(self.operation.model_out), INFO):
            value = record.get(declared.name)
            if value is None and declared.name in derived:
                value = _joined(record, derived[declared.name])
            if value is not None:
                shown[declared.name] = _fitting(declared, value)
        return shown if chosen is None else self.means.api.projected(exchange, shown, chosen)


INFO = Field("_info", Kind.OBJECT)


def _joined(record: Record, names: tuple[str, ...]) -> Any:
    values = [record[name] for name in names if record.get(name) is not None]
    return " ".join(values) if len(names) > 1 else next(iter(values), None)


def _fitting(declared: Field, value: Any) -> Any:
    """Return a value as the mirror declares it: a reference may be shown as a name only."""
    if declared.kind is not Kind.TEXT or not isinstance(value, dict):
        return value
    return next((each for name, each in value.items() if name not in {"id", "_info"}), "")
