"""The journal: every exchange, newest kept, secrets masked before they are stored.

Adding keeps references to bytes and headers; documents are built when somebody reads.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol

from mockserver.core.attempt import (
    QUERY_CHARS_MAX,
    Attempt,
    body_digest,
    claimed_key,
    headers_seen,
    only_replaces,
    told_limits,
)
from mockserver.core.entry import BODY_BYTES_MAX, Entry
from mockserver.core.journal_filters import ID, path_test, since_test, status_test
from mockserver.core.redaction import (
    Headers,
    Secrets,
    redacted_headers,
    redacted_request,
    redacted_response,
    redacted_url,
    scrubbed,
    without_jwt,
)
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

    def keep(self, tail: Tail) -> None:
        """Tell *tail* of every entry from now on."""
        self._tail = tail

    def restore(self, entries: Sequence[Entry], last_id: int) -> None:
        """Begin with entries that were kept, oldest first, and number on after *last_id*."""
        with self._lock:
            self._entries, self._last_id = deque(entries), last_id
            self._attempts.clear()
            self._attempts.extend(each.attempt for each in entries)
            self._bytes = sum(each.bytes_kept for each in entries)

    def add(self, entry: Entry) -> int:
        """Mask the entry's secrets, keep it and return its id; the entry is the journal's now."""
        seen = headers_seen(entry.request_headers)
        _redact(entry)
        _complete(entry, seen, self.volatile)
        _truncate(entry)
        entry.bytes_kept = entry.weight()
        with self._lock:
            self._last_id = entry.id = self._last_id + 1
            self._entries.append(entry)
            entry.attempt.id = entry.id
            self._attempts.append(entry.attempt)
            self._bytes += entry.bytes_kept
            if self._tail is not None:
                self._tail.add(entry)
            while len(self._entries) > self.limit_entries or self._bytes > self.limit_bytes:
                self._bytes -= self._entries.popleft().bytes_kept
            if self._waiting:
                self._changed.notify_all()
            if self._wakers:
                self._wake()
            return self._last_id

    def _wake(self) -> None:
        wakers, self._wakers = self._wakers, []
        for wake in wakers:
            wake()

    def entries(
        self,
        *,
        api: str | None = None,
        key: str | None = None,
        path: str | None = None,
        status: int | str | None = None,
        since: int | str | None = None,
        limit: int = 100,
    ) -> list[dict[str, object]]:
        """Return the entries that match, newest first.

        Args:
            api: ``psa`` or ``automate``.
            key: The public key or user name.
            path: A glob below the API's base, in any case.
            status: A status (``404``), a class of them (``4xx``), or ``none`` for broken ones.
            since: An id, for what came after it; or an ISO instant, for what came then or later.
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
        ]
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
        with self._lock:
            return next((each for each in self._entries if each.id == entry_id), None)

    def attempts(self) -> list[Attempt]:
        """Return what is known of the last ``ATTEMPTS_MAX`` exchanges, in order of arrival."""
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
        with self._changed:
            self._entries.clear()
            self._attempts.clear()
            self._bytes = 0
            if self._tail is not None:
                self._tail.clear()

    def reset(self) -> None:
        """Forget every entry and number from one again."""
        with self._changed:
            self._entries.clear()
            self._attempts.clear()
            self._bytes = self._last_id = 0
            if self._tail is not None:
                self._tail.clear()


def _redact(entry: Entry) -> None:
    credentials: Secrets = set()
    secrets: Secrets = set()
    content_type = _content_type(entry.request_headers) if entry.request_body else ""
    entry.request_headers = redacted_headers(entry.request_headers, credentials)
    entry.response_headers = redacted_headers(entry.response_headers, credentials)
    entry.url = redacted_url(entry.url, secrets)
    entry.path = without_jwt(entry.path, secrets)
    if entry.request_body:
        entry.request_body = redacted_request(entry.request_body, content_type, entry.path, secrets)
    if entry.response_body and not entry.response_is_plain:
        entry.response_body = redacted_response(entry.response_body, BODY_BYTES_MAX, secrets)
    if secrets or entry.error or entry.hint:
        _scrub(entry, secrets, secrets | credentials)


def _scrub(entry: Entry, secrets: Secrets, all_secrets: Secrets) -> None:
    """Mask the request's secrets where the server repeated them."""
    if entry.error:
        entry.error = scrubbed(entry.error, all_secrets)
    if entry.hint:
        entry.hint = scrubbed(entry.hint, all_secrets)
    if secrets and entry.response_body:
        text = entry.response_body.decode("utf-8", "surrogateescape")
        entry.response_body = scrubbed(text, secrets).encode("utf-8", "surrogateescape")


def _complete(entry: Entry, seen: dict[str, str], volatile: Sequence[MemberPath]) -> None:
    """Write into the attempt what the masked entry and the headers tell."""
    attempt = entry.attempt
    attempt.api, attempt.method = entry.api, entry.method
    attempt.key = entry.key or claimed_key(entry.request_headers)
    attempt.connection, attempt.status = entry.connection, entry.status
    attempt.route, attempt.path = entry.template or entry.path, entry.path
    attempt.query = entry.url.partition("?")[2][:QUERY_CHARS_MAX]
    attempt.digest = body_digest(entry.request_body, volatile)
    if entry.method == "PATCH" and only_replaces(entry.request_body):
        attempt.notes += ("replaces",)
    attempt.retry_after, attempt.limits = told_limits(entry.response_headers)
    attempt.faults = tuple((effect.fault_id, effect.kind) for effect in entry.faults)
    attempt.token, attempt.client_id = seen.get("token", ""), seen.get("client_id", "")
    attempt.stable_id = seen.get("stable_id", "")
    attempt.forward_only = seen.get("pagination", "").casefold() == "forward-only"


def _truncate(entry: Entry) -> None:
    if entry.request_body and len(entry.request_body) > BODY_BYTES_MAX:
        entry.request_body = entry.request_body[:BODY_BYTES_MAX]
        entry.request_truncated = True
    if entry.response_body and len(entry.response_body) > BODY_BYTES_MAX:
        entry.response_body = entry.response_body[:BODY_BYTES_MAX]
        entry.response_truncated = True


def _content_type(headers: Headers) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")
