"""The vendor's ways to run and to schedule scripts (automate facts 84 to 87)."""

from collections.abc import Mapping
from typing import Any

from mockserver.automate.life import runs, schedules
from mockserver.automate.life.orders import flag, modelled, moment, number, script_of
from mockserver.automate.life.parameters import checked
from mockserver.automate.life.places import folded, wholes
from mockserver.automate.life.settings import SCHEDULES, settings_of
from mockserver.automate.life.targets import batch_answer, computers, entity, entity_type
from mockserver.automate.profile import profile_of
from mockserver.core.errors import InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange


def execute(exchange: Exchange) -> Answer:
    """Run a script now on everything that is named; no run's id is told (84)."""
    return _batch(exchange, now=True)


def schedule(exchange: Exchange) -> Answer:
    """Plan a script for everything that is named."""
    return _batch(exchange, now=False)


def _batch(exchange: Exchange, *, now: bool) -> Answer:
    given = folded(exchange.json_object())
    kind = entity_type(SCHEDULES, "EntityType", given.get("entitytype"))
    ids = wholes(SCHEDULES, "EntityIds", given.get("entityids"))
    wanted = _wanted(exchange.records, given)
    with exchange.records.store.transaction():
        script, error = script_of(exchange, given)
        asked = {**wanted, "EntityType": kind, "Now": now, "Error": error}
        told = {each: _each(exchange, script, {**asked, "EntityId": each}) for each in ids}
        return batch_answer(exchange, ("ScriptResults", "EntityId"), told)


def _wanted(records: Records, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the optional members of a batch body, each of its kind."""
    return {
        "Schedule": settings_of(records, given.get("schedule")),
        "OfflineActionFlags": modelled(records, given, "OfflineActionFlags"),
        "DistributionWindow": modelled(records, given, "DistributionWindow") or None,
        "StartDate": moment(given, "StartDate"),
        "ExpireDate": moment(given, "ExpireDate"),
        "Priority": number(given, "Priority"),
        "IncludeSubGroups": flag(given, "IncludeSubGroups"),
        "UseAgentTime": flag(given, "UseAgentTime"),
        "Parameters": given.get("parameters"),
    }


def _each(exchange: Exchange, script: Record, wanted: Mapping[str, Any]) -> str:
    """Do with one entity what is wanted, or return why that cannot be."""
    entity_id, kind, error = wanted["EntityId"], wanted["EntityType"], wanted["Error"]
    if not error and entity(exchange.records, kind, entity_id) is None:
        error = f"{kind} {entity_id} was not found."
    return error or _carried_out(exchange, script, wanted)


def _carried_out(exchange: Exchange, script: Record, wanted: Mapping[str, Any]) -> str:
    records, agenda = exchange.records, exchange.tenant.agendas["automate"]
    try:
        given = checked(script, wanted["Parameters"], profile_of(exchange.caller))
    except InvalidRecord as refusal:
        names = ", ".join(each.path.partition("/")[2] or each.path for each in refusal.faults)
        return f"The parameters do not fit the script: {names}."
    if not wanted["Now"]:
        named = {**wanted, "Parameters": given}
        schedules.planned(records, agenda, script, named, exchange.caller.login)
        return ""
    deep = wanted["IncludeSubGroups"] is True
    whom = computers(records, wanted["EntityType"], wanted["EntityId"], deep=deep)
    order = runs.Order(script, {}, given, exchange.caller.login)
    flags = wanted["OfflineActionFlags"]
    count = schedules.launched(records, agenda, order, whom, flags)
    return "" if count else "No computer is to run the script."
