"""Refusals as Automate words them, in both dialects.

Documented (seed 000): ``{"error": {"code", "message", "details"}}``. Observed: ASP.NET's
``{"Message"}`` (automate facts 60). Texts that nobody recorded are the framework's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.automate.shape import AutomateShape
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
STOCK_401 = "Authorization has been denied for this request."
STOCK_500 = "An error has occurred."
#: Seed 000, "Error Handling Pattern", has the first; the others are ours.
EXPIRED = "Token expired or invalid. Re-authenticate."
LOGIN_TEXTS: Mapping[str, str] = {
    "credentials": "Invalid username or password.",
    "second factor": "Two-factor code required.",
    "passcode": "Invalid two-factor code.",
    "locked": "The user is locked.",
}
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """What a refusal says, in neither dialect yet.

    Attributes:
        details: Shown in the documented dialect only.
        states: Texts by field, ASP.NET's model state; shown in the observed dialect only.
        code: The documented code where the status does not tell it.
    """

    status: int
    message: str
    details: Mapping[str, Any] | None = None
    states: Mapping[str, Any] | None = None
    headers: Headers = ()
    code: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a refusal happened."""

    profile: AutomateProfile
    shape: AutomateShape
    url: str


def refuse(exchange: Exchange, refusal: errors.Refusal, shape: AutomateShape) -> Answer:
    """Return the answer that Automate gives to a refused request."""
    place = Place(profile_of(exchange.caller), shape, exchange.request.base_url)
    told = TELLERS[type(refusal)](place, refusal)
    shown = _documented(told) if place.profile.seed_errors else _observed(told)
    return Answer(told.status, orjson.dumps(shown), told.headers)


def _documented(told: Told) -> dict[str, Any]:
    code = told.code or CODES.get(told.status, "Error")
    error: dict[str, Any] = {"code": code, "message": told.message}
    if told.details:
        error["details"] = told.details
    return {"error": error}


def _observed(told: Told) -> dict[str, Any]:
    return {"Message": told.message, **({"ModelState": told.states} if told.states else {})}


def quota_headers(limit: int, remaining: int, reset_s: int) -> Headers:
    """Return the headers of seed 000, "Rate Limit Headers"."""
    return (
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(remaining)),
        ("X-RateLimit-Reset", str(reset_s)),
    )


# -- the tellers ----------------------------------------------------------------------------------


def _unauthenticated(place: Place, refusal: errors.Unauthenticated) -> Told:
    headers = (("WWW-Authenticate", "Bearer"),)
    is_wrong_code = refusal.reason == "passcode"
    status = place.profile.wrong_passcode_status if is_wrong_code else 401
    if not place.profile.seed_errors:
        return Told(status, STOCK_401, headers=headers)
    needs_code = refusal.reason in {"second factor", "passcode"}
    details = {"IsTwoFactorRequired": True} if needs_code else None
    return Told(status, LOGIN_TEXTS.get(refusal.reason, EXPIRED), details, headers=headers)


def _unknown_endpoint(place: Place, _refusal: errors.UnknownEndpoint) -> Told:
    return Told(404, f"No HTTP resource was found that matches the request URI '{place.url}'.")


def _not_found(place: Place, refusal: errors.RecordNotFound) -> Told:
    noun = refusal.resource.rpartition("/")[2].rpartition(":")[2]
    noun = f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")
    text = place.profile.record_missing.replace("{kind}", noun)
    return Told(404, text.replace("{id}", str(refusal.record_id)))


def _method(_place: Place, refusal: errors.MethodNotAllowed) -> Told:
    message = f"The requested resource does not support http method '{refusal.method}'."
    return Told(405, message, headers=(("Allow", ", ".join(refusal.allowed)),))


def _rate_limited(place: Place, refusal: errors.RateLimited) -> Told:
    stated = refusal.retry_after
    headers: Headers = () if stated is None else (("Retry-After", stated),)
    if place.profile.quota_headers:
        headers += quota_headers(refusal.limit, 0, refusal.reset_s)
    return Told(429, "Too many requests. Implement backoff.", headers=headers)


