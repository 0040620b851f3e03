"""One served operation, described: parameters, body, answers."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mockserver.core.catalogue import Operation, OperationKind, Parameter
from mockserver.core.schema import Kind, Resource
from mockserver.web.openapi_schemas import Schemas
from mockserver.web.openapi_vendor import (
    Bodies,
    Schema,
    Vendor,
    array,
    component,
    json_content,
    structure,
    whole_number,
)
from mockserver.web.openapi_words import operation_id, summary
from mockserver.web.routes import Route

ID = re.compile(r"\{[^}]*\}")
JSON_PATCH = "application/json-patch+json"
#: The component that describes each refusal, and when it happens.
REFUSALS: Mapping[int, tuple[str, str]] = {
    400: ("BadRequest", "The request cannot be read or does not fit the declaration."),
    401: ("Unauthorized", "The credentials are missing, wrong or expired."),
    403: ("Forbidden", "The caller may not do this."),
    404: ("NotFound", "There is no such record."),
    405: ("MethodNotAllowed", "The path does not have this method."),
    409: ("Conflict", "The record is in use."),
    413: ("ContentTooLarge", "The body is larger than the server reads."),
    414: ("UriTooLong", "The URL is longer than the server reads."),
    415: ("UnsupportedMediaType", "The body is of a kind that the operation does not read."),
    429: ("TooManyRequests", "The caller has spent its quota."),
    500: ("ServerError", "The server failed, mostly because a fault was asked for."),
}
#: Also 404: a body may name a record, and not every profile has every operation.
ALWAYS = frozenset({400, 404, 405, 414, 500})
WITH_CREDENTIALS = frozenset({401, 403, 429})
WITH_BODY = frozenset({413, 415})
COUNT = structure({"count": whole_number(minimum=0)}, "count")
PAGES = frozenset({OperationKind.LIST, OperationKind.SEARCH})
RECORDS = frozenset(
    {OperationKind.READ, OperationKind.CREATE, OperationKind.REPLACE, OperationKind.PATCH}
)
#: What is sent of a collection's record, by what happens to it.
FORMS: Mapping[OperationKind, Callable[[Schemas, Resource], Schema]] = {
    OperationKind.CREATE: Schemas.create,
    OperationKind.REPLACE: Schemas.update,
    OperationKind.PATCH: Schemas.change,
}


@dataclass(frozen=True)
class Served:
    """One route and what the catalogue knows of it.

    Attributes:
        path: The template under which it is described.
        tag: The group that it belongs to.
    """

    route: Route
    operation: Operation
    path: str
    tag: str

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Return the names of the ids in the path."""
        return tuple(each[1:-1] for each in ID.findall(self.path))

    @cached_property
    def kind(self) -> OperationKind:
        """Return what it does; a view of the collection's own records is a list of them."""
        resource, kind = self.route.resource, self.operation.kind
        model = (self.operation.model_out or "").rpartition(".")[2]
        is_view = kind is OperationKind.VIEW and self.operation.out_is_list
        is_own = is_view and resource is not None and model == resource.model
        return OperationKind.LIST if is_own else kind

    @cached_property
    def parameter_names(self) -> frozenset[str]:
        """Return the casefolded names of the query parameters that the catalogue knows."""
        return frozenset(each.name.casefold() for each in self.operation.parameters)


