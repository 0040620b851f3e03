"""Where seeded rows come from: the shipped default world, or the builder for any other.

The default world ships as one file of JSON lines per collection, each line a record as it is
stored. Its instants are those of a day long gone (the anchor); they are shifted by whole days when
the file is read, so that "yesterday" finds rows. What lies before ``HISTORY_END`` stays where it
is: the guides ask for January 2024 by name.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import orjson

from mockserver.core.clock import Clock
from mockserver.core.plan import Plan
from mockserver.core.registry import Registry
from mockserver.core.rows import row_of
from mockserver.core.rules import Shape
from mockserver.core.schema import Kind, Resource
from mockserver.core.seeds import Row
from mockserver.core.statements import Page
from mockserver.core.store import Store
from mockserver.fixtures.instants import ANCHOR, HISTORY_END
from mockserver.fixtures.scale import Scale
from mockserver.sowing import ENTRIES_MAX, Field
from mockserver.vendors import registry_and_shapes

INSTANT = re.compile(rb'"(\d{4}-\d\d-\d\d)(?=T\d\d:\d\d:\d\dZ")')
DEFAULT_SEED, DEFAULT_SIZE = 42, "default"
FOLDER = "default"
TICKETS_IN_MEMORY = 20_000
#: Says which Faker made a world: another version may choose other names for the same seed.
MADE_BY = "MADE_BY.json"


class Worlds:
    """Supplies the seeded rows of worlds; implements ``core.world.Supplier``."""

    anchor = ANCHOR

    def seeds(
        self, plan: Plan, registry: Registry, shapes: Mapping[str, Shape]
    ) -> "Shipped | Built":
        """Return the rows of the world that *plan* asks for."""
        today = ANCHOR if plan.frozen else Clock().now()
        days = (today.date() - ANCHOR.date()).days
        shifted = shifter(days)
        if (plan.seed, plan.size) == (DEFAULT_SEED, DEFAULT_SIZE):
            return Shipped(plan.seed, shifted, registry, shapes)
        return Built((plan.seed, scale_of(plan.size)), days, registry, shapes)


def scale_of(size: str) -> Scale:
    """Return the scale that a size names; ValueError when it names none."""
    if size.isascii() and size.isdigit():
        return Scale.of(int(size))
    try:
        return Scale.named(size)
    except KeyError:
        raise ValueError("size must be tiny, default, large or a number of tickets") from None


def shifter(days: int) -> Callable[[bytes], bytes]:
    """Return a function that moves every instant in a JSON text by *days*, but not history."""

    @cache
    def moved(text: bytes) -> bytes:
        day = date.fromisoformat(text.decode())
        if day > HISTORY_END:
            day += timedelta(days=days)
        return b'"' + day.isoformat().encode()

    if days == 0:
        return lambda text: text
    return lambda text: INSTANT.sub(lambda found: moved(found[1]), text)


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
    """The default world, read from the package, one collection at a time; the rest is sown."""

    lazy, scratch = True, None

    def __init__(
        self,
        seed: int,
        shifted: Callable[[bytes], bytes],
        registry: Registry,
        shapes: Mapping[str, Shape],
    ) -> None:
        self._shifted, self._shapes, self._files = shifted, shapes, shipped_files()
        self._field = Field(seed, shifted, registry, shapes, self._made)

    def has(self, resource: Resource) -> bool:
        """Tell whether the world has rows of *resource*."""
        return resource.table in self._files or self._field.has(resource)

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


def shipped_files() -> Mapping[str, Traversable]:
    """Return the files of the shipped world by the table that each fills."""
    folder = files("mockserver.fixtures").joinpath(FOLDER)
    found = folder.iterdir() if folder.is_dir() else ()
    return {each.name.removesuffix(".jsonl"): each for each in found}


class Built:
    """A world of another seed or size, built record by record into a store."""

    lazy = False

    def __init__(
        self,
        made_of: tuple[int, Scale],
        days: int,
        registry: Registry,
        shapes: Mapping[str, Shape],
    ) -> None:
        self._seed, self._scale = seed, scale = made_of
        shifted = self._shifted = shifter(days)
        self._unshifted = shifter(-days)
        self._registry, self._shapes = registry, shapes
        # A temporary file: the template of a large world is only read at a reset.
        self.scratch = "" if scale.tickets > TICKETS_IN_MEMORY else None

        self._field = Field(seed, shifted, registry, shapes, self._made)
        self._hand_made = frozenset(shipped_files())
        self._store: Store | None = None
        self.filled: set[str] = set()

    def has(self, resource: Resource) -> bool:
        """Tell whether rows are still to come: what the builder makes is in the store already."""
        return resource.table not in self._hand_made and self._field.has(resource)

    def rows(self, resource: Resource) -> Iterable[Row]:
        """Yield the sown rows of *resource*; those of the builder are in the store already."""
        return () if resource.table in self._hand_made else self._field.rows(resource)

    def _made(self, resource: Resource) -> Iterable[tuple[Any, int | None]] | None:
        if resource.table not in self._hand_made:
            return None
        assert self._store is not None
        bodies = self._store.bodies(resource, Page(resource.views[0], size=ENTRIES_MAX))
        records = (orjson.loads(self._unshifted(body)) for body in bodies)
        return ((record, parent_id(resource, record)) for record in records)

    def fill(self, store: Store) -> None:
        """Build the world into *store*."""
        from mockserver.core.records import Records  # noqa: PLC0415
        from mockserver.fixtures.builder import build  # noqa: PLC0415

        self._store = store
        clock = Clock(ANCHOR, frozen=True)
        records = {name: Records(store, shape, clock) for name, shape in self._shapes.items()}
        with store.transaction():
            for path, record in build(self._seed, self._scale):
                self._keep(records, path, record)
            store.number_on()

    def _keep(self, records: Mapping[str, Any], path: str, record: Row) -> None:
        if path not in self._registry.served:
            return
        resource = self._registry.resource(path)
        self.filled.add(path)
        vendor = "automate" if path.startswith("automate:") else "psa"
        shifted = orjson.loads(self._shifted(orjson.dumps(record)))
        shifted = records[vendor].written_out(resource, shifted)
        records[vendor].save(resource, shifted, new=True, parent=parent_id(resource, shifted))


def export(folder: Path, seed: int = DEFAULT_SEED, size: str = DEFAULT_SIZE) -> None:
    """Write a built world, unshifted, as the files that ``Shipped`` reads."""
    registry, shapes = registry_and_shapes()
    built = Built((seed, scale_of(size)), 0, registry, shapes)
    store = Store(registry, built)
    built.fill(store)
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(built.filled):
        resource = registry.resource(path)
        bodies = store.bodies(resource, Page(resource.views[0]))
        text = b"".join(body + b"\n" for body in bodies)
        folder.joinpath(f"{resource.table}.jsonl").write_bytes(text)
    folder.joinpath(MADE_BY).write_text(f'{{"faker": "{metadata.version("faker")}"}}\n')


if __name__ == "__main__":
    export(Path(sys.argv[1]))
