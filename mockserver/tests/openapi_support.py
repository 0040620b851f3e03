"""Calls a world and holds its answers against the document that describes it."""

import base64
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
from mockserver.psa import openapi as psa_openapi
from mockserver.psa.api import PsaApi
from mockserver.psa.profile import PROFILES as PSA_PROFILES
from mockserver.psa.surface import Surface as PsaSurface
from mockserver.web.openapi_operation import ID
from mockserver.web.routes import Route

PSA_KEY = base64.b64encode(b"company+publickey:privatekey").decode()
METHODS = frozenset({"get", "post", "put", "patch", "delete"})


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
    catalogue = Catalogue.load(f"mockserver.{api}")
    if api == "psa":
        return psa_openapi.document(psa_routes(), catalogue, PSA_PROFILES[profile])
    return automate_openapi.document(
        automate_routes(), catalogue, automate_surface(), AUTOMATE_PROFILES[profile]
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
    base: str
    headers: dict[str, str]
    client: Client
    described: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.described = document(self.api, self.profile)
        whole = Resource(contents=self.described, specification=DRAFT202012)
        self._registry = Registry().with_resource("urn:document", whole)

    def call(self, method: str, path: str, at: str | None = None, **sent: Any) -> TestResponse:
        """Send a request and hold its answer against the operation at path *at*."""
        headers = {**self.headers, **sent.pop("headers", {})}
        base = "" if path.startswith("/login") else self.base
        answer = self.client.open(base + path, method=method, headers=headers, **sent)
        self.check(method, at or path, answer)
        return answer

    def check(self, method: str, path: str, answer: TestResponse) -> None:
        operation = self.described["paths"][path][method.lower()]
        told = f"{method} {path} {answer.status_code} {answer.text[:300]}"
        assert str(answer.status_code) in operation["responses"], told
        described = resolved(self.described, operation["responses"][str(answer.status_code)])
        content = described.get("content")
        if content is None:
            assert not answer.data, told
            return
        assert answer.mimetype in content, told
        if answer.mimetype == "application/json":
            faults = list(self._validator(content[answer.mimetype]["schema"]).iter_errors(answer.json))
            assert not faults, f"{told}\n{[f'{f.json_path}: {f.message[:200]}' for f in faults[:5]]}"

    def _validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        return Draft202012Validator(
            _absolute(schema), registry=self._registry, format_checker=FormatChecker()
        )


def _absolute(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_absolute(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: f"urn:document{value}" if name == "$ref" else _absolute(value)
        for name, value in schema.items()
    }


def filled(path: str, record_id: int = 1) -> str:
    """Return a path with all its ids filled in."""
    return ID.sub(str(record_id), path)


@cache
def _client(profile: str) -> Client:
    return create_app(World.seeded(42, profile=profile, quota=(None, 60.0))).test_client()


def psa(profile: str) -> Checked:
    headers = {"Authorization": f"Basic {PSA_KEY}", "clientId": "tests"}
    return Checked("psa", profile, "/v4_6_release/apis/3.0", headers, _client(profile))


def automate(profile: str) -> Checked:
    checked = Checked("automate", profile, "/cwa/api/v1", {"ClientId": "tests"}, _client(profile))
    names = {"Username": "integrator", "Password": "integrator-password"}
    login = "/APICredentials" if profile == "documented" else "/APIToken"
    token = checked.call("POST", login, json=names).json["AccessToken"]
    checked.headers["Authorization"] = f"Bearer {token}"
    return checked
