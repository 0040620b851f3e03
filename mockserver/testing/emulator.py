"""One emulator for a session of tests, and a tenant for each test."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from mockserver.app import create_app
from mockserver.client import AutomateClient, Conduct, PSAClient
from mockserver.client.callbacks import LOOPBACK, CallbackReceiver, KeyFetcher
from mockserver.client.wsgi import in_process
from mockserver.core.bundle import packed, read_folder, read_zip
from mockserver.core.tenant import Tenant
from mockserver.core.world import World
from mockserver.testing.faults import MockFaults
from mockserver.testing.time import MockClock, TenantTime
from mockserver.web.serving import Server
from mockserver.world_folder import replace_world

#: Requests to this name stay in the process; RFC 2606 keeps it from ever being a host.
IN_PROCESS = "http://cwmock.invalid"
PSA_PATH, AUTOMATE_PATH = "/v4_6_release/apis/3.0", "/cwa/api/v1"
EXCHANGES_SHOWN, BODY_CHARS_SHOWN = 10, 400


class Emulator:
    """The emulator of a session: in this process, on a port only when somebody asks for a URL.

    Args:
        seed: Of the world.
        size: Of the world: tiny, default, large or a number of tickets.
    """

    def __init__(self, seed: int = 42, size: str = "default") -> None:
        self.world = World.seeded(seed, size=size)
        self.app = create_app(self.world)
        self.session = in_process(self.app, IN_PROCESS)
        self._numbers = itertools.count(1)
        self._server: Server | None = None

    @property
    def root_url(self) -> str:
        """Return the URL of the port, which is opened now if it is not yet."""
        if self._server is None:
            self._server = Server(self.app)
            self._server.start()
        return self._server.url

    def attend_callbacks(self) -> None:
        """Send callbacks also while no port is open."""
        if self._server is None:
            self.world.courier.start()

    @contextmanager
    def tenant(self, profile: str | None = None) -> Iterator["Mock"]:
        """Yield a fresh tenant and remove it afterwards."""
        name = f"test-{next(self._numbers)}"
        tenant = self.world.create_tenant(name, profile)
        mock = Mock(self, tenant)
        try:
            yield mock
        finally:
            mock.close()
            self.world.remove_tenant(name)

    def close(self) -> None:
        """End the port."""
        if self._server is not None:
            self._server.stop()
        else:
            self.world.courier.stop()


class Mock:
    """The emulator as one test sees it: URLs, credentials and the control plane of its tenant.

    Attributes:
        session: A ``requests.Session`` that reaches ``in_process_url`` without a socket.
    """

    in_process_url = IN_PROCESS

    def __init__(self, emulator: Emulator, tenant: Tenant) -> None:
        self._emulator, self.tenant = emulator, tenant
        self.session: requests.Session = emulator.session
        self.name = tenant.name
        self._closing: list[Callable[[], None]] = []

    def __repr__(self) -> str:
        """Return the tenant's name."""
        return f"<cwmock tenant {self.name}>"

    # -- for code under test that brings its own HTTP client --------------------------------------

    @property
    def root_url(self) -> str:
        """Return the URL before the vendors' prefixes; a port is opened for it."""
        return self._emulator.root_url

    @property
    def psa_url(self) -> str:
        """Return PSA's base URL on a port."""
        return self.root_url + PSA_PATH

    @property
    def automate_url(self) -> str:
        """Return Automate's base URL on a port."""
        return self.root_url + AUTOMATE_PATH

    @cached_property
    def psa_credentials(self) -> dict[str, str]:
        """Return company, public_key, private_key and client_id of the tenant."""
        credentials = self.tenant.credentials["psa"]
        public, private = credentials.main
        return {
            "company": credentials.company,
            "public_key": public,
            "private_key": private,
            "client_id": credentials.client_id,
        }

    @cached_property
    def automate_credentials(self) -> dict[str, str]:
        """Return username and password of the tenant's integrator."""
        user = self.tenant.credentials["automate"].main
        return {"username": user.name, "password": user.password}

    @property
    def environ(self) -> dict[str, str]:
        """Return the seeds' ``CONNECTWISE_*`` variables for the tenant, on a port."""
        psa, automate = self.psa_credentials, self.automate_credentials
        return {
            "CONNECTWISE_SITE": self.root_url,
            "CONNECTWISE_COMPANY_ID": psa["company"],
            "CONNECTWISE_PUBLIC_KEY": psa["public_key"],
            "CONNECTWISE_PRIVATE_KEY": psa["private_key"],
            "CONNECTWISE_CLIENT_ID": psa["client_id"],
            "CONNECTWISE_AUTOMATE_SERVER": self.root_url,
            "CONNECTWISE_AUTOMATE_USERNAME": automate["username"],
            "CONNECTWISE_AUTOMATE_PASSWORD": automate["password"],
        }

    # -- clients ----------------------------------------------------------------------------------

    def psa(self, **members: Any) -> PSAClient:
        """Return a client of the tenant, in process and in the tenant's time.

        Args:
            members: Of the client or of its ``Conduct``.
        """
        keys: dict[str, Any] = {**self.psa_credentials, "site": IN_PROCESS}
        client = PSAClient(**{**keys, **self._conduct(members)})
        self._closing.append(client.close)
        return client

    def automate(self, **members: Any) -> AutomateClient:
        """Return a client of the tenant, in process and in the tenant's time."""
        account: dict[str, Any] = {
            **self.automate_credentials,
            "server": IN_PROCESS,
            "client_id": self.psa_credentials["client_id"],
        }
        client = AutomateClient(**{**account, **self._conduct(members)})
        self._closing.append(client.close)
        return client

    def _conduct(self, members: dict[str, Any]) -> dict[str, Any]:
        names = Conduct.__dataclass_fields__.keys()
        usual: dict[str, Any] = {"session": self.session, "clock": TenantTime(self.tenant.clock)}
        conduct = usual | {name: members.pop(name) for name in names & members.keys()}
        return {**members, "conduct": Conduct(**conduct)}

    # -- the tenant in the test's hands -----------------------------------------------------------

    @cached_property
    def admin(self) -> "Admin":
        """Return the control plane, bound to the tenant; asks in process."""
        return Admin(self)

    @cached_property
    def clock(self) -> MockClock:
        """Return the tenant's clock, which stands still from now on."""
        return MockClock(self.tenant.clock)

    @cached_property
    def faults(self) -> MockFaults:
        """Return the tenant's faults."""
        return MockFaults(self.tenant.faults)

    def export_world(self, folder: Path) -> Path:
        """Write the tenant's present state to *folder*, as `cwmock world export`; return it.

        Raises:
            FileExistsError: The folder holds something else than a world.
            OSError: It cannot be written.
        """
        return replace_world(folder, self.admin.get("/world").content)

    def import_world(self, source: Path) -> None:
        """Let the tenant start anew with a folder or zip that was exported; a reset goes there.

        Raises:
            BadFolder: It is no world; the message names file, line and member. Nothing is changed.
            OSError: It cannot be read.
        """
        found = read_zip(source) if source.is_file() else read_folder(source)
        self.tenant.begin(packed(sorted(found.files.items())))

    def callback_receiver(self) -> CallbackReceiver:
        """Return a started receiver that checks signatures; callbacks are sent from now on."""
        self._emulator.attend_callbacks()
        keys = KeyFetcher({*LOOPBACK, "cwmock.invalid"}, self.session)
        receiver = CallbackReceiver(keys).start()
        self._closing.append(receiver.stop)
        return receiver

    def close(self) -> None:
        """Stop what was started for the test."""
        while self._closing:
            self._closing.pop()()

    def report(self) -> str:
        """Return the last exchanges and the faults in force, for people."""
        entries = self.tenant.journal.entries(limit=EXCHANGES_SHOWN)[::-1]
        lines = [line for entry in entries for line in _exchange(entry)]
        lines += [f"fault in force: {document}" for document in self.tenant.faults.documents()]
        return "\n".join(lines)


