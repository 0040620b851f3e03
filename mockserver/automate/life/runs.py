"""Runs of scripts: one record of each, seen by the seed's operations and by the vendor's.

``/Scripts/Executions`` has the run itself (automate facts 95); while it goes on, a row of it is in
both lists of running scripts, and from its beginning one in the computer's ``ScriptHistory`` (87),
all under the same id. Whoever started it, all of them show it (C18).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockserver.automate.life.places import (
    COMPUTERS,
    added,
    at,
    everyone,
    found,
    fresh_id,
    kept,
    reachable,
)
from mockserver.automate.life.wording import filled
from mockserver.automate.profile import AutomateProfile
from mockserver.core.agenda import Agenda, Moment, seconds_of
from mockserver.core.records import Records
from mockserver.core.rules import Record

EXECUTIONS, HISTORY = "Scripts/Executions", "Computers/ScriptHistory"
RUNNING, FLEET = "Computers/RunningScripts", "Scripting/RunningScripts"
KIND, LEFTOVERS = "script run", "seeded runs"
BEGUN = "begun_s"
PENDING, GOES_ON = "Pending", "Running"
COMPLETED, FAILED, TIMEOUT, CANCELLED = "Completed", "Failed", "Timeout", "Cancelled"
ENDED = frozenset({COMPLETED, FAILED, TIMEOUT, CANCELLED})
SOURCE_MANUAL, SOURCE_SCHEDULE = "Manual", "Schedule"


class Order(NamedTuple):
    """What is to be run, by whom and with what."""

    script: Record
    computer: Record
    parameters: Mapping[str, str]
    user: str
    source: str = SOURCE_MANUAL


def may_run(script: Record, profile: AutomateProfile) -> bool:
    """Tell whether a script runs: not while it is disabled, unless the profile says so."""
    return profile.disabled_scripts_run or script.get("Enabled") is not False


def started(records: Records, agenda: Agenda, order: Order) -> Record:
    """Queue a run and return its record."""
    profile = agenda.profile
    assert isinstance(profile, AutomateProfile)
    now = records.clock.text()
    with records.store.transaction():
        run_id = fresh_id(records, HISTORY, EXECUTIONS, RUNNING, FLEET)
        run = {
            "ExecutionID": run_id,
            "ScriptID": order.script["Id"],
            "ScriptName": order.script["Name"],
            "ComputerID": order.computer["Id"],
            "ComputerName": order.computer["ComputerName"],
            "Status": PENDING,
            "StartTime": now,
            "TriggeredBy": order.user,
            "Parameters": dict(order.parameters),
        }
        added(records, EXECUTIONS, run)
        _mirror(records, run, order, now)
        agenda.add(records.clock.timestamp() + profile.script_pickup_s, KIND, run_id)
    return run


def _mirror(records: Records, run: Record, order: Order, now: str) -> None:
    computer_id = run["ComputerID"]
    common = {"Id": run["ExecutionID"], "ScriptId": run["ScriptID"], "ComputerId": computer_id}
    common |= {"Name": run["ScriptName"], "Status": "Running"}
    line = {"User": run["TriggeredBy"], "State": "Information", "HistoryDate": now}
    added(records, HISTORY, {**common, **line, "DiagnosticMessage": ""}, computer_id)
    added(records, RUNNING, {**common, "StartDate": now}, computer_id)
    added(records, FLEET, _instance(run, order, now))


def _instance(run: Record, order: Order, now: str) -> Record:
    client = order.computer["Client"]
    slim = {"ComputerId": run["ComputerID"], "Name": run["ComputerName"]}
    slim["IsOnline"] = reachable(order.computer)
    return {
        "ScriptInstanceId": run["ExecutionID"],
        "Target": {
            "TargetType": {"TargetTypeId": 1, "Name": "Computer"},
            "Computer": slim,
            "Client": {"ClientId": client["Id"], "Name": client["Name"]},
        },
        "Script": {"ScriptId": run["ScriptID"], "Name": run["ScriptName"]},
        "Source": {"SourceType": {"Name": order.source}, "Name": order.user},
        "State": {"StateId": 0, "Name": PENDING},
        "StartDate": now,
    }


# -- happenings ------------------------------------------------------------------------------------


def step(moment: Moment) -> None:
    """Let a run begin or end."""
    records, profile = moment.records, moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    run = found(records, EXECUTIONS, moment.event.about)
    if run is None or run["Status"] in ENDED:
        return
    computer = found(records, COMPUTERS, run["ComputerID"])
    if computer is None:
        ended(records, run, CANCELLED, error="The computer was removed.")
    elif run["Status"] == PENDING and reachable(computer):
        _begun(moment, run, profile)
    elif run["Status"] == PENDING:
        moment.again(profile.heartbeat_s, most=1)
    else:
        _due_to_end(moment, run, computer, profile)


def _begun(moment: Moment, run: Record, profile: AutomateProfile) -> None:
    records = moment.records
    kept(records, EXECUTIONS, run, Status=GOES_ON)
    instance = found(records, FLEET, run["ExecutionID"])
    if instance is not None:
        kept(records, FLEET, instance, State={"StateId": 1, "Name": GOES_ON})
    due_s, begun = moment.now_s + profile.script_run_s, {BEGUN: moment.now_s}
    moment.agenda.add(due_s, KIND, run["ExecutionID"], begun)


def _due_to_end(moment: Moment, run: Record, computer: Record, profile: AutomateProfile) -> None:
    """Let a run end; one whose computer went away is waited for until the limit."""
    records, script_id = moment.records, run["ExecutionID"]
    # What waited for its computer has not run that long.
    begun_s = moment.event.facts.get(BEGUN, seconds_of(run["StartTime"]))
    late_s = begun_s + profile.script_timeout_s
    if not reachable(computer):
        if moment.now_s >= late_s:
            ended(records, run, TIMEOUT, error="The time limit was exceeded.")
        else:
            moment.agenda.add(late_s, KIND, script_id, moment.event.facts)
    elif moment.dice(script_id).random() < profile.failure_chance:
        ended(records, run, FAILED, error=f"{run['ScriptName']} failed.")
    else:
        ended(records, run, COMPLETED, output=_output(run, profile.script_output))


def _output(run: Record, text: str) -> str:
    given = "".join(f" {name}={value}" for name, value in run["Parameters"].items())
    return filled(text, script=run["ScriptName"], computer=run["ComputerName"], parameters=given)


def ended(records: Records, run: Record, status: str, *, output: str = "", error: str = "") -> None:
    """End a run in all the places that show it."""
    now = records.clock.text()
    codes: Mapping[str, int] = {COMPLETED: 0, FAILED: 1}
    took_s = int(records.clock.timestamp() - seconds_of(run["StartTime"]))
    end: dict[str, Any] = {"EndTime": now, "Duration": max(0, took_s)}
    end |= {"Output": output, "ErrorOutput": error, "ExitCode": codes.get(status, -1)}
    kept(records, EXECUTIONS, run, Status=status, **end)
    run_id = run["ExecutionID"]
    for path in (RUNNING, FLEET):
        records.store.delete(at(records, path), run_id)
    line = found(records, HISTORY, run_id)
    if line is not None:
        state = "Success" if status == COMPLETED else "Failure"
        told = {"State": state, "HistoryDate": now, "DiagnosticMessage": output or error}
        kept(records, HISTORY, line, Status="Completed", **told)


def finish_leftovers(moment: Moment) -> None:
    """Let those running scripts end that the world began with."""
    records = moment.records
    for path, key in ((RUNNING, "Id"), (FLEET, "ScriptInstanceId")):
        for row in list(everyone(records, path)):
            if found(records, EXECUTIONS, row[key]) is None:
                records.store.delete(at(records, path), row[key])
