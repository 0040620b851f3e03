"""Refusals as PSA words them: status, headers and body, in both profiles.

Bodies are pretty-printed with CRLF line ends (psa facts 2.7). The observed texts are quoted from
recordings (psa facts 6); where the documented profile has codes of its own, they are seed 002's.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.core import errors
from mockserver.core.errors import Fault, Flaw
from mockserver.core.schema import Field, Kind
from mockserver.psa.profile import PsaProfile
from mockserver.psa.texts import TYPE_RULES, camel, noun, resource_noun
from mockserver.web.exchange import Answer, Exchange

ACCEPT_TAIL = "Check your accept header to make sure you are using the correct version."
ROUTER_TEXT = b"Cannot route. Codebase/company is invalid"
NAMESPACE = "ConnectWise.Apis.v3_0.v2015_3.Common.Models"
HTML_404 = (
    b"<!DOCTYPE html>\r\n<html>\r\n<head><title>404 - File or directory not found.</title></head>"
    b"\r\n<body>\r\n<h1>Server Error</h1>\r\n<h2>404 - File or directory not found.</h2>\r\n"
    b"<p>The resource you are looking for might have been removed.</p>\r\n</body>\r\n</html>\r\n"
)
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"

#: Code under the documented profile (seed 002) for what the observed system calls otherwise.
SEED_CODES: Mapping[str, str] = {
    "Unauthorized": "InvalidCredentials",
    "ApiFindCondition": "InvalidArgument",
    "InvalidObject": "InvalidArgument",
    "ConnectWiseApi": "InvalidArgument",
    "NotFound": "RecordNotFound",
}
SEED_FAULT_CODES: Mapping[Flaw, str] = {Flaw.MISSING: "RequiredFieldMissing"}
FAULT_CODES: Mapping[Flaw, str] = {
    Flaw.MISSING: "MissingRequiredField",
    Flaw.UNKNOWN_REFERENCE: "NotFound",
    Flaw.AMBIGUOUS_REFERENCE: "InvalidField",
    Flaw.TOO_LONG: "MaxLengthField",
    Flaw.EXISTS: "ObjectExists",
    Flaw.OUT_OF_RANGE: "OutOfRange",
    Flaw.BAD_INSTANT: "UnsupportedFormat",
}


@dataclass(frozen=True)
class _Body:
    """An error envelope before the profile has its say."""

    status: int
    code: str
    message: str
    faults: tuple[dict[str, Any], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    same_code: bool = False


def refuse(exchange: Exchange, refusal: errors.Refusal) -> Answer:
    """Return the answer that PSA gives to a refused request."""
    match refusal:
        case errors.NotRouted():
            return Answer(400, ROUTER_TEXT, content_type=PLAIN)
        case errors.UnknownEndpoint(module_known=False):
            return Answer(404, HTML_404, content_type=HTML)
        case errors.InjectedError():
            return _injected(refusal)
        case errors.RateLimited():
            return _rate_limited(_profile(exchange), refusal)
        case errors.TlsRequired():
            # The explicit null is quoted so in seed 003 (psa facts 1.8).
            document = {"code": "Security", "message": "SSL is required.", "errors": None}
            return Answer(403, pretty(document))
    maker = MAKERS.get(type(refusal))
    assert maker is not None, refusal
    return _rendered(_profile(exchange), maker(exchange, refusal))


def _profile(exchange: Exchange) -> PsaProfile:
    profile = exchange.profile
    assert isinstance(profile, PsaProfile)
    return profile


def pretty(document: Mapping[str, Any]) -> bytes:
    """Return JSON as the vendor prints errors: two spaces, CRLF."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).replace(b"\n", b"\r\n")


def _rendered(profile: PsaProfile, body: _Body) -> Answer:
    code = body.code
    if profile.seed_codes and not body.same_code:
        code = SEED_CODES.get(code, code)
    document: dict[str, Any] = {"code": code, "message": body.message}
    if body.faults:
        document["errors"] = list(body.faults)
    return Answer(body.status, pretty(document), body.headers)


