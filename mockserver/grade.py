"""`cwmock grade`: examine a client, show how it goes, write the report card."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
from rich.console import Console
from rich.live import Live
from rich.table import Table

from mockserver.core.volatile import volatile_path
from mockserver.core.world import World
from mockserver.examination import Examination, environment, examined, running
from mockserver.grading.files import as_json, as_junit
from mockserver.grading.page import page
from mockserver.grading.phases import PHASES, PROFILES, Phase
from mockserver.grading.report import Card
from mockserver.grading.terminal import show

PASSED, FAILED, NOTHING = 0, 1, 2


@dataclass(frozen=True)
class Wanted:
    """What the user asked for.

    Attributes:
        profile: ``fast`` or ``full``.
        phases: Names of phases; empty for all.
        port: Where to listen, 0 for a free port.
        size: Of the world.
        seed: Of the world.
        volatile: Members of bodies that differ at each sending.
        command: Runs the client under test; empty if the user does so.
        json: Where to write the report as JSON.
        junit: Where to write it as JUnit XML.
        html: Where to write it as a page.
    """

    profile: str = "fast"
    phases: Sequence[str] = ()
    port: int = 0
    size: str = "default"
    seed: int = 42
    volatile: Sequence[str] = ()
    command: Sequence[str] = ()
    json: Path | None = None
    junit: Path | None = None
    html: Path | None = None


def grade(wanted: Wanted, console: Console) -> int:
    """Examine a client and return the exit status: 0 passed, 1 failed, 2 nothing to judge.

    Raises:
        OSError: The port is in use, the command does not exist, or a file cannot be written.
        ValueError: A path of a volatile member cannot be read.
    """
    profile = PROFILES[wanted.profile]
    phases = [PHASES[name] for name in wanted.phases or PHASES]
    quota = (profile.requests, profile.window_s)
    volatile = tuple(volatile_path(each) for each in wanted.volatile)
    world = World.seeded(wanted.seed, size=wanted.size, quota=quota, volatile=volatile)
    with examined(profile, phases, world, wanted.port) as (examination, server):
        _introduce(console, examination, server.url, told=not wanted.command)
        environ = {**os.environ, **environment(server.url)}
        client = running(wanted.command, environ) if wanted.command else nullcontext(lambda: True)
        # Ctrl-C ends the examination; what is known by then is told.
        with (
            _terminable(),
            suppress(KeyboardInterrupt),
            client as goes_on,
            _progress(console) as tick,
        ):
            examination.run(goes_on, tick)
        made = examination.cards()
    _write(wanted, made)
    show(console, made)
    return _status(console, made)


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the examination as Ctrl-C does, so that the client is not left behind."""
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _introduce(console: Console, examination: Examination, url: str, *, told: bool) -> None:
    console.print(f"cwmock grade: examining clients of {url} for {examination.total_s:.0f} s")
    if told:
        console.print("Point your client at it; the examination begins with its first request:")
        for name, value in environment(url).items():
            console.print(f"  {name}={value}", markup=False, highlight=False)


@contextmanager
def _progress(console: Console) -> Iterator[Callable[[Examination], None]]:
    if not console.is_terminal:
        yield _Lines(console)
        return
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        yield lambda examination: live.update(_shown(examination))


class _Lines:
    """A line for each phase, where nothing can be drawn over."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._phase: Phase | None = None

    def __call__(self, examination: Examination) -> None:
        if examination.phase is not self._phase and examination.phase is not None:
            self._phase = examination.phase
            self._console.print(f"  {self._phase.name}: {self._phase.title}")


def _shown(examination: Examination) -> Table:
    table = Table.grid(padding=(0, 2))
    attempts = examination.tenant.journal.attempts()
    refused = sum(each.status == 429 for each in attempts)  # noqa: PLR2004
    phase = examination.phase
    table.add_row("phase", f"{phase.name}: {phase.title}" if phase else "waiting for a request")
    table.add_row("passed", f"{examination.passed_s:.0f} of {examination.total_s:.0f} s")
    table.add_row("requests", f"{len(attempts)}, refused {refused}")
    return table


def _write(wanted: Wanted, made: Sequence[Card]) -> None:
    if wanted.json:
        text = orjson.dumps(as_json(made, wanted.profile), option=orjson.OPT_INDENT_2)
        wanted.json.write_bytes(text + b"\n")
    if wanted.junit:
        wanted.junit.write_bytes(as_junit(made))
    if wanted.html:
        wanted.html.write_text(page(made), encoding="utf-8")


def _status(console: Console, made: Sequence[Card]) -> int:
    if any(card.failed for card in made):
        return FAILED
    if any(card.judged for card in made):
        return PASSED
    console.print("There was too little to judge: has the client sent its requests to this server?")
    return NOTHING
