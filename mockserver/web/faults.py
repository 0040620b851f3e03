"""Faults carried out: before the work, after it, and on the wire.

What a connection suffers happens in the bridge; here it is only said how. Without a bridge, in
process, the same faults raise what a client's own socket would have raised.
"""

import re
from collections.abc import Generator
from datetime import timedelta
from email.utils import format_datetime

import orjson
from werkzeug.wrappers import Response

from mockserver.core.attempt import body_digest
from mockserver.core.clock import Clock
from mockserver.core.effects import (
    Delay,
    Effect,
    Error,
    ErrorAfter,
    Html,
    Malformed,
    Phase,
    RateLimit,
    Reset,
    ResetAfter,
    RevokeTokens,
    Slow,
    SslRequired,
    Timeout,
    Truncate,
    parse_effect,
)
from mockserver.core.errors import BadJson, InjectedError, RateLimited
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.pauses import Pause, Wait
from mockserver.web.wire import Wire

FAULT_HEADER = "X-Mock-Fault"
# psa facts 5.1: what both the guide and a live refusal say.
REFUSED_S = 30
PROXY_PAGE = (
    b"<!DOCTYPE html>\n<html>\n<head><title>%(told)s</title></head>\n<body>\n<h1>%(told)s</h1>\n"
    b"<p>The proxy could not pass the request on.</p>\n</body>\n</html>\n"
)

_DATE = re.compile(r"\{date([+-][0-9]{1,9})?\}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)

Steps = Generator[Wait, None, Answer | None]


class Broken(Exception):
    """The connection is to be broken instead of an answer; *how* is the bridge's word for it."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


def struck(exchange: Exchange) -> tuple[Effect, ...]:
    """Return what strikes this request, counted and noted: its own fault, or the tenant's."""
    plan, caller = exchange.tenant.faults, exchange.caller
    effects = _carried(exchange) or plan.strike(
        exchange.api,
        exchange.request.method,
        exchange.path,
        caller.key or caller.account,
        lambda: _sent(exchange),
    )
    exchange.struck += effects
    return effects


def _sent(exchange: Exchange) -> str:
    """Return what tells a request from others of its path: its query and a digest of its body."""
    query = exchange.request.query_string.decode("latin-1")
    return f"{query} {body_digest(exchange.body, exchange.tenant.journal.volatile)}"


def _carried(exchange: Exchange) -> tuple[Effect, ...]:
    """Return the fault that the request brings along, where such are obeyed."""
    text = exchange.request.headers.get(FAULT_HEADER)
    if text is None or not exchange.world.plan.fault_header:
        return ()
    try:
        return (parse_effect(orjson.loads(text)),)
    except ValueError as error:
        raise BadJson(f"{FAULT_HEADER}: {error}") from None


# -- before the work ------------------------------------------------------------------------------


def before(exchange: Exchange, effect: Effect) -> Steps:
    """Carry out what comes before the work; return an answer that settles the request, or None.

    Raises:
        Refusal: The effect is one.
        Broken: The connection is broken.
    """
    match effect:
        case Delay(seconds=seconds):
            yield Pause(exchange.tenant.clock, seconds)
        case RevokeTokens():
            exchange.tenant.tokens.revoke_all()
        case Html():
            return _proxy_page(exchange, effect)
        case Reset() | Timeout():
            raise Broken(effect.kind)
        case RateLimit():
            _forget_standing(exchange)
            raise _rate_limited(exchange, effect)
        case Error() | SslRequired():
            raise _dated(exchange, effect)
    return None


def _dated(exchange: Exchange, effect: Error | SslRequired) -> Exception:
    refusal = effect.refusal()
    if isinstance(refusal, InjectedError) and refusal.retry_after:
        refusal.retry_after = spoken(refusal.retry_after, exchange.tenant.clock)
    return refusal


def _proxy_page(exchange: Exchange, effect: Html) -> Answer:
    exchange.extra_headers.clear()
    told = str(effect.status).encode()
    return Answer(effect.status, PROXY_PAGE % {b"told": told}, content_type="text/html")


def _forget_standing(exchange: Exchange) -> None:
    kept = [pair for pair in exchange.extra_headers if not pair[0].startswith("X-RateLimit-")]
    exchange.extra_headers[:] = kept


def _rate_limited(exchange: Exchange, effect: RateLimit) -> RateLimited:
    limit = exchange.tenant.limits[exchange.api].quota.requests or 0
    if effect.retry_after is None:
        return RateLimited(REFUSED_S, limit, REFUSED_S, silent=True)
    written = spoken(effect.retry_after, exchange.tenant.clock)
    wait_s = int(written) if _SECONDS.fullmatch(written) else REFUSED_S
    return RateLimited(wait_s, limit, wait_s, written=written)


def spoken(text: str, clock: Clock) -> str:
    """Return a text with ``{date+30}`` written out as the HTTP date 30 seconds from now."""

    def date(found: re.Match[str]) -> str:
        try:
            moment = clock.now() + timedelta(seconds=int(found[1] or 0))
            return format_datetime(moment.replace(microsecond=0), usegmt=True)
        except OverflowError:
            return found[0]

    return _DATE.sub(date, text)


# -- after the work -------------------------------------------------------------------------------


def lost(effects: tuple[Effect, ...]) -> Exception | None:
    """Return what to raise once the work is done, because its answer is lost; None if it is not."""
    for effect in effects:
        match effect:
            case ResetAfter():
                return Broken("reset")
            case ErrorAfter():
                return effect.refusal()
    return None


# -- on the wire ----------------------------------------------------------------------------------


def on_the_wire(exchange: Exchange, response: Response) -> Generator[Wait, None, bool]:
    """Spoil the answer, or have the bridge do it while it is sent; return whether it arrives.

    Without a bridge a slow body is waited for, and one that is cut off does not arrive.
    """
    effects = [effect for effect in exchange.struck if effect.phase is Phase.WIRE]
    if not effects:
        return True
    wire = Wire(exchange.tenant.clock)
    for effect in effects:
        match effect:
            case Malformed():
                _spoil(response)
            case Truncate(bytes=count):
                wire.cut_bytes = count
            case Slow(bytes_per_second=rate):
                wire.bytes_per_s = rate
    if exchange.request.environ.get("cwmock.bridged"):
        exchange.request.environ["cwmock.wire"] = wire
        return True
    yield Pause(exchange.tenant.clock, wire.seconds(len(response.get_data())))
    return wire.cut_bytes is None


def _spoil(response: Response) -> None:
    # No JSON text ends in a comma, wherever it was cut.
    response.set_data(response.get_data()[:-1] + b",")
    if response.status_code == 204:  # noqa: PLR2004 - which has no body
        response.status_code = 200
