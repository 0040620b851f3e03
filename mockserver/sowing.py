"""Rows of the collections that no hand-made world fills: made when somebody first wants them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from mockserver.core.records import Records, Target
from mockserver.core.registry import Registry
from mockserver.core.rows import row_of
from mockserver.core.rules import Record, Shape
from mockserver.core.schema import Field as Declared
from mockserver.core.schema import Resource
from mockserver.core.seeds import Row
from mockserver.fixtures.sow_plan import INVENTORIED
from mockserver.fixtures.sowing import sow

#: More of a collection than anybody refers to; the rest of a large one is not looked at.
ENTRIES_MAX = 2_000
#: Of those below which there is something for each, so many.
PARENTS_MAX: Mapping[str, int] = {
    "automate:Computers": INVENTORIED,
    "automate:Monitors": 2 * INVENTORIED,
}


def most_of(path: str) -> int:
    """Return how much of a collection the sown ones look at."""
    return PARENTS_MAX.get(path, ENTRIES_MAX)


class Entry(NamedTuple):
    """A seeded record of one collection."""

    id: int
    parent_id: int | None
    record: Record


class Field:
    """The sown collections of a world, and what they may know of all others.

    Args:
        seed: The seed of the world.
        shifted: Moves the instants in a JSON text to the present.
        registry: The declared resources.
        shapes: How each vendor's records look.
        made: Gives the unshifted records of a hand-made collection with their parents; None for
            others.
    """

    def __init__(
        self,
        seed: int,
        shifted: Callable[[bytes], bytes],
        registry: Registry,
        shapes: Mapping[str, Shape],
        made: Callable[[Resource], Iterable[tuple[Record, int | None]] | None],
    ) -> None:
        self._seed, self._shifted, self._registry, self._made = seed, shifted, registry, made
        self._known: dict[str, Sequence[Entry]] = {}
        self._by_id: dict[str, Mapping[int, Entry]] = {}
        self._records = {
            name: _SeededRecords(registry, shape, self.entry) for name, shape in shapes.items()
        }

    def has(self, resource: Resource) -> bool:
        """Tell whether the collection is sown with anything."""
        return resource.path in self._registry.served

    def entries(self, path: str) -> Sequence[Entry]:
        """Return the seeded records of a collection; none while it is being sown."""
        if path not in self._known:
            self._known[path] = ()
            resource = self._registry.resource(path)
            made = self._made(resource)
            self._known[path] = list(
                self._sown(resource) if made is None else _listed(made, resource)
            )
        return self._known[path]

    def entry(self, path: str, record_id: int) -> Entry | None:
        """Return one seeded record, or None."""
        if path not in self._by_id:
            entries = self.entries(path)
            if not entries:  # perhaps not yet
                return None
            self._by_id[path] = {each.id: each for each in entries}
        return self._by_id[path].get(record_id)

    def _sown(self, resource: Resource) -> Iterator[Entry]:
        records = self._records["automate" if resource.path.startswith("automate:") else "psa"]
        for record, parent_id in sow(resource, self._seed, self):
            shown = records.written_out(resource, record)
            lost = self._grounded(resource, record, shown)
            whole = shown | records.written_out(resource, lost)
            yield Entry(record[resource.key], parent_id, whole)

    def _grounded(self, resource: Resource, record: Record, shown: Record) -> Record:
        """Return the references that were not found, each to a record that there is.

        A recipe may name rows of a setup table that a small world has not.
        """
        found: Record = {}
        for declared in resource.references:
            value = record.get(declared.name)
            if not isinstance(value, dict) or shown[declared.name] is not value:
                continue
            record_id = value.get(declared.id_member)
            known = self.entries(declared.target or "") if self._is_served(declared) else ()
            if record_id and known and all(each.id != record_id for each in known):
                found[declared.name] = {declared.id_member: known[record_id % len(known)].id}
        return found

    def _is_served(self, declared: Declared) -> bool:
        return declared.target in self._registry.served

    def rows(self, resource: Resource) -> Iterator[Row]:
        """Yield the sown rows of *resource*, in id order."""
        if not self.has(resource):
            return
        vendor = "automate" if resource.path.startswith("automate:") else "psa"
        records = self._records[vendor]
        for entry in self.entries(resource.path):
            # Not before: what is sown later copies instants from what is there already.
            record = orjson.loads(self._shifted(orjson.dumps(entry.record)))
            views = records.shape.render(records, resource, record)
            yield row_of(resource, record, views, entry.parent_id)


def _listed(made: Iterable[tuple[Record, int | None]], resource: Resource) -> Iterator[Entry]:
    for number, (record, parent_id) in enumerate(made):
        if number == most_of(resource.path):
            return
        yield Entry(record[resource.key], parent_id, record)


class _SeededRecords(Records):
    """Records that are looked up among the seeds: no store has them yet."""

    def __init__(
        self,
        registry: Registry,
        shape: Shape,
        entry: Callable[[str, int], Entry | None],
    ) -> None:
        self.registry, self.shape, self._entry = registry, shape, entry

    def target(self, path: str, record_id: int) -> Target | None:
        """Return a seeded record that something refers to."""
        found = self._entry(path, record_id)
        return (found.record, found.parent_id, {}) if found else None
