"""What each setting of `cwmock serve` may be: a parser from text for each.

A parser raises ValueError with what would have been right (``a port from 0 to 65535``).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from mockserver.core.volatile import MemberPath, volatile_path

PORT_MAX = 65535
SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgres://")
#: Name and password in a URL, which are not repeated.
ACCOUNT = re.compile(r"(?<=://)[^/]*@")


@dataclass(frozen=True)
class RateLimit:
    """So many requests in so many seconds."""

    requests: int
    window_s: int


@dataclass(frozen=True)
class ClockSetting:
    """How the clocks run: *scale* seconds pass per real second unless they are frozen."""

    frozen: bool = False
    scale: float = 1.0


def _integer(low: int, high: int, what: str) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # Not every text that int() takes: no underscores, no digits of other scripts.
        if not re.fullmatch(r"-?[0-9]{1,18}", text) or not low <= int(text) <= high:
            raise ValueError(what)
        return int(text)

    return parse


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.casefold() not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text.casefold()

    return parse


def _flag(text: str) -> bool:
    if text.casefold() in {"1", "true", "yes", "on"}:
        return True
    if text.casefold() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("one of true, false")


def _host(text: str) -> str:
    if not text or re.search(r"[\s/]", text):
        raise ValueError("a host name or address")
    return text


def _hosts(text: str) -> frozenset[str]:
    return frozenset(_host(each.strip()).casefold() for each in text.split(",") if text)


def _client_ids(text: str) -> frozenset[str]:
    return frozenset(each.strip() for each in text.split(",")) - {""}


def _secret(text: str) -> str:
    if not re.fullmatch(r"[!-~]{1,200}", text):
        raise ValueError("a text of 1 to 200 visible ASCII characters")
    return text


def _size(text: str) -> str:
    if text.casefold() in {"tiny", "default", "large"}:
        return text.casefold()
    return str(_integer(1, 10_000_000, "tiny, default, large or a number of tickets")(text))


def _store(text: str) -> str:
    file = text.removeprefix(SQLITE) if text.startswith(SQLITE) else ""
    # SQLAlchemy would read :memory: as a memory of its own, which is what "memory" is for.
    if text == "memory" or (file and file != ":memory:" and "\0" not in file):
        return text
    if text.startswith(POSTGRESQL) and urlsplit(text).path.strip("/"):
        return text
    raise ValueError("memory, sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE")


def _volatile(text: str) -> tuple[MemberPath, ...]:
    return tuple(volatile_path(each) for each in text.split(",") if each.strip())


def _files(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


_WINDOWS_S: Mapping[str, int] = MappingProxyType(
    {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
)


def _rate_limit(text: str) -> RateLimit | None:
    if text.casefold() == "off":
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,8})/(?:(second|minute|hour|day)|([1-9][0-9]{0,6})s)", text)
    if match is None:
        raise ValueError("off or a limit such as 60/minute, 5/second or 20/5s")
    requests, unit, seconds = match.groups()
    return RateLimit(int(requests), _WINDOWS_S[unit] if unit else int(seconds))


def _clock(text: str) -> ClockSetting:
    if text.casefold() in {"real", "frozen"}:
        return ClockSetting(frozen=text.casefold() == "frozen")
    match = re.fullmatch(r"[xX]([0-9]{1,9}(?:\.[0-9]{1,9})?)", text)
    if match is None or not float(match[1]) > 0:
        raise ValueError("real, frozen or xN with a positive N")
    return ClockSetting(scale=float(match[1]))


PARSERS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "config": Path,
        "host": _host,
        "port": _integer(0, PORT_MAX, f"a port from 0 to {PORT_MAX}"),
        "seed": _integer(0, 2**63 - 1, "a whole number of at least 0"),
        "size": _size,
        "world": Path,
        "store": _store,
        "profile": _one_of("documented", "observed"),
        "rate-limit": _rate_limit,
        "token-ttl": _integer(1, 10**9, "a whole number of seconds, at least 1"),
        "clock": _clock,
        "tls": _flag,
        "require-ssl": _flag,
        "allow-fault-header": _flag,
        "hints": _flag,
        "admin-token": _secret,
        "allow-host": _hosts,
        "allow-callback-host": _hosts,
        "client-id": _client_ids,
        "callback-ca": Path,
        "log-format": _one_of("text", "json"),
        "quiet": _flag,
        "spec": _files,
        "volatile": _volatile,
    }
)
#: Settings that may be several, separated by commas in the environment.
LISTS = frozenset({"allow-host", "allow-callback-host", "client-id", "spec", "volatile"})
#: Settings that are never shown.
SECRETS = frozenset({"admin-token"})
