"""`cwmock world`: a world as a folder of files, written and taken in."""
# ruff: noqa: PLC0415 - what is heavy is imported when the command runs

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mockserver.complaint import Complaint
from mockserver.world_place import Place

Command = Callable[..., None]


class _Worlds(click.Group):
    """The commands, of which `export` need not be named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["export", *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return ["export|import", "FOLDER", "[OPTIONS]"]


#: ``\b`` keeps click from filling lines.
HELP = """Write a world to a folder of readable files, or take one in.

\b
  cwmock world export FOLDER              a world made of --seed and --size
  cwmock world export FOLDER --from URL   what a running server holds now
  cwmock world import FOLDER --into URL   the same, put into another server
  cwmock serve --world FOLDER             a server that begins with it

`cwmock world FOLDER` is short for `cwmock world export FOLDER`; a folder that is called
export or import is written ./export. Options: `cwmock world export --help`.
"""


@click.group(cls=_Worlds, help=HELP)
def world() -> None:
    """Take a command by its name."""


def _whose(which: str) -> Callable[[Command], Command]:
    """Return the options that say whose state it is, *which* way it goes."""
    options = (
        click.option(
            "--tenant", default="default", show_default=True, metavar="NAME", help=f"Whose, {which}"
        ),
        click.option(
            "--admin-token",
            envvar="CWMOCK_ADMIN_TOKEN",
            metavar="TOKEN",
            help="The server's, where others can reach it.",
        ),
        click.option(
            "--size",
            default="default",
            show_default=True,
            metavar="tiny|default|large|N",
            help="Of the world (and of a store), as for serve.",
        ),
        click.option(
            "--seed",
            default=42,
            show_default=True,
            type=click.IntRange(0, 2**63 - 1),
            metavar="N",
            help="Of the world (and of a store), as for serve.",
        ),
    )

    def added(command: Command) -> Command:
        for each in options:
            command = each(command)
        return command

    return added


@world.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The same as FOLDER.")
@click.option("--from", "url", metavar="URL", help="Of a server, or a store as for serve.")
@_whose("with --from.")
def export(folder: Path | None, out: Path | None, url: str | None, **given: Any) -> None:
    """Write a world to FOLDER.

    Built from a seed and a size; with --from, the present state of a running server's tenant, or of
    a store that no server has open.
    """
    target = out or folder
    if target is None:
        raise click.UsageError("name the folder to write to")
    from mockserver.world_folder import refuse_unless_world

    try:
        refuse_unless_world(target)
        if url is None:
            _build(target, given["seed"], given["size"])
        else:
            _unpack(target, _place(url, given).ask("GET"))
    except FileExistsError as error:
        raise Complaint(str(error)) from error
    except OSError as error:
        raise Complaint(f"{target} cannot be written: {error.strerror or error}") from error
    click.echo(f"wrote {len(list(target.glob('*.jsonl')))} collections to {target}")


@world.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--into",
    "url",
    required=True,
    metavar="URL",
    help="Of a server, or a store as for serve.",
)
@_whose("with --into.")
def take_in(folder: Path, url: str, **given: Any) -> None:
    """Put the world in FOLDER into a tenant.

    All of it or, if one line is wrong, nothing. What the tenant held is gone, and a reset goes back
    to what is in FOLDER, which may also be a zip as GET /_mock/world answers it.
    """
    from mockserver.core.bundle import BadFolder, packed, read_folder, read_zip

    try:
        found = read_zip(folder) if folder.is_file() else read_folder(folder)
        _place(url, given).ask("PUT", packed(sorted(found.files.items())))
    except BadFolder as error:
        raise Complaint(f"{folder}: {error}") from error
    except OSError as error:
        raise Complaint(f"{folder} cannot be read: {error.strerror or error}") from error
    collections = sum(name.endswith(".jsonl") for name in found.files)
    click.echo(f"{given['tenant']} begins with {collections} collections of {folder}")


def _place(url: str, given: dict[str, Any]) -> Place:
    return Place(url, given["tenant"], given["admin_token"], given["seed"], given["size"])


def _build(target: Path, seed: int, size: str) -> None:
    from mockserver.world_folder import clear
    from mockserver.worlds import export as build
    from mockserver.worlds import scale_of

    try:
        scale_of(size)
    except ValueError as error:
        raise Complaint(str(error)) from None
    clear(target)
    build(target, seed, size)


def _unpack(target: Path, content: bytes) -> None:
    from mockserver.core.bundle import BadFolder
    from mockserver.world_folder import replace_world

    try:
        replace_world(target, content)
    except BadFolder as error:
        raise Complaint(f"that server's answer is no world: {error}") from None
