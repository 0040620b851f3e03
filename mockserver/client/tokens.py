"""Automate's tokens: fetched once for all threads, refreshed before they end."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from mockserver.client.call import Answer, Call
from mockserver.client.clock import ClientClock
from mockserver.client.environment import AutomateSettings
from mockserver.client.errors import NotAuthenticated, Refused, TwoFactorRequired, UnreadableAnswer
from mockserver.client.passcodes import passcode
from mockserver.client.retry import Kind
from mockserver.client.secrets import Secret
from mockserver.client.single_flight import SingleFlight

Dialect = Literal["documented", "observed"]
#: Seed 000: five minutes before it ends a token is renewed.
LEAD_S = 300.0
#: Where a login and a refresh go, and how the passcode is called.
LOGINS: Mapping[str, tuple[str, str, str]] = {
    "documented": ("/APICredentials", "/APICredentials/Refresh", "TwoFactorCode"),
    "observed": ("/apitoken", "/apitoken/refresh", "TwoFactorPasscode"),
}


@dataclass(frozen=True)
class Token:
    """A token and how long it is good for, in seconds of the client's clock."""

    text: str = field(repr=False)
    renew_s: float
    refresh: Any = field(repr=False, default=None)


class Tokens:
    """Keeps the token of one account.

    Args:
        settings: The account.
        dialect: Which login.
        send: Sends a call without credentials.
        clock: Of the client.
        learn: Is told every secret that appears.
    """

    def __init__(
        self,
        settings: AutomateSettings,
        dialect: Dialect,
        send: Callable[[Call], Answer],
        clock: ClientClock,
        learn: Callable[..., None],
    ) -> None:
        self._settings, self._dialect = settings, dialect
        self._send, self._clock, self._learn = send, clock, learn
        self._token: Token | None = None
        self._flight: SingleFlight[Token] = SingleFlight(clock)

    def text(self) -> str:
        """Return a token that is good for a while, fetching one when there is none."""
        return self._flight.get(self._good, self._next).text

    def present(self) -> str | None:
        """Return the token if there is a good one; asks for nothing."""
        token = self._good()
        return token.text if token else None

    def renew(self, dead: str) -> None:
        """Fetch a new token unless somebody did so since *dead* was read."""
        token = self._token
        if token is not None and token.text == dead:
            self._token = None
        self._flight.get(self._good, self._log_in)

    def log_in(self) -> str:
        """Fetch a new token in any case and return it."""
        return self._log_in().text

    def _good(self) -> Token | None:
        token = self._token
        return token if token and self._clock.now_s() < token.renew_s else None

    def _next(self) -> Token:
        if self._token is not None and self._token.refresh:
            with contextlib.suppress(Refused):
                return self._refreshed(self._token.refresh)
        return self._log_in()

    def _refreshed(self, document: Any) -> Token:
        return self._asked(LOGINS[self._dialect][1], document)

    def _log_in(self) -> Token:
        path, _, code_name = LOGINS[self._dialect]
        document = {"Username": self._settings.username, "Password": self._settings.password}
        if self._settings.two_factor:
            code = passcode(self._settings.two_factor, self._clock.wall_s())
            document[code_name] = Secret(code)
        return self._asked(path, document)

    def _asked(self, path: str, document: Any) -> Token:
        asked_s = self._clock.now_s()
        call = Call("POST", path, body=document, kind=Kind.TOKEN, signed=False, template=path)
        try:
            data = self._send(call).data
        except NotAuthenticated as error:
            raise _second_factor(error) or error from None
        token = self._read(data, asked_s)
        self._learn(token.text, *([token.refresh["RefreshToken"]] if _is_pair(token) else []))
        self._token = token
        return token

    def _read(self, data: Any, asked_s: float) -> Token:
        if not isinstance(data, dict):
            raise UnreadableAnswer("the login answered no object")
        text = data.get("AccessToken")
        if not text and data.get("IsTwoFactorRequired"):
            raise TwoFactorRequired(401, "the account wants a passcode: pass two_factor")
        if not isinstance(text, str) or not text:
            raise UnreadableAnswer("the login answered no token")
        text, lasts_s = Secret(text), self._lasts_s(data)
        # A token that lives shorter than usual is used for three quarters of its life.
        renew_s = asked_s + lasts_s - min(LEAD_S, lasts_s / 4)
        refresh: Any = text
        if self._dialect == "documented":
            other = data.get("RefreshToken")
            refresh = {"RefreshToken": Secret(other)} if other else None
        return Token(text, renew_s, refresh)

    def _lasts_s(self, data: Mapping[str, Any]) -> float:
        seconds, ends = data.get("ExpiresIn"), data.get("ExpirationDate")
        if isinstance(seconds, int | float):
            return float(seconds)
        try:
            moment = datetime.fromisoformat(str(ends))
        except ValueError:
            return LEAD_S
        # automate facts 11: without a zone it is UTC.
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, aware.timestamp() - self._clock.wall_s())


def _is_pair(token: Token) -> bool:
    return isinstance(token.refresh, dict)


def _second_factor(error: NotAuthenticated) -> TwoFactorRequired | None:
    text = f"{error.code} {error.message}".casefold()
    if "factor" not in text:
        return None
    return TwoFactorRequired(error.status, error.message, code=error.code)
