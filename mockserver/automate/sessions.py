"""Logins, refreshes and revocations, on both paths and in both spellings (automate facts 2)."""

from dataclasses import replace
from typing import Any

import orjson

from mockserver.automate import attempts
from mockserver.automate.accounts import User, owner, proven
from mockserver.automate.auth import allowed, folded, refreshable
from mockserver.automate.counsel import COUNSEL, SECOND_FACTOR
from mockserver.automate.profile import profile_of
from mockserver.automate.resources.users import USERS
from mockserver.core.errors import Unauthenticated
from mockserver.core.passcodes import passcode_matches
from mockserver.core.tokens import Session
from mockserver.web.exchange import Answer, Caller, Exchange
from mockserver.web.routes import Handler

#: Members of a token body that only one of the two login paths has in its source (C3).
SEED_MEMBERS = frozenset({"ExpiresIn", "RefreshToken", "UserID", "Username"})
MODEL_MEMBERS = frozenset(
    {
        "ExpirationDate",
        "AbsoluteExpirationDate",
        "UserId",
        "InternalUserName",
        "IsTwoFactorRequired",
        "IsInternalTwoFactorRequired",
    }
)


def options(exchange: Exchange) -> Answer:
    """Answer how one can log in (automate facts 15)."""
    host = exchange.request.host_url
    document = {
        name: value.replace("{host}", host) if isinstance(value, str) else value
        for name, value in profile_of(exchange.caller).login_options.items()
    }
    return Answer(200, orjson.dumps(document))


def login(exchange: Exchange) -> Answer:
    """Answer a name and password, and a passcode where the account has one, with a token."""
    members = folded(exchange.json_object())
    name, password = str(members.get("username") or ""), str(members.get("password") or "")
    code = str(members.get("twofactorpasscode") or members.get("twofactorcode") or "")
    try:
        return _admitted(exchange, name, password, code.replace(" ", ""))
    except Unauthenticated as refusal:
        if refusal.reason in {"credentials", "passcode"}:
            attempts.failed(exchange, name)
        raise


def _admitted(exchange: Exchange, name: str, password: str, code: str) -> Answer:
    tenant, user, record = proven(exchange.world, name, password)
    exchange.caller = replace(exchange.caller, tenant=tenant, account=user.name)
    profile = profile_of(exchange.caller)
    if user.name != name and not profile.user_names_in_any_case:
        raise Unauthenticated("credentials")
    if record.get("IsLocked"):
        raise Unauthenticated("locked")
    skips = record.get("IsIntegrator") and profile.integrators_skip_passcode
    if user.secret is not None and not skips:
        if not code:
            return _second_factor(exchange)
        is_right = passcode_matches(user.secret, code, tenant.clock, profile.passcode_drift)
        if not is_right or (profile.passcode_once and attempts.was_used(record, code)):
            raise Unauthenticated("passcode")
    return _token(exchange, _issued(exchange, user, code), user)


def _issued(exchange: Exchange, user: User, code: str) -> Session:
    """Return a new session, and note the login in the user's record."""
    tenant, profile = exchange.tenant, profile_of(exchange.caller)
    ttl_s = profile.token_ttl_s
    if profile.seed_shapes:
        ttl_s = tenant.plan.token_ttl_s or ttl_s
    attempts.succeeded(exchange, user, code)
    dialect = exchange.caller.dialect
    lives = (profile.refreshable_s, profile.refresh_token_ttl_s)
    return tenant.tokens.issue(user.name, dialect, ttl_s, *lives)


def _second_factor(exchange: Exchange) -> Answer:
    if profile_of(exchange.caller).second_factor_refused:
        raise Unauthenticated(SECOND_FACTOR)
    exchange.hint = COUNSEL[SECOND_FACTOR]
    document = dict.fromkeys(("AccessToken", "TokenType", "ExpirationDate", "UserId"))
    flags = {"IsTwoFactorRequired": True, "IsInternalTwoFactorRequired": True}
    return Answer(200, orjson.dumps({**document, **flags}))


def _token(exchange: Exchange, session: Session, user: User) -> Answer:
    """Return the superset of both dialects' token bodies, or the caller's own (C3)."""
    clock, profile = exchange.tenant.clock, profile_of(exchange.caller)
    written = "%Y-%m-%dT%H:%M:%S" + profile.expiration_zone
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
    left_out = frozenset() if profile.refresh_tokens else {"RefreshToken"}
    if not profile.token_superset:
        left_out |= MODEL_MEMBERS if profile.seed_shapes else SEED_MEMBERS
    shown = {name: value for name, value in document.items() if name not in left_out}
    return Answer(200, orjson.dumps(shown))


def refresh(exchange: Exchange) -> Answer:
    """Answer a refresh token (seed 000) or the access token itself (13) with a new one."""
    document = exchange.json()
    found = refreshable(exchange.world, document)
    if found is None:
        raise Unauthenticated("refresh")
    tenant, old = found
    exchange.caller = Caller(tenant, None, dialect=old.dialect, account=old.user)
    profile = profile_of(exchange.caller)
    if not (profile.refresh_tokens or isinstance(document, str)):
        raise Unauthenticated("refresh")
    user, _ = allowed(tenant, old)
    session = tenant.tokens.refresh(old)
    if profile.refresh_ends_token:
        tenant.tokens.revoke(old.access_token)
    return _token(exchange, session, user)


def farewell(delete: Handler) -> Handler:
    """Return what removes a user, and ends its tokens.

    Otherwise they would be those of whoever gets the name next.
    """

    def removing(exchange: Exchange) -> Answer:
        records = exchange.records
        record = records.find(records.registry.resource(USERS), int(exchange.ids[0]))
        answer = delete(exchange)
        if record is not None:
            exchange.tenant.tokens.revoke_all(owner(exchange.tenant, record).name)
        return answer

    return removing


def revoke(exchange: Exchange) -> Answer:
    """Make a token worthless at once (automate facts 14)."""
    members = folded(exchange.json_object())
    text, profile = str(members.get("securitytoken") or ""), profile_of(exchange.caller)
    exchange.tenant.tokens.revoke(text, refresh_too=profile.revocation_ends_refresh)
    return Answer(204)
