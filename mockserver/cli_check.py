"""The commands ``check`` and ``record``."""
# ruff: noqa: PLC0415

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mockserver.complaint import Complaint

Command = Callable[..., None]


def _report(name: str, described: str) -> Callable[[Command], Command]:
    return click.option(f"--{name}", type=click.Path(path_type=Path), help=described)


def _target(described: str) -> Callable[[Command], Command]:
    names = click.Choice(["mock", "live"])
    return click.option("--target", type=names, default="mock", help=described)


@click.command()
@_target("Ask the emulator, or the system that the CONNECTWISE_* variables name [mock].")
@click.option(
    "--allow-writes", is_flag=True, help="Create records on a live system, and delete them."
)
@click.option("--profile", type=click.Choice(["documented", "observed"]), help="Only its facts.")
@click.option("--api", type=click.Choice(["psa", "automate"]), help="Only this vendor's facts.")
@click.option("--only", multiple=True, metavar="TEXT", help="Only facts whose id holds this.")
@_report("json", "Write the report here as JSON.")
@_report("junit", "Write it here as JUnit XML.")
@_report("html", "Write it here as a page.")
@click.option(
    "--expect",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Hold the answers against the recordings in this folder.",
)
def check(**wanted: Any) -> None:
    """Try what is known of both interfaces on the emulator or on a live system.

    Exits with 1 when something differs. A live system is only read unless --allow-writes is given.
    """
    from mockserver.checks.command import Wanted
    from mockserver.checks.command import check as try_facts
    from mockserver.client.errors import SettingMissing

    try:
        raise SystemExit(try_facts(Wanted(**wanted), os.environ, click.echo))
    except (OSError, ValueError, SettingMissing) as error:
        raise Complaint(str(error)) from error


@click.command()
@_target("Record the emulator, or the system that the CONNECTWISE_* variables name [mock].")
@click.option("--api", type=click.Choice(["psa", "automate"]), help="Only this vendor's facts.")
@click.option("--only", multiple=True, metavar="TEXT", help="Only facts whose id holds this.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def record(folder: Path, **wanted: Any) -> None:
    """Keep what a system answers in FOLDER, without identities, for `cwmock check --expect`."""
    from mockserver.checks.command import Wanted
    from mockserver.checks.command import record as keep
    from mockserver.client.errors import SettingMissing

    try:
        raise SystemExit(keep(Wanted(**wanted), folder, os.environ, click.echo))
    except (OSError, ValueError, SettingMissing) as error:
        raise Complaint(str(error)) from error
