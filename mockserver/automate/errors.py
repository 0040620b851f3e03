"""Refusals as Automate words them, in both dialects.

Documented (seed 000): ``{"error": {"code", "message", "details"}}``. Observed: ASP.NET's
``{"Message"}`` (automate facts 60). What they say is the profile's, see ``error_quirks.py``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.automate.error_quirks import Phrase
from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.automate.shape import AutomateShape
from mockserver.core import errors
from mockserver.core.errors import ConditionFlaw, Fault, Flaw
from mockserver.core.schema import Field
from mockserver.web.exchange import Answer, Exchange

#: The words for a login or token that is refused, by the reason; ``TOKEN`` for all others.
REASONS: Mapping[str, Phrase] = {
    "credentials": Phrase.CREDENTIALS,
    "second factor": Phrase.SECOND_FACTOR,
    "passcode": Phrase.PASSCODE,
    "locked": Phrase.LOCKED,
}
FAULTS: Mapping[Flaw, Phrase] = {
    Flaw.MISSING: Phrase.MISSING,
    Flaw.TOO_LONG: Phrase.TOO_MANY_CHARS,
    Flaw.UNKNOWN_REFERENCE: Phrase.REFERENCE,
    Flaw.AMBIGUOUS_REFERENCE: Phrase.AMBIGUOUS,
    Flaw.EXISTS: Phrase.EXISTS,
}
PLACE = re.compile(r"\{(\w+)\}")
UNAUTHORIZED, SERVER_ERROR = 401, 500
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """What a refusal says, in neither dialect yet.

    Attributes:
        details: Shown in the documented dialect only.
        more: Members beside the message; shown in the observed dialect only.
        code: The documented code where the status does not tell it.
    """

    status: int
    message: str
    details: Mapping[str, Any] | None = None
    more: Mapping[str, Any] | None = None
    headers: Headers = ()
    code: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a refusal happened."""

    profile: AutomateProfile
    shape: AutomateShape
    url: str

    def say(self, phrase: Phrase, **values: Any) -> str:
        """Return the profile's words for *phrase* with *values* in their places."""
        text = self.profile.wording[phrase]
        return PLACE.sub(lambda found: str(values.get(found[1], found[0])), text)


def refuse(exchange: Exchange, refusal: errors.Refusal, shape: AutomateShape) -> Answer:
    """Return the answer that Automate gives to a refused request."""
    place = Place(profile_of(exchange.caller), shape, exchange.request.base_url)
    told = TELLERS[type(refusal)](place, refusal)
    shown = _documented if place.profile.seed_errors else _observed
    return Answer(told.status, orjson.dumps(shown(place.profile, told)), told.headers)


def _documented(profile: AutomateProfile, told: Told) -> dict[str, Any]:
    code = told.code or profile.codes.get(str(told.status), "Error")
    error: dict[str, Any] = {"code": code, "message": told.message}
    if told.details:
        error["details"] = told.details
    return {"error": error}


def _observed(profile: AutomateProfile, told: Told) -> dict[str, Any]:
    more = profile.server_error_members if told.status == SERVER_ERROR else {}
    return {"Message": told.message, **more, **(told.more or {})}


def quota_headers(limit: int, remaining: int, reset_s: int) -> Headers:
    """Return the headers of seed 000, "Rate Limit Headers"."""
    return (
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(remaining)),
        ("X-RateLimit-Reset", str(reset_s)),
    )


# -- the tellers ----------------------------------------------------------------------------------


def _unauthenticated(place: Place, refusal: errors.Unauthenticated) -> Told:
    status = place.profile.login_statuses.get(refusal.reason, 401)
    needs_code = refusal.reason in {"second factor", "passcode"}
    details = {"IsTwoFactorRequired": True} if needs_code else None
    message = place.say(REASONS.get(refusal.reason, Phrase.TOKEN))
    return Told(status, message, details, headers=_challenge(place, status))


def _client_id(place: Place, _refusal: errors.ClientIdMissing) -> Told:
    return Told(401, place.say(Phrase.CLIENT_ID), headers=_challenge(place, 401))


def _challenge(place: Place, status: int) -> Headers:
    wanted = status == UNAUTHORIZED and place.profile.challenge
    return (("WWW-Authenticate", "Bearer"),) if wanted else ()


def _unknown_endpoint(place: Place, refusal: errors.UnknownEndpoint) -> Told:
    status = place.profile.text_id_status if refusal.id_expected else 404
    detail = place.say(Phrase.URL_DETAIL, url=place.url)
    more = {"MessageDetail": detail} if detail else None
    return Told(status, place.say(Phrase.URL, url=place.url), more=more)


def _not_found(place: Place, refusal: errors.RecordNotFound) -> Told:
    noun = refusal.resource.rpartition("/")[2].rpartition(":")[2]
    noun = f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")
    text = place.profile.record_missing.replace("{kind}", noun)
    return Told(404, text.replace("{id}", str(refusal.record_id)))


def _method(place: Place, refusal: errors.MethodNotAllowed) -> Told:
    message = place.say(Phrase.METHOD, method=refusal.method)
    return Told(405, message, headers=(("Allow", ", ".join(refusal.allowed)),))


