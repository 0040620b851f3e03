"""Both vendors in both of their shapes, for what must hold for every one of them."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

SIDES = ("psa documented", "psa observed", "automate documented", "automate observed")
ID_NAME = re.compile(r"^(id|\w*id)$", re.IGNORECASE)
#: The two answers above 499 that the vendors themselves were seen to give to bad input: a scalar
#: where an object belongs (psa facts 6.6) and a quoted date in a condition (automate facts 50).
SEEN_500 = {
    "psa observed": re.compile(r"Error converting value "),
    "automate observed": re.compile(r"^\{\"Message\":\"An error has occurred\.\""),
}
#: Where the collections live that integrations call most, and how many others are passed over.
MAIN = (
    *("/service/tickets", "/service/tickets/{}", "/service/tickets/{}/notes", "/service/boards"),
    *("/service/boards/{}/statuses", "/service/priorities", "/company/companies"),
    *("/company/companies/{}", "/company/companies/{}/sites", "/company/contacts/{}"),
    *("/company/contacts", "/company/contacts/{}/communications", "/time/entries"),
    *("/project/projects", "/project/projects/{}/phases", "/finance/agreements"),
    *("/Computers", "/Computers/{}", "/Clients", "/Clients/{}", "/Locations", "/Locations/{}"),
    *("/Scripts", "/Monitors", "/Alerts", "/Alerts/{}", "/Groups"),
)
SAMPLED = 60
#: What answers bytes instead of JSON.
BYTES = ("/image", "/pdf", "/download", "/thumbnail", "/uploadsample")
ROUTER = (400, "text/plain", "Cannot route. Codebase/company is invalid")


def blank(template: str) -> str:
    """Return a path without the names of its parameters."""
    return re.sub(r"\{[^}]*\}", "{}", template).rstrip("/")


@dataclass
class Side:
    """One vendor in one shape, with a tenant of its own and no limits."""

    name: str
    tenant: Any
    caller: Any
    _samples: dict[str, str] = field(default_factory=dict)

    @property
    def api(self) -> str:
        return self.name.split()[0]

    @property
    def routes(self) -> list[dict[str, str]]:
        """Return the operations on records: all of the main collections, some of the others.

        The engine is one for all: what holds for the main collections and for every so many-th of
        three thousand operations would have to fail by a rule of one resource alone.
        """
        listed = self.tenant.client.get("/_mock/routes").json["routes"]
        own = [r for r in listed if r["api"] == self.api and not is_special(r["path"])]
        paths = sorted({blank(r["path"]) for r in own})
        kept = {p for n, p in enumerate(paths) if p in MAIN or n % SAMPLED == 0}
        return [r for r in own if blank(r["path"]) in kept and not r["path"].endswith(BYTES)]

    @property
    def bodied(self) -> set[tuple[str, str]]:
        """Return method and path of the operations that take a body, as the document says."""
        found = self.tenant.admin("GET", f"/openapi/{self.api}.json").json["paths"]
        return {
            (method.upper(), blank(path))
            for path, item in found.items()
            for method, operation in item.items()
            if isinstance(operation, dict) and "requestBody" in operation
        }

    def ask(self, method: str, path: str, **sent: Any) -> TestResponse:
        return self.caller.request(method, path, **sent)

    def send(self, method: str, path: str, body: bytes | Any, **sent: Any) -> TestResponse:
        """Send a body: bytes as they are, anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **sent.pop("headers", {})}
        return self.caller.request(method, path, data=content, headers=headers, **sent)

    # -- paths --------------------------------------------------------------------------------

    def filled(self, template: str) -> str:
        """Return a path that exists: ids of the first records put into *template*."""
        if template not in self._samples:
            self._samples[template] = self._filled(template)
        return self._samples[template]

    def _filled(self, template: str) -> str:
        above, brace, below = template.rpartition("/{")
        if not brace:
            return template
        name, _, rest = below.partition("}")
        if "Identifier" in name:
            return f"{above}/Admin1{rest}"
        return f"{self._first(above)}{rest}"

    def _first(self, collection: str) -> str:
        """Return the path of the first record of a collection, below any parent that has one."""
        above, brace, below = collection.rpartition("/{")
        if not brace:
            rows = self.rows(collection, 1)
            return f"{collection}/{self.id_of(rows[0])}" if rows else f"{collection}/1"
        parents, last = above, below.partition("}")[2]
        for parent in self.rows(parents, 50):
            path = f"{parents}/{self.id_of(parent)}{last}"
            rows = self.rows(path, 1)
            if rows:
                return f"{path}/{self.id_of(rows[0])}"
        return f"{self._first(parents)}{last}/1"

    def rows(self, path: str, size: int = 1_000) -> list[dict[str, Any]]:
        answer = self.ask("GET", path, params={"pageSize": str(size)})
        return answer.json if answer.status_code == 200 and isinstance(answer.json, list) else []

    def id_of(self, record: dict[str, Any]) -> int:
        """Return a record's id, whatever the shape calls it."""
        return int(next(value for name, value in record.items() if ID_NAME.match(name)))

    def state(self, path: str) -> bytes:
        """Return all that a collection holds, as bytes."""
        return self.ask("GET", path, params={"pageSize": "1000"}).data

    # -- judging ------------------------------------------------------------------------------

    def offence(self, answer: TestResponse) -> str | None:
        """Return what is wrong with an answer to bad input; None when it is a proper one."""
        status, text = answer.status_code, answer.text
        if status >= 500:
            seen = SEEN_500.get(self.name)
            return (
                None if seen and status == 500 and seen.search(text) else f"{status} {text[:200]}"
            )
        if status >= 400 and not self._is_refusal(answer):
            return f"format of {status} {answer.mimetype} {text[:200]}"
        if status < 300 and status != 204 and answer.mimetype not in JSON_TYPES:
            return f"type of {status} {answer.mimetype}"
        return None

    def _is_refusal(self, answer: TestResponse) -> bool:
        if answer.request.method == "HEAD":
            return answer.data == b""
        if self.api == "psa" and answer.mimetype == "text/html":
            # Pages of the web server before the API, which also counts the URL (psa facts 3.9).
            return answer.status_code in {404, 414}
        if (answer.status_code, answer.mimetype, answer.text) == ROUTER:
            return self.api == "psa"
        if answer.mimetype not in JSON_TYPES or not isinstance(answer.json, dict):
            return False
        body = answer.json
        if self.name == "automate documented":
            body = body.get("error")
            return isinstance(body, dict) and texts(body, "code", "message")
        return texts(body, "Message") if self.api == "automate" else texts(body, "code", "message")


JSON_TYPES = {"application/json", "application/vnd.connectwise.com+json"}


def texts(body: dict[str, Any], *names: str) -> bool:
    return all(isinstance(body.get(name), str) and body[name] for name in names)


def is_special(path: str) -> bool:
    return path.casefold().startswith(("/login", "/api", "/system/info"))


def offences(asked: list[tuple[str, str | None]]) -> list[str]:
    return [f"{label[:120]} -> {offence}" for label, offence in asked if offence]
