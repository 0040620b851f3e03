"""A tenant of a test's own, reached over a socket; time passes only when its client sleeps."""

import base64
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

TIMEOUT_S = 30
NUMBERS = itertools.count(1)
OFF = {"requests": None, "requests_per_day": None, "concurrent": None}


@dataclass
class Customer:
    """What a customer knows (*credentials*), and the control plane of its tenant."""

    root: str
    name: str
    credentials: dict[str, Any]
    session: requests.Session

    @property
    def psa_url(self) -> str:
        return self.credentials["psa"]["base_url"]

    @property
    def automate_url(self) -> str:
        return self.credentials["automate"]["base_url"]

    @property
    def psa_headers(self) -> dict[str, str]:
        keys = self.credentials["psa"]
        user = f"{keys['company']}+{keys['public_key']}:{keys['private_key']}"
        encoded = base64.b64encode(user.encode()).decode()
        return {"Authorization": f"Basic {encoded}", "clientId": "contract-tests"}

    @property
    def login(self) -> dict[str, str]:
        account = self.credentials["automate"]
        return {"Username": account["username"], "Password": account["password"]}

    def call(self, method: str, url: str, **sent: Any) -> requests.Response:
        return self.session.request(method, url, timeout=TIMEOUT_S, **sent)

    def psa(self, method: str, path: str, **sent: Any) -> requests.Response:
        headers = {**self.psa_headers, **sent.pop("headers", {})}
        return self.call(method, self.psa_url + path, headers=headers, **sent)

    def admin(self, method: str, path: str, **sent: Any) -> Any:
        params = {"tenant": self.name, **sent.pop("params", {})}
        answer = self.call(method, f"{self.root}/_mock{path}", params=params, **sent)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def sleep(self, seconds: float) -> None:
        """Let the tenant's time pass; nobody waits."""
        self.admin("POST", "/clock", json={"advance": seconds})

    def now_s(self) -> float:
        return datetime.fromisoformat(self.admin("GET", "/clock")["now"]).timestamp()

    def unlimited(self) -> "Customer":
        self.admin("PATCH", "/limits", json={"psa": OFF, "automate": OFF})
        return self

    def answered(self, status: int | str, **filters: str) -> int:
        """Return how many requests were answered with *status*."""
        params = {"status": status, "limit": 10_000, **filters}
        return len(self.admin("GET", "/requests", params=params)["requests"])


@contextmanager
def customer_of(root: str, profile: str = "documented", *, frozen: bool) -> Iterator[Customer]:
    """Make a tenant for the length of the block; frozen, its time passes by ``sleep`` alone."""
    with requests.Session() as session:
        name = f"client-{next(NUMBERS)}"
        made = session.post(
            f"{root}/_mock/tenants", json={"name": name, "profile": profile}, timeout=TIMEOUT_S
        )
        assert made.status_code == 201, made.text
        customer = Customer(root, name, made.json(), session)
        if frozen:
            customer.admin("POST", "/clock", json={"freeze": True})
        yield customer
        session.delete(f"{root}/_mock/tenants/{name}", timeout=TIMEOUT_S)
