"""`cwmock world`: writes a world to a folder, built anew or taken from a server that runs."""
# ruff: noqa: PLC0415 - what is heavy is imported when the command runs

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import click

from mockserver.complaint import Complaint

#: What such a folder may hold; nothing else of an archive is written.
FILE = re.compile(r"[A-Za-z0-9_]{1,120}\.jsonl?", re.ASCII)
TIMEOUT_S = 300


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The same as FOLDER.")
@click.option("--seed", default=42, show_default=True, type=click.IntRange(0, 2**63 - 1))
@click.option("--size", default="default", show_default=True, metavar="tiny|default|large|N")
@click.option("--from", "url", metavar="URL", help="Take the records of a server instead.")
@click.option("--tenant", default="default", show_default=True, help="Whose, with --from.")
@click.option("--admin-token", envvar="CWMOCK_ADMIN_TOKEN", help="The server's, with --from.")
def world(folder: Path | None, out: Path | None, url: str | None, **given: Any) -> None:
    """Write a world to FOLDER, for `cwmock serve --world FOLDER`.

    Built from a seed and a size; with --from, the present records of a running server.
    """
    target = out or folder
    if target is None:
        raise click.UsageError("name the folder to write to")
    if target.is_dir() and any(target.iterdir()) and not target.joinpath("MADE_BY.json").is_file():
        raise Complaint(f"{target} is not empty and holds no world")
    try:
        if url is None:
            _build(target, given["seed"], given["size"])
        else:
            _fetch(target, url, given["tenant"], given["admin_token"])
    except OSError as error:
        raise Complaint(f"{target} cannot be written: {error.strerror or error}") from error
    click.echo(f"wrote {len(list(target.glob('*.jsonl')))} collections to {target}")


def _build(target: Path, seed: int, size: str) -> None:
    from mockserver.worlds import export, scale_of

    try:
        scale_of(size)
    except ValueError as error:
        raise Complaint(str(error)) from None
    _clear(target)
    export(target, seed, size)


def _fetch(target: Path, url: str, tenant: str, token: str | None) -> None:
    import requests

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = requests.get(
            f"{url.rstrip('/')}/_mock/world",
            params={"tenant": tenant},
            headers=headers,
            timeout=TIMEOUT_S,
        )
    except requests.RequestException as error:
        raise Complaint(f"{url} cannot be reached: {error}") from None
    if not answer.ok:
        raise Complaint(f"{url} answered {answer.status_code}: {answer.text[:200]}")
    _unpack(target, answer.content)


def _unpack(target: Path, content: bytes) -> None:
    from mockserver.worlds import write

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = [(n, archive.read(n)) for n in archive.namelist() if FILE.fullmatch(n)]
    except zipfile.BadZipFile:
        raise Complaint("that server's answer is no world") from None
    _clear(target)
    write(target, files)


def _clear(target: Path) -> None:
    for file in target.glob("*.jsonl"):
        file.unlink()
