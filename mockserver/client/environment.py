"""Settings from arguments or from the environment, by the names that the seeds use."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from mockserver.client.errors import SettingMissing
from mockserver.client.secrets import Secret

DEFAULT_SITE = "api-na.myconnectwise.net"


@dataclass(frozen=True)
class PsaSettings:
    """How to reach PSA (seeds 002 and 004).

    Attributes:
        company: ``CONNECTWISE_COMPANY_ID``.
        public_key: ``CONNECTWISE_PUBLIC_KEY``.
        private_key: ``CONNECTWISE_PRIVATE_KEY``.
        client_id: ``CONNECTWISE_CLIENT_ID``.
        site: ``CONNECTWISE_SITE``: a host name, or a URL with its scheme.
    """

    company: str
    public_key: str
    private_key: str = field(repr=False)
    client_id: str = field(repr=False)
    site: str

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **given: str | None) -> "PsaSettings":
        """Return the settings *given*, the others from the environment.

        Raises:
            SettingMissing: One is neither given nor there.
        """
        names = {
            "company": "CONNECTWISE_COMPANY_ID",
            "public_key": "CONNECTWISE_PUBLIC_KEY",
            "private_key": "CONNECTWISE_PRIVATE_KEY",
            "client_id": "CONNECTWISE_CLIENT_ID",
        }
        values = os.environ if environ is None else environ
        found = {name: _value(name, (key,), values, given) for name, key in names.items()}
        found["private_key"] = Secret(found["private_key"])
        site = given.get("site") or values.get("CONNECTWISE_SITE") or DEFAULT_SITE
        return cls(site=site, **found)


@dataclass(frozen=True)
class AutomateSettings:
    """How to reach Automate (seeds 000 and 001).

    Attributes:
        server: ``CONNECTWISE_AUTOMATE_SERVER``: a host name, or a URL with its scheme.
        username: ``CONNECTWISE_AUTOMATE_USERNAME``, or ``…_USER``.
        password: ``CONNECTWISE_AUTOMATE_PASSWORD``, or ``…_PASS``.
        two_factor: ``CONNECTWISE_AUTOMATE_2FA``: the key (base32) or a code; may be absent.
        client_id: ``CONNECTWISE_CLIENT_ID``; may be absent (automate facts 20).
    """

    server: str
    username: str
    password: str = field(repr=False)
    two_factor: str | None = field(default=None, repr=False)
    client_id: str | None = field(default=None, repr=False)

    @classmethod
    def load(
        cls, environ: Mapping[str, str] | None = None, **given: str | None
    ) -> "AutomateSettings":
        """Return the settings *given*, the others from the environment.

        Raises:
            SettingMissing: The server, the name or the password is neither given nor there.
        """
        prefix = "CONNECTWISE_AUTOMATE_"
        values = os.environ if environ is None else environ
        # The integrator's pair goes before the user's: a pair is never mixed.
        pair = ("USERNAME", "PASSWORD")
        if f"{prefix}USERNAME" not in values and f"{prefix}USER" in values:
            pair = ("USER", "PASS")
        two_factor = given.get("two_factor") or values.get(f"{prefix}2FA")
        return cls(
            server=_value("server", (f"{prefix}SERVER",), values, given),
            username=_value("username", (prefix + pair[0],), values, given),
            password=Secret(_value("password", (prefix + pair[1],), values, given)),
            two_factor=Secret(two_factor) if two_factor else None,
            client_id=given.get("client_id") or values.get("CONNECTWISE_CLIENT_ID"),
        )


def _value(
    name: str, keys: tuple[str, ...], environ: Mapping[str, str], given: Mapping[str, str | None]
) -> str:
    found = given.get(name) or next(filter(None, map(environ.get, keys)), None)
    return found or _missing(name, keys)


def _missing(name: str, keys: tuple[str, ...]) -> NoReturn:
    # Raised here, since a traceback shows what the function was called with: not the environment.
    raise SettingMissing(f"{name} is missing: pass it or set {' or '.join(keys)}")


def root_url(address: str) -> str:
    """Return the root of a host name or URL, without a slash at the end; https by default."""
    address = address.strip().rstrip("/")
    return address if "://" in address else f"https://{address}"
