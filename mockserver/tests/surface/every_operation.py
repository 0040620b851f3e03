"""Calls any declared operation so that it must succeed, and so that it must be refused."""

import io
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from werkzeug.test import TestResponse

from mockserver.core.operation import Operation, OperationKind
from mockserver.core.records import Records
from mockserver.core.registry import Registry
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.tenant import Tenant
from mockserver.tests.openapi_support import Checked
from mockserver.tests.surface.every_body import FORM, GIVEN, NOBODY, OTHERS, SENT, WRITES
from mockserver.tests.surface.samples import PLAIN, query_value, smallest
from mockserver.web.openapi import place
from mockserver.web.openapi_operation import ID
from mockserver.web.routes import Route

UPLOADS = frozenset({("POST", "/system/documents/{id}")})
#: What ids that are texts are called, and one that exists.
TEXTS = {
    "memberIdentifier": "Admin1",
    "companyId": "company",
    "reportName": "Service",
    "catalogItemIdentifier": "1",
    "ssoid": "124",
    "podId": "ct1",
    "notifyResource": "true",
}


@dataclass
class Surveyor:
    """Knows what exists in a tenant, and calls operations with it.

    Args:
        checked: Holds every answer against the published description.
        tenant: What is called.
    """

    checked: Checked
    tenant: Tenant
    made: Iterator[int] = field(default_factory=lambda: itertools.count(2))

    @property
    def records(self) -> Records:
        return self.tenant.records[self.checked.api]

    @property
    def registry(self) -> Registry:
        return self.records.registry

    @cached_property
    def spelt(self) -> Mapping[str, str]:
        """The description's spelling of each path."""
        return {place(path): path for path in self.checked.described["paths"]}

    # -- paths ----------------------------------------------------------------------------------

    def url(self, route: Route, operation: Operation | None) -> str:
        """Return the route's path with ids of what exists."""
        if route.template in OTHERS:
            return OTHERS[route.template]
        ids = iter(self._ids(route, operation))
        return ID.sub(lambda found: str(_text(found[0]) or next(ids, 1)), route.template)

    def _ids(self, route: Route, operation: Operation | None) -> list[int]:
        resource = route.resource
        if resource is None:
            return []
        wanted = len([each for each in ID.findall(route.template) if _text(each) is None])
        names_record = operation.names_record if operation else route.template.endswith("}")
        chain = self._chain(resource)
        return (chain if names_record else chain[:-1])[-wanted:] if wanted else []

    def _chain(self, resource: Resource) -> list[int]:
        """Return the ids of a record and of all above it, the topmost first."""
        found = self.records.store.matching(resource, 1)
        chain = [found[0] if found else 1]
        while resource.parent_path is not None:
            above = self.records.store.parent_of(resource, chain[0])
            resource = self.registry.resource(resource.parent_path)
            chain.insert(0, above or next(iter(self.records.store.matching(resource, 1)), 1))
        return chain

    # -- bodies ---------------------------------------------------------------------------------

    def body(self, route: Route, operation: Operation | None) -> dict[str, Any]:
        """Return what is to be sent to *route*, as arguments of a test client."""
        content = self._described(route).get("requestBody", {}).get("content", {})
        is_upload = (route.method, route.template) in UPLOADS
        if (content and "application/json" not in content) or is_upload:
            return {"data": _upload(), "content_type": "multipart/form-data"}
        return {"json": self._document(route, operation, content)} if content else {}

    def _document(
        self, route: Route, operation: Operation | None, content: Mapping[str, Any]
    ) -> Any:
        if (route.method, route.template) in SENT:
            return SENT[route.method, route.template]
        if operation is not None and operation.kind in WRITES and route.resource is not None:
            return self._record(route.resource, operation.kind)
        if operation is not None and operation.model_in is not None:
            fields = self.checked.models(operation.model_in)
            sent = self._sent(fields)
            if operation.kind is OperationKind.COPY:
                sent["id"] = self._existing(operation.resource)
            return [sent] if operation.in_is_list else sent
        return smallest(self.checked.described, content["application/json"]["schema"])

    def _described(self, route: Route) -> dict[str, Any]:
        return self.checked.operation(route.method, self.spelt[place(route.template)])

    def _record(self, resource: Resource, kind: OperationKind) -> Any:
        shown, fields = self._shown(resource), self._writable(resource)
        if kind is OperationKind.PATCH:
            name = next((f.name for f in fields if f.name in shown and _is_plain(f)), None)
            return [{"op": "replace", "path": name, "value": shown[name]}] if name else []
        kept = {each.name: shown[each.name] for each in fields if each.name in shown}
        is_new = kind is OperationKind.CREATE
        return {**kept, **_renamed(resource, kept, next(self.made))} if is_new else kept

    def _writable(self, resource: Resource) -> list[Field]:
        return [each for each in self.checked.look(resource) if not each.read_only]

    def _shown(self, resource: Resource) -> dict[str, Any]:
        """Return a record as this caller sees it."""
        found = self.records.store.matching(resource, 1)
        profile: Any = self.tenant.profiles[self.checked.api]
        view = profile.view if self.checked.api == "automate" else resource.views[0]
        body = self.records.store.body(resource, found[0], view) if found else None
        shown: dict[str, Any] = orjson.loads(body or b"{}")
        return {**shown, **GIVEN.get(resource.path, {})}

    def _sent(self, fields: Iterable[Field]) -> dict[str, Any]:
        """Return the smallest body of a model, with references to what exists."""
        return {each.name: self._value(each) for each in fields if each.required}

    def _value(self, declared: Field) -> Any:
        if declared.kind is Kind.REFERENCE:
            return {declared.id_member: self._existing(declared.target)}
        if declared.kind is Kind.OBJECT:
            return self._sent(declared.fields)
        if declared.kind is Kind.LIST:
            return [1] if declared.items is Kind.INTEGER else []
        if declared.kind is Kind.INTEGER and declared.name.casefold() == "id":
            return self._existing(None)
        return declared.enum[0] if declared.enum else PLAIN[declared.kind]

    def _existing(self, path: str | None) -> int:
        found = self.records.store.matching(self.registry.resource(path), 1) if path else ()
        return found[0] if found else 1

    # -- calls ----------------------------------------------------------------------------------

    def succeed(self, route: Route, operation: Operation | None) -> TestResponse:
        """Call *route* with what exists."""
        at, url = self.spelt[place(route.template)], self.url(route, operation)
        is_removal = operation is not None and operation.kind is OperationKind.DELETE
        if is_removal and "{" in route.template and route.template not in OTHERS:
            url = self._new(route, url)
        sent = self.body(route, operation)
        return self.checked.call(route.method, url, at, query_string=_asked(operation), **sent)

    def _new(self, route: Route, url: str) -> str:
        """Return the path of a record that nobody refers to yet, where one can be created."""
        above, _, _ = url.rpartition("/")
        template = place(route.template).rpartition("/")[0]
        at = self.spelt.get(template)
        if at is None or "post" not in self.checked.described["paths"][at]:
            return url
        assert route.resource is not None
        body = self._record(route.resource, OperationKind.CREATE)
        made = self.checked.call("POST", above, at, json=body).json
        found = [made[n] for n in made if n.casefold() == route.resource.key.casefold()]
        return f"{above}/{found[0]}" if found else url

    def refused(self, route: Route, operation: Operation | None) -> TestResponse:
        """Call *route* with an id of nobody, with a body that is none, or as nobody."""
        at, sent = self.spelt[place(route.template)], self.body(route, operation)
        numbers = [each for each in ID.findall(route.template) if _text(each) is None]
        if numbers and route.resource is not None:
            nowhere = ID.sub(lambda found: _text(found[0]) or str(NOBODY), route.template)
            return self.checked.call(route.method, nowhere, at, **sent)
        if "json" in sent:
            wrong = {"data": b"{", "content_type": "application/json"}
            return self.checked.call(route.method, self.url(route, operation), at, **wrong)
        nobody = {"headers": {"Authorization": None}}
        return self.checked.call(route.method, self.url(route, operation), at, **nobody, **sent)


def _upload() -> dict[str, Any]:
    return {**FORM, "file": (io.BytesIO(b"x"), "x.txt")}


def _asked(operation: Operation | None) -> dict[str, str]:
    needed = [each for each in operation.parameters if each.required] if operation else []
    return {"pageSize": "5"} | {each.name: query_value(each.kind, each.enum) for each in needed}


def _text(placeholder: str) -> str | None:
    return TEXTS.get(placeholder.strip("{}"))


def _is_plain(declared: Field) -> bool:
    return declared.kind is Kind.TEXT and not declared.enum and not declared.write_only


def _renamed(resource: Resource, kept: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return other values for what no two records may share."""
    names = (name for name in resource.unique if isinstance(kept.get(name), str))
    return {name: f"{kept[name][:-5]}~{number}" for name in names}
