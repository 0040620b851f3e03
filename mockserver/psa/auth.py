"""Who sends a PSA request: keys or cookies, the clientId, the codebase in the path."""

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
    UnknownEndpoint,
    UnsupportedVersion,
)
from mockserver.core.tenant import Tenant
from mockserver.core.world import DEFAULT_TENANT, World
from mockserver.psa import keys, security
from mockserver.psa.profile import PsaProfile
from mockserver.web.exchange import Caller

CODEBASE = "v4_6_release"
VENDOR_TYPE = "application/vnd.connectwise.com+json"
VERSION = re.compile(r"version\s*=\s*\"?([\w.]+)\"?", re.ASCII | re.IGNORECASE)
#: A base that a client put before a path that has one already.
DOUBLED = re.compile(r"/apis/+3\.0/.*/apis/+3\.0(/|$)", re.ASCII | re.IGNORECASE)
#: A release has a year and, within it, at most the number of a month.
RELEASE = re.compile(r"(20\d\d)\.([1-9]|1[0-2])", re.ASCII)
MEMBER, INTEGRATOR = "member", security.INTEGRATOR
#: Where else than among the first accounts a name may be found, and what that makes its caller.
KINDS = ((keys.PAIR, MEMBER), (keys.HASH, MEMBER), (keys.INTEGRATOR, INTEGRATOR))


@dataclass(frozen=True)
class Key:
    """A pair of API keys and the name of the member (or integrator login) that it belongs to."""

    private: str
    login: str
    kind: str = MEMBER


@dataclass(frozen=True)
class Credentials:
    """The accounts that a tenant starts with.

    Attributes:
        company: The login company id; compared case-insensitively (psa facts 1.6).
        keys: By public key or integrator login.
        passwords: Of members, by login name.
        client_id: A clientId to show in examples; any non-empty one is accepted.
    """

    company: str
    keys: Mapping[str, Key]
    passwords: Mapping[str, str]
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
            f"readonlykey{mark}": Key("readonlyprivate", "ReadOnly"),
            f"integratorlogin{mark}": Key("integratorpassword", "integratorlogin", INTEGRATOR),
        },
        passwords={"Admin1": "admin-password"},
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
    company, public, private = _given(request)
    tenant = tenant_of(world, company)
    if _profile(tenant).cloud and DOUBLED.search(request.path):
        # Recorded: a base that a client put in twice (psa facts 1.5).
        raise NotRouted("single base", request.path)
    _check_codebase(tenant, codebase)
    caller = _caller(tenant, request, public, private)
    if _profile(tenant).client_id_first:
        _check_client_id(world, request)
    if caller is None or not security.is_active(caller):
        raise Unauthenticated
    _check_client_id(world, request)
    return caller


def _check_client_id(world: World, request: Request) -> None:
    # Psa facts 1.2: the vendor's own library sends it as a cookie, one client in the query.
    client_id = (
        request.headers.get("clientId", "")
        or request.args.get("clientId", "")
        or request.cookies.get("cw-app-id", "")
    )
    if not client_id.strip() or not _listed(world, client_id):
        raise ClientIdMissing(client_id)


def _listed(world: World, client_id: str) -> bool:
    """Tell whether a clientId is accepted; GUIDs are compared without case."""
    known = world.plan.clients
    return not known or client_id.casefold() in {each.casefold() for each in known}


def _caller(tenant: Tenant, request: Request, public: str, private: str) -> Caller | None:
    """Return whose keys these are, among those of the kind that ``x-cw-usertype`` asks for."""
    asked = request.headers.get("x-cw-usertype", "")
    wanted = {asked.casefold()} & {MEMBER, INTEGRATOR} or {MEMBER, INTEGRATOR}
    first = tenant.credentials["psa"].keys.get(public)
    if first and first.kind in wanted and _same(first.private, private):
        return _known(tenant, public, first.login, first.kind)
    records = tenant.records["psa"]
    for sort, kind in KINDS:
        found = keys.found(records, sort, public, private) if kind in wanted else None
        if found:
            return _known(tenant, public, found["login"], kind)
    return None


