"""Figures for Prometheus: what was asked, answered, refused, struck and delivered.

Counting happens in every request, reading every few seconds: a request costs one look-up and four
additions, and the families that Prometheus wants are made when it asks.
"""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from mockserver import __version__
from mockserver.core.deliveries import State
from mockserver.core.entry import Entry
from mockserver.core.world import World

CONTENT_TYPE = CONTENT_TYPE_LATEST
BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LABELS = ("api", "method", "route", "status")
#: Callers choose what they ask for: what is no route has one name, so that labels stay few.
NO_ROUTE, NO_METHOD, NO_STATUS = "none", "other", "broken"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
TOO_MANY_REQUESTS = 429


class _Cell:
    """What is counted of the requests with the same labels."""

    __slots__ = ("buckets", "seconds")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS_S) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        self.buckets[bisect_left(BOUNDS_S, seconds)] += 1
        self.seconds += seconds

    def cumulated(self) -> list[tuple[str, float]]:
        """Return how many took at most so long, by bound."""
        names = [*(str(bound) for bound in BOUNDS_S), "+Inf"]
        sums = (sum(self.buckets[: place + 1]) for place in range(len(names)))
        return list(zip(names, sums, strict=True))


class Metrics(Collector):
    """The figures of one application.

    Args:
        world: Whose requests are counted.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._cells: dict[tuple[str, ...], _Cell] = {}
        self._refused: Counter[str] = Counter()
        self._struck: Counter[tuple[str, str]] = Counter()
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def hear(self, _tenant: str, entry: Entry) -> None:
        """Count an exchange."""
        method = entry.method if entry.method in METHODS else NO_METHOD
        status = NO_STATUS if entry.status is None else str(entry.status)
        key = entry.api, method, entry.template or NO_ROUTE, status
        with self._lock:
            cell = self._cells.get(key)
            if cell is None:
                cell = self._cells[key] = _Cell()
            cell.add(entry.duration_ms / 1_000)
            for effect in entry.faults:
                self._struck[entry.api, effect.kind] += 1
            if entry.status == TOO_MANY_REQUESTS and not entry.faults:
                self._refused[entry.api] += 1

    def text(self) -> bytes:
        """Return all figures in the format of Prometheus."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield the families."""
        told = GaugeMetricFamily("cwmock_info", "The running version.", labels=["version"])
        told.add_metric([__version__], 1)
        yield told
        tenants = len(self._world.tenants)
        yield GaugeMetricFamily("cwmock_tenants", "Tenants there are.", value=tenants)
        with self._lock:
            asked = Counter({key: sum(cell.buckets) for key, cell in self._cells.items()})
            yield _counted("requests", "Requests, by what was asked and answered.", LABELS, asked)
            yield self._durations()
            yield _counted("limit_refusals", "Requests over the quota.", ["api"], self._refused)
            yield _counted("faults_struck", "Faults that struck.", ["api", "kind"], self._struck)
        yield _counted("deliveries", "Callbacks that are done.", ["state"], self._delivered())

    def _durations(self) -> Metric:
        family = HistogramMetricFamily(
            "cwmock_request_duration_seconds",
            "Requests by what was asked and answered, and how long they took.",
            labels=LABELS,
        )
        for key, cell in sorted(self._cells.items()):
            family.add_metric(list(key), cell.cumulated(), cell.seconds)
        return family

    def _delivered(self) -> Counter[str]:
        found: Counter[str] = Counter({s.value: 0 for s in State if s is not State.WAITING})
        for counts in self._world.deliveries():
            found.update({state.value: count for state, count in counts.items()})
        return found


def _counted(
    name: str, told: str, labels: Sequence[str], counts: Mapping[Any, int]
) -> CounterMetricFamily:
    family = CounterMetricFamily(f"cwmock_{name}", told, labels=labels)
    for key, count in sorted(counts.items()):
        family.add_metric([key] if isinstance(key, str) else list(key), count)
    return family
