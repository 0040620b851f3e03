"""What it costs to keep a world, and what a second process brings.

The command: `python -m mockserver.bench.stores [postgresql://…]`, an empty schema for each row.
"""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import click

from mockserver.bench import asks
from mockserver.bench.figures import shown, table
from mockserver.bench.processes import Load, Sample, Served, emulator, loading

CONNECTIONS = 16
WARM_UP = 50
HEADS = ("store", "processes", "what", "req/s", "p50 ms", "p99 ms", "cpu us")
SOURCE = asks.ask("POST", "/v4_6_release/apis/3.0/service/sources", {"name": "A source"})
WORK = {
    "GET one ticket": [asks.ask("GET", f"{asks.TICKETS}/5001")],
    "POST a source": [SOURCE],
    "9 GET, 1 POST": [*9 * [asks.ask("GET", f"{asks.TICKETS}/5001")], SOURCE],
}
_NUMBERS = count(1)


@contextmanager
def schema(url: str) -> Iterator[str]:
    """Lend an empty schema of a database."""
    import psycopg  # noqa: PLC0415 - only where there is one
    from psycopg.sql import SQL, Identifier  # noqa: PLC0415

    name = f"cwmock_bench_{next(_NUMBERS)}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(SQL("DROP SCHEMA IF EXISTS {0} CASCADE").format(Identifier(name)))
        admin.execute(SQL("CREATE SCHEMA {}").format(Identifier(name)))
        yield f"{url}?options=-csearch_path%3D{name}"
        admin.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(name)))


def measured(store: str, processes: int, seconds: float) -> list[tuple[str, ...]]:
    """Return a row for each kind of work on so many processes with one store."""
    with ExitStack() as stack:
        servers = [stack.enter_context(emulator(store=store)) for _ in range(processes)]
        loads = [stack.enter_context(loading()) for _ in servers]
        crew = stack.enter_context(ThreadPoolExecutor(processes))
        pairs = list(zip(loads, servers, strict=True))
        for requests in WORK.values():
            _asked(crew, pairs, requests, count=WARM_UP)
        return [
            (store.partition(":")[0], str(processes), what, *_figures(samples))
            for what, requests in WORK.items()
            if (samples := _asked(crew, pairs, requests, seconds=seconds))
        ]


def _asked(
    crew: ThreadPoolExecutor,
    pairs: Sequence[tuple[Load, Served]],
    requests: Sequence[str],
    **bounds: float,
) -> list[Sample]:
    each = CONNECTIONS // len(pairs)
    jobs = [
        crew.submit(load.run, served, requests, connections=each, **bounds)
        for load, served in pairs
    ]
    return [job.result() for job in jobs]


def _figures(samples: Sequence[Sample]) -> tuple[str, ...]:
    whole = samples[0]
    for sample in samples[1:]:
        whole += sample
    per_s = sum(sample.per_s for sample in samples)
    return tuple(map(shown, (per_s, whole.p50_ms, whole.p99_ms, whole.cpu_us)))


@click.command()
@click.option("--seconds", default=3.0, show_default=True, help="For each row.")
@click.argument("database", required=False)
def main(*, seconds: float, database: str | None) -> None:
    """Measure the stores on this machine; DATABASE is the URL of a PostgreSQL."""
    rows = measured("memory", 1, seconds)
    with tempfile.TemporaryDirectory() as folder:
        rows += measured(f"sqlite:///{Path(folder) / 'kept.db'}", 1, seconds)
    for processes in (1, 2) if database else ():
        with schema(str(database)) as url:
            rows += measured(url, processes, seconds)
    print(table(HEADS, rows))


if __name__ == "__main__":
    main()
