"""Where the rows come from that a fresh store starts with."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from mockserver.core.schema import Resource

Row = Mapping[str, Any]


class Seeds(Protocol):
    """Where the rows come from that a fresh store starts with."""

    def has(self, resource: Resource) -> bool:
        """Tell whether *resource* starts with any rows."""

    def rows(self, resource: Resource) -> Iterable[Row]:
        """Yield the seeded rows of *resource*, in id order."""


class Source(Seeds, Protocol):
    """The rows of a world, given one collection at a time or all at once.

    Attributes:
        scratch: Where the store is kept that they are first put into: None for memory, the empty
            text for a temporary file.
    """

    @property
    def lazy(self) -> bool:
        """Tell whether ``rows`` gives the rows."""

    @property
    def scratch(self) -> str | None:
        """Return the file for a store of all rows."""

    def fill(self, store: Any) -> None:
        """Put all rows into *store*, unless they are given lazily."""
