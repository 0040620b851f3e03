"""The operations that many collections have beside CRUD: mirrors, usages, defaults, copies, bulk.

Each is made from the catalogue's declaration of it; what a declaration cannot say (a merge, an
approval) is a behaviour that the vendor's ``resources`` bring.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from mockserver.core.errors import BadJson, InvalidRecord, RecordNotFound, Refusal
from mockserver.core.operation import Operation, OperationKind
from mockserver.core.rules import Record
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.validate import checked, missing
from mockserver.web.api import Api
from mockserver.web.examples import example
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers, parent_id_of, record_id_of
from mockserver.web.routes import Handler

BULK_MAX = 1_000
WHOLE = frozenset({OperationKind.REPLACE, OperationKind.PATCH, OperationKind.DELETE})
COPY_MARK = " (copy)"
Model = Callable[[str], tuple[Field, ...]]
#: What an action does to the state: it gets the exchange and the body, and may return a record.
Behaviour = Callable[[Exchange, Mapping[str, Any]], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Wider:
    """Makes handlers for what is not CRUD.

    Args:
        api: The vendor.
        handlers: The vendor's CRUD.
        model: Finds the fields of one of the vendor's models.
        behaviours: What actions do, by method and template.
    """

    api: Api
    handlers: Handlers
    model: Model
    behaviours: Mapping[tuple[str, str], Behaviour]

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
            OperationKind.COPY: lambda: Copy(self, operation),
            OperationKind.BULK: lambda: Bulk(self, operation),
            OperationKind.SINGLE: lambda: Action(self, operation),
            OperationKind.VIEW: lambda: self._view(operation, resource),
            OperationKind.COUNT: lambda: self._count(operation, resource),
            OperationKind.ACTION: lambda: Action(self, operation),
            OperationKind.DOWNLOAD: lambda: Download(self, operation),
        }
        maker = makers.get(operation.kind)
        return maker() if maker else None

    def _view(self, operation: Operation, resource: Resource) -> Handler:
        if not operation.out_is_list or operation.model_out is None or operation.ids:
            return Action(self, operation)
        same = operation.model_out.endswith(resource.model)
        return self.handlers.list if same else Mirror(self, operation)

    def _count(self, operation: Operation, resource: Resource) -> Handler:
        """Return who counts: what is no collection of its own is not counted as its parent."""
        words = "/".join(
            each for each in operation.template.split("/") if each[:1] not in {"", "{"}
        )
        own = {f"{resource.path}/count", f"{resource.path}/info/count"}
        counts = words in own or "/info/" in f"/{words}/"
        return self.handlers.count if counts else Action(self, operation)

    def usages(self, exchange: Exchange) -> Answer:
        """Answer which collections refer to a record, and how often."""
        rows = [
            {"type": owner.model, "count": len(ids), "typeKey": owner.path}
            for owner, ids in self._users(exchange)
        ]
        return Answer(200, orjson.dumps(rows))

    def usage_list(self, exchange: Exchange) -> Answer:
        """Answer every record that refers to a record."""
        rows = [
            {"type": owner.model, "id": each, "description": f"{owner.model} {each}"}
            for owner, ids in self._users(exchange)
            for each in ids
        ]
        return Answer(200, orjson.dumps(rows))

    def _users(self, exchange: Exchange) -> Iterable[tuple[Resource, tuple[int, ...]]]:
        resource = _resource(exchange)
        record_id = record_id_of(exchange, resource)
        exchange.records.get(resource, record_id)
        for owner, declared in exchange.records.registry.referrers(resource.path):
            found = exchange.records.users(owner, declared, record_id)
            if found:
                yield owner, found

    def default(self, exchange: Exchange) -> Answer:
        """Answer the record that is the default of its collection, or its first one."""
        resource = _resource(exchange)
        store = exchange.records.store
        found = store.matching(resource, 1, defaultflag=True) or store.matching(resource, 1)
        if not found:
            raise RecordNotFound(resource.path, "default")
        return self.handlers.shown(exchange, resource, found[0])

    def accepted(self, exchange: Exchange, operation: Operation) -> Mapping[str, Any]:
        """Return the body of an action, which must fit its declared model.

        Raises:
            InvalidRecord: It does not; all faults are named.
        """
        if operation.model_in is None:
            return self._scalars(exchange, operation)
        document = exchange.json()
        if operation.in_is_list:
            if not isinstance(document, list) or not all(isinstance(x, dict) for x in document):
                raise BadJson("The body must be a JSON array of objects.")
            return {}
        if not isinstance(document, dict):
            raise BadJson("The body must be a JSON object.")
        declared = Resource(operation.model_in, operation.model_in, self.model(operation.model_in))
        clean, faults = checked(declared, document, exchange.records.shape.policy)
        faults += missing(declared, clean, update=False)
        if faults:
            raise InvalidRecord(declared.path, tuple(faults), model=operation.model_in)
        return clean

    def _scalars(self, exchange: Exchange, operation: Operation) -> Mapping[str, Any]:
        """Check a body that is no model: nothing, any object, or texts."""
        if operation.scalar_in is None:
            return {}
        document = exchange.json()
        wanted = {Kind.TEXT: str}.get(operation.scalar_in, dict)
        values = document if operation.in_is_list and isinstance(document, list) else [document]
        if not all(isinstance(value, wanted) for value in values):
            raise BadJson("The body is not of the declared kind.")
        return document if isinstance(document, dict) else {}


@dataclass(frozen=True)
class Whole:
    """A write that names no record: all of the parent's are meant, or the only one there is."""

    wider: Wider
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Remove all records, or change the first."""
        resource, records = _resource(exchange), exchange.records
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
        handlers = self.wider.handlers
        write = handlers.patch if exchange.request.method == "PATCH" else handlers.replace
        exchange.ids = (*exchange.ids, str(found[0]))
        return write(exchange)


@dataclass(frozen=True)
class Mirror:
    """``/info``: fewer members of the same records."""

    wider: Wider
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Answer the collection or the record, cut to the mirror's model."""
        resource = _resource(exchange)
        tree = self._tree()
        if not self.operation.out_is_list:
            record_id = record_id_of(exchange, resource)
            shown = orjson.loads(self.wider.handlers.shown(exchange, resource, record_id).body)
            return Answer(200, orjson.dumps(self.wider.api.projected(exchange, shown, tree)))
        parent_id = parent_id_of(exchange, resource, child=0)
        query = self.wider.api.list_query(exchange, resource, parent_id)
        chosen = query.fields
        fields = tree if chosen is None else {n: b for n, b in chosen.items() if n in tree}
        return self.wider.handlers.page(exchange, resource, replace(query, fields=fields))

    def _tree(self) -> dict[str, Any]:
        assert self.operation.model_out is not None
        names = [each.name.casefold() for each in self.wider.model(self.operation.model_out)]
        return {name: {} for name in [*names, "_info"]}


