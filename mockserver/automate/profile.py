"""The quirks of Automate on which the sources disagree, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass

from mockserver.automate import dialect
from mockserver.automate.list_quirks import ListQuirks
from mockserver.automate.record_quirks import RecordQuirks
from mockserver.automate.token_quirks import TokenQuirks
from mockserver.core.limits import Quota
from mockserver.core.profile import Profile
from mockserver.web.exchange import Caller


@dataclass(frozen=True, eq=False)
class AutomateProfile(TokenQuirks, ListQuirks, RecordQuirks, Profile):
    """One consistent Automate; a token carries the one that it was issued under.

    Attributes:
        seed_errors: Whether errors are ``{"error": {…}}`` (seed 000) or ``{"Message"}``.
        seed_shapes: Whether records have the seed's names (automate facts 10.3).
        quota_headers: Whether answers carry ``X-RateLimit-*`` (C15).
        size_factor: How many of the unit of observed sizes of memory and drives make a MB; the unit
            is unproven (10.3, 14). 1048576 shows bytes.
        alert_ages: Whether observed alerts have ``AlertAge``, as .NET prints spans
            (``1.02:03:00``); the model has the text, no answer shows any.
        record_missing: What a 404 of a record says, with ``{kind}`` and ``{id}`` for what was
            asked for; unrecorded (65, 98).
        command_refusal_told: Whether a command above the user's level is a 403; otherwise it is
            taken and terminates without a word (79, 83).
        command_queued: The status of a command that waits; the words are the interface's (75).
        command_executing: The same of one that runs.
        command_pickup_s: How long an agent takes to pick a command up; unknown, ours.
        fast_talk_s: The same of an agent that checks in fast (79); ours.
        command_run_s: How long a command runs; ours.
        heartbeat_s: How often an agent reports in; ours.
        script_pickup_s: How long an agent takes to begin a script; ours.
        script_run_s: How long a script runs; ours.
        script_timeout_s: When a run is given up whose computer went away; the seed family has the
            status only (95), the limit is ours.
        execute_status: Answer to the seed's Execute; the family shows the body only (95).
        batch_success: The ``ResultStatus`` of a batch row that went well; which it is, is unknown
            (70 shows 0).
        batch_failure: The same of one that did not; ours.
        maintenance_minutes: How long maintenance lasts that a change of a computer's flag begins;
            0 until the flag is taken off; ours.
        late_alerts: Whether what failed during maintenance or a suspension, and fails still, is
            told when it ends; unknown, ours.
        suspension_s: How long a monitor is suspended by ``MonitorAlertSuspensions``; None for ever;
            unknown, ours.
        patch_run_s: How long a patch job takes; ours.
        outage_chance: Share of the workstations that go offline in a day; ours. 0 keeps all
            computers where they are.
        monitor_failure_chance: Share of the monitors that fail in a day; ours.
        failure_chance: Share of the commands and scripts that fail; none unless it is set.
    """

    seed_errors: bool = True
    seed_shapes: bool = True
    quota_headers: bool = True
    size_factor: int = 1
    alert_ages: bool = True
    record_missing: str = "{kind} with ID {id} not found"
    command_refusal_told: bool = True
    command_queued: str = "Pending"
    command_executing: str = "Executing"
    command_pickup_s: float = 5
    fast_talk_s: float = 1
    command_run_s: float = 10
    heartbeat_s: float = 300
    script_pickup_s: float = 5
    script_run_s: float = 60
    script_timeout_s: float = 3_600
    execute_status: int = 200
    batch_success: int = 0
    batch_failure: int = 1
    maintenance_minutes: int = 0
    late_alerts: bool = True
    suspension_s: float | None = 604_800
    patch_run_s: float = 600
    outage_chance: float = 0.04
    monitor_failure_chance: float = 0.02
    failure_chance: float = 0

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
    seed_shapes=False,
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
    quoted_dates=False,
    command_refusal_told=False,
)
PROFILES: Mapping[str, AutomateProfile] = {"documented": DOCUMENTED, "observed": OBSERVED}


def profile_of(caller: Caller) -> AutomateProfile:
    """Return the profile of the caller's dialect, with the tenant's quirks (interface 5)."""
    own = caller.tenant.profiles["automate"]
    assert isinstance(own, AutomateProfile)
    if own.name == caller.dialect:
        return own
    other = PROFILES[caller.dialect]
    quirks = caller.tenant.plan.quirks.get("automate")
    return other.changed(**quirks) if quirks else other
