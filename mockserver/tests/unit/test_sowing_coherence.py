"""What sown records say about each other adds up; a thin or an empty world is no obstacle."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sowing_world import World, default_world

from mockserver.fixtures.sow_needs import published
from mockserver.fixtures.sow_plot import Entry
from mockserver.fixtures.sowing import sow

Record = Mapping[str, Any]


@pytest.fixture(scope="module")
def world() -> World:
    return default_world()


def records(world: World, path: str) -> Sequence[Record]:
    return [each.record for each in world.entries(path)]


def by_id(world: World, path: str) -> Mapping[int, Record]:
    return {each.id: each.record for each in world.entries(path)}


# -- trade ----------------------------------------------------------------------------------------


def test_orders_cost_what_their_products_cost(world):
    sums: dict[int, float] = defaultdict(float)
    ids: dict[int, list[int]] = defaultdict(list)
    for each in records(world, "procurement/products"):
        if "salesOrder" in each and each["id"] <= 40:
            sums[each["salesOrder"]["id"]] += each["extPrice"]
            ids[each["salesOrder"]["id"]].append(each["id"])
    for order in records(world, "sales/orders"):
        assert order["productIds"] == ids[order["id"]][: len(order["productIds"])]
        assert order["total"] == pytest.approx(order["subTotal"] + order["taxTotal"])
    first = records(world, "sales/orders")[0]
    assert first["subTotal"] == pytest.approx(sums[first["id"]])


@pytest.mark.parametrize(
    ("path", "price", "cost"),
    [
        ("procurement/products", "price", "cost"),
        ("finance/agreements/additions", "unitPrice", "unitCost"),
    ],
)
def test_lines_are_quantity_times_price(world, path, price, cost):
    items = by_id(world, "procurement/catalog")
    for each in records(world, path):
        item = items[each.get("catalogItem", each.get("product"))["id"]]
        assert (each[price], each[cost]) == (item["price"], item["cost"])
        assert each["extPrice"] == pytest.approx(each["quantity"] * each[price])
        assert each["extCost"] == pytest.approx(each["quantity"] * each[cost])
        assert each["margin"] == pytest.approx(each["extPrice"] - each["extCost"])


def test_purchase_orders_cost_what_their_lines_cost(world):
    sums: dict[int, float] = defaultdict(float)
    for each in records(world, "procurement/purchaseorders/lineitems"):
        assert each["extCost"] == pytest.approx(each["quantity"] * each["unitCost"])
        sums[each["purchaseOrderId"]] += each["extCost"]
    companies = by_id(world, "company/companies")
    for order in records(world, "procurement/purchaseorders"):
        assert order["total"] == pytest.approx(sums[order["id"]])
        assert companies[order["vendorCompany"]["id"]]["isVendorFlag"]


def test_invoices_add_up_and_are_paid_or_owed(world):
    parts = ("serviceTotal", "productTotal", "agreementAmount", "expenseTotal")
    paid = {each["invoice"]["id"]: each for each in records(world, "finance/invoices/payments")}
    for each in records(world, "finance/invoices"):
        assert each["subtotal"] == pytest.approx(sum(each[name] for name in parts))
        assert each["total"] == pytest.approx(each["subtotal"] + each["salesTax"])
        assert each["balance"] == pytest.approx(each["total"] - each["payments"])
        if each["payments"]:
            assert paid[each["id"]]["amount"] == each["total"]
        subject = {"Ticket": "ticket", "SalesOrder": "salesOrder", "Agreement": "agreement"}
        assert each[subject[each["applyToType"]]]["id"] == each["applyToId"]


def test_forecasts_total_their_items_and_agree_with_the_opportunity(world):
    opportunities = by_id(world, "sales/opportunities")
    for each in world.entries("sales/opportunities/forecast"):
        items = each.record["forecastItems"]
        total = sum(item["revenue"] for item in items)
        assert each.record["forecastRevenueTotals"]["revenue"] == pytest.approx(total)
        assert {item["opportunity"]["id"] for item in items} == {each.parent_id}
        won = opportunities[each.parent_id]["status"]["id"] == 2
        assert bool(each.record["wonRevenue"]["revenue"]) == won


def test_a_closed_opportunity_says_when_and_an_open_one_does_not(world):
    statuses = by_id(world, "sales/opportunities/statuses")
    for each in records(world, "sales/opportunities"):
        closed = statuses[each["status"]["id"]].get("closedFlag", False)
        assert ("closedDate" in each) == ("closedBy" in each) == closed


def test_expense_reports_total_their_entries(world):
    sums: dict[int, float] = defaultdict(float)
    for each in records(world, "expense/entries"):
        sums[each["expenseReport"]["id"]] += each["amount"]
    for report in records(world, "expense/reports"):
        assert report["total"] == pytest.approx(sums[report["id"]])


def test_time_sheets_total_the_hours_of_their_week(world):
    entries = records(world, "time/entries")
    for sheet in records(world, "time/sheets"):
        last = f"{sheet['dateEnd'][:10]}T23:59:59Z"
        hours = sum(
            each["actualHours"]
            for each in entries
            if each["member"]["id"] == sheet["member"]["id"]
            and sheet["dateStart"] <= each["timeStart"] <= last
        )
        assert sheet["hours"] == pytest.approx(hours)


# -- who belongs to whom --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["sales/opportunities", "sales/activities", "sales/orders", "service/surveys/results"]
)
def test_contacts_work_for_the_company_that_the_record_names(world, path):
    contacts = by_id(world, "company/contacts")
    for each in records(world, path):
        if "contact" in each and "company" in each:
            contact = contacts[each["contact"]["id"]]
            assert contact["company"]["id"] == each["company"]["id"]


@pytest.mark.parametrize("path", ["sales/activities", "expense/entries", "procurement/products"])
def test_tickets_are_of_the_company_that_the_record_names(world, path):
    tickets = by_id(world, "service/tickets")
    for each in records(world, path):
        if "ticket" in each and "company" in each:
            assert tickets[each["ticket"]["id"]]["company"]["id"] == each["company"]["id"]


def test_service_tickets_are_scheduled_for_their_resources(world):
    tickets = by_id(world, "service/tickets")
    members = by_id(world, "system/members")
    scheduled = [e for e in records(world, "schedule/entries") if e["type"]["id"] == 4]
    assert len(scheduled) >= 12
    for each in scheduled:
        login = members[each["member"]["id"]]["identifier"]
        assert login in tickets[each["objectId"]]["resources"].split(", ")


def test_schedule_types_have_the_ids_that_clients_rely_on(world):
    types = by_id(world, "schedule/types")
    assert (types[4]["identifier"], types[4]["name"]) == ("S", "Service Ticket")
    assert "C" in {each["identifier"] for each in types.values()}
    assert len({each["identifier"] for each in types.values()}) == len(types)


def test_commands_have_the_ids_that_were_seen_live(world):
    assert {2, 28, 35, 111, 123} <= by_id(world, "automate:Commands").keys()


def test_hand_made_records_find_what_they_refer_to(world):
    levels = by_id(world, "system/myCompany/corporateStructureLevels")
    zones = by_id(world, "system/cwTimeZones")
    scanners = by_id(world, "automate:VirusScannerDefs")
    for each in records(world, "system/locations"):
        assert levels[each["structureLevel"]["id"]]["name"] == "Location"
    for each in records(world, "system/timeZoneSetups"):
        assert zones[each["timeZone"]["id"]]["offset"] == each["offset"]
    for each in records(world, "automate:Computers"):
        assert scanners[each["VirusScanner"]["Id"]]["Name"] == each["VirusScanner"]["Name"]


def test_what_lies_on_a_computer_says_so(world):
    computers = by_id(world, "automate:Computers")
    for each in world.entries("automate:Computers/Software"):
        computer = computers[each.parent_id]
        assert each.record["ComputerId"] == each.parent_id
        assert each.record.get("ComputerName") in {None, computer["ComputerName"]}
        assert each.record["ClientId"] == computer["Client"]["Id"]


def test_monitors_of_a_computer_are_the_monitors_that_watch_it(world):
    monitors = by_id(world, "automate:Monitors")
    for each in world.entries("automate:Computers/Monitors"):
        assert monitors[each.id]["Computer"]["Id"] == each.parent_id


# -- other worlds ---------------------------------------------------------------------------------


class Thin(World):
    """A world that has next to nothing."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def entries(self, path: str) -> Sequence[Any]:
        return super().entries(path)[: self.most]


