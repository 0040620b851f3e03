"""The settings of `cwmock serve`: where they come from and what they may be.

A flag beats the environment (``CWMOCK_<NAME>``), which beats the TOML file, which beats the
default. Whatever the source, a value is text until the one parser of its setting has read it.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, Self

PORT_MAX = 65535
SQLITE = "sqlite:///"

Profile = Literal["documented", "observed"]
LogFormat = Literal["text", "json"]


class BadSetting(Exception):
    """A setting that cannot be used.

    Args:
        name: The setting (``rate-limit``).
        message: What is wrong with it.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name, self.message = name, message


class Given(Enum):
    """Marks a setting that nobody gave, where None means something else."""

    BY_PROFILE = "by profile"


BY_PROFILE: Final = Given.BY_PROFILE


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


@dataclass(frozen=True)
class Settings:
    """How the emulator is to run.

    Attributes:
        host: The address to listen on.
        port: The port, 0 for a free one.
        seed: The number that the default world and every chance follow from.
        size: ``tiny``, ``default``, ``large`` or a number of tickets.
        world: A folder that `cwmock world` wrote; it takes the place of seed and size.
        store: ``memory`` or ``sqlite:///FILE``.
        profile: The profile of the default tenant.
        rate_limit: Of every key; None for no limit, BY_PROFILE if nobody said.
        token_ttl_s: How long a token lives.
        clock: How the clocks of the tenants run.
        tls: Whether to speak TLS.
        require_ssl: Whether requests over plain HTTP are refused as the vendors do.
        allow_fault_header: Whether ``X-Mock-Fault`` is obeyed.
        hints: Whether answers carry ``X-Mock-Hint``.
        admin_token: What the control plane asks for unless it listens on this machine alone.
        allow_host: Further names under which the control plane may be reached.
        allow_callback_host: The hosts beside this machine that callbacks are sent to.
        client_id: The clientIds that PSA accepts; none for any.
        callback_ca: Certificates to trust when a callback is sent over HTTPS.
        log_format: How the ready line is written.
        quiet: Whether nothing is printed besides the ready line.
        specs: Files that describe operations to be served beside the vendors' own.
        config: The TOML file that was read.
        quirks: Single quirks of the profiles set otherwise, by vendor; from the file alone.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    seed: int = 42
    size: str = "default"
    world: Path | None = None
    store: str = "memory"
    profile: Profile = "documented"
    rate_limit: RateLimit | Given | None = BY_PROFILE
    token_ttl_s: int = 14400
    clock: ClockSetting = ClockSetting()
    tls: bool = False
    require_ssl: bool = False
    allow_fault_header: bool = False
    hints: bool = True
    admin_token: str | None = None
    allow_host: frozenset[str] = frozenset()
    allow_callback_host: frozenset[str] = frozenset()
    client_id: frozenset[str] = frozenset()
    callback_ca: Path | None = None
    log_format: LogFormat = "text"
    quiet: bool = False
    specs: tuple[str, ...] = ()
    config: Path | None = None
    quirks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, flags: Mapping[str, object], environ: Mapping[str, str]) -> Self:
        """Return the settings that flags, environment and file amount to.

        Args:
            flags: By name (``rate-limit`` or ``rate_limit``); None for a flag that was not given.
            environ: The environment of the process.

        Raises:
            BadSetting: A value, or the file, cannot be used.
        """
        given = {name.replace("_", "-"): value for name, value in flags.items()}
        found = _from_flags(given), _from_environment(environ)
        path = next((each["config"] for each in found if "config" in each), None)
        read = _read(Path(path.text)) if path else {}
        values: dict[str, Any] = {"quirks": _quirks(read.pop("quirks", {}))}
        file = _from_file(Path(path.text), read) if path else {}
        for name, parse in _PARSERS.items():
            source = next((each[name] for each in (*found, file) if name in each), None)
            if source is not None:
                values[_FIELDS.get(name, name.replace("-", "_"))] = _parsed(name, parse, source)
        return cls(**values)

    @property
    def store_file(self) -> str | None:
        """Return the path of the file that keeps the data, None if memory does."""
        return None if self.store == "memory" else self.store.removeprefix(SQLITE)


class _Source(NamedTuple):
    text: str
    place: str


def _from_flags(flags: Mapping[str, object]) -> dict[str, _Source]:
    return {
        name: _Source(_text(name, value), f"--{name}")
        for name, value in flags.items()
        if value is not None and value != ()
    }


def _from_environment(environ: Mapping[str, str]) -> dict[str, _Source]:
    # An empty variable is how compose files spell one that is not set.
    keys = {name: "CWMOCK_" + name.upper().replace("-", "_") for name in _PARSERS}
    return {name: _Source(environ[key], key) for name, key in keys.items() if environ.get(key)}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSetting("config", f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise BadSetting("config", f"{path} is not TOML: {error}") from error


def _quirks(given: object) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(given, dict) or not all(isinstance(each, dict) for each in given.values()):
        raise BadSetting("quirks", "must be tables, [quirks.psa] or [quirks.automate]")
    return given


def _from_file(path: Path, read: Mapping[str, Any]) -> dict[str, _Source]:
    values = {key.replace("_", "-"): value for key, value in read.items()}
    unknown = sorted(values.keys() - (_PARSERS.keys() - {"config"}))
    if unknown:
        raise BadSetting("config", f"{path} has unknown keys: {', '.join(unknown)}")
    return {name: _Source(_text(name, value), str(path)) for name, value in values.items()}


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float, Path)):
        return str(value)
    if name in _LISTS and isinstance(value, (list, tuple)):
        return ",".join(_text("", each) for each in value)
    raise BadSetting(name, f"{value!r} is not a single value")


def _parsed(name: str, parse: Callable[[str], object], source: _Source) -> object:
    try:
        return parse(source.text.strip())
    except ValueError as error:
        told = "what was given" if name in _SECRETS else repr(source.text)
        message = f"{told} is not {error} (from {source.place})"
        raise BadSetting(name, message) from error


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
    raise ValueError("memory or sqlite:///FILE")


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


_PARSERS: Mapping[str, Callable[[str], object]] = MappingProxyType(
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
    }
)
#: Settings that may be several, separated by commas in the environment.
_LISTS = frozenset({"allow-host", "allow-callback-host", "client-id", "spec"})
#: Settings that are never shown.
_SECRETS = frozenset({"admin-token"})
_FIELDS: Mapping[str, str] = MappingProxyType({"token-ttl": "token_ttl_s", "spec": "specs"})
