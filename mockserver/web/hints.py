"""One sentence on why an answer is what it is, for whoever wrote the request.

The vendors' own messages stay as they are; the sentence goes out beside them, in ``X-Mock-Hint``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from mockserver.core.errors import (
    BadCondition,
    BadJson,
    ClientIdMissing,
    ConditionFlaw,
    Fault,
    Flaw,
    Forbidden,
    InvalidRecord,
    MethodNotAllowed,
    NotRouted,
    RateLimited,
    RecordNotFound,
    Refusal,
    TlsRequired,
    Unauthenticated,
    UnknownEndpoint,
    UnsupportedMedia,
)
from mockserver.core.parameters import HEEDED, unheeded
from mockserver.core.schema import Resource
from mockserver.core.store import Store
from mockserver.web.exchange import Exchange
from mockserver.web.explain import Explained, Reading, explained, rows_of

HEADER = "X-Mock-Hint"
CHARS_MAX = 400
FAULTS_MAX = 3
CLOSE_MAX = 3

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
#: What the vendor answers with 200 and does not do (seed 003, psa facts 6.11).
_SILENT: Mapping[str, str] = MappingProxyType(
    {
        "false-200": "The patch changed nothing, and the vendor says 200 all the same: "
        "patch references by id (status/id), and compare the record that is answered."
    }
)
_QUOTING = "Texts stand in double quotes, instants in square brackets, numbers and true/false bare."


def refused(exchange: Exchange, refusal: Refusal) -> str | None:
    """Return why the request was refused; None when the vendor's own answer says it all."""
    if exchange.struck:
        return struck(exchange)
    told = _TOLD.get(type(refusal))
    return told(exchange, refusal) if told else None


def struck(exchange: Exchange) -> str:
    """Return which faults struck the request."""
    names = ", ".join(
        f"{each.fault_id or 'X-Mock-Fault'} ({each.kind})" for each in exchange.struck
    )
    return f"An injected fault struck this request: {names}."


def passed_over(exchange: Exchange) -> str | None:
    """Return what went wrong, or unheeded, although the answer does not show it."""
    if exchange.struck:
        return struck(exchange)
    if exchange.notes:
        return " ".join(_SILENT.get(note, note) for note in exchange.notes)
    return _unheeded(exchange) if exchange.paged and exchange.request.args else None


def _unheeded(exchange: Exchange) -> str | None:
    """Return which parameters the vendor passes over, the first of them with what was meant."""
    names = unheeded(exchange.api, exchange.request.args)
    if not names:
        return None
    shown = ", ".join(names[:FAULTS_MAX])
    return f"The vendor passes over {shown}.{closest(names[0], HEEDED[exchange.api])}"


def emptied(store: Store, reading: Reading) -> str | None:
    """Return which part of a condition removed the rows; None when there were none before."""
    total = rows_of(store, reading)
    if total == 0:
        return "The collection is empty: it is not the condition that removed its rows."
    tree = explained(store, reading)
    parts = tree.terms if tree.joint == "and" else (tree,)
    listed = "; ".join(f"{_kept(part)} fulfil {part.text}" for part in parts)
    verdict = "" if any(part.rows == 0 for part in parts) else ", but none fulfils all"
    return f"Of {total} rows {listed}{verdict}."


def _kept(part: Explained) -> str:
    return "some" if part.rows is None else str(part.rows)


def sendable(sentence: str) -> str:
    """Return the sentence as a header's value: one line of ASCII, not too long."""
    line = " ".join(sentence.encode("ascii", "backslashreplace").decode().split())
    # A server that is to send a control character in a header closes the connection instead.
    line = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", line)
    return line if len(line) <= CHARS_MAX else f"{line[:CHARS_MAX]}..."


def closest(wanted: str, names: Iterable[str]) -> str:
    """Return the end of a sentence: which of *names* were probably meant."""
    spelt = {name.casefold(): name for name in names}
    found = get_close_matches(wanted.casefold(), spelt, n=CLOSE_MAX, cutoff=0.6)
    return f" Closest: {', '.join(spelt[name] for name in found)}." if found else ""


def _condition(exchange: Exchange, refusal: BadCondition) -> str:
    where = f"At character {refusal.offset} of {refusal.parameter}: "
    if refusal.flaw is ConditionFlaw.UNKNOWN_NAME:
        resource = _resource(exchange)
        names = [column.path for column in resource.columns] if resource else []
        return f"{where}there is no field {refusal.name!r}.{closest(refusal.name, names)}"
    if refusal.flaw is ConditionFlaw.TYPE_MISMATCH:
        return f"{where}{refusal.expected} is needed, {refusal.found} was given. {_QUOTING}"
    return f"{where}{refusal.message.rstrip('.')}. {_QUOTING}"


def _record(exchange: Exchange, refusal: InvalidRecord) -> str:
    resource = _resource(exchange)
    names = [declared.name for declared in resource.fields] if resource else []
    told = [_fault(fault, names) for fault in refusal.faults[:FAULTS_MAX]]
    more = len(refusal.faults) - len(told)
    return " ".join(told) + (f" And {more} more." if more else "")


def _resource(exchange: Exchange) -> Resource | None:
    return exchange.route.resource if exchange.route else None


def _fault(fault: Fault, names: Iterable[str]) -> str:
    if fault.flaw is Flaw.UNKNOWN_MEMBER:
        return f"{fault.path} is not a field.{closest(fault.path, names)}"
    return f"{fault.path}: {fault.flaw.value}."


def _limited(exchange: Exchange, refusal: RateLimited) -> str:
    quota = exchange.tenant.limits[exchange.api].quota
    return (
        f"Key {exchange.caller.key} has spent its quota ({quota.requests} per {quota.window_s:g} s)"
        f"; the next request is admitted in {refusal.retry_after_s} s."
    )


def _endpoint(_exchange: Exchange, refusal: UnknownEndpoint) -> str:
    return f"No operation has the path {refusal.path}; GET /_mock/routes lists all."


def _method(_exchange: Exchange, refusal: MethodNotAllowed) -> str:
    return (
        f"The path exists, {refusal.method} on it does not; there is {', '.join(refusal.allowed)}."
    )


def _not_found(_exchange: Exchange, refusal: RecordNotFound) -> str:
    return f"{refusal.resource} has no record {refusal.record_id}, or not below this parent."


def _forbidden(exchange: Exchange, _refusal: Forbidden) -> str:
    route = exchange.route
    what = f"{exchange.request.method} {route.template if route else exchange.path}"
    return f"{exchange.caller.login or exchange.caller.key} lacks the right to {what}."


_TOLD: Mapping[type[Refusal], Callable[[Exchange, Any], str | None]] = MappingProxyType(
    {
        BadCondition: _condition,
        InvalidRecord: _record,
        RateLimited: _limited,
        UnknownEndpoint: _endpoint,
        MethodNotAllowed: _method,
        RecordNotFound: _not_found,
        Forbidden: _forbidden,
        Unauthenticated: lambda _, refusal: f"The credentials were refused: {refusal.reason}.",
        ClientIdMissing: lambda *_: "The clientId header is missing or not on the allow-list.",
        TlsRequired: lambda *_: "The emulator runs with --require-ssl and this came over HTTP.",
        NotRouted: lambda *_: "The company or codebase in the URL or credentials is no tenant's.",
        UnsupportedMedia: lambda _, refusal: f"Content-Type {refusal.content_type!r} is not read.",
        BadJson: lambda _, refusal: f"The body is no JSON: {refusal.message} ({refusal.offset}).",
    }
)
