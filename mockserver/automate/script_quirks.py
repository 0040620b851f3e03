"""The quirks of Automate's scripts, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

#: The numbers that clients send as the ``ScheduleType`` of a flat schedule (86).
FREQUENCIES: Mapping[str, int] = MappingProxyType(
    {"Once": 1, "Minute": 2, "Hourly": 3, "Daily": 4, "Weekly": 5, "Monthly": 6}
)


@dataclass(frozen=True, eq=False)
class ScriptQuirks:
    """What sources disagree on, or do not tell, of runs, schedules and batch calls.

    Attributes:
        script_pickup_s: How long an agent takes to begin a script; ours.
        script_run_s: How long a script runs; ours.
        leftovers_s: How long the scripts go on that run when the world begins; ours.
        flat_schedules_counted: Whether a script's ``References`` count the flat schedules of
            computers that are nowhere else, too; the model has a number (10.1).
        script_timeout_s: When a run is given up whose computer went away; the seed family has the
            status only (95), the limit is ours.
        script_output: What a script prints that completes; ``{script}``, ``{computer}`` and
            ``{parameters}`` stand for themselves; nobody recorded any.
        disabled_scripts_run: Whether a script whose ``Enabled`` is false runs all the same; the
            seed family shows the flag only.
        unknown_parameters: What becomes of parameters that a script does not declare: they are
            passed on, dropped or refused; the seed family warns of them only.
        bulk_offline: The first status of a run in a bulk Execute whose computer is offline:
            ``Failed`` is its last too, ``Pending`` waits; the family tells of single runs (95).
        bulk_unknown_refused: Whether an unknown computer in a bulk Execute is a 404 and nothing
            starts; else a row of the answer tells of it; unknown.
        execute_status: Answer to the seed's Execute; the family shows the body only (95).
        batch_success: The ``ResultStatus`` of a batch row that went well; which it is, is unknown
            (70 shows 0).
        batch_failure: The same of one that did not; ours.
        batch_refuses: Whether a batch call of which a row fails is a 400 and does nothing; else it
            does the rest and ``ContainsUnsuccessfulResults`` tells, which clients test (70).
        frequencies: The ``ScriptScheduleFrequencyId`` of each frequency in batch calls; that they
            are those of ``ScheduleType`` (86) is a guess.
        schedule_start_s: A schedule that names no start begins with the next whole multiple of so
            many seconds; 0 at once; unknown.
        finished_schedules_kept: Whether a schedule that has no run to come stays; unknown.
        short_months: Whether a monthly schedule runs on the last day of a month that lacks its day,
            or such months are skipped; unknown.
        schedules_outlive_scripts: Whether what is scheduled stays when its script is deleted, and
            runs nothing; unknown.
        flat_parameters: What stands between the name and the value of a flat schedule's parameter,
            and between two of them; clients send a text (86), nobody tells which.
        automation_value: What a minute of ``AutomationTime`` is worth in ``TotalValue`` of
            ``/Statistics/ScriptInfo``; the model has no unit (10.1).
    """

    script_pickup_s: float = 5
    script_run_s: float = 60
    leftovers_s: float = 600
    flat_schedules_counted: bool = False
    script_timeout_s: float = 3_600
    script_output: str = "{script} completed on {computer}.{parameters}"
    disabled_scripts_run: bool = False
    unknown_parameters: Literal["passed", "dropped", "refused"] = "passed"
    bulk_offline: Literal["Failed", "Pending"] = "Failed"
    bulk_unknown_refused: bool = True
    execute_status: int = 200
    batch_success: int = 0
    batch_failure: int = 1
    batch_refuses: bool = False
    frequencies: Mapping[str, int] = field(default_factory=lambda: FREQUENCIES)
    schedule_start_s: float = 60
    finished_schedules_kept: bool = False
    short_months: Literal["last", "skipped"] = "last"
    schedules_outlive_scripts: bool = False
    flat_parameters: tuple[str, str] = ("=", "|")
    automation_value: float = 1
