"""Pages about what was asked and answered."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request
from werkzeug.wrappers import Response

from mockserver.core.journal_filters import ID
from mockserver.core.tenant import Tenant
from mockserver.inspector.copies import Sent, kept_headers, tidy
from mockserver.inspector.lookup import Lookup
from mockserver.inspector.rendering import page

ROWS_MAX = 200
SEARCHED_MAX = 10_000
FILTERS = ("api", "key", "path", "status", "since", "search", "before")
MICROSECOND = timedelta(microseconds=1)


class TrafficPages:
    """The list of exchanges, and one exchange in full.

    Args:
        lookup: What may be asked of the world.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def all(self) -> Response:
        """Return the newest exchanges that match the filters."""
        tenant = self._lookup.tenant()
        if tenant is None:
            return _missing(self._lookup, "tenant")
        given = {name: request.args.get(name, "").strip() for name in FILTERS}
        since = tenant.journal.last_id
        rows, error = _found(tenant, given)
        filtered = any(given.values())
        return page(
            "traffic",
            tenant,
            list(self._lookup.world.tenants),
            rows=[_row(each) for each in rows[:ROWS_MAX]],
            more=len(rows) > ROWS_MAX,
            kept=len(tenant.journal),
            given=given,
            error=error,
            live=not filtered,
            since=since,
            filters=urlencode({n: value for n, value in given.items() if value and n != "before"}),
        )

    def one(self, entry_id: int) -> Response:
        """Return one exchange with everything known about it."""
        tenant = self._lookup.tenant()
        if tenant is None:
            return _missing(self._lookup, "tenant")
        entry = tenant.journal.find(entry_id)
        if entry is None:
            return _missing(self._lookup, "exchange", tenant)
        document: dict[str, Any] = entry.document()
        api = self._lookup.api(entry.api)
        assert api is not None
        query = entry.url.partition("?")[2]
        sent = self._sent(tenant, document)
        return page(
            "exchange",
            tenant,
            list(self._lookup.world.tenants),
            entry=document,
            parameters=parse_qsl(query, keep_blank_values=True),
            hint=entry.hint,
            explained=self._lookup.explained(api, tenant, entry.path, query),
            caused=_caused(tenant, document),
            sent=sent,
            kept=kept_headers(document["request_headers"]),
            copies=(
                ("curl", sent.curl()),
                ("Python", sent.python()),
                ("pytest", sent.test(entry.status)),
            ),
        )

    def _sent(self, tenant: Tenant, document: dict[str, Any]) -> Sent:
        headers = kept_headers(document["request_headers"])
        api = self._lookup.api(document["api"])
        if api is not None and document["key"]:
            headers |= api.authorization(tenant, document["key"])
        body = document["request_body"]
        url = request.host_url.rstrip("/") + document["url"]
        return Sent(document["method"], url, headers, tidy(body) if body else None)


def _found(tenant: Tenant, given: dict[str, str]) -> tuple[list[dict[str, Any]], str | None]:
    """Return the exchanges, newest first, or none and what is wrong with a filter."""
    filters: dict[str, Any] = {n: v for n, v in given.items() if v and n != "search"}
    if not ID.fullmatch(given["before"] or "0"):
        return [], "before must be an id"
    most = SEARCHED_MAX if given["search"] else ROWS_MAX + 1
    try:
        rows = tenant.journal.entries(**filters, limit=most)
    except ValueError as error:
        return [], str(error)
    words = given["search"].casefold()
    return [row for row in rows if not words or words in _text(row)], None


def _text(row: dict[str, Any]) -> str:
    shown = (row["method"], row["url"], row["request_body"], row["response_body"])
    return " ".join(each for each in shown if each).casefold()


def _row(document: dict[str, Any]) -> dict[str, Any]:
    return document | {"kinds": [fault["kind"] for fault in document["faults"]]}


def _caused(tenant: Tenant, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the deliveries that came into being while a write was carried out.

    Under a frozen clock all writes have one instant; there the record decides besides.
    """
    if not document["applied"]:
        return []
    first_ns, last_ns = document["arrived_ns"], document["flushed_ns"]
    ids = {effect.rpartition("/")[2] for effect in document["effects"]}
    ids |= set(document["path"].strip("/").split("/"))
    rows = [each.document() for each in tenant.webhooks.outbox.newest(limit=ROWS_MAX)]
    return [
        row
        for row in rows
        # What is told in microseconds may be rounded either way.
        if first_ns // 1_000 - 1 <= _microseconds(row["created"]) <= last_ns // 1_000 + 1
        and (first_ns != last_ns or str(row.get("record_id")) in ids)
    ]


def _microseconds(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // MICROSECOND


def _missing(lookup: Lookup, what: str, tenant: Tenant | None = None) -> Response:
    there = tenant or lookup.world.default
    return page("missing", there, list(lookup.world.tenants), 404, what=what)