class Empty:
    def entries(self, path: str) -> Sequence[Entry]:  # noqa: ARG002
        return ()


def test_a_thin_world_is_sown_without_complaint():
    thin = Thin(2)
    for path in sorted(thin.resources):
        thin.entries(path)


def test_a_world_without_any_records_is_sown_as_far_as_it_goes():
    rows = {each.path: len(list(sow(each, 1, Empty()))) for each in published()}
    assert rows["sales/stages"] == 6
    assert rows["sales/opportunities/notes"] == 0


# -- boards ---------------------------------------------------------------------------------------


def test_parts_of_boards_go_together_as_tickets_have_them(world):
    def ids(record):
        return tuple(record[name]["id"] for name in ("type", "subType", "item"))

    shown = {ids(each) for each in records(world, "service/boards/typeSubTypeItemAssociations")}
    subtypes = by_id(world, "service/boards/subtypes")
    listed = {
        (kind, subtype, each["item"]["id"])
        for each in records(world, "service/boards/items/associations")
        for subtype in each["subTypeAssociationIds"]
        for kind in subtypes[subtype]["typeAssociationIds"]
    }
    tickets = [*records(world, "service/tickets"), *records(world, "project/tickets")]

    assert shown == listed
    assert {ids(each) for each in tickets} <= shown
    assert len(records(world, "service/boards/items")) == len(shown)


# -- invoices and what is on them -----------------------------------------------------------------


def test_products_on_an_invoice_are_those_of_its_order_and_add_up(world):
    invoices = by_id(world, "finance/invoices")
    totals = defaultdict(float)
    for product in records(world, "procurement/products"):
        if "invoice" in product:
            invoice = invoices[product["invoice"]["id"]]
            assert invoice["salesOrder"]["id"] == product["salesOrder"]["id"]
            totals[product["invoice"]["id"]] += product["price"] * product["quantity"]

    assert len(totals) > 2
    for invoice_id, total in totals.items():
        assert round(total, 2) == invoices[invoice_id]["productTotal"]
