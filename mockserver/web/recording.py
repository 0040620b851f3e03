"""From an exchange to the journal's entry."""

from http.client import BAD_REQUEST

from werkzeug.wrappers import Response

from mockserver.core.entry import Entry
from mockserver.web.exchange import Exchange


def record(exchange: Exchange, response: Response | None, duration_s: float) -> None:
    """Keep what was asked and answered in the tenant's journal; None for a broken connection."""
    request, environ = exchange.request, exchange.request.environ
    query = environ.get("QUERY_STRING", "")
    exchange.tenant.journal.add(
        Entry(
            at=exchange.tenant.clock.now(),
            api=exchange.api,
            method=request.method,
            path=exchange.path,
            url=f"{request.path}?{query}" if query else request.path,
            key=exchange.caller.key,
            connection=environ.get("cwmock.connection"),
            template=exchange.route.template if exchange.route else None,
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
        )
    )


def _is_plain(exchange: Exchange, response: Response | None) -> bool:
    if exchange.route is None or response is None or response.status_code >= BAD_REQUEST:
        return False
    return exchange.route.is_plain
