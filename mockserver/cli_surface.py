"""The commands that tell what is served: `routes`, `openapi`, `catalogue`."""
# ruff: noqa: PLC0415 - what is heavy is imported inside the commands

from pathlib import Path
from typing import Any

import click

from mockserver.complaint import Complaint

APIS = click.Choice(["psa", "automate"])
SPEC = click.option("--spec", metavar="FILE", multiple=True, help="With what this file describes.")


def _vendors(spec: tuple[str, ...]) -> tuple[Any, Any]:
    from mockserver.core.compiling.reading import BadDescription
    from mockserver.vendors import vendors

    try:
        psa, automate, _ = vendors(spec)
    except BadDescription as error:
        raise Complaint(f"spec: {error}") from error
    return psa, automate


@click.command()
@click.option("--api", type=APIS, help="Only this vendor's.")
@click.option("--path", default="", help="Only paths that contain this text.")
@click.option("--method", default="", help="Only this HTTP method.")
@SPEC
def routes(api: str | None, path: str, method: str, spec: tuple[str, ...]) -> None:
    """List every emulated operation and how its behaviour is known."""
    rows = [
        (each.name, route.method, route.template, route.evidence)
        for each in _vendors(spec)
        for route in each.routes.all
        if api in {None, each.name}
        and path.casefold() in route.template.casefold()
        and method.upper() in {"", route.method}
    ]
    wide = max((len(row[2]) for row in rows), default=0)
    for name, verb, template, evidence in rows:
        click.echo(f"{name:<8}  {verb:<6}  {template:<{wide}}  {evidence}")


@click.command()
@click.argument("api", type=APIS)
@click.option("--profile", type=click.Choice(["documented", "observed"]), default="documented")
@click.option(
    "--base", default="", help="URL before the vendor's prefix, e.g. http://127.0.0.1:8080."
)
@SPEC
def openapi(api: str, profile: str, base: str, spec: tuple[str, ...]) -> None:
    """Print the OpenAPI 3.1 document of what is emulated."""
    import orjson

    psa, automate = _vendors(spec)
    vendor = psa if api == "psa" else automate
    document = vendor.described(vendor.profiles[profile], base)
    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--out", metavar="FOLDER", type=click.Path(), help="Write the data files here.")
def catalogue(files: tuple[str, ...], out: str | None) -> None:
    """Compile API descriptions into compact facts, and tell what is in them.

    The first description gives the surface; a further one adds what is new in it and wins where
    both speak. `cwmock serve --spec FILE` serves what a description tells of.
    """
    import orjson

    from mockserver.core.compiler import compiled
    from mockserver.core.compiling.reading import BadDescription, read

    try:
        pages = compiled([read(Path(each)) for each in files], {}, {})
    except BadDescription as error:
        raise Complaint(str(error)) from error
    except ValueError as error:
        raise Complaint(f"{', '.join(files)}: {error}") from error
    if out is not None:
        _write(Path(out), pages)
    index = orjson.loads(pages["index"])
    modules = {name: orjson.loads(pages[name])["operations"] for name in index["modules"]}
    for name, operations in modules.items():
        click.echo(f"{name}: {len(operations)} operations")
    total = sum(map(len, modules.values()))
    told = f"{total} operations, {len(index['collections'])} collections"
    click.echo(f"{told}, {len(index['models'])} models")


def _write(folder: Path, pages: dict[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in pages.items():
            (folder / f"{name}.json").write_bytes(page)
    except OSError as error:
        raise Complaint(f"cannot write {folder}: {error.strerror or error}") from error
