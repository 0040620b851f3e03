"""Reading what a request of the control plane says."""

import contextlib
import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import orjson
from flask import request

from mockserver.web.exchange import BOM

JSON, ZIP = "application/json", "application/zip"
BODY_MAX_BYTES = 1_000_000
SHOWN_CHARS_MAX, MESSAGE_CHARS_MAX = 80, 400
KIND_NAMES: Mapping[type, str] = MappingProxyType(
    {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "a text",
        dict: "an object",
        object: "a value",
    }
)


#: Headers of an answer; a list has a line for each.
AdminHeaders = Mapping[str, str | list[str]]


class AdminError(Exception):
    """A request of the control plane that cannot be carried out.

    Args:
        status: Of the answer.
        code: For programs.
        message: For people.
        headers: Further headers of the answer.
    """

    def __init__(
        self, status: int, code: str, message: str, headers: AdminHeaders | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, _cut(message, MESSAGE_CHARS_MAX)
        self.headers = headers or {}


def bad_request(message: str) -> AdminError:
    """Return the refusal of something that cannot be understood."""
    return AdminError(400, "BadRequest", message)


def shown(text: str) -> str:
    """Return a text from outside as messages quote it: escaped, and cut when it is long."""
    return repr(_cut(text, SHOWN_CHARS_MAX))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def has_body() -> bool:
    """Tell whether the request has a body, be it too long to be read."""
    return bool(request.content_length) or "cwmock.too_large" in request.environ


def body() -> Any:
    """Return the decoded body; an empty one is an empty object."""
    if request.environ.get("cwmock.too_large") or (request.content_length or 0) > BODY_MAX_BYTES:
        raise AdminError(413, "PayloadTooLarge", f"send at most {BODY_MAX_BYTES} bytes")
    text = request.get_data().removeprefix(BOM)
    if not text:
        return {}
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise AdminError(400, "BadJson", f"the body is not JSON: {error}") from None
    _refuse_repeated(text)
    return document


def _refuse_repeated(text: bytes) -> None:
    """Refuse a member that is given twice: one of the two would be ignored in silence."""
    with contextlib.suppress(RecursionError):  # nobody reads what is nested so deep
        json.loads(text.decode(), object_pairs_hook=_unrepeated, parse_int=str, parse_float=str)


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise bad_request(f"the member {shown(twice)} is given twice")
    return found


def members(
    document: Any, known: Mapping[str, type], required: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the members of *document*, each of the kind that *known* says; null counts as absent.

    Raises:
        AdminError: It is no object, or a member is unknown, missing or of another kind.
    """
    if not isinstance(document, dict):
        raise bad_request("the body must be a JSON object")
    for name, value in document.items():
        if name not in known:
            raise bad_request(f"there is no member {shown(name)}; there are: {_listed(known)}")
        if value is not None and not _fits(value, known[name]):
            raise bad_request(f"{name} must be {KIND_NAMES[known[name]]}")
    for name in required:
        if document.get(name) is None:
            raise bad_request(f"{name} is required")
    return {name: value for name, value in document.items() if value is not None}


def _listed(known: Mapping[str, type]) -> str:
    return ", ".join(known) or "none"


def _fits(value: Any, kind: type) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if kind is float:
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, kind)


def instant_of(text: str | None) -> datetime | None:
    """Return an ISO instant in UTC; one without a zone is taken to be."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad_request("now must be an ISO instant such as 2026-01-31T09:00:00Z") from None


def flag(name: str, text: str) -> bool:
    """Return what a query parameter says that is true or false."""
    if text not in {"true", "false"}:
        raise bad_request(f"{name} must be true or false")
    return text == "true"


def choice(name: str, text: str, least: int, most: int) -> int:
    """Return the whole number in a query parameter, between two bounds."""
    if not text.isascii() or not text.isdigit() or not least <= int(text[:18]) <= most:
        raise bad_request(f"{name} must be a whole number from {least} to {most}")
    return int(text)
