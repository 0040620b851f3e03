"""Who sends an Automate request, what the sender may do, and in which dialect it speaks."""

import base64
import contextlib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from werkzeug.wrappers import Request

from mockserver.automate.accounts import User, account, living
from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.automate.resources.users import first_word, may, needed
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
NAMED = re.compile(r"\{[^}]*\}")
#: Long enough to send one request again, or to paste it somewhere.
RESENT_TTL_S = 3_600.0
#: By what all requests are counted together; no user has this name.
SERVER = " "
#: What is needed where no permission is named.
ANYTHING = "any permission to edit something"


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
    token = _token_sent(request)
    tenant, session = _session(world, token)
    user, record = allowed(tenant, session)
    caller = Caller(tenant, user.name, user.name, dialect=session.dialect)
    profile = profile_of(caller)
    if request.method not in {"GET", "HEAD"}:
        wanted = needed(profile.write_permissions, request.method, path)
        writes = may(tenant.records["automate"], record, wanted)
        caller = replace(caller, writes=writes)
    must_name = profile.require_client_id and _plain(path) not in profile.without_client_id
    client_id = request.headers.get("ClientId", "")
    if must_name and not _names_client(world, client_id):
        raise ClientIdMissing(client_id)
    return replace(caller, purse=_purse(profile, user.name, token))


def _purse(profile: AutomateProfile, name: str, token: str) -> str | None:
    """Return what a request is counted by; None for the user's name. A token is never shown."""
    if profile.quota_of == "token":
        return f"{name} {hashlib.sha256(token.encode()).hexdigest()}"
    return SERVER if profile.quota_of == "server" else None


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
    """Return the caller of a login or refresh, under the name that its body claims."""
    try:
        document = orjson.loads(request.get_data(cache=True))
    except ValueError:
        return caller
    members = folded(document) if isinstance(document, dict) else {}
    name = members.get("username")
    if isinstance(name, str):
        tenant = world.tenant_of("automate", name) or _holder(world, name)
    elif found := refreshable(world, document):
        tenant, name = found[0], found[1].user
    else:
        return caller
    if tenant is None:
        return caller
    caller = replace(caller, tenant=tenant, account=name)
    profile = profile_of(caller)
    user = account(tenant, name) if profile.logins_counted else None
    return replace(caller, purse=_purse(profile, user.name, "") or user.name) if user else caller


def _holder(world: World, name: str) -> Tenant | None:
    """Return the first tenant with an account of that name."""
    return next((each for each in list(world.tenants.values()) if account(each, name)), None)


def refreshable(world: World, document: Any) -> tuple[Tenant, Session] | None:
    """Return the session that the body of a refresh names, with its tenant; None for none.

    The body is a refresh token in an object (seed 000) or the access token itself (13).
    """
    members = folded(document) if isinstance(document, dict) else {}
    text = members.get("refreshtoken", document)
    for tenant in list(world.tenants.values()) if isinstance(text, str) else ():
        tokens = tenant.tokens
        find = tokens.find if text is document else tokens.find_by_refresh_token
        with contextlib.suppress(Unauthenticated):
            return tenant, find(text)
    return None


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
    route, profile = exchange.route, profile_of(exchange.caller)
    assert route is not None
    if route.template.startswith("/v2/") and not profile.second_generation:
        raise UnknownEndpoint(exchange.path)
    if profile.absent_routes and _bare(route.template) in map(_bare, profile.absent_routes):
        raise UnknownEndpoint(exchange.path)
    if route.public or route.own:
        return
    if route.writes and not exchange.caller.writes:
        wanted = needed(profile.write_permissions, route.method, exchange.path)
        raise Forbidden(lacking=wanted or ANYTHING)
    wanted = None if route.writes else profile.read_permissions.get(first_word(exchange.path))
    if wanted and not may(exchange.records, _record(exchange), wanted):
        raise Forbidden(lacking=wanted)


def _bare(template: str) -> str:
    """Return a template without the names of its parameters, and in small letters."""
    return NAMED.sub("{}", template).casefold()


def level(exchange: Exchange) -> int:
    """Return the caller's command level, from 0 to 5 (automate facts 79 and 83)."""
    return int(_record(exchange).get("CommandLevel") or 0)


def _record(exchange: Exchange) -> Mapping[str, Any]:
    return living(exchange.tenant, exchange.caller.login)[1]


def user_id(exchange: Exchange) -> int:
    """Return the id of the caller's user."""
    return living(exchange.tenant, exchange.caller.login)[0].user_id


def require_write(exchange: Exchange, path: str) -> None:
    """Raise Forbidden unless the caller may change what lies at *path*."""
    wanted = needed(profile_of(exchange.caller).write_permissions, "PATCH", path)
    if not may(exchange.records, _record(exchange), wanted):
        raise Forbidden(lacking=wanted or ANYTHING)


def folded(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body's members by casefolded name."""
    return {name.casefold(): value for name, value in document.items()}
