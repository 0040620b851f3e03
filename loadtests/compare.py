"""`make load-compare`: every strategy on the same scenario, on the virtual clock.

Writes ``comparison.md`` and ``comparison.svg`` beside this file, with the date and the machine; the
figures themselves depend on neither.
"""

import os
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from loadtests.simulation import NEIGHBOUR, NS, Outcome, Run, numbered, simulated
from loadtests.strategies import STRATEGIES
from mockserver.core.attempt import Attempt
from mockserver.grading.chains import has_failed
from mockserver.grading.pace import refused
from mockserver.grading.report import cards

HERE = Path(__file__).parent
JOBS, WORKERS, NEIGHBOUR_PER_MIN = 1_000, 10, 20
SEEDS = (1, 2, 3)
START_S = 2
NOTES = HERE / "comparison_notes.md"
COLUMNS = (
    *("strategy", "utilisation %", "429 %", "amplification", "p99 s"),
    *("peak /s", "retention %", "fails"),
)


class Facts(NamedTuple):
    """A row of retry facts 5: fixed window, ten clients; retention with a neighbour."""

    util: str
    refused: str
    amplification: str
    p99_s: str
    peak: str
    retention: str = ""


#: Retry facts 5, "Fixed window", N=10, and the table of the second program.
FACTS: Mapping[str, Facts] = {
    "naive 1 s": Facts("100", "90", "10.0", "60", "70"),
    "vendor doc 0.1*2^k": Facts("100", "59", "2.42", "103", "83", "31"),
    "exp, no jitter": Facts("100", "48", "1.94", "63", "70"),
    "full jitter": Facts("100", "30", "1.43", "269", "26", "10"),
    "equal jitter": Facts("100", "25", "1.33", "293", "26"),
    "RA exact (Automate seed)": Facts("100", "13", "1.15", "60", "70"),
    "RA + U(0,1 s) (PSA seed)": Facts("100", "13", "1.15", "61", "68", "3"),
    "RA + U(0,W(2^k-1))": Facts("73", "5", "1.05", "202", "25"),
    "header pacing, independent": Facts("100", "12", "1.13", "46", "10"),
    "shared leaky bucket 98 %": Facts("98", "0", "1.00", "0.3", "2", "76"),
    "shared gate, greedy": Facts("100", "0", "1.00", "0.3", "60", "2"),
    "reference client": Facts("100", "0", "1.00", "0.3", "2", "99"),
}


@dataclass(frozen=True)
class Figures:
    """What one strategy came to, the mean over the seeds."""

    util: float
    refused: float
    amplification: float
    p99_s: float
    peak: float
    retention: float
    failed: tuple[str, ...]


def figures(name: str) -> Figures:
    """Return the figures of a strategy."""
    rows, failed = [], set[str]()
    for seed in SEEDS:
        run = Run(STRATEGIES[name], WORKERS, numbered(JOBS), seed=seed)
        outcome = simulated(run)
        (card,) = cards(outcome.attempts, lambda _api, o=outcome: o.terms)
        failed |= {metric.id for metric in card.failed}
        shared = simulated(
            Run(
                STRATEGIES[name],
                WORKERS,
                numbered(JOBS),
                seed=seed,
                neighbour_per_min=NEIGHBOUR_PER_MIN,
            )
        )
        rows.append(_row(outcome, card.metrics["M5"].value or 0.0, shared))
    means = [sum(column) / len(column) for column in zip(*rows, strict=True)]
    return Figures(*means, tuple(sorted(failed, key=lambda each: int(each[1:]))))


def _row(outcome: Outcome, util: float, shared: Outcome) -> tuple[float, ...]:
    attempts = outcome.attempts
    return (
        100 * util,
        100 * len(refused(attempts)) / len(attempts),
        len(attempts) / len(outcome.done_s),
        quantiles(outcome.done_s, n=100)[-1],
        float(_peak(attempts)),
        100 * _retention(shared),
    )


