"""The systems that can be asked: the emulator in this process, and what the environment names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockserver.checks.exchange import Recorder
from mockserver.checks.fact import Profile
from mockserver.checks.probe import Target
from mockserver.client import AutomateClient, Conduct, Pace, PSAClient
from mockserver.client.base import pooled_session
from mockserver.client.environment import AutomateSettings, PsaSettings
from mockserver.client.errors import SettingMissing
from mockserver.testing.emulator import IN_PROCESS, Emulator
from mockserver.testing.time import TenantTime

PROFILES: tuple[Profile, ...] = ("documented", "observed")
#: Live systems name no quota (psa facts S1): stay below the sixty a minute of the guides.
LIVE_PACE = Pace(in_flight_max=1, burst=5.0, assumed=(50, 60.0))


class Emulated:
    """The emulator in this process, with one tenant for each profile.

    Args:
        seed: Of the world.
        size: Of the world.
    """

    def __init__(self, seed: int = 42, size: str = "default") -> None:
        self._emulator = Emulator(seed, size)
        self._tenants = {
            profile: self._emulator.world.create_tenant(f"check-{profile}", profile)
            for profile in PROFILES
        }

    def target(self) -> Target:
        """Return the emulator as a target; waits cost no time."""
        recorder = Recorder(self._emulator.session)
        psa, automate = {}, {}
        for profile, tenant in self._tenants.items():
            conduct = Conduct(session=recorder, clock=TenantTime(tenant.clock))
            credentials, user = tenant.credentials["psa"], tenant.credentials["automate"].main
            public, private = credentials.main
            psa[profile] = PSAClient(
                credentials.company,
                public,
                private,
                credentials.client_id,
                IN_PROCESS,
                conduct=conduct,
            )
            automate[profile] = AutomateClient(
                IN_PROCESS,
                user.name,
                user.password,
                client_id=credentials.client_id,
                dialect=profile,
                conduct=conduct,
            )
        return Target("emulator", recorder, psa, automate)

    def document(self, api: str, profile: Profile) -> dict[str, Any]:
        """Return the OpenAPI document of a vendor in a profile."""
        url, tenant = f"{IN_PROCESS}/_mock/openapi/{api}.json", self._tenants[profile].name
        answer = self._emulator.session.get(
            url, params={"tenant": tenant}, headers={"Host": "localhost"}
        )
        document: dict[str, Any] = answer.json()
        return document

    def close(self) -> None:
        """End it."""
        self._emulator.close()


def live(environ: Mapping[str, str], conduct: Conduct | None = None) -> Target:
    """Return what the seeds' variables name.

    Args:
        environ: Has the variables.
        conduct: How it is asked: one request at a time and below the limit by default.

    Raises:
        SettingMissing: Neither vendor's variables are complete; the message says what is missing.
    """
    conduct = conduct or Conduct()
    recorder = Recorder(conduct.session or pooled_session())
    conduct = replace(conduct, session=recorder, pace=conduct.pace or LIVE_PACE)
    psa, lacks_psa = _psa(environ, conduct)
    automate, lacks_automate = _automate(environ, conduct)
    if not psa and not automate:
        raise SettingMissing(f"{lacks_psa}; {lacks_automate}")
    return Target("live", recorder, psa, automate)


def _psa(environ: Mapping[str, str], conduct: Conduct) -> tuple[dict[Profile, PSAClient], str]:
    try:
        settings = PsaSettings.load(environ)
    except SettingMissing as missing:
        return {}, str(missing)
    client = PSAClient(
        settings.company,
        settings.public_key,
        settings.private_key,
        settings.client_id,
        settings.site,
        conduct=conduct,
    )
    return dict.fromkeys(PROFILES, client), ""


def _automate(
    environ: Mapping[str, str], conduct: Conduct
) -> tuple[dict[Profile, AutomateClient], str]:
    try:
        settings = AutomateSettings.load(environ)
    except SettingMissing as missing:
        return {}, str(missing)
    members: dict[str, Any] = {name: getattr(settings, name) for name in settings.__match_args__}
    documented = AutomateClient(**members, dialect="documented", conduct=conduct)
    # The same account, so the same quota: one gate for both logins.
    shared = replace(conduct, gate=documented.gate)
    observed = AutomateClient(**members, dialect="observed", conduct=shared)
    return {"documented": documented, "observed": observed}, ""
