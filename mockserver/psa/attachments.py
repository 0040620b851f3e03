"""Configurations on tickets and agreements: attached and detached by their ids (psa facts 8.7)."""

from collections.abc import Callable, Mapping

import orjson

from mockserver.core.errors import Fault, Flaw, InvalidRecord, RecordNotFound
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.schema import Column, Kind, Resource
from mockserver.core.text import fold
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers, parent_id_of
from mockserver.web.means import resource_of

CONFIGURATIONS = "company/configurations"
PARENTS = ("service/tickets", "project/tickets", "finance/agreements")
#: A row shows the configuration's id; its own is another one when the configuration is attached to
#: several records.
CONFIGURATION_ID = Column("configurationId", "configurationid", Kind.INTEGER, ("configurationId",))
#: Who attached it and when, which every record lets conditions name (psa facts 3.6).
AUDIT = tuple(
    Column(name, name.lower(), kind, ("_info", name))
    for name, kind in (
        ("lastUpdated", Kind.INSTANT),
        ("updatedBy", Kind.TEXT),
        ("dateEntered", Kind.INSTANT),
        ("enteredBy", Kind.TEXT),
    )
)
REFINEMENTS: Mapping[str, Mapping[str, object]] = {
    f"{path}/configurations": {"virtual": (CONFIGURATION_ID, *AUDIT)} for path in PARENTS
}
#: What shows where an attached configuration is (recorded: psa facts 8.7).
LINKS: Mapping[str, Mapping[str, str]] = {
    f"{path}/configurations": {"configuration_href": f"{CONFIGURATIONS}/{{id}}"} for path in PARENTS
}


def attach(handlers: Handlers, exchange: Exchange) -> Answer:
    """Attach the configuration that the body names; one that is attached already stays so."""
    resource, records = resource_of(exchange), exchange.records
    with records.store.transaction():
        parent_id = parent_id_of(exchange, resource, child=0)
        assert parent_id is not None
        configuration_id = _wanted(records, resource, exchange.json_object())
        row_id = keep_attached(records, resource, parent_id, configuration_id)
        status, headers = handlers.api.created(exchange, configuration_id)
        shown = handlers.shown(exchange, resource, row_id)
    return Answer(status, shown.body, headers)


def _wanted(records: Records, resource: Resource, document: Mapping[str, object]) -> int:
    """Return the configuration that a body names, by ``id`` or ``deviceIdentifier``."""
    given = {name.casefold(): value for name, value in document.items()}
    configurations = records.registry.resource(CONFIGURATIONS)
    device, number = given.get("deviceidentifier"), given.get("id")
    if number in (None, "", 0) and device in (None, ""):
        # The recorded words for an empty reference (psa facts 6.3).
        message = "id or deviceIdentifier is required."
        raise InvalidRecord(resource.path, (Fault(Flaw.MISSING, "id", message),))
    found: tuple[int, ...] = ()
    if number in (None, "", 0):
        found = records.store.matching(configurations, 1, deviceidentifier=fold(str(device)))
    elif str(number).isdigit() and len(str(number)) <= 18:  # noqa: PLR2004
        found = (int(str(number)),)
    if not found or records.target(CONFIGURATIONS, found[0]) is None:
        detail = (CONFIGURATIONS, None, None)
        fault = Fault(Flaw.UNKNOWN_REFERENCE, "id", detail, str(number or device)[:100])
        raise InvalidRecord(resource.path, (fault,))
    return found[0]


def keep_attached(records: Records, resource: Resource, parent_id: int, wanted: int) -> int:
    """Return the row in which a configuration is attached, a new one when it was not."""
    found = _row(records, resource, parent_id, wanted)
    return _attached(records, resource, parent_id, wanted) if found is None else found


def _row(records: Records, resource: Resource, parent_id: int, wanted: int) -> int | None:
    """Return the row in which a configuration is attached, or None."""
    for row_id in records.store.matching(resource, parent_id=parent_id):
        if records.get(resource, row_id)["id"] == wanted:
            return row_id
    return None


def _attached(records: Records, resource: Resource, parent_id: int, wanted: int) -> int:
    is_free = records.find(resource, wanted) is None
    row_id = wanted if is_free else records.store.next_id(resource)
    found = records.target(CONFIGURATIONS, wanted)
    assert found is not None
    shown: Record = {"id": wanted}
    if found[0].get("deviceIdentifier"):
        shown["deviceIdentifier"] = found[0]["deviceIdentifier"]
    href = f'"\\/{CONFIGURATIONS}/{wanted}"'.encode()
    info = {"name": found[0].get("name"), "configuration_href": orjson.Fragment(href)}
    body = orjson.dumps({**shown, "_info": info})
    row = {**shown, "id": row_id, "configurationId": wanted}
    records.store.insert(resource, row, {"body": body}, parent_id)
    return row_id


def _asked(exchange: Exchange) -> int:
    """Return the row of the configuration in the path; RecordNotFound when it is not attached."""
    resource = resource_of(exchange)
    parent_id = parent_id_of(exchange, resource, child=1)
    assert parent_id is not None
    wanted = int(exchange.ids[-1])
    row_id = _row(exchange.records, resource, parent_id, wanted)
    if row_id is None:
        raise RecordNotFound(CONFIGURATIONS, wanted)
    return row_id


def read(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer one attached configuration."""
    return handlers.shown(exchange, resource_of(exchange), _asked(exchange))


def detach(_handlers: Handlers, exchange: Exchange) -> Answer:
    """Detach a configuration, which stays what it is."""
    store = exchange.records.store
    with store.transaction():
        store.delete(resource_of(exchange), _asked(exchange))
    return Answer(204)


_METHODS = (("POST", "", attach), ("GET", "/{id}", read), ("DELETE", "/{id}", detach))
OPERATIONS: Mapping[tuple[str, str], Callable[[Handlers, Exchange], Answer]] = {
    (method, f"/{path}/{{parentId}}/configurations{rest}"): handler
    for path in PARENTS
    for method, rest, handler in _METHODS
}
