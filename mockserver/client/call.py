"""One request of the client, what is put on it, and how an attempt at it ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests

from mockserver.client.errors import ConnectWiseError
from mockserver.client.retry import Failure, Kind


class Session(Protocol):
    """What is asked of a session: ``requests.Session``, or locust's."""

    @property
    def request(self) -> Callable[..., Any]:
        """Return what sends a request and returns its response."""


@dataclass(frozen=True)
class Call:
    """One request to be made.

    Attributes:
        method: In capitals.
        path: Below the base URL, ``/service/tickets/5``.
        params: Of the query.
        body: JSON to send, or None.
        headers: Besides those of the client.
        kind: What happens if it arrives twice.
        template: The path with its parameters' names, for statistics.
        signed: Whether it carries the credentials.
        wants_json: Whether the answer must be JSON; downloads are not.
        url: The whole URL, where it is not below the base.
        since_s: When that was first sent which this call repeats, by the client's clock; None for
            what repeats nothing.
    """

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = Kind.READ
    template: str = ""
    signed: bool = True
    wants_json: bool = True
    url: str = ""
    since_s: float | None = None


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    data: Any = None


@dataclass
class Signer:
    """Whoever puts credentials on requests.

    Attributes:
        headers: Returns the headers to send, or None when somebody has to log in first.
        prepare: Logs in when that is needed.
        renew: Logs in again after a 401 of a request that had been sent with these headers;
            None where credentials cannot be renewed.
    """

    headers: Callable[[], Mapping[str, str] | None]
    prepare: Callable[[], object] = lambda: None
    renew: Callable[[Mapping[str, str]], None] | None = None


UNSIGNED = Signer(dict)


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended."""

    answer: Answer | None = None
    failure: Failure | None = None
    error: ConnectWiseError | None = None
    asked_s: float | None = None


class Headers(requests.auth.AuthBase):
    """Sets headers as authentication does, so that no .netrc of the machine overrides them."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the headers on."""
        request.headers.update(self._headers)
        return request
