"""The OpenAPI 3.1 document of what is served, made of the declarations that serve it."""

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.core.catalogue import Catalogue, Operation, OperationKind
from mockserver.web.openapi_operation import ID, REFUSALS, Describer, Served
from mockserver.web.openapi_schemas import Schemas
from mockserver.web.openapi_vendor import Schema, Vendor, component
from mockserver.web.openapi_words import tag
from mockserver.web.routes import Route

REFUSAL_HEADERS: Mapping[int, str] = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After"}
HEADERS: Mapping[str, Schema] = {
    "WWW-Authenticate": {"schema": {"type": "string"}},
    "Allow": {"schema": {"type": "string"}},
    "Retry-After": {"schema": {"type": "string"}},
}
#: What a route that the catalogue does not know does, by its method: on a collection, on a record.
PLAIN_KINDS: Mapping[str, tuple[OperationKind, OperationKind]] = {
    "GET": (OperationKind.LIST, OperationKind.READ),
    "POST": (OperationKind.CREATE, OperationKind.ACTION),
    "PUT": (OperationKind.ACTION, OperationKind.REPLACE),
    "PATCH": (OperationKind.ACTION, OperationKind.PATCH),
    "DELETE": (OperationKind.ACTION, OperationKind.DELETE),
}


def document(routes: Iterable[Route], catalogue: Catalogue, vendor: Vendor) -> dict[str, Any]:
    """Return the document that describes *routes*.

    Args:
        routes: What is served.
        catalogue: The vendor's operations and models.
        vendor: What the catalogue does not know.
    """
    routes = list(routes)
    collections = {r.resource.path: r.resource for r in routes if r.resource is not None}
    schemas = Schemas(catalogue, vendor, collections.values())
    paths = _Paths(vendor, schemas, _known(catalogue)).described(routes)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": vendor.title,
            "version": vendor.version,
            "description": vendor.description,
        },
        "servers": list(vendor.servers),
        "security": [{name: [] for name in vendor.security}],
        "tags": [{"name": name} for name in _tags(paths)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.components.items())),
            "responses": _refusals(vendor),
            "parameters": dict(sorted(vendor.parameters.items())),
            "headers": {**HEADERS, **vendor.headers},
            "securitySchemes": dict(vendor.security),
        },
    }


def place(template: str) -> str:
    """Return what is the same for all spellings of one path."""
    return "/" + "/".join(filter(None, ID.sub("{}", template).casefold().split("/")))


def _known(catalogue: Catalogue) -> Mapping[tuple[str, str], tuple[str, Operation]]:
    return {
        (each.method, place(each.template)): (module, each)
        for module in catalogue.modules()
        for each in catalogue.operations(module)
    }


def _tags(paths: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found = {name for item in paths.values() for o in item.values() for name in _tags_of(o)}
    return sorted(found)


def _tags_of(described: Any) -> list[str]:
    return described["tags"] if isinstance(described, dict) else []


def _refusals(vendor: Vendor) -> dict[str, Schema]:
    return {name: _refusal(vendor, status, told) for status, (name, told) in REFUSALS.items()}


def _refusal(vendor: Vendor, status: int, told: str) -> Schema:
    own = REFUSAL_HEADERS.get(status)
    names = [*([own] if own else []), *(vendor.every_header if status != 401 else ())]  # noqa: PLR2004
    headers = {name: component("headers", name) for name in names}
    content = vendor.refusals[status]
    return {"description": told, **({"headers": headers} if headers else {}), "content": content}


class _Paths:
    """Describes routes.

    Args:
        vendor: What the catalogue does not know.
        schemas: Where the models are described.
        known: The catalogue's operations and their modules, by method and place.
    """

    def __init__(
        self,
        vendor: Vendor,
        schemas: Schemas,
        known: Mapping[tuple[str, str], tuple[str, Operation]],
    ) -> None:
        self._vendor, self._known = vendor, known
        self._describer = Describer(vendor, schemas)

    def described(self, routes: Iterable[Route]) -> dict[str, Any]:
        """Return the path items, each under the first spelling of its path."""
        spelt: dict[str, str] = {}
        items: dict[str, Any] = {}
        for route in routes:
            path = spelt.setdefault(place(route.template), route.template)
            item = items.setdefault(path, self._item(path))
            method = route.method.lower()
            if method in item:
                # OpenAPI has one place for what routes tell apart by the id being a number.
                _widen(item[method])
            else:
                item[method] = self._describer.described(self._served(route, path))
        return dict(sorted(items.items()))

    def _item(self, path: str) -> Schema:
        for prefix, servers in self._vendor.elsewhere.items():
            if path.startswith(prefix):
                return {"servers": list(servers)}
        return {}

    def _served(self, route: Route, path: str) -> Served:
        key = (route.method, place(path))
        module, operation = self._known.get(key) or (tag(path), _plain(route, self._vendor))
        return Served(route, operation, path, module)


def _widen(described: Schema) -> None:
    ids = [each for each in described["parameters"] if each.get("in") == "path"]
    ids[-1]["schema"] = {"type": ["integer", "string"]}


def _plain(route: Route, vendor: Vendor) -> Operation:
    """Return what a route that the catalogue does not know must be doing."""
    ids = ID.findall(route.template)
    on_record = route.template.rstrip("/").endswith("}")
    kind = OperationKind.SINGLE if route.method == "GET" else OperationKind.ACTION
    if route.resource is not None:
        kind = PLAIN_KINDS[route.method][on_record]
    return Operation(
        method=route.method,
        template=route.template,
        kind=kind,
        resource=route.resource.path if route.resource else None,
        model_in=None,
        model_out=None,
        out_is_list=False,
        parameters=(),
        parents=len(ids) - on_record,
        status=204 if kind is OperationKind.DELETE else 200,
        text_ids=tuple(each[1:-1] for each in ids if each[1:-1] in vendor.text_ids),
    )