@dataclass(frozen=True)
class Copy:
    """``/copy``: another record like one that exists."""

    wider: Wider
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Make the copy and answer it."""
        resource = _resource(exchange)
        given = self.wider.accepted(exchange, self.operation)
        records = exchange.records
        source_id = given.get("id") or (int(exchange.ids[-1]) if exchange.ids else None)
        with records.store.transaction():
            source = records.get(resource, source_id or 0)
            payload = {**_renamed(resource, source), **_given(resource, given)}
            parent_id = records.store.parent_of(resource, source[resource.key])
            made = records.create(resource, payload, exchange.caller.login, parent_id)
        shown = self.wider.handlers.shown(exchange, resource, made[resource.key])
        return replace(shown, status=self.operation.status)


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


@dataclass(frozen=True)
class Bulk:
    """``/bulk``: several writes, each with a result of its own (psa facts 8.4)."""

    wider: Wider
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Carry out the items one after the other; one that fails leaves the others alone."""
        rows = [
            self._result(exchange, place, item) for place, item in enumerate(self._items(exchange))
        ]
        return Answer(self.operation.status, orjson.dumps({"payload": rows}))

    def _items(self, exchange: Exchange) -> list[Any]:
        document = exchange.json() if exchange.body else []
        if isinstance(document, dict):
            document = document.get("ids", [])
        if not isinstance(document, list) or len(document) > BULK_MAX:
            raise BadJson(f"The body must be a JSON array of at most {BULK_MAX} items.")
        return document

    def _result(self, exchange: Exchange, place: int, item: Any) -> dict[str, Any]:
        try:
            status, shown = self._written(exchange, item)
        except Refusal as refusal:
            answer = self.wider.api.refuse(exchange, refusal)
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
        resource, records = _resource(exchange), exchange.records
        login = exchange.caller.login
        if exchange.request.method == "DELETE":
            records.delete(resource, _item_id(item), login)
            return 204, None
        if not isinstance(item, dict):
            raise BadJson("Each item must be a JSON object.")
        if exchange.request.method == "PUT":
            record = records.replace(resource, _item_id(item), item, login)
            return 200, self._shown(exchange, resource, record)
        parent_id = parent_id_of(exchange, resource, child=0)
        record = records.create(resource, item, login, parent_id)
        return 201, self._shown(exchange, resource, record)

    def _shown(self, exchange: Exchange, resource: Resource, record: Record) -> Any:
        shown = self.wider.handlers.shown(exchange, resource, record[resource.key])
        return orjson.loads(shown.body)


