"""An emulator in another process, as the tests see one in their own."""

import http.client
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask

#: Longer than anything takes, but not much: some faults answer nothing.
TIMEOUT_S = 15
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
CHUNK_BYTES = 65_536
#: What uvicorn says to a first line that is too long.
UNREADABLE = b"Invalid HTTP request received."
#: What the environ of a test's client says of the server's side unless the test says otherwise.
USUAL_NAME = "localhost"
#: What holds for one connection only.
OWN = frozenset({"keep-alive", "transfer-encoding"})

#: Everything visible: only blanks and controls cannot stand in the first line of a request.
AS_THEY_ARE = "".join(map(chr, range(33, 127)))

Start = Callable[[str, list[tuple[str, str]]], object]


def elsewhere(url: str) -> Flask:
    """Return an application that passes every request on to a server.

    Args:
        url: Of a server with a control plane and the default world, ``http://127.0.0.1:8080``.
    """
    app = Flask("elsewhere")
    app.wsgi_app = Passing(urlsplit(url).netloc)  # type: ignore[method-assign]
    return app


class Passing:
    """Hands requests on.

    Args:
        place: Host and port.
    """

    def __init__(self, place: str) -> None:
        self._place = place

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in METHODS:
            pytest.skip("a server's parser refuses methods that it does not know")
        if _speaks_for_the_server(environ):
            pytest.skip("only within one process can a test speak for the server")
        connection = http.client.HTTPConnection(self._place, timeout=TIMEOUT_S)
        try:
            answer = self._asked(connection, environ)
        except OSError:
            connection.close()
            raise
        body = _Body(connection, answer)
        if body.whole == UNREADABLE:
            pytest.skip("a server's parser refuses what it cannot hold")
        kept = [(n, v) for n, v in answer.getheaders() if n.lower() not in OWN]
        start(f"{answer.status} {answer.reason or 'Unknown'}", kept)
        return body

    def _asked(
        self, connection: http.client.HTTPConnection, environ: dict[str, Any]
    ) -> http.client.HTTPResponse:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        target, method = target_of(environ), environ["REQUEST_METHOD"]
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in _headers(environ):
            connection.putheader(name, value)
        connection.endheaders(body or None)
        return connection.getresponse()


def _speaks_for_the_server(environ: dict[str, Any]) -> bool:
    """Tell whether a test says more of a request than whoever sends one can."""
    usual = (environ["SERVER_NAME"], environ["wsgi.url_scheme"]) == (USUAL_NAME, "http")
    return not usual or any(name.startswith("cwmock.") for name in environ)


def target_of(environ: dict[str, Any]) -> str:
    """Return path and query as they stand in the first line of a request."""
    target = environ["REQUEST_URI"]
    if environ.get("QUERY_STRING") and "?" not in target:
        target += f"?{environ['QUERY_STRING']}"
    return quote(target.encode("latin-1"), safe=AS_THEY_ARE)


class _Body:
    """An answer's body: whole, or as it comes where it has no end."""

    def __init__(
        self, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse
    ) -> None:
        self._connection, self._answer = connection, answer
        is_stream = answer.headers.get_content_type() == "text/event-stream"
        self._endless = is_stream and answer.length != 0
        self.whole = b"" if self._endless else self._read()

    def __iter__(self) -> Iterator[bytes]:
        if not self._endless:
            yield self.whole
            return
        while chunk := self._answer.read1(CHUNK_BYTES):
            yield chunk

    def _read(self) -> bytes:
        try:
            return self._answer.read()
        except http.client.IncompleteRead as error:
            raise ConnectionAbortedError(str(error)) from error
        finally:
            self.close()

    def close(self) -> None:
        self._answer.close()
        self._connection.close()


def _headers(environ: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-"), value
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            yield name.replace("_", "-"), environ[name]
