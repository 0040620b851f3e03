"""Refusals as PSA words them: status, headers and body, in both profiles.

The observed texts are quoted from recordings (psa facts 6); the codes are in ``codes.py``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.core import errors
from mockserver.psa.codes import Case, Phrase
from mockserver.psa.envelope import Envelope, pretty, psa_profile, rendered
from mockserver.psa.payload_errors import bad_json, bad_patch, entry, invalid_record, model_of
from mockserver.psa.texts import TYPE_RULES, noun
from mockserver.web.exchange import Answer, Exchange

ROUTER_TEXT = b"Cannot route. Codebase/company is invalid"
#: Psa facts 6.4: as long as the recorded one, in words of our own.
HTML_404 = (
    b"<!DOCTYPE html>\r\n<html>\r\n<head><title>404 - File or directory not found.</title></head>"
    b"\r\n<body>\r\n<h1>Server Error</h1>\r\n<h2>404 - File or directory not found.</h2>\r\n"
    b"<p>The resource you are looking for might have been removed.</p>\r\n</body>\r\n</html>\r\n"
).ljust(1_245)
#: Psa facts 3.9: a page of the web server in front; the words are those of the status.
HTML_414 = (
    b"<!DOCTYPE html>\r\n<html>\r\n<head><title>Request URI Too Long</title></head>\r\n"
    b"<body>\r\n<h1>Request URI Too Long</h1>\r\n</body>\r\n</html>\r\n"
)
HTML = "text/html"
PLAIN = "text/plain"


def refuse(exchange: Exchange, refusal: errors.Refusal) -> Answer:
    """Return the answer that PSA gives to a refused request."""
    whole = ANSWERS.get(type(refusal))
    if whole:
        return whole(exchange, refusal)
    worded = ENVELOPES.get(type(refusal))
    assert worded is not None, refusal
    return rendered(psa_profile(exchange), worded(exchange, refusal))


def quota_headers(limit: int, remaining: int, reset_s: int) -> list[tuple[str, str]]:
    """Return the headers of seed 002, "Rate Limit Headers"."""
    return [
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(remaining)),
        ("X-RateLimit-Reset", str(reset_s)),
    ]


# -- answers that have a form of their own ----------------------------------------------------


def _unknown_endpoint(exchange: Exchange, refusal: errors.UnknownEndpoint) -> Answer:
    """Answer as the API does inside its modules, as the web server outside (psa facts 6.4)."""
    profile = psa_profile(exchange)
    if not refusal.module_known and profile.plain_refusals:
        return Answer(404, HTML_404, content_type=HTML)
    envelope = Envelope(404, Case.ROUTE, "The endpoint does not exist.")
    if refusal.id_expected and profile.text_id_status != envelope.status:
        message = _worded(exchange, Phrase.TEXT_ID, path=refusal.path)
        envelope = Envelope(profile.text_id_status, Case.ROUTE, message)
    return rendered(profile, envelope)


def _not_routed(exchange: Exchange, _refusal: errors.NotRouted) -> Answer:
    profile = psa_profile(exchange)
    if profile.plain_refusals:
        return Answer(400, ROUTER_TEXT, content_type=PLAIN)
    return rendered(profile, Envelope(400, Case.ROUTE, ROUTER_TEXT.decode()))


def _injected(exchange: Exchange, refusal: errors.InjectedError) -> Answer:
    headers = dict(refusal.headers)
    if refusal.retry_after is not None:
        headers["Retry-After"] = refusal.retry_after
    document = {
        "code": refusal.code or "ConnectWiseApi",
        "message": refusal.message or _unexplained(exchange, refusal.status),
    }
    return Answer(refusal.status, pretty(document), tuple(headers.items()))


def _unexplained(exchange: Exchange, status: int) -> str:
    """Return the words of an error that has none of its own (psa facts 5.3, 10.25)."""
    worded = status == 500  # noqa: PLR2004
    return _worded(exchange, Phrase.SERVER_ERROR) if worded else "An error has occurred."


def _rate_limited(exchange: Exchange, refusal: errors.RateLimited) -> Answer:
    profile = psa_profile(exchange)
    wait_s = refusal.retry_after_s
    stated = refusal.retry_after
    headers = [] if stated is None else [("Retry-After", stated)]
    if profile.quota_headers:
        headers += quota_headers(refusal.limit, 0, refusal.reset_s)
    told = profile.quota_body.items()
    document = {name: text.replace("{wait_s}", str(wait_s)) for name, text in told}
    return Answer(429, pretty(document), tuple(headers))


def _tls_required(_exchange: Exchange, _refusal: errors.TlsRequired) -> Answer:
    # The explicit null is quoted so in seed 003 (psa facts 1.8).
    document = {"code": "Security", "message": "SSL is required.", "errors": None}
    return Answer(403, pretty(document))


def _worded(exchange: Exchange, phrase: Phrase, **told: str) -> str:
    """Return the profile's phrase with what it names put in; unknown names stay as they are."""
    text = psa_profile(exchange).wording[phrase]
    for name, value in told.items():
        text = text.replace(f"{{{name}}}", value)
    return text


# -- answers with the usual body ---------------------------------------------------------------


def _unauthenticated(exchange: Exchange, _refusal: errors.Unauthenticated) -> Envelope:
    profile = psa_profile(exchange)
    headers = (("WWW-Authenticate", 'Basic realm="ConnectWise"'),) if profile.challenge else ()
    if not profile.cloud and exchange.path.casefold().strip("/") == "system/info":
        # Seen on a server on premises (psa facts 1.4).
        return Envelope(401, Case.READER, "UserNotAuthenticated", headers=headers)
    return Envelope(401, Case.CREDENTIALS, "Incorrect public/private key", headers=headers)


