"""What products, stock and demands do, as far as the names of the operations tell."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Exchange
from mockserver.web.handlers import ID_DIGITS_MAX
from mockserver.web.means import Behaviour

PRODUCTS, CATALOG = "procurement/products", "procurement/catalog"
ORDERS, LINES = "procurement/purchaseorders", "procurement/purchaseorders/lineitems"
#: What a product is taken out of, by the flag of the body.
TAKEN_OUT: Mapping[str, tuple[str, ...]] = {
    "removeFromTicket": ("ticket",),
    "removeFromInvoice": ("invoice",),
    "removeFromOpportunity": ("opportunity",),
    "removeFromSalesOrder": ("salesOrder",),
    "removeFromProject": ("project", "phase"),
}


def detach(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """Take the product in the path out of what the body's flags name."""
    names = (name for flag, each in TAKEN_OUT.items() if given.get(flag) for name in each)
    products = exchange.records.registry.resource(PRODUCTS)
    changes = dict.fromkeys(names)
    exchange.records.change(products, int(exchange.ids[0]), changes, exchange.caller.login)


def on_hand(exchange: Exchange, given: Mapping[str, Any]) -> Record:  # noqa: ARG001
    """Return how many of the catalogue's item in the path are in stock, or in one bin."""
    records, text = exchange.records, exchange.ids[0]
    catalog = records.registry.resource(CATALOG)
    item_id = int(text) if text.isascii() and text.isdigit() else records.identified(catalog, text)
    stock = records.registry.resource(f"{CATALOG}/inventory")
    wanted = exchange.parameters.get("warehousebinid", "")
    where: Record = {"parent_id": item_id}
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= ID_DIGITS_MAX:
        where["warehousebin_id"] = int(wanted)
    found = records.store.matching(stock, **where)
    return {"count": sum(records.get(stock, each).get("onHand") or 0 for each in found)}


def pricing(exchange: Exchange, given: Mapping[str, Any]) -> Record:  # noqa: ARG001
    """Return what the catalogue's item in the path costs a client, a piece."""
    records = exchange.records
    item = records.get(records.registry.resource(CATALOG), int(exchange.ids[0]))
    shown = {"id": item["id"], "identifier": item.get("identifier", "")}
    return {"catalogItem": shown, "price": item.get("price", 0)}


def demand(exchange: Exchange, given: Mapping[str, Any]) -> Record:
    """Order the products in the body at their vendor, and return the purchase order."""
    records, author = exchange.records, exchange.caller.login
    orders = records.registry.resource(ORDERS)
    with records.store.transaction():
        payload = {
            **_order_needs(records),
            "vendorCompany": given.get("vendor"),
            "warehouse": given.get("warehouse"),
        }
        order = records.create(orders, {n: v for n, v in payload.items() if v}, author)
        for number, each in enumerate(given.get("products") or (), 1):
            line = _line(records, number, each)
            lines = records.registry.resource(LINES)
            records.create(lines, line, author, order["id"])
        return {"purchaseOrder": records.get(orders, order["id"])}


def _order_needs(records: Records) -> Record:
    """Return what a purchase order cannot do without and a demand does not tell."""
    found = {}
    for name, path in (
        ("status", "procurement/purchaseorderstatuses"),
        ("terms", "finance/billingTerms"),
    ):
        resource = records.registry.resource(path)
        ids = records.store.matching(resource, 1, defaultflag=True)
        ids = ids or records.store.matching(resource, 1)
        found[name] = {"id": ids[0]} if ids else None
    return found


def _line(records: Records, number: int, wanted: Mapping[str, Any]) -> Record:
    product_id = wanted.get("productRecId") or 0
    found = records.target(PRODUCTS, product_id)
    if found is None:
        path = f"products[{number - 1}]/productRecId"
        fault = Fault(Flaw.UNKNOWN_REFERENCE, path, (PRODUCTS, None, None), product_id)
        raise InvalidRecord(ORDERS, (fault,), model="PurchasingDemand")
    product = found[0]
    units = records.registry.resource("procurement/unitOfMeasures")
    unit = product.get("unitOfMeasure") or {"id": records.store.matching(units, 1)[0]}
    return {
        "lineNumber": number,
        "product": {"id": product["catalogItem"]["id"]},
        "description": product.get("description") or product["catalogItem"]["identifier"],
        "quantity": wanted.get("quantity", product.get("quantity", 1)),
        "unitCost": wanted.get("cost", product.get("cost", 0)),
        "unitOfMeasure": {"id": unit["id"]},
    }


#: What these do follows from their names alone.
NAMED: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/procurement/products/{id}/detach"): detach,
    ("GET", "/procurement/catalog/{catalogItemIdentifier}/quantityOnHand"): on_hand,
    ("POST", "/procurement/catalog/{id}/pricing"): pricing,
    ("POST", "/procurement/purchasingDemands"): demand,
}
