"""The way of a request, top to bottom; every stage passes it on or refuses.

authenticate → limit → queue → faults (before) → route → handler → faults (after) → render → journal

The way is a generator: it yields what it must wait for, and whoever drives it decides how to wait
(a thread blocks, the bridge awaits and comes back).
"""

import contextlib
import traceback
from collections.abc import Generator
from http.client import BAD_REQUEST
from typing import Any

from werkzeug.wrappers import Request, Response

from mockserver.core.clock import machine_seconds
from mockserver.core.errors import (
    Flaw,
    InjectedError,
    InvalidRecord,
    PayloadTooLarge,
    Refusal,
    TlsRequired,
    Unauthenticated,
    UriTooLong,
)
from mockserver.core.ledger import LedgerLost, TenantGone
from mockserver.core.world import World
from mockserver.web import hints
from mockserver.web.api import Api
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.faults import Broken, before, lost, on_the_wire, struck
from mockserver.web.pauses import Wait
from mockserver.web.recording import record

URI_LIMIT_CHARS = 32_768
BODY_LIMIT_BYTES = 10 * 1024 * 1024

Way = Generator[Wait, None, Response]


def serve(api: Api, world: World, request: Request, found: dict[str, str]) -> Way:
    """Answer one request of *api*; *found* are the parts of its URL.

    Raises:
        Broken: A fault breaks the connection.
    """
    started_s = machine_seconds()
    exchange = _opened(api, world, request, found)
    answer: Answer | None = None
    try:
        answer = yield from _answered(api, exchange, found)
    except Refusal as refusal:
        answer = api.refuse(exchange, refusal)
        exchange.hint = hints.refused(api, exchange, refusal)
        exchange.notes += _noted(refusal)
        _name(api, exchange)
    except Broken:
        exchange.hint = hints.struck(exchange)
        _ended(exchange, None, started_s)
        raise
    except Exception as error:  # noqa: BLE001 - the boundary: what escapes is a defect, told as one
        answer = api.refuse(exchange, _defect(exchange, error))
    response = _response(api, exchange, answer)
    arrives = yield from on_the_wire(exchange, response)
    _ended(exchange, response, started_s)
    if not arrives:
        raise Broken("truncate")
    return response


def _name(api: Api, exchange: Exchange) -> None:
    """Let the journal name the operation also where a request was refused on its way there."""
    if exchange.route is None:
        with contextlib.suppress(Refusal):
            exchange.wanted = api.routes.find(exchange.request.method, exchange.path)[0].template


def _noted(refusal: Refusal) -> list[str]:
    """Return what grading should know of a refusal that looks like any other."""
    faults = refusal.faults if isinstance(refusal, InvalidRecord) else ()
    ambiguous = any(fault.flaw is Flaw.AMBIGUOUS_REFERENCE for fault in faults)
    return ["ambiguous-reference"] if ambiguous else []


def _ended(exchange: Exchange, response: Response | None, started_s: float) -> None:
    """Keep the exchange in the journal and let the callbacks go that it caused."""
    record(exchange, response, machine_seconds() - started_s)
    exchange.world.courier.attend(exchange.tenant)


def _defect(exchange: Exchange, error: Exception) -> Refusal:
    """Return what a caller is told when a handler fails; the traceback goes to log and journal."""
    # Removed while the request was under way, here or by another process.
    if exchange.tenant.closed or isinstance(error, TenantGone):
        return Unauthenticated("removed")
    if isinstance(error, LedgerLost):
        return InjectedError(503, "ServiceUnavailable", str(error))
    exchange.error = traceback.format_exc()
    exchange.request.environ["wsgi.errors"].write(exchange.error)
    return InjectedError(500, "Defect", "The emulator has a defect.")


def _opened(api: Api, world: World, request: Request, found: dict[str, str]) -> Exchange:
    caller = api.anonymous(world)
    base = f"{request.scheme}://{request.host}{found['base']}"
    return Exchange(world, api.name, request, "/" + found["path"].lstrip("/"), base, caller)


