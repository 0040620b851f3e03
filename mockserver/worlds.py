"""Where seeded rows come from: a folder, which may be the shipped one, or the builder."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from mockserver.core.clock import Clock
from mockserver.core.plan import Plan
from mockserver.core.registry import Registry
from mockserver.core.rules import Shape
from mockserver.core.schema import Resource
from mockserver.core.seeds import Row
from mockserver.core.statements import Page
from mockserver.core.store import Store
from mockserver.fixtures.instants import ANCHOR
from mockserver.fixtures.scale import Scale
from mockserver.vendors import registry_and_shapes
from mockserver.world_folder import (
    DEFAULT_SEED,
    DEFAULT_SIZE,
    ENDING,
    MADE_BY,
    Recipe,
    Shipped,
    files_in,
    files_of,
    parent_id,
    recipe_of,
    shifter,
    shipped_files,
)

TICKETS_IN_MEMORY = 5_000


class Worlds:
    """Supplies the seeded rows of worlds; implements ``core.world.Supplier``."""

    anchor = ANCHOR

    def seeds(
        self, plan: Plan, started: datetime, registry: Registry, shapes: Mapping[str, Shape]
    ) -> "Shipped | Built":
        """Return the rows of the world that *plan* asks for."""
        days = days_since_anchor(started)
        shifted = shifter(days)
        if plan.world is not None:
            recipe = recipe_of(plan.world, registry)
            return Shipped(recipe.seed, shifted, registry, shapes, plan.world)
        if (plan.seed, plan.size) == (DEFAULT_SEED, DEFAULT_SIZE):
            return Shipped(plan.seed, shifted, registry, shapes)
        return Built((plan.seed, scale_of(plan.size)), days, registry, shapes)

    def files(
        self, plan: Plan, started: datetime, store: Store, registry: Registry
    ) -> Iterator[tuple[str, bytes]]:
        """Yield name and text of the files that make this state a world to be served anew."""
        unshifted = shifter(-days_since_anchor(started))
        made = Recipe(plan.seed, plan.size)
        yield MADE_BY, (recipe_of(plan.world, registry) if plan.world else made).text
        found = dict(files_of(store, registry, registry.served, unshifted))
        is_default = (plan.seed, plan.size) == (DEFAULT_SEED, DEFAULT_SIZE)
        untouched = files_in(plan.world) if plan.world else shipped_files() if is_default else {}
        found = {f"{name}{ENDING}": f.read_bytes() for name, f in untouched.items()} | found
        yield from sorted(found.items())


def days_since_anchor(started: datetime) -> int:
    """Return by how many days the instants of a world are shifted that started then."""
    return (started.date() - ANCHOR.date()).days


def scale_of(size: str) -> Scale:
    """Return the scale that a size names; ValueError when it names none."""
    if size.isascii() and size.isdigit():
        return Scale.of(int(size))
    try:
        return Scale.named(size)
    except KeyError:
        raise ValueError("size must be tiny, default, large or a number of tickets") from None


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

        from mockserver.sowing import Field  # noqa: PLC0415 - the shipped world starts without

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
        from mockserver.sowing import ENTRIES_MAX  # noqa: PLC0415 - see above

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

    def _to_sown(self, resource: Resource) -> list[str]:
        """Return the names of the references to collections that the builder does not make."""
        targets = ((each.name, each.target) for each in resource.references)
        return [
            name
            for name, path in targets
            if path in self._registry.served
            and self._registry.resource(path).table not in self._hand_made
        ]

    def _keep(self, records: Mapping[str, Any], path: str, record: Row) -> None:
        if path not in self._registry.served:
            return
        resource = self._registry.resource(path)
        self.filled.add(path)
        vendor = "automate" if path.startswith("automate:") else "psa"
        shifted = orjson.loads(self._shifted(orjson.dumps(record)))
        # What is sown may depend on what is built: asked too early, it would lack that for ever.
        named = [name for name in self._to_sown(resource) if len(shifted.get(name, ())) > 1]
        early = {name: shifted.pop(name) for name in named}
        shifted = records[vendor].written_out(resource, shifted) | early
        records[vendor].save(resource, shifted, new=True, parent=parent_id(resource, shifted))


def export(folder: Path, seed: int = DEFAULT_SEED, size: str = DEFAULT_SIZE) -> None:
    """Write a built world, unshifted, as the files that ``Shipped`` reads.

    Raises:
        OSError: The folder cannot be written.
    """
    registry, shapes = registry_and_shapes()
    built = Built((seed, scale_of(size)), 0, registry, shapes)
    store = Store(registry, built, built.scratch)
    built.fill(store)
    files = files_of(store, registry, built.filled, lambda text: text)
    write(folder, [(MADE_BY, Recipe(seed, size).text), *files])


def write(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files into *folder*, which is made if need be.

    Raises:
        OSError: It cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files:
        folder.joinpath(name).write_bytes(text)


if __name__ == "__main__":
    export(Path(sys.argv[1]))
