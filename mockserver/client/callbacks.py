"""Receive the callbacks of ConnectWise PSA and check who sent them.

A callback carries ``x-content-signature``: Base64 of HMAC-SHA256 over the body as it was sent,
keyed with the SHA-256 digest of the signing key, which ``Metadata.key_url`` answers (psa facts 7.7,
7.8). Nothing here needs the emulator: the same functions check what the vendor sends.
"""

import base64
import binascii
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import requests

SIGNATURE_HEADER = "x-content-signature"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
KEY_TIMEOUT_S = 5.0
BODY_BYTES_MAX = 4 * 1024 * 1024
ANSWER = 204

#: The signing key itself, or what finds it by the ``key_url`` of a callback.
KeySource = str | Callable[[str], str]


class UntrustedKeyUrlError(ValueError):
    """A callback names a place for its key that nobody trusts."""


def signature_of(body: bytes, key: str) -> str:
    """Return the ``x-content-signature`` of *body* under a signing key."""
    digest = hmac.new(hashlib.sha256(key.encode()).digest(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def verify_signature(body: bytes, signature: str | None, key: KeySource) -> bool:
    """Tell whether *signature* is that of exactly these bytes.

    Args:
        body: The body as it came, not decoded and encoded again.
        signature: The value of ``x-content-signature``; None when there was none.
        key: The signing key, or a function that finds it by the body's ``key_url``
            (``KeyFetcher``).

    Raises:
        UntrustedKeyUrlError: The fetcher does not trust the URL that the body names.
        requests.RequestException: The key could not be fetched.
    """
    try:
        sent = base64.b64decode(signature or "", validate=True)
    except (binascii.Error, ValueError):
        return False
    if callable(key):
        url = key_url(body)
        if url is None:
            return False
        key = key(url)
    expected = base64.b64decode(signature_of(body, key))
    return hmac.compare_digest(sent, expected)


def key_url(body: bytes) -> str | None:
    """Return the place of the signing key that a callback names, or None."""
    try:
        document = json.loads(body)
        found = document["Metadata"]["key_url"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return found if isinstance(found, str) else None


class KeyFetcher:
    """Finds signing keys by their URL and remembers them.

    Whoever forges a callback chooses its ``key_url``, too: only the hosts named here are asked.

    Args:
        hosts: The trusted hosts, without port.
        session: Sends the requests; by default a new one.
    """

    def __init__(
        self, hosts: Collection[str] = LOOPBACK, session: requests.Session | None = None
    ) -> None:
        self._hosts = frozenset(host.casefold() for host in hosts)
        self._session = session or requests.Session()
        self._keys: dict[str, str] = {}

    def __call__(self, url: str) -> str:
        """Return the signing key at *url*.

        Raises:
            UntrustedKeyUrlError: Its host is not one of those named.
            requests.RequestException: It could not be fetched, or the answer holds no key.
        """
        if url not in self._keys:
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or parts.hostname not in self._hosts:
                raise UntrustedKeyUrlError(f"{url!r} is at none of: {', '.join(self._hosts)}")
            self._keys[url] = self._fetched(url)
        return self._keys[url]

    def _fetched(self, url: str) -> str:
        answer = self._session.get(url, timeout=KEY_TIMEOUT_S, allow_redirects=False)
        answer.raise_for_status()
        try:
            key = answer.json()["signing_key"]
        except (LookupError, TypeError):
            key = None
        if not isinstance(key, str):
            raise requests.exceptions.InvalidJSONError(f"{url} answers no signing_key")
        return key


@dataclass(frozen=True)
class ReceivedCallback:
    """One callback as it came.

    Attributes:
        path: Path and query that were posted to.
        headers: By name, in lower case.
        body: The exact bytes.
        verified: Whether the signature is right; None when nobody checked.
    """

    path: str
    headers: Mapping[str, str]
    body: bytes
    verified: bool | None = None

    @property
    def json(self) -> Any:
        """Return the decoded body."""
        return json.loads(self.body)

    @property
    def entity(self) -> Any:
        """Return the decoded ``Entity``, None for a record that was deleted."""
        text = self.json.get("Entity")
        return None if text is None else json.loads(text)

    @property
    def query(self) -> dict[str, str]:
        """Return the parameters of the query."""
        pairs = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return {name: values[-1] for name, values in pairs.items()}


@dataclass
class _Inbox:
    """What a receiver shares with the threads of its server."""

    key: KeySource | None
    statuses: list[int] = field(default_factory=list)
    received: list[ReceivedCallback] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """Keep a callback and return the status to answer."""
        verified = None if self.key is None else self._verified(headers, body, self.key)
        with self.changed:
            self.received.append(ReceivedCallback(path, headers, body, verified))
            self.changed.notify_all()
            status = self.statuses.pop(0) if self.statuses else ANSWER
        return 401 if verified is False else status

    @staticmethod
    def _verified(headers: Mapping[str, str], body: bytes, key: KeySource) -> bool:
        try:
            return verify_signature(body, headers.get(SIGNATURE_HEADER), key)
        except (UntrustedKeyUrlError, requests.RequestException):
            return False


class CallbackReceiver:
    """A small HTTP server on this machine that collects callbacks and checks their signatures.

    Args:
        key: The signing key, a function that finds it by the ``key_url`` (``KeyFetcher()``), or
            None to check nothing. What does not bear the right signature is answered 401.
        port: The port, 0 for a free one.
    """

    def __init__(self, key: KeySource | None = None, *, port: int = 0) -> None:
        self._inbox = _Inbox(key)
        self._server = _Server(("127.0.0.1", port), _Handler, self._inbox)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="callback-receiver", daemon=True
        )

    @property
    def url(self) -> str:
        """Return the URL to register: the record's id is appended to it as text."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/callbacks?id="

    @property
    def received(self) -> list[ReceivedCallback]:
        """Return what came so far, oldest first."""
        with self._inbox.changed:
            return list(self._inbox.received)

    def answer(self, *statuses: int) -> None:
        """Answer the next callbacks with these statuses, one each; afterwards with 204 again."""
        with self._inbox.changed:
            self._inbox.statuses[:] = statuses

    def clear(self) -> None:
        """Forget what came."""
        with self._inbox.changed:
            self._inbox.received.clear()

    def wait_for(self, count: int = 1, timeout_s: float = 10.0) -> list[ReceivedCallback]:
        """Return what came as soon as it is *count* callbacks.

        Raises:
            TimeoutError: There are fewer after *timeout_s* seconds; the message says how many.
        """
        inbox = self._inbox
        with inbox.changed:
            if not inbox.changed.wait_for(lambda: len(inbox.received) >= count, timeout_s):
                raise TimeoutError(
                    f"{len(inbox.received)} of {count} callbacks came in {timeout_s} seconds"
                )
            return list(inbox.received)

    def start(self) -> Self:
        """Listen, and return the receiver."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], inbox: _Inbox
    ) -> None:
        self.inbox = inbox
        super().__init__(address, handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > BODY_BYTES_MAX:
            self._answer(413 if length.isdigit() else 411)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._answer(self.server.inbox.take(self.path, headers, self.rfile.read(int(length))))

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status != ANSWER:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base's name
        """Print nothing."""
