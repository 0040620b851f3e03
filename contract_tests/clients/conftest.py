"""Real servers on a free port of this machine, and customers that reach them over a socket."""

from collections.abc import Iterator

import pytest
from customer import Customer, customer_of

from mockserver import World, create_app
from mockserver.web.serving import Server
from mockserver.web.tls import Authority


@pytest.fixture(scope="session")
def plain_root() -> Iterator[str]:
    """Serve the world as it comes, without TLS."""
    with Server(create_app(World.seeded(42))) as server:
        yield server.url


@pytest.fixture
def customer(plain_root: str) -> Iterator[Customer]:
    """Return a documented customer of the world as it comes, with its limits on."""
    with customer_of(plain_root, frozen=True) as customer:
        yield customer


@pytest.fixture(scope="session")
def authority() -> Iterator[Authority]:
    with Authority() as authority:
        yield authority


@pytest.fixture(scope="session")
def secure_server(authority: Authority) -> Iterator[str]:
    """Serve over TLS a world whose tokens say in which zone they end."""
    world = World.seeded(42, quirks={"automate": {"expiration_zone": "Z"}})
    with Server(create_app(world), tls=authority.context) as server:
        yield server.url


@pytest.fixture
def secure_root(secure_server: str, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the root of the TLS server; ``requests`` trusts its authority for the test."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.path))
    return secure_server
