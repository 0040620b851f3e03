"""``calculateSla``: tickets with where the clock of their service level stands now."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import orjson

from mockserver.psa.resources.sla import TICKETS, current
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers


def calculate(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer a page of tickets with their current times (the description of ``Ticket``)."""
    resource = exchange.records.registry.resource(TICKETS)
    query = handlers.api.list_query(exchange, resource, None)
    answer = handlers.page(exchange, resource, replace(query, fields=None))
    rows = [current(exchange.records, row) for row in orjson.loads(answer.body)]
    if query.fields is not None:
        rows = [handlers.api.projected(exchange, row, query.fields) for row in rows]
    return replace(answer, body=handlers.api.written(exchange, rows))


OPERATIONS: Mapping[tuple[str, str], Callable[[Handlers, Exchange], Answer]] = {
    ("GET", "/service/tickets/calculateSla"): calculate,
}
