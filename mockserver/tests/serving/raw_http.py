"""A client that sends exactly the bytes it is told to, and small apps to send them to."""

import asyncio
import os
import socket
import ssl
import threading
from concurrent.futures import Future
from dataclasses import dataclass


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


class Peer:
    def __init__(self, port, tls=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode())

    def ask(self, line, *headers, body=""):
        self.send("\r\n".join([f"{line} HTTP/1.1", "Host: x", *headers, "", body]))
        return self.reply(has_body=not line.startswith("HEAD"))

    def reply(self, *, has_body=True):
        status = int(self.file.readline().split()[1])
        headers = {}
        while (line := self.file.readline().decode().strip()) != "":
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        return Reply(status, headers, self._body(headers) if has_body else b"")

    def _body(self, headers):
        if headers.get("transfer-encoding") == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.file.read(int(headers.get("content-length", "0")))

    def _chunk(self):
        size = int(self.file.readline(), 16)
        return self.file.read(size + 2)[:size]

    def read_raw(self):
        """Read to the end past TLS: Python's own layer hides a reset as an end of file."""
        with socket.socket(fileno=os.dup(self.socket.fileno())) as raw:
            raw.settimeout(10)
            while raw.recv(4096):
                pass

    def closed(self):
        return self.file.read(1) == b""


def echo(environ, start_response):
    """Answer with the method, the path and the body."""
    body = environ["wsgi.input"].read()
    text = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} ".encode("latin-1") + body
    if "cwmock.too_large" in environ:
        start_response("413 Too Large", [("Content-Length", "9")])
        return [b"too large"]
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text]


def trusting(path):
    return ssl.create_default_context(cafile=str(path))


class Gate:
    """A wait for the bridge that the test ends."""

    def __init__(self):
        self._opened = Future()
        self._arrived = threading.Semaphore(0)

    async def passed(self):
        self._arrived.release()
        await asyncio.wrap_future(self._opened)

    def crowd(self, count):
        """Return whether *count* requests came to wait."""
        return all(self._arrived.acquire(timeout=10) for _ in range(count))

    def open(self):
        self._opened.set_result(None)


def waits_at(gate):
    """Return an app whose requests wait at *gate* before they answer with their body."""

    def app(environ, start_response):
        environ["cwmock.calls"] = environ.get("cwmock.calls", 0) + 1
        body = environ["wsgi.input"].read()
        if environ["PATH_INFO"] == "/wait" and environ["cwmock.calls"] == 1:
            environ["cwmock.wait"] = gate
        text = b"%d:%s" % (environ["cwmock.calls"], body)
        start_response("200 OK", [("Content-Length", str(len(text)))])
        return [text]

    return app
