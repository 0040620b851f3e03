"""The HTTP server: uvicorn around our bridge, in the main thread or in one of its own."""

import asyncio
import contextlib
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Self
from wsgiref.types import WSGIApplication

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from mockserver.web.bridge import BODY_LIMIT_BYTES, THREADS, Bridge
from mockserver.web.protocol import BreakableProtocol

BACKLOG = 2048
# Longer than the pools of HTTP clients keep a connection: an idle one is closed by the client,
# who therefore never meets a server that closes just as the next request is on its way.
KEEP_ALIVE_S = 120
# SIGTERM must end the server within a second, uvicorn's own pauses included.
GRACE_S = 0.4
ABORT_AFTER_S = 0.1

#: The extension of a Flask app that lists what starts and stops with its server.
BACKGROUND = "cwmock.background"

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 picks a free one.

    Raises:
        OSError: The port is in use, or the host is not one of this machine.
    """
    flags = socket.AI_PASSIVE
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=flags)
    family, _, _, _, address = found[0]
    return socket.create_server(address, family=family, backlog=BACKLOG)


class Server:
    """A server for one WSGI app and what is to run beside it (``BACKGROUND``).

    The socket listens from the start, so that a port in use is known before anything else; clients
    that come early wait until the server runs.

    Args:
        app: The WSGI app.
        listener: From ``listen``; by default a free port of 127.0.0.1.
        tls: What to speak TLS with, None for plain HTTP.
        body_limit_bytes: The longest body that is read.
        threads: How many requests may be worked on at once.
    """

    def __init__(
        self,
        app: WSGIApplication,
        listener: socket.socket | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        body_limit_bytes: int = BODY_LIMIT_BYTES,
        threads: int = THREADS,
    ) -> None:
        self._listener = listener or listen("127.0.0.1", 0)
        self._address: tuple[str, int] = self._listener.getsockname()[:2]
        self._scheme = "https" if tls else "http"
        self._bridge = Bridge(app, body_limit_bytes=body_limit_bytes, threads=threads)
        self._uvicorn = _Uvicorn(_config(self._bridge, tls))
        self._background = getattr(app, "extensions", {}).get(BACKGROUND, ())
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Return the port."""
        return self._address[1]

    @property
    def url(self) -> str:
        """Return the base URL, without a slash at its end."""
        return base_url(self._scheme, *self._address)

    def run(self, ready: Callable[[], None] | None = None) -> None:
        """Serve until SIGINT or SIGTERM (in the main thread) or ``stop``.

        Args:
            ready: Is called once requests are answered and signals are heeded.
        """
        self._uvicorn.ready = ready
        for each in self._background:
            each.start()
        try:
            self._uvicorn.run(sockets=[self._listener])
        finally:
            self._listener.close()
            for each in self._background:
                each.stop()
            self._bridge.crew.dismiss()

    def start(self) -> None:
        """Serve in a thread of its own; return when requests are answered."""
        running = threading.Event()
        self._thread = threading.Thread(
            target=self.run, args=(running.set,), name="cwmock-server", daemon=True
        )
        self._thread.start()
        while not running.wait(timeout=0.05):
            if not self._thread.is_alive():
                raise RuntimeError("the server did not start")

    def stop(self) -> None:
        """End the server; return when it has ended."""
        self._uvicorn.should_exit = True
        if self._thread is not None:
            self._thread.join()
        self._listener.close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


def base_url(scheme: str, host: str, port: int) -> str:
    """Return the URL under which a client on this machine reaches the server."""
    name = _EVERYWHERE.get(host, host)
    return f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"


def _config(bridge: Bridge, tls: ssl.SSLContext | None) -> uvicorn.Config:
    config = uvicorn.Config(
        bridge,
        http=BreakableProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=1,
    )
    config.load()
    config.ssl = tls
    return config


class _Uvicorn(uvicorn.Server):
    """uvicorn's server, which tells when it is ready and ends in bounded time."""

    ready: Callable[[], None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.ready is not None:
            self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(GRACE_S, self._hurry)
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signals again when it has ended, so that SIGTERM would not be a
        # clean exit.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        former = {number: signal.signal(number, self._heed) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def _heed(self, _number: int, _frame: FrameType | None) -> None:
        self.should_exit = True

    def _hurry(self) -> None:
        for task in list(self.server_state.tasks):
            task.cancel()
        asyncio.get_running_loop().call_later(ABORT_AFTER_S, self._abort)

    def _abort(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()
