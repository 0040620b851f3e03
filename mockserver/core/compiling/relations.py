"""Relations: what references point into, and how children name their parents."""

import re
from collections.abc import Collection, Iterable, Mapping

from mockserver.core.compiling.description import Described
from mockserver.core.compiling.models import Facts
from mockserver.core.compiling.surface import Surface

_PLURALS = (("sses", "ss"), ("ies", "y"), ("uses", "us"), ("xes", "x"), ("s", ""))


def singular(word: str) -> str:
    """Return the singular of a path's last word, well enough for the vendors' words."""
    for ending, bare in _PLURALS:
        if word.casefold().endswith(ending):
            return word[: -len(ending)] + bare
    return word


def targets(
    facts: Facts, surface: Surface, known: Mapping[str, str | None], objects: Collection[str]
) -> dict[str, str | None]:
    """Return by reference model the collection it points into, None where nobody knows.

    By convention the collection's model is named like the reference without its last word;
    `known` holds what the convention does not tell or tells wrongly, `objects` the models that
    are references by name only.

    Raises:
        ValueError: A known target is no collection.
    """
    by_model: dict[str, list[str]] = {}
    for key, model in surface.models.items():
        by_model.setdefault(model, []).append(surface.paths[key])
    strays = {path for path in known.values() if path and path.casefold() not in surface.paths}
    if strays:
        raise ValueError(f"targets that are no collections: {sorted(strays)}")
    found: dict[str, str | None] = {}
    for name in facts:
        if name.endswith("Reference") and "id" in facts[name] and name not in objects:
            paths = by_model.get(name.removesuffix("Reference"), [])
            found[name] = paths[0] if len(paths) == 1 else None
    return {**found, **{name: path for name, path in known.items() if name in facts}}


def parent_paths(told: Iterable[Described], surface: Surface) -> dict[str, str]:
    """Return by casefolded path of a child collection the path of its parent's collection."""
    found: dict[str, str] = {}
    for each in told:
        near, length = surface.nearest(each.literals)
        above = _above(each.segments)
        if near is None or length != len(each.literals) or not above:
            continue
        parent, named = surface.nearest(above)
        if parent and named == len(above) and parent != near:
            found.setdefault(near.casefold(), parent)
    return found


def parent_field(
    model: Mapping[str, Mapping[str, object]], parent: str, points: Mapping[str, str | None]
) -> str | None:
    """Return the field of a child's model that names its parent, or None."""
    word = singular(parent.rsplit("/", 1)[-1])
    pointing = [name for name, fact in model.items() if points.get(str(fact["is"])[1:]) == parent]
    ranked = sorted(pointing, key=lambda name: not word.casefold().endswith(name.casefold()))
    spelled = {name.casefold(): name for name in model}
    naming = {"integer", "long", *(f"@{name}" for name in points)}
    for wanted in (*ranked[:1], word, f"{word}Id", f"{_last_word(word)}Id", "parentId"):
        found = spelled.get(wanted.casefold())
        if found and str(model[found]["is"]) in naming:
            return found
    return None


def key_field(model: Mapping[str, Mapping[str, object]], path: str, name: str) -> str | None:
    """Return the field that identifies a record: `id`, or its kind's name with `Id`."""
    spelled = {each.casefold(): each for each in model}
    words = (singular(path.rsplit("/", 1)[-1]), name.rsplit(".", 1)[-1])
    for wanted in ("id", *(f"{word}id" for word in words), *(f"{_last_word(w)}id" for w in words)):
        if wanted.casefold() in spelled:
            return spelled[wanted.casefold()]
    return None


def _above(segments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the literals above the last id that has a literal after it."""
    body = segments[:-1] if segments[-1].startswith("{") else segments
    ids = [at for at, each in enumerate(body) if each.startswith("{")]
    above = body[: ids[-1]] if ids else ()
    return tuple(each for each in above if not each.startswith("{"))


def _last_word(name: str) -> str:
    return re.split(r"(?<=[a-z])(?=[A-Z])", name)[-1]