def _injected(refusal: errors.InjectedError) -> Answer:
    headers = dict(refusal.headers)
    if refusal.retry_after is not None:
        headers["Retry-After"] = refusal.retry_after
    document = {
        "code": refusal.code or "ConnectWiseApi",
        "message": refusal.message or "An error has occurred.",
    }
    return Answer(refusal.status, pretty(document), tuple(headers.items()))


def _rate_limited(profile: PsaProfile, refusal: errors.RateLimited) -> Answer:
    wait_s = refusal.retry_after_s
    headers = [("Retry-After", str(wait_s))]
    if profile.quota_headers:
        headers += quota_headers(refusal.limit, 0, refusal.reset_s)
    if profile.quota_error_key == "code":
        message = f"Rate limit exceeded. Try again in {wait_s} seconds."
        document = {"code": "RateLimitExceeded", "message": message}
    else:
        message = f"Too many requests. Please try again in {wait_s} seconds."
        document = {"error": "ConnectWiseAPI", "message": message}
    return Answer(429, pretty(document), tuple(headers))


def quota_headers(limit: int, remaining: int, reset_s: int) -> list[tuple[str, str]]:
    """Return the headers of seed 002, "Rate Limit Headers"."""
    return [
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(remaining)),
        ("X-RateLimit-Reset", str(reset_s)),
    ]


# -- one maker per refusal --------------------------------------------------------------------


def _unauthenticated(_exchange: Exchange, _refusal: Any) -> _Body:
    challenge = (("WWW-Authenticate", 'Basic realm="ConnectWise"'),)
    return _Body(401, "Unauthorized", "Incorrect public/private key", headers=challenge)


def _client_id(exchange: Exchange, _refusal: Any) -> _Body:
    code = "MissingClientId" if _profile(exchange).seed_codes else "Security"
    return _Body(403, code, "A valid clientId header is required for this request.", same_code=True)


def _forbidden(_exchange: Exchange, _refusal: Any) -> _Body:
    return _Body(403, "Security", "You do not have security permission to perform this action.")


def _unknown_endpoint(_exchange: Exchange, _refusal: Any) -> _Body:
    return _Body(404, "ConnectWiseApi", "The endpoint does not exist.", same_code=True)


def _not_allowed(_exchange: Exchange, refusal: errors.MethodNotAllowed) -> _Body:
    message = f"The requested resource does not support http method '{refusal.method}'."
    headers = (("Allow", ", ".join(refusal.allowed)),)
    return _Body(405, "ConnectWiseApi", message, headers=headers, same_code=True)


def _record_not_found(_exchange: Exchange, refusal: errors.RecordNotFound) -> _Body:
    return _Body(404, "NotFound", f"{noun(refusal.resource)} {refusal.record_id} not found")


def _conflict(exchange: Exchange, refusal: errors.Conflict) -> _Body:
    code = "RecordLocked" if _profile(exchange).seed_codes else "ConnectWiseApi"
    return _Body(409, code, refusal.message, same_code=True)


def _parameter(_exchange: Exchange, refusal: errors.InvalidParameter) -> _Body:
    fault = {
        "code": "OutOfRange",
        "message": refusal.message,
        "resource": refusal.name,
        "field": refusal.name,
    }
    return _Body(400, "InvalidObject", f"{refusal.name} object is invalid", (fault,))


def _bad_json(_exchange: Exchange, refusal: errors.BadJson) -> _Body:
    return _Body(400, "ConnectWiseApi", f"{refusal.message} {ACCEPT_TAIL}")


def _bad_patch(exchange: Exchange, refusal: errors.BadPatch) -> _Body:
    resource = exchange.route.resource if exchange.route else None
    name = resource_noun(resource.path) if resource else "patch"
    fault = {
        "code": "InvalidField",
        "message": refusal.message,
        "resource": name,
        "field": refusal.path,
    }
    return _Body(400, "InvalidObject", f"{name} object is invalid", (fault,))


