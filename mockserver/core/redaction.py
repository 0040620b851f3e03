"""Secrets are masked before anything is kept.

Ordinary bodies cost a few searches for stems; only what names a secret is parsed. What names one
and cannot be parsed is withheld whole: a lost example is cheaper than a leaked password.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_plus

import orjson

MASK = "***"
PARSED_BYTES_MAX = 1024 * 1024
SCRUBBED_CHARS_MIN = 4

Headers = tuple[tuple[str, str], ...]
Secrets = set[str]

_SECRET_NAME = re.compile("password|secret|token|privatekey|passcode|twofactorcode|hash|signingkey")
# Each name holds one of these however it is punctuated; the last begins every access token.
_STEMS = (b"pass", b"secret", b"token", b"private", b"factor", b"hash", b"eyj", b"signing")
# Spellings that a JSON reader or a case-insensitive server takes for one of the names: an escaped
# letter, the long s, the Kelvin sign.
_DISGUISES = (b"\\u", b"\xc5\xbf", b"\xe2\x84\xaa")
_SUSPECTS = (*_STEMS, *_DISGUISES)
_LABELS = frozenset({"key", "name", "path", "caption", "field"})
_NAME_END = re.compile(rb'(?:[^"\\]|\\.)*+"\s*+(:?)', re.DOTALL)
_LABELLED = re.compile(rb'"(?:key|name|path|caption|field)"\s*:\s*"[^"]*$')
_CONTAINERS = frozenset({dict, list})
_OPENERS = frozenset("{[")  # how JSON within a text begins
_JWT = re.compile(rb"eyJ[\w-]{8,}(?:\.[\w-]*){0,2}")
_PAIR = re.compile(r'([?&;]([^=&#\s<>?;"]+)=)([^&#\s<>"]*)')
_SEPARATORS = re.compile("([&;])")
_API_KEY = re.compile(r"(?:x[-_]?)?api[-_]?key", re.IGNORECASE)
_SECRET_HEADER = re.compile(
    r"auth|cookie|api-?key|token|secret|passw|passcode|private|hash|session|credential",
    re.IGNORECASE,
)
_PLAIN_HEADERS = frozenset(
    {
        *("accept", "accept-encoding", "accept-language", "cache-control"),
        *("clientid", "connection", "content-length", "content-type"),
        *("date", "host", "server", "transfer-encoding"),
        *("user-agent", "vary", "x-ratelimit-limit", "x-ratelimit-remaining"),
        *("x-ratelimit-reset", "x-total-count", "x-total-pages", "x-page"),
        *("x-page-size", "total-count", "pragma", "retry-after", "allow"),
        *("api-current-version", "x-cw-request-id", "x-server-name"),
    }
)
_LOGIN_PATHS = ("token", "credential", "login", "password")


def is_secret_name(name: str) -> bool:
    """Return whether a member, parameter or field of this name holds a secret."""
    if not name.isalnum():
        name = "".join(char for char in name if char.isalnum())
    return _SECRET_NAME.search(name.casefold()) is not None


def redacted_headers(headers: Headers, secrets: Secrets) -> Headers:
    """Return the headers with credentials masked; what was masked is added to *secrets*."""
    return tuple(
        [
            pair
            if pair[0].lower() in _PLAIN_HEADERS
            else (pair[0], _redacted_header(pair[0].lower(), pair[1], secrets))
            for pair in headers
        ]
    )


def _redacted_header(name: str, value: str, secrets: Secrets) -> str:
    if name in {"authorization", "proxy-authorization"}:
        return _redacted_credentials(value, secrets)
    if name == "set-cookie":
        cookie, semicolon, attributes = value.partition(";")
        return _redacted_cookie(cookie, secrets) + semicolon + attributes
    if name == "cookie":
        return ";".join(_redacted_cookie(each, secrets) for each in value.split(";"))
    if _SECRET_HEADER.search(name) and name != "www-authenticate":
        return _masked(value, secrets)
    if "?" in value:
        value = _PAIR.sub(lambda pair: _redacted_pair(pair, secrets), value)
    return without_jwt(value, secrets)


def _redacted_credentials(value: str, secrets: Secrets) -> str:
    scheme, space, rest = value.strip().partition(" ")
    if not space:
        return _masked(value, secrets)
    _masked(rest.strip(), secrets)
    if scheme.lower() != "basic":
        return f"{scheme} {MASK}"
    name, colon, secret = _decoded(rest).partition(":")
    _masked(secret, secrets)
    # The public half stays: it tells whose request this was (psa facts 1).
    return f"{scheme} {name}:{MASK}" if colon and secret else f"{scheme} {MASK}"


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _redacted_cookie(cookie: str, secrets: Secrets) -> str:
    name, equals, value = cookie.partition("=")
    masked = _masked(value if equals else name, secrets)
    return f"{name}={masked}" if equals else masked


def _masked(value: object, secrets: Secrets) -> str:
    if isinstance(value, str) and len(value) >= SCRUBBED_CHARS_MIN:
        secrets.add(value)
    return MASK


def _redacted_pair(pair: re.Match[str], secrets: Secrets) -> str:
    if not is_secret_name(unquote_plus(pair[2])):
        return pair[0]
    _masked(unquote_plus(pair[3]), secrets)
    return pair[1] + _masked(pair[3], secrets)


def redacted_url(url: str, secrets: Secrets) -> str:
    """Return the URL with secret query parameters masked."""
    path, question, query = url.partition("?")
    shown = f"{path}?{_redacted_pairs(query, secrets)}" if question else url
    return without_jwt(shown, secrets)


def _redacted_pairs(text: str, secrets: Secrets) -> str:
    # Some servers take a semicolon for an ampersand.
    return "".join([_redacted_parameter(each, secrets) for each in _SEPARATORS.split(text)])


def _redacted_parameter(pair: str, secrets: Secrets) -> str:
    name, equals, value = pair.partition("=")
    plain = unquote_plus(name) if "%" in name else name
    if not equals or not (is_secret_name(plain) or _API_KEY.fullmatch(plain) or _hides(value)):
        return pair
    _masked(unquote_plus(value), secrets)
    return f"{name}={_masked(value, secrets)}"


def _hides(value: str) -> bool:
    """Tell whether a parameter's value is an address that has a secret among its own parameters."""
    if "%3" not in value and "?" not in value:
        return False
    found = _PAIR.findall(unquote_plus(value))
    return any(is_secret_name(unquote_plus(name)) for _, name, _ in found)