class Describer:
    """Describes operations.

    Args:
        vendor: What the catalogue does not know.
        schemas: Where the models are described.
    """

    def __init__(self, vendor: Vendor, schemas: Schemas) -> None:
        self._vendor, self._schemas = vendor, schemas

    def described(self, served: Served) -> Schema:
        """Return the operation object of a route."""
        body, status = self._body(served), self._status(served)
        parameters = list(self._parameters(served))
        described: Schema = {
            "operationId": operation_id(served.route.method, served.path),
            "summary": summary(served.operation),
            "tags": [served.tag],
            "x-evidence": served.route.evidence,
        }
        if served.route.public:
            described["security"] = []
        if parameters:
            described["parameters"] = parameters
        if body:
            described["requestBody"] = {"required": True, "content": body}
        described["responses"] = {str(status): self._success(served, status)} | {
            str(refused): component("responses", REFUSALS[refused][0])
            for refused in sorted(_refused(served, has_body=bool(body)))
        }
        return described

    # -- parameters -----------------------------------------------------------------------------

    def _parameters(self, served: Served) -> Iterator[Schema]:
        for name, spelt in zip(served.ids, served.operation.ids, strict=True):
            is_text = spelt in served.operation.text_ids
            schema = {"type": "string", "minLength": 1} if is_text else _record_id()
            yield {"name": name, "in": "path", "required": True, "schema": schema}
        names = self._vendor.own_parameters.get(served.kind, ())
        if not served.route.public:
            names = (*self._vendor.every_parameter, *names)
        yield from (component("parameters", name) for name in names)
        for each in served.operation.parameters:
            if each.name in self._vendor.parameters:
                yield component("parameters", each.name)
            else:
                yield self._parameter(each)

    def _parameter(self, each: Parameter) -> Schema:
        schema = self._schemas.scalar(each.kind)
        if each.enum:
            schema["enum"] = list(each.enum)
        described: Schema = {"name": each.name, "in": "query", "schema": schema}
        if each.required:
            described["required"] = True
        if each.kind is Kind.LIST:
            described["explode"] = False
        return described

    # -- what goes in ---------------------------------------------------------------------------

    def _hand_written(self, served: Served) -> Bodies | None:
        return self._vendor.bodies.get((served.route.method, served.path))

    def _body(self, served: Served) -> Schema | None:
        own = self._hand_written(served)
        schema = own.request if own else self._sent(served)
        if schema is None:
            return None
        kind = served.operation.consumes
        if kind is not None:
            return {kind: {"schema": schema}}
        content = json_content(schema)
        if served.route.method == "PATCH":
            content[JSON_PATCH] = {"schema": component("schemas", "PatchDocument")}
        return content

    def _sent(self, served: Served) -> Schema | None:
        operation, resource = served.operation, served.route.resource
        form = FORMS.get(operation.kind)
        if form is not None and resource is not None and operation.consumes is None:
            return form(self._schemas, resource)
        return self._declared(
            operation.model_in,
            operation.scalar_in,
            is_list=operation.in_is_list,
            is_answer=False,
        )

    # -- what comes out -------------------------------------------------------------------------

    def _status(self, served: Served) -> int:
        if own := self._hand_written(served):
            return own.status
        if served.kind is OperationKind.CREATE:
            return self._vendor.created_status
        return self._vendor.statuses.get(served.kind, served.operation.status)

    def _success(self, served: Served, status: int) -> Schema:
        schema = self._answer(served)
        names = () if served.route.public else self._headers(served.kind)
        headers = {name: component("headers", name) for name in names}
        told = "Done." if schema is None else "What was asked for."
        described: Schema = {"description": told}
        if headers:
            described["headers"] = headers
        if served.kind is OperationKind.DOWNLOAD:
            described["content"] = {"*/*": {}}
        elif schema is not None and status != 204:  # noqa: PLR2004
            kind = served.operation.produces or "application/json"
            described["content"] = {kind: {"schema": schema}}
        return described

    def _headers(self, kind: OperationKind) -> tuple[str, ...]:
        vendor = self._vendor
        if kind in PAGES:
            return (*vendor.every_header, *vendor.list_headers)
        if kind is OperationKind.CREATE:
            return (*vendor.every_header, *vendor.created_headers)
        return vendor.every_header

    def _answer(self, served: Served) -> Schema | None:
        own = self._hand_written(served)
        if own:
            return own.answer
        operation, resource = served.operation, served.route.resource
        if operation.kind is OperationKind.COUNT:
            return COUNT
        if operation.kind is OperationKind.DELETE:
            return None
        if resource is not None and served.kind in PAGES | RECORDS:
            return self._record(served, resource)
        return self._declared(
            operation.model_out,
            operation.scalar_out,
            is_list=operation.out_is_list,
            is_answer=True,
        )

    def _record(self, served: Served, resource: Resource) -> Schema:
        own = self._vendor.own_parameters.get(served.kind, ())
        names = served.parameter_names | {name.casefold() for name in own}
        record = self._schemas.record(resource, whole=not names & self._vendor.projections)
        return array(record) if served.kind in PAGES else record

    def _declared(
        self, model: str | None, scalar: Kind | None, *, is_list: bool, is_answer: bool
    ) -> Schema | None:
        """Return the schema that the vendor's own description gives; None for no body."""
        if model is not None:
            schemas = self._schemas
            schema = schemas.model(model) if is_answer else schemas.sent_model(model)
        elif scalar is not None:
            schema = self._schemas.scalar(scalar)
        else:
            return None
        return array(schema) if is_list else schema


def _record_id() -> Schema:
    return {"type": "integer", "format": "int64", "minimum": 0}


def _refused(served: Served, *, has_body: bool) -> set[int]:
    found = set(ALWAYS)
    if not served.route.public:
        found |= WITH_CREDENTIALS
    elif has_body:
        found.add(401)
    if has_body or (served.route.writes and served.route.method != "DELETE"):
        found |= WITH_BODY
    if served.route.writes:
        found.add(409)
    return found
