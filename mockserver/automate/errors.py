"""Refusals as Automate words them, in both dialects.

Documented (seed 000): ``{"error": {"code", "message", "details"}}``. Observed: ASP.NET's
``{"Message"}`` (automate facts 60). Texts that nobody recorded are the framework's own.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from mockserver.automate.profile import profile_of
from mockserver.core import errors
from mockserver.core.errors import ConditionFlaw, Fault, Flaw
from mockserver.core.schema import Field
from mockserver.web.exchange import Answer, Exchange

CODES: Mapping[int, str] = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    413: "PayloadTooLarge",
    414: "UriTooLong",
    415: "UnsupportedMediaType",
    429: "RateLimited",
    500: "ServerError",
    503: "Unavailable",
}
EXPIRED = "Token expired or invalid. Re-authenticate."
STOCK_401 = "Authorization has been denied for this request."
REPEATED = "An item with the same key has already been added."
Details = dict[str, Any] | None


def refuse(exchange: Exchange, refusal: errors.Refusal) -> Answer:
    """Return the answer that Automate gives to a refused request."""
    status, message, details, headers = _told(exchange, refusal)
    profile = profile_of(exchange.caller)
    code = CODES.get(status, "Error")
    if isinstance(refusal, errors.InjectedError):
        code = refusal.code or code
    if profile.seed_errors:
        error: dict[str, Any] = {"code": code, "message": message}
        if details:
            error["details"] = details
        return Answer(status, orjson.dumps({"error": error}), headers)
    document: dict[str, Any] = {"Message": message}
    if details and "ModelState" in details:
        document["ModelState"] = details["ModelState"]
    return Answer(status, orjson.dumps(document), headers)


Told = tuple[int, str, Details, tuple[tuple[str, str], ...]]


def _told(exchange: Exchange, refusal: errors.Refusal) -> Told:
    match refusal:
        case errors.Unauthenticated():
            return _unauthenticated(exchange, refusal)
        case errors.RateLimited():
            return _rate_limited(exchange, refusal)
        case errors.BadCondition():
            return _condition(exchange, refusal)
        case errors.InvalidRecord():
            return _invalid(exchange, refusal)
        case errors.MethodNotAllowed():
            message = f"The requested resource does not support http method '{refusal.method}'."
            return 405, message, None, (("Allow", ", ".join(refusal.allowed)),)
        case errors.InjectedError():
            return _injected(refusal)
    status, message = _plain(exchange, refusal)
    return status, message, None, ()


def _plain(exchange: Exchange, refusal: errors.Refusal) -> tuple[int, str]:
    match refusal:
        case errors.ClientIdMissing():
            return 401, STOCK_401
        case errors.Forbidden():
            return 403, "Permission denied. Check user rights."
        case errors.TlsRequired():
            return 403, "SSL is required."
        case errors.UnknownEndpoint():
            uri = exchange.request.base_url
            return 404, f"No HTTP resource was found that matches the request URI '{uri}'."
        case errors.RecordNotFound():
            return 404, f"{_noun(refusal.resource)} with ID {refusal.record_id} not found"
        case errors.Conflict():
            return 409, refusal.message
        case errors.DuplicateParameter():
            return 400, REPEATED
        case errors.InvalidParameter() | errors.BadJson() | errors.BadPatch():
            return 400, refusal.message
    return _oversized(refusal)


def _oversized(refusal: errors.Refusal) -> tuple[int, str]:
    match refusal:
        case errors.UnsupportedMedia():
            kind = refusal.content_type
            return 415, f"The request entity's media type '{kind}' is not supported."
        case errors.PayloadTooLarge():
            return 413, f"The request entity is larger than {refusal.limit_bytes} bytes."
        case errors.UriTooLong():
            return 414, f"The request URL is longer than {refusal.limit_chars} characters."
    raise AssertionError(refusal)


def _noun(path: str) -> str:
    last = path.rpartition("/")[2].rpartition(":")[2]
    return last.removesuffix("s")


def _unauthenticated(exchange: Exchange, refusal: errors.Unauthenticated) -> Told:
    if profile_of(exchange.caller).seed_errors:
        needs_code = refusal.reason in {"second factor", "passcode"}
        details = {"IsTwoFactorRequired": True} if needs_code else None
        return 401, EXPIRED, details, (("WWW-Authenticate", "Bearer"),)
    return 401, STOCK_401, None, (("WWW-Authenticate", "Bearer"),)


def quota_headers(limit: int, remaining: int, reset_s: int) -> tuple[tuple[str, str], ...]:
    """Return the headers of seed 000, "Rate Limit Headers"."""
    return (
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(remaining)),
        ("X-RateLimit-Reset", str(reset_s)),
    )


def _rate_limited(exchange: Exchange, refusal: errors.RateLimited) -> Told:
    headers: tuple[tuple[str, str], ...] = (("Retry-After", str(refusal.retry_after_s)),)
    if profile_of(exchange.caller).quota_headers:
        headers += quota_headers(refusal.limit, 0, refusal.reset_s)
    return 429, "Too many requests. Implement backoff.", None, headers


def _condition(exchange: Exchange, refusal: errors.BadCondition) -> Told:
    """Quote the seed's sentence for syntax, and say ``Invalid field`` as recorded (51)."""
    details = {"field": "condition", "value": refusal.text, "offset": refusal.offset}
    if refusal.flaw is ConditionFlaw.UNKNOWN_NAME:
        return 400, f"Invalid field '{refusal.name}' in condition", details, ()
    if refusal.flaw is ConditionFlaw.SYNTAX:
        message = "Invalid filter syntax in condition parameter"
        return 400, message, {**details, "reason": refusal.message}, ()
    mismatch = refusal.flaw is ConditionFlaw.TYPE_MISMATCH
    quoted_date = mismatch and (refusal.expected, refusal.found) == ("datetime", "string")
    if quoted_date and not profile_of(exchange.caller).quoted_dates:
        return 500, "An error has occurred.", None, ()
    return 400, refusal.message or "The condition does not fit the field.", details, ()


def _invalid(exchange: Exchange, refusal: errors.InvalidRecord) -> Told:
    texts = {fault.path: [_fault(fault)] for fault in refusal.faults}
    if profile_of(exchange.caller).seed_errors:
        first = refusal.faults[0]
        value = first.value if isinstance(first.value, str | int | float | bool) else None
        details = {"field": first.path, "value": value, "errors": texts}
        return 400, _fault(first), details, ()
    return 400, "The request is invalid.", {"ModelState": texts}, ()


def _fault(fault: Fault) -> str:
    match fault.flaw:
        case Flaw.MISSING:
            return f"The {fault.path} field is required."
        case Flaw.TOO_LONG if isinstance(fault.detail, Field):
            return f"The field {fault.path} may have {fault.detail.max_length} characters at most."
        case Flaw.UNKNOWN_REFERENCE:
            return f"{fault.path} {fault.value} not found"
        case Flaw.EXISTS:
            return f"A record with this {fault.path} already exists."
        case Flaw.RULE:
            return str(fault.detail)
    return f"The value of {fault.path} is not valid."


def _injected(refusal: errors.InjectedError) -> Told:
    headers = dict(refusal.headers)
    if refusal.retry_after is not None:
        headers["Retry-After"] = refusal.retry_after
    return refusal.status, refusal.message or "An error has occurred.", None, tuple(headers.items())
