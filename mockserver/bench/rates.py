"""How many requests a second, next to a bare hello behind the same server."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import NamedTuple

from mockserver.bench import asks
from mockserver.bench.figures import Goal, judged, median, shown, table
from mockserver.bench.processes import Load, Sample, Served, bare, emulator

CONNECTIONS = (1, 16)
#: Goals hold at this many connections; with one the machine mostly waits.
JUDGED_AT = 16
WARM_UP = 50
HEADS = (
    "what",
    "connections",
    "req/s",
    "p50 ms",
    "p99 ms",
    "cpu us",
    "of hello",
    "of constant",
    "goal",
    "verdict",
)


class Rate(NamedTuple):
    """Something that is asked for as fast as it goes.

    Attributes:
        name: For the command line.
        title: For the table.
        place: Which server is asked.
        bases: The names of the rates that it is compared with.
        goal: The ratio to the last of these that it is to reach.
    """

    name: str
    title: str
    place: str = "emulator"
    bases: tuple[str, ...] = ("hello",)
    goal: Goal | None = None


RATES = (
    Rate("hello", "bare Flask hello", "bare", ()),
    Rate("get-one", "GET one ticket", goal=Goal(0.50)),
    Rate("page-25", "GET a page of 25", goal=Goal(0.40)),
    Rate("indexed", "GET filtered, by index, repeated"),
    Rate("unindexed", "GET filtered, no index, repeated"),
    Rate("mixed", "1 PATCH, 9 filtered pages"),
    Rate("constant", "the same 1,000 as a constant", "bare"),
    Rate("page-1000", "GET a page of 1,000", "thousand", ("hello", "constant"), Goal(0.50)),
    Rate("patch", "PATCH a ticket", goal=Goal(0.20)),
    Rate("post", "POST a ticket", goal=Goal(0.25)),
)
BY_NAME = {rate.name: rate for rate in RATES}


class Measured(NamedTuple):
    """All that was seen of a rate at a number of connections.

    Attributes:
        sample: All its requests.
        ratios: By base, the ratios of each round.
    """

    sample: Sample
    ratios: Mapping[str, Sequence[float]]


class Bounds(NamedTuple):
    """How long is measured: so many rounds, each so many seconds for each rate."""

    rounds: int
    seconds: float


Sampler = Callable[[Rate], Sample]


def rates_table(load: Load, bounds: Bounds, only: Collection[str]) -> str:
    """Measure the rates (those of *only* if there are any) and return the table."""
    chosen = [rate for rate in RATES if not only or rate.name in {"hello", *only}]
    with ExitStack() as stack:
        stage = Stage(stack, load)
        seen: dict[tuple[str, int], list[dict[str, Sample]]] = {}
        for _ in range(bounds.rounds):
            stage.reset()
            for rate in chosen:
                for connections in CONNECTIONS:
                    found = stage.compared(rate, connections, bounds.seconds)
                    seen.setdefault((rate.name, connections), []).append(found)
    rows = [_row(BY_NAME[name], n, _measured(name, rounds)) for (name, n), rounds in seen.items()]
    samples = [found[name] for (name, _), rounds in seen.items() for found in rounds]
    return f"{table(HEADS, rows)}\n{_cost(samples)}"


class Stage:
    """The servers and what they are asked.

    Args:
        stack: Ends the servers.
        load: Who asks.
    """

    def __init__(self, stack: ExitStack, load: Load) -> None:
        self._load = load
        self._places: dict[str, Served] = {
            "bare": stack.enter_context(bare()),
            "emulator": stack.enter_context(emulator()),
            "thousand": stack.enter_context(emulator("1000")),
        }
        self._requests = _requests(self._places["emulator"])
        for name, requests in self._requests.items():
            if name != "constant":
                load.run(self._places[BY_NAME[name].place], requests, count=WARM_UP)
        content = self._places["thousand"].fetch(self._requests["page-1000"][0])
        assert len(json.loads(content)) == 1_000  # noqa: PLR2004
        self._places["bare"].send("PUT", "/constant", content, {})

    def reset(self) -> None:
        """Take back what earlier rounds wrote."""
        self._places["emulator"].send("POST", "/_mock/reset", b"", {})

    def compared(self, rate: Rate, connections: int, seconds: float) -> dict[str, Sample]:
        """Return samples of a rate and what it is compared with, taken one after the other."""
        return {
            name: self._load.run(
                self._places[BY_NAME[name].place],
                self._requests[name],
                connections=connections,
                seconds=seconds,
            )
            for name in (*rate.bases, rate.name)
        }


def _requests(served: Served) -> dict[str, list[str]]:
    tickets = json.loads(served.fetch(asks.ask("GET", asks.page(pageSize=25))))
    filtered = [asks.ask("GET", path) for path in (asks.indexed(), asks.unindexed())]
    ids = [ticket["id"] for ticket in tickets]
    company_ids = [ticket["company"]["id"] for ticket in tickets]
    return {
        "hello": [asks.ask("GET", "/")],
        "get-one": [asks.ask("GET", f"{asks.TICKETS}/{each}") for each in ids],
        "page-25": [asks.ask("GET", asks.page(pageSize=25, page=n)) for n in range(1, 11)],
        "indexed": filtered[:1],
        "unindexed": filtered[1:],
        "mixed": [ask for change in asks.changes(ids[0]) for ask in (change, *(5 * filtered)[1:])],
        "constant": [asks.ask("GET", "/constant")],
        "page-1000": [asks.ask("GET", asks.page(pageSize=1000))],
        "patch": [change for pair in zip(*map(asks.changes, ids), strict=True) for change in pair],
        "post": [asks.creation(company_id) for company_id in company_ids],
    }


def _measured(name: str, rounds: Sequence[Mapping[str, Sample]]) -> Measured:
    bases = BY_NAME[name].bases
    ratios = {base: [each[name].per_s / each[base].per_s for each in rounds] for base in bases}
    return Measured(_sum(each[name] for each in rounds), ratios)


def _sum(samples: Iterable[Sample]) -> Sample:
    total = Sample([], 0.0, 0.0, 0.0)
    for sample in samples:
        total += sample
    return total


def _row(rate: Rate, connections: int, seen: Measured) -> tuple[str, ...]:
    ratios = {base: median(values) for base, values in seen.ratios.items()}
    goal = rate.goal if connections == JUDGED_AT else None
    return (
        rate.title,
        str(connections),
        *map(shown, _figures(seen.sample)),
        *(shown(ratios[base]) if base in ratios else "" for base in ("hello", "constant")),
        *judged(goal, ratios[rate.bases[-1]] if rate.bases else None),
    )


def _figures(sample: Sample) -> tuple[float | None, ...]:
    return sample.per_s, sample.p50_ms, sample.p99_ms, sample.cpu_us


def _cost(samples: Sequence[Sample]) -> str:
    total = _sum(samples)
    each_us = 1e6 * total.asking_s / max(1, len(total.took_ms))
    return (
        "cpu us: the server's processor time for a request, which other work changes least.\n"
        f"Asking took {each_us:.0f} us of processor a request, "
        f"so that it could ask {shown(1e6 / each_us)} times a second."
    )
