"""uvicorn's HTTP protocol, with a handle on the connection for those who want to break it."""

import asyncio
import re
import socket
import struct
import sys
from collections import deque
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from mockserver.core.clock import machine_nanoseconds
from mockserver.web.spelling import spelt

if TYPE_CHECKING or find_spec("httptools"):
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as HttpProtocol
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
else:  # A platform without httptools: both offer what is used here, h11 is slower.
    from uvicorn.protocols.http.h11_impl import H11Protocol as HttpProtocol
    from uvicorn.protocols.http.h11_impl import RequestResponseCycle

CONNECTION = "cwmock.connection"
HEAD_LIMIT_BYTES = 1024 * 1024

# Two C ints, but two shorts in Winsock: linger on, for no seconds.
_RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)

_DATE = spelt("Date")
_UPGRADE = re.compile(rb"\r\nupgrade[ \t]*:[^\r\n]*", re.IGNORECASE)


class BreakableProtocol(HttpProtocol):
    """One connection of a client.

    It puts itself into the state of every scope, under the key ``CONNECTION``, so that the app can
    act on the transport of the request at hand.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, CONNECTION: self}, _loop)
        self._gone = asyncio.Event()
        self._open: deque[RequestResponseCycle] = deque()
        self._head_bytes = self.began_ns = 0
        self._malformed: str | None = None
        self._outlasting = self._client_ended = False

    @property
    def lost(self) -> bool:
        """Whether nothing can be sent to the client any more."""
        return self.transport.is_closing()

    async def reset(self) -> None:
        """Break the connection: the client sees a reset, what was not sent yet is dropped."""
        raw: socket.socket = self.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.transport.abort()
        await self._gone.wait()

    async def cut(self) -> None:
        """Close the connection in mid-answer: what was sent arrives, then the end."""
        self.transport.close()
        await self._gone.wait()

    async def outlast(self) -> None:
        """Stay silent until the client leaves or the server ends."""
        self._outlasting = True
        if self._client_ended:
            self.transport.close()
        with suppress(asyncio.CancelledError):
            await self._gone.wait()
            return
        await self.reset()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell every request of the connection, where uvicorn tells the newest one only."""
        super().connection_lost(exc)
        for cycle in self._open:
            cycle.disconnected = True
            cycle.message_event.set()
        self._gone.set()

    def on_message_begin(self) -> None:
        """Start to count the bytes of a request's head."""
        super().on_message_begin()
        self._head_bytes = 1
        self.began_ns = machine_nanoseconds()

    def on_headers_complete(self) -> None:
        """Stop counting: the body has a limit of its own."""
        self._head_bytes = 0
        super().on_headers_complete()
        self.cycle.default_headers = [
            (_DATE if name == b"date" else name, value)
            for name, value in self.cycle.default_headers
        ]
        self._open.append(self.cycle)

    def on_response_complete(self) -> None:
        """Go on with the next request, or with the refusal that was put off."""
        super().on_response_complete()
        if self._open:
            self._open.popleft()
        if self._malformed and not self._open and not self.lost:
            super().send_400_response(self._malformed)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head of a request is longer than any honest one."""
        if self._malformed:
            return
        if b"pgrade" in data and not (self.cycle and self.cycle.more_body):
            data = _without_upgrade(data)
        super().data_received(data)
        if self._head_bytes:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_LIMIT_BYTES and not self.lost:
                self.send_400_response("Request header too large.")

    def send_400_response(self, msg: str) -> None:
        """Refuse malformed HTTP, but not before earlier requests have their answers."""
        if self._open and not self.cycle.more_body:
            self._malformed = msg
        else:
            super().send_400_response(msg)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Return whether to stay open, as a client expects that closed only its half."""
        self._client_ended = True
        if self._outlasting:
            return False
        if self.scheme == "https" or not self._open or self.cycle.more_body:
            return False
        self.cycle.keep_alive = False
        return True


def _without_upgrade(data: bytes) -> bytes:
    # httptools takes what follows an offer of HTTP/2 for HTTP/2, even if nobody accepts the offer:
    # the body of a POST would be lost. Java's HttpClient makes that offer with its first request.
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"", head) + end + rest