def without_jwt(text: str, secrets: Secrets) -> str:
    """Return the text with whatever looks like an access token masked."""
    if "eyJ" not in text:
        return text
    return _unsigned(text.encode("utf-8", "replace"), secrets).decode()


def _unsigned(body: bytes, secrets: Secrets) -> bytes:
    secrets.update(found.decode() for found in _JWT.findall(body))
    return _JWT.sub(MASK.encode(), body)


def redacted_request(body: bytes, content_type: str, path: str, secrets: Secrets) -> bytes:
    """Return a request's body with secrets masked.

    Args:
        body: As sent.
        content_type: The header's value, any case.
        path: Below the API's base; where one logs in, a bare text is a secret by itself.
        secrets: Takes what was masked.
    """
    folded = body[:PARSED_BYTES_MAX].lower()
    login = any(word in path.casefold() for word in _LOGIN_PATHS)
    if not login and not any([stem in folded for stem in _SUSPECTS]):  # noqa: C419 - twice as fast
        return body
    # What curl sends by itself calls JSON a form, too.
    is_json = body.lstrip()[:1] in {b"{", b"[", b'"'}
    if "x-www-form-urlencoded" in content_type.lower() and not is_json:
        form = _redacted_pairs(body.decode("utf-8", "replace"), secrets)
        return without_jwt(form, secrets).encode()
    return _redacted_json(body, secrets, login=login)


