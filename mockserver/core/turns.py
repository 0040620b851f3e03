"""Turns: who changes a tenant's state holds it against everybody else who may.

In memory the locks of each part are enough, and a turn is nothing. Where a ledger keeps the state
(``keeping.py``), a turn ends with everything written that was changed in it.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext

#: Begins a turn; one inside another belongs to it.
Turn = Callable[[], AbstractContextManager[None]]

_NOTHING = nullcontext()


def at_once() -> AbstractContextManager[None]:
    """Return a turn that keeps nothing and holds nobody up."""
    return _NOTHING


class Touched:
    """The keys of what was changed since somebody asked; none before anybody ever has."""

    def __init__(self) -> None:
        self._keys: set[str] | None = None

    def add(self, keys: Iterable[str]) -> None:
        """Take note of keys."""
        if self._keys is not None:
            self._keys.update(keys)

    def taken(self) -> set[str]:
        """Return the keys since the last call, and forget them."""
        taken, self._keys = self._keys or set(), set()
        return taken

    def clear(self) -> None:
        """Forget the keys."""
        if self._keys is not None:
            self._keys = set()
