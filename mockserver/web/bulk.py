"""``/bulk``: several writes in one request."""

from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.core.errors import BadJson, RecordNotFound, Refusal
from mockserver.core.operation import Operation
from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import parent_id_of
from mockserver.web.means import Means, resource_of

BULK_MAX = 1_000


@dataclass(frozen=True)
class Bulk:
    """``/bulk``: several writes, each with a result of its own (psa facts 8.4)."""

    means: Means
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Carry out the items one after the other; one that fails leaves the others alone."""
        parent_id_of(exchange, resource_of(exchange), child=0)
        rows = [
            self._result(exchange, place, item) for place, item in enumerate(self._items(exchange))
        ]
        body = self.means.api.written(exchange, {"payload": rows})
        return Answer(self.operation.status, body)

    def _items(self, exchange: Exchange) -> list[Any]:
        document = exchange.json() if exchange.body else []
        if isinstance(document, dict) and self.operation.model_in == "IdCollection":
            found = document.get("ids")
            document = [] if found is None else found
        if not isinstance(document, list) or len(document) > BULK_MAX:
            raise BadJson(f"The body must be a JSON array of at most {BULK_MAX} items.")
        return document

    def _result(self, exchange: Exchange, place: int, item: Any) -> dict[str, Any]:
        try:
            status, shown = self._written(exchange, item)
        except Refusal as refusal:
            answer = self.means.api.refuse(exchange, refusal)
            error = orjson.loads(answer.body)
            return {
                "success": False,
                "originalIndex": place,
                "statusCode": answer.status,
                "error": error,
            }
        result = {"success": True, "originalIndex": place, "statusCode": status}
        return result if shown is None else {**result, "data": shown}

    def _written(self, exchange: Exchange, item: Any) -> tuple[int, Any]:
        resource, records = resource_of(exchange), exchange.records
        parent_id, login = parent_id_of(exchange, resource, child=0), exchange.caller.login
        if exchange.request.method == "DELETE":
            records.delete(resource, _item_id(exchange, resource, item), login)
            return 204, None
        if not isinstance(item, dict):
            raise BadJson("Each item must be a JSON object.")
        if exchange.request.method == "PUT":
            item_id = _item_id(exchange, resource, item)
            record = records.replace(resource, item_id, item, login)
            return 200, self._shown(exchange, resource, record)
        record = records.create(resource, item, login, parent_id)
        return 201, self._shown(exchange, resource, record)

    def _shown(self, exchange: Exchange, resource: Resource, record: Record) -> Any:
        shown = self.means.handlers.shown(exchange, resource, record[resource.key])
        return orjson.loads(shown.body)


def _item_id(exchange: Exchange, resource: Resource, item: Any) -> int:
    """Return the id that an item names, of a record below the parent in the path."""
    found = item.get("id") if isinstance(item, dict) else item
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 1 << 62:
        raise BadJson("Each item must have an integer id.")
    parent_id = parent_id_of(exchange, resource, child=0)
    if parent_id is not None and exchange.records.store.parent_of(resource, found) != parent_id:
        raise RecordNotFound(resource.path, found)
    above = exchange.path.rstrip("/").rpartition("/")[0]
    exchange.tenant.locks.refuse_if_held(exchange.api, f"{above}/{found}")
    return found
