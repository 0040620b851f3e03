"""The audit trail of a record: asked for by its type and number (psa facts 8.2)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement

from mockserver.core.errors import InvalidParameter
from mockserver.core.schema import Resource
from mockserver.core.text import fold
from mockserver.psa.envelope import psa_profile
from mockserver.psa.resources.audit import AUDITED, SAME_TYPE, TRAIL
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import ID_DIGITS_MAX, Handlers

CONFIGURATIONS = "company/configurations"
#: Types that the vendor names and nothing here writes about.
OTHERS = ("None", "Survey")
TYPES = {each.casefold(): each for each in (*AUDITED.values(), *OTHERS)} | dict(SAME_TYPE)
IDS = ("id", "xrefrecid")


def listed(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer what happened to a record, oldest first."""
    return handlers.page(exchange, *_asked(handlers, exchange))


def counted(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer how much happened to a record."""
    return handlers.total(exchange, *_asked(handlers, exchange))


def _asked(handlers: Handlers, exchange: Exchange) -> tuple[Resource, ListQuery]:
    resource = exchange.records.registry.resource(TRAIL)
    table = exchange.records.store.table(resource)
    if psa_profile(exchange).audit_needs_record:
        _need(exchange)
    told = (_type(exchange), *(_number(exchange, name) for name in IDS), _device(exchange))
    columns = (table.c.audittype, table.c.recordid, table.c.recordid, table.c.recordid)
    where: list[ColumnElement[bool]] = [
        column == value for column, value in zip(columns, told, strict=True) if value is not None
    ]
    return resource, handlers.api.list_query(exchange, resource, None).narrowed(where, told)


def _need(exchange: Exchange) -> None:
    given = exchange.parameters
    if not given.get("type"):
        raise InvalidParameter("type", "", "The type field is required.")
    if not any(given.get(name) for name in (*IDS, "deviceidentifier")):
        raise InvalidParameter("id", "", "The id field is required.")


def _type(exchange: Exchange) -> str | None:
    text = exchange.parameters.get("type")
    if not text:
        return None
    known = TYPES.get(text.casefold())
    if known is None:
        raise InvalidParameter("type", text, "Enum value supplied was invalid")
    return fold(known)


def _number(exchange: Exchange, name: str) -> int | None:
    text = exchange.parameters.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise InvalidParameter(name, text, f"{name} must be a valid integer")
    # Nothing happened to a record with a number that no record can have.
    return int(text) if len(text) <= ID_DIGITS_MAX else -1


def _device(exchange: Exchange) -> int | None:
    """Return the configuration of a device; -1 when there is none."""
    text = exchange.parameters.get("deviceidentifier")
    if not text:
        return None
    resource = exchange.records.registry.resource(CONFIGURATIONS)
    found = exchange.records.store.matching(resource, 1, deviceidentifier=fold(text))
    return found[0] if found else -1


OPERATIONS: Mapping[tuple[str, str], Callable[[Handlers, Exchange], Any]] = {
    ("GET", "/system/audittrail"): listed,
    ("GET", "/system/audittrail/count"): counted,
}