class Admin:
    """The control plane of a tenant; as a text it is its URL, on a port."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    @property
    def url(self) -> str:
        """Return the URL of the control plane on a port."""
        return f"{self._mock.root_url}/_mock"

    def __str__(self) -> str:
        """Return the URL."""
        return self.url

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Return the answer to a request, in process: ``admin.request("GET", "/clock")``."""
        params = {"tenant": self._mock.name, **options.pop("params", {})}
        session, url = self._mock.session, f"{IN_PROCESS}/_mock{path}"
        headers = {"Host": "localhost", **options.pop("headers", {})}
        return session.request(method, url, params=params, headers=headers, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Return the answer to a GET."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        """Return the answer to a POST; pass ``json=``."""
        return self.request("POST", path, **options)

    def patch(self, path: str, **options: Any) -> requests.Response:
        """Return the answer to a PATCH; pass ``json=``."""
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        """Return the answer to a DELETE."""
        return self.request("DELETE", path, **options)


def _exchange(entry: dict[str, Any]) -> Iterator[str]:
    struck = f" (faults: {entry['faults']})" if entry["faults"] else ""
    yield f"{entry['api']} {entry['method']} {entry['url']} -> {entry['status']}{struck}"
    if entry["hint"]:
        yield f"  hint: {entry['hint']}"
    for name in ("request_body", "response_body"):
        text = str(entry[name] or "")
        if text:
            cut = "…" if len(text) > BODY_CHARS_SHOWN else ""
            yield f"  {name}: {text[:BODY_CHARS_SHOWN]}{cut}"
