"""The items of an opportunity's forecast, which have ids of their own but lie inside of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import orjson

from mockserver.core.catalogue import Catalogue
from mockserver.core.errors import Fault, Flaw, InvalidRecord, RecordNotFound
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.core.validate import checked, missing
from mockserver.psa.bodies import changes_to, payload_of
from mockserver.psa.kept import FORECAST_ITEMS
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import ID_DIGITS_MAX, Handlers

OPPORTUNITIES, FORECASTS = "sales/opportunities", "sales/opportunities/forecast"
STATUSES = "sales/opportunities/statuses"
MEMBER = "forecastItems"
#: Where the numbers of new items begin: above all that a world has.
FIRST_NEW = 1_000_000
#: The sums that a forecast shows of its items of each kind.
SUMS: Mapping[str, str] = {
    "productRevenue": "Product",
    "serviceRevenue": "Service",
    "agreementRevenue": "Agreement",
    "otherRevenue1": "Other1",
    "otherRevenue2": "Other2",
}
ENDS: Mapping[str, str] = {"wonRevenue": "wonFlag", "lostRevenue": "lostFlag"}
PERCENT = 100


@cache
def _item_resource() -> Resource:
    """Return the declaration of an item."""
    fields = Catalogue.load("mockserver.psa").model("ForecastItem")
    return Resource("forecastItem", "ForecastItem", fields)


# -- operations ------------------------------------------------------------------------------------


def read(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer one item."""
    forecast = _forecast(exchange)
    return _shown(handlers, exchange, _item(forecast, exchange.ids[1]))


def create(handlers: Handlers, exchange: Exchange) -> Answer:
    """Add an item to the opportunity's forecast, whichever of its forecasts the path names."""
    with exchange.records.store.transaction():
        forecast = _forecast(exchange)
        number = FIRST_NEW + exchange.records.store.next_id(FORECAST_ITEMS)
        item = _right(exchange, payload_of(exchange, _item_resource()), {"id": number})
        _keep(exchange.records, forecast, [*_items(forecast), item])
        shown = _shown(handlers, exchange, item)
    return Answer(201, shown.body)


def replace(handlers: Handlers, exchange: Exchange) -> Answer:
    """Give an item the values in the body."""
    return _changed(handlers, exchange, lambda _: payload_of(exchange, _item_resource()))


def patch(handlers: Handlers, exchange: Exchange) -> Answer:
    """Change some values of an item."""
    return _changed(
        handlers,
        exchange,
        lambda item: {**item, **changes_to(exchange, _item_resource(), item)},
    )


def delete(_handlers: Handlers, exchange: Exchange) -> Answer:
    """Remove an item."""
    with exchange.records.store.transaction():
        forecast = _forecast(exchange)
        gone = _item(forecast, exchange.ids[1])
        _keep(exchange.records, forecast, [each for each in _items(forecast) if each != gone])
    return Answer(204)


def copy(_handlers: Handlers, exchange: Exchange) -> Answer:
    """Add an item like another one."""
    with exchange.records.store.transaction():
        forecast = _forecast(exchange)
        item = _item(forecast, exchange.ids[1])
        number = FIRST_NEW + exchange.records.store.next_id(FORECAST_ITEMS)
        _keep(exchange.records, forecast, [*_items(forecast), {**item, "id": number}])
    return Answer(200, orjson.dumps({"success": True, "message": "Success"}))


def _changed(
    handlers: Handlers, exchange: Exchange, change: Callable[[Record], Mapping[str, Any]]
) -> Answer:
    with exchange.records.store.transaction():
        forecast = _forecast(exchange)
        before = _item(forecast, exchange.ids[1])
        item = _right(exchange, change(before), {"id": before["id"]})
        items = [item if each["id"] == item["id"] else each for each in _items(forecast)]
        _keep(exchange.records, forecast, items)
        return _shown(handlers, exchange, item)


# -- items -----------------------------------------------------------------------------------------


def _forecast(exchange: Exchange) -> Record:
    """Return the forecast of the opportunity in the path."""
    records, opportunity_id = exchange.records, int(exchange.ids[0])
    if records.target(OPPORTUNITIES, opportunity_id) is None:
        raise RecordNotFound(OPPORTUNITIES, opportunity_id)
    resource = records.registry.resource(FORECASTS)
    found = records.store.matching(resource, 1, parent_id=opportunity_id)
    if not found:
        raise RecordNotFound(FORECASTS, exchange.ids[1])
    return records.get(resource, found[0])