def _client_id(exchange: Exchange, _refusal: errors.ClientIdMissing) -> Envelope:
    profile = psa_profile(exchange)
    return Envelope(profile.client_id_status, Case.CLIENT_ID, profile.client_id_message)


def _forbidden(_exchange: Exchange, refusal: errors.Forbidden) -> Envelope:
    message = "You do not have security permission to perform this action."
    if refusal.reason == "impersonation":
        return Envelope(401, Case.CREDENTIALS, message)
    return Envelope(403, Case.PERMISSION, message)


def _not_allowed(exchange: Exchange, refusal: errors.MethodNotAllowed) -> Envelope:
    message = _worded(exchange, Phrase.METHOD, method=refusal.method)
    headers = (("Allow", ", ".join(refusal.allowed)),)
    return Envelope(405, Case.ROUTE, message, headers=headers)


def _record_not_found(exchange: Exchange, refusal: errors.RecordNotFound) -> Envelope:
    nouns = psa_profile(exchange).nouns
    named = noun(refusal.resource, model_of(exchange, refusal.resource), nouns)
    return Envelope(404, Case.RECORD, f"{named} {refusal.record_id} not found")


def _conflict(exchange: Exchange, refusal: errors.Conflict) -> Envelope:
    return Envelope(409, Case.IN_USE, _worded(exchange, Phrase.IN_USE, reason=refusal.message))


def _parameter(exchange: Exchange, refusal: errors.InvalidParameter) -> Envelope:
    code = psa_profile(exchange).codes[errors.Flaw.OUT_OF_RANGE]
    fault = entry(code, refusal.message, refusal.name, refusal.name)
    return Envelope(400, Case.PARAMETER, f"{refusal.name} object is invalid", (fault,))


def _media(exchange: Exchange, refusal: errors.UnsupportedMedia) -> Envelope:
    message = _worded(exchange, Phrase.MEDIA, media=refusal.content_type)
    return Envelope(415, Case.ROUTE, message)


def _version(exchange: Exchange, refusal: errors.UnsupportedVersion) -> Envelope:
    message = (
        f"The HTTP resource that matches the request URI '{exchange.request.base_url}' "
        f"does not support the API version '{refusal.version}'."
    )
    return Envelope(400, Case.ROUTE, message)


def _too_large(_exchange: Exchange, refusal: errors.PayloadTooLarge) -> Envelope:
    message = f"The request entity is larger than {refusal.limit_bytes} bytes."
    return Envelope(413, Case.ROUTE, message)


def _condition(exchange: Exchange, refusal: errors.BadCondition) -> Envelope:
    profile = psa_profile(exchange)
    message = _condition_message(exchange, refusal)
    faults = []
    if profile.condition_faults:
        code = profile.codes[Case.CONDITION]
        faults = [entry(code, message, refusal.parameter, refusal.name or refusal.parameter)]
    return Envelope(400, Case.CONDITION, message, faults)


def _condition_message(exchange: Exchange, refusal: errors.BadCondition) -> str:
    if refusal.flaw is errors.ConditionFlaw.SYNTAX:
        told = {"message": refusal.message, "offset": str(refusal.offset)}
        return _worded(exchange, Phrase.SYNTAX, **told)
    return CONDITION_TEXTS.get(refusal.flaw, "{0.message}").format(refusal, rules=TYPE_RULES)


def _repeated(exchange: Exchange, refusal: errors.DuplicateParameter) -> Envelope:
    return bad_json(exchange, errors.BadJson(f"{refusal.name} is given twice."))


#: Psa facts 3.6; the text for bad syntax is a phrase of the profile (U4).
CONDITION_TEXTS: Mapping[errors.ConditionFlaw, str] = {
    errors.ConditionFlaw.UNKNOWN_NAME: "{0.name} is not a recognized name.",
    errors.ConditionFlaw.BAD_ENUM: "Enum value supplied was invalid",
    errors.ConditionFlaw.TYPE_MISMATCH: "Expected a {0.expected} value, not a {0.found}. {rules}",
}
ANSWERS: Mapping[type[errors.Refusal], Callable[[Exchange, Any], Answer]] = {
    errors.NotRouted: _not_routed,
    errors.UnknownEndpoint: _unknown_endpoint,
    errors.InjectedError: _injected,
    errors.RateLimited: _rate_limited,
    errors.TlsRequired: _tls_required,
    errors.UriTooLong: lambda _exchange, _refusal: Answer(414, HTML_414, content_type=HTML),
}
ENVELOPES: Mapping[type[errors.Refusal], Callable[[Exchange, Any], Envelope]] = {
    errors.Unauthenticated: _unauthenticated,
    errors.ClientIdMissing: _client_id,
    errors.Forbidden: _forbidden,
    errors.MethodNotAllowed: _not_allowed,
    errors.RecordNotFound: _record_not_found,
    errors.Conflict: _conflict,
    errors.InvalidParameter: _parameter,
    errors.BadJson: bad_json,
    errors.BadPatch: bad_patch,
    errors.UnsupportedMedia: _media,
    errors.UnsupportedVersion: _version,
    errors.PayloadTooLarge: _too_large,
    errors.BadCondition: _condition,
    errors.InvalidRecord: invalid_record,
    errors.DuplicateParameter: _repeated,
}
