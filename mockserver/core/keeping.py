"""How a tenant's state gets into a ledger and back: in turns, part by part.

A turn holds the tenant, in this process and in all others, takes over what others wrote since the
last one, lets the caller change what it likes and writes what became different. What was answered
to a client was written before.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import orjson

from mockserver.core.ledger import STATE, Account, Known, News, Rows, TenantGone
from mockserver.core.store import Store


class Part(Protocol):
    """Something of a tenant that is kept besides its records, as JSON by key."""

    def changes(self) -> Mapping[str, Any]:
        """Return what was changed since the last call; None for what is gone."""

    def restore(self, rows: Mapping[str, Any]) -> None:
        """Take over rows that were kept; None for what is gone."""


class Whole:
    """A small part that is kept as one piece.

    Args:
        state: Returns it as JSON.
        restore: Takes it over.
    """

    def __init__(self, state: Callable[[], Any], restore: Callable[[Any], None]) -> None:
        self._state, self._restore = state, restore
        self._known: Any = self

    def changes(self) -> Mapping[str, Any]:
        """Return the whole if it is not what it was."""
        state = self._state()
        if state == self._known:
            return {}
        self._known = state
        return {"": state}

    def restore(self, rows: Mapping[str, Any]) -> None:
        """Take the whole over."""
        self._restore(rows[""])
        self._known = self._state()

    def forget(self) -> None:
        """Take it for changed, whatever it is."""
        self._known = self


class Keeper:
    """Keeps one tenant in an account of a ledger.

    Args:
        account: Where.
        store: The tenant's records.
        parts: Its other state, by name.
        rewind: Brings records and parts back to how the tenant started.
        told: Hears in which tables others have written.
    """

    def __init__(
        self,
        account: Account,
        store: Store,
        parts: Mapping[str, Part],
        rewind: Callable[[], None],
        told: Callable[[Collection[str]], None],
    ) -> None:
        self.account = account
        self._store, self._parts, self._rewind, self._told = store, parts, rewind, told
        self._depth = 0
        self.closed = False

    def open(self) -> bool:
        """Take over what is kept of the tenant; return whether it was known before."""
        with self._store.reading():
            news = self.account.begin()
            known = news is not None and bool(news.rows)
            self._lay(news.rows if news else {})
            self.account.end(self._changes())
            return known

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the tenant and keep what is changed meanwhile.

        Raises:
            TenantGone: It was removed.
        """
        with self._store.reading(), self._inside():
            if self._depth == 1:
                self._begin()
            try:
                yield
            finally:
                if self._depth == 1:
                    self._end()

    @contextmanager
    def _inside(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def _begin(self) -> None:
        if self.closed:
            raise TenantGone
        news = self.account.begin()
        try:
            self._take(news)
        except BaseException:
            self.account.abort()
            raise

    def _end(self) -> None:
        try:
            self.account.end(self._changes())
        except BaseException:
            # What is here is not what is kept: the next turn begins with what is.
            self.account.abort()
            raise

    def catch_up(self, known: Known) -> None:
        """Take over what other processes wrote, as the ledger told just now."""
        with self._store.reading(), self._inside():
            if self._depth == 1 and not self.closed:
                self._take(self.account.news(known))

    def _take(self, news: News | None) -> None:
        if news is None:
            return
        if news.whole:
            self._rewind()
        self._lay(news.rows)

    def _lay(self, rows: Rows) -> None:
        by_part: dict[str, dict[str, bytes | None]] = defaultdict(dict)
        for (name, key), body in rows.items():
            by_part[name][key] = body
        # In their order: what the clock says matters to those after it.
        for name, part in self._parts.items():
            if found := by_part.pop(STATE + name, None):
                part.restore({k: None if b is None else orjson.loads(b) for k, b in found.items()})
        for name, found in by_part.items():
            if not name.startswith(STATE):
                self._store.lay(name, found)
        self._told(by_part)

    def _changes(self) -> Rows:
        rows: dict[tuple[str, str], bytes | None] = dict(self._store.tables.changes())
        for name, part in self._parts.items():
            for key, value in part.changes().items():
                rows[STATE + name, key] = None if value is None else orjson.dumps(value)
        return rows

    # -- inside a turn ------------------------------------------------------------------------

    def clear(self) -> None:
        """Forget all that was kept; what the parts are now is kept anew."""
        self.account.clear()
        for part in self._parts.values():
            if isinstance(part, Whole):
                part.forget()

    def bring_back(self, name: str) -> None:
        """Put records that were copied under a name in the place of those that were reset."""
        self._lay(self.account.bring_back(name))

    @contextmanager
    def sending(self) -> Iterator[bool]:
        """Tell whether this process may send the tenant's webhooks, until the end."""
        with self.account.sending() as may_send:
            if may_send:
                with self.turn():
                    pass  # what others have sent by now is known here
            yield may_send
