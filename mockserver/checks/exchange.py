"""What was asked and answered, without anything that must not be in a report."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import requests

from mockserver.client.call import Session

#: The headers of an answer that say something about the interface.
TELLING = frozenset(
    {
        *("content-type", "link", "location", "x-total-count", "total-count", "x-page"),
        *("x-page-size", "x-total-pages", "x-ratelimit-limit", "x-ratelimit-remaining"),
        *("x-ratelimit-reset", "retry-after", "api-current-version", "allow"),
    }
)
SECRET = re.compile(r"(?i)token|password|passcode|secret|twofactor|private_?key|signing_?key|^key$")
MASK = "***"
BODY_CHARS_MAX = 20_000
#: Elements of a list that a report shows: enough to tell how rows look.
SHOWN = 5


@dataclass(frozen=True)
class Exchange:
    """One request and its answer.

    Attributes:
        method: In capitals.
        path: Below the host, with the query.
        status: Of the answer.
        sent: The body that was sent, decoded; secrets masked.
        headers: The telling headers of the answer, names in lower case.
        body: The answer's body, decoded where it is JSON; secrets masked.
        is_json: Whether it is.
    """

    method: str
    path: str
    status: int
    sent: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    is_json: bool = True

    def document(self) -> dict[str, Any]:
        """Return it as JSON, of long lists the beginning."""
        return asdict(self.shortened())

    def shortened(self) -> "Exchange":
        """Return it with the beginning of long lists only."""
        return replace(self, sent=_beginning(self.sent), body=_beginning(self.body))


class Recorder:
    """A session that keeps what passes through another one.

    Args:
        session: Sends.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.exchanges: list[Exchange] = []

    def request(self, method: str, url: str, **options: Any) -> Any:
        """Send, keep and return."""
        response = self._session.request(method, url, **options)
        self.exchanges.append(exchange_of(method, response, options.get("data")))
        return response


def exchange_of(method: str, response: requests.Response, sent: bytes | None) -> Exchange:
    """Return what a response and its request say, without secrets."""
    url = urlsplit(response.url)
    body, is_json = _decoded(response.content)
    headers = {
        name.lower(): value for name, value in response.headers.items() if name.lower() in TELLING
    }
    return Exchange(
        method,
        url.path + (f"?{url.query}" if url.query else ""),
        response.status_code,
        masked(_decoded(sent or b"")[0]),
        headers,
        masked(body),
        is_json,
    )


def _decoded(content: bytes) -> tuple[Any, bool]:
    if not content:
        return None, True
    try:
        return json.loads(content), True
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace")[:BODY_CHARS_MAX], False


def _beginning(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _beginning(each) for name, each in value.items()}
    if not isinstance(value, list):
        return value
    more = [f"… {len(value) - SHOWN} more"] if len(value) > SHOWN else []
    return [*map(_beginning, value[:SHOWN]), *more]


def masked(value: Any) -> Any:
    """Return JSON whose secret members are masked."""
    if isinstance(value, dict):
        return {
            name: MASK if SECRET.search(name) and each not in (None, "") else masked(each)
            for name, each in value.items()
        }
    return [masked(each) for each in value] if isinstance(value, list) else value
