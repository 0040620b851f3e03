"""Reading what a request of the control plane says."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import request

BODY_MAX_BYTES = 1_000_000


class AdminError(Exception):
    """A request of the control plane that cannot be carried out."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def body() -> Any:
    """Return the decoded body; an empty one is an empty object."""
    if request.environ.get("cwmock.too_large") or (request.content_length or 0) > BODY_MAX_BYTES:
        raise AdminError(413, "PayloadTooLarge", f"send at most {BODY_MAX_BYTES} bytes")
    text = request.get_data()
    if not text:
        return {}
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise AdminError(400, "BadJson", f"the body is not JSON: {error}") from None


def members(
    document: Any, known: Mapping[str, Any], required: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the members of *document*, each of the kind that *known* says; null counts as absent.

    Raises:
        AdminError: It is no object, or a member is unknown, missing or of another kind.
    """
    if not isinstance(document, dict):
        raise AdminError(400, "BadRequest", "the body must be a JSON object")
    for name, value in document.items():
        if name not in known:
            raise AdminError(400, "BadRequest", f"unknown member {name!r}; known: {sorted(known)}")
        if value is not None and not _fits(value, known[name]):
            raise AdminError(400, "BadRequest", f"{name} has a value of the wrong type")
    for name in required:
        if document.get(name) is None:
            raise AdminError(400, "BadRequest", f"{name} is required")
    return {name: value for name, value in document.items() if value is not None}


def _fits(value: Any, kind: Any) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return isinstance(value, kind)


def instant_of(text: str | None) -> datetime | None:
    """Return an ISO instant; without a zone it is UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise AdminError(400, "BadRequest", "now must be an ISO instant") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def choice(text: str, least: int, most: int) -> int:
    """Return a whole number between two bounds."""
    if not text.isascii() or not text.isdigit() or not least <= int(text[:18]) <= most:
        raise AdminError(400, "BadRequest", f"limit must be a number from {least} to {most}")
    return int(text)
