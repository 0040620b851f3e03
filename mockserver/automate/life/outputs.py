"""What a command does to its computer, and what it prints."""

import re
from collections.abc import Callable, Mapping

from mockserver.automate.life.places import COMPUTERS, at, kept, matching, whole
from mockserver.automate.life.wording import filled
from mockserver.automate.profile import profile_in
from mockserver.core.records import Records
from mockserver.core.rules import Record

Outcome = tuple[str, str]
SUCCESS, FAILED = "Success", "Failed"
SERVICES, SOFTWARE = "Computers/Services", "Computers/Software"
PROCESSES = "Computers/Processes"
#: ``!!!`` separates the program from its arguments (automate facts 80).
PROGRAM = "!!!"
LINE = re.compile(r'(?:/c|-command)\s+"?(?P<line>.*?)"?\s*$', re.IGNORECASE | re.DOTALL)


def outcome(records: Records, record: Record, computer: Record) -> Outcome:
    """Return the last status of a command and its output, and let it have its effect."""
    doing = DOINGS.get(record["Command"]["Id"])
    return doing(records, record, computer) if doing else (SUCCESS, "OK")


def _process(records: Records, record: Record, computer: Record) -> Outcome:
    if not record["Parameters"]:
        return FAILED, "ERR"  # a literal that clients know (automate facts 76)
    program, _, arguments = " ".join(record["Parameters"]).partition(PROGRAM)
    found = LINE.search(arguments)
    line = found["line"] if found else program.strip()
    return SUCCESS, _printed(profile_in(records).command_outputs, line, computer)


def _printed(outputs: Mapping[str, str], line: str, computer: Record) -> str:
    """Return what a few well-known commands print, and the exit code of all others."""
    word, _, rest = line.strip().partition(" ")
    text = outputs.get(word.casefold(), outputs.get("", ""))
    told = {"word": word, "rest": rest, "bare": rest.strip("'")}
    told |= {"computer": computer["ComputerName"]}
    return filled(text, **told, version=computer.get("OperatingSystemVersion") or "")


def _fast_talk(records: Records, record: Record, computer: Record) -> Outcome:
    on = record["Parameters"][:1] == ["1"]  # automate facts 79
    kept(records, COMPUTERS, computer, IsFasTalk=on)
    return SUCCESS, "OK"


def _restart(records: Records, _record: Record, computer: Record) -> Outcome:
    now = records.clock.text()
    kept(records, COMPUTERS, computer, LastStartup=now, SystemUptime=0, IsRebootNeeded=False)
    return SUCCESS, "OK"


def _inventory(records: Records, _record: Record, computer: Record) -> Outcome:
    now = records.clock.text()
    names = ("RemoteAgentLastInventory", "LastInventoryReceived", "LastInventory")
    kept(records, COMPUTERS, computer, **dict.fromkeys(names, now))
    return SUCCESS, "OK"


def _killed(records: Records, record: Record, computer: Record) -> Outcome:
    """End the process whose id is the parameter, if the computer has it."""
    process_id = whole(next(iter(record["Parameters"]), None))
    resource = at(records, PROCESSES)
    if process_id not in records.store.matching(resource, parent_id=computer["Id"]):
        return FAILED, "ERR"
    records.store.delete(resource, process_id)
    return SUCCESS, "OK"


def _listed(path: str) -> Callable[[Records, Record, Record], Outcome]:
    def scanned(records: Records, _record: Record, computer: Record) -> Outcome:
        rows = list(matching(records, path, parent_id=computer["Id"]))
        for row in rows:
            kept(records, path, row, DateLastInventoried=records.clock.text())
        return SUCCESS, f"{len(rows)} found."

    return scanned


#: By command id; those of automate facts 79 and of the seeded catalogue.
DOINGS: Mapping[int, Callable[[Records, Record, Record], Outcome]] = {
    2: _process,
    4: _restart,
    17: _killed,
    28: _listed(SERVICES),
    35: _fast_talk,
    82: _listed(SOFTWARE),
    123: _inventory,
}
