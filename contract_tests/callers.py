"""Who the tests ask as: callers of both APIs, and the tenant that they belong to."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from settling import settle
from werkzeug.test import Client, TestResponse

from mockserver.client.secrets import Secret

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PSA, AUTOMATE = "/v4_6_release/apis/3.0", "/cwa/api/v1"
LOGINS = {"documented": "/APICredentials", "observed": "/apitoken"}


def basic(company: str, public: str, private: str) -> str:
    """Return the header of PSA's keys; a traceback shows a mark instead."""
    pair = f"{company}+{public}:{private}"
    return Secret(f"Basic {base64.b64encode(pair.encode()).decode()}")


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
        headers = {"Authorization": basic(company, public, private), "clientId": "contract-tests"}
        return Caller(self.client, PSA, headers, self.settle)

    def automate(self, dialect: str = "documented") -> Caller:
        account = self.credentials["automate"]
        names = {"Username": account["username"], "Password": account["password"]}
        answer = self.client.post(f"{AUTOMATE}{LOGINS[dialect]}", json=names)
        assert answer.status_code == 200, answer.text
        headers = {
            "Authorization": Secret(f"Bearer {answer.json['AccessToken']}"),
            "ClientId": "contract-tests",
        }
        return Caller(self.client, AUTOMATE, headers, self.settle)

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
