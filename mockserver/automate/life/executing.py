"""The seed's ways to run a script and to see what came of it (seed 000; automate facts 95)."""

from typing import Any

import orjson

from mockserver.automate.life import runs
from mockserver.automate.life.parameters import checked
from mockserver.automate.life.places import (
    COMPUTERS,
    SCRIPTS,
    at,
    body_of,
    found,
    got,
    reachable,
    rule,
    wholes,
)
from mockserver.automate.profile import profile_of
from mockserver.core.agenda import seconds_of
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange

OFFLINE = "Cannot execute script on offline computer"
UNKNOWN = "There is no such computer"
SHOWN = ("ExecutionID", "Status", "ComputerID", "ScriptID", "StartTime")
SHOWN_OF_MANY = ("ExecutionID", "ComputerID", "Status")


def on_one(exchange: Exchange) -> Answer:
    """Run a script on one computer; an offline one is a 400."""
    records = exchange.records
    computer = got(records, COMPUTERS, int(exchange.ids[0]))
    script, members = _script(exchange, int(exchange.ids[1])), body_of(exchange)
    profile = profile_of(exchange.caller)
    given = checked(script, members.get("parameters"), profile)
    if not reachable(computer):
        raise rule(SCRIPTS, "ComputerID", OFFLINE, computer["Id"])
    run = _run(exchange, script, computer, given)
    return Answer(profile.execute_status, orjson.dumps({name: run[name] for name in SHOWN}))


def on_many(exchange: Exchange) -> Answer:
    """Run a script on several computers; the run of an offline one fails at once."""
    records = exchange.records
    script, members = _script(exchange, int(exchange.ids[0])), body_of(exchange)
    ids = wholes(SCRIPTS, "ComputerIDs", members.get("computerids"))
    profile = profile_of(exchange.caller)
    given = checked(script, members.get("parameters"), profile)
    find = got if profile.bulk_unknown_refused else found
    with records.store.transaction():
        computers = {each: find(records, COMPUTERS, each) for each in ids}
        begun = (_of_many(exchange, script, pair, given) for pair in computers.items())
        return Answer(profile.execute_status, orjson.dumps({"Executions": list(begun)}))


def _of_many(
    exchange: Exchange, script: Record, pair: tuple[int, Record | None], given: dict[str, str]
) -> dict[str, Any]:
    """Run a script on one of several computers, and return what the answer tells of it."""
    computer_id, computer = pair
    if computer is None:
        return {"ComputerID": computer_id, "Status": runs.FAILED, "Error": UNKNOWN}
    run = _run(exchange, script, computer, given)
    if not reachable(computer) and profile_of(exchange.caller).bulk_offline == runs.FAILED:
        runs.ended(exchange.records, run, runs.FAILED, error=OFFLINE)
        run = got(exchange.records, runs.EXECUTIONS, run["ExecutionID"])
    return {name: run[name] for name in SHOWN_OF_MANY}


def one(exchange: Exchange) -> Answer:
    """Answer a run; one that goes on has lasted until now."""
    run_id = int(exchange.ids[-1])
    run = got(exchange.records, runs.EXECUTIONS, run_id)
    body = exchange.records.store.body(at(exchange.records, runs.EXECUTIONS), run_id, "documented")
    if run["Status"] != runs.GOES_ON:
        return Answer(200, body or b"")
    lasted_s = exchange.tenant.clock.timestamp() - seconds_of(run["StartTime"])
    return Answer(200, orjson.dumps({**orjson.loads(body or b"{}"), "Duration": int(lasted_s)}))


def cancel(exchange: Exchange) -> Answer:
    """Stop a run that has not ended; 400 when it has."""
    records = exchange.records
    with records.store.transaction():
        run = got(records, runs.EXECUTIONS, int(exchange.ids[-1]))
        if run["Status"] in runs.ENDED:
            text = f"Cannot cancel already {run['Status'].lower()} execution"
            raise rule(runs.EXECUTIONS, "Status", text, run["Status"])
        exchange.tenant.agendas["automate"].cancel(runs.KIND, run["ExecutionID"])
        runs.ended(records, run, runs.CANCELLED, error=f"Stopped by {exchange.caller.login}.")
    return one(exchange)


def _script(exchange: Exchange, script_id: int) -> Record:
    script = got(exchange.records, SCRIPTS, script_id)
    if not runs.may_run(script, profile_of(exchange.caller)):
        raise rule(SCRIPTS, "ScriptID", f"Script {script_id} is disabled", script_id)
    return script


def _run(exchange: Exchange, script: Record, computer: Record, given: dict[str, str]) -> Record:
    agenda = exchange.tenant.agendas["automate"]
    order = runs.Order(script, computer, given, exchange.caller.login)
    return runs.started(exchange.records, agenda, order)
