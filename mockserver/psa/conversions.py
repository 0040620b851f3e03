"""Opportunities and sales orders that become agreements, orders, projects, tickets.

That they do is named by psa facts 8.5, what can be said of it by the bodies of the description;
what is taken over from the opportunity or the order is assumed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.psa.belongings import bring_along
from mockserver.psa.kept import CONVERSIONS
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour, Shown

OPPORTUNITIES, ORDERS = "sales/opportunities", "sales/orders"
AGREEMENTS, PROJECTS, TICKETS = "finance/agreements", "project/projects", "service/tickets"
#: What the answers about conversions call the kinds of what came of them.
KINDS: Mapping[str, str] = {
    AGREEMENTS: "Agreement",
    PROJECTS: "Project",
    ORDERS: "SalesOrder",
    TICKETS: "ServiceTicket",
}
#: What is called alike here and there.
SAME = (
    *("company", "contact", "site", "customerPO", "poNumber", "billingTerms", "taxCode"),
    *("shipToCompany", "shipToContact", "shipToSite", "billToCompany", "billToContact"),
    *("billToSite", "currency", "location", "department", "opportunity"),
)
#: What is called otherwise there.
OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "customerPO": ("poNumber", "customerPO"),
    "poNumber": ("customerPO", "poNumber"),
    "primarySalesRep": ("salesRep",),
    "name": ("name", "summary", "description"),
    "description": ("name", "summary"),
}
#: Numbers that are references there, by the name of the number.
NUMBERED: Mapping[str, str] = {
    "locationId": "location",
    "businessUnitId": "department",
    "billCycleId": "billingCycle",
}


@dataclass(frozen=True)
class Conversion:
    """One kind of record that becomes another kind.

    Args:
        source: The collection of the record in the path.
        target: The collection of what it becomes.
        existing: The body's member that names a record that is there already.
    """

    source: str
    target: str
    existing: str

    def __call__(self, exchange: Exchange, given: Mapping[str, Any]) -> Shown:
        """Make the new record, or take the one that the body names, and bring things along."""
        records, author = exchange.records, exchange.caller.login
        source_id = int(exchange.ids[0])
        with records.store.transaction():
            source = records.get(records.registry.resource(self.source), source_id)
            known = given.get(self.existing)
            target_id = self._joined(records, source_id, known, author) if known else None
            if target_id is None:
                payload = self._payload(records, source, given)
                target = records.registry.resource(self.target)
                target_id = records.create(target, payload, author)["id"]
            here, there = (self.source, source_id), (self.target, target_id)
            bring_along(records, here, there, given, author)
            self._remember(records, source_id, target_id)
        exchange.effects.append(f"{self.target}/{target_id}")
        return Shown(self.target, target_id)

    def _joined(self, records: Records, source_id: int, known: int, author: str) -> int:
        """Let a record that is there already name the opportunity that it came of."""
        target = records.registry.resource(self.target)
        if records.target(self.target, known) is None:
            fault = Fault(Flaw.UNKNOWN_REFERENCE, self.existing, (self.target, None, None), known)
            raise InvalidRecord(self.source, (fault,))
        if self.source == OPPORTUNITIES:
            records.change(target, known, {"opportunity": {"id": source_id}}, author)
        return known

    def _payload(self, records: Records, source: Record, given: Mapping[str, Any]) -> Record:
        """Return the new record: what it takes over, what the body says, what it needs besides."""
        members = records.registry.resource(self.target).members
        told = {**_taken_over(self.source, source), **_said(given)}
        kept = {
            members[name.casefold()].name: _fitting(value, members[name.casefold()].max_length)
            for name, value in told.items()
            if name.casefold() in members and value is not None
        }
        return {**_needed(records, self.target, kept), **kept}

    def _remember(self, records: Records, source_id: int, target_id: int) -> None:
        """Keep what became of an order; what comes of an opportunity names it itself."""
        if self.source == OPPORTUNITIES:
            return
        row: Record = {"id": records.store.next_id(CONVERSIONS), "sourceId": source_id}
        row |= {"target": self.target, "targetId": target_id}
        records.save(CONVERSIONS, row, new=True)


def _taken_over(path: str, source: Record) -> Record:
    """Return what the new record has of the old one, under all names that it may have there."""
    found = {name: source.get(name) for name in SAME}
    for name, others in OTHERWISE.items():
        found |= {other: source[name] for other in others if source.get(name)}
    if path == OPPORTUNITIES:
        found["opportunity"] = {"id": source["id"]}
    return {**found, **_numbered(source)}


def _said(given: Mapping[str, Any]) -> Record:
    """Return what the body says of the new record."""
    found = {name: value for name, value in given.items() if not name.startswith("include")}
    if given.get("name"):
        found["description"] = given["name"]
    return {**found, **_numbered(given)}


def _numbered(source: Mapping[str, Any]) -> Record:
    return {there: {"id": source[name]} for name, there in NUMBERED.items() if source.get(name)}


def _fitting(value: Any, most: int | None) -> Any:
    """Return a text as long as it may be there, of a reference what all of them have."""
    if isinstance(value, dict):
        return {"id": value["id"]} if "id" in value else value
    return value[:most] if isinstance(value, str) else value


def _needed(records: Records, path: str, kept: Record) -> Record:
    """Return what the new record cannot do without and the old one does not tell."""
    today = f"{records.clock.text()[:10]}T00:00:00Z"
    if path == AGREEMENTS:
        return {"type": _first(records, "finance/agreements/types")}
    if path == PROJECTS:
        start = kept.get("estimatedStart", today)
        return {
            "billingMethod": "ActualRates",
            "board": _first(records, "service/boards", projectflag=True),
            "estimatedStart": start,
            "estimatedEnd": max(start, today),
        }
    if path == ORDERS:
        return {"status": _first(records, "sales/orders/statuses", defaultflag=True)}
    return {}


def _first(records: Records, path: str, **columns: Any) -> Record | None:
    resource = records.registry.resource(path)
    found = records.store.matching(resource, 1, **columns) or records.store.matching(resource, 1)
    return {"id": found[0]} if found else None


# -- what became of a record --------------------------------------------------------------------


def of_opportunity(exchange: Exchange, given: Mapping[str, Any]) -> list[Record]:  # noqa: ARG001
    """Return what names the opportunity in the path as the one that it came of."""
    records, opportunity_id = exchange.records, int(exchange.ids[0])
    records.get(records.registry.resource(OPPORTUNITIES), opportunity_id)
    return [
        shown
        for path in KINDS
        for record_id in _users(records, path, opportunity_id)
        for shown in _told(records, path, record_id)
    ]


def _users(records: Records, path: str, opportunity_id: int) -> tuple[int, ...]:
    resource = records.registry.resource(path)
    return records.users(resource, resource.members["opportunity"], opportunity_id)


def of_order(exchange: Exchange, given: Mapping[str, Any]) -> list[Record]:  # noqa: ARG001
    """Return what the sales order in the path became, as far as it still exists."""
    records, order_id = exchange.records, int(exchange.ids[0])
    records.get(records.registry.resource(ORDERS), order_id)
    kept = [
        records.get(CONVERSIONS, each)
        for each in records.store.matching(CONVERSIONS, sourceid=order_id)
    ]
    return [shown for row in kept for shown in _told(records, row["target"], row["targetId"])]


def _told(records: Records, path: str, record_id: int) -> Iterator[Record]:
    found = records.target(path, record_id)
    if found is not None:
        resource = records.registry.resource(path)
        reference = {"id": record_id, "name": str(found[0].get(resource.label[0], ""))}
        yield {"parentType": KINDS[path], "convertedTo": reference}


BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    **{
        ("POST", f"/sales/opportunities/{{id}}/convertTo{KINDS[target]}"): Conversion(
            OPPORTUNITIES, target, existing
        )
        for target, existing in (
            (AGREEMENTS, "agreementId"),
            (PROJECTS, "projectId"),
            (ORDERS, "salesOrderId"),
            (TICKETS, "ticketId"),
        )
    },
    ("POST", "/sales/orders/{id}/convertToProject"): Conversion(ORDERS, PROJECTS, "projectId"),
    ("POST", "/sales/orders/{id}/convertToServiceTicket"): Conversion(ORDERS, TICKETS, "ticketId"),
    ("GET", "/sales/opportunities/conversions/{id}"): of_opportunity,
    ("GET", "/sales/orders/conversions/{id}"): of_order,
}
