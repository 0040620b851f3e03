"""Compile a vendor's API descriptions into the catalogue's compact facts.

    python -m mockserver.core.compiler psa DESCRIPTION [NEWER ...] --out FOLDER

The first description gives the surface; each further one adds what is new in it and wins where
both speak. What a vendor's own page gets wrong or leaves out stands in two hand-written files
beside the data: `overlay.json` (corrections, each with its source) and `targets.json` (which
collection a reference model points into).
"""

import argparse
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

import orjson

from mockserver.core.compiling.description import Described, Document, operations
from mockserver.core.compiling.files import Row, written
from mockserver.core.compiling.models import Facts, corrected, model_facts, overridden
from mockserver.core.compiling.relations import key_field, parent_field, parent_paths, targets
from mockserver.core.compiling.surface import Rules, Surface, classified, surveyed


@dataclass(frozen=True)
class Known:
    """What is written by hand of a vendor, beside the data files."""

    overlay: Mapping[str, Any]
    targets: Mapping[str, str | None]

    @classmethod
    def of(cls, vendor: str) -> Self:
        """Return what ships with the package."""
        return cls(handwritten(vendor, "overlay"), handwritten(vendor, "targets"))


@dataclass(frozen=True)
class Compiled:
    """Everything known about an API, before it is written."""

    facts: Facts
    told: list[Described]
    surface: Surface
    points: dict[str, str | None]


def compiled(
    documents: Sequence[Document], overlay: Mapping[str, Any], known: Mapping[str, str | None]
) -> dict[str, bytes]:
    """Return the data files, by name, that descriptions and corrections make."""
    facts: Facts = {}
    for document in documents:
        facts = overridden(facts, model_facts(document))
    facts = corrected(facts, overlay.get("fields", ()))
    told = _told(documents, overlay)
    rules = Rules(overlay.get("homes", {}), overlay.get("prefixes", {}))
    surface = surveyed(told, rules)
    surface.models.update({path.casefold(): m for path, m in overlay.get("models", {}).items()})
    points = targets(facts, surface, known, overlay.get("objects", ()))
    whole = Compiled(facts, told, surface, points)
    index = {
        "depth": overlay.get("depth", 2),
        "virtual": overlay.get("virtual", []),
        "targets": dict(sorted(points.items())),
        "collections": collections_of(whole, overlay),
    }
    return written(facts, rows_of(told, surface), index)


def main(arguments: Sequence[str] | None = None) -> None:
    """Regenerate a vendor's data files from descriptions."""
    parser = argparse.ArgumentParser(prog="python -m mockserver.core.compiler")
    parser.add_argument("vendor", choices=("psa", "automate"))
    parser.add_argument("descriptions", nargs="+", type=Path)
    parser.add_argument("--out", required=True, type=Path)
    options = parser.parse_args(arguments)
    documents = [orjson.loads(path.read_bytes()) for path in options.descriptions]
    known = Known.of(options.vendor)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, page in compiled(documents, known.overlay, known.targets).items():
        (options.out / f"{name}.json").write_bytes(page)


def handwritten(vendor: str, name: str) -> Mapping[str, Any]:
    """Return one of the hand-written files that ship beside a vendor's data."""
    page = files(f"mockserver.{vendor}").joinpath("catalogue", f"{name}.json")
    content: Mapping[str, Any] = orjson.loads(page.read_bytes())
    return content


def _told(documents: Sequence[Document], overlay: Mapping[str, Any]) -> list[Described]:
    """Return all operations, the first telling of each; answers corrected where need be."""
    templates, found = overlay.get("templates", {}), dict[tuple[str, str], Described]()
    for number, document in enumerate(documents):
        origin = str(document["info"]["version"]) if number else ""
        for each in operations(document, templates, origin):
            found.setdefault(_identity(each), each)
    for each in _added(found.values(), overlay):
        found.setdefault(_identity(each), each)
    answers = overlay.get("answers", {})
    return [_answering(each, answers) for each in found.values()]


def _identity(told: Described) -> tuple[str, str]:
    return told.method, told.template.rstrip("/").casefold()


def _added(told: Iterable[Described], overlay: Mapping[str, Any]) -> list[Described]:
    """Return the operations that descriptions omit; reads take the options of a known read."""
    options = next((t.parameters for t in told if t.template == overlay.get("options")), ())
    added: list[Described] = []
    for method, template, section, body, answer, status, source in overlay.get("operations", ()):
        bare = Described(method, template, section, body, answer, status, origin=source)
        added.append(replace(bare, parameters=options) if method == "GET" else bare)
    return added


def _answering(told: Described, answers: Mapping[str, Sequence[str]]) -> Described:
    meant = answers.get(f"{told.method} {told.template}")
    return replace(told, answer=meant[0]) if meant else told


def rows_of(told: Iterable[Described], surface: Surface) -> dict[str, list[Row]]:
    """Return the operations by module as the data files hold them."""
    rows: dict[str, list[Row]] = {}
    for each in told:
        kind, resource, parents = classified(each, surface)
        names = ("consumes", "produces", "text_ids", "origin")
        more = {name: getattr(each, name) for name in names if getattr(each, name)}
        place: Row = (each.method, each.template, kind, resource, parents)
        types: Row = (each.body, each.answer, each.status, each.parameters, more)
        rows.setdefault(each.section, []).append(place + types)
    return rows


def collections_of(
    whole: Compiled, overlay: Mapping[str, Any], there: Container[str] = ()
) -> dict[str, Row]:
    """Return by path the module, model, parent's path, parent's field and key of a collection.

    Those whose casefolded path is *there* already are left out.
    """
    above = parent_paths(whole.told, whole.surface)
    known, keys = overlay.get("parents", {}), overlay.get("keys", {})
    found: dict[str, Row] = {}
    for key, path in sorted(whole.surface.paths.items()):
        if key in there:
            continue
        name = whole.surface.models[key]
        model, parent = whole.facts[name], above.get(key)
        field = parent_field(model, parent, whole.points) if parent else None
        parent, field = known.get(path, (parent, field))
        identified = keys.get(path) or key_field(model, path, name)
        found[path] = (whole.surface.sections[key], name, parent, field, identified)
    return found


if __name__ == "__main__":
    main()