def redacted_response(body: bytes, kept_bytes: int, secrets: Secrets) -> bytes:
    """Return a response's body with secrets masked; only its first *kept_bytes* are searched."""
    if _names_secret(body[:kept_bytes].lower()):
        return _redacted_json(body, secrets, login=False)
    return body


def _names_secret(folded: bytes) -> bool:
    labels = None
    for stem in _STEMS:
        at = folded.find(stem)
        while at >= 0:
            end = _NAME_END.match(folded, at)
            if end is None or end[1] or stem == b"eyj":
                return True
            labels = b'"value"' in folded if labels is None else labels
            if labels and _LABELLED.search(folded, max(0, at - 120), at):
                return True
            at = folded.find(stem, end.end())
    return False


def _redacted_json(body: bytes, secrets: Secrets, *, login: bool) -> bytes:
    if not body.strip():
        return body
    try:
        document = orjson.loads(body) if len(body) <= PARSED_BYTES_MAX else None
        if document is None or (login and not isinstance(document, dict | list)):
            return _withheld(body, document, secrets)
        return _unsigned(orjson.dumps(document) if _mask(document, secrets) else body, secrets)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return _withheld(body, None, secrets)


def _withheld(body: bytes, document: object, secrets: Secrets) -> bytes:
    text = body.decode("utf-8", "replace") if len(body) <= PARSED_BYTES_MAX else ""
    _masked(document, secrets)
    _masked(text.strip(), secrets)
    return b"[withheld: %d bytes that may hold a secret]" % len(body)


def _mask(document: object, secrets: Secrets) -> bool:
    # Rows of a page have the same names: each is judged once.
    changed, stack, judged = False, [document], _Judged()
    while stack:
        each: Any = stack.pop()
        for place, value in _places(each):
            if judged[place] or (type(value) is str and value.lstrip()[:1] in _OPENERS):
                masked = _masked_member(each, place, value, secrets)
                if masked is not value:
                    each[place], changed = masked, True
                    continue
            if type(value) in _CONTAINERS:
                stack.append(value)
    return changed


def _places(container: object) -> Iterable[tuple[Any, Any]]:
    if isinstance(container, dict):
        return container.items()
    return enumerate(container) if isinstance(container, list) else ()


class _Judged(dict[str | int, bool]):
    """Whether a place in a container may be the reason to mask what is there."""

    def __missing__(self, place: str | int) -> bool:
        self[place] = suspect = isinstance(place, str) and (
            is_secret_name(place) or place.casefold() == "value"
        )
        return suspect


def _masked_member(container: Any, place: Any, value: Any, secrets: Secrets) -> Any:
    if isinstance(place, str) and (is_secret_name(place) or _is_labelled(container, place)):
        _mask_deep(value, secrets)
        return MASK
    if isinstance(value, str) and value.lstrip()[:1] in _OPENERS:
        inner = redacted_request(value.encode(), "", "", secrets).decode()
        return value if inner == value else inner
    return value


def _is_labelled(container: dict[str, Any], place: str) -> bool:
    """Tell whether this is the value of a pair or patch whose other member names a secret."""
    return place.casefold() == "value" and any(
        name.casefold() in _LABELS and isinstance(label, str) and is_secret_name(label)
        for name, label in container.items()
    )


def _mask_deep(value: object, secrets: Secrets) -> None:
    stack = [value]
    while stack:
        each = stack.pop()
        _masked(each, secrets)
        stack.extend(inner for _, inner in _places(each))


def scrubbed(text: str, secrets: Secrets) -> str:
    """Return the text with every one of the secrets masked, also as JSON or Python quote it."""
    for secret in sorted(secrets, key=len, reverse=True):
        for spelling in {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]}:
            text = text.replace(spelling, MASK)
        text = text.replace(json.dumps(secret, ensure_ascii=False)[1:-1], MASK)
    return text
