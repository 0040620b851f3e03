"""The quirks of Automate's scripts, one field each, with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class ScriptQuirks:
    """What sources disagree on, or do not tell, of runs, schedules and batch calls.

    Attributes:
        script_pickup_s: How long an agent takes to begin a script; ours.
        script_run_s: How long a script runs; ours.
        script_timeout_s: When a run is given up whose computer went away; the seed family has the
            status only (95), the limit is ours.
        script_output: What a script prints that completes; ``{script}``, ``{computer}`` and
            ``{parameters}`` stand for themselves; nobody recorded any.
        execute_status: Answer to the seed's Execute; the family shows the body only (95).
        batch_success: The ``ResultStatus`` of a batch row that went well; which it is, is unknown
            (70 shows 0).
        batch_failure: The same of one that did not; ours.
    """

    script_pickup_s: float = 5
    script_run_s: float = 60
    script_timeout_s: float = 3_600
    script_output: str = "{script} completed on {computer}.{parameters}"
    execute_status: int = 200
    batch_success: int = 0
    batch_failure: int = 1
