"""The vendor's ways to run and to schedule scripts (automate facts 84 to 87)."""

from collections.abc import Mapping
from typing import Any

from mockserver.automate.life import runs, schedules
from mockserver.automate.life.parameters import checked, parted
from mockserver.automate.life.places import (
    COMPUTERS,
    SCRIPTS,
    at,
    folded,
    found,
    got,
    matching,
    refused,
    rule,
    whole,
    wholes,
)
from mockserver.automate.life.recurrence import DAILY, HOURLY, MINUTELY, MONTHLY, NAMES, spelt
from mockserver.automate.life.targets import COMPUTER, batch_answer, computers, entity, entity_type
from mockserver.automate.profile import profile_in, profile_of
from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.instants import instant
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers

MODEL, FREQUENCY = schedules.SCHEDULES, "ScriptScheduleFrequency"
#: What a schedule may begin and end in: steps from there stay instants.
FIRST_YEAR, LAST_YEAR = "1970", "2999"
#: A flat schedule's interval, by its type, in the nested settings.
INTERVALS: Mapping[int, tuple[str, str]] = {
    MINUTELY: ("MinutelySettings", "MinutelyInterval"),
    HOURLY: ("HourlySettings", "HourlyInterval"),
    DAILY: ("DailySettings", "DailyInterval"),
    MONTHLY: ("MonthlySettings", "MonthlyInterval"),
}


def execute(exchange: Exchange) -> Answer:
    """Run a script now on everything that is named; no run's id is told (84)."""
    return _batch(exchange, now=True)


def schedule(exchange: Exchange) -> Answer:
    """Plan a script for everything that is named."""
    return _batch(exchange, now=False)


def _batch(exchange: Exchange, *, now: bool) -> Answer:
    given = folded(exchange.json_object())
    kind = entity_type(MODEL, "EntityType", given.get("entitytype"))
    ids = wholes(MODEL, "EntityIds", given.get("entityids"))
    wanted = _wanted(given, profile_in(exchange.records).frequencies)
    with exchange.records.store.transaction():
        script, error = _script(exchange, given)
        asked = {**wanted, "EntityType": kind, "Now": now, "Error": error}
        told = {each: _each(exchange, script, {**asked, "EntityId": each}) for each in ids}
        return batch_answer(exchange, ("ScriptResults", "EntityId"), told)


