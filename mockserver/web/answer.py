"""One call of a WSGI app and what came of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from wsgiref.types import WSGIApplication, WSGIEnvironment

from mockserver.web.spelling import spelt

Headers = list[tuple[bytes, bytes]]

_NO_STREAM = frozenset({"cwmock.wait", "cwmock.break", "cwmock.too_large"})


@dataclass
class Answer:
    """What an app answered.

    Attributes:
        status: The status code.
        headers: In the order in which the app gave them.
        body: The body, or as much of it as is there yet.
        rest: The chunks to come, if the app did not tell how long its body will be.
        close: What the app wants to be called once its body has been sent.
    """

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], object] | None = None

    def start(
        self, status: str, headers: list[tuple[str, str]], _exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        """Take status and headers; this is the ``start_response`` of WSGI."""
        self.status = int(status[:3])
        self.headers = [(spelt(name), value.encode("latin-1")) for name, value in headers]
        return self._write

    @property
    def sized(self) -> bool:
        """Whether a client can tell where the body ends without being told chunk by chunk."""
        return self.status in {204, 304} or any(
            name.lower() == b"content-length" for name, _ in self.headers
        )

    def more(self) -> bytes | None:
        """Return the next chunk of a stream, None at its end."""
        assert self.rest is not None
        chunk = None
        try:
            chunk = next(self.rest, None)
        finally:
            if chunk is None:
                self.end()
        return chunk

    def end(self) -> None:
        """Tell the app that nothing more will be read."""
        if self.close is not None:
            self.close()

    def _write(self, chunk: bytes) -> None:
        self.body += chunk


def answer_of(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Call *app* and return its answer, complete unless it streams."""
    answer = Answer()
    chunks = app(environ, answer.start)
    answer.close = getattr(chunks, "close", None)
    try:
        _take(answer, iter(chunks), environ, whole=isinstance(chunks, (list, tuple)))
    finally:
        if answer.rest is None:
            answer.end()
    return answer


def _take(
    answer: Answer, chunks: Iterator[bytes], environ: WSGIEnvironment, *, whole: bool
) -> None:
    # The first chunk comes before the headers are looked at: a generator that is a WSGI app calls
    # start_response only when it is asked for it.
    answer.body += next(chunks, b"")
    if environ["REQUEST_METHOD"] == "HEAD":
        answer.body = b""
        return
    if not (whole or answer.sized or _kept_whole(environ)):
        answer.rest = chunks
        return
    answer.body = b"".join((answer.body, *chunks))
    if not answer.sized:
        answer.headers.append((spelt("Content-Length"), b"%d" % len(answer.body)))


def _kept_whole(environ: WSGIEnvironment) -> bool:
    # HTTP/1.0 knows no chunks; an answer that the bridge throws away or cuts off is no stream.
    return environ["SERVER_PROTOCOL"] == "HTTP/1.0" or not environ.keys().isdisjoint(_NO_STREAM)
