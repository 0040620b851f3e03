"""Pages about the data: any collection by the vendor's own language, and what was called."""

import json
from collections import Counter
from http.client import BAD_REQUEST
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from mockserver.core.errors import BadCondition, Refusal
from mockserver.core.tenant import Tenant
from mockserver.inspector.lookup import Lookup, rows_in
from mockserver.inspector.rendering import page
from mockserver.web import hints
from mockserver.web.api import Api

COLUMNS_MAX = 8
PAGE_SIZE = 50
CELL_CHARS_MAX = 80
#: What each vendor calls the condition and the order.
NAMES = {"psa": ("conditions", "orderBy"), "automate": ("condition", "orderBy")}
FIRST = ("id", "Id", "identifier", "name", "Name", "summary", "status", "company")


class BrowsePages:
    """Collections, their rows, and the coverage of operations.

    Args:
        lookup: What may be asked of the world.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def collections(self) -> Response:
        """Return the collections that can be listed without a parent."""
        tenant = self._lookup.tenant()
        search = request.args.get("search", "").casefold()
        paths = [
            (api.name, route.template.lstrip("/"))
            for api in self._lookup.apis
            for route in api.routes.all
            if route.method == "GET" and route.resource and "{" not in route.template
        ]
        shown = sorted({each for each in paths if search in each[1].casefold() and _lists(each[1])})
        return self._page("data", tenant, collections=shown, search=search)

    def rows(self, api_name: str, path: str) -> Response:
        """Return rows of one collection, or why its condition cannot be read."""
        tenant, api = self._lookup.tenant(), self._lookup.api(api_name)
        if tenant is None or api is None:
            return self._page("missing", None, what="tenant or vendor")
        given = {n: request.args.get(n, "").strip() for n in ("condition", "order", "page")}
        query = _query(api_name, given)
        rows, refusal = self._read(api, tenant, path, query)
        return self._page(
            "collection",
            tenant,
            api=api_name,
            path=path,
            given=given,
            rows=[(_identity(row), _cells(row, rows), row) for row in rows],
            columns=_columns(rows),
            refusal=refusal,
            explained=self._lookup.explained(api, tenant, f"/{path}", query),
            full=len(rows) == PAGE_SIZE,
            number=_number(given["page"]),
        )

    def _read(
        self, api: Api, tenant: Tenant, path: str, query: str
    ) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        try:
            answer = self._lookup.answer(api, tenant, f"/{path}", query)
        except BadCondition as bad:
            hint = self._hint(api, tenant, path, bad)
            return [], {"text": bad.text, "offset": bad.offset, "hint": hint}
        except Refusal as refusal:
            hint = self._hint(api, tenant, path, refusal)
            return [], {"text": "", "offset": 0, "hint": hint}
        return (rows_in(answer) if answer.status < BAD_REQUEST else []), None

    def _hint(self, api: Api, tenant: Tenant, path: str, refusal: Refusal) -> str:
        try:
            exchange = self._lookup.exchange(api, tenant, f"/{path}", "")
        except Refusal:
            return "There is no such collection."
        return hints.refused(api, exchange, refusal) or type(refusal).__name__

    def coverage(self) -> Response:
        """Return which operations were called, how often, and with which statuses."""
        tenant = self._lookup.tenant()
        calls: Counter[tuple[str, str, str]] = Counter()
        failed: Counter[tuple[str, str, str]] = Counter()
        for attempt in tenant.journal.attempts() if tenant else ():
            operation = (attempt.api, attempt.method, attempt.route)
            calls[operation] += 1
            failed[operation] += attempt.status is None or attempt.status >= BAD_REQUEST
        total = {api.name: len(api.routes.all) for api in self._lookup.apis}
        rows = [(*operation, calls[operation], failed[operation]) for operation in sorted(calls)]
        called = Counter(operation[0] for operation in calls)
        return self._page("coverage", tenant, rows=rows, total=total, called=called)

    def _page(self, name: str, tenant: Tenant | None, **values: Any) -> Response:
        names = list(self._lookup.world.tenants)
        if tenant is None:
            return page("missing", self._lookup.world.default, names, 404, what="tenant")
        return page(name, tenant, names, **values)


def _lists(path: str) -> bool:
    return path.rpartition("/")[2] not in {"count", "info", "default"}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1  # noqa: PLR2004


def _query(api_name: str, given: dict[str, str]) -> str:
    condition, order = NAMES[api_name]
    number = str(_number(given["page"]))
    asked = {condition: given["condition"], order: given["order"], "page": number}
    size = {"pageSize": str(PAGE_SIZE)}
    return urlencode({name: value for name, value in (asked | size).items() if value})


def _columns(rows: list[dict[str, Any]]) -> list[str]:
    names = list(dict.fromkeys(name for row in rows for name in row if name != "_info"))
    return sorted(names, key=lambda name: name not in FIRST)[:COLUMNS_MAX]


def _cells(row: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    return [_cell(row.get(name)) for name in _columns(rows)]


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name") or value.get("identifier") or value.get("id") or value
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
    return text if len(text) <= CELL_CHARS_MAX else f"{text[:CELL_CHARS_MAX]}…"


def _identity(row: dict[str, Any]) -> str:
    return str(row.get("id", row.get("Id", "")))
