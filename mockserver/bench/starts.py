"""Cold start, reset, new tenants, memory."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from mockserver.bench import asks
from mockserver.bench.figures import Goal, judged, median, shown, table
from mockserver.bench.processes import Load, Served, emulator, running

STARTS = 5
TIMES = 20
REQUESTS = 1_000
MEMORY = Goal(150, at_most=True, unit="MB")
COLD = Goal(600, at_most=True, unit="ms")
MILLISECONDS = Goal(20, at_most=True, unit="ms")
ONE = asks.ask("GET", f"{asks.TICKETS}/5000")
FIRST_PAGE = asks.page(pageSize=25)


class Figure(NamedTuple):
    """One figure with its goal."""

    title: str
    unit: str
    value: float | None
    goal: Goal | None = None


def figures_table(figures: Sequence[Figure]) -> str:
    """Return the figures as a text table."""
    rows = [
        (each.title, shown(each.value), each.unit, *judged(each.goal, each.value))
        for each in figures
    ]
    return table(("what", "figure", "unit", "goal", "verdict"), rows)


def start_figures(load: Load) -> list[Figure]:
    """Measure starting, and the memory that a started emulator holds."""
    starts = [_cold_start() for _ in range(STARTS)]
    with emulator() as served:
        served.fetch(ONE)
        idle_mb = served.memory_mb()
        _ask_around(load, served)
        used_mb = served.memory_mb()
    return [
        Figure("cold start to the first 200", "ms", median([each[0] for each in starts]), COLD),
        Figure("cold start, processor time", "ms", median([each[1] for each in starts])),
        Figure("python -c 'pass'", "ms", median([_python_ms("pass") for _ in range(STARTS)])),
        Figure("importing flask, sqlalchemy, uvicorn", "ms", _imports_ms()),
        Figure("memory, default world, idle", "MB", idle_mb, MEMORY),
        Figure(f"memory, after {REQUESTS:,} requests", "MB", used_mb, MEMORY),
    ]


def _cold_start() -> tuple[float, float]:
    before_s = time.perf_counter()
    with emulator() as served:
        served.fetch(ONE)
        return 1000 * (time.perf_counter() - before_s), 1000 * (served.cpu_s() or 0.0)


def _imports_ms() -> float:
    return median([_python_ms("import flask, sqlalchemy, uvicorn") for _ in range(STARTS)])


def _python_ms(code: str) -> float:
    before_s = time.perf_counter()
    with running("-c", code) as process:
        process.wait()
        return 1000 * (time.perf_counter() - before_s)


def _ask_around(load: Load, served: Served) -> None:
    mixed = [ONE, asks.ask("GET", FIRST_PAGE), asks.ask("GET", asks.indexed()), *asks.changes(5000)]
    load.run(served, mixed, count=REQUESTS, connections=4)


def control_figures(load: Load) -> list[Figure]:
    """Measure resets and new tenants, and the first page after each."""
    with emulator() as served:
        page = asks.ask("GET", FIRST_PAGE)
        reset = asks.ask("POST", "/_mock/reset")
        change = asks.changes(5000)[0]
        resets = load.run(served, [change, reset, page], count=3 * TIMES).took_ms
        names = [f"bench-{number}" for number in range(TIMES)]
        steps = [step for name in names for step in _tenant_steps(name)]
        tenants = load.run(served, steps, count=len(steps)).took_ms
    return [
        Figure("reset", "ms", median(resets[1::3]), MILLISECONDS),
        Figure("reset, the slowest", "ms", max(resets[1::3])),
        Figure("first page after a reset", "ms", median(resets[2::3])),
        Figure("new tenant", "ms", median(tenants[::2]), MILLISECONDS),
        Figure("new tenant, the slowest", "ms", max(tenants[::2])),
        Figure("first page of a new tenant", "ms", median(tenants[1::2])),
    ]


def _tenant_steps(name: str) -> tuple[str, str]:
    return (
        asks.ask("POST", "/_mock/tenants", {"name": name}),
        asks.ask("GET", FIRST_PAGE, tenant=name),
    )
