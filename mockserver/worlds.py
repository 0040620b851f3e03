"""Where seeded rows come from: a folder, which may be the shipped one, or the builder."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from mockserver.core.bundle import Folder
from mockserver.core.clock import Clock
from mockserver.core.plan import Begins, Plan
from mockserver.core.registry import Registry
from mockserver.core.rules import Shape
from mockserver.core.schema import Resource
from mockserver.core.seeds import Row
from mockserver.core.statements import Page
from mockserver.core.store import Store
from mockserver.fixtures.instants import ANCHOR
from mockserver.fixtures.scale import Scale
from mockserver.vendors import registry_and_shapes
from mockserver.world_check import check
from mockserver.world_folder import (
    DEFAULT_SEED,
    DEFAULT_SIZE,
    ENDING,
    MADE_BY,
    Recipe,
    Shipped,
    Told,
    shifter,
    shipped_files,
)
from mockserver.world_lines import are_rows, lines_of, parent_id, resources_by_table
from mockserver.world_state import STATE, Stand

TICKETS_IN_MEMORY = 5_000


class Worlds:
    """Supplies the seeded rows of worlds; implements ``core.world.Supplier``."""

    def begins(self, folder: Folder | None) -> Begins:
        """Return how time stands at the beginning of the world in *folder*, or of a sown one."""
        if folder is None:
            return Begins(ANCHOR, DEFAULT_SEED)
        told = Told.of(folder)
        return Begins(told.stand.now or ANCHOR, told.recipe.seed, frozen=told.stand.frozen)

    def seeds(
        self, plan: Plan, started: datetime, registry: Registry, shapes: Mapping[str, Shape]
    ) -> "Shipped | Built":
        """Return the rows of the world that *plan* asks for."""
        found = told_of(plan)
        if plan.world is not None and found is not None:
            check(found.files, registry, shapes)
        if found is None:
            days = days_since_anchor(started)
            return Built((plan.seed, scale_of(plan.size)), days, registry, shapes)
        return Shipped(found, found.stand.days(started), registry, shapes)

    def files(
        self, plan: Plan, started: datetime, store: Store, clock: Clock
    ) -> Iterator[tuple[str, bytes]]:
        """Yield name and text of the files that make this state a world to be served anew."""
        registry = store.registry
        found = told_of(plan) or Told({}, Recipe(plan.seed, plan.size))
        days = found.stand.days(started)
        base = Shipped(found, days, registry, {})
        filled = dict(filled_files(store))
        texts = {table: base.text(table) for table in found.files if table not in filled} | filled
        kept = {name: last for name, last in found.stand.ids.items() if name not in filled}
        day = found.stand.day + timedelta(days=days)
        stand = Stand(day, clock.now(), clock.frozen, kept | ids_of(store, filled))
        yield MADE_BY, found.recipe.text
        yield STATE, stand.text
        yield from ((f"{table}{ENDING}", text) for table, text in sorted(texts.items()))


def told_of(plan: Plan) -> Told | None:
    """Return what the files say of the world that *plan* asks for; None when it has none."""
    if plan.world is not None:
        return Told.of(plan.world)
    if (plan.seed, plan.size) == (DEFAULT_SEED, DEFAULT_SIZE):
        return Told(shipped_files())
    return None


def filled_files(store: Store) -> Iterator[tuple[str, bytes]]:
    """Yield table and text of each collection that anybody has touched."""
    for table, resource in sorted(resources_by_table(store.registry).items()):
        if store.is_filled(resource):
            yield table, b"".join(line + b"\n" for line in lines_of(store, resource))


def ids_of(store: Store, files: Mapping[str, bytes]) -> dict[str, int]:
    """Return by table the last id that was given out, where the rows do not show it."""
    found: dict[str, int] = {}
    for table, resource in resources_by_table(store.registry).items():
        if table in files and (last := store.last(resource)) > _greatest(resource, files[table]):
            found[table] = last
    return found


def _greatest(resource: Resource, text: bytes) -> int:
    line = text.rstrip().rpartition(b"\n")[2]
    key = "id" if are_rows(resource) else resource.key
    return int(orjson.loads(line)[key]) if line else 0


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
        from mockserver.sowing import most_of  # noqa: PLC0415 - see above

        bodies = self._store.bodies(resource, Page(resource.views[0], size=most_of(resource.path)))
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
    files = {
        f"{resource.table}{ENDING}": b"".join(line + b"\n" for line in lines_of(store, resource))
        for resource in map(registry.resource, built.filled)
    }
    write(folder, [(MADE_BY, Recipe(seed, size).text), *sorted(files.items())])


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
