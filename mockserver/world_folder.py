"""A world as a folder of files, one of JSON lines per collection, each line a record as stored.

The default world ships so, and others can be written so. The instants are those of a day long gone
(the anchor, or the day on which a server was asked for its state); they are shifted by whole days
when a file is read, so that "yesterday" finds rows. What lies before ``HISTORY_END`` stays where it
is: the guides ask for January 2024 by name.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import metadata
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from mockserver.core.bundle import FILE, BadFolder, File, Folder, unpacked
from mockserver.core.registry import Registry
from mockserver.core.rows import row_of
from mockserver.core.rules import Shape
from mockserver.core.schema import Resource
from mockserver.core.seeds import Row
from mockserver.core.store import Store
from mockserver.core.told import mover
from mockserver.fixtures.instants import ANCHOR, HISTORY_END
from mockserver.world_lines import are_rows, moved, record_of, row_of_line, shape_of
from mockserver.world_state import Stand

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


@dataclass(frozen=True)
class Told:
    """What the files of a world say.

    Attributes:
        files: By the table that each fills.
        recipe: What the world was made of.
        stand: How it stood.
    """

    files: Mapping[str, File]
    recipe: Recipe = field(default_factory=Recipe)
    stand: Stand = field(default_factory=Stand)

    @classmethod
    def of(cls, folder: Folder) -> "Told":
        """Return what the files in *folder* say, unchecked but for what they are made of.

        Raises:
            BadFolder: It is no folder, or its world was made of nothing that is known.
        """
        made_by = folder.joinpath(MADE_BY)
        if not folder.is_dir() or not made_by.is_file():
            raise BadFolder(f"{folder} is no folder with a {MADE_BY}: `cwmock world` writes one")
        try:
            document = orjson.loads(made_by.read_bytes())
            recipe = Recipe(int(document["seed"]), str(document["size"]))
        except (ValueError, KeyError, TypeError):
            raise BadFolder(f"{made_by} does not say seed and size") from None
        return cls(files_in(folder), recipe, Stand.of(folder))


def shipped_files() -> Mapping[str, File]:
    """Return the files of the shipped world by the table that each fills."""
    return files_in(files("mockserver.fixtures").joinpath(FOLDER))


def files_in(folder: Folder) -> Mapping[str, File]:
    """Return the files of a world by the table that each fills."""
    found = sorted(folder.iterdir(), key=attrgetter("name")) if folder.is_dir() else ()
    lines = (each for each in found if each.name.endswith(ENDING))
    return {each.name.removesuffix(ENDING): each for each in lines}


def shifter(days: int, since: date | None = None) -> Callable[[bytes], bytes]:
    """Return a function that moves every instant in a JSON text by *days*, but not history.

    Deadlines in words and the times in links to pictures move with them.

    Args:
        days: By how many.
        since: A day near those in the texts; the anchor's, or where that was moved to.
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
    near = since or ANCHOR.date() - timedelta(days=min(days, 0))
    in_words = mover(days, near, HISTORY_END)

    def shifted(text: bytes) -> bytes:
        text = INSTANT.sub(lambda found: b'"' + moved(found[1]), text)
        return in_words(PICTURED.sub(lambda found: found[1] + moved(found[2]), text))

    return shifted


class Shipped:
    """A world in a folder, read one collection at a time; collections without a file are sown.

    Args:
        told: What its files say.
        days: By how many the instants in them are moved.
        registry: The declared resources.
        shapes: How each vendor's records look.
    """

    lazy, scratch = True, None

    def __init__(
        self, told: Told, days: int, registry: Registry, shapes: Mapping[str, Shape]
    ) -> None:
        self._told, self._days = told, days
        self._shifted = shifter(days, told.stand.day)
        self._registry, self._shapes = registry, shapes

    @cached_property
    def _field(self) -> "Field":
        # The recipes take a twentieth of a start: who asks for what ships does not wait for them.
        from mockserver.sowing import Field  # noqa: PLC0415

        sown = shifter(self._days + self._days_of_files)
        return Field(self._told.recipe.seed, sown, self._registry, self._shapes, self._made)

    @property
    def _days_of_files(self) -> int:
        """Return by how many days the files are away from the anchor, where sowing begins."""
        return (self._told.stand.day - ANCHOR.date()).days

    def has(self, resource: Resource) -> bool:
        """Tell whether the world has rows of *resource*."""
        if resource.table in self._told.files:
            return True
        return resource.path in self._registry.served and self._field.has(resource)

    def last(self, resource: Resource) -> int:
        """Return the last id that was given out in *resource*, if that is known."""
        return self._told.stand.ids.get(resource.table, 0)

    def fill(self, store: Store) -> None:
        """Do nothing: rows are read when somebody wants them."""

    def rows(self, resource: Resource) -> Iterator[Row]:
        """Yield the rows of *resource*, in id order."""
        if resource.table not in self._told.files:
            yield from self._field.rows(resource)
            return
        shape = shape_of(self._shapes, resource)
        for line in self.text(resource.table).splitlines():
            if are_rows(resource):
                yield row_of_line(resource, line)
                continue
            told = record_of(resource, line)
            views = shape.views(resource, told.record, told.body)
            row = row_of(resource, told.record, views, told.above)
            if told.number != row["id"]:  # which one it shows is seen by conditions only
                row |= dict.fromkeys((each.name for each in resource.virtual), row["id"])
            yield row | {"id": told.number}

    def text(self, table: str) -> bytes:
        """Return the file that fills a table, its instants moved."""
        return moved(table, self._shifted(self._told.files[table].read_bytes()), self._days)

    def _made(self, resource: Resource) -> Iterable[tuple[Any, int | None]] | None:
        if resource.table not in self._told.files or are_rows(resource):
            return None
        unmoved = shifter(-self._days_of_files, self._told.stand.day)
        lines = unmoved(self._told.files[resource.table].read_bytes()).splitlines()
        found = (record_of(resource, line) for line in lines)
        return ((told.record, told.above) for told in found)


def refuse_unless_world(folder: Path) -> None:
    """Refuse to write where something else lies.

    Raises:
        FileExistsError: The folder is not empty and holds no world.
    """
    if folder.is_dir() and any(folder.iterdir()) and not folder.joinpath(MADE_BY).is_file():
        raise FileExistsError(f"{folder} is not empty and holds no world")


def replace_world(folder: Path, archive: bytes) -> Path:
    """Write the files of a zip to *folder*, in the place of a world that lies there; return it.

    Raises:
        BadFolder: The zip holds none.
        FileExistsError: The folder holds something else.
        OSError: It cannot be written.
    """
    found = unpacked(archive)
    refuse_unless_world(folder)
    clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in found.files.items():
        folder.joinpath(name).write_bytes(text)
    return folder


def clear(folder: Path) -> None:
    """Remove the files of a world, and no others."""
    for file in folder.glob("*.json*"):
        if FILE.fullmatch(file.name):
            file.unlink()
