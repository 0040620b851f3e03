"""Black box: everything goes through the HTTP interface, in process, a tenant per test.

Every test says how it knows what it claims: ``observed``, ``documented`` or ``assumed``.
"""

import base64
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from elsewhere import Passing, elsewhere
from flask import Flask
from kept_worlds import kept_world
from settling import settle
from werkzeug.test import Client, TestResponse

from mockserver import create_app

HERE = Path(__file__).parent
PROVENANCE = ("observed", "documented", "assumed")
NUMBERS = itertools.count(1)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Several workers may share a server.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--base-url", help="Of a running emulator with the default world.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not item.path.is_relative_to(HERE):
            continue
        marks = [mark for mark in item.iter_markers() if mark.name in PROVENANCE]
        if len(marks) != 1 or not marks[0].args:
            raise pytest.UsageError(
                f"{item.nodeid} needs exactly one of {PROVENANCE}, with its source"
            )


@dataclass
class Caller:
    """Sends requests below one base URL with the same headers.

    After a write it returns only when what the write caused has happened.
    """

    client: Client
    base: str
    headers: dict[str, str] = field(default_factory=dict)
    settle: Callable[[], None] = lambda: None

    def request(self, method: str, path: str, **sent: Any) -> TestResponse:
        headers = {**self.headers, **sent.pop("headers", {})}
        if "params" in sent:
            sent["query_string"] = sent.pop("params")
        kept = {name: value for name, value in headers.items() if value is not None}
        answer = self.client.open(f"{self.base}{path}", method=method, headers=kept, **sent)
        if method not in SAFE:
            self.settle()
        return answer

    def get(self, path: str, **sent: Any) -> TestResponse:
        return self.request("GET", path, **sent)

    def post(self, path: str, **sent: Any) -> TestResponse:
        return self.request("POST", path, **sent)

    def put(self, path: str, **sent: Any) -> TestResponse:
        return self.request("PUT", path, **sent)

    def patch(self, path: str, **sent: Any) -> TestResponse:
        return self.request("PATCH", path, **sent)

    def delete(self, path: str, **sent: Any) -> TestResponse:
        return self.request("DELETE", path, **sent)


@dataclass
class Tenant:
    """A tenant of the test's own, and callers bound to it."""

    client: Client
    name: str
    credentials: dict[str, Any]
    is_elsewhere: bool = False

    def settle(self) -> None:
        """Wait for callbacks that a server sends after its answer."""
        if self.is_elsewhere:
            settle(self.client, self.name)

    @property
    def psa(self) -> Caller:
        keys = self.credentials["psa"]
        return self.psa_as(keys["public_key"], keys["private_key"])

    def psa_as(self, public: str, private: str) -> Caller:
        company = self.credentials["psa"]["company"]
        encoded = base64.b64encode(f"{company}+{public}:{private}".encode()).decode()
        headers = {"Authorization": f"Basic {encoded}", "clientId": "contract-tests"}
        return Caller(self.client, "/v4_6_release/apis/3.0", headers, self.settle)

    def automate(self, dialect: str = "documented") -> Caller:
        account = self.credentials["automate"]
        names = {"Username": account["username"], "Password": account["password"]}
        login = "/APICredentials" if dialect == "documented" else "/apitoken"
        answer = self.client.post(f"/cwa/api/v1{login}", json=names)
        assert answer.status_code == 200, answer.text
        headers = {
            "Authorization": f"Bearer {answer.json['AccessToken']}",
            "ClientId": "contract-tests",
        }
        return Caller(self.client, "/cwa/api/v1", headers, self.settle)

    def admin(self, method: str, path: str, **sent: Any) -> TestResponse:
        answer = self.client.open(
            f"/_mock{path}", method=method, query_string={"tenant": self.name}, **sent
        )
        if method not in SAFE:
            self.settle()
        return answer

    def unlimited(self) -> "Tenant":
        off = {"requests": None, "requests_per_day": None, "concurrent": None}
        assert self.admin("PATCH", "/limits", json={"psa": off, "automate": off}).status_code == 200
        return self


@pytest.fixture(scope="session")
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Return the application: in process, or at ``--base-url``.

    Its world is kept where ``CWMOCK_TEST_STORE`` says.
    """
    if url := request.config.getoption("base_url", None):
        yield elsewhere(url)
        return
    folder = tmp_path_factory.mktemp("store")
    with kept_world(os.environ.get("CWMOCK_TEST_STORE", "memory"), folder) as world:
        yield create_app(world)


@pytest.fixture
def make_tenant(app: Flask) -> Iterator[Callable[..., Tenant]]:
    yield from _making(app)


@pytest.fixture(scope="module")
def make_module_tenant(app: Flask) -> Iterator[Callable[..., Tenant]]:
    yield from _making(app)


@pytest.fixture(scope="module")
def module_tenant(make_module_tenant: Callable[..., Tenant]) -> Tenant:
    """Return a documented tenant without limits that the tests of one file share."""
    return make_module_tenant().unlimited()


def _making(app: Flask) -> Iterator[Callable[..., Tenant]]:
    client, made = Client(app), []
    is_elsewhere = isinstance(app.wsgi_app, Passing)

    def make(profile: str = "documented", world: str | None = None, **quirks: Any) -> Tenant:
        name = f"test{WORKER}-{next(NUMBERS)}"
        document = {"name": name, "profile": profile, "world": world, "quirks": quirks}
        answer = client.post("/_mock/tenants", json=document)
        assert answer.status_code == 201, answer.text
        made.append(name)
        return Tenant(client, name, answer.json, is_elsewhere)

    yield make
    for name in made:
        client.delete(f"/_mock/tenants/{name}")


@pytest.fixture
def tenant(make_tenant: Callable[..., Tenant]) -> Tenant:
    """Return a documented tenant with its limits on."""
    return make_tenant()


@pytest.fixture
def psa(make_tenant: Callable[..., Tenant]) -> Caller:
    """Return a PSA caller, documented profile, no limits."""
    return make_tenant().unlimited().psa


@pytest.fixture
def psa_observed(make_tenant: Callable[..., Tenant]) -> Caller:
    """Return a PSA caller, observed profile, no limits."""
    return make_tenant("observed").unlimited().psa


@pytest.fixture
def automate(make_tenant: Callable[..., Tenant]) -> Caller:
    """Return an Automate caller that logged in the documented way, no limits."""
    return make_tenant().unlimited().automate()


@pytest.fixture
def automate_observed(make_tenant: Callable[..., Tenant]) -> Caller:
    """Return an Automate caller that logged in the observed way, no limits."""
    return make_tenant().unlimited().automate("observed")
