"""Access tokens: issued, found, refreshed and revoked.

A token is a real JWT, because clients look inside; but it is found by itself, never by checking its
signature. The library is loaded at the first login, not at the start.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from mockserver.core.clock import Clock, Dice
from mockserver.core.errors import Unauthenticated
from mockserver.core.turns import Touched, Turn, at_once

# automate facts 12: AbsoluteExpirationDate bounds refreshing, how far is not known. Assumed a day.
REFRESHABLE_S = 86_400
SESSIONS_MAX = 10_000

_INSTANTS = ("issued_at", "expires_at", "absolute_expires_at", "refresh_expires_at")


@dataclass(frozen=True)
class Session:
    """One login.

    Attributes:
        access_token: A JWT.
        refresh_token: Gets another session until *refresh_expires_at*.
        user: The name of whoever logged in.
        dialect: Whose shapes the token asks for, by where it was issued.
        issued_at: When it was issued, aware.
        expires_at: When the access token ends.
        absolute_expires_at: When refreshing ends too.
        refresh_expires_at: When the refresh token ends, *absolute_expires_at* at the latest.
    """

    access_token: str
    refresh_token: str
    user: str
    dialect: str
    issued_at: datetime
    expires_at: datetime
    absolute_expires_at: datetime
    refresh_expires_at: datetime


class SigningKey:
    """An RSA key that is read when it is first needed; one serves any number of tenants.

    Args:
        read: Returns the private key as the JSON of a JWK.
    """

    def __init__(self, read: Callable[[], str | bytes]) -> None:
        self._read = read

    def __call__(self) -> Any:
        """Return the key as PyJWT takes it."""
        return self._key

    @cached_property
    def _key(self) -> Any:
        import jwt  # noqa: PLC0415 - half of a cold start, needed at the first login

        return jwt.PyJWK(json.loads(self._read()), algorithm="RS256").key


class Tokens:
    """The sessions of one tenant.

    Beyond ``SESSIONS_MAX`` the dead ones are forgotten, then the oldest.

    Args:
        clock: Decides what has expired.
        dice: Makes ids and refresh tokens.
        signing_key: Returns the key that signs, see ``SigningKey``.
        issuer: Named in every token.
    """

    def __init__(
        self, clock: Clock, dice: Dice, signing_key: Callable[[], Any], issuer: str
    ) -> None:
        self._clock, self._dice = clock, dice
        self._signing_key, self._issuer = signing_key, issuer
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._by_refresh_token: dict[str, str] = {}
        # Access tokens and refresh tokens.
        self._revoked: set[str] = set()
        self.turn: Turn = at_once
        #: Refresh tokens, for they are short; what became of their sessions is asked later.
        self._touched = Touched()

    def issue(
        self,
        user: str,
        dialect: str,
        ttl_s: float,
        refreshable_s: float = REFRESHABLE_S,
        refresh_ttl_s: float | None = None,
    ) -> Session:
        """Return a new session that lasts *ttl_s* seconds, and is refreshed for *refreshable_s*.

        Each of its refresh tokens lives for *refresh_ttl_s*, or as long as it is refreshed.
        """
        with self.turn():
            now = self._clock.now()
            absolute = now + timedelta(seconds=max(ttl_s, refreshable_s))
            refresh_s = (absolute - now).total_seconds() if refresh_ttl_s is None else refresh_ttl_s
            lives = (timedelta(seconds=ttl_s), timedelta(seconds=refresh_s))
            return self._opened(user, dialect, now, lives, absolute)

    def find(self, access_token: str) -> Session:
        """Return the session of a token.

        Raises:
            Unauthenticated: With the reason ``unknown``, ``revoked`` or ``expired``.
        """
        session = self._sessions.get(access_token)
        if session is None:
            raise Unauthenticated("unknown")
        if access_token in self._revoked:
            raise Unauthenticated("revoked")
        if self._clock.now() >= session.expires_at:
            raise Unauthenticated("expired")
        return session

    def issued(self, access_token: str) -> Session | None:
        """Return the session of a token, living or dead; None when it was never issued here."""
        return self._sessions.get(access_token)

    def find_by_refresh_token(self, text: str) -> Session:
        """Return the session that a refresh token may refresh; it outlives its access token.

        Raises:
            Unauthenticated: The token is unknown, revoked or past its end.
        """
        session = self._sessions.get(self._by_refresh_token.get(text, ""))
        if session is None:
            raise Unauthenticated("unknown")
        if text in self._revoked:
            raise Unauthenticated("revoked")
        if self._clock.now() >= session.refresh_expires_at:
            raise Unauthenticated("expired")
        return session

    def refresh(self, old: Session) -> Session:
        """Return a new session of the same length; the old one stays as it is."""
        with self.turn():
            now, began = self._clock.now(), old.issued_at
            lives = (old.expires_at - began, old.refresh_expires_at - began)
            return self._opened(old.user, old.dialect, now, lives, old.absolute_expires_at)

    def revoke(self, access_token: str, *, refresh_too: bool = True) -> bool:
        """End a session, its refresh token too; return whether it was known."""
        with self.turn(), self._lock:
            session = self._sessions.get(access_token)
            if session is not None:
                self._revoke(session, refresh_too=refresh_too)
            return session is not None

    def _revoke(self, session: Session, *, refresh_too: bool = True) -> None:
        self._revoked.add(session.access_token)
        if refresh_too:
            self._revoked.add(session.refresh_token)
        self._touched.add((session.refresh_token,))

    def revoke_all(self, user: str | None = None) -> int:
        """End every session, or those of one user; return how many are known to have ended."""
        with self.turn(), self._lock:
            ended = [s for s in self._sessions.values() if user is None or s.user == user]
            for session in ended:
                self._revoke(session)
            return len(ended)

    def reset(self) -> None:
        """Forget every session."""
        with self._lock:
            self._touched.clear()
            self._sessions.clear()
            self._by_refresh_token.clear()
            self._revoked.clear()

    def _opened(
        self,
        user: str,
        dialect: str,
        now: datetime,
        lives: tuple[timedelta, timedelta],
        absolute: datetime,
    ) -> Session:
        """Return a new session; nothing of it lives beyond its absolute end."""
        expires, refresh_expires = (min(now + each, absolute) for each in lives)
        access = self._signed(user, now, expires)
        refresh = f"{self._dice.getrandbits(256):064x}"
        session = Session(access, refresh, user, dialect, now, expires, absolute, refresh_expires)
        with self._lock:
            if len(self._sessions) >= SESSIONS_MAX:
                self._forget(now)
            self._sessions[access] = session
            self._by_refresh_token[refresh] = access
            self._touched.add((refresh,))
        return session

    def _signed(self, user: str, now: datetime, expires: datetime) -> str:
        import jwt  # noqa: PLC0415 - see SigningKey

        claims = {
            "sub": user,
            "iss": self._issuer,
            "iat": int(now.timestamp()),
            "exp": int(expires.timestamp()),
            "jti": self._dice.uuid(),
        }
        return jwt.encode(claims, self._signing_key(), algorithm="RS256")

    def _forget(self, now: datetime) -> None:
        dead = [
            session
            for session in self._sessions.values()
            if session.refresh_token in self._revoked or now >= session.absolute_expires_at
        ]
        # A tenth at least, so that many logins share the price of one look at all sessions.
        oldest = list(self._sessions.values())[: SESSIONS_MAX // 10]
        for session in dead if len(dead) >= len(oldest) else {*dead, *oldest}:
            del self._sessions[session.access_token]
            del self._by_refresh_token[session.refresh_token]
            self._revoked -= {session.access_token, session.refresh_token}
            self._touched.add((session.refresh_token,))

    def changes(self) -> dict[str, Any]:
        """Return the sessions that were changed since the last call, as JSON, None for dead ones.

        Their refresh tokens name them.
        """
        with self._lock:
            touched = self._touched.taken()
            return {refresh: self._kept(self._by_refresh_token.get(refresh)) for refresh in touched}

    def _kept(self, access_token: str | None) -> dict[str, Any] | None:
        if access_token is None:
            return None
        session = self._sessions[access_token]
        ended = [text in self._revoked for text in (access_token, session.refresh_token)]
        return asdict(session) | {"revoked": ended[0], "refresh_revoked": ended[1]}

    def restore(self, rows: Mapping[str, Any]) -> None:
        """Take over sessions that were opened or changed elsewhere; None for those forgotten."""
        with self._lock:
            for refresh, kept in rows.items():
                access = self._by_refresh_token.pop(refresh, "")
                self._sessions.pop(access, None)
                self._revoked -= {access, refresh}
                if kept is not None:
                    self._take(dict(kept))

    def _take(self, kept: dict[str, Any]) -> None:
        # Worlds that were kept before refresh tokens had an end of their own name it by the other.
        kept.setdefault("refresh_expires_at", kept["absolute_expires_at"])
        revoked = kept.pop("revoked")
        refresh_revoked = kept.pop("refresh_revoked", revoked)
        kept |= {name: datetime.fromisoformat(kept[name]) for name in _INSTANTS}
        session = Session(**kept)
        self._sessions[session.access_token] = session
        self._by_refresh_token[session.refresh_token] = session.access_token
        ended = ((revoked, session.access_token), (refresh_revoked, session.refresh_token))
        self._revoked |= {text for is_ended, text in ended if is_ended}
