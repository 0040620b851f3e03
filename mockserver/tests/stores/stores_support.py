"""A world whose state is kept, as its users reach it."""

import base64
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from werkzeug.test import Client

from mockserver import World, create_app
from mockserver.settings import Settings

CONTRACT_TESTS = Path(__file__).parents[3] / "contract_tests"
STORES = ("sqlite", "postgresql")
if str(CONTRACT_TESTS) not in sys.path:
    sys.path.append(str(CONTRACT_TESTS))

from kept_worlds import POSTGRESQL, schema  # noqa: E402 - lies beside the contract tests

__all__ = ["CONTRACT_TESTS", "POSTGRESQL", "STORES", "Opened", "kept_in", "schema"]


def kept_in(place, **members):
    """Return a world in a place that is spelt as for ``--store``."""
    settings = Settings(store=place)
    where = {"file": settings.store_file, "database": settings.store_database}
    return World.seeded(members.pop("seed", 42), **where, **members)


@dataclass
class Opened:
    """An application in process, and callers of one of its tenants."""

    world: World
    client: Client | None = None
    tenant: str = "default"

    def __post_init__(self):
        if self.client is None:
            try:
                self.client = Client(create_app(self.world))
            except BaseException:
                self.world.close()
                raise

    def at(self, tenant):
        return replace(self, tenant=tenant)

    @property
    def _mark(self):
        return "" if self.tenant == "default" else f"-{self.tenant}"

    def psa(self, method, path, **sent):
        mark = self._mark
        login = f"company{mark}+publickey{mark}:privatekey".encode()
        headers = {"Authorization": f"Basic {base64.b64encode(login).decode()}", "clientId": "x"}
        url = f"/v4_6_release/apis/3.0{path}"
        return self.client.open(url, method=method, headers=headers, **sent)

    def login(self):
        account = {"Username": f"integrator{self._mark}", "Password": "integrator-password"}
        answer = self.client.post("/cwa/api/v1/APICredentials", json=account)
        assert answer.status_code == 200, answer.text
        return answer.json

    def automate(self, token, method, path, **sent):
        headers = {"Authorization": f"Bearer {token}", "ClientId": "x"}
        return self.client.open(f"/cwa/api/v1{path}", method=method, headers=headers, **sent)

    def admin(self, method, path, **sent):
        sent.setdefault("query_string", {} if "/tenants" in path else {"tenant": self.tenant})
        return self.client.open(f"/_mock{path}", method=method, **sent)

    def close(self):
        self.world.close()
