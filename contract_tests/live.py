"""A vendor's live system, as the tests that are marked ``live`` see an emulator.

It is read only, unless writes are allowed. Then records are created in top collections, nothing is
touched but what was created, and that is deleted again.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from asking import CLOCK, Asking
from callers import AUTOMATE, LOGINS, PSA, Caller, Tenant, basic
from flask import Flask
from werkzeug.test import Client, TestResponse

from mockserver import World, create_app
from mockserver.checks.exchange import Exchange, exchange_of
from mockserver.checks.fact import Profile
from mockserver.client.environment import AutomateSettings, PsaSettings, root_url
from mockserver.client.errors import SettingMissing
from mockserver.client.passcodes import passcode
from mockserver.client.secrets import Secret


class Live:
    """The systems that the seeds' variables name, and an emulator beside them.

    Args:
        environ: Has the variables.
        allow_writes: Whether records may be created.

    Raises:
        pytest.UsageError: Neither vendor's variables are complete.
    """

    def __init__(self, environ: Mapping[str, str], *, allow_writes: bool) -> None:
        self.psa, lacks_psa = _loaded(PsaSettings, environ)
        self.automate, lacks_automate = _loaded(AutomateSettings, environ)
        if not self.psa and not self.automate:
            raise pytest.UsageError(f"{lacks_psa}; {lacks_automate}")
        self._lacks = {PSA: lacks_psa, AUTOMATE: lacks_automate}
        roots = {}
        if self.psa:
            roots[PSA] = root_url(self.psa.site)
        if self.automate:
            roots[AUTOMATE] = root_url(self.automate.server)
        self.asked = Asking(roots, allow_writes=allow_writes)
        #: Whose answers the last caller was for.
        self.profile: Profile = "documented"
        self.beside: list[Exchange] | None = None
        self._tokens: dict[str, str] = {}
        self._beside: dict[tuple[str, str], Tenant] = {}

    def tenant(
        self, profile: str = "documented", world: str | None = None, **quirks: Any
    ) -> Tenant:
        """Return what a test sees of the systems; what it needs besides skips it."""
        if world or quirks:
            pytest.skip("a live system is as it is")
        return LiveTenant(self, profile)

    def require(self, base: str) -> None:
        """Skip the test where a vendor's variables are missing."""
        if self._lacks[base]:
            pytest.skip(self._lacks[base])

    def authorization(self, base: str, dialect: str) -> str:
        """Return the header of the credentials, after a login where it needs one."""
        if base == PSA:
            return basic(self.psa.company, self.psa.public_key, self.psa.private_key)
        if dialect not in self._tokens:
            self._tokens[dialect] = self._login(dialect)
        return Secret(f"Bearer {self._tokens[dialect]}")

    def _login(self, dialect: str) -> str:
        account = self.automate
        names = {"Username": account.username, "Password": account.password}
        if account.two_factor:
            code = "TwoFactorCode" if dialect == "documented" else "TwoFactorPasscode"
            names[code] = Secret(passcode(account.two_factor, CLOCK.wall_s()))
        headers = {"ClientId": account.client_id} if account.client_id else {}
        answer = self.client.post(f"{AUTOMATE}{LOGINS[dialect]}", json=names, headers=headers)
        if answer.status_code != 200:
            pytest.skip(f"the login at {LOGINS[dialect]} was answered with {answer.status_code}")
        return str(answer.json["AccessToken"])

    @cached_property
    def client(self) -> Client:
        """Return what reaches the systems."""
        app = Flask("live")
        app.wsgi_app = self.asked  # type: ignore[method-assign]
        return Client(app)

    @cached_property
    def emulator(self) -> Client:
        """Return what reaches the emulator beside them."""
        return Client(create_app(World.seeded(42)))

    @contextlib.contextmanager
    def beside_it(self) -> Iterator[list[Exchange]]:
        """Let callers reach the emulator in this block, and return what passes."""
        self.beside = []
        try:
            yield self.beside
        finally:
            self.beside = None
            for tenant in self._beside.values():
                self.emulator.delete(f"/_mock/tenants/{tenant.name}")
            self._beside.clear()

    def emulated(self, base: str, profile: str) -> Caller:
        """Return a caller of the emulator, of a tenant that lasts for one test."""
        key = (base, profile)
        if key not in self._beside:
            name = f"beside-{len(self._beside)}"
            document = {"name": name, "profile": profile}
            credentials = self.emulator.post("/_mock/tenants", json=document).json
            self._beside[key] = Tenant(self.emulator, name, credentials).unlimited()
        tenant = self._beside[key]
        return tenant.psa if base == PSA else tenant.automate(profile)

    def tidy(self) -> None:
        """Delete what was created."""
        self.asked.tidy()


@dataclass
class LiveTenant(Tenant):
    """Stands where an emulator's tenant does."""

    def __init__(self, live: Live, profile: str) -> None:
        self._live, self.profile = live, profile

    @property
    def client(self) -> NoReturn:
        pytest.skip("a live system has no control plane")

    name = credentials = client

    @property
    def psa(self) -> Caller:
        return self._caller(PSA, self.profile)

    def psa_as(self, public: str, private: str) -> NoReturn:  # noqa: ARG002 - Tenant's
        pytest.skip("a live system has keys of its own")

    def automate(self, dialect: str = "documented") -> Caller:
        return self._caller(AUTOMATE, dialect)

    def admin(self, method: str, path: str, **sent: Any) -> NoReturn:  # noqa: ARG002 - Tenant's
        pytest.skip("a live system has no control plane")

    def unlimited(self) -> Tenant:
        return self

    def _caller(self, base: str, profile: str) -> Caller:
        self._live.require(base)
        settings: Any = self._live.psa if base == PSA else self._live.automate
        headers = {"Authorization": self._live.authorization(base, profile)}
        if settings.client_id:
            headers["ClientId"] = settings.client_id
        return Caller(TwoSided(self._live, base, profile, headers["Authorization"]), base, headers)


class TwoSided(Client):
    """Reaches the live system, or, while the test is repeated beside it, the emulator."""

    def __init__(self, live: Live, base: str, profile: str, authorization: str) -> None:
        super().__init__(live.client.application)
        self._live, self._base, self._profile = live, base, profile
        self._authorization = authorization

    def open(self, *args: Any, **sent: Any) -> TestResponse:
        """Send to whichever side is asked."""
        passed, self._live.profile = self._live.beside, self._profile
        if passed is None:
            return super().open(*args, **sent)
        caller = self._live.emulated(self._base, self._profile)
        headers = sent.get("headers") or {}
        if headers.get("Authorization") == self._authorization:
            headers = {**headers, "Authorization": caller.headers["Authorization"]}
        answer = self._live.emulator.open(*args, **{**sent, "headers": headers})
        passed.append(_shown(answer))
        return answer


def _shown(answer: TestResponse) -> Exchange:
    """Return an exchange with the emulator as the report shows those with the live system."""
    request = answer.request
    told = SimpleNamespace(
        url=request.url,
        content=answer.data,
        status_code=answer.status_code,
        headers=answer.headers,
    )
    return exchange_of(request.method, told, None).shortened()


def _loaded(kind: type[Any], environ: Mapping[str, str]) -> tuple[Any, str]:
    try:
        return kind.load(environ), ""
    except SettingMissing as missing:
        return None, str(missing)
