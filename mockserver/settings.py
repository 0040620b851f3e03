"""The settings of `cwmock serve`: where they come from and what they may be.

A flag beats the environment (``CWMOCK_<NAME>``), which beats the TOML file, which beats the
default. Whatever the source, a value is text until the one parser of its setting has read it.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, Self

from mockserver.core.volatile import MemberPath
from mockserver.setting_values import (
    ACCOUNT,
    LISTS,
    PARSERS,
    SECRETS,
    SQLITE,
    ClockSetting,
    RateLimit,
)

Profile = Literal["documented", "observed"]
LogFormat = Literal["text", "json"]

_FIELDS: Mapping[str, str] = MappingProxyType({"token-ttl": "token_ttl_s", "spec": "specs"})


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
class Settings:
    """How the emulator is to run.

    Attributes:
        host: The address to listen on.
        port: The port, 0 for a free one.
        seed: The number that the default world and every chance follow from.
        size: ``tiny``, ``default``, ``large`` or a number of tickets.
        world: A folder that `cwmock world` wrote; it takes the place of seed and size.
        store: ``memory``, ``sqlite:///FILE`` or ``postgresql://…``.
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
        volatile: Members of bodies that do not count when grading compares requests.
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
    clock: ClockSetting = field(default_factory=ClockSetting)
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
    volatile: tuple[MemberPath, ...] = ()
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
        for name, parse in PARSERS.items():
            source = next((each[name] for each in (*found, file) if name in each), None)
            if source is not None:
                values[_FIELDS.get(name, name.replace("-", "_"))] = _parsed(name, parse, source)
        return cls(**values)

    @property
    def store_file(self) -> str | None:
        """Return the path of the file that keeps the data, None if memory does."""
        return self.store.removeprefix(SQLITE) if self.store.startswith(SQLITE) else None

    @property
    def store_database(self) -> str | None:
        """Return the URL of the database that several processes share, None for none."""
        return None if self.store == "memory" or self.store_file else self.store


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
    keys = {name: "CWMOCK_" + name.upper().replace("-", "_") for name in PARSERS}
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
    unknown = sorted(values.keys() - (PARSERS.keys() - {"config"}))
    if unknown:
        raise BadSetting("config", f"{path} has unknown keys: {', '.join(unknown)}")
    return {name: _Source(_text(name, value), str(path)) for name, value in values.items()}


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float, Path)):
        return str(value)
    if name in LISTS and isinstance(value, (list, tuple)):
        return ",".join(_text("", each) for each in value)
    raise BadSetting(name, f"{value!r} is not a single value")


def _parsed(name: str, parse: Callable[[str], object], source: _Source) -> object:
    try:
        return parse(source.text.strip())
    except ValueError as error:
        told = "what was given" if name in SECRETS else repr(ACCOUNT.sub("", source.text))
        message = f"{told} is not {error} (from {source.place})"
        raise BadSetting(name, message) from error
