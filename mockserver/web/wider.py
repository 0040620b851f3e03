"""The operations that many collections have beside CRUD: mirrors, usages, defaults, copies, bulk.

Each is made from the catalogue's declaration of it; what a declaration cannot say (a merge, an
approval) is a behaviour that the vendor's ``resources`` bring.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from mockserver.core.errors import RecordNotFound
from mockserver.core.operation import Operation, OperationKind
from mockserver.core.proposal import proposed
from mockserver.core.schema import Resource
from mockserver.web.actions import Action
from mockserver.web.bulk import Bulk
from mockserver.web.copies import Along, Copy
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import record_id_of
from mockserver.web.means import Means, resource_of
from mockserver.web.mirrors import Mirror, Whole
from mockserver.web.pictures import PIXEL, UPLOAD_FORM, pdf
from mockserver.web.routes import Handler

WHOLE = frozenset({OperationKind.REPLACE, OperationKind.PATCH, OperationKind.DELETE})


@dataclass(frozen=True)
class Wider(Means):
    """Makes handlers for what is not CRUD.

    Args:
        along: What copies take along.
    """

    along: Along = field(default_factory=Along)

    def handler(self, operation: Operation, resource: Resource | None) -> Handler | None:
        """Return who carries out *operation*; None for what is CRUD."""
        if resource is None:
            return Action(self, operation)
        if operation.kind in WHOLE and not operation.names_record:
            return Whole(self, operation)
        makers: Mapping[OperationKind, Callable[[], Handler]] = {
            OperationKind.INFO: lambda: Mirror(self, operation),
            OperationKind.USAGES: lambda: self.usages,
            OperationKind.USAGE_LIST: lambda: self.usage_list,
            OperationKind.DEFAULT: lambda: self.default,
            OperationKind.COPY: lambda: Copy(self, operation, self.along),
            OperationKind.BULK: lambda: Bulk(self, operation),
            OperationKind.SINGLE: lambda: self._single(operation, resource),
            OperationKind.VIEW: lambda: self._view(operation, resource),
            OperationKind.ACTION: lambda: Action(self, operation),
            OperationKind.DOWNLOAD: lambda: Download(self, operation),
        }
        maker = makers.get(operation.kind)
        return maker() if maker else None

    def _single(self, operation: Operation, resource: Resource) -> Handler:
        """Return who answers the one record of a collection that has one, or what is computed."""
        is_record = operation.model_out == resource.model and not operation.ids
        return self.default if is_record else Action(self, operation)

    def _view(self, operation: Operation, resource: Resource) -> Handler:
        if not operation.out_is_list or operation.model_out is None or operation.ids:
            return Action(self, operation)
        same = operation.model_out.endswith(resource.model)
        return self.handlers.list if same else Mirror(self, operation)

    def usages(self, exchange: Exchange) -> Answer:
        """Answer which collections refer to a record, and how often."""
        rows = [
            {"type": _plain(owner), "count": len(ids), "typeKey": owner.path}
            for owner, ids in self._users(exchange)
        ]
        return Answer(200, orjson.dumps(rows))

    def usage_list(self, exchange: Exchange) -> Answer:
        """Answer every record that refers to a record."""
        rows = [
            {"type": _plain(owner), "id": each, "description": f"{_plain(owner)} {each}"}
            for owner, ids in self._users(exchange)
            for each in ids
        ]
        return Answer(200, orjson.dumps(rows))

    def _users(self, exchange: Exchange) -> Iterable[tuple[Resource, tuple[int, ...]]]:
        resource = resource_of(exchange)
        record_id = record_id_of(exchange, resource)
        exchange.records.get(resource, record_id)
        for owner, declared in exchange.records.registry.referrers(resource.path):
            found = exchange.records.users(owner, declared, record_id)
            if found:
                yield owner, found

    def default(self, exchange: Exchange) -> Answer:
        """Answer the record that is the default of its collection, or its first one."""
        resource = resource_of(exchange)
        if exchange.request.method == "POST":
            return self._proposed(exchange, resource)
        store = exchange.records.store
        found = store.matching(resource, 1, defaultflag=True) or store.matching(resource, 1)
        if not found:
            raise RecordNotFound(resource.path, "default")
        return self.handlers.shown(exchange, resource, found[0])

    def _proposed(self, exchange: Exchange, resource: Resource) -> Answer:
        """Answer what a new record with the members in the body would look like."""
        records, payload = exchange.records, self.api.payload(exchange, resource)
        record = proposed(records, resource, payload, exchange.caller.login)
        views = records.shape.render(records, resource, record)
        return Answer(200, self.api.sent(exchange, views[self.api.view(exchange, resource)]))


def _plain(owner: Resource) -> str:
    """Return what a collection's records are called, without the module that some models name."""
    return owner.model.rpartition(".")[2]


@dataclass(frozen=True)
class Download:
    """Bytes that belong to a record."""

    means: Means
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Answer a picture or a page of the record's own."""
        resource = resource_of(exchange)
        if not exchange.ids:
            return Answer(200, UPLOAD_FORM, content_type="text/html; charset=utf-8")
        record_id = record_id_of(exchange, resource)
        exchange.records.get(resource, record_id)
        if self.operation.produces == "application/pdf":
            return Answer(200, pdf(f"{resource.model} {record_id}"), content_type="application/pdf")
        return Answer(200, PIXEL, content_type="image/png")
