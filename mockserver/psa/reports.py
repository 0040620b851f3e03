"""Reports: rows computed from the records, under names like those of a database (psa facts 8.3)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import orjson

from mockserver.core.errors import BadCondition, ConditionFlaw, RecordNotFound
from mockserver.core.schema import Column, Kind, Resource
from mockserver.psa.envelope import psa_profile
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers

REPORTS = "system/reports"
#: Which records each report is about.
SUBJECTS: Mapping[str, str] = {
    "Activity": "sales/activities",
    "Agreement": "finance/agreements",
    "Company": "company/companies",
    "Configuration": "company/configurations",
    "Contact": "company/contacts",
    "Expense": "expense/entries",
    "Invoice": "finance/invoices",
    "Member": "system/members",
    "Opportunity": "sales/opportunities",
    "Product": "procurement/products",
    "Project": "project/projects",
    "PurchaseOrder": "procurement/purchaseorders",
    "Schedule": "schedule/entries",
    "Service": "service/tickets",
    "Time": "time/entries",
}
#: Columns with a name of their own (psa facts 8.3).
NAMES: Mapping[tuple[str, str], str] = {("Service", "id"): "Ticket_Nbr"}
TYPES: Mapping[Kind, str] = {
    Kind.INTEGER: "Numeric",
    Kind.NUMBER: "Numeric",
    Kind.FLAG: "Boolean",
    Kind.INSTANT: "DateTime",
}
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, eq=False)
class Report:
    """One report.

    Attributes:
        name: As it is listed.
        resource: The records that it is about, with the report's names for their members.
        columns: By name, as the report calls them.
    """

    name: str
    resource: Resource
    columns: Mapping[str, Column]

    def chosen(self, text: str | None, *, strict: bool) -> Mapping[str, Column]:
        """Return the columns that *text* lists, all without it.

        What is unknown is left out, or raises BadCondition where the profile is *strict*.

        Seed 003 asks the service report for a ``name``, which no ticket has. Who spells a column
        as the records do gets it back so.
        """
        if not text:
            return self.columns
        known = {name.casefold(): name for name in self.columns}
        found: dict[str, Column] = {}
        for asked in (each.strip() for each in text.split(",")):
            column = self.resource.by_path.get(asked.casefold())
            if column is None and strict:
                flaw = ConditionFlaw.UNKNOWN_NAME
                raise BadCondition(flaw, "unknown column", name=asked, parameter="columns")
            if column is not None:
                is_path = asked == column.path
                found[asked if is_path else known.get(asked.casefold(), column.path)] = column
        return found


@cache
def _report(name: str, resource: Resource) -> Report:
    columns = {_column_name(name, column): column for column in resource.columns}
    aliases = {alias: column.path for alias, column in columns.items()}
    return Report(name, replace(resource, aliases={**resource.aliases, **aliases}), columns)


def _column_name(report: str, column: Column) -> str:
    """Return a member's name in a report: ``company/name`` is Company_Name, ``id`` is …_RecID."""
    own = NAMES.get((report, column.path))
    if own:
        return own
    path = column.path if column.path != "id" else f"{report}/id"
    words = [word for step in path.split("/") for word in WORDS.split(step)]
    return "_".join("RecID" if w.casefold() == "id" else w[:1].upper() + w[1:] for w in words)


def _asked(exchange: Exchange) -> Report:
    """Return the report that the path names, in any case; RecordNotFound when there is none."""
    wanted = exchange.ids[-1]
    name = next((each for each in SUBJECTS if each.casefold() == wanted.casefold()), None)
    if name is None:
        raise RecordNotFound(REPORTS, wanted)
    return _report(name, exchange.records.registry.resource(SUBJECTS[name]))


def listed(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer the names of the reports."""
    resource = exchange.records.registry.resource(REPORTS)
    query = handlers.api.list_query(exchange, resource, None)
    shown = replace(query, fields=query.fields or {"name": {}})
    return handlers.page(exchange, resource, shown)


def _chosen(exchange: Exchange, report: Report) -> Mapping[str, Column]:
    strict = psa_profile(exchange).unknown_columns_refused
    return report.chosen(exchange.parameters.get("columns"), strict=strict)


def run(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer one page of a report."""
    report = _asked(exchange)
    columns = _chosen(exchange, report)
    query = handlers.api.list_query(exchange, report.resource, None)
    rows = _rows(exchange, report, query)
    total = exchange.records.store.count(report.resource, query.page)
    last_id = rows[-1][report.resource.key] if rows else None
    document = {
        "column_definitions": _definitions(columns),
        "row_values": [[_value(row, column) for column in columns.values()] for row in rows],
    }
    headers = handlers.api.page_headers(exchange, query, len(rows), total, last_id)
    return Answer(200, orjson.dumps(document), headers)


def _rows(exchange: Exchange, report: Report, query: ListQuery) -> list[dict[str, Any]]:
    bodies = exchange.records.store.bodies(report.resource, query.page)
    rows: list[dict[str, Any]] = orjson.loads(b"[" + b",".join(bodies) + b"]")
    return rows


def _value(row: Any, column: Column) -> Any:
    for step in column.steps:
        row = row.get(step) if isinstance(row, dict) else None
    return row


def _definitions(columns: Mapping[str, Column]) -> list[dict[str, Any]]:
    return [
        {
            name: {
                "type": TYPES.get(column.kind, "Text"),
                "isNullable": column.path != "id",
                "identityColumn": column.path == "id",
            }
        }
        for name, column in columns.items()
    ]


def described(_handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer the columns of a report."""
    columns = _chosen(exchange, _asked(exchange))
    return Answer(200, orjson.dumps(_definitions(columns)))


def counted(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer how many rows a report has."""
    resource = _asked(exchange).resource
    return handlers.total(exchange, resource, handlers.api.list_query(exchange, resource, None))


OPERATIONS: Mapping[tuple[str, str], Callable[[Handlers, Exchange], Answer]] = {
    ("GET", "/system/reports"): listed,
    ("GET", "/system/reports/{reportName}"): run,
    ("GET", "/system/reports/{reportName}/columns"): described,
    ("GET", "/system/reports/{reportName}/count"): counted,
}
