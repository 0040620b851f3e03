"""Operations on the records of a collection as a whole, and views that show less of them."""

from dataclasses import dataclass, replace
from typing import Any

import orjson

from mockserver.core.errors import RecordNotFound
from mockserver.core.operation import Operation
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
        tree = self._tree()
        if not self.operation.out_is_list:
            record_id = record_id_of(exchange, resource)
            shown = orjson.loads(self.means.handlers.shown(exchange, resource, record_id).body)
            return Answer(200, orjson.dumps(self.means.api.projected(exchange, shown, tree)))
        parent_id = parent_id_of(exchange, resource, child=0)
        query = self.means.api.list_query(exchange, resource, parent_id)
        chosen = query.fields
        fields = tree if chosen is None else {n: b for n, b in chosen.items() if n in tree}
        return self.means.handlers.page(exchange, resource, replace(query, fields=fields))

    def _tree(self) -> dict[str, Any]:
        assert self.operation.model_out is not None
        names = [each.name.casefold() for each in self.means.model(self.operation.model_out)]
        return {name: {} for name in [*names, "_info"]}
