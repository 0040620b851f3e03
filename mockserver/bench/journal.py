"""What the journal and the report card cost: in process, without HTTP."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from mockserver.bench.figures import Goal, median
from mockserver.bench.starts import Figure
from mockserver.core.attempt import NS, Attempt
from mockserver.core.entry import Entry
from mockserver.core.journal import Journal
from mockserver.grading.metric import Terms
from mockserver.grading.report import cards

ROUNDS, ENTRIES, GRADED = 5, 5_000, 20_000
MICROSECONDS = Goal(50, at_most=True, unit="us")
AT = datetime(2026, 1, 1, tzinfo=UTC)
ASKED = (
    ("Host", "127.0.0.1:8080"),
    ("User-Agent", "bench"),
    ("Accept", "application/json"),
    ("Authorization", "Basic Y29tcGFueStwdWJsaWNrZXk6cHJpdmF0ZWtleQ=="),
    ("clientId", "bench"),
)
TOLD = (
    ("Content-Type", "application/json"),
    ("X-RateLimit-Limit", "60"),
    ("X-RateLimit-Remaining", "59"),
    ("X-RateLimit-Reset", "60"),
)
PAGE = b"[" + b",".join(b'{"id": %d, "summary": "A printer on fire"}' % n for n in range(25)) + b"]"
RECORD = b'{"summary": "A printer on fire", "company": {"id": 7}, "board": {"id": 1}}'


def journal_figures() -> list[Figure]:
    """Measure keeping an exchange, and judging many."""
    return [
        Figure("keeping a read of 25 rows", "us", _kept_us(_read), MICROSECONDS),
        Figure("keeping a create", "us", _kept_us(_create), MICROSECONDS),
        Figure(f"report card of {GRADED:,} requests", "ms", _graded_ms()),
    ]


def _read() -> Entry:
    path = "/service/tickets"
    return Entry(
        at=AT,
        api="psa",
        method="GET",
        path=path,
        url=f"{path}?conditions=id>5&pageSize=25",
        key="publickey",
        template=path,
        status=200,
        request_headers=ASKED,
        response_headers=TOLD,
        response_body=PAGE,
        response_is_plain=True,
    )


def _create() -> Entry:
    entry = _read()
    entry.method, entry.url, entry.status = "POST", entry.path, 201
    entry.request_body, entry.response_body = RECORD, RECORD
    return entry


def _kept_us(make: Callable[[], Entry]) -> float:
    rounds = []
    for _ in range(ROUNDS):
        journal, entries = Journal(), [make() for _ in range(ENTRIES)]
        began_s = time.perf_counter()
        for entry in entries:
            journal.add(entry)
        rounds.append((time.perf_counter() - began_s) / ENTRIES * 1e6)
    return median(rounds)


def _graded_ms() -> float:
    attempts = [
        Attempt(id=n, key="publickey", path=f"/service/tickets/{n % 900}", arrived_ns=n * NS // 10)
        for n in range(GRADED)
    ]
    for n, attempt in enumerate(attempts):
        attempt.flushed_ns = attempt.arrived_ns + NS // 100
        if n % 10 == 0:
            attempt.status, attempt.retry_after = 429, "5"
    began_s = time.perf_counter()
    cards(attempts, lambda _api: Terms())
    return (time.perf_counter() - began_s) * 1_000
