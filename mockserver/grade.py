"""`cwmock grade`: examine a client, show how it goes, write the report card."""

import errno
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
from rich.console import Console
from rich.live import Live
from rich.table import Table

from mockserver.core.volatile import volatile_path
from mockserver.core.world import World
from mockserver.examination import Examination, environment, examined
from mockserver.examinee import Examinee, running
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
        patience_s: How long a command may take until its first request.
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
    patience_s: float = 300.0
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
    _check_places(wanted)
    profile = PROFILES[wanted.profile]
    phases = [PHASES[name] for name in wanted.phases or PHASES]
    quota = (profile.requests, profile.window_s)
    volatile = tuple(volatile_path(each) for each in wanted.volatile)
    world = World.seeded(wanted.seed, size=wanted.size, quota=quota, volatile=volatile)
    with examined(profile, phases, world, wanted.port) as (examination, server):
        _introduce(console, examination, server.url, told=not wanted.command)
        _examine(wanted, console, examination, {**os.environ, **environment(server.url)})
        made = examination.cards()
    show(console, made)
    _write(wanted, made)
    return _status(console, made)


def _examine(
    wanted: Wanted, console: Console, examination: Examination, environ: Mapping[str, str]
) -> None:
    """Run the command, if there is one, and let the examination take its course."""
    # Ctrl-C ends the examination; what is known by then is told.
    with _terminable(), suppress(KeyboardInterrupt), _progress(console) as tick:
        if not wanted.command:
            examination.run(lambda: True, tick)
            return
        with running(wanted.command, environ) as client:
            examination.run(client, tick, wanted.patience_s)
            _tell_end(console, client, examination)


def _tell_end(console: Console, client: Examinee, examination: Examination) -> None:
    if not client():
        after_s = f"after {examination.passed_s:.0f} of {examination.total_s:.0f} s"
        console.print(f"The command ended {after_s} with status {client.status}.")
    elif not examination.tenant.journal.last_id:
        console.print("The command has sent no request in the time that it had (--patience).")


def _check_places(wanted: Wanted) -> None:
    """Refuse a file that cannot be written before the examination, not after it."""
    for file in filter(None, (wanted.json, wanted.junit, wanted.html)):
        if not file.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(file.parent))
        if file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))


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
    told = "let the client work for longer" if made else "has it sent its requests to this server?"
    console.print(f"There was too little to judge: {told}")
    return NOTHING
