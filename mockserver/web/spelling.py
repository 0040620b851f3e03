"""Names of headers, sent as the vendors spell them.

HTTP does not mind, but whoever reads an answer as text does. uvicorn folds every name with
``lower()`` before it sends it, and compares a few of them with what it has to know of.
"""

from functools import lru_cache

_COMPARED = frozenset({"content-length", "transfer-encoding", "connection"})


class _Spelt(bytes):
    """A name that cannot be folded."""

    __slots__ = ()

    def lower(self) -> "_Spelt":
        return self


class _Compared(_Spelt):
    """One that equals its folded form nevertheless."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return bytes.lower(self) == other

    def __hash__(self) -> int:
        return hash(bytes.lower(self))


@lru_cache(maxsize=512)
def spelt(name: str) -> bytes:
    """Return a header's name that goes out as it is spelt here."""
    kind = _Compared if name.lower() in _COMPARED else _Spelt
    return kind(name.encode("latin-1"))