def _rate_limited(place: Place, refusal: errors.RateLimited) -> Told:
    stated = refusal.retry_after
    headers: Headers = () if stated is None else (("Retry-After", stated),)
    if place.profile.quota_headers:
        headers += quota_headers(refusal.limit, 0, refusal.reset_s)
    return Told(429, place.say(Phrase.QUOTA), headers=headers)


def _condition(place: Place, refusal: errors.BadCondition) -> Told:
    profile, parameter = place.profile, refusal.parameter
    if refusal.expected == "datetime" and refusal.found == "string" and not profile.quoted_dates:
        return Told(500, place.say(Phrase.SERVER_ERROR))
    status, phrase = {
        ConditionFlaw.UNKNOWN_NAME: (400, Phrase.CONDITION_NAME),
        ConditionFlaw.SYNTAX: (400, Phrase.CONDITION_SYNTAX),
        ConditionFlaw.TOO_COMPLEX: (profile.complex_status, Phrase.CONDITION_SYNTAX),
    }.get(refusal.flaw, (profile.mismatch_status, Phrase.CONDITION_VALUE))
    told = {"name": refusal.name, "parameter": parameter, "message": refusal.message}
    return Told(status, place.say(phrase, **told), {"field": parameter, "value": refusal.text})


def _invalid(place: Place, refusal: errors.InvalidRecord) -> Told:
    named = [
        (place.shape.spelt(refusal.resource, fault.path, place.profile.view), fault)
        for fault in refusal.faults
    ]
    states: dict[str, list[str]] = {}
    for name, fault in named if place.profile.every_fault else named[:1]:
        states.setdefault(name, []).append(_text(place, name, fault))
    is_taken = all(fault.flaw is Flaw.EXISTS for fault in refusal.faults)
    status = place.profile.name_taken_status if is_taken else 400
    name, first = named[0]
    value = first.value if isinstance(first.value, str | int | float | bool) else None
    if not place.profile.seed_errors:
        return Told(status, place.say(Phrase.RECORD), more={"ModelState": states})
    details = {"field": name, "value": value}
    all_faults = {"errors": states} if place.profile.every_fault else {}
    return Told(status, states[name][0], {**details, **all_faults})


def _text(place: Place, name: str, fault: Fault) -> str:
    if fault.flaw is Flaw.RULE:
        return str(fault.detail)
    longest = fault.detail.max_length if isinstance(fault.detail, Field) else None
    phrase = FAULTS.get(fault.flaw, Phrase.VALUE)
    return place.say(phrase, field=name, value=fault.value, limit=longest)


def _parameter(place: Place, refusal: errors.InvalidParameter) -> Told:
    told = {"name": refusal.name, "value": refusal.value, "message": refusal.message}
    details = {"field": refusal.name, "value": refusal.value}
    return Told(refusal.status, place.say(Phrase.PARAMETER, **told), details)


def _injected(place: Place, refusal: errors.InjectedError) -> Told:
    headers = dict(refusal.headers)
    if refusal.retry_after is not None:
        headers["Retry-After"] = refusal.retry_after
    message = refusal.message or place.say(Phrase.SERVER_ERROR)
    return Told(refusal.status, message, headers=tuple(headers.items()), code=refusal.code)


def _constant(status: int, phrase: Phrase) -> Callable[[Place, Any], Told]:
    return lambda place, _refusal: Told(status, place.say(phrase))


def _own_words(status: int, phrase: Phrase) -> Callable[[Place, Any], Told]:
    return lambda place, refusal: Told(status, place.say(phrase, message=refusal.message))


TELLERS: Mapping[type[errors.Refusal], Callable[[Place, Any], Told]] = {
    errors.Unauthenticated: _unauthenticated,
    errors.ClientIdMissing: _client_id,
    errors.Forbidden: _constant(403, Phrase.FORBIDDEN),
    errors.TlsRequired: _constant(403, Phrase.TLS),
    errors.UnknownEndpoint: _unknown_endpoint,
    errors.MethodNotAllowed: _method,
    errors.RecordNotFound: _not_found,
    errors.Conflict: lambda place, refusal: Told(
        place.profile.in_use_status, place.say(Phrase.CONFLICT, message=refusal.message)
    ),
    errors.InvalidRecord: _invalid,
    errors.InvalidParameter: _parameter,
    errors.DuplicateParameter: _constant(400, Phrase.REPEATED),
    errors.BadJson: _own_words(400, Phrase.BODY),
    errors.BadPatch: _own_words(400, Phrase.BODY),
    errors.BadCondition: _condition,
    errors.UnsupportedMedia: lambda place, refusal: Told(
        415, place.say(Phrase.MEDIA, media=refusal.content_type)
    ),
    errors.PayloadTooLarge: lambda place, refusal: Told(
        413, place.say(Phrase.TOO_LARGE, limit=refusal.limit_bytes)
    ),
    errors.UriTooLong: lambda place, refusal: Told(
        414, place.say(Phrase.TOO_LONG, limit=refusal.limit_chars)
    ),
    errors.RateLimited: _rate_limited,
    errors.InjectedError: _injected,
}
