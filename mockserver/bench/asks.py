"""The requests that are measured, ready to be written to a socket."""

import base64
import json
from typing import Any
from urllib.parse import quote, urlencode

TICKETS = "/v4_6_release/apis/3.0/service/tickets"


def ask(method: str, path: str, body: Any = None, *, tenant: str = "") -> str:
    """Return a request of the tenant's API member, as text that stands for its bytes.

    Args:
        method: The HTTP method.
        path: The path with its query.
        body: What to send as JSON; None sends no body.
        tenant: Whose credentials to show; empty for the default tenant.
    """
    mark = f"-{tenant}" if tenant else ""
    key = base64.b64encode(f"company{mark}+publickey{mark}:privatekey".encode()).decode()
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Basic {key}",
        "clientId: 00000000-0000-4000-8000-000000000000",
        "Accept: application/json",
    ]
    text = "" if body is None else json.dumps(body)
    if text:
        lines += ["Content-Type: application/json", f"Content-Length: {len(text)}"]
    return "\r\n".join([*lines, "", text])


def page(conditions: str = "", order: str = "", **parameters: int) -> str:
    """Return the path of a page of tickets."""
    given: dict[str, Any] = {"conditions": conditions, "orderBy": order, **parameters}
    return f"{TICKETS}?{urlencode({n: v for n, v in given.items() if v}, quote_via=quote)}"


def indexed(spaces: int = 0) -> str:
    """Return a filtered and sorted page that an index serves; *spaces* make its text another."""
    return page(f"board/id{' ' * spaces}=1", "id desc")


def unindexed(spaces: int = 0) -> str:
    """Return a filtered and sorted page that no index serves."""
    return page(f'summary contains{" " * spaces} "e"', "summary")


def creation(company_id: int) -> str:
    """Return a request that creates a ticket."""
    body = {
        "summary": "The printer on the second floor prints blank pages",
        "board": {"id": 1},
        "company": {"id": company_id},
    }
    return ask("POST", TICKETS, body)


def changes(ticket_id: int) -> list[str]:
    """Return two requests that change a ticket, each to what it was not before."""
    return [
        ask("PATCH", f"{TICKETS}/{ticket_id}", [{"op": "replace", "path": "summary", "value": v}])
        for v in ("The scanner is on fire", "The scanner is off again")
    ]
