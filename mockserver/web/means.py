"""What the handlers of wider operations work with, and the bodies that actions take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.core.errors import BadJson, InvalidRecord
from mockserver.core.operation import Operation
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.validate import checked, missing
from mockserver.web.api import Api
from mockserver.web.exchange import Exchange
from mockserver.web.handlers import Handlers

Model = Callable[[str], tuple[Field, ...]]
#: What an action does to the state: it gets the exchange and the body, and may return a record.
Behaviour = Callable[[Exchange, Mapping[str, Any]], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Means:
    """What the handlers of operations beside CRUD work with.

    Args:
        api: The vendor.
        handlers: The vendor's CRUD.
        model: Finds the fields of one of the vendor's models.
        behaviours: What actions do, by method and template.
    """

    api: Api
    handlers: Handlers
    model: Model
    behaviours: Mapping[tuple[str, str], Behaviour]

    def accepted(self, exchange: Exchange, operation: Operation) -> Mapping[str, Any]:
        """Return the body of an action, which must fit its declared model.

        Raises:
            InvalidRecord: It does not; all faults are named.
        """
        if operation.model_in is None:
            return self._scalars(exchange, operation)
        document = exchange.json()
        if operation.in_is_list:
            if not isinstance(document, list) or not all(isinstance(x, dict) for x in document):
                raise BadJson("The body must be a JSON array of objects.")
            return {}
        if not isinstance(document, dict):
            raise BadJson("The body must be a JSON object.")
        declared = Resource(operation.model_in, operation.model_in, self.model(operation.model_in))
        clean, faults = checked(declared, document, exchange.records.policy)
        faults += missing(declared, clean, update=False)
        if faults:
            raise InvalidRecord(declared.path, tuple(faults), model=operation.model_in)
        return clean

    def _scalars(self, exchange: Exchange, operation: Operation) -> Mapping[str, Any]:
        """Check a body that is no model: nothing, any object, or texts."""
        if operation.scalar_in is None:
            return {}
        document = exchange.json()
        wanted = {Kind.TEXT: str}.get(operation.scalar_in, dict)
        values = document if operation.in_is_list and isinstance(document, list) else [document]
        if not all(isinstance(value, wanted) for value in values):
            raise BadJson("The body is not of the declared kind.")
        return document if isinstance(document, dict) else {}


def resource_of(exchange: Exchange) -> Resource:
    """Return the collection that the request is about."""
    assert exchange.route is not None
    assert exchange.route.resource is not None
    return exchange.route.resource