def _answered(api: Api, exchange: Exchange, found: dict[str, str]) -> Generator[Wait, None, Answer]:
    _screened(exchange)
    if exchange.request.method == "OPTIONS":
        return _options(api, exchange)
    exchange.caller = caller = api.authenticate(
        exchange.world, exchange.request, exchange.path, found
    )
    exchange.arrive()
    # A login has no key; a purse it has where logins are counted.
    key, purse = caller.key or caller.purse, caller.purse or caller.key
    if key is None or purse is None:
        return (yield from _worked(api, exchange))
    slots = caller.tenant.slots[api.name]
    exchange.in_flight = 1 + sum(slots.occupancy(key))
    standing = caller.tenant.limits[api.name].spend(purse)
    if standing is not None:
        exchange.extra_headers += api.standing_headers(exchange, standing)
    slot = slots.enter(key)
    try:
        if not slot.ready:
            queued_s = machine_seconds()
            yield slot
            exchange.queued_s = machine_seconds() - queued_s
        return (yield from _worked(api, exchange))
    finally:
        slot.leave()


def _screened(exchange: Exchange) -> None:
    request = exchange.request
    if exchange.world.plan.require_ssl and not request.is_secure:
        raise TlsRequired
    if len(request.path) + len(request.query_string) > URI_LIMIT_CHARS:
        raise UriTooLong(URI_LIMIT_CHARS)
    too_large = request.environ.get("cwmock.too_large")
    if too_large or (request.content_length or 0) > BODY_LIMIT_BYTES:
        exchange.extra_headers.append(("Connection", "close"))
        raise PayloadTooLarge(too_large or BODY_LIMIT_BYTES)


def _options(api: Api, exchange: Exchange) -> Answer:
    allowed = api.routes.allowed(exchange.path)
    if not allowed:
        api.routes.find("OPTIONS", exchange.path)
    return Answer(204, headers=(("Allow", ", ".join((*allowed, "OPTIONS"))),))


def _worked(api: Api, exchange: Exchange) -> Generator[Wait, None, Answer]:
    effects = struck(exchange)
    if effects:
        # The journal names the operation also where a fault keeps it from being carried out.
        with contextlib.suppress(Refusal):
            exchange.route, exchange.ids = api.routes.find(exchange.request.method, exchange.path)
    for effect in effects:
        settled = yield from before(exchange, effect)
        if settled is not None:
            return settled
    loss = lost(effects)
    if loss is None:
        return _handled(api, exchange)
    with contextlib.suppress(Refusal):
        _handled(api, exchange)
    raise loss


def _handled(api: Api, exchange: Exchange) -> Answer:
    exchange.route, exchange.ids = api.routes.find(exchange.request.method, exchange.path)
    api.permit(exchange)
    api.settle(exchange)
    if exchange.route.writes:
        exchange.tenant.locks.refuse_if_held(exchange.api, exchange.path)
    answer = exchange.route.handler(exchange)
    exchange.applied = exchange.route.writes and answer.status < BAD_REQUEST
    return answer


def _response(api: Api, exchange: Exchange, answer: Answer) -> Response:
    headers: list[tuple[str, str]] = [
        *api.common_headers(exchange),
        *exchange.extra_headers,
        *answer.headers,
        *_hint(api, exchange),
    ]
    if answer.body or answer.status == 200:  # noqa: PLR2004
        content_type = answer.content_type or api.content_type(exchange)
        return Response(answer.body, answer.status, headers, content_type=content_type)
    response = Response(b"", answer.status, headers)
    response.headers.pop("Content-Type", None)
    return response


def _hint(api: Api, exchange: Exchange) -> list[tuple[str, str]]:
    sentence = exchange.hint = exchange.hint or hints.passed_over(api, exchange)
    if sentence is None or not exchange.world.plan.hints:
        return []
    return [(hints.HEADER, hints.sendable(sentence))]


def drive(way: Way, environ: dict[str, Any]) -> Response | None:
    """Go the way until it ends; None when it waits and the bridge will come back for it."""
    while True:
        try:
            wait = next(way)
        except StopIteration as end:
            response: Response = end.value
            return response
        if environ.get("cwmock.bridged"):
            environ["cwmock.way"], environ["cwmock.wait"] = way, wait
            return None
        wait.block()
