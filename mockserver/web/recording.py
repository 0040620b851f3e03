"""From an exchange to the journal's entry."""

from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import BAD_REQUEST

from werkzeug.wrappers import Response

from mockserver.core.attempt import Attempt
from mockserver.core.entry import Entry
from mockserver.web.exchange import Exchange

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def record(exchange: Exchange, response: Response | None, duration_s: float) -> None:
    """Keep what was asked and answered in the tenant's journal; None for a broken connection."""
    request, environ = exchange.request, exchange.request.environ
    query = environ.get("QUERY_STRING", "")
    attempt = _attempt(exchange)
    environ["cwmock.attempt"] = attempt
    environ["cwmock.ended"] = partial(exchange.tenant.ended, attempt)
    entry = Entry(
        attempt=attempt,
        at=_EPOCH + timedelta(microseconds=attempt.arrived_ns // 1_000),
        api=exchange.api,
        method=request.method,
        path=exchange.path,
        url=f"{request.path}?{query}" if query else request.path,
        key=exchange.caller.key or exchange.caller.account,
        login=exchange.caller.login,
        connection=environ.get("cwmock.connection"),
        template=exchange.route.template if exchange.route else exchange.wanted,
        status=response.status_code if response else None,
        duration_ms=duration_s * 1_000,
        queued_ms=exchange.queued_s * 1_000,
        request_headers=tuple(request.headers),
        request_body=exchange.body or None,
        response_headers=tuple(response.headers) if response else (),
        response_body=response.get_data() if response else None,
        response_is_plain=_is_plain(exchange, response),
        faults=tuple(exchange.struck),
        error=exchange.error,
        hint=exchange.hint,
    )
    exchange.tenant.hear(entry)
    for hear in exchange.world.listeners:
        hear(exchange.tenant.name, entry)


def _attempt(exchange: Exchange) -> Attempt:
    if exchange.arrived_ns is None:
        exchange.arrive()
    arrived_ns = exchange.arrived_ns or 0
    environ = exchange.request.environ
    began_ns, received_ns = environ.get("cwmock.began_ns"), environ.get("cwmock.received_ns")
    took_ns = received_ns - began_ns if began_ns and received_ns else 0
    return Attempt(
        arrived_ns=arrived_ns,
        received_ns=arrived_ns + took_ns,
        flushed_ns=max(arrived_ns, exchange.tenant.clock.nanoseconds()),
        writes=exchange.route is not None and exchange.route.writes and not exchange.route.is_login,
        applied=exchange.applied,
        effects=tuple(exchange.effects),
        paged=exchange.paged,
        notes=tuple(exchange.notes),
        login=exchange.route is not None and exchange.route.is_login,
        in_flight=exchange.in_flight,
    )


def _is_plain(exchange: Exchange, response: Response | None) -> bool:
    if exchange.route is None or response is None or response.status_code >= BAD_REQUEST:
        return False
    return exchange.route.is_plain
