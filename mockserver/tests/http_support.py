"""Talking to an application in process."""

import base64
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

PSA = "/v4_6_release/apis/3.0"
AUTOMATE = "/cwa/api/v1"
OFF = {"requests": None, "requests_per_day": None, "concurrent": None}


@dataclass
class Guest:
    """A tenant of an application, with its two callers."""

    app: Flask
    name: str = "default"
    token: str = ""

    def __post_init__(self) -> None:
        self.client = Client(self.app)
        self.mark = "" if self.name == "default" else f"-{self.name}"

    def admin(self, method: str, path: str, **sent: Any) -> TestResponse:
        query = {"tenant": self.name}
        return self.client.open(f"/_mock{path}", method=method, query_string=query, **sent)

    def unlimited(self) -> "Guest":
        self.admin("PATCH", "/limits", json={"psa": OFF, "automate": OFF})
        return self

    def psa(self, method: str, path: str, key: str = "publickey", **sent: Any) -> TestResponse:
        private = {"publickey": "privatekey", "readonlykey": "readonlyprivate"}.get(key, "wrong")
        pair = f"company{self.mark}+{key}{self.mark}:{private}"
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "clientId": "tests",
            **sent.pop("headers", {}),
        }
        return self.client.open(PSA + path, method=method, headers=headers, **sent)

    def login(self) -> "Guest":
        names = {"Username": f"integrator{self.mark}", "Password": "integrator-password"}
        self.token = self.client.post(f"{AUTOMATE}/APICredentials", json=names).json["AccessToken"]
        return self

    def automate(self, method: str, path: str, **sent: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **sent.pop("headers", {})}
        return self.client.open(AUTOMATE + path, method=method, headers=headers, **sent)

    def entries(self, **filters: Any) -> list[dict[str, Any]]:
        query = {"tenant": self.name, **filters}
        answer = self.client.get("/_mock/requests", query_string=query)
        return answer.json["requests"]


def guest(app: Flask, name: str, profile: str = "documented") -> Guest:
    """Return a fresh tenant."""
    Client(app).delete(f"/_mock/tenants/{name}")
    made = Client(app).post("/_mock/tenants", json={"name": name, "profile": profile})
    assert made.status_code == 201, made.text
    return Guest(app, name)
