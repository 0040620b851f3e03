"""Black box: everything goes through the HTTP interface, in process, a tenant per test.

Every test says how it knows what it claims: ``observed``, ``documented`` or ``assumed``.
"""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from callers import Caller, Tenant
from drift import Drift
from elsewhere import Passing, elsewhere
from flask import Flask
from kept_worlds import kept_world
from live import Live
from werkzeug.test import Client

from mockserver import create_app

pytest.register_assert_rewrite("psa_wording")

HERE = Path(__file__).parent
PROVENANCE = ("observed", "documented", "assumed")
NUMBERS = itertools.count(1)
LIVE = pytest.StashKey[Live]()
#: Several workers may share a server.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "contract tests")
    group.addoption("--base-url", help="Of a running emulator with the default world.")
    group.addoption(
        "--target",
        choices=["mock", "live"],
        default="mock",
        help="live: the tests marked so, on the systems that CONNECTWISE_* variables name.",
    )
    group.addoption("--allow-writes", action="store_true", help="Let a live system be written to.")
    group.addoption("--drift", type=Path, help="A folder for the drift report of a live system.")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("target") == "live":
        if WORKER:
            raise pytest.UsageError("a live system is asked by one process: leave -n out")
        live = Live(os.environ, allow_writes=config.getoption("allow_writes"))
        config.stash[LIVE] = live
        config.pluginmanager.register(Drift(live, config.getoption("drift")))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _require_provenance(item for item in items if item.path.is_relative_to(HERE))
    if LIVE in config.stash:
        apart = [item for item in items if not item.get_closest_marker("live")]
        items[:] = [item for item in items if item.get_closest_marker("live")]
        config.hook.pytest_deselected(items=apart)


def _require_provenance(items: Iterable[pytest.Item]) -> None:
    for item in items:
        marks = [mark for mark in item.iter_markers() if mark.name in PROVENANCE]
        if len(marks) != 1 or not marks[0].args:
            raise pytest.UsageError(
                f"{item.nodeid} needs exactly one of {PROVENANCE}, with its source"
            )


@pytest.fixture(scope="session")
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Return the application: in process, or at ``--base-url``.

    Its world is kept where ``CWMOCK_TEST_STORE`` says.
    """
    if LIVE in request.config.stash:
        pytest.skip("a live system has no control plane")
    if url := request.config.getoption("base_url", None):
        yield elsewhere(url)
        return
    folder = tmp_path_factory.mktemp("store")
    with kept_world(os.environ.get("CWMOCK_TEST_STORE", "memory"), folder) as world:
        yield create_app(world)


@pytest.fixture
def make_tenant(request: pytest.FixtureRequest) -> Iterator[Callable[..., Tenant]]:
    yield from _making(request)


@pytest.fixture(scope="module")
def make_module_tenant(request: pytest.FixtureRequest) -> Iterator[Callable[..., Tenant]]:
    yield from _making(request)


@pytest.fixture(scope="session")
def make_lasting_tenant(request: pytest.FixtureRequest) -> Iterator[Callable[..., Tenant]]:
    yield from _making(request)


@pytest.fixture(scope="module")
def module_tenant(make_module_tenant: Callable[..., Tenant]) -> Tenant:
    """Return a documented tenant without limits that the tests of one file share."""
    return make_module_tenant().unlimited()


def _making(request: pytest.FixtureRequest) -> Iterator[Callable[..., Tenant]]:
    if LIVE in request.config.stash:
        live = request.config.stash[LIVE]
        yield live.tenant
        live.tidy()
        return
    app = request.getfixturevalue("app")
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
