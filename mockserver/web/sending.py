"""Handing webhook messages over: to this machine only, unless a host is allowed by name.

An emulator that posts wherever it is told to would be a way into networks that its users cannot
reach themselves. So a target must be allowed, its name is resolved once and the connection goes to
exactly that address, redirects are not followed, and only the beginning of an answer is read.
"""

import http.client
import io
import socket
import ssl
from collections.abc import Collection
from typing import Any
from urllib.parse import quote, urlsplit

from mockserver.core.clock import machine_seconds
from mockserver.core.deliveries import Message, Outcome
from mockserver.core.loopback import is_loopback

RESPONSE_BYTES_MAX = 4_096
#: A family and what ``connect`` wants.
Address = tuple[int, Any]
_PORTS = {"http": 80, "https": 443}


class Blocked(Exception):
    """The target is not allowed; the message says why."""


class HttpSender:
    """Posts messages.

    Args:
        hosts: The names and addresses that are allowed besides those of this machine.
        ca_file: Certificates to trust besides those of the machine.
    """

    def __init__(self, hosts: Collection[str] = (), ca_file: str | None = None) -> None:
        self._hosts = frozenset(host.casefold().strip("[]") for host in hosts)
        self._ca_file = ca_file

    def __call__(self, message: Message, timeout_s: float) -> Outcome:
        """Post a message and return what came of it; a receiver may take *timeout_s* in all."""
        started_s = machine_seconds()
        try:
            status, text = self._posted(message, started_s + timeout_s)
        except Blocked as reason:
            return Outcome(error=str(reason), blocked=True)
        except TimeoutError:
            error = f"no answer within {timeout_s:g} seconds"
        except (OSError, http.client.HTTPException, ValueError) as failure:
            error = _told(failure)
        else:
            return Outcome(status, response=text, duration_ms=_since_ms(started_s))
        return Outcome(error=error, duration_ms=_since_ms(started_s))

    def _posted(self, message: Message, until_s: float) -> tuple[int, str]:
        parts = urlsplit(message.url)
        host, scheme = parts.hostname or "", parts.scheme.casefold()
        port = parts.port or _PORTS[scheme]
        addresses = self._addresses(host, port)
        with _connected(addresses, until_s) as raw, self._secured(raw, scheme, host) as link:
            connection = _Connection(host, port, link, until_s)
            connection.request("POST", _target(parts.path, parts.query), *_sent(message))
            with connection.getresponse() as answer:
                kept = answer.read(RESPONSE_BYTES_MAX)
                return answer.status, kept.decode("utf-8", "replace")

    def _addresses(self, host: str, port: int) -> list[Address]:
        """Return what to connect to: resolved once, never looked up again."""
        named = host.casefold()
        if named not in self._hosts and not is_loopback(named):
            raise Blocked(
                f"{host} is not this machine; start the server with --allow-callback-host {host}"
            )
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if named not in self._hosts:
            found = [each for each in found if is_loopback(str(each[4][0]))]
        return [(each[0], each[4]) for each in found]

    def _secured(self, raw: socket.socket, scheme: str, host: str) -> socket.socket:
        if scheme != "https":
            return raw
        context = ssl.create_default_context()
        if self._ca_file:
            context.load_verify_locations(self._ca_file)
        return context.wrap_socket(raw, server_hostname=host)


def _connected(addresses: list[tuple[int, tuple[str | int, ...]]], until_s: float) -> socket.socket:
    """Return a connection to the first address that takes one."""
    failure: OSError = OSError("the name has no address")
    for family, address in addresses:
        link = socket.socket(family, socket.SOCK_STREAM)
        try:
            link.settimeout(_left_s(until_s))
            link.connect(address)
        except OSError as error:
            link.close()
            failure = error
        else:
            return link
    raise failure


def _left_s(until_s: float) -> float:
    left_s = until_s - machine_seconds()
    if left_s <= 0:
        raise TimeoutError
    return left_s


class _Connection(http.client.HTTPConnection):
    """An HTTP connection over a socket that is there already, all of it within a time."""

    def __init__(self, host: str, port: int, link: socket.socket, until_s: float) -> None:
        super().__init__(host, port)
        link.settimeout(_left_s(until_s))
        self.sock: Any = _Timed(link, until_s)  # what http.client uses of one

    def connect(self) -> None:
        """Do nothing: the connection is there."""


class _Timed:
    """What ``http.client`` uses of a socket; every read ends when the whole time is over."""

    def __init__(self, link: socket.socket, until_s: float) -> None:
        self._link, self._until_s = link, until_s

    def sendall(self, data: bytes) -> None:
        self._link.settimeout(_left_s(self._until_s))
        self._link.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reads(self._link, self._until_s))

    def close(self) -> None:
        """Leave the socket to whoever opened it."""


class _Reads(io.RawIOBase):
    def __init__(self, link: socket.socket, until_s: float) -> None:
        self._link, self._until_s = link, until_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._link.settimeout(_left_s(self._until_s))
        return self._link.recv_into(buffer)


def _target(path: str, query: str) -> str:
    safe = "%/:=&?~#+!$,;'@()*[]|"
    target = quote(path or "/", safe)
    return f"{target}?{quote(query, safe)}" if query else target


def _sent(message: Message) -> tuple[bytes, dict[str, str]]:
    return message.body.encode(), {"User-Agent": "cwmock", "Connection": "close", **message.headers}


def _told(failure: Exception) -> str:
    reason = getattr(failure, "strerror", None) or str(failure) or type(failure).__name__
    return f"{type(failure).__name__}: {reason}"


def _since_ms(started_s: float) -> float:
    return (machine_seconds() - started_s) * 1_000
