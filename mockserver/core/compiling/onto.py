"""Lay further descriptions on top of a compiled catalogue: what is new in them is served too."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mockserver.core.compiler import Compiled, Known, collections_of, rows_of
from mockserver.core.compiling.description import Described, Document, operations
from mockserver.core.compiling.files import Row, interned
from mockserver.core.compiling.models import Facts, model_facts, overridden, packed
from mockserver.core.compiling.reading import BadDescription
from mockserver.core.compiling.relations import targets
from mockserver.core.compiling.surface import Rules, Surface, surveyed

#: The data file that holds the described models.
PAGE = ".described"
Read = Callable[[str], Any]


def laid_on(read: Read, documents: Sequence[Document], known: Known) -> dict[str, Any]:
    """Return by name the data files that descriptions change in a catalogue.

    What the catalogue has stays: its operations, and the types of its models' fields. New are
    operations, collections, models, further fields, and what a description says of a known field
    besides its type.

    Args:
        read: Reads one of the catalogue's data files.
        documents: Descriptions that ``reading.usable`` has returned.
        known: What is written by hand of the vendor.

    Raises:
        BadDescription: A path lists two models.
    """
    index = read("index")
    told = _new(read, index, documents)
    facts: Facts = {}
    for document in documents:
        facts = overridden(facts, model_facts(document))
    try:
        surface = surveyed(told, _rules(known), _surface(index, known))
    except ValueError as error:
        raise BadDescription(str(error)) from error
    points = {**targets(facts, surface, known.targets, ()), **index["targets"]}
    merged = {name: _merged(read, index, name, fields) for name, fields in facts.items()}
    whole = Compiled(merged, told, surface, points)
    there = {path.casefold() for path in index["collections"]}
    collections = collections_of(whole, known.overlay, there)
    _number_keys(merged, collections)
    return _pages(read, index, whole, collections)


def _new(read: Read, index: Mapping[str, Any], documents: Iterable[Document]) -> list[Described]:
    """Return the described operations that the catalogue has not, the last telling of each."""
    there = {
        _identity(row[0], row[1]) for name in index["modules"] for row in read(name)["operations"]
    }
    told = {
        _identity(each.method, each.template): each
        for document in documents
        for each in operations(document, {}, str(document["info"]["version"]))
    }
    return [each for identity, each in told.items() if identity not in there]


def _identity(method: str, template: str) -> tuple[str, str]:
    return method, re.sub(r"\{[^}]*\}", "{}", template.strip("/").casefold())


def _rules(known: Known) -> Rules:
    return Rules(known.overlay.get("homes", {}), known.overlay.get("prefixes", {}))


def _surface(index: Mapping[str, Any], known: Known) -> Surface:
    """Return the collections that the catalogue has."""
    rows = {path.casefold(): (path, *row) for path, row in index["collections"].items()}
    return Surface(
        _rules(known),
        paths={key: row[0] for key, row in rows.items()},
        sections={key: row[1] for key, row in rows.items()},
        models={key: row[2] for key, row in rows.items()},
    )


def _merged(
    read: Read, index: Mapping[str, Any], name: str, fields: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return a described model; what the catalogue has of it keeps its types."""
    page = index["models"].get(name)
    held = read(page)["models"][name] if page else {}
    kept = {n: {"is": f} if isinstance(f, str) else f for n, f in held.items()}
    known = {n: {**f, **fields.get(n, {}), "is": f["is"]} for n, f in kept.items()}
    return {**known, **{n: dict(f) for n, f in fields.items() if n not in kept}}


def _number_keys(facts: Facts, collections: Mapping[str, Row]) -> None:
    """Let new collections have whole numbers for ids: there are no others here."""
    for _module, model, _parent, _field, key in collections.values():
        if key is not None and key in facts.get(model, {}):
            facts[model][key] = {**facts[model][key], "is": "integer"}


def _pages(
    read: Read, index: Mapping[str, Any], whole: Compiled, collections: Mapping[str, Row]
) -> dict[str, Any]:
    rows = rows_of(whole.told, whole.surface)
    held = {*index["modules"], "shared", "unused"}
    pages = {n: _page(read(n) if n in held else {}, each) for n, each in rows.items()}
    pages[PAGE] = {
        "parameters": [],
        "operations": [],
        "models": {name: packed(fields) for name, fields in whole.facts.items()},
    }
    pages["index"] = {
        **index,
        "modules": sorted({*index["modules"], *rows}),
        "models": {**index["models"], **dict.fromkeys(whole.facts, PAGE)},
        "targets": whole.points,
        "collections": dict(sorted({**index["collections"], **collections}.items())),
    }
    return pages


def _page(held: Mapping[str, Any], rows: list[Row]) -> dict[str, Any]:
    """Return a module's page with further operations."""
    added = interned(rows, held.get("parameters", ()))
    return {
        "parameters": added["parameters"],
        "operations": [*held.get("operations", ()), *added["operations"]],
        "models": held.get("models", {}),
    }
