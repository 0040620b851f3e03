"""Lists whose conditions come in the body of a POST."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.schema import Resource
from mockserver.psa import listing
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers

FILTER_VALUES = {
    "conditions": "conditions",
    "orderby": "orderby",
    "childconditions": "childconditions",
    "customfieldconditions": "customfieldconditions",
}


class Search:
    """POST …/search: a list whose conditions come in the body (psa facts 3.9).

    Args:
        handlers: What answers the page.
    """

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers

    def __call__(self, exchange: Exchange) -> Answer:
        """Answer the page that the body and the query string ask for."""
        assert exchange.route is not None
        assert exchange.route.resource is not None
        resource = exchange.route.resource
        query = {n: v for n, v in exchange.parameters.items() if n not in FILTER_VALUES}
        query.update(_filter_values(resource, exchange.json_object()))
        return self._handlers.page(
            exchange, resource, listing.list_query(exchange, resource, None, query)
        )


def _filter_values(resource: Resource, document: Mapping[str, Any]) -> dict[str, str]:
    faults = [
        Fault(Flaw.UNKNOWN_MEMBER, name, name)
        for name in document
        if name.casefold() not in FILTER_VALUES
    ]
    faults += [
        Fault(Flaw.WRONG_TYPE, name, None, value)
        for name, value in document.items()
        if name.casefold() in FILTER_VALUES and not isinstance(value, str | None)
    ]
    if faults:
        raise InvalidRecord(resource.path, tuple(faults), model="FilterValues")
    return {name.casefold(): value for name, value in document.items() if value}