def _media(_exchange: Exchange, refusal: errors.UnsupportedMedia) -> _Body:
    message = (
        f"The request entity's media type '{refusal.content_type}' is not supported "
        "for this resource."
    )
    return _Body(415, "ConnectWiseApi", message, same_code=True)


def _version(exchange: Exchange, refusal: errors.UnsupportedVersion) -> _Body:
    message = (
        f"The HTTP resource that matches the request URI '{exchange.request.base_url}' "
        f"does not support the API version '{refusal.version}'."
    )
    return _Body(400, "ConnectWiseApi", message)


def _too_large(_exchange: Exchange, refusal: errors.PayloadTooLarge) -> _Body:
    message = f"The request entity is larger than {refusal.limit_bytes} bytes."
    return _Body(413, "ConnectWiseApi", message, same_code=True)


def _uri(_exchange: Exchange, refusal: errors.UriTooLong) -> _Body:
    message = f"The request URL is longer than {refusal.limit_chars} characters."
    return _Body(414, "ConnectWiseApi", message, same_code=True)


def _condition(exchange: Exchange, refusal: errors.BadCondition) -> _Body:
    profile = _profile(exchange)
    message = refusal.message
    if refusal.flaw is errors.ConditionFlaw.UNKNOWN_NAME:
        message = f"{refusal.name} is not a recognized name."
    elif refusal.flaw is errors.ConditionFlaw.BAD_ENUM:
        message = "Enum value supplied was invalid"
    elif refusal.flaw is errors.ConditionFlaw.TYPE_MISMATCH:
        message = f"Expected a {refusal.expected} value, not a {refusal.found}. {TYPE_RULES}"
    elif refusal.flaw is errors.ConditionFlaw.SYNTAX:
        message = f"{message} (at character {refusal.offset})"
    if not profile.seed_codes:
        return _Body(400, "ApiFindCondition", message)
    field = refusal.name or refusal.parameter
    fault = {"code": "InvalidArgument", "message": message, "field": field}
    return _Body(400, "ApiFindCondition", message, (fault,))


def _invalid_record(exchange: Exchange, refusal: errors.InvalidRecord) -> _Body:
    profile = _profile(exchange)
    for fault in refusal.faults:
        if fault.flaw is Flaw.UNKNOWN_MEMBER and not profile.seed_codes:
            return _unknown_member(exchange, refusal, fault)
        if fault.flaw is Flaw.WRONG_SHAPE and not profile.seed_codes:
            return _conversion(exchange, profile, fault)
    name = resource_noun(refusal.resource)
    faults = tuple(_fault(profile, name, fault) for fault in refusal.faults)
    code = "InvalidObject"
    if profile.seed_codes and all(f.flaw is Flaw.MISSING for f in refusal.faults):
        return _Body(400, "RequiredFieldMissing", faults[0]["message"], faults, same_code=True)
    message = faults[0]["message"] if profile.seed_codes else f"{name} object is invalid"
    return _Body(400, code, message, faults)


def _unknown_member(exchange: Exchange, refusal: errors.InvalidRecord, fault: Fault) -> _Body:
    line, position = _position(exchange.body, str(fault.detail), colon=True)
    message = (
        f"Could not find member '{fault.detail}' on object of type "
        f"'{refusal.model or exchange.records.registry.resource(refusal.resource).model}'. "
        f"Path '{fault.path.replace('/', '.')}', line {line}, position {position}.{ACCEPT_TAIL}"
    )
    return _Body(400, "ConnectWiseApi", message)


def _conversion(exchange: Exchange, profile: PsaProfile, fault: Fault) -> _Body:
    declared = fault.detail
    assert isinstance(declared, Field)
    line, position = _position(exchange.body, declared.name, colon=False)
    message = (
        f"Error converting value {orjson.dumps(fault.value).decode()} to type "
        f"'{NAMESPACE}.{declared.model}'. "
        f"Path '{fault.path.replace('/', '.')}', line {line}, position {position}."
    )
    return _Body(profile.conversion_status, "ConnectWiseApi", message)


