"""The quirks of Automate's commands and computers, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from mockserver.core.quirks import AT_LEAST_ONE

#: By the first word of a command line; the empty word stands for all others.
OUTPUTS: Mapping[str, str] = MappingProxyType(
    {
        "echo": "{rest}",
        "write-output": "{bare}",
        "hostname": "{computer}",
        "whoami": r"nt authority\system",
        "ver": "Microsoft Windows [Version {version}]",
        "": "{word} ended with exit code 0.",
    }
)


@dataclass(frozen=True, eq=False)
class LifeQuirks:
    """What sources disagree on, or do not tell, of commands, computers and their patches.

    Attributes:
        seed_routes: Whether the paths are there at which only the seed family works with scripts,
            alerts, monitors and patches (88, 89); its lists below clients are there for all.
        absent_routes: Templates of paths that this server does not have, such as
            ``/Computers/{id}/Processes``; which ones a server has, depends on its version (1, 7).
        size_factor: How many of the unit of observed sizes of memory and drives make a MB; the unit
            is unproven (10.3, 14). 1048576 shows bytes.
        command_refusal_told: Whether a command above the user's level is a 403; otherwise it is
            taken and terminates without a word (79, 83).
        command_queued: The status of a command that waits; the words are the interface's (75).
        command_executing: The same of one that runs.
        command_lost: The status of one whose computer is gone or away as it ends (75, loosely);
            None lets it go on until the computer is back.
        command_levels: Levels of commands by id, other than the world's: the ids are seen (79),
            the levels are ours.
        command_computer_checked: Whether a ``ComputerId`` in a command's body must be the one of
            the path, which decides; else it is ignored; unknown.
        command_outputs: What a command line prints, by its first word in small letters, the empty
            one for all others; ``{word}``, ``{rest}``, ``{bare}`` (the rest without quotes),
            ``{computer}`` and ``{version}`` stand for themselves; nobody recorded any.
        command_pickup_s: How long an agent takes to pick a command up; unknown, ours.
        fast_talk_s: The same of an agent that checks in fast (79); ours.
        command_run_s: How long a command runs; ours.
        heartbeat_s: How often an agent reports in; ours.
        outage_chance: Share of the workstations that go offline in a day; ours. 0 keeps all
            computers where they are.
        return_chance: Share of those that are offline when a day begins and come back in it; ours.
        wake_s: How long a computer takes to come online that a script wakes (85); ours.
        failure_chance: Share of the commands and scripts that fail; none unless it is set.
        lasting_statuses: The statuses of computers that time does not change; elsewhere a Degraded
            one may go away as an Online one does, any other come back as an Offline one; the seed
            family names them only.
        contacts_checked: Whether a computer's ``Contact`` must be there, or is kept as it is sent;
            unknown.
        contacts_stay: Whether a computer that moves to another client keeps its contact; unknown.
        sent_to_client: Where in a client ``SendTo`` puts a computer: in its first or last location,
            or nowhere; 70 shows locations.
        retire_comment: The ``RetireComment`` of a deleted computer, ``{user}`` for who did it;
            unknown.
        installer_answer: What ``RemoteAgent/Installers`` answers, ``{uuid}`` for one (10.1: a
            token).
        control_url: What ``/extensionactions/control/{id}`` answers, ``{guid}`` for the computer's
            (10.1: a URL); nothing answers there.
        overrides_first: Whether the patching policies set for one computer beat those of its groups
            in ``EffectivePatchingPolicy``; nobody shows an answer.
        compliance_factor: What ``OverallCompliance`` shows of the share of installed updates: 1 for
            the share itself, 100 for a percentage (93 has a number).
        third_party_counted: Whether ``PatchingStats`` counts third parties' patches, too (93).
        scan_type: The ``ScanType`` of ``/Antivirus``; the seed family shows one (89).
        threats_found: The ``ThreatsFound`` of it; no scan is made.
        patch_run_s: How long a patch job takes; ours.
    """

    seed_routes: bool = True
    absent_routes: frozenset[str] = frozenset()
    size_factor: int = field(default=1, metadata=AT_LEAST_ONE)
    command_refusal_told: bool = True
    command_queued: str = "Pending"
    command_executing: str = "Executing"
    command_lost: str | None = "Terminated"
    command_levels: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    command_computer_checked: bool = False
    command_outputs: Mapping[str, str] = field(default_factory=lambda: OUTPUTS)
    command_pickup_s: float = 5
    fast_talk_s: float = 1
    command_run_s: float = 10
    heartbeat_s: float = field(default=300, metadata=AT_LEAST_ONE)
    outage_chance: float = 0.04
    return_chance: float = 0.1
    wake_s: float = 120
    failure_chance: float = 0
    lasting_statuses: frozenset[str] = frozenset({"Degraded", "Unknown"})
    contacts_checked: bool = True
    contacts_stay: bool = False
    sent_to_client: Literal["first", "last", "none"] = "first"
    retire_comment: str = "Deleted by {user}"
    installer_answer: str = "{uuid}"
    control_url: str = "https://control.example/Host#Access///{guid}/Join"
    overrides_first: bool = True
    compliance_factor: float = 1
    third_party_counted: bool = False
    scan_type: str = "Quick"
    threats_found: int = 0
    patch_run_s: float = 600
