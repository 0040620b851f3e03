"""A world whose state is kept, as its users reach it."""

import base64
from dataclasses import dataclass, replace

from werkzeug.test import Client

from mockserver import World, create_app


def kept_in(file, **members):
    return World.seeded(members.pop("seed", 42), file=file, **members)


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
