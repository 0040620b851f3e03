"""The journal as it grows, as server-sent events."""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from mockserver.core.journal import Journal
from mockserver.core.tenant import Tenant
from mockserver.core.wide_json import dumps
from mockserver.web.news import News

MIME = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
RETRY_MS = 1_000
#: A comment now and then shows whether anybody still listens.
HEARTBEAT_S = 10.0
BATCH_MAX = 500


class Stream:
    """What one listener gets.

    Args:
        tenant: Whose journal.
        environ: Of the request.
        filters: As ``Journal.entries`` takes them.
        after_id: The newest exchange that the listener has; None for what is to come only.
    """

    def __init__(
        self,
        tenant: Tenant,
        environ: MutableMapping[str, Any],
        filters: Mapping[str, str],
        after_id: int | None,
    ) -> None:
        self._tenant, self._environ, self._filters = tenant, environ, filters
        journal = tenant.journal
        self._after_id = journal.last_id if after_id is None else after_id
        self._news()  # a filter that cannot be read is refused before anything is sent

    def __iter__(self) -> Iterator[bytes]:
        """Yield events until the tenant goes; a bridge is asked to wait, a plain server waits."""
        yield b"retry: %d\n\n" % RETRY_MS
        while not self._tenant.closed:
            events = self._taken()
            yield b"".join(events) or b":\n\n"
            if self._environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
                return  # its answers are kept whole before they are sent
            if not events:
                yield from self._waited()

    def _waited(self) -> Iterator[bytes]:
        journal = self._tenant.journal
        wait = News(journal, self._after_id, journal.look_again_s or HEARTBEAT_S)
        if self._environ.get("cwmock.bridged"):
            self._environ["cwmock.wait"] = wait
            yield b""
        else:
            wait.block()

    def _taken(self) -> list[bytes]:
        last_id, found = self._news()
        self._after_id = found[-1]["id"] if len(found) == BATCH_MAX else last_id
        return [_event(entry) for entry in found]

    def _news(self) -> tuple[int, list[dict[str, Any]]]:
        """Return the id up to which was looked, and what came since, oldest first."""
        journal: Journal = self._tenant.journal
        last_id = journal.last_id
        if self._after_id > last_id:
            self._after_id = 0  # from before a reset
        found = journal.entries(**self._filters, since=self._after_id, limit=journal.limit_entries)
        return last_id, [each for each in reversed(found) if _id(each) <= last_id][:BATCH_MAX]


def _id(entry: Mapping[str, Any]) -> int:
    found: int = entry["id"]
    return found


def _event(entry: Mapping[str, Any]) -> bytes:
    return b"id: %d\nevent: request\ndata: %s\n\n" % (_id(entry), dumps(entry))
