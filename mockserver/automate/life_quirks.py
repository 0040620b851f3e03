"""The quirks of Automate's commands and computers, one field each, with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class LifeQuirks:
    """What sources disagree on, or do not tell, of commands, computers and their patches.

    Attributes:
        size_factor: How many of the unit of observed sizes of memory and drives make a MB; the unit
            is unproven (10.3, 14). 1048576 shows bytes.
        command_refusal_told: Whether a command above the user's level is a 403; otherwise it is
            taken and terminates without a word (79, 83).
        command_queued: The status of a command that waits; the words are the interface's (75).
        command_executing: The same of one that runs.
        command_pickup_s: How long an agent takes to pick a command up; unknown, ours.
        fast_talk_s: The same of an agent that checks in fast (79); ours.
        command_run_s: How long a command runs; ours.
        heartbeat_s: How often an agent reports in; ours.
        outage_chance: Share of the workstations that go offline in a day; ours. 0 keeps all
            computers where they are.
        failure_chance: Share of the commands and scripts that fail; none unless it is set.
        patch_run_s: How long a patch job takes; ours.
    """

    size_factor: int = 1
    command_refusal_told: bool = True
    command_queued: str = "Pending"
    command_executing: str = "Executing"
    command_pickup_s: float = 5
    fast_talk_s: float = 1
    command_run_s: float = 10
    heartbeat_s: float = 300
    outage_chance: float = 0.04
    failure_chance: float = 0
    patch_run_s: float = 600
