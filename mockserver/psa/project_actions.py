"""What a project comes to, and what a note of its tickets is marked as."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.rules import Record
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour

PROJECTS, NOTES = "project/projects", "project/tickets/notes"
MARKS = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag", "issueFlag")
EXPENSES, ENTRIES, PRODUCTS = "expense/entries", "time/entries", "procurement/products"
ESTIMATES = ("estimatedTime", "estimatedExpense", "estimatedProduct")


def recap(exchange: Exchange, given: Mapping[str, Any]) -> Record:  # noqa: ARG001
    """Return the estimates of the project in the path, and what was worked and spent on it."""
    records, project_id = exchange.records, int(exchange.ids[0])
    project = records.get(records.registry.resource(PROJECTS), project_id)
    revenue, cost = (
        round(sum(project.get(f"{each}{word}") or 0 for each in ESTIMATES), 2)
        for word in ("Revenue", "Cost")
    )
    products = _sum(exchange, PRODUCTS, "extPrice", project_id)
    return {
        "iD": project_id,
        "recID": project_id,
        "displayID": str(project_id),
        "description": project["name"],
        "companyName": (project.get("company") or {}).get("name"),
        "status": (project.get("status") or {}).get("name"),
        "isProject": True,
        "recType": "Project",
        "billingMethod": project.get("billingMethod"),
        "billingAmount": str(project.get("billingAmount") or 0),
        "revenueEstimate": revenue,
        "costEstimate": cost,
        "grossMarginEstimate": round(revenue - cost, 2),
        "revenueActual": round(_sum(exchange, ENTRIES, "extendedInvoiceAmount", project_id), 2),
        "productsBilled": products,
        "expensesBilled": _sum(exchange, EXPENSES, "amount", project_id),
    }


def _sum(exchange: Exchange, path: str, member: str, project_id: int) -> float:
    records, resource = exchange.records, exchange.records.registry.resource(path)
    found = records.store.matching(resource, project_id=project_id)
    return round(sum(records.get(resource, each).get(member) or 0 for each in found), 2)


def mark(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """Give the note in the path the flags in the body."""
    notes = exchange.records.registry.resource(NOTES)
    flags = {name: given[name] for name in MARKS if name in given}
    exchange.records.change(notes, int(exchange.ids[0]), flags, exchange.caller.login)


#: What these do follows from their names alone.
NAMED: Mapping[tuple[str, str], Behaviour] = {
    ("GET", "/project/projects/{id}/projectRecap"): recap,
    ("POST", "/project/ticketNote/{id}/markAs/"): mark,
}
