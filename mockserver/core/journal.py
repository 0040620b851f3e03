"""The journal: every exchange, newest kept, secrets masked before they are stored.

Adding keeps references to bytes and headers; documents are built when somebody reads.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol

from mockserver.core.attempt import Attempt
from mockserver.core.entry import Entry
from mockserver.core.journal_filters import ID, path_test, since_test, status_test
from mockserver.core.sealing import seal
from mockserver.core.shared_journal import LOOK_AGAIN_S, Exchanges, SharedTail
from mockserver.core.volatile import MemberPath

__all__ = ["Entry", "Journal"]

ENTRIES_MAX = 10_000
BYTES_MAX = 64 * 1024 * 1024
ATTEMPTS_MAX = 100_000


class Tail(Protocol):
    """Whoever keeps the last entries elsewhere."""

    def add(self, entry: Entry) -> None:
        """Keep one more."""

    def clear(self) -> None:
        """Forget all."""


class Journal:
    """The last exchanges of a tenant, bounded in number and in bytes.

    Args:
        limit_entries: How many entries are kept at most.
        limit_bytes: How much memory they may hold, roughly.
        volatile: Members of bodies that make no other request of one that is sent again.
    """

    def __init__(
        self,
        limit_entries: int = ENTRIES_MAX,
        limit_bytes: int = BYTES_MAX,
        volatile: Sequence[MemberPath] = (),
    ) -> None:
        self.limit_entries, self.limit_bytes = limit_entries, limit_bytes
        self.volatile = volatile
        self._entries: deque[Entry] = deque()
        self._attempts: deque[Attempt] = deque(maxlen=ATTEMPTS_MAX)
        self._bytes = self._last_id = self._waiting = 0
        # The bare lock where nobody waits: entering a condition costs four times as much.
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._wakers: list[Callable[[], object]] = []
        self._tail: Tail | None = None
        self._shared: SharedTail | None = None
        #: How long who listens may wait at most before looking again; None for any time.
        self.look_again_s: float | None = None

    def keep(self, tail: Tail) -> None:
        """Tell *tail* of every entry from now on."""
        self._tail = tail

    def share(self, exchanges: Exchanges) -> None:
        """Publish everything, and read what others published, from now on."""
        self._shared = SharedTail(self, exchanges)
        self.look_again_s = LOOK_AGAIN_S

    def restore(self, entries: Sequence[Entry], last_id: int) -> None:
        """Begin with entries that were kept, oldest first, and number on after *last_id*."""
        with self._lock:
            self._entries, self._last_id = deque(entries), last_id
            self._attempts.clear()
            self._attempts.extend(each.attempt for each in entries)
            self._bytes = sum(each.bytes_kept for each in entries)

    def add(self, entry: Entry) -> int:
        """Mask the entry's secrets, keep it and return its id; the entry is the journal's now."""
        seal(entry, self.volatile)
        if self._shared is not None:
            self._shared.publish(entry)
        with self._lock:
            if self._shared is None:
                self._last_id = entry.id = entry.attempt.id = self._last_id + 1
                self._append(entry.attempt, entry)
            if self._tail is not None:
                self._tail.add(entry)
            self._stir()
            return entry.id

    def _append(self, attempt: Attempt, entry: Entry | None) -> None:
        self._attempts.append(attempt)
        if entry is None:
            return
        self._entries.append(entry)
        self._bytes += entry.bytes_kept
        while len(self._entries) > self.limit_entries or self._bytes > self.limit_bytes:
            self._bytes -= self._entries.popleft().bytes_kept

    def take(
        self, found: Sequence[tuple[Attempt, Entry | None]], last_id: int, *, anew: bool
    ) -> None:
        """Take over what several share: what is new, by id, and what became known of the rest.

        Args:
            found: Attempts, with their entries where those are kept.
            last_id: The newest that there is.
            anew: Whether what was here is gone.
        """
        with self._lock:
            if anew:
                self._forget_all()
                self._last_id = 0
            for attempt, entry in found:
                if attempt.id > self._last_id:
                    self._append(attempt, entry)
                else:
                    self._amend(attempt)
            self._last_id = last_id
            self._stir()

    def _amend(self, better: Attempt) -> None:
        for known in reversed(self._attempts):
            if known.id == better.id:
                known.flushed_ns, known.aborted = better.flushed_ns, better.aborted
                return

    def ended(self, attempt: Attempt, now_ns: int, *, aborted: bool) -> None:
        """Note when an answer really ended, and whether the client was still there."""
        attempt.ended(now_ns, aborted=aborted)
        if self._shared is not None:
            self._shared.amend(attempt)

    def flush(self) -> None:
        """Tell the others who share the journal what they do not know yet."""
        if self._shared is not None:
            self._shared.flush()

    def _look(self) -> None:
        if self._shared is not None:
            self._shared.look()

    def _stir(self) -> None:
        if self._waiting:
            self._changed.notify_all()
        wakers, self._wakers = self._wakers, []
        for wake in wakers:
            wake()

    def entries(  # noqa: PLR0913 - one for each filter
        self,
        *,
        api: str | None = None,
        key: str | None = None,
        path: str | None = None,
        status: int | str | None = None,
        since: int | str | None = None,
        before: int | str | None = None,
        limit: int = 100,
    ) -> list[dict[str, object]]:
        """Return the entries that match, newest first.

        Args:
            api: ``psa`` or ``automate``.
            key: The public key or user name.
            path: A glob below the API's base, in any case.
            status: A status (``404``), a class of them (``4xx``), or ``none`` for broken ones.
            since: An id, for what came after it; or an ISO instant, for what came then or later.
            before: An id, for what came before it.
            limit: How many at most.

        Raises:
            ValueError: A filter cannot be read; the message names it.
        """
        tests = [
            *([lambda entry: entry.api == api] if api is not None else ()),
            *([lambda entry: entry.key == key] if key is not None else ()),
            *path_test(path),
            *status_test(status),
            *since_test(since),
            *([lambda entry: entry.id < int(before)] if before is not None else ()),
        ]
        self._look()
        found = (entry for entry in self._newest_first(since) if all(test(entry) for test in tests))
        return [entry.document() for entry in islice(found, max(0, limit))]

    def _newest_first(self, since: int | str | None) -> tuple[Entry, ...]:
        # Whoever follows the journal asks for the last few again and again.
        after_id = int(since) if since is not None and ID.fullmatch(str(since)) else 0
        with self._changed:
            few = max(0, self._last_id - after_id)
            return tuple(islice(reversed(self._entries), few))

    def find(self, entry_id: int) -> Entry | None:
        """Return the exchange with this id, or None when it is not kept (any more)."""
        self._look()
        with self._lock:
            return next((each for each in self._entries if each.id == entry_id), None)

    def attempts(self) -> list[Attempt]:
        """Return what is known of the last ``ATTEMPTS_MAX`` exchanges, in order of arrival."""
        self._look()
        with self._lock:
            kept = list(self._attempts)
        return sorted(kept, key=lambda each: (each.arrived_ns, each.id))

    def wait_for(self, after_id: int, timeout_s: float) -> list[dict[str, object]]:
        """Return what came after an id, oldest first; wait for it if need be, [] in vain."""
        with self._changed:
            # Ids ahead of ours are from before a reset.
            after_id = after_id if after_id <= self._last_id else 0
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: self._last_id != after_id, timeout_s)
            finally:
                self._waiting -= 1
            entries = tuple(self._entries)
        return [entry.document() for entry in entries if entry.id > after_id]

    def has_after(self, after_id: int, wake: Callable[[], object]) -> bool:
        """Tell whether there is an entry after an id; if not, *wake* is called when there is."""
        with self._lock:
            if self._last_id != after_id:
                return True
            self._wakers.append(wake)
            return False

    def forget(self, wake: Callable[[], object]) -> None:
        """Call *wake* no more."""
        with self._lock:
            if wake in self._wakers:
                self._wakers.remove(wake)

    @property
    def last_id(self) -> int:
        """The id of the newest entry ever added; 0 when there was none."""
        self._look()
        return self._last_id

    @property
    def dropped(self) -> int:
        """How many entries were kept once and are no longer."""
        return self._last_id - len(self._entries)

    def __len__(self) -> int:
        """Return how many entries are kept."""
        return len(self._entries)

    def clear(self) -> None:
        """Forget every entry; new ones are numbered on."""
        if self._shared is not None:
            self._shared.clear()
            return
        with self._changed:
            self._forget_all()

    def reset(self) -> None:
        """Forget every entry and number from one again."""
        if self._shared is not None:
            self._shared.clear(0)
            return
        with self._changed:
            self._forget_all()
            self._last_id = 0

    def _forget_all(self) -> None:
        self._entries.clear()
        self._attempts.clear()
        self._bytes = 0
        if self._tail is not None:
            self._tail.clear()
