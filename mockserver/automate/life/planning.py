"""Schedules of single computers, and changes of schedules that exist (automate facts 86, 87)."""

from collections.abc import Mapping
from typing import Any

from mockserver.automate.life import schedules
from mockserver.automate.life.orders import moment, script_of
from mockserver.automate.life.parameters import checked, parted
from mockserver.automate.life.places import (
    COMPUTERS,
    SCRIPTS,
    at,
    folded,
    found,
    got,
    refused,
    rule,
)
from mockserver.automate.life.recurrence import DAILY, HOURLY, MINUTELY, MONTHLY, NAMES
from mockserver.automate.life.settings import FREQUENCY, settings_after, settings_of
from mockserver.automate.life.targets import COMPUTER
from mockserver.automate.profile import profile_of
from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.validate import checked as checked_members
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers

#: A flat schedule's interval, by its type, in the nested settings.
INTERVALS: Mapping[int, tuple[str, str]] = {
    MINUTELY: ("MinutelySettings", "MinutelyInterval"),
    HOURLY: ("HourlySettings", "HourlyInterval"),
    DAILY: ("DailySettings", "DailyInterval"),
    MONTHLY: ("MonthlySettings", "MonthlyInterval"),
}
#: What the nested schedules call what a flat one has.
EXCLUSIONS: Mapping[str, str] = {
    "ExclusionStartTime": "ExcludeTimeStart",
    "ExclusionEndTime": "ExcludeTimeEnd",
}
FLAGS: Mapping[str, str] = {
    schedules.SKIPS: "SkipOffline",
    schedules.WAKES: "WakeOffline",
    schedules.OFFLINE_ONLY: "OfflineOnly",
}


def add_flat(exchange: Exchange) -> Answer:
    """Plan a script for one computer by a flat schedule (86)."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    given = folded(exchange.json_object())
    with exchange.records.store.transaction():
        script, error = script_of(exchange, given)
        if error:
            raise _no_script(script, error, given.get("scriptid"))
        profile = profile_of(exchange.caller)
        wanted = _from_flat(exchange.records, given, computer["Id"])
        wanted["Parameters"] = parted(wanted["Parameters"], profile.flat_parameters)
        wanted["Parameters"] = checked(script, wanted["Parameters"], profile)
        agenda = exchange.tenant.agendas["automate"]
        login = exchange.caller.login
        made = schedules.planned(exchange.records, agenda, script, wanted, login)
    resource = at(exchange.records, schedules.FLAT)
    body = exchange.records.store.body(resource, made["ScheduledScriptId"], profile.view)
    return Answer(profile.created_status, body or b"")


def _no_script(script: Record, error: str, named: Any) -> InvalidRecord:
    if script:
        return rule(schedules.FLAT, "ScriptId", error, named)
    return refused(schedules.FLAT, Fault(Flaw.UNKNOWN_REFERENCE, "ScriptId", None, named))


def _from_flat(records: Records, given: Mapping[str, Any], computer_id: int) -> dict[str, Any]:
    """Return what a flat schedule wants, under the names of the nested ones.

    Raises:
        InvalidRecord: A member is of another kind, or there is no such type.
    """
    resource = at(records, schedules.FLAT)
    flat, faults = checked_members(resource, given, records.policy)
    kind = 1 if flat.get("ScheduleType") is None else flat["ScheduleType"]
    if kind not in NAMES:
        faults.append(Fault(Flaw.OUT_OF_RANGE, "ScheduleType", None, None))
    if faults:
        raise InvalidRecord(resource.path, tuple(faults))
    starts = "nextrun" if given.get("nextrun") else "effectivestartdate"
    return {
        "EntityType": COMPUTER,
        "EntityId": computer_id,
        "Schedule": settings_of(records, _nested(flat, kind)),
        "OfflineActionFlags": {nested: flat.get(name) for nested, name in FLAGS.items()},
        "StartDate": moment(given, starts),
        "ExpireDate": moment(given, "EffectiveEndDate"),
        "Priority": flat.get("Priority"),
        "IsDisabled": flat.get("Disabled"),
        "Parameters": flat.get("Parameters"),
        "Flat": {name: flat[name] for name in schedules.FLAT_ONLY if flat.get(name) is not None},
    }


def _nested(flat: Mapping[str, Any], kind: int) -> dict[str, Any]:
    """Return the settings of a flat schedule in the shape of the nested ones."""
    settings: dict[str, Any] = {FREQUENCY: {"Name": NAMES[kind]}}
    if kind in INTERVALS:
        part, name = INTERVALS[kind]
        members = {name: flat.get("Interval") or None}
        if kind in {MINUTELY, HOURLY}:
            members |= {nested: flat.get(each) for nested, each in EXCLUSIONS.items()}
        settings[part] = {name: value for name, value in members.items() if value is not None}
    return settings


def changed(handlers: Handlers, exchange: Exchange) -> Answer:
    """Change a schedule; its next run is planned anew."""
    records = exchange.records
    schedule_id = int(exchange.ids[-1])
    with records.store.transaction():
        before = got(records, schedules.SCHEDULES, schedule_id)
        handlers.patch(exchange)
        record = got(records, schedules.SCHEDULES, schedule_id)
        if "Entity" in record:  # those that the world began with are only shown
            record["Schedule"] = settings_after(records, before, exchange.json())
            record["ScheduleTarget"] = before["ScheduleTarget"]  # the server's, as "Entity" is
            record["Script"] = _script_after(exchange, before, record)
            schedules.replanned(records, exchange.tenant.agendas["automate"], record)
        return handlers.shown(exchange, at(records, schedules.SCHEDULES), schedule_id)


def _script_after(exchange: Exchange, before: Record, record: Record) -> Record:
    """Return the script that a changed schedule runs, by the name that it has.

    Raises:
        InvalidRecord: There is no such script, or its parameters do not fit it.
    """
    named: Record = record.get("Script") or {}
    if all(record.get(name) == before.get(name) for name in ("Script", "Parameters")):
        return named
    script = found(exchange.records, SCRIPTS, named.get("ScriptId") or 0)
    if script is None:
        fault = Fault(Flaw.UNKNOWN_REFERENCE, "Script/ScriptId", None, named.get("ScriptId"))
        raise refused(schedules.SCHEDULES, fault)
    checked(script, record.get("Parameters"), profile_of(exchange.caller))
    return {"ScriptId": script["Id"], "Name": script["Name"]}


def deleted(exchange: Exchange) -> Answer:
    """Forget a schedule."""
    agenda = exchange.tenant.agendas["automate"]
    schedules.removed(exchange.records, agenda, int(exchange.ids[-1]))
    return Answer(204)
