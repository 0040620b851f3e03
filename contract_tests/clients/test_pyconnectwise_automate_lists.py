"""Every Automate endpoint class of pyconnectwise reads what it is for, typed by its models."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
import requests
from pyconnectwise_models import their
from werkzeug.test import Client

from mockserver import World, create_app

pytestmark = [
    pytest.mark.xdist_group("pyconnectwise"),  # one worker imports it
    pytest.mark.slow,
    pytest.mark.observed("pyconnectwise 0.6.1, which its users run against live systems"),
]

ENDPOINTS = "pyconnectwise.endpoints.automate"
#: Records that exist, where the first one has another id.
KNOWN = {"ComputersEndpoint": 97, "CommandsEndpoint": 2}


def classes():
    """Yield the endpoint classes; each module has one of its own name."""
    for found in pkgutil.iter_modules(importlib.import_module(ENDPOINTS).__path__):
        yield getattr(importlib.import_module(f"{ENDPOINTS}.{found.name}"), found.name)


def below(endpoint) -> Iterator:
    """Yield what hangs below an endpoint: its children, and one record of it."""
    yield from endpoint._child_endpoints  # noqa: SLF001 - the only way to all of them
    if hasattr(endpoint, "id"):
        yield endpoint.id(KNOWN.get(type(endpoint).__name__, 1))


def whole(endpoint) -> Iterator:
    """Yield an endpoint and everything below it."""
    yield endpoint
    for each in below(endpoint):
        yield from whole(each)


def endpoints(client) -> Iterator:
    """Yield every endpoint that can read, reached the way a user reaches it."""
    made = [each(client) for each in classes()]
    inner = {type(each) for endpoint in made for each in below(endpoint)}
    inner |= {type(each) for e in made if hasattr(e, "id") for each in below(e.id(1))}
    for endpoint in made:
        if type(endpoint) not in inner:
            yield from (each for each in whole(endpoint) if hasattr(each, "get"))


OFF = {"requests": None, "requests_per_day": None, "concurrent": None}


@pytest.fixture
def client(monkeypatch):
    """Return a client whose requests are answered in process: 160 TLS connections take long."""
    world = World.seeded(42, quirks={"automate": {"expiration_zone": "+00:00"}})
    browser = Client(create_app(world))
    browser.patch("/_mock/limits", json={"automate": OFF})

    def send(_adapter, request, **_sent):
        answer = browser.open(
            request.path_url,
            method=request.method,
            headers=dict(request.headers),
            data=request.body,
        )
        response = requests.Response()
        response.status_code, response._content = answer.status_code, answer.data  # noqa: SLF001
        response.headers.update(dict(answer.headers))
        response.url, response.request = request.url, request
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    login = "integrator", "integrator-password"
    return their("ConnectWiseAutomateAPIClient")("localhost", "contract-tests", *login)


def test_every_endpoint_class_reads_and_pages(client):
    read, lists = set(), set()
    for endpoint in endpoints(client):
        name = type(endpoint).__name__
        found = endpoint.get(params={"pageSize": 2})
        read.add(name)
        if isinstance(found, list) and hasattr(endpoint, "paginated"):
            assert endpoint.paginated(1, 2).data == found[:2], name
            lists.add(name)

    assert len(read) >= 95
    assert len(lists) >= 60