def _items(forecast: Record) -> list[Record]:
    found: list[Record] = forecast.get(MEMBER) or []
    return found


def _item(forecast: Record, text: str) -> Record:
    number = int(text) if len(text) <= ID_DIGITS_MAX else -1
    for each in _items(forecast):
        if each["id"] == number:
            return each
    raise RecordNotFound(FORECASTS, text)


def _right(exchange: Exchange, payload: Mapping[str, Any], own: Record) -> Record:
    """Return an item as it is kept; InvalidRecord names everything that is wrong with it."""
    resource, records = _item_resource(), exchange.records
    clean, faults = checked(resource, payload, records.policy)
    item = {**{name: value for name, value in clean.items() if value is not None}, **own}
    if "opportunity" in item:  # the path's, whatever the body calls it
        item["opportunity"] = {"id": int(exchange.ids[0])}
    faults += missing(resource, item, update=False)
    faults += _unknown(records, resource, item)
    if faults:
        raise InvalidRecord(FORECASTS, tuple(faults), model="ForecastItem")
    revenue, cost = item.setdefault("revenue", 0), item.get("cost") or 0
    item["margin"] = round(revenue - cost, 2)
    return records.written_out(resource, item)


def _unknown(records: Records, resource: Resource, item: Record) -> Iterator[Fault]:
    for declared in resource.references:
        number = (item.get(declared.name) or {}).get(declared.id_member)
        if number is not None and records.target(declared.target or "", number) is None:
            target = (declared.target, None, None)
            yield Fault(Flaw.UNKNOWN_REFERENCE, declared.name, target, number)


def _shown(handlers: Handlers, exchange: Exchange, item: Record) -> Answer:
    """Answer an item as its forecast shows it."""
    resource, number = exchange.records.registry.resource(FORECASTS), _forecast(exchange)["id"]
    shown = _item(handlers.whole(exchange, resource, number), str(item["id"]))
    chosen = handlers.api.fields(exchange)
    if chosen is not None:
        shown = handlers.api.projected(exchange, shown, chosen)
    return Answer(200, handlers.api.written(exchange, shown))


# -- sums ------------------------------------------------------------------------------------------


def _keep(records: Records, forecast: Record, items: list[Record]) -> None:
    """Store a forecast with these items, and what they come to."""
    kept = {**forecast, MEMBER: items, **dict(_sums(records, forecast, items))}
    records.save(records.registry.resource(FORECASTS), kept)


def _sums(
    records: Records, forecast: Record, items: list[Record]
) -> Iterator[tuple[str, Record | float]]:
    number = forecast["id"]
    for name, kind in SUMS.items():
        yield name, _sum(number, (each for each in items if each.get("forecastType") == kind))
    yield "forecastRevenueTotals", _sum(number, items)
    included = [each for each in items if each.get("includeFlag")]
    yield "inclusiveRevenueTotals", _sum(number, included)
    ended = {name: [x for x in items if _ends(records, x, flag)] for name, flag in ENDS.items()}
    for name, those in ended.items():
        yield name, _sum(number, those)
    is_open = (x for x in items if not any(x in those for those in ended.values()))
    yield "openRevenue", _sum(number, is_open)
    yield "recurringTotal", round(sum(x.get("recurringRevenue") or 0 for x in items), 2)
    taxes = forecast.get("salesTaxRevenue") or 0
    total = sum(x.get("revenue") or 0 for x in items)
    yield "forecastTotalWithTaxes", round(total + taxes, 2)


def _ends(records: Records, item: Record, flag: str) -> bool:
    found = records.target(STATUSES, (item.get("status") or {}).get("id") or 0)
    return bool(found and found[0].get(flag))


def _sum(number: int, items: Iterable[Record]) -> Record:
    those = list(items)
    revenue, cost = (round(sum(x.get(n) or 0 for x in those), 2) for n in ("revenue", "cost"))
    share = round((revenue - cost) / revenue * PERCENT, 1) if revenue else 0.0
    told = {"revenue": revenue, "cost": cost, "margin": round(revenue - cost, 2)}
    return {"id": number, **told, "percentage": share}


ONE = "/sales/opportunities/{parentId}/forecast/{id}"
OPERATIONS = {
    ("GET", ONE): read,
    ("POST", ONE): create,
    ("PUT", ONE): replace,
    ("PATCH", ONE): patch,
    ("DELETE", ONE): delete,
    ("POST", "/sales/opportunities/{parentId}/forecast/copy/{id}"): copy,
}
