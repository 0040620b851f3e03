"""Data files: facts split by module, one line an entry, the same bytes for the same facts."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from mockserver.core.compiling.models import Facts, mentioned, model_of, packed

Row = tuple[Any, ...]


def homes(facts: Facts, rows: Mapping[str, Iterable[Row]]) -> dict[str, str]:
    """Return by model the file that holds it.

    A model that one module uses, directly or through others, lies with that module; one that
    several use is `shared`; one that no operation reaches is `unused`.
    """
    users: dict[str, set[str]] = {}
    for module, operations in rows.items():
        for model in reached(facts, operations):
            users.setdefault(model, set()).add(module)
    return {name: _home(users.get(name, set())) for name in sorted(facts)}


def reached(facts: Facts, rows: Iterable[Row]) -> set[str]:
    """Return the models that operations mention, directly or through others."""
    waiting = {model for row in rows for kind in row[5:7] if (model := model_of(kind))}
    seen: set[str] = set()
    while waiting:
        model = waiting.pop()
        seen.add(model)
        waiting |= mentioned(facts[model]) - seen
    return seen


def written(
    facts: Facts, rows: Mapping[str, list[Row]], index: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the content of every data file by name, the index included."""
    places = homes(facts, rows)
    pages: dict[str, bytes] = {
        "index": _page({**index, "modules": sorted(rows), "models": places}),
    }
    for name in sorted({*rows, *places.values()}):
        held = {model: packed(facts[model]) for model, place in places.items() if place == name}
        pages[name] = _page({**interned(rows.get(name, [])), "models": held})
    return pages


def _home(users: set[str]) -> str:
    if not users:
        return "unused"
    return next(iter(users)) if len(users) == 1 else "shared"


def interned(rows: list[Row], known: Iterable[Any] = ()) -> dict[str, list[Any]]:
    """Return operations whose parameters are numbers of sets that many of them share.

    The sets begin with those that are *known*.
    """
    sets: dict[Row, int] = {_frozen(each): number for number, each in enumerate(known)}
    operations = [
        [*row[:8], sets.setdefault(row[8], len(sets)), row[9]] for row in sorted(rows, key=_order)
    ]
    return {"parameters": [list(each) for each in sets], "operations": operations}


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _order(row: Row) -> tuple[str, str]:
    return (str(row[1]).casefold(), str(row[0]))


def _page(content: Mapping[str, Any]) -> bytes:
    """Return JSON with one entry a line: small, and a change shows as the lines it touches."""
    parts = [orjson.dumps(key) + b":" + _lines(value) for key, value in content.items()]
    return b"{\n" + b",\n".join(parts) + b"\n}\n"


def _lines(value: Any) -> bytes:
    if isinstance(value, dict) and value:
        rows = [orjson.dumps(key) + b":" + orjson.dumps(each) for key, each in value.items()]
        return b"{\n" + b",\n".join(rows) + b"\n}"
    if isinstance(value, list) and value:
        return b"[\n" + b",\n".join(orjson.dumps(each) for each in value) + b"\n]"
    return orjson.dumps(value)
