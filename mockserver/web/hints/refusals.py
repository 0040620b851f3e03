"""From a refusal, or what was done in silence, to its sentence."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from mockserver.core.errors import (
    BadCondition,
    BadJson,
    BadPatch,
    ClientIdMissing,
    Conflict,
    DuplicateParameter,
    Forbidden,
    InjectedError,
    InvalidParameter,
    InvalidRecord,
    MethodNotAllowed,
    NotRouted,
    PayloadTooLarge,
    RateLimited,
    RecordNotFound,
    Refusal,
    TlsRequired,
    Unauthenticated,
    UnknownEndpoint,
    UnsupportedMedia,
    UnsupportedVersion,
    UriTooLong,
)
from mockserver.web.api import Api
from mockserver.web.exchange import Exchange
from mockserver.web.hints import bodies, lists
from mockserver.web.hints.conditions import bad_condition
from mockserver.web.hints.words import closest, cut
from mockserver.web.naming import Naming

DAY_S = 86_400
#: What the vendor answers with 200 and does not do (seed 003, psa facts 6.11).
_SILENT: Mapping[str, str] = MappingProxyType(
    {
        "false-200": "The patch changed nothing, and the vendor says 200 all the same: "
        "patch references by id (status/id), and compare the record that is answered."
    }
)


def refused(api: Api, exchange: Exchange, refusal: Refusal) -> str | None:
    """Return why the request was refused; None when the vendor's own answer says it all."""
    if exchange.struck:
        return struck(exchange)
    told = _TOLD.get(type(refusal))
    return told(api, exchange, refusal) if told else None


def struck(exchange: Exchange) -> str:
    """Return which faults struck the request, and how to be rid of them."""
    names = ", ".join(
        f"{each.fault_id or 'X-Mock-Fault'} ({each.kind})" for each in exchange.struck
    )
    rules = any(each.fault_id for each in exchange.struck)
    rid = " DELETE /_mock/faults removes its rules." if rules else ""
    return f"An injected fault struck this request: {names}.{rid}"


def passed_over(api: Api, exchange: Exchange) -> str | None:
    """Return what went wrong, or unheeded, although the answer does not show it."""
    if exchange.struck:
        return struck(exchange)
    if exchange.notes:
        return " ".join(_SILENT.get(note, note) for note in exchange.notes)
    if exchange.paged is None or not exchange.request.args:
        return None
    return lists.answered_otherwise(api, exchange, exchange.paged)


def _naming(api: Api, exchange: Exchange) -> Naming | None:
    resource = exchange.route.resource if exchange.route else None
    return api.naming(exchange, resource) if resource else None


def _members(api: Api, exchange: Exchange) -> Iterable[str]:
    naming = _naming(api, exchange)
    return naming.members if naming else ()


def _limited(_api: Api, exchange: Exchange, refusal: RateLimited) -> str:
    per = "day" if refusal.span_s == DAY_S else f"{refusal.span_s:g} s"
    return (
        f"Key {cut(exchange.caller.key or '')} has spent its quota ({refusal.limit} per {per})"
        f"; the next request is admitted in {refusal.retry_after_s} s."
    )


def _endpoint(api: Api, _exchange: Exchange, refusal: UnknownEndpoint) -> str:
    text = f"No operation has the path {cut(refusal.path)}"
    place = api.routes.parting(refusal.path)
    if place is None:
        return f"{text} in this dialect."
    above, segment, words = place
    if not segment:
        below = f"; below it are {', '.join(words[:5])}" if words else ""
        return f"{text}{below}."
    if refusal.id_expected:
        return f"{text}: {cut(segment)} stands where a number, an id, belongs."
    return f"{text}: there is no {cut(segment)} below {above or '/'}.{closest(segment, words)}"


def _method(_api: Api, _exchange: Exchange, refusal: MethodNotAllowed) -> str:
    allowed = ", ".join(refusal.allowed)
    return f"The path exists, {cut(refusal.method)} on it does not; there is {allowed}."


def _not_found(_api: Api, exchange: Exchange, refusal: RecordNotFound) -> str:
    path = refusal.resource.rpartition(":")[2]
    below = ", or not below this parent" if len(exchange.ids) > 1 else ""
    return f"/{path} has no record {cut(str(refusal.record_id))}{below}."


def _forbidden(_api: Api, exchange: Exchange, refusal: Forbidden) -> str:
    route = exchange.route
    what = f"{exchange.request.method} {route.template if route else exchange.path}"
    needed = f": it needs {refusal.lacking}" if refusal.lacking else ""
    return f"{exchange.caller.login or exchange.caller.key} lacks the right to {what}{needed}."


def _unauthenticated(api: Api, _exchange: Exchange, refusal: Unauthenticated) -> str:
    told = api.counsel.get(refusal.reason)
    return told or f"The credentials were refused: {refusal.reason}."


def _client_id(_api: Api, _exchange: Exchange, refusal: ClientIdMissing) -> str:
    if not refusal.given:
        return "The clientId header is missing: send one, any text will do unless there is a list."
    return f"clientId {cut(refusal.given)} is not on the list of --client-id."


def _not_routed(_api: Api, _exchange: Exchange, refusal: NotRouted) -> str:
    if refusal.what == "single base":
        return "The base URL stands twice in the path."
    known = f"; there is {' and '.join(refusal.known)}" if refusal.known else ""
    return f"No tenant has the {refusal.what} {cut(refusal.value)!r}{known}."


def _version(_api: Api, _exchange: Exchange, refusal: UnsupportedVersion) -> str:
    newest = f": ask for {refusal.newest} or" if refusal.newest else ":"
    return (
        f"Accept asks for version {cut(refusal.version)}, which this operation never had"
        f"{newest} leave the version out."
    )


def _conflict(_api: Api, _exchange: Exchange, refusal: Conflict) -> str:
    return f"{refusal.message.rstrip('.')}."


_TOLD: Mapping[type[Refusal], Callable[[Api, Exchange, Any], str | None]] = MappingProxyType(
    {
        BadCondition: lambda api, exchange, bad: bad_condition(_naming(api, exchange), bad),
        InvalidRecord: lambda api, exchange, bad: bodies.bad_record(
            _members(api, exchange), bad, exchange.body
        ),
        BadPatch: lambda api, exchange, bad: bodies.bad_patch(_members(api, exchange), bad),
        BadJson: lambda _, exchange, bad: bodies.bad_json(exchange.body, bad),
        UnsupportedMedia: lambda _api, _exchange, bad: bodies.media(bad),
        InvalidParameter: lambda _api, _exchange, bad: lists.bad_parameter(bad),
        DuplicateParameter: lambda _api, _exchange, bad: f"Give {cut(bad.name)} once only.",
        RateLimited: _limited,
        UnknownEndpoint: _endpoint,
        MethodNotAllowed: _method,
        RecordNotFound: _not_found,
        Conflict: _conflict,
        Forbidden: _forbidden,
        Unauthenticated: _unauthenticated,
        ClientIdMissing: _client_id,
        NotRouted: _not_routed,
        UnsupportedVersion: _version,
        TlsRequired: lambda *_: "The emulator runs with --require-ssl and this came over HTTP.",
        UriTooLong: lambda _api, _exchange, bad: f"A URL has at most {bad.limit_chars} characters.",
        PayloadTooLarge: lambda _api, _ex, bad: f"A body has at most {bad.limit_bytes} bytes.",
        InjectedError: lambda _api, exchange, _bad: (
            "This is a defect of the emulator; its log tells more." if exchange.error else None
        ),
    }
)
