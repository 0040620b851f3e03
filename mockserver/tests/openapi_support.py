"""Calls a world and holds its answers against the document that describes it."""

import base64
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.test import Client, TestResponse

from mockserver import World, create_app
from mockserver.automate import openapi as automate_openapi
from mockserver.automate.api import AutomateApi
from mockserver.automate.profile import PROFILES as AUTOMATE_PROFILES
from mockserver.automate.surface import Surface as AutomateSurface
from mockserver.core.catalogue import Catalogue
from mockserver.core.schema import Field
from mockserver.core.schema import Resource as Declared
from mockserver.psa import openapi as psa_openapi
from mockserver.psa.api import PsaApi
from mockserver.psa.profile import PROFILES as PSA_PROFILES
from mockserver.psa.surface import Surface as PsaSurface
from mockserver.web.openapi_operation import ID
from mockserver.web.routes import Route

PSA_KEYS = "company+publickey:privatekey"
METHODS = frozenset({"get", "post", "put", "patch", "delete"})


@cache
def catalogue(api: str) -> Catalogue:
    return Catalogue.load(f"mockserver.{api}")


@cache
def psa_routes() -> tuple[Route, ...]:
    return tuple(PsaApi(PsaSurface.shipped()).routes.all)


@cache
def automate_surface() -> AutomateSurface:
    return AutomateSurface(Catalogue.load("mockserver.automate"))


@cache
def automate_routes() -> tuple[Route, ...]:
    return tuple(AutomateApi(automate_surface()).routes.all)


@cache
def document(api: str, profile: str = "documented") -> dict[str, Any]:
    if api == "psa":
        return psa_openapi.document(psa_routes(), catalogue(api), PSA_PROFILES[profile])
    return automate_openapi.document(
        automate_routes(), catalogue(api), automate_surface(), AUTOMATE_PROFILES[profile]
    )


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method in METHODS & item.keys():
            yield method.upper(), path, item[method]


def resolved(described: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Return what a node refers to, or itself."""
    for step in node.get("$ref", "#").split("/")[1:]:
        described = described[step]
    return described if "$ref" in node else node


@dataclass
class Checked:
    """Calls one API and checks every answer."""

    api: str
    profile: str
    headers: dict[str, str]
    client: Client
    described: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.described = document(self.api, self.profile)
        whole = Resource(contents=self.described, specification=DRAFT202012)
        self._registry = Registry().with_resource("urn:document", whole)

    def call(self, method: str, path: str, at: str | None = None, **sent: Any) -> TestResponse:
        """Send a request and hold it and its answer against the operation at path *at*."""
        headers = {**self.headers, **sent.pop("headers", {})}
        kept = {name: value for name, value in headers.items() if value is not None}
        url = self._base(at or path) + path
        answer = self.client.open(url, method=method, headers=kept, **sent)
        self.check(method, at or path, answer)
        if answer.status_code < 300 and "json" in sent:
            schema = self.operation(method, at or path)["requestBody"]["content"]
            faults = self.faults(schema["application/json"]["schema"], sent["json"])
            assert not faults, f"{method} {path} accepts what the document does not: {faults}"
        return answer

    def models(self, name: str) -> tuple[Field, ...]:
        """Return the fields of one of the vendor's models."""
        return catalogue(self.api).model(name)

    def look(self, resource: Declared) -> tuple[Field, ...]:
        """Return the fields of a collection's records as this profile spells them."""
        if self.api == "psa":
            return resource.fields
        profile = AUTOMATE_PROFILES[self.profile]
        told = automate_openapi.vendor(catalogue("automate"), automate_surface(), profile)
        return told.look(resource).fields

    def operation(self, method: str, path: str) -> dict[str, Any]:
        return self.described["paths"][path][method.lower()]

    def _base(self, path: str) -> str:
        item = self.described["paths"].get(path, {})
        server = item.get("servers", self.described["servers"])[0]
        codebase = server.get("variables", {}).get("codebase", {}).get("default", "")
        return server["url"].replace("{codebase}", codebase).rstrip("/")

    def check(self, method: str, path: str, answer: TestResponse) -> None:
        operation = self.operation(method, path)
        shown = answer.data[:300].decode("utf-8", "replace")
        told = f"{method} {path} {answer.status_code} {shown}"
        assert str(answer.status_code) in operation["responses"], told
        described = resolved(self.described, operation["responses"][str(answer.status_code)])
        content = described.get("content")
        if content is None:
            assert not answer.data, told
            return
        assert answer.mimetype in content or "*/*" in content, told
        if answer.mimetype == "application/json" and "*/*" not in content:
            faults = self.faults(content[answer.mimetype]["schema"], answer.json)
            assert not faults, f"{told}\n{faults}"

    def faults(self, schema: dict[str, Any], instance: Any) -> list[str]:
        """Return the first things that are wrong with *instance*."""
        validator = Draft202012Validator(
            _absolute(schema), registry=self._registry, format_checker=FormatChecker()
        )
        found = itertools.islice(validator.iter_errors(instance), 5)
        return [f"{fault.json_path}: {fault.message[:200]}" for fault in found]


def _absolute(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_absolute(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: f"urn:document{value}" if name == "$ref" else _absolute(value)
        for name, value in schema.items()
    }


def basic(keys: str) -> str:
    return f"Basic {base64.b64encode(keys.encode()).decode()}"


def filled(path: str, record_id: int = 1) -> str:
    """Return a path with all its ids filled in."""
    return ID.sub(str(record_id), path)


@cache
def _client(profile: str) -> Client:
    return create_app(World.seeded(42, profile=profile, quota=(None, 60.0))).test_client()


def psa(profile: str, client: Client | None = None) -> Checked:
    headers = {"Authorization": basic(PSA_KEYS), "clientId": "tests"}
    return Checked("psa", profile, headers, client or _client(profile))


def automate(profile: str, client: Client | None = None) -> Checked:
    checked = Checked("automate", profile, {"ClientId": "tests"}, client or _client(profile))
    names = {"Username": "integrator", "Password": "integrator-password"}
    login = "/APICredentials" if profile == "documented" else "/APIToken"
    token = checked.call("POST", login, json=names).json["AccessToken"]
    checked.headers["Authorization"] = f"Bearer {token}"
    return checked
