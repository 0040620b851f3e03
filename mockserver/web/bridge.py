"""From ASGI to WSGI: an event loop holds the connections, threads run the app.

Beyond what WSGI names, the environ carries

* ``cwmock.bridged``: True, so that the app knows that the rest of this list works;
* ``cwmock.connection``: ``host:port`` of the peer;
* ``cwmock.began_ns``, ``cwmock.received_ns``: when the request's first byte came and when it was
  complete, on the machine's clock;
* ``cwmock.too_large``: the limit in bytes when the body is longer than that; it reads as empty;
* ``cwmock.wait``: set by the app to be called again, with the same environ, after a wait; set in
  the middle of a stream, the next chunk is asked for after it;
* ``cwmock.break``: set by the app to break the connection instead of answering: ``"reset"``, or
  ``"timeout"`` to stay silent until the client leaves;
* ``cwmock.ended``: set by the app, to be told when an answer ended that the network held up;
* ``cwmock.wire``: set by the app, a ``Wire``, to cut the answer off or to send it slowly.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from contextvars import Context
from functools import partial
from typing import Any
from wsgiref.types import WSGIApplication

from mockserver.core.clock import machine_nanoseconds
from mockserver.web.answer import Answer, answer_of
from mockserver.web.crew import Crew
from mockserver.web.environ import environ_builder
from mockserver.web.pauses import Wait
from mockserver.web.protocol import CONNECTION, BreakableProtocol
from mockserver.web.spelling import spelt
from mockserver.web.wire import Wire

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY_LIMIT_BYTES = 10 * 1024 * 1024
THREADS = 64
DRAIN_S = 5.0

_CLOSE = (spelt("Connection"), b"close")


class ClientGone(Exception):
    """The client left before its request was complete."""


class Bridge:
    """An ASGI app that calls a WSGI app in threads.

    Args:
        app: The WSGI app.
        body_limit_bytes: The longest body that is read.
        threads: How many requests may be worked on at once; those that wait do not count.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        body_limit_bytes: int = BODY_LIMIT_BYTES,
        threads: int = THREADS,
    ) -> None:
        self.app = app
        self.body_limit_bytes = body_limit_bytes
        self.crew = Crew(threads)
        self.environ_of = environ_builder()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with suppress(ClientGone):
            await _Exchange(self, scope, receive, send).serve()


class _Exchange:
    """One request on its way through the bridge."""

    __slots__ = ("bridge", "connection", "environ", "receive", "run", "send", "unread")

    def __init__(self, bridge: Bridge, scope: Message, receive: Receive, send: Send) -> None:
        self.bridge, self.receive, self.send = bridge, receive, send
        self.connection: BreakableProtocol = scope["state"][CONNECTION]
        self.environ = bridge.environ_of(scope)
        self.environ["cwmock.began_ns"] = self.connection.began_ns or machine_nanoseconds()
        # Whichever threads work on a request, they see one set of context variables.
        self.run = Context().run
        self.unread = True

    async def serve(self) -> None:
        try:
            answer = await self._answer(await self._body())
        except asyncio.CancelledError:
            # The server ends, and those who still wait are told so.
            answer = Answer(503, [(spelt("Content-Length"), b"0"), _CLOSE])
        if self.connection.lost:
            self._ended(aborted=True)
        if "cwmock.break" in self.environ:
            await self._break(self.environ["cwmock.break"])
        elif "cwmock.wire" in self.environ:
            await self._send_spoilt(answer, self.environ["cwmock.wire"])
            self._ended(aborted=False)
        elif "cwmock.too_large" in self.environ:
            if _CLOSE[0] not in {name.lower() for name, _ in answer.headers}:
                answer.headers.append(_CLOSE)
            await self._send(answer, self._drain)
        elif answer.rest is not None:
            await self._send(answer, partial(self._stream, answer))
        else:
            await self._send(answer)

    async def _break(self, how: str) -> None:
        if how == "timeout":
            await self.connection.outlast()
            self._ended(aborted=True)
        else:
            await self.connection.reset()

    def _ended(self, *, aborted: bool) -> None:
        ended = self.environ.get("cwmock.ended")
        if ended is not None:
            ended(aborted=aborted)

    async def _body(self) -> bytes:
        environ, limit_bytes = self.environ, self.bridge.body_limit_bytes
        declared = int(environ.get("CONTENT_LENGTH", "0"))
        # The length that the app sees is the one that was read: chunks are no concern of its.
        chunked = environ.pop("HTTP_TRANSFER_ENCODING", None)
        if not (declared or chunked):
            return b""
        body = await self._read() if declared <= limit_bytes else None
        environ["cwmock.received_ns"] = machine_nanoseconds()
        if body is None:
            environ["cwmock.too_large"] = limit_bytes
        environ["CONTENT_LENGTH"] = str(len(body or b""))
        return body or b""

    async def _read(self) -> bytes | None:
        self.unread = False
        body = bytearray()
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            body += message["body"]
            if len(body) > self.bridge.body_limit_bytes:
                return None
            more = message["more_body"]
        return bytes(body)

    async def _answer(self, body: bytes) -> Answer:
        call = partial(self.run, answer_of, self.bridge.app, self.environ)
        while True:
            self.environ["wsgi.input"] = io.BytesIO(body)
            answer = await self.bridge.crew.run(call)
            wait: Wait | None = self.environ.pop("cwmock.wait", None)
            if wait is None:
                return answer
            await wait.passed()

    async def _send(
        self, answer: Answer, before_end: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        await self.send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )
        await self._part(answer.body, more=before_end is not None)
        if before_end is not None:
            with suppress(asyncio.CancelledError):
                await before_end()
            await self._part(b"", more=False)

    async def _send_spoilt(self, answer: Answer, wire: Wire) -> None:
        await self.send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )
        with suppress(asyncio.CancelledError):
            async for part in wire.parts(answer.body):
                await self._part(part, more=True)
                if self.connection.lost:
                    return
            if wire.cut_bytes is None:
                await self._part(b"", more=False)
                return
        await self.connection.cut()

    async def _part(self, body: bytes, *, more: bool) -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    async def _drain(self) -> None:
        # Closed with bytes unread, TCP would take back the answer. Who waits for a 100 sends none.
        if self.unread and "HTTP_EXPECT" in self.environ:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                while (await self.receive()).get("more_body"):
                    pass

    async def _stream(self, answer: Answer) -> None:
        # No thread is held between the chunks; a client that reads slowly holds up nobody.
        run, in_crew = self.run, self.bridge.crew.run
        while (chunk := await in_crew(partial(run, answer.more))) is not None:
            if self.connection.lost:
                await in_crew(partial(run, answer.end))
                return
            if chunk:
                await self._part(chunk, more=True)
            wait: Wait | None = self.environ.pop("cwmock.wait", None)
            if wait is not None:
                await wait.passed()
