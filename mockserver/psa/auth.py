"""Who sends a PSA request: API keys, the clientId, the codebase in the path."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Request

from mockserver.core.errors import (
    ClientIdMissing,
    NotRouted,
    Unauthenticated,
    UnsupportedVersion,
)
from mockserver.core.tenant import Tenant
from mockserver.core.world import DEFAULT_TENANT, World
from mockserver.psa.profile import PsaProfile
from mockserver.web.exchange import Caller

CODEBASE = "v4_6_release"
VENDOR_TYPE = "application/vnd.connectwise.com+json"
VERSION = re.compile(r"version\s*=\s*\"?([\w.]+)\"?", re.ASCII)
OLD_VERSIONS = frozenset({"3.0.0", "3.0.1"})
RELEASE = re.compile(r"(20\d\d)\.(\d{1,2})", re.ASCII)
FIRST_RELEASE = (2018, 4)


@dataclass(frozen=True)
class Key:
    """A pair of API keys: its member's login name and what it may do."""

    private: str
    login: str
    writes: bool = True


@dataclass(frozen=True)
class Credentials:
    """The accounts of one tenant.

    Attributes:
        company: The login company id; compared case-insensitively (psa facts 1.6).
        keys: By public key or integrator login.
        client_id: A clientId to show in examples; any non-empty one is accepted.
    """

    company: str
    keys: Mapping[str, Key]
    client_id: str = "00000000-0000-4000-8000-000000000000"

    @property
    def logins(self) -> tuple[str, ...]:
        """Return the names that select the tenant."""
        return (self.company,)

    @property
    def main(self) -> tuple[str, str]:
        """Return the public and private key of the member with all rights."""
        public = next(iter(self.keys))
        return public, self.keys[public].private


def credentials(tenant: str) -> Credentials:
    """Return the accounts of a new tenant (interface section 4)."""
    mark = "" if tenant == DEFAULT_TENANT else f"-{tenant}"
    return Credentials(
        company=f"company{mark}",
        keys={
            f"publickey{mark}": Key("privatekey", "Admin1"),
            f"readonlykey{mark}": Key("readonlyprivate", "ReadOnly", writes=False),
            f"integratorlogin{mark}": Key("integratorpassword", "Integrator"),
        },
    )


def authorization(tenant: Tenant, key: str) -> dict[str, str]:
    """Return the headers with which *key* proves itself now; none for an unknown key."""
    accounts = tenant.credentials["psa"]
    known = accounts.keys.get(key)
    if known is None:
        return {}
    pair = f"{accounts.company}+{key}:{known.private}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def authenticate(world: World, request: Request, codebase: str) -> Caller:
    """Return the caller that the request's headers name.

    Raises:
        NotRouted: The codebase or the company belongs to nobody (psa facts 1.5).
        Unauthenticated: The keys are missing, malformed or wrong (psa facts 1.4).
        ClientIdMissing: There is no clientId, or one that is not on the list (psa facts 1.3).
    """
    company, public, private = _parts(request.headers.get("Authorization", ""))
    tenant = tenant_of(world, company)
    _check_codebase(tenant, codebase)
    key = tenant.credentials["psa"].keys.get(public)
    if key is None or not hmac.compare_digest(
        key.private.encode(), private.encode("utf-8", "surrogatepass")
    ):
        raise Unauthenticated
    client_id = request.headers.get("clientId", "") or request.args.get("clientId", "")
    if not client_id or (world.plan.clients and client_id not in world.plan.clients):
        raise ClientIdMissing
    return Caller(tenant, public, key.login, key.writes, tenant.profiles["psa"].name)


def stranger(world: World, request: Request) -> Caller:
    """Return a caller without rights, of the tenant whose company the header names if it can."""
    try:
        tenant = tenant_of(world, _parts(request.headers.get("Authorization", ""))[0])
    except (NotRouted, Unauthenticated):
        tenant = world.default
    return Caller(tenant, None)


def _parts(header: str) -> tuple[str, str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.casefold() != "basic":
        raise Unauthenticated("missing" if not header else "malformed")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise Unauthenticated("malformed") from None
    user, colon, private = text.partition(":")
    company, plus, public = user.partition("+")
    if not (colon and plus and company and public):
        raise Unauthenticated("malformed")
    return company, public, private


def tenant_of(world: World, company: str) -> Tenant:
    """Return the tenant with this login company id; NotRouted when there is none."""
    tenant = world.tenant_of("psa", company)
    if tenant is None:
        raise NotRouted
    return tenant


def _check_codebase(tenant: Tenant, codebase: str) -> None:
    profile = tenant.profiles["psa"]
    assert isinstance(profile, PsaProfile)
    allowed = {CODEBASE, current_codebase(profile)}
    if profile.company_as_codebase:
        allowed.add(tenant.credentials["psa"].company.casefold())
    if codebase.casefold() not in allowed:
        raise NotRouted


def current_codebase(profile: PsaProfile) -> str:
    """Return the codebase of the newest release (``v2026_4``)."""
    return f"v{profile.version.replace('.', '_')}"


def version_asked(request: Request, profile: PsaProfile) -> str | None:
    """Return the model version in the Accept header, or None.

    Only the first media type counts (psa facts 2.3).

    Raises:
        UnsupportedVersion: No release had this version (psa facts 2.4).
    """
    first = request.headers.get("Accept", "").split(",")[0]
    if VENDOR_TYPE not in first.casefold():
        return None
    found = VERSION.search(first)
    if found is None:
        return profile.version
    version = found.group(1)
    if version not in OLD_VERSIONS and not _released(version, profile.version):
        raise UnsupportedVersion(version)
    return version


def _released(version: str, newest: str) -> bool:
    found, last = RELEASE.fullmatch(version), RELEASE.fullmatch(newest)
    assert last is not None
    if found is None:
        return False
    return FIRST_RELEASE <= _numbers(found) <= _numbers(last)


def _numbers(found: re.Match[str]) -> tuple[int, int]:
    return int(found.group(1)), int(found.group(2))
