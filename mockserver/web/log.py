"""One line per exchange on the standard error.

Lines are written by a thread of their own: whoever started the server and never reads what it
writes must not bring it to a halt. What cannot be written in time is dropped and counted.
"""

import queue
import threading
from collections.abc import Callable, Mapping
from typing import TextIO

import orjson

from mockserver.core.entry import Entry

LINES_MAX = 10_000
JOIN_S = 0.3
#: Answers carry the vendor's id, requests perhaps the caller's own.
ID_HEADERS = ("x-cw-request-id", "x-request-id")


class ExchangeLog:
    """Writes a line for every exchange; starts and stops with the server.

    Args:
        out: Where to.
        as_json: Whether a line is a JSON object; text otherwise.
    """

    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self._out = out
        self._line: Callable[[str, Entry], str] = json_line if as_json else text_line
        self._waiting: queue.SimpleQueue[tuple[str, Entry] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.dropped = 0

    def hear(self, tenant: str, entry: Entry) -> None:
        """Have an exchange written soon."""
        if self._waiting.qsize() >= LINES_MAX:
            self.dropped += 1
        else:
            self._waiting.put((tenant, entry))

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._write, name="cwmock-log", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, unless that takes long."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(JOIN_S)

    def _write(self) -> None:
        while (heard := self._waiting.get()) is not None:
            try:
                self._out.write(self._line(*heard))
                if self._waiting.empty():
                    self._out.flush()
            except (OSError, ValueError):  # closed: nobody is interested any more
                return


def document(tenant: str, entry: Entry) -> Mapping[str, object]:
    """Return what a line says; the entry's secrets are masked."""
    told = {
        "at": entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "event": "exchange",
        "id": entry.id,
        "request_id": _request_id(entry),
        "tenant": tenant,
        "api": entry.api,
        "key": entry.key,
        "method": entry.method,
        "url": entry.url,
        "route": entry.template,
        "status": entry.status,
        "duration_ms": round(entry.duration_ms, 3),
        "queued_ms": round(entry.queued_ms, 3),
        "faults": [effect.kind for effect in entry.faults],
    }
    return {**told, "error": entry.error} if entry.error else told


def json_line(tenant: str, entry: Entry) -> str:
    """Return an exchange as a JSON object on a line."""
    return orjson.dumps(document(tenant, entry)).decode() + "\n"


def text_line(tenant: str, entry: Entry) -> str:
    """Return an exchange as people read it; what callers sent cannot begin a new line."""
    status = entry.status or "broken"
    struck = "".join(f" [{effect.kind}]" for effect in entry.faults)
    asked = _plain(f"{entry.key or '-'} {entry.method} {entry.url}")
    return (
        f"{entry.at:%H:%M:%S.%f} {tenant} {entry.api} {status} {entry.duration_ms:.1f} ms "
        f"{asked}{struck} {_plain(_request_id(entry) or '')}".rstrip()
        + "\n"
    )


def _plain(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")


def _request_id(entry: Entry) -> str | None:
    headers = (*entry.response_headers, *entry.request_headers)
    found = {name.lower(): value for name, value in reversed(headers)}
    return next((found[name] for name in ID_HEADERS if name in found), None)
