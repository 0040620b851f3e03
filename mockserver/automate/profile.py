"""The quirks of Automate on which the sources disagree, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass

from mockserver.automate import dialect
from mockserver.automate.alert_quirks import AlertQuirks
from mockserver.automate.error_quirks import OBSERVED_WORDING, ErrorQuirks
from mockserver.automate.life_quirks import LifeQuirks
from mockserver.automate.list_quirks import ListQuirks
from mockserver.automate.record_quirks import RecordQuirks
from mockserver.automate.record_tables import READ_ONLY
from mockserver.automate.script_quirks import ScriptQuirks
from mockserver.automate.token_quirks import TokenQuirks
from mockserver.core.limits import Quota
from mockserver.core.profile import Profile
from mockserver.core.records import Records
from mockserver.web.exchange import Caller


@dataclass(frozen=True, eq=False)
class AutomateProfile(
    TokenQuirks,
    ListQuirks,
    RecordQuirks,
    LifeQuirks,
    ScriptQuirks,
    AlertQuirks,
    ErrorQuirks,
    Profile,
):
    """One consistent Automate; a token carries the one that it was issued under.

    Attributes:
        seed_shapes: Whether records have the seed's names (automate facts 10.3).
    """

    seed_shapes: bool = True

    @property
    def view(self) -> str:
        """Return the rendering of the records, as the store knows it."""
        return "documented" if self.seed_shapes else "observed"


DOCUMENTED = AutomateProfile("documented", Quota(requests=60, window_s=60, concurrent=10))
OBSERVED = AutomateProfile(
    "observed",
    Quota(requests=None),  # automate facts 57
    conditions=dialect.OBSERVED,
    seed_errors=False,
    wording=OBSERVED_WORDING,
    seed_shapes=False,
    seed_routes=False,
    seed_page_headers=False,
    quota_headers=False,
    page_size=30,
    page_size_max=None,
    all_rows=True,
    require_client_id=True,
    token_ttl_s=3_600,
    second_factor_refused=False,
    created_status=200,
    in_use_status=409,
    unknown_members_refused=frozenset({"PATCH"}),
    absent_operations=READ_ONLY,
    quoted_dates=False,
    command_refusal_told=False,
)
PROFILES: Mapping[str, AutomateProfile] = {"documented": DOCUMENTED, "observed": OBSERVED}


def profile_in(records: Records) -> AutomateProfile:
    """Return the profile of the tenant whose records these are, for what no caller does."""
    chosen = records.profile
    return chosen if isinstance(chosen, AutomateProfile) else DOCUMENTED


def profile_of(caller: Caller) -> AutomateProfile:
    """Return the profile of the caller's dialect, with the tenant's quirks (interface 5)."""
    own = caller.tenant.profiles["automate"]
    assert isinstance(own, AutomateProfile)
    if own.name == caller.dialect:
        return own
    other = PROFILES[caller.dialect]
    quirks = caller.tenant.plan.quirks.get("automate")
    return other.changed(**quirks) if quirks else other
