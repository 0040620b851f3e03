"""Accounts, logins, tokens: who sends an Automate request, and in which dialect it speaks."""

import base64
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from werkzeug.wrappers import Request

from mockserver.automate.profile import profile_of
from mockserver.core.errors import ClientIdMissing, Unauthenticated
from mockserver.core.tenant import Tenant
from mockserver.core.tokens import Session, passcode_matches
from mockserver.core.world import DEFAULT_TENANT, World
from mockserver.web.exchange import Answer, Caller, Exchange

#: The dialect that a login asks for by its path (interface section 5).
LOGINS: Mapping[str, str] = {
    "apitoken": "observed",
    "apitoken/refresh": "observed",
    "apicredentials": "documented",
    "apicredentials/refresh": "documented",
}
#: The technician's secret (interface section 4).
TOTP = "JBSWY3DPEHPK3PXP"
REVOCATION = "apitoken/disable"


@dataclass(frozen=True)
class User:
    """One account (interface section 4)."""

    user_id: int
    name: str
    password: str
    secret: str | None = None
    writes: bool = True
    command_level: int = 5


@dataclass(frozen=True)
class Credentials:
    """The accounts of one tenant, by casefolded name."""

    users: Mapping[str, User]

    @property
    def logins(self) -> Iterable[str]:
        """Return the names that select the tenant."""
        return self.users

    @property
    def main(self) -> User:
        """Return the integrator."""
        return next(iter(self.users.values()))


def credentials(tenant: str) -> Credentials:
    """Return the accounts of a new tenant."""
    mark = "" if tenant == DEFAULT_TENANT else f"-{tenant}"
    users = (
        User(1, f"integrator{mark}", "integrator-password"),
        User(2, f"technician{mark}", "technician-password", TOTP, command_level=3),
        User(3, f"readonly{mark}", "readonly-password", writes=False, command_level=1),
    )
    return Credentials({user.name.casefold(): user for user in users})


def anonymous(world: World, path: str = "") -> Caller:
    """Return the caller of a login, whose path tells its dialect, or of an unknown one."""
    dialect = LOGINS.get(_plain(path)) or world.default.profiles["automate"].name
    return Caller(world.default, None, dialect=dialect)


def _plain(path: str) -> str:
    return "/".join(filter(None, path.casefold().split("/")))


def authenticate(world: World, request: Request, path: str) -> Caller:
    """Return the caller that the bearer token names; logins need none.

    Raises:
        Unauthenticated: There is no valid token (automate facts 22).
        ClientIdMissing: The dialect wants a ClientId header and there is none (20).
    """
    if _plain(path) in LOGINS:
        return _applicant(world, request, anonymous(world, path))
    tenant, session = _session(world, _token_sent(request))
    user = tenant.credentials["automate"].users[session.user.casefold()]
    caller = Caller(tenant, user.name, user.name, user.writes, session.dialect)
    wanted = profile_of(caller).require_client_id and _plain(path) != REVOCATION
    if wanted and not _names_client(world, request.headers.get("ClientId", "")):
        raise ClientIdMissing
    return caller


def _applicant(world: World, request: Request, caller: Caller) -> Caller:
    """Return the caller of a login, under the name and in the tenant that its body claims."""
    try:
        document = orjson.loads(request.get_data(cache=True))
    except ValueError:
        return caller
    members = _folded(document) if isinstance(document, dict) else {}
    name = members.get("username")
    tenant = world.tenant_of("automate", name) if isinstance(name, str) else None
    return replace(caller, tenant=tenant, account=name) if tenant else caller


def _names_client(world: World, client_id: str) -> bool:
    return client_id in world.plan.clients if world.plan.clients else bool(client_id)


def recognised(exchange: Exchange) -> Caller:
    """Return the sender of a refused request, as far as its path or a dead token tells.

    A refusal is worded in the dialect of the login or of the token, whatever happened to it.
    """
    caller = exchange.caller
    if caller.key is not None:
        return caller
    if dialect := LOGINS.get(_plain(exchange.path)):
        return replace(caller, dialect=dialect)
    try:
        token = _token_sent(exchange.request)
    except Unauthenticated:
        return caller
    tenant = exchange.world.tenants.get(_issuer(token), caller.tenant)
    session = tenant.tokens.issued(token)
    if session is None:
        return caller
    return Caller(tenant, None, dialect=session.dialect, account=session.user)


