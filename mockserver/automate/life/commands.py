"""Commands to a computer's agent: queued, carried out on the world's clock, told in two shapes.

Sources: automate facts 8. A command is one record of ``CommandExecute``; ``CommandHistory`` shows
the same command, under the same id, with its times and who sent it (82).
"""

from collections.abc import Mapping
from typing import Any

import orjson

from mockserver.automate.auth import level
from mockserver.automate.life.outputs import outcome
from mockserver.automate.life.places import (
    COMPUTERS,
    added,
    folded,
    found,
    fresh_id,
    got,
    kept,
    reachable,
    refused,
    rule,
    texts,
    whole,
)
from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.core.agenda import Moment
from mockserver.core.errors import BadJson, Fault, Flaw, Forbidden
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange

QUEUE, HISTORY, CATALOGUE = "Computers/CommandExecute", "Computers/CommandHistory", "Commands"
KIND = "command"
EXECUTE_PROCESS = 2
TERMINATED, BEGUN = "Terminated", "begun"


# -- requests --------------------------------------------------------------------------------------


def execute(exchange: Exchange) -> Answer:
    """Queue a command (73); a flat or bare command is accepted and terminates at once (78)."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    document, profile = exchange.json(), profile_of(exchange.caller)
    flat = document if isinstance(document, str) else None
    if flat is None and not isinstance(document, dict):
        raise BadJson("The body must be an object or a text.")
    members = {} if flat is not None else folded(document)
    if profile.command_computer_checked:
        _check_computer(members.get("computerid"), computer)
    if isinstance(members.get("command"), str):
        flat = members["command"]
    if flat is not None:
        record = _queued(exchange, computer, {"Id": 0, "Name": flat}, [], TERMINATED)
    else:
        record = _sent(exchange, computer, members)
    return Answer(profile.created_status, _shown(exchange, record))


def prompt(exchange: Exchange) -> Answer:
    """Run a line at a command prompt and answer the command's bare id (81)."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    members = folded(exchange.json_object())
    line = members.get("commandtext")
    if not isinstance(line, str) or not line.strip():
        flaw = Flaw.WRONG_TYPE if line else Flaw.MISSING
        raise refused(QUEUE, Fault(flaw, "CommandText", None, None))
    shell = "cmd.exe!!! /c"
    if _flag(members, "UsePowerShell"):
        shell = "powershell.exe!!! -NonInteractive -Command"  # automate facts 80
    command = got(exchange.records, CATALOGUE, EXECUTE_PROCESS)
    record = _allowed(exchange, computer, command, [f'{shell} "{line}"'])
    return Answer(200, orjson.dumps(record["Id"]))


def _check_computer(named: Any, computer: Record) -> None:
    """Refuse a body that names another computer than its path."""
    if named is not None and whole(named) != computer["Id"]:
        text = f"The body names computer {named}, the path {computer['Id']}"
        raise rule(QUEUE, "ComputerId", text, named)


def _flag(members: Mapping[str, Any], name: str) -> bool:
    """Return true or false of a body; false without."""
    value = members.get(name.casefold())
    if value is not None and not isinstance(value, bool):
        raise refused(QUEUE, Fault(Flaw.WRONG_TYPE, name, None, None))
    return value is True


def _sent(exchange: Exchange, computer: Record, members: Mapping[str, Any]) -> Record:
    command = members.get("command")
    asked = folded(command) if isinstance(command, dict) else {}
    command_id = whole(asked.get("id"))
    if command_id is None:
        flaw = Flaw.WRONG_TYPE if asked.get("id") is not None else Flaw.MISSING
        raise refused(QUEUE, Fault(flaw, "Command/Id", None, None))
    known = found(exchange.records, CATALOGUE, command_id)
    if known is None:
        raise refused(QUEUE, Fault(Flaw.UNKNOWN_REFERENCE, "Command/Id", None, command_id))
    given = texts(QUEUE, "Parameters", members.get("parameters"))
    return _allowed(exchange, computer, known, given, fast=_flag(members, "Fastalk"))


def _allowed(
    exchange: Exchange,
    computer: Record,
    command: Record,
    given: list[str],
    *,
    fast: bool = False,
) -> Record:
    """Queue a command if the caller's command level is high enough (79, 83)."""
    profile = profile_of(exchange.caller)
    if level(exchange) >= command.get("Level", 0):
        return _queued(exchange, computer, command, given, profile.command_queued, fast=fast)
    if profile.command_refusal_told:
        raise Forbidden(lacking=f"CommandLevel {command.get('Level', 0)}")
    return _queued(exchange, computer, command, given, TERMINATED, fast=fast)