def _position(body: bytes, name: str, *, colon: bool) -> tuple[int, int]:
    """Return the line and the characters read on it when the reader gives up (psa facts 6.7)."""
    text = body.decode("utf-8", "replace")
    pattern = rf'"{re.escape(name)}"\s*:' + (
        "" if colon else r"\s*(\"(?:[^\"\\]|\\.)*\"|[^\s,}\]]+)"
    )
    found = re.search(pattern, text)
    end = found.end() if found else 0
    return text.count("\n", 0, end) + 1, end - (text.rfind("\n", 0, end) + 1)


def _fault(profile: PsaProfile, resource: str, fault: Fault) -> dict[str, Any]:
    code = FAULT_CODES.get(fault.flaw, "InvalidField")
    if profile.seed_codes:
        code = SEED_FAULT_CODES.get(fault.flaw, "InvalidArgument")
    message = MESSAGES.get(fault.flaw, _default_message)(fault)
    entry: dict[str, Any] = {"code": code, "message": message, "resource": resource}
    if fault.flaw is Flaw.RULE and isinstance(fault.value, str):
        entry["code"] = fault.value
    return {**entry, "field": fault.path}


def _missing_message(fault: Fault) -> str:
    declared = fault.detail
    is_reference = isinstance(declared, Field) and declared.kind is Kind.REFERENCE
    return f"The {fault.path}{'/id' if is_reference else ''} field is required."


def _reference_message(fault: Fault) -> str:
    target, parent, parent_id = fault.detail  # type: ignore[misc]
    if parent is not None:
        return f"{noun(target)} {fault.value} not found for {noun(target.rpartition('/')[0])} {parent_id}"
    return f"{camel(target)} {fault.value} not found"


def _long_message(fault: Fault) -> str:
    assert isinstance(fault.detail, Field)
    return (
        f"The field {fault.path} must be a string with a maximum length of "
        f"{fault.detail.max_length}."
    )


def _default_message(fault: Fault) -> str:
    kind = fault.detail.kind if isinstance(fault.detail, Field) else "value"
    article = "an" if str(kind)[0] in "aeio" else "a"
    return f"{fault.path} must be {article} valid {kind}"


MESSAGES: Mapping[Flaw, Callable[[Fault], str]] = {
    Flaw.MISSING: _missing_message,
    Flaw.UNKNOWN_REFERENCE: _reference_message,
    Flaw.AMBIGUOUS_REFERENCE: lambda f: f"{f.path} '{f.value}' is not unique",
    Flaw.TOO_LONG: _long_message,
    Flaw.EXISTS: lambda f: f"A record with this {f.path} already exists",
    Flaw.BAD_INSTANT: lambda f: f"Unsupported format applied to {f.path}",
    Flaw.UNKNOWN_MEMBER: lambda f: f"Could not find member '{f.detail}'",
    Flaw.RULE: lambda f: str(f.detail),
    Flaw.NOT_IN_ENUM: lambda f: f"The value '{f.value}' is not valid for field '{f.path}'.",
}

MAKERS: Mapping[type[errors.Refusal], Callable[[Exchange, Any], _Body]] = {
    errors.Unauthenticated: _unauthenticated,
    errors.ClientIdMissing: _client_id,
    errors.Forbidden: _forbidden,
    errors.UnknownEndpoint: _unknown_endpoint,
    errors.MethodNotAllowed: _not_allowed,
    errors.RecordNotFound: _record_not_found,
    errors.Conflict: _conflict,
    errors.InvalidParameter: _parameter,
    errors.BadJson: _bad_json,
    errors.BadPatch: _bad_patch,
    errors.UnsupportedMedia: _media,
    errors.UnsupportedVersion: _version,
    errors.PayloadTooLarge: _too_large,
    errors.UriTooLong: _uri,
    errors.BadCondition: _condition,
    errors.InvalidRecord: _invalid_record,
    errors.DuplicateParameter: lambda e, r: _bad_json(
        e, errors.BadJson(f"{r.name} is given twice.")
    ),
}