def _peak(attempts: Sequence[Attempt]) -> int:
    """Return the most arrivals in a second after the start, when all come at once anyway."""
    settled_ns = attempts[0].arrived_ns + START_S * NS
    later = (each.arrived_ns // NS for each in attempts if each.arrived_ns >= settled_ns)
    return max(Counter(later).values())


def _retention(shared: Outcome) -> float:
    """Return what the neighbour kept while there was work waiting."""
    (_, end_ns), *_ = shared.terms.backlog
    others = [
        each
        for each in shared.attempts
        if each.client_id == NEIGHBOUR and each.arrived_ns <= end_ns
    ]
    return sum(not has_failed(each) for each in others) / len(others)


# -- the page -------------------------------------------------------------------------------------


def page(found: Mapping[str, Figures]) -> str:
    """Return the page in Markdown."""
    head = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|\n"
    introduction, notes = NOTES.read_text(encoding="utf-8").split("<!-- table -->\n")
    rows = "".join(_line(name, each) for name, each in found.items())
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    made = f"Python {platform.python_version()}, {machine}, {datetime.now(UTC):%Y-%m-%d}"
    return f"{introduction}{head}{rows}\nMade by `make load-compare`: {made}.\n{notes}"


def _line(name: str, found: Figures) -> str:
    facts = FACTS.get(name, Facts("", "", "", "", "", ""))
    shown = (
        f"{found.util:.0f}",
        f"{found.refused:.1f}",
        f"{found.amplification:.2f}",
        f"{found.p99_s:.1f}",
        f"{found.peak:.0f}",
        f"{found.retention:.0f}",
    )
    pairs = zip(shown, facts, strict=True)
    cells = [f"{value} ({fact})" if fact else value for value, fact in pairs]
    failed = ", ".join(found.failed) or "none"
    return f"| {name} | {' | '.join(cells)} | {failed} |\n"


ROW, LEFT, STEP, BAR = 24, 200, 170, 118


class Panel(NamedTuple):
    """A column of bars: which figure, what it is called, and how long the longest bar is."""

    field: str
    title: str
    colour: str
    most: float


PANELS = (
    Panel("util", "utilisation %", "#72b7b2", 100),
    Panel("refused", "429 %", "#e45756", 100),
    Panel("amplification", "amplification", "#4c78a8", 11),
    Panel("p99_s", "p99 s", "#b279a2", 320),
    Panel("peak", "peak /s", "#f58518", 90),
    Panel("retention", "neighbour keeps %", "#54a24b", 100),
)


def picture(found: Mapping[str, Figures]) -> str:
    """Return bars of every figure as SVG."""
    wide, high = LEFT + STEP * len(PANELS), ROW * (len(found) + 2)
    drawn = [*_legend(), *(part for n, row in enumerate(found.items()) for part in _bars(n, *row))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
        'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/>'
        f"{''.join(drawn)}</svg>\n"
    )


def _legend() -> Iterable[str]:
    for number, panel in enumerate(PANELS):
        x = LEFT + number * STEP
        yield f'<rect x="{x}" y="8" width="12" height="12" fill="{panel.colour}"/>'
        yield f'<text x="{x + 18}" y="19" fill="#333">{panel.title}</text>'


def _bars(number: int, name: str, found: Figures) -> Iterable[str]:
    y = ROW * (number + 1.5)
    yield f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end" fill="#333">{escape(name)}</text>'
    for place, panel in enumerate(PANELS):
        value, x = getattr(found, panel.field), LEFT + place * STEP
        width = max(1.0, BAR * min(1.0, value / panel.most))
        yield (
            f'<rect x="{x}" y="{y}" width="{width:.1f}" height="{ROW - 8}" fill="{panel.colour}"/>'
        )
        yield f'<text x="{x + width + 4:.1f}" y="{y + 13}" fill="#333">{value:.3g}</text>'


def main() -> None:
    """Write the page and the picture."""
    found = {name: figures(name) for name in STRATEGIES}
    HERE.joinpath("comparison.md").write_text(page(found), encoding="utf-8")
    HERE.joinpath("comparison.svg").write_text(picture(found), encoding="utf-8")
    print(page(found))


if __name__ == "__main__":
    main()
