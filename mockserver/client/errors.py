"""What can go wrong, as a tree by meaning. No message, repr or attribute holds a secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class ConnectWiseError(Exception):
    """Anything that this client raises.

    Attributes:
        attempts: How often the request was sent.
        reason: Why it was not repeated (again).
        since_s: When it was first sent, by the client's clock; None when it never was.
    """

    attempts: int = 0
    reason: str = ""
    since_s: float | None = None


class SettingMissing(ConnectWiseError, ValueError):
    """A credential or address is neither an argument nor in the environment."""


class ClientClosed(ConnectWiseError):
    """The client was closed while the request waited."""


class Unreachable(ConnectWiseError):
    """No byte reached the server: refused connection, unknown name, TLS that did not come about."""


class OutcomeUnknown(ConnectWiseError):
    """The request may have been carried out or not: timeout, lost connection, unreadable answer.

    A create that ends like this must be looked for before it is sent again; ``create(verify=…)``
    does so.
    """


class GateShut(ConnectWiseError):
    """The request was not sent: it would have had to wait longer than it may."""


class PagesMoved(ConnectWiseError):
    """The rows of a walk through pages do not fit together."""


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field."""

    field: str
    code: str
    message: str


class Refused(ConnectWiseError):
    """The server answered with an error.

    Attributes:
        status: HTTP status.
        code: The vendor's code, empty when there is none.
        message: The vendor's text.
        fields: What is wrong with which field.
        request_id: How the server names the request, empty when it does not.
        operation: Method and path.
        retry_after_s: What the server asked to wait, if it did.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        fields: Sequence[FieldError] = (),
        request_id: str = "",
        operation: str = "",
    ) -> None:
        self.status, self.message, self.code = status, message, code
        self.fields, self.request_id, self.operation = tuple(fields), request_id, operation
        self.retry_after_s: float | None = None
        super().__init__(status, code, message)

    def __str__(self) -> str:
        """Return one line for people."""
        parts = [f"{self.status}", self.code, f"on {self.operation}" if self.operation else ""]
        head = " ".join(filter(None, parts))
        details = "; ".join(f"{each.field}: {each.message}" for each in self.fields)
        return f"{head}: {self.message}" + (f" ({details})" if details else "")

    def __repr__(self) -> str:
        """Return the class and the line."""
        return f"<{type(self).__name__} {self}>"


class InvalidRequest(Refused):
    """400, 405, 406, 413, 415, 422: the request itself is wrong."""


class ValidationFailed(InvalidRequest):
    """The request names fields that are wrong or missing."""


class NotAuthenticated(Refused):
    """401: the credentials, the token or the clientId are refused."""


class TwoFactorRequired(NotAuthenticated):
    """The account wants a passcode and the client has none."""


class Forbidden(Refused):
    """403: the member or user may not do this."""


class NotFound(Refused):
    """404: there is no such record or operation."""


class Conflict(Refused):
    """409: the record is in the way."""


class RecordLocked(Conflict):
    """409: somebody edits the record."""


class RateLimited(Refused):
    """429: more requests than the key may make."""


class ServerFault(Refused, OutcomeUnknown):
    """5xx: the server failed; a write may have been carried out."""


class Unavailable(ServerFault):
    """503: the server takes no requests for now."""


class UnreadableAnswer(OutcomeUnknown):
    """The answer is a success but not what was asked for: no JSON, or cut short."""


_BY_STATUS: dict[int, type[Refused]] = {
    401: NotAuthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: RateLimited,
    503: Unavailable,
}


def is_locked(status: int, code: str) -> bool:
    """Tell whether an answer says that a record is locked (seeds 002 and 004: RecordLocked)."""
    return status == 409 and code.casefold() == "recordlocked"  # noqa: PLR2004


def refusal(status: int, body: Any, *, request_id: str = "", operation: str = "") -> Refused:
    """Return the error that an answer means; *body* is decoded JSON or a text."""
    code, message, fields = _read(body)
    kind = _BY_STATUS.get(status, ServerFault if status >= 500 else InvalidRequest)  # noqa: PLR2004
    if kind is InvalidRequest and fields:
        kind = ValidationFailed
    if is_locked(status, code):
        kind = RecordLocked
    return kind(
        status,
        message or f"the server answered {status}",
        code=code,
        fields=fields,
        request_id=request_id,
        operation=operation,
    )


def code_of(body: Any) -> str:
    """Return the vendor's code in an error body, or an empty text."""
    return _read(body)[0]


def _read(body: Any) -> tuple[str, str, tuple[FieldError, ...]]:
    """Return code, message and field errors of any of the vendors' error bodies.

    PSA: ``{"code", "message", "errors": [{"code", "message", "field"}]}``; Automate documented:
    ``{"error": {"code", "message", "details"}}``, observed: ``{"Message"}``.
    """
    if isinstance(body, str):
        return "", " ".join(body.split())[:200], ()
    if not isinstance(body, dict):
        return "", "", ()
    inner = body.get("error")
    members = inner if isinstance(inner, dict) else body
    code, message = members.get("code"), members.get("message") or members.get("Message")
    return str(code or ""), str(message or ""), (*_errors(members), *_details(members))


def _errors(members: dict[str, Any]) -> list[FieldError]:
    listed = members.get("errors")
    return [
        FieldError(
            str(each.get("field") or ""),
            str(each.get("code") or ""),
            str(each.get("message") or ""),
        )
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict) and each.get("field")
    ]


def _details(members: dict[str, Any]) -> list[FieldError]:
    details = members.get("details")
    if not isinstance(details, dict) or not details.get("field"):
        return []
    value = details.get("value")
    return [FieldError(str(details["field"]), "", f"the value {str(value)[:80]!r} is refused")]
