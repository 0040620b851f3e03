"""Accounts, logins, tokens: who sends an Automate request, and in which dialect it speaks."""

import base64
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from werkzeug.wrappers import Request

from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.core.errors import ClientIdMissing, Unauthenticated
from mockserver.core.tokens import Session, passcode_matches
from mockserver.core.world import DEFAULT_TENANT, Tenant, World
from mockserver.web.exchange import Answer, Caller, Exchange

OBSERVED_LOGINS = ("/apitoken",)


@dataclass(frozen=True)
class User:
    """One account (interface section 4)."""

    user_id: int
    name: str
    password: str
    secret: str | None = None
    writes: bool = True


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
        User(2, f"technician{mark}", "technician-password", secret="JBSWY3DPEHPK3PXP"),  # noqa: S106
        User(3, f"readonly{mark}", "readonly-password", writes=False),
    )
    return Credentials({user.name.casefold(): user for user in users})


def anonymous(world: World, path: str) -> Caller:
    """Return the caller of a login: its path tells the dialect that it expects."""
    observed = path.casefold().startswith(OBSERVED_LOGINS)
    dialect = "observed" if observed else world.default.profiles["automate"].name
    return Caller(world.default, None, dialect=dialect)


def authenticate(world: World, request: Request, path: str) -> Caller:
    """Return the caller that the bearer token names.

    Raises:
        Unauthenticated: There is no valid token (automate facts 22).
        ClientIdMissing: The dialect wants a ClientId header and there is none (20).
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer":
        raise Unauthenticated("missing")
    tenant, session = _session(world, token.strip())
    user = tenant.credentials["automate"].users[session.user.casefold()]
    caller = Caller(tenant, user.name, user.name, user.writes, session.dialect)
    client_id = request.headers.get("ClientId", "")
    listed = not world.plan.clients or client_id in world.plan.clients
    if profile_of(caller).require_client_id and not (client_id and listed):
        raise ClientIdMissing
    return caller


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


def login(exchange: Exchange) -> Answer:
    """Answer a name and password, and a passcode where the account has one, with a token."""
    members = {name.casefold(): value for name, value in exchange.json_object().items()}
    name, password = str(members.get("username") or ""), str(members.get("password") or "")
    tenant, user = _account(exchange.world, name)
    exchange.caller = Caller(tenant, None, dialect=exchange.caller.dialect)
    if not hmac.compare_digest(user.password.encode(), password.encode("utf-8", "surrogatepass")):
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


def _second_factor(exchange: Exchange) -> Answer:
    if profile_of(exchange.caller).second_factor_status == 401:  # noqa: PLR2004
        raise Unauthenticated("second factor")
    document = dict.fromkeys(("AccessToken", "TokenType", "ExpirationDate", "UserId"))
    flags = {"IsTwoFactorRequired": True, "IsInternalTwoFactorRequired": True}
    return Answer(200, orjson.dumps({**document, **flags}))


def _token(exchange: Exchange, session: Session, user: User) -> Answer:
    """Return the superset of both dialects' token bodies (C3)."""
    clock = exchange.tenant.clock
    document: dict[str, Any] = {
        "AccessToken": session.access_token,
        "TokenType": "Bearer",
        "ExpiresIn": max(0, int((session.expires_at - clock.now()).total_seconds() + 0.5)),
        "RefreshToken": session.refresh_token,
        "UserID": user.user_id,
        "Username": user.name,
        "ExpirationDate": _bare(session.expires_at),
        "AbsoluteExpirationDate": _bare(session.absolute_expires_at),
        "UserId": str(user.user_id),
        "InternalUserName": user.name,
        "IsTwoFactorRequired": False,
        "IsInternalTwoFactorRequired": False,
    }
    return Answer(200, orjson.dumps(document))


def _bare(instant: datetime) -> str:
    """Return an instant without its zone (automate facts 11)."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S")


def refresh(exchange: Exchange) -> Answer:
    """Answer a refresh token (seed 000) or the access token itself (13) with a new one."""
    document = exchange.json()
    if isinstance(document, str):
        return _refreshed(exchange, document, by_access_token=True)
    members = {n.casefold(): v for n, v in document.items()} if isinstance(document, dict) else {}
    return _refreshed(exchange, str(members.get("refreshtoken") or ""), by_access_token=False)


def _refreshed(exchange: Exchange, text: str, *, by_access_token: bool) -> Answer:
    for tenant in list(exchange.world.tenants.values()):
        tokens = tenant.tokens
        by = tokens.refresh_by_access_token if by_access_token else tokens.refresh_by_refresh_token
        try:
            session = by(text)
        except Unauthenticated:
            continue
        exchange.caller = Caller(tenant, None, dialect=session.dialect)
        user = tenant.credentials["automate"].users[session.user.casefold()]
        return _token(exchange, session, user)
    raise Unauthenticated("refresh")


def revoke(exchange: Exchange) -> Answer:
    """Make a token worthless at once (automate facts 14)."""
    members = {n.casefold(): v for n, v in exchange.json_object().items()}
    exchange.tenant.tokens.revoke(str(members.get("securitytoken") or ""))
    return Answer(204)