def _condition(place: Place, refusal: errors.BadCondition) -> Told:
    """Quote the seed's sentence for syntax, and say ``Invalid field`` as recorded (51)."""
    parameter = refusal.parameter
    details = {"field": parameter, "value": refusal.text}
    if refusal.flaw is ConditionFlaw.UNKNOWN_NAME:
        message = f"Invalid field '{refusal.name}' in {parameter}"
        return Told(400, message, details)
    if refusal.flaw in {ConditionFlaw.SYNTAX, ConditionFlaw.TOO_COMPLEX}:
        message = f"Invalid filter syntax in {parameter} parameter"
        return Told(400, message, details)
    mismatch = refusal.flaw is ConditionFlaw.TYPE_MISMATCH
    quoted_date = mismatch and (refusal.expected, refusal.found) == ("datetime", "string")
    if quoted_date and not place.profile.quoted_dates:
        return Told(500, STOCK_500)
    return Told(400, f"The value does not fit the field: {refusal.message}", details)


def _invalid(place: Place, refusal: errors.InvalidRecord) -> Told:
    named = [
        (place.shape.spelt(refusal.resource, fault.path, place.profile.view), fault)
        for fault in refusal.faults
    ]
    states: dict[str, list[str]] = {}
    for name, fault in named:
        states.setdefault(name, []).append(_text(name, fault))
    is_taken = all(fault.flaw is Flaw.EXISTS for fault in refusal.faults)
    status = place.profile.name_taken_status if is_taken else 400
    name, first = named[0]
    value = first.value if isinstance(first.value, str | int | float | bool) else None
    if not place.profile.seed_errors:
        return Told(status, "The request is invalid.", states=states)
    return Told(status, states[name][0], {"field": name, "value": value, "errors": states})


def _text(name: str, fault: Fault) -> str:
    longest = fault.detail.max_length if isinstance(fault.detail, Field) else None
    texts = {
        Flaw.MISSING: f"The {name} field is required.",
        Flaw.TOO_LONG: f"The field {name} may have {longest} characters at most.",
        Flaw.UNKNOWN_REFERENCE: f"{name} {fault.value} not found",
        Flaw.AMBIGUOUS_REFERENCE: f"{name} {fault.value} is ambiguous",
        Flaw.EXISTS: f"{name} {fault.value} already exists",
        Flaw.RULE: str(fault.detail),
    }
    return texts.get(fault.flaw, f"The value of {name} is not valid.")


def _parameter(_place: Place, refusal: errors.InvalidParameter) -> Told:
    return Told(400, refusal.message, {"field": refusal.name, "value": refusal.value})


def _injected(_place: Place, refusal: errors.InjectedError) -> Told:
    headers = dict(refusal.headers)
    if refusal.retry_after is not None:
        headers["Retry-After"] = refusal.retry_after
    message = refusal.message or STOCK_500
    return Told(refusal.status, message, headers=tuple(headers.items()), code=refusal.code)


def _media(_place: Place, refusal: errors.UnsupportedMedia) -> Told:
    kind = refusal.content_type
    return Told(415, f"The request entity's media type '{kind}' is not supported.")


def _constant(status: int, message: str) -> Callable[[Place, Any], Told]:
    return lambda _place, _refusal: Told(status, message)


def _own_words(_place: Place, refusal: Any) -> Told:
    return Told(400, refusal.message)


TELLERS: Mapping[type[errors.Refusal], Callable[[Place, Any], Told]] = {
    errors.Unauthenticated: _unauthenticated,
    errors.ClientIdMissing: _constant(401, STOCK_401),
    errors.Forbidden: _constant(403, "Permission denied. Check user rights."),
    errors.TlsRequired: _constant(403, "SSL is required."),
    errors.UnknownEndpoint: _unknown_endpoint,
    errors.MethodNotAllowed: _method,
    errors.RecordNotFound: _not_found,
    errors.Conflict: lambda place, refusal: Told(place.profile.in_use_status, refusal.message),
    errors.InvalidRecord: _invalid,
    errors.InvalidParameter: _parameter,
    errors.DuplicateParameter: _constant(400, "An item with the same key has already been added."),
    errors.BadJson: _own_words,
    errors.BadPatch: _own_words,
    errors.BadCondition: _condition,
    errors.UnsupportedMedia: _media,
    errors.PayloadTooLarge: lambda _place, refusal: Told(
        413, f"The request entity is larger than {refusal.limit_bytes} bytes."
    ),
    errors.UriTooLong: lambda _place, refusal: Told(
        414, f"The request URL is longer than {refusal.limit_chars} characters."
    ),
    errors.RateLimited: _rate_limited,
    errors.InjectedError: _injected,
}