def _known(tenant: Tenant, public: str, login: str, kind: str) -> Caller:
    profile = _profile(tenant)
    purse = _purse(tenant, login) if profile.quota_per_member and kind == MEMBER else None
    return Caller(tenant, public, login, dialect=profile.name, kind=kind, purse=purse)


def _purse(tenant: Tenant, login: str) -> str:
    """Return what all keys of a member spend: the quota of the one that the tenant came with."""
    own = tenant.credentials["psa"].keys.items()
    wanted = login.casefold()
    first = (name for name, key in own if key.kind == MEMBER and key.login.casefold() == wanted)
    return next(first, f"member {wanted}")


def _same(kept: str, given: str) -> bool:
    return hmac.compare_digest(kept.encode(), given.encode("utf-8", "surrogatepass"))


def stranger(world: World, request: Request) -> Caller:
    """Return a caller without rights, of the tenant whose company the request names if it can."""
    try:
        tenant = tenant_of(world, _given(request)[0])
    except (NotRouted, Unauthenticated):
        tenant = world.default
    return Caller(tenant, None)


def _given(request: Request) -> tuple[str, str, str]:
    """Return company, name and secret, from the header or from the cookies (psa facts 1.10)."""
    header = request.headers.get("Authorization", "")
    if not header and request.cookies:
        cookies = {name.casefold(): value for name, value in request.cookies.items()}
        names = ("companyname", "memberid", "memberhash")
        company, login, secret = (cookies.get(name, "") for name in names)
        if company:
            return company, login, secret
    return _parts(header)


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
    """Return the tenant with this login company id.

    Raises:
        NotRouted: There is none, says the cloud's router (psa facts 1.5).
        Unauthenticated: There is none, says a server on premises.
    """
    tenant = world.tenant_of("psa", company)
    if tenant is not None and not _profile(tenant).company_in_any_case:
        tenant = tenant if tenant.credentials["psa"].company == company else None
    if tenant is None:
        if _profile(world.default).cloud:
            raise NotRouted("company", company)
        raise Unauthenticated
    return tenant


def _profile(tenant: Tenant) -> PsaProfile:
    profile = tenant.profiles["psa"]
    assert isinstance(profile, PsaProfile)
    return profile


def _check_codebase(tenant: Tenant, codebase: str) -> None:
    profile = _profile(tenant)
    if codebase.casefold() in _codebases(tenant):
        return
    if profile.company_as_codebase and codebase.casefold() == _company(tenant).casefold():
        return
    if profile.cloud:
        raise NotRouted("codebase", codebase, _codebases(tenant))
    raise UnknownEndpoint(codebase, module_known=False)


def _codebases(tenant: Tenant) -> tuple[str, ...]:
    return tuple(dict.fromkeys((CODEBASE, current_codebase(_profile(tenant)))))


def _company(tenant: Tenant) -> str:
    company: str = tenant.credentials["psa"].company
    return company


def current_codebase(profile: PsaProfile) -> str:
    """Return the codebase of the newest release (``v2026_4``; on premises it has no number)."""
    return CODEBASE if not profile.cloud else f"v{profile.version.replace('.', '_')}"


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
    known = _numbers(profile.oldest_version) <= _numbers(version) <= _numbers(profile.version)
    if version not in profile.old_versions and not known:
        raise UnsupportedVersion(version, profile.version)
    return version


def check_version(request: Request, profile: PsaProfile, template: str) -> None:
    """Refuse a version that the API knows and this operation does not (psa facts 2.4)."""
    floor = profile.version_floors.get(template)
    version = version_asked(request, profile) if floor else None
    if floor and version and _numbers(version) < _numbers(floor):
        # Seen so: the old numbers are told as 0.0.
        asked = "0.0" if version in profile.old_versions else version
        raise UnsupportedVersion(asked, profile.version)


def _numbers(version: str) -> tuple[int, int]:
    """Return year and number of a release; nothing lies below those of no release."""
    found = RELEASE.fullmatch(version)
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)
