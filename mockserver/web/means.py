"""What the handlers of wider operations work with, and the bodies that actions take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from mockserver.core.errors import BadJson, InvalidRecord, RecordNotFound
from mockserver.core.operation import Operation
from mockserver.core.rules import Record
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.validate import checked, missing
from mockserver.web.api import Api
from mockserver.web.exchange import Exchange
from mockserver.web.handlers import ID_DIGITS_MAX, Handlers

Model = Callable[[str], tuple[Field, ...]]


class Shown(NamedTuple):
    """A record that an action answers as reading it would."""

    path: str
    record_id: int


class Exactly(dict[str, Any]):
    """What an action answers without filling in what is not known; members of no model go."""


#: What an action has to say: members of its declared answer, several of them, a record or a number.
Outcome = Mapping[str, Any] | list[Record] | Shown | int | None
#: What an action does to the state: it gets the exchange and the body.
Behaviour = Callable[[Exchange, Mapping[str, Any]], Outcome]


@dataclass(frozen=True)
class Means:
    """What the handlers of operations beside CRUD work with.

    Args:
        api: The vendor.
        handlers: The vendor's CRUD.
        model: Finds the fields of one of the vendor's models.
        behaviours: What actions do, by method and template.
        derived: Members that mirrors show under names of their own, by collection: the name and
            the members that it is made of.
        zone: What the vendor writes behind an instant.
    """

    api: Api
    handlers: Handlers
    model: Model
    behaviours: Mapping[tuple[str, str], Behaviour]
    derived: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    zone: str = "Z"

    def named(self, exchange: Exchange, operation: Operation) -> Record | None:
        """Return the record that the path names, None when it names none.

        Raises:
            RecordNotFound: There is no such record, or not below the parent in the path.
        """
        resource = exchange.route.resource if exchange.route else None
        if resource is None:
            return None
        parent_id = _parent_named(exchange, operation, resource)
        record_id = _id_named(exchange, operation, resource)
        if record_id is None:
            return None
        records = exchange.records
        if parent_id is not None and records.store.parent_of(resource, record_id) != parent_id:
            raise RecordNotFound(resource.path, record_id)
        return records.get(resource, record_id)

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
        fields = tuple(map(_sent, self.model(operation.model_in)))
        declared = Resource(operation.model_in, operation.model_in, fields)
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


def _sent(declared: Field) -> Field:
    """Return a field of an action's body: an id in it names what the action is about."""
    return replace(declared, read_only=False) if declared.name.casefold() == "id" else declared


def resource_of(exchange: Exchange) -> Resource:
    """Return the collection that the request is about."""
    assert exchange.route is not None
    assert exchange.route.resource is not None
    return exchange.route.resource


def _parent_named(exchange: Exchange, operation: Operation, resource: Resource) -> int | None:
    path = resource.parent_path
    if path is None or not operation.parents:
        return None
    parent_id = int(exchange.ids[operation.parents - 1])
    if exchange.records.target(path, parent_id) is None:
        raise RecordNotFound(path, parent_id)
    return parent_id


def _id_named(exchange: Exchange, operation: Operation, resource: Resource) -> int | None:
    if not operation.names_record:
        return None
    name, text = (each[operation.parents] for each in (operation.ids, exchange.ids))
    if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX:
        return int(text)
    # Other texts name what is no collection here: a provider's identity, a field of a form.
    is_known = name.casefold().endswith("identifier")
    return exchange.records.identified(resource, text) if is_known else None
