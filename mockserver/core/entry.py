"""One exchange as the journal keeps it, and as the control plane shows it."""

import codecs
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mockserver.core.attempt import Attempt
from mockserver.core.effects import Effect
from mockserver.core.redaction import Headers

BODY_BYTES_MAX = 64 * 1024

# What an entry weighs besides its texts, roughly; only the bound on memory depends on it.
_ENTRY_BYTES, _HEADER_BYTES = 700, 150


@dataclass(slots=True, kw_only=True, eq=False)
class Entry:
    """One exchange, as it is handed to the journal.

    Attributes:
        at: The tenant's instant at which the request came.
        api: ``psa`` or ``automate``.
        method: The HTTP method.
        path: Below the API's base, as sent.
        url: Path and query as sent.
        key: The public key or user name; None for a caller that is not known.
        login: The name that the key or token stands for; empty when nobody is known.
        connection: Which TCP connection carried it.
        template: The route's template; None when no operation was found.
        status: The answer's status; None when the connection was broken instead.
        duration_ms: From the request's start to the answer's end.
        queued_ms: How much of that it waited for a free slot.
        request_headers: As sent.
        request_body: As sent; None when there was none or it was not read.
        response_headers: As answered.
        response_body: As answered.
        response_is_plain: Whether the answer holds no member that could be a secret, by its
            declaration; it is then not searched for any, which pays for large pages.
        faults: The effects that struck.
        error: The traceback of a defect.
        hint: Why the answer is what it is, whether or not it was sent along.
        attempt: What is kept of it for longer, for grading; the journal completes it.
        id: Given by the journal, increasing.
        request_truncated: Set by the journal when it kept only the body's beginning.
        response_truncated: Likewise for the answer.
        bytes_kept: Set by the journal, for its bound on memory.
    """

    at: datetime
    api: str
    method: str
    path: str
    url: str
    key: str | None = None
    login: str = ""
    connection: str | None = None
    template: str | None = None
    status: int | None = None
    duration_ms: float = 0.0
    queued_ms: float = 0.0
    request_headers: Headers = ()
    request_body: bytes | None = None
    response_headers: Headers = ()
    response_body: bytes | None = None
    response_is_plain: bool = False
    faults: tuple[Effect, ...] = ()
    error: str | None = None
    hint: str | None = None
    attempt: Attempt = field(default_factory=Attempt)
    id: int = 0
    request_truncated: bool = False
    response_truncated: bool = False
    bytes_kept: int = 0

    def document(self) -> dict[str, object]:
        """Return the entry as the control plane shows it."""
        return {
            "id": self.id,
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "duration_ms": round(self.duration_ms, 3),
            "queued_ms": round(self.queued_ms, 3),
            "api": self.api,
            "key": self.key,
            "login": self.login,
            "connection": self.connection,
            "method": self.method,
            "path": self.path,
            "url": self.url,
            "template": self.template,
            "status": self.status,
            "request_headers": _joined(self.request_headers),
            "request_body": _text(self.request_body),
            "request_truncated": self.request_truncated,
            "response_headers": _joined(self.response_headers),
            "response_body": _text(self.response_body),
            "response_truncated": self.response_truncated,
            "faults": [{"id": effect.fault_id, "kind": effect.kind} for effect in self.faults],
            "error": self.error,
            "hint": self.hint,
            **self._told(),
        }

    def _told(self) -> dict[str, object]:
        """Return what grading judges by (retry facts 3.1)."""
        told, (limit, remaining, reset) = self.attempt, self.attempt.limits
        return {
            "arrived_ns": told.arrived_ns,
            "received_ns": told.received_ns,
            "flushed_ns": told.flushed_ns,
            "in_flight": told.in_flight,
            "body_digest": told.digest or None,
            "retry_after": told.retry_after,
            "limit": limit,
            "remaining": remaining,
            "reset": reset,
            "verdict": told.verdict,
            "applied": told.applied,
            "effects": list(told.effects),
            "aborted": told.aborted,
            "token": told.token or None,
            "client_id": told.client_id or None,
        }

    def weight(self) -> int:
        """Return roughly how much memory the entry holds."""
        headers = len(self.request_headers) + len(self.response_headers)
        bodies = len(self.request_body or b"") + len(self.response_body or b"")
        texts = len(self.url) + len(self.path) + len(self.error or "") + len(self.hint or "")
        return _ENTRY_BYTES + headers * _HEADER_BYTES + bodies + texts


def _joined(headers: Headers) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _text(body: bytes | None) -> str | None:
    if body is None or b"\0" in body:
        return None
    # The cut may have split the last character.
    whole = len(body) < BODY_BYTES_MAX
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body, final=whole)
    except UnicodeDecodeError:
        return None