def _item_id(item: Any) -> int:
    found = item.get("id") if isinstance(item, dict) else item
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 1 << 62:
        raise BadJson("Each item must have an integer id.")
    return found


@dataclass(frozen=True)
class Action:
    """An operation with an effect of its own: it validates, behaves, answers its declared form."""

    wider: Wider
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Carry it out and answer."""
        given = self.wider.accepted(exchange, self.operation)
        record = self._named(exchange)
        key = (self.operation.method, self.operation.template)
        behaviour = self.wider.behaviours.get(key)
        made = behaviour(exchange, given) if behaviour else None
        if self.operation.status == 204:  # noqa: PLR2004
            return Answer(204)
        return Answer(
            self.operation.status, orjson.dumps(self._form(exchange, record, given, made))
        )

    def _named(self, exchange: Exchange) -> Record | None:
        """Return the record in the path; RecordNotFound when there is none."""
        resource = exchange.route.resource if exchange.route else None
        if resource is None or not exchange.ids or not exchange.ids[0].isdigit():
            return None
        if self.operation.names_record and self.operation.parents == 0:
            return exchange.records.get(resource, int(exchange.ids[0]))
        return None

    def _form(
        self,
        exchange: Exchange,
        record: Record | None,
        given: Mapping[str, Any],
        made: Mapping[str, Any] | None,
    ) -> Any:
        operation, now = self.operation, exchange.tenant.clock.text()
        if operation.model_out == "SuccessResponse":
            return {"success": True, "message": "Success"}
        if operation.model_out is None:
            return [] if operation.out_is_list else _scalar(operation.scalar_out, now)
        resource = exchange.route.resource if exchange.route else None
        if made is None and record and resource and operation.model_out == resource.model:
            made = record
        shown = example(self.wider.model(operation.model_out), now, {**given, **(made or {})})
        return [shown] if operation.out_is_list else shown


def _scalar(kind: Kind | None, now: str) -> Any:
    values: Mapping[Kind, Any] = {
        Kind.INTEGER: 1,
        Kind.NUMBER: 0.0,
        Kind.TEXT: "",
        Kind.FLAG: True,
        Kind.INSTANT: now,
    }
    return {} if kind is None else values.get(kind, {})


@dataclass(frozen=True)
class Download:
    """Bytes that belong to a record."""

    wider: Wider
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Answer a picture or a page of the record's own."""
        resource = _resource(exchange)
        if not exchange.ids:
            return Answer(200, UPLOAD_FORM, content_type="text/html; charset=utf-8")
        record_id = record_id_of(exchange, resource)
        exchange.records.get(resource, record_id)
        if self.operation.produces == "application/pdf":
            return Answer(
                200, _pdf(f"{resource.model} {record_id}"), content_type="application/pdf"
            )
        return Answer(200, PIXEL, content_type="image/png")


#: A form with the members that an upload takes (psa facts 8.1).
UPLOAD_FORM = b"""<!DOCTYPE html>
<form method="post" enctype="multipart/form-data" action="../documents">
<input name="recordType"><input name="recordId"><input name="title">
<input name="privateFlag" type="checkbox"><input name="readOnlyFlag" type="checkbox">
<input name="isAvatar" type="checkbox"><input name="file" type="file"><input type="submit">
</form>
"""
#: One grey pixel: enough for a client that shows pictures.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)


PDF_PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
)


def _pdf(text: str) -> bytes:
    """Return a page of PDF with one line of text."""
    line = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode("latin-1", "replace")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PDF_PAGE,
        b"<</Length %d>>stream\n%s\nendstream" % (len(line), line),
    ]
    page, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(page))
        page += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(page)
    head = b"xref\n0 5\n0000000000 65535 f \n"
    tail = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    return page + head + table + tail


def _resource(exchange: Exchange) -> Resource:
    assert exchange.route is not None
    assert exchange.route.resource is not None
    return exchange.route.resource