def _wanted(given: Mapping[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return the optional members of a batch body, each of its kind."""
    return {
        "Schedule": _settings(spelt(_object(given, "Schedule")), numbers),
        "OfflineActionFlags": _object(given, "OfflineActionFlags"),
        "StartDate": _instant(given, "StartDate"),
        "ExpireDate": _instant(given, "ExpireDate"),
        "Priority": _number(given, "Priority"),
        "IncludeSubGroups": _flag(given, "IncludeSubGroups"),
        "UseAgentTime": _flag(given, "UseAgentTime"),
        "Parameters": given.get("parameters"),
    }


def _object(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name.casefold())
    if value is not None and not isinstance(value, dict):
        raise refused(MODEL, Fault(Flaw.WRONG_TYPE, name, None, None))
    return value or {}


def _settings(schedule: dict[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return a schedule's settings with the number and the name of their frequency.

    Args:
        schedule: As sent; the number goes before the name.
        numbers: Those of the frequencies, by name.

    Raises:
        InvalidRecord: There is no such frequency.
    """
    frequency = schedule.get(FREQUENCY)
    if frequency is None:
        return schedule
    named = frequency if isinstance(frequency, dict) else {}
    number, name = named.get(f"{FREQUENCY}Id"), named.get("Name")
    if number is not None:
        name = next((each for each, known in numbers.items() if known == whole(number)), None)
    if not isinstance(name, str) or name not in NAMES.values() or name not in numbers:
        raise refused(MODEL, Fault(Flaw.OUT_OF_RANGE, f"Schedule/{FREQUENCY}", None, None))
    return {**schedule, FREQUENCY: {f"{FREQUENCY}Id": numbers[name], "Name": name}}


def _number(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name.casefold())
    if value is not None and whole(value) is None:
        raise refused(MODEL, Fault(Flaw.WRONG_TYPE, name, None, None))
    return whole(value)


def _flag(given: Mapping[str, Any], name: str) -> bool | None:
    value = given.get(name.casefold())
    if value is not None and not isinstance(value, bool):
        raise refused(MODEL, Fault(Flaw.WRONG_TYPE, name, None, None))
    return value


def _instant(given: Mapping[str, Any], name: str) -> str | None:
    value = given.get(name.casefold())
    if value is None or value == "":
        return None
    text = instant(value) if isinstance(value, str) else None
    if text is None or not FIRST_YEAR <= text[:4] <= LAST_YEAR:
        raise refused(MODEL, Fault(Flaw.BAD_INSTANT, name, None, None))
    return text


def _script(exchange: Exchange, given: Mapping[str, Any]) -> tuple[Record, str]:
    """Return the script that a body names by id or GUID, or why there is none."""
    records, script_id = exchange.records, whole(given.get("scriptid"))
    guid = given.get("scriptguid")
    if script_id:
        script = found(records, SCRIPTS, script_id)
    elif isinstance(guid, str) and guid:
        script = next(iter(matching(records, SCRIPTS, guid=guid.casefold())), None)
    else:
        raise refused(MODEL, Fault(Flaw.MISSING, "ScriptId", None, None))
    if script is None:
        return {}, f"Script {script_id or guid} was not found."
    runs_now = runs.may_run(script, profile_of(exchange.caller))
    return script, "" if runs_now else f"Script {script['Id']} is disabled."


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


# -- the older way, and schedules that exist ------------------------------------------------------


def add_flat(exchange: Exchange) -> Answer:
    """Plan a script for one computer by a flat schedule (86)."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    given = folded(exchange.json_object())
    with exchange.records.store.transaction():
        script, error = _script(exchange, given)
        if error:
            raise _no_script(script, error, given.get("scriptid"))
        profile = profile_of(exchange.caller)
        wanted = _from_flat(given, computer["Id"])
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


def _from_flat(given: Mapping[str, Any], computer_id: int) -> dict[str, Any]:
    kind = given.get("scheduletype", 1)
    if whole(kind) not in NAMES:
        raise refused(schedules.FLAT, Fault(Flaw.OUT_OF_RANGE, "ScheduleType", None, None))
    number = whole(kind) or 1
    settings: dict[str, Any] = {FREQUENCY: {"Name": NAMES[number]}}
    if number in INTERVALS and whole(given.get("interval")):
        part, name = INTERVALS[number]
        settings[part] = {name: whole(given["interval"])}
    flags = {schedules.SKIPS: "skipoffline", schedules.WAKES: "wakeoffline"}
    flags[schedules.OFFLINE_ONLY] = "offlineonly"
    starts = "nextrun" if given.get("nextrun") else "effectivestartdate"
    return {
        "EntityType": COMPUTER,
        "EntityId": computer_id,
        "Schedule": settings,
        "OfflineActionFlags": {name: given.get(flat) is True for name, flat in flags.items()},
        "StartDate": _instant(given, starts),
        "ExpireDate": _instant(given, "EffectiveEndDate"),
        "Priority": _number(given, "Priority"),
        "IsDisabled": _flag(given, "Disabled"),
        "Parameters": given.get("parameters"),
    }


def changed(handlers: Handlers, exchange: Exchange) -> Answer:
    """Change a schedule; its next run is planned anew."""
    records = exchange.records
    schedule_id = int(exchange.ids[-1])
    with records.store.transaction():
        before = got(records, schedules.SCHEDULES, schedule_id)
        handlers.patch(exchange)
        record = got(records, schedules.SCHEDULES, schedule_id)
        if "Entity" in record:  # those that the world began with are only shown
            record["Schedule"] = _again(records, before, record)
            schedules.replanned(records, exchange.tenant.agendas["automate"], record)
        return handlers.shown(exchange, at(records, schedules.SCHEDULES), schedule_id)


def _again(records: Records, before: Record, record: Record) -> dict[str, Any]:
    """Return the settings of a changed schedule, their frequency by what was changed of it."""
    settings = spelt(record.get("Schedule") or {})
    named = settings.get(FREQUENCY)
    old = ((before.get("Schedule") or {}).get(FREQUENCY)) or {}
    number = f"{FREQUENCY}Id"
    if isinstance(named, dict) and named.get(number) == old.get(number):
        settings = {**settings, FREQUENCY: {"Name": named.get("Name")}}
    return _settings(settings, profile_in(records).frequencies)


def deleted(exchange: Exchange) -> Answer:
    """Forget a schedule."""
    agenda = exchange.tenant.agendas["automate"]
    schedules.removed(exchange.records, agenda, int(exchange.ids[-1]))
    return Answer(204)
