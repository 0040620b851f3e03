"""What the runs of a script come to (automate facts 10.1; the description has the model alone)."""

from collections import Counter

from mockserver.automate.computed import told
from mockserver.automate.life.places import COMPUTERS, SCRIPTS, found, got, matching
from mockserver.automate.life.runs import HISTORY
from mockserver.automate.profile import profile_of
from mockserver.web.exchange import Answer, Exchange


def of_script(exchange: Exchange) -> Answer:
    """Answer how often a script ran and succeeded, its last run, and the minutes it saved."""
    records = exchange.records
    script = got(records, SCRIPTS, int(exchange.ids[0]))
    lines = sorted(matching(records, HISTORY, scriptid=script["Id"]), key=_instant)
    states = Counter(line.get("State") for line in lines)
    worth = profile_of(exchange.caller).automation_value
    minutes = int(script.get("AutomationTime") or 0)
    row: dict[str, object] = {
        "SuccessCount": states["Success"],
        "TotalRunCount": len(lines),
        "TotalValue": round(states["Success"] * minutes * worth),
    }
    if lines:
        first, last = lines[0], lines[-1]
        computer = found(records, COMPUTERS, last["ComputerId"]) or {}
        row |= {"LastRunTarget": computer.get("ComputerName"), "LastRunStatus": last.get("State")}
        row |= {"LastRunDate": _bare(last), "LastHistoryDateAvailable": _bare(first)}
    return told(exchange, row)


def _instant(line: dict[str, object]) -> tuple[str, object]:
    return str(line.get("HistoryDate") or ""), line["Id"]


def _bare(line: dict[str, object]) -> str:
    return _instant(line)[0].removesuffix("Z")
