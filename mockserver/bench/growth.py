"""How the time of a page grows with the number of tickets, and the memory with it."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mockserver.bench import asks
from mockserver.bench.figures import Goal, judged, shown, table
from mockserver.bench.processes import Load, Sample, Served, emulator
from mockserver.bench.starts import Figure

SIZES = (1_000, 10_000, 100_000)
QUICK_SIZES = SIZES[:2]
ASKED = 100
MEMORY = Goal(600, at_most=True, unit="MB")


class Growing(NamedTuple):
    """A page whose time may grow.

    Attributes:
        title: For the table.
        texts: The paths to ask for, given the number of tickets, each once or in turn.
        times: How many times its first figure the last may be.
        most: How long it may take at most.
    """

    title: str
    texts: Callable[[int], Sequence[str]]
    times: Goal | None = None
    most: Goal | None = None


def _again(path: str) -> Callable[[int], Sequence[str]]:
    return lambda _tickets: [path]


def _anew(path: Callable[[int], str]) -> Callable[[int], Sequence[str]]:
    """Return paths that mean the same and read differently, so that nothing is remembered."""
    return lambda _tickets: [path(spaces) for spaces in range(1, ASKED + 1)]


TIMES = Goal(3, at_most=True, unit="x")
MOST = Goal(40, at_most=True, unit="ms")
PAGES = (
    Growing("one ticket", _again(f"{asks.TICKETS}/5000")),
    Growing("first page of 25", _again(asks.page(pageSize=25))),
    Growing("last page of 25", lambda n: [asks.page(pageSize=25, page=n // 25)]),
    Growing("by index, asked again", _again(asks.indexed()), times=TIMES),
    Growing("by index, never asked before", _anew(asks.indexed), times=TIMES),
    Growing("no index, asked again", _again(asks.unindexed()), most=MOST),
    Growing("no index, never asked before", _anew(asks.unindexed), most=MOST),
)


def growth_table(load: Load, sizes: Sequence[int], seconds: float) -> tuple[str, list[Figure]]:
    """Measure worlds of these sizes; return the table, and figures of the largest one."""
    seen: dict[int, Mapping[str, Sample]] = {}
    figures: list[Figure] = []
    for size in sizes:
        with emulator(str(size)) as served:
            goal = MEMORY if size == SIZES[-1] else None
            title = f"memory with {size:,} tickets"
            figures.append(Figure(f"{title}, after start", "MB", served.memory_mb(), goal))
            seen[size] = _measured(load, served, size, seconds)
            figures.append(Figure(f"{title}, after these pages", "MB", served.memory_mb(), goal))
    heads = ("page, p50 ms (p99 ms)", *(f"{size:,}" for size in sizes), "times", "goal", "verdict")
    return table(heads, [_row(page, seen) for page in PAGES]), figures


def _measured(load: Load, served: Served, size: int, seconds: float) -> dict[str, Sample]:
    found = {}
    for page in PAGES:
        requests = [asks.ask("GET", path) for path in page.texts(size)]
        if len(requests) == 1:
            load.run(served, requests, count=3)
        found[page.title] = load.run(served, requests, count=ASKED, seconds=seconds)
    return found


def _row(page: Growing, seen: Mapping[int, Mapping[str, Sample]]) -> tuple[str, ...]:
    samples = {size: found[page.title] for size, found in seen.items()}
    last = samples.get(SIZES[-1])
    times = last.p50_ms / samples[SIZES[0]].p50_ms if last else None
    cells = [f"{shown(each.p50_ms)} ({shown(each.p99_ms)})" for each in samples.values()]
    verdict = judged(page.times, times)
    if page.most is not None:
        verdict = judged(page.most, last.p50_ms if last else None)
    return (page.title, *cells, shown(times), *verdict)
