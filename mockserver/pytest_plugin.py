"""The pytest plugin: an emulator in the process, a fresh tenant for each test.

Nothing of the emulator is imported before a test asks for one of the fixtures.
"""
# ruff: noqa: PLC0415

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockserver.client import AutomateClient, PSAClient
    from mockserver.client.callbacks import CallbackReceiver
    from mockserver.testing.emulator import Emulator, Mock
    from mockserver.testing.faults import MockFaults
    from mockserver.testing.time import MockClock

OPTIONS = {
    "profile": ("documented", "Answer as the guides say (documented) or as systems do (observed)."),
    "size": ("default", "Make the world so large: tiny, default, large or a number of tickets."),
    "seed": ("42", "Build the world from this number."),
}
_MOCK = pytest.StashKey["Mock"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and the ini keys."""
    group = parser.getgroup("cwmock", "emulated ConnectWise APIs")
    for name, (default, described) in OPTIONS.items():
        group.addoption(f"--cwmock-{name}", help=f"{described} [{default}]")
        parser.addini(f"cwmock_{name}", described, default=default)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line("markers", "cwmock(profile): give the test a tenant of this profile")


def _setting(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"cwmock_{name}") or config.getini(f"cwmock_{name}"))


@pytest.fixture(scope="session")
def cwmock_emulator(pytestconfig: pytest.Config) -> Iterator["Emulator"]:
    """Return the emulator that the tests of this process share."""
    from mockserver.testing.emulator import Emulator

    seed, size = (_setting(pytestconfig, name) for name in ("seed", "size"))
    if not seed.isdecimal():
        raise pytest.UsageError(f"cwmock_seed must be a whole number, not {seed!r}")
    emulator = Emulator(int(seed), size)
    yield emulator
    emulator.close()


@pytest.fixture
def cwmock(request: pytest.FixtureRequest, cwmock_emulator: "Emulator") -> Iterator["Mock"]:
    """Return the emulator with a tenant of the test's own: URLs, credentials, control plane."""
    mark = request.node.get_closest_marker("cwmock")
    profile = mark.kwargs.get("profile") if mark else None
    with cwmock_emulator.tenant(profile or _setting(request.config, "profile")) as mock:
        request.node.stash[_MOCK] = mock
        yield mock
        del request.node.stash[_MOCK]


@pytest.fixture
def psa(cwmock: "Mock") -> "PSAClient":
    """Return a PSA client of the test's tenant; its waits move the tenant's clock."""
    return cwmock.psa()


@pytest.fixture
def automate(cwmock: "Mock") -> "AutomateClient":
    """Return an Automate client of the test's tenant; its waits move the tenant's clock."""
    profile = cwmock.tenant.profiles["automate"].name
    return cwmock.automate(dialect="observed" if profile == "observed" else "documented")


@pytest.fixture
def mock_clock(cwmock: "Mock") -> "MockClock":
    """Return the tenant's clock; it stands still until the test moves it."""
    return cwmock.clock


@pytest.fixture
def mock_faults(cwmock: "Mock") -> "MockFaults":
    """Return the tenant's faults, as context managers that fail the test if they never struck."""
    return cwmock.faults


@pytest.fixture
def callback_receiver(cwmock: "Mock") -> "CallbackReceiver":
    """Return a receiver of callbacks on a port of its own, which verifies signatures."""
    return cwmock.callback_receiver()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the last exchanges to the report of a test that failed."""
    report = yield
    mock: Any = item.stash.get(_MOCK, None)
    if report.failed and mock is not None:
        text = mock.report()
        if text:
            report.sections.append(("cwmock: last exchanges and faults", text))
    return report
