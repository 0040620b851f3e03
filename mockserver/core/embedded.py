"""References inside the lists and objects of a record (``types``, ``communicationItems/type``).

No column holds them, so whoever shows a record there is found by reading. That is rare: only when a
record that such places point to is renamed or removed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from mockserver.core.registry import Registry
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.statements import Page

if TYPE_CHECKING:
    from mockserver.core.records import Records

Record = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Embedded:
    """One place where records of *owner* show another record: the members to follow to it."""

    owner: Resource
    steps: tuple[Field, ...]

    @property
    def declared(self) -> Field:
        """Return the field whose value is the reference, or the list of them."""
        return self.steps[-1]

    def shown_in(self, record: Record, target_id: int) -> list[Record]:
        """Return the references to *target_id* that *record* holds here; they may be changed."""
        found: list[Any] = [record]
        for step in self.steps:
            inner = [each.get(step.name) for each in found if isinstance(each, dict)]
            found = [row for each in inner for row in (each if isinstance(each, list) else [each])]
        member = self.declared.id_member
        return [each for each in found if isinstance(each, dict) and each.get(member) == target_id]

    def holders(self, records: "Records", target_id: int) -> Iterator[tuple[Record, list[Record]]]:
        """Yield each record that shows *target_id* here, with the references in it."""
        if not records.store.has(self.owner):
            return
        mark = f'"{self.declared.id_member}":{target_id}'.encode()
        for body in records.store.bodies(self.owner, Page(self.owner.views[0])):
            record = orjson.loads(body) if mark in body else {}
            references = self.shown_in(record, target_id)
            if references:
                yield record, references


@lru_cache(maxsize=1024)
def embedded(registry: Registry, path: str) -> tuple[Embedded, ...]:
    """Return every place inside served records that shows records of *path*."""
    owners = [registry.resource(each) for each in sorted(registry.served)]
    return tuple(
        Embedded(owner, steps)
        for owner in owners
        for declared in owner.fields
        for steps in _paths((declared,))
        if (steps[-1].target or "").casefold() == path.casefold() and not _has_column(steps)
    )


def _has_column(steps: tuple[Field, ...]) -> bool:
    return len(steps) == 1 and steps[0].kind is Kind.REFERENCE


def _paths(steps: tuple[Field, ...]) -> Iterator[tuple[Field, ...]]:
    if steps[-1].target:
        yield steps
        return
    for member in steps[-1].fields:
        yield from _paths((*steps, member))
