"""Pages about the data: any collection by the vendor's own language, and what was called."""

import json
from collections import Counter, defaultdict
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
from mockserver.web.routes import Route

#: API, method and template.
Operation = tuple[str, str, str]
STRAYS_MAX = 100
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
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for api in self._lookup.apis:
            for path in sorted({path for route in api.routes.all if (path := _listed(route))}):
                if search in path.casefold():
                    title = f"{api.name} {path.split('/')[0]}" if "/" in path else api.name
                    found[title if api.name == "psa" else api.name].append((api.name, path))
        return self._page("data", tenant, collections=list(found.items()), search=search)

    def rows(self, api_name: str, path: str) -> Response:
        """Return rows of one collection, or why its condition cannot be read."""
        tenant, api = self._lookup.tenant(), self._lookup.api(api_name)
        if tenant is None or api is None:
            return self._page("missing", None, what="tenant or vendor")
        given = {n: request.args.get(n, "").strip() for n in ("condition", "order", "page")}
        query = _query(api_name, given)
        rows, total, refusal = self._read(api, tenant, path, query)
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
            total=total,
            below=_below(api, path),
            names=self._lookup.names(api, tenant, f"/{path}"),
            number=_number(given["page"]),
        )

    def _read(
        self, api: Api, tenant: Tenant, path: str, query: str
    ) -> tuple[list[dict[str, Any]], int | None, dict[str, Any] | None]:
        try:
            answer, total = self._lookup.answer(api, tenant, f"/{path}", query)
        except BadCondition as bad:
            hint = self._hint(api, tenant, path, bad)
            return [], None, {"text": bad.text, "offset": bad.offset, "hint": hint}
        except Refusal as refusal:
            hint = self._hint(api, tenant, path, refusal)
            return [], None, {"text": "", "offset": 0, "hint": hint}
        return (rows_in(answer) if answer.status < BAD_REQUEST else []), total, None

    def _hint(self, api: Api, tenant: Tenant, path: str, refusal: Refusal) -> str:
        try:
            exchange = self._lookup.exchange(api, tenant, f"/{path}", "")
        except Refusal:
            return "There is no such collection."
        return hints.refused(api, exchange, refusal) or type(refusal).__name__

    def coverage(self) -> Response:
        """Return which operations were called, how often, and with which statuses."""
        tenant = self._lookup.tenant()
        calls: Counter[Operation] = Counter()
        failed: Counter[Operation] = Counter()
        for attempt in tenant.journal.attempts() if tenant else ():
            method = "GET" if attempt.method == "HEAD" else attempt.method
            operation = (attempt.api, method, attempt.route)
            calls[operation] += 1
            failed[operation] += attempt.status is None or attempt.status >= BAD_REQUEST
        there = {(a.name, r.method, r.template) for a in self._lookup.apis for r in a.routes.all}
        known = sorted(calls.keys() & there)
        strays = [(*each, calls[each]) for each in sorted(calls.keys() - there)]
        return self._page(
            "coverage",
            tenant,
            rows=[(*each, calls[each], failed[each]) for each in known],
            strays=strays[:STRAYS_MAX],
            total={api.name: len(api.routes.all) for api in self._lookup.apis},
            called=Counter(api for api, *_ in known),
        )

    def _page(self, name: str, tenant: Tenant | None, **values: Any) -> Response:
        names = list(self._lookup.world.tenants)
        if tenant is None:
            return page("missing", self._lookup.world.default, names, 404, what="tenant")
        return page(name, tenant, names, **values)


def _listed(route: Route) -> str | None:
    """Return the path of the collection that an operation lists without a parent, or None."""
    path = route.template.strip("/")
    own = route.resource.path.rpartition(":")[2] if route.resource else ""
    return path if route.method == "GET" and path.casefold() == own.casefold() else None


def _below(api: Api, path: str) -> list[str]:
    """Return the last words of the collections below one record of the collection at *path*."""
    above = [*path.casefold().split("/"), "1"]
    return sorted({word for route in api.routes.all if (word := _child(route, above))})


def _child(route: Route, above: list[str]) -> str | None:
    *steps, word = route.template.strip("/").split("/")
    if route.method != "GET" or route.resource is None or len(steps) != len(above):
        return None
    fits = all(s.startswith("{") or s.casefold() == a for s, a in zip(steps, above, strict=True))
    own = route.resource.path.rpartition("/")[2].rpartition(":")[2]
    return word if fits and word.casefold() == own.casefold() else None


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
