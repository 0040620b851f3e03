"""What each key did lately, against the times in which it was told to wait."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from mockserver.core.attempt import NS, Attempt
from mockserver.core.tenant import Tenant
from mockserver.core.waits import TOO_MANY, told_spans

WINDOWS, SPAN_MAX_S = 5, 600.0
WIDE, HIGH, BARS = 1_000, 60, 200
KEYS_MAX = 50

#: x, y, width and height of a rectangle.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Line:
    """One key on the timeline.

    Attributes:
        api: ``psa`` or ``automate``.
        key: The public key or user name.
        requests: How many came in the span that is shown.
        refused: How many of them got 429.
        waiting_s: How much longer it was told to wait; 0 for not at all.
        span_s: How many seconds the picture shows, up to now.
        penalties: The times in which it was to keep still.
        answered: How many requests were let through, in bars.
        turned_away: How many got 429, in bars on top of these.
    """

    api: str
    key: str
    requests: int
    refused: int
    waiting_s: float
    span_s: float
    penalties: list[Box]
    answered: list[Box]
    turned_away: list[Box]


def timeline(tenant: Tenant) -> list[Line]:
    """Return a line for every key that came in the last five windows."""
    now_ns = tenant.clock.nanoseconds()
    by_key: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
    for each in tenant.journal.attempts():
        if each.key is not None and each.arrived_ns > now_ns - _span_ns(tenant, each.api):
            by_key[each.api, each.key].append(each)
    lines = [_line(key, came, now_ns, _span_ns(tenant, key[0])) for key, came in by_key.items()]
    return sorted(lines, key=lambda line: (-line.refused, line.api, line.key))[:KEYS_MAX]


def _span_ns(tenant: Tenant, api: str) -> int:
    return int(min(SPAN_MAX_S, WINDOWS * tenant.limits[api].quota.window_s) * NS)


def _line(key: tuple[str, str], came: list[Attempt], now_ns: int, span_ns: int) -> Line:
    def place(instant_ns: int) -> float:
        return min(1.0, max(0.0, 1 - (now_ns - instant_ns) / span_ns)) * WIDE

    told = told_spans(came)
    counts = [[0, 0] for _ in range(BARS)]
    for each in came:
        bar = min(BARS - 1, int(place(each.arrived_ns) / WIDE * BARS))
        counts[bar][each.status == TOO_MANY] += 1
    return Line(
        *key,
        requests=len(came),
        refused=sum(refused for _, refused in counts),
        waiting_s=max(0.0, max((end for _, end in told), default=now_ns) - now_ns) / NS,
        span_s=span_ns / NS,
        penalties=[(place(a), 0, max(1.0, place(b) - place(a)), HIGH) for a, b in told],
        answered=list(_bars(counts, below=False)),
        turned_away=list(_bars(counts, below=True)),
    )


def _bars(counts: list[list[int]], *, below: bool) -> Iterator[Box]:
    """Yield the upper bars with *below*, which lets room for the lower ones; else the lower."""
    most, width = max(sum(bar) for bar in counts), WIDE / BARS
    for number, bar in enumerate(counts):
        height, rest = (bar[below] / most * HIGH, bar[0] / most * HIGH if below else 0.0)
        if height:
            yield number * width, HIGH - rest - height, width * 0.8, height
