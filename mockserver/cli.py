"""The command line.

What is heavy is imported inside the commands: `cwmock --help` answers at once, and a port in use
is known before a world is built.
"""
# ruff: noqa: PLC0415

import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from mockserver.cli_check import check, record
from mockserver.cli_surface import catalogue, openapi, routes
from mockserver.complaint import Complaint
from mockserver.settings import BadSetting, Settings
from mockserver.world_command import world

if TYPE_CHECKING:
    from mockserver.web.tls import Authority

Command = Callable[..., None]

SWITCH_INTERVAL_S = 0.02


@click.group()
@click.version_option(package_name="cwmock", prog_name="cwmock")
def main() -> None:
    """Emulate the ConnectWise PSA and ConnectWise Automate REST APIs."""


def _value(name: str, metavar: str, described: str) -> Callable[[Command], Command]:
    return click.option(f"--{name}", metavar=metavar, help=described)


def _values(name: str, metavar: str, described: str) -> Callable[[Command], Command]:
    return click.option(f"--{name}", metavar=metavar, multiple=True, help=described)


def _switch(name: str, described: str) -> Callable[[Command], Command]:
    return click.option(f"--{name}/--no-{name}", default=None, help=described)


@main.command()
@_value("host", "ADDRESS", "Listen on this address [127.0.0.1].")
@_value("port", "N", "Listen on this port, 0 for a free one [8080].")
@_value("seed", "N", "Build the world from this number [42].")
@_value("size", "tiny|default|large|N", "Make the world so large, N is tickets [default].")
@_value("world", "DIR", "Serve the world in this folder, see `cwmock world`.")
@_value("store", "memory|URL", "Keep the data in sqlite:///FILE or postgresql://… [memory].")
@_value("profile", "documented|observed", "Answer as the guides say or as systems do [documented].")
@_value("rate-limit", "N/minute|off", "Allow each key so much [as the profile says].")
@_value("token-ttl", "SECONDS", "Let tokens live so long [14400].")
@_value("clock", "real|frozen|xN", "Let time pass so, xN is N times as fast [real].")
@_switch("tls", "Speak TLS with a certificate authority made at start.")
@_switch("require-ssl", "Refuse requests over plain HTTP as the vendors do.")
@_switch("allow-fault-header", "Obey faults in X-Mock-Fault headers.")
@_switch("hints", "Say in X-Mock-Hint why an answer is what it is [on].")
@_value("admin-token", "TOKEN", "Ask for it at /_mock/ unless on loopback [made at start].")
@_values("allow-host", "HOST", "Answer at /_mock/ under this name, too; repeatable.")
@_values("allow-callback-host", "HOST", "Send callbacks to this host, too; repeatable.")
@_values("client-id", "ID", "Accept this clientId of PSA alone [any]; repeatable.")
@_value("callback-ca", "FILE", "Trust these certificates of callbacks' receivers.")
@_values("volatile", "PATH", "Compare bodies without this member in reports; repeatable.")
@_value(
    "log-format", "text|json", "Write the ready line and the log of exchanges like this [text]."
)
@_switch("quiet", "Print the ready line only, with token and CA if there are any.")
@_values("spec", "FILE", "Serve what this API description tells of, too; repeatable.")
@_value("config", "FILE", "Read settings from this TOML file.")
def serve(**flags: object) -> None:
    """Run the emulator until Ctrl-C or SIGTERM.

    Every option is also an environment variable CWMOCK_<NAME> and a key of the TOML file; an
    option beats the variable, the variable beats the file.
    """
    # Both are a clean end from the first moment, before the server heeds them itself.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    # Hardly anything that starting up makes is garbage.
    gc.disable()
    with _complaints():
        settings = _guarded(Settings.load(flags, os.environ))
        _check_files(settings)
        with _listener(settings) as listener:
            _serve(settings, listener)


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


@contextlib.contextmanager
def _complaints() -> Iterator[None]:
    try:
        yield
    except BadSetting as error:
        raise Complaint(" ".join(str(error).split())) from error


def _guarded(settings: Settings) -> Settings:
    """Return the settings with a token for the control plane if others can reach it."""
    from mockserver.core.clock import fresh_secret
    from mockserver.core.loopback import is_loopback

    if settings.admin_token or is_loopback(settings.host):
        return settings
    return replace(settings, admin_token=fresh_secret())


def _check_files(settings: Settings) -> None:
    from mockserver.opening import check_file

    if settings.callback_ca is not None and not os.access(settings.callback_ca, os.R_OK):
        raise BadSetting("callback-ca", f"{settings.callback_ca} cannot be read")
    check_file(settings)


def _listener(settings: Settings) -> socket.socket:
    from mockserver.web.serving import listen

    try:
        return listen(settings.host, settings.port)
    except OSError as error:
        address = f"{settings.host}:{settings.port}"
        raise Complaint(f"cannot listen on {address}: {error.strerror or error}") from error


def _serve(settings: Settings, listener: socket.socket) -> None:
    from mockserver.opening import application
    from mockserver.ready import ready_text
    from mockserver.web.log import ExchangeLog
    from mockserver.web.serving import Server

    # Most requests take less than a turn of the interpreter: let them finish in one.
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    with contextlib.ExitStack() as stack:
        authority = stack.enter_context(_authority()) if settings.tls else None
        tls = authority.context if authority else None
        log = (
            None
            if settings.quiet
            else ExchangeLog(sys.stderr, as_json=settings.log_format == "json")
        )
        server = Server(application(settings, stack, log), listener, tls=tls)
        text = ready_text(settings, server.url, authority.path if authority else None)
        # What is there now stays: the collector need not look at it again and again.
        gc.freeze()
        gc.enable()
        server.run(lambda: click.echo(text))


def _authority() -> "Authority":
    from mockserver.web.tls import Authority

    try:
        return Authority()
    except OSError as error:
        reason = error.strerror or error
        raise BadSetting("tls", f"the certificate cannot be kept in a file: {reason}") from error


@main.command()
@click.option("--profile", type=click.Choice(["fast", "full"]), default="fast", show_default=True)
@click.option("--scenario", "phases", multiple=True, help="Only this part; repeatable.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 for a free one.")
@click.option("--size", default="default", help="Of the world, as for serve.")
@click.option("--seed", type=int, default=42, show_default=True)
@_values("volatile", "PATH", "Compare bodies without this member; repeatable.")
@click.option("--json", "json", type=click.Path(path_type=Path), help="Write the report here.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write it here as JUnit XML.")
@click.option("--html", type=click.Path(path_type=Path), help="Write it here as a page.")
@click.option(
    "--patience",
    "patience_s",
    type=click.FloatRange(min=0),
    default=300.0,
    show_default=True,
    help="Seconds that the command may take until its first request.",
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def grade(**wanted: Any) -> None:
    """Judge the retry conduct of a client.

    Run COMMAND (after --) with base URLs and credentials in its environment, or wait for a client
    that you start yourself. Exits with 0 when it passed, 1 when it failed, 2 when there was too
    little to judge.
    """
    from rich.console import Console

    from mockserver.grade import Wanted
    from mockserver.grade import grade as examine
    from mockserver.grading.phases import PHASES

    unknown = [name for name in wanted["phases"] if name not in PHASES]
    if unknown:
        raise Complaint(f"there is no scenario {unknown[0]!r}; there are: {', '.join(PHASES)}")
    try:
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
        raise SystemExit(examine(Wanted(**wanted), console))
    except (OSError, ValueError) as error:
        raise Complaint(str(error)) from error


for command in (routes, openapi, catalogue, world, check, record):
    main.add_command(command)
