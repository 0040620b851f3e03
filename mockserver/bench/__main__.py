"""The command: `python -m mockserver.bench [--quick] [--only NAME]...`."""

import os
import platform
import signal
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from importlib.metadata import version
from typing import NoReturn

import click

from mockserver.bench.growth import QUICK_SIZES, SIZES, growth_table
from mockserver.bench.journal import journal_figures
from mockserver.bench.peers import peers_table
from mockserver.bench.processes import Load, loading
from mockserver.bench.rates import BY_NAME, Bounds, rates_table
from mockserver.bench.starts import control_figures, figures_table, start_figures
from mockserver.bench.tenants import tenant_figures

SECTIONS = ("start", "control", "tenant", "journal", "rates", "growth")
FULL, QUICK = Bounds(rounds=3, seconds=1.0), Bounds(rounds=1, seconds=0.5)
GROWTH_S = 10.0


@click.command()
@click.option("--quick", is_flag=True, help="Measure half a second each, and no 100,000 tickets.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([*SECTIONS, *BY_NAME]),
    help="Measure only this; may be given again.",
)
def main(*, quick: bool, only: tuple[str, ...]) -> None:
    """Measure the emulator on this machine and print the figures with their goals."""
    signal.signal(signal.SIGTERM, _leave)
    _tell("Machine", _machine())
    with loading() as load:
        for section in _sections(only):
            _tell(*_measured(section, load, only, quick=quick))
    if not only:
        _tell("For scale: peers, 16 connections, the same kind of machine", peers_table())
    print(f"Load average at the end: {_load_average()}")


def _leave(_number: int, _frame: object) -> NoReturn:
    # So that every block that holds a process ends.
    raise SystemExit(1)


def _sections(only: Collection[str]) -> list[str]:
    chosen = {"rates" if name in BY_NAME else name for name in only} or {*SECTIONS}
    return [section for section in SECTIONS if section in chosen]


def _measured(section: str, load: Load, only: Collection[str], *, quick: bool) -> tuple[str, str]:
    bounds = QUICK if quick else FULL
    match section:
        case "start":
            return "Start and memory", figures_table(start_figures(load))
        case "control":
            return "Control plane, over HTTP", figures_table(control_figures(load))
        case "tenant":
            return "A tenant for a test, in process", figures_table(tenant_figures())
        case "journal":
            return "Journal and report card, in process", figures_table(journal_figures())
        case "rates":
            title = f"Rates: {bounds.rounds} rounds of {bounds.seconds} s each, ratios by round"
            return title, rates_table(load, bounds, [name for name in only if name in BY_NAME])
    sizes = QUICK_SIZES if quick else SIZES
    pages, figures = growth_table(load, sizes, GROWTH_S)
    return "Growth with the number of tickets", f"{pages}\n\n{figures_table(figures)}"


def _machine() -> str:
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    packages = ("flask", "uvicorn", "sqlalchemy")
    return "\n".join(
        (
            f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, {now}",
            f"{platform.python_implementation()} {platform.python_version()}, "
            + ", ".join(f"{name} {version(name)}" for name in packages),
            f"Load average at the start: {_load_average()} (other work makes all figures worse)",
        )
    )


def _load_average() -> str:
    if sys.platform == "win32":
        return "unknown"
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def _tell(title: str, text: str) -> None:
    print(f"== {title}\n\n{text}\n", flush=True)


if __name__ == "__main__":
    main()