def _queued(
    exchange: Exchange,
    computer: Record,
    command: Record,
    given: list[str],
    status: str,
    *,
    fast: bool = False,
) -> Record:
    records, clock = exchange.records, exchange.tenant.clock
    with records.store.transaction():
        command_id = fresh_id(records, QUEUE, HISTORY)
        record = {
            "Id": command_id,
            "ComputerId": computer["Id"],
            "Command": command,
            "Status": status,
            "Parameters": given,
            "Output": "",
            "Fastalk": fast or bool(computer.get("IsFasTalk")),
            "DateLastInventoried": clock.text(),
        }
        added(records, QUEUE, record, computer["Id"])
        added(records, HISTORY, _history(record, exchange.caller.login), computer["Id"])
        if status != TERMINATED:
            profile = profile_of(exchange.caller)
            due_s = clock.timestamp() + _pickup_s(profile, record)
            exchange.tenant.agendas["automate"].add(due_s, KIND, command_id)
    return record


def _history(record: Record, user: str) -> Record:
    at = record["DateLastInventoried"]
    shown = {
        "Id": record["Id"],
        "ComputerId": record["ComputerId"],
        "DateExecuted": at,
        "CommandId": record["Command"]["Id"],
        "Command": record["Command"]["Name"],
        "Status": record["Status"],
        "Output": "",
        "Parameters": " ".join(record["Parameters"]),
        "User": user,
    }
    return {**shown, "DateFinished": at} if record["Status"] == TERMINATED else shown


def _shown(exchange: Exchange, record: Record) -> bytes:
    view = profile_of(exchange.caller).view
    records = exchange.records
    resource = records.registry.resource(f"automate:{QUEUE}")
    return records.store.body(resource, record["Id"], view) or b""


def _pickup_s(profile: AutomateProfile, record: Record) -> float:
    return profile.fast_talk_s if record.get("Fastalk") else profile.command_pickup_s


# -- happenings ------------------------------------------------------------------------------------


def begin(moment: Moment) -> None:
    """Give the commands of the catalogue the levels that the profile has for them."""
    profile = moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    for text, wanted in profile.command_levels.items():
        command = found(moment.records, CATALOGUE, whole(text) or 0)
        if command is not None:
            kept(moment.records, CATALOGUE, command, Level=wanted)


def step(moment: Moment) -> None:
    """Let the agent pick a command up, or tell what came of it."""
    records, profile = moment.records, moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    record = found(records, QUEUE, moment.event.about)
    if record is None:
        return
    computer = found(records, COMPUTERS, record["ComputerId"])
    if moment.event.facts.get(BEGUN):
        _due_to_end(moment, record, computer)
    elif reachable(computer):
        _told(moment, record, profile.command_executing)
        due_s = moment.now_s + profile.command_run_s
        moment.agenda.add(due_s, KIND, record["Id"], {BEGUN: True})
    elif computer is None:
        _told(moment, record, profile.command_lost or TERMINATED, "", finished=True)
    else:  # queued without a word until the computer is back (77)
        moment.again(profile.heartbeat_s, most=1)


def _due_to_end(moment: Moment, record: Record, computer: Record | None) -> None:
    profile = moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    if computer is not None and reachable(computer):
        _finish(moment, record, computer, profile)
    elif computer is None or profile.command_lost is not None:
        _told(moment, record, profile.command_lost or TERMINATED, "", finished=True)
    else:
        moment.again(profile.heartbeat_s, most=1)


def _finish(moment: Moment, record: Record, computer: Record, profile: AutomateProfile) -> None:
    unlucky = moment.dice(record["Id"]).random() < profile.failure_chance
    status, output = ("Failed", "ERR") if unlucky else outcome(moment.records, record, computer)
    _told(moment, record, status, output, finished=True)


def _told(
    moment: Moment, record: Record, status: str, output: str = "", *, finished: bool = False
) -> None:
    records = moment.records
    kept(records, QUEUE, record, Status=status, Output=output)
    line = found(records, HISTORY, record["Id"])
    if line is not None:
        end = moment.text if finished else None
        kept(records, HISTORY, line, Status=status, Output=output, DateFinished=end)