def _token_sent(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer":
        raise Unauthenticated("missing")
    return token.strip()


def _session(world: World, token: str) -> tuple[Tenant, Session]:
    tenant = world.tenants.get(_issuer(token)) or world.default
    return tenant, tenant.tokens.find(token)


def _issuer(token: str) -> str:
    """Return the tenant that a token says it is from; the tenant itself knows whether it is."""
    try:
        claims = token.split(".")[1]
        decoded = orjson.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return str(decoded["iss"])
    except (IndexError, KeyError, TypeError, ValueError):
        return ""


def _account(world: World, name: str) -> tuple[Tenant, User]:
    tenant = world.tenant_of("automate", name)
    if tenant is None:
        raise Unauthenticated("credentials")
    return tenant, tenant.credentials["automate"].users[name.casefold()]


def options(_exchange: Exchange) -> Answer:
    """Answer how one can log in: by name and password, no other service (automate facts 15)."""
    document = {"AllowDirect": True, "AllowServiceRegistration": False, "Services": []}
    return Answer(200, orjson.dumps(document))


def login(exchange: Exchange) -> Answer:
    """Answer a name and password, and a passcode where the account has one, with a token."""
    members = _folded(exchange.json_object())
    name, password = str(members.get("username") or ""), str(members.get("password") or "")
    tenant, user = _account(exchange.world, name)
    exchange.caller = Caller(tenant, None, dialect=exchange.caller.dialect, account=user.name)
    if not hmac.compare_digest(user.password.encode(), password.encode()):
        raise Unauthenticated("credentials")
    if user.secret is not None:
        code = members.get("twofactorpasscode") or members.get("twofactorcode")
        if not code:
            return _second_factor(exchange)
        if not passcode_matches(user.secret, str(code), tenant.clock):
            raise Unauthenticated("passcode")
    profile = profile_of(exchange.caller)
    ttl_s = profile.token_ttl_s
    if profile.seed_shapes:
        ttl_s = tenant.plan.token_ttl_s or ttl_s
    session = tenant.tokens.issue(user.name, exchange.caller.dialect, ttl_s)
    return _token(exchange, session, user)


def _folded(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name.casefold(): value for name, value in document.items()}


def _second_factor(exchange: Exchange) -> Answer:
    if profile_of(exchange.caller).second_factor_refused:
        raise Unauthenticated("second factor")
    document = dict.fromkeys(("AccessToken", "TokenType", "ExpirationDate", "UserId"))
    flags = {"IsTwoFactorRequired": True, "IsInternalTwoFactorRequired": True}
    return Answer(200, orjson.dumps({**document, **flags}))


def _token(exchange: Exchange, session: Session, user: User) -> Answer:
    """Return the superset of both dialects' token bodies (C3)."""
    clock = exchange.tenant.clock
    written = "%Y-%m-%dT%H:%M:%S" + profile_of(exchange.caller).expiration_zone
    document: dict[str, Any] = {
        "AccessToken": session.access_token,
        "TokenType": "Bearer",
        "ExpiresIn": max(0, int((session.expires_at - clock.now()).total_seconds() + 0.5)),
        "RefreshToken": session.refresh_token,
        "UserID": user.user_id,
        "Username": user.name,
        "ExpirationDate": session.expires_at.strftime(written),
        "AbsoluteExpirationDate": session.absolute_expires_at.strftime(written),
        "UserId": str(user.user_id),
        "InternalUserName": user.name,
        "IsTwoFactorRequired": False,
        "IsInternalTwoFactorRequired": False,
    }
    return Answer(200, orjson.dumps(document))


def refresh(exchange: Exchange) -> Answer:
    """Answer a refresh token (seed 000) or the access token itself (13) with a new one."""
    document = exchange.json()
    if isinstance(document, str):
        return _refreshed(exchange, document, by_access_token=True)
    members = _folded(document) if isinstance(document, dict) else {}
    return _refreshed(exchange, str(members.get("refreshtoken") or ""), by_access_token=False)


def _refreshed(exchange: Exchange, text: str, *, by_access_token: bool) -> Answer:
    for tenant in list(exchange.world.tenants.values()):
        tokens = tenant.tokens
        by = tokens.refresh_by_access_token if by_access_token else tokens.refresh_by_refresh_token
        try:
            session = by(text)
        except Unauthenticated:
            continue
        exchange.caller = Caller(tenant, None, dialect=session.dialect, account=session.user)
        user = tenant.credentials["automate"].users[session.user.casefold()]
        return _token(exchange, session, user)
    raise Unauthenticated("refresh")


def revoke(exchange: Exchange) -> Answer:
    """Make a token worthless at once (automate facts 14)."""
    members = _folded(exchange.json_object())
    exchange.tenant.tokens.revoke(str(members.get("securitytoken") or ""))
    return Answer(204)
