"""A world as a folder of files, one of JSON lines per collection, each line a record as stored.

The default world ships so, and others can be written so. The instants are those of a day long gone
(the anchor); they are shifted by whole days when a file is read, so that "yesterday" finds rows.
What lies before ``HISTORY_END`` stays where it is: the guides ask for January 2024 by name.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import orjson

from mockserver.core.registry import Registry
from mockserver.core.rows import row_of
from mockserver.core.rules import Shape
from mockserver.core.schema import Kind, Resource
from mockserver.core.seeds import Row
from mockserver.core.statements import Page
from mockserver.core.store import Store
from mockserver.core.told import mover
from mockserver.fixtures.instants import ANCHOR, HISTORY_END

if TYPE_CHECKING:
    from mockserver.sowing import Field

INSTANT = re.compile(rb'"(\d{4}-\d\d-\d\d)(?=T\d\d:\d\d:\d\dZ")')
#: In links to pictures (psa facts 10.22).
PICTURED = re.compile(rb'(image\?l(?:m|astModified)=)(\d{4}-\d\d-\d\d)(?=T\d\d:\d\d:\d\dZ")')
FOLDER = "default"
ENDING = ".jsonl"
DEFAULT_SEED, DEFAULT_SIZE = 42, "default"
#: Says what a world was made of. Another version of Faker may choose other names.
MADE_BY = "MADE_BY.json"


class BadFolder(ValueError):
    """A folder is no world; the message says what is wrong with it."""


@dataclass(frozen=True)
class Recipe:
    """What a world was made of: collections that have no file are sown from the same.

    Attributes:
        seed: The number that it replays from.
        size: The size, or the number of tickets.
    """

    seed: int = DEFAULT_SEED
    size: str = DEFAULT_SIZE

    @property
    def text(self) -> bytes:
        """Return the file that says so."""
        made = {"faker": metadata.version("faker"), "seed": self.seed, "size": self.size}
        return orjson.dumps(made) + b"\n"


def shipped_files() -> Mapping[str, Traversable]:
    """Return the files of the shipped world by the table that each fills."""
    return files_in(files("mockserver.fixtures").joinpath(FOLDER))


def files_in(folder: Traversable) -> Mapping[str, Traversable]:
    """Return the files of a world by the table that each fills."""
    found = folder.iterdir() if folder.is_dir() else ()
    lines = (each for each in found if each.name.endswith(ENDING))
    return {each.name.removesuffix(ENDING): each for each in lines}


def recipe_of(folder: Traversable, registry: Registry) -> Recipe:
    """Return what the world in *folder* was made of, once all of it can be read.

    Raises:
        BadFolder: It is no folder, is of no world, or holds what is no collection or record.
    """
    made_by = folder.joinpath(MADE_BY)
    if not folder.is_dir() or not made_by.is_file():
        raise BadFolder(f"{folder} is no folder with a {MADE_BY}: `cwmock world` writes one")
    try:
        document = orjson.loads(made_by.read_bytes())
        recipe = Recipe(int(document["seed"]), str(document["size"]))
    except (ValueError, KeyError, TypeError):
        raise BadFolder(f"{made_by} does not say seed and size") from None
    known = {registry.resource(path).table: path for path in registry.served}
    for table, file in files_in(folder).items():
        if table not in known:
            raise BadFolder(f"{file} is named after no collection")
        _check_lines(file, registry.resource(known[table]).key)
    return recipe


def _check_lines(file: Traversable, key: str) -> None:
    last = 0
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            record = orjson.loads(line)
        except ValueError as error:
            raise BadFolder(f"{file}, line {number}, is no JSON: {error}") from None
        record_id = record.get(key) if isinstance(record, dict) else None
        if type(record_id) is not int or record_id <= last:
            raise BadFolder(f"{file}, line {number}, has no {key} above {last}")
        last = record_id


def files_of(
    store: Store, registry: Registry, paths: Iterable[str], unshifted: Callable[[bytes], bytes]
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and text of the file of each collection that has rows.

    What is no whole record is not in: the lines of the audit trail, which show no id.
    """
    for path in sorted(paths):
        resource = registry.resource(path)
        if store.is_filled(resource):
            bodies = store.bodies(resource, Page(resource.views[0]))
            whole = (body + b"\n" for body in bodies if resource.key in orjson.loads(body))
            yield f"{resource.table}{ENDING}", unshifted(b"".join(whole))


def shifter(days: int) -> Callable[[bytes], bytes]:
    """Return a function that moves every instant in a JSON text by *days*, but not history.

    Deadlines in words and the times in links to pictures move with them.
    """

    @cache
    def moved(text: bytes) -> bytes:
        day = date.fromisoformat(text.decode())
        if day > HISTORY_END:
            day += timedelta(days=days)
        return day.isoformat().encode()

    if days == 0:
        return lambda text: text
    # A world is moved away from its anchor, and back to it.
    in_words = mover(days, ANCHOR.date() - timedelta(days=min(days, 0)), HISTORY_END)

    def shifted(text: bytes) -> bytes:
        text = INSTANT.sub(lambda found: b'"' + moved(found[1]), text)
        return in_words(PICTURED.sub(lambda found: found[1] + moved(found[2]), text))

    return shifted


def shape_of(shapes: Mapping[str, Shape], resource: Resource) -> Shape:
    """Return the shape of the vendor that *resource* belongs to."""
    return shapes["automate" if resource.path.startswith("automate:") else "psa"]


def parent_id(resource: Resource, record: Row) -> int | None:
    """Return the id of the parent that a child record names."""
    if resource.parent is None:
        return None
    declared = resource.members[resource.parent.casefold()]
    value = record.get(declared.name)
    if declared.kind is Kind.INTEGER:
        return value
    return value[declared.id_member] if value else None


class Shipped:
    """A world in a folder, read one collection at a time; collections without a file are sown."""

    lazy, scratch = True, None

    def __init__(
        self,
        seed: int,
        shifted: Callable[[bytes], bytes],
        registry: Registry,
        shapes: Mapping[str, Shape],
        folder: Traversable | None = None,
    ) -> None:
        self._shifted, self._shapes = shifted, shapes
        self._files = shipped_files() if folder is None else files_in(folder)
        self._seed, self._registry = seed, registry

    @cached_property
    def _field(self) -> "Field":
        # The recipes take a twentieth of a start: who asks for what ships does not wait for them.
        from mockserver.sowing import Field  # noqa: PLC0415

        return Field(self._seed, self._shifted, self._registry, self._shapes, self._made)

    def has(self, resource: Resource) -> bool:
        """Tell whether the world has rows of *resource*."""
        if resource.table in self._files:
            return True
        return resource.path in self._registry.served and self._field.has(resource)

    def fill(self, store: Store) -> None:
        """Do nothing: rows are read when somebody wants them."""

    def rows(self, resource: Resource) -> Iterator[Row]:
        """Yield the rows of *resource*, in id order."""
        if resource.table not in self._files:
            yield from self._field.rows(resource)
            return
        shape = shape_of(self._shapes, resource)
        for line in self._lines(resource):
            record = orjson.loads(line)
            views = shape.views(resource, record, line)
            yield row_of(resource, record, views, parent_id(resource, record))

    def _lines(self, resource: Resource) -> list[bytes]:
        return self._shifted(self._files[resource.table].read_bytes()).splitlines()

    def _made(self, resource: Resource) -> Iterable[tuple[Any, int | None]] | None:
        if resource.table not in self._files:
            return None
        records = map(orjson.loads, self._files[resource.table].read_bytes().splitlines())
        return ((record, parent_id(resource, record)) for record in records)
