"""Who sends an Automate request, what the sender may do, and in which dialect it speaks."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from werkzeug.wrappers import Request

from mockserver.automate.accounts import User, account, living
from mockserver.automate.profile import profile_of
from mockserver.automate.resources.users import may_write, needed
from mockserver.core.errors import ClientIdMissing, Forbidden, Unauthenticated, UnknownEndpoint
from mockserver.core.tenant import Tenant
from mockserver.core.tokens import Session
from mockserver.core.world import World
from mockserver.web.exchange import Caller, Exchange

#: The dialect that a login asks for by its path (interface section 5).
LOGINS: Mapping[str, str] = {
    "apitoken": "observed",
    "apitoken/refresh": "observed",
    "apicredentials": "documented",
    "apicredentials/refresh": "documented",
}
#: Long enough to send one request again, or to paste it somewhere.
RESENT_TTL_S = 3_600.0


def anonymous(world: World, path: str = "") -> Caller:
    """Return the caller of a login, whose path tells its dialect, or of an unknown one."""
    dialect = LOGINS.get(_plain(path)) or world.default.profiles["automate"].name
    return Caller(world.default, None, dialect=dialect)


def _plain(path: str) -> str:
    return "/".join(filter(None, path.casefold().split("/")))


def authorization(tenant: Tenant, key: str) -> dict[str, str]:
    """Return the headers with which *key* proves itself now; none for an unknown key."""
    user = account(tenant, key)
    if user is None:
        return {}
    dialect = tenant.profiles["automate"].name
    session = tenant.tokens.issue(user.name, dialect, RESENT_TTL_S)
    return {"Authorization": f"Bearer {session.access_token}"}


def authenticate(world: World, request: Request, path: str) -> Caller:
    """Return the caller that the bearer token names; logins need none.

    Raises:
        Unauthenticated: There is no valid token (automate facts 22).
        ClientIdMissing: The dialect wants a ClientId header and there is none (20).
    """
    if _plain(path) in LOGINS:
        return _applicant(world, request, anonymous(world, path))
    tenant, session = _session(world, _token_sent(request))
    user, record = allowed(tenant, session)
    reads = request.method in {"GET", "HEAD"}
    writes = reads or may_write(tenant.records["automate"], record, request.method, path)
    caller = Caller(tenant, user.name, user.name, writes, session.dialect)
    profile = profile_of(caller)
    wanted = profile.require_client_id and _plain(path) not in profile.without_client_id
    client_id = request.headers.get("ClientId", "")
    if wanted and not _names_client(world, client_id):
        raise ClientIdMissing(client_id)
    return caller


def allowed(tenant: Tenant, session: Session) -> tuple[User, Mapping[str, Any]]:
    """Return whose session it is, with the record.

    Raises:
        Unauthenticated: The user was removed, or locked where that ends tokens too.
    """
    user, record = living(tenant, session.user)
    caller = Caller(tenant, None, dialect=session.dialect)
    if record.get("IsLocked") and profile_of(caller).lock_ends_tokens:
        raise Unauthenticated("locked")
    return user, record


def claimed(world: World, request: Request, path: str) -> Caller:
    """Return the caller that a request says it is from, whether or not its token is worth anything.

    Of a request without a token nothing but its path is known.
    """
    caller = anonymous(world, path)
    try:
        tenant = world.tenants.get(_issuer(_token_sent(request)))
    except Unauthenticated:
        tenant = None
    return replace(caller, tenant=tenant) if tenant else caller


def _applicant(world: World, request: Request, caller: Caller) -> Caller:
    """Return the caller of a login, under the name and in the tenant that its body claims."""
    try:
        document = orjson.loads(request.get_data(cache=True))
    except ValueError:
        return caller
    members = folded(document) if isinstance(document, dict) else {}
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


def permit(exchange: Exchange) -> None:
    """Raise Forbidden for writes of readers, UnknownEndpoint for what the server has not (7)."""
    route = exchange.route
    assert route is not None
    if route.template.startswith("/v2/") and not profile_of(exchange.caller).second_generation:
        raise UnknownEndpoint(exchange.path)
    if route.writes and not route.public and not exchange.caller.writes:
        raise Forbidden(lacking=needed(route.method, exchange.path))


def level(exchange: Exchange) -> int:
    """Return the caller's command level, from 0 to 5 (automate facts 79 and 83)."""
    _, record = living(exchange.tenant, exchange.caller.login)
    return int(record.get("CommandLevel") or 0)


def user_id(exchange: Exchange) -> int:
    """Return the id of the caller's user."""
    return living(exchange.tenant, exchange.caller.login)[0].user_id


def require_write(exchange: Exchange, path: str) -> None:
    """Raise Forbidden unless the caller may change what lies at *path*."""
    _, record = living(exchange.tenant, exchange.caller.login)
    if not may_write(exchange.records, record, "PATCH", path):
        raise Forbidden(lacking=needed("PATCH", path))


def folded(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body's members by casefolded name."""
    return {name.casefold(): value for name, value in document.items()}
