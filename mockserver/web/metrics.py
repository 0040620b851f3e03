"""Figures for Prometheus: what was asked, answered, refused, struck and delivered.

Counting happens in every request, reading every few seconds: a request costs one look-up and four
additions, and the families that Prometheus wants are made when it asks.
"""

import os
import socket
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from mockserver.core.deliveries import State
from mockserver.core.entry import Entry
from mockserver.core.world import World

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LABELS = ("api", "method", "route", "status")
#: Callers choose what they ask for: what is no route has one name, so that labels stay few.
NO_ROUTE, NO_METHOD, NO_STATUS = "none", "other", "broken"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
TOO_MANY_REQUESTS = 429


class Duration(NamedTuple):
    """How many requests took at most so long, by bound, and how many seconds all of them took."""

    cumulated: list[tuple[str, float]]
    seconds: float
    requests: int


class Figures(NamedTuple):
    """All figures at one moment; the durations by ``LABELS``.

    Attributes:
        process: Whose they are, when several serve the same world: a balancer lets Prometheus ask
            now this one, now that one, and would else make it see one counter that jumps.
    """

    process: str | None
    tenants: int
    durations: Mapping[tuple[str, ...], Duration]
    refused: Mapping[str, int]
    struck: Mapping[tuple[str, str], int]
    delivered: Mapping[str, int]


class _Cell:
    """What is counted of the requests with the same labels."""

    __slots__ = ("buckets", "seconds")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS_S) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        self.buckets[bisect_left(BOUNDS_S, seconds)] += 1
        self.seconds += seconds

    def duration(self) -> Duration:
        names = [*(str(bound) for bound in BOUNDS_S), "+Inf"]
        sums = (sum(self.buckets[: place + 1]) for place in range(len(names)))
        return Duration(list(zip(names, sums, strict=True)), self.seconds, sum(self.buckets))


class Metrics:
    """The figures of one application.

    Args:
        world: Whose requests are counted.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._process = f"{socket.gethostname()}-{os.getpid()}"
        self._lock = threading.Lock()
        self._cells: dict[tuple[str, ...], _Cell] = {}
        self._refused: Counter[str] = Counter()
        self._struck: Counter[tuple[str, str]] = Counter()

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

    def figures(self) -> Figures:
        """Return all figures as they are now."""
        delivered = self._delivered()
        with self._lock:
            durations = {key: cell.duration() for key, cell in sorted(self._cells.items())}
            refused, struck = Counter(self._refused), Counter(self._struck)
        process = self._process if self._world.is_shared else None
        return Figures(process, len(self._world.tenants), durations, refused, struck, delivered)

    def _delivered(self) -> Counter[str]:
        found: Counter[str] = Counter({s.value: 0 for s in State if s is not State.WAITING})
        for counts in self._world.deliveries():
            found.update({state.value: count for state, count in counts.items()})
        return found
