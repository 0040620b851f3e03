"""The seeded records of a world, which tenants begin with and go back to.

A tenant begins as a copy of the tables that many tenants touch, and fetches any other one when it
touches it: copying, opening and dropping a database takes the longer the more tables it has, and
most of a thousand collections are touched by hardly anybody.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Any

from mockserver.core.registry import Registry
from mockserver.core.schema import Resource
from mockserver.core.seeds import Row, Source
from mockserver.core.store import Store

#: A table is copied to everybody once so many have fetched it: so many, and one in so many.
FETCHED_MIN, COPIED_PER_FETCH_MAX = 3, 40


class Template:
    """The seeded records of a world.

    Args:
        registry: The declared resources.
        source: Where the rows come from; what it does not give lazily is copied whole.
    """

    def __init__(self, registry: Registry, source: Source) -> None:
        self.source, self.file = source, source.scratch
        self._all = Store(registry, source, source.scratch)
        source.fill(self._all)
        self._common = Store(registry, self._all, self.file) if source.lazy else self._all
        self._lock = threading.Lock()
        self._copied = 0
        self._fetched: Counter[str] = Counter()

    def is_empty(self) -> bool:
        """Tell whether a tenant has nothing to copy."""
        return self._common.is_empty()

    def has(self, resource: Resource) -> bool:
        """Tell whether *resource* starts with any rows."""
        return self._all.has(resource)

    def rows(self, resource: Resource) -> Iterable[Row]:
        """Yield the seeded rows of *resource*, in id order."""
        return self._all.rows(resource)

    def last(self, resource: Resource) -> int:
        """Return the last id that was given out in *resource*."""
        return self._all.last(resource)

    def copies(self, resource: Resource) -> Sequence[Sequence[Any]]:
        """Return the rows of *resource*, a value per column, for whoever touches it now."""
        with self._lock:
            self._fetched[resource.path] += 1
            fetched = self._fetched[resource.path]
            if fetched >= FETCHED_MIN and fetched * COPIED_PER_FETCH_MAX >= self._copied:
                self._common.table(resource)
        return self._all.copies(resource)

    def matching(self, resource: Resource, most: int = -1, **equals: Any) -> tuple[int, ...]:
        """Return the ids of the first *most* rows of *resource* with these column values."""
        return self._all.matching(resource, most, **equals)

    def copy_to(self, raw: Connection, *, in_memory: bool) -> None:
        """Write what everybody begins with over another database."""
        with self._lock:
            self._copied += 1
            self._common.copy_to(raw, in_memory=in_memory)

    def close(self) -> None:
        """Give the databases back; no tenant begins with them any more."""
        self._common.close()
        self._all.close()
