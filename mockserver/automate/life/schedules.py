"""Schedules of scripts, and the runs that come of them on the world's clock.

A schedule is one record of ``Scripting/ScriptSchedules``; one for a single computer is also shown,
under the same id, in that computer's ``ScheduledScripts`` (automate facts 84 to 87).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mockserver.automate.life import runs
from mockserver.automate.life.parameters import joined
from mockserver.automate.life.places import SCRIPTS, added, at, found, fresh_id, kept, reachable
from mockserver.automate.life.recurrence import NAMES, ONCE, frequency, interval, next_run, step_s
from mockserver.automate.life.targets import COMPUTER, LIES_AT, computers, entity
from mockserver.automate.profile import profile_in
from mockserver.core.agenda import Agenda, Moment, next_slot_s, printed, seconds_of
from mockserver.core.records import Records
from mockserver.core.rules import Record

SCHEDULES, FLAT = "Scripting/ScriptSchedules", "Computers/ScheduledScripts"
KIND = "schedule"
#: After a jump of the clock, so many of the last runs are made good.
RUNS_MAX = 20
SKIPS, WAKES, OFFLINE_ONLY = "SkipsOfflineAgents", "WakesOfflineAgents", "OnlyRunsOnOfflineAgents"
TARGET_TYPES: Mapping[str, int] = {COMPUTER: 1, "Group": 2, "Company": 3, "Site": 4}
DEFAULT_PRIORITY = 12
#: What only a flat schedule has: kept, not obeyed, since no source tells what it does.
FLAT_ONLY = (
    *("IncludeSubgroups", "EffectiveOccurrences", "DistributionWindowType"),
    *("DistributionWindowAmount", "ExcludeTimeStart", "ExcludeTimeEnd", "ScheduleWeekOfMonth"),
    *("ScheduleDayOfWeek", "RepeatType", "RepeatAmount", "RepeatStopAfter", "WakeScript"),
    *("DisableTimeZone", "RunScriptOnProbe", "TimeZoneAdd"),
)


def planned(
    records: Records, agenda: Agenda, script: Record, wanted: Mapping[str, Any], user: str
) -> Record:
    """Keep a schedule and plan its first run.

    Args:
        records: The tenant's.
        agenda: Takes the first run.
        script: What is to be run.
        wanted: Under the vendor's names: ``EntityType``, ``EntityId``, ``Schedule``,
            ``Parameters`` (by name), ``StartDate``, ``ExpireDate``, ``OfflineActionFlags``,
            ``DistributionWindow``, ``Priority``, ``IncludeSubGroups``, ``Flat`` for what only a
            flat schedule has.
        user: Whoever plans it.
    """
    start = wanted.get("StartDate") or printed(_soon_s(records))
    priority = wanted.get("Priority")
    schedule = {
        "ScheduledScriptId": fresh_id(records, SCHEDULES, FLAT),
        "Script": {"ScriptId": script["Id"], "Name": script["Name"]},
        "ScheduleTarget": _target(records, wanted["EntityType"], wanted["EntityId"]),
        "Schedule": _settings(wanted.get("Schedule") or {}, profile_in(records).frequencies),
        "OfflineActionFlags": _flags(wanted.get("OfflineActionFlags") or {}),
        "DistributionWindow": wanted.get("DistributionWindow"),
        "Parameters": [{"Key": k, "Value": v} for k, v in wanted["Parameters"].items()],
        "UseAgentTime": wanted.get("UseAgentTime") is True,
        "ScheduledBy": user,
        "Occurrences": 0,
        "StartDate": start,
        "ExpireDate": wanted.get("ExpireDate"),
        "IsDisabled": wanted.get("IsDisabled") is True,
        "Priority": DEFAULT_PRIORITY if priority is None else priority,
        "IncludeSubGroups": wanted.get("IncludeSubGroups") is True,
        "IsInherited": False,
        "Entity": {"Type": wanted["EntityType"], "Id": wanted["EntityId"]},
    }
    with records.store.transaction():
        schedule = {name: value for name, value in schedule.items() if value is not None}
        added(records, SCHEDULES, schedule)
        if wanted["EntityType"] == COMPUTER:
            flat = {**wanted.get("Flat", {}), **_flat(records, schedule)}
            added(records, FLAT, flat, wanted["EntityId"])
        return replanned(records, agenda, schedule)


def _soon_s(records: Records) -> float:
    """Return when a schedule begins that names no start."""
    every_s, now_s = profile_in(records).schedule_start_s, records.clock.timestamp()
    return next_slot_s(now_s, every_s) if every_s else now_s


def replanned(records: Records, agenda: Agenda, schedule: Record) -> Record:
    """Plan the next run of a schedule that is new or was changed."""
    with records.store.transaction():
        agenda.cancel(KIND, schedule["ScheduledScriptId"])
        return _planned_from(records, agenda, schedule, float(int(records.clock.timestamp())))


def _planned_from(records: Records, agenda: Agenda, schedule: Record, from_s: float) -> Record:
    """Plan the first run that is not before *from_s*; a single run that is late comes then."""
    due_s = _due_s(schedule, from_s, skips=profile_in(records).short_months == "skipped")
    schedule_id = schedule["ScheduledScriptId"]
    if due_s is not None:
        agenda.add(due_s, KIND, schedule_id)
    text = None if due_s is None else printed(due_s)
    schedule = kept(records, SCHEDULES, schedule, NextRunDate=text)
    if (flat := found(records, FLAT, schedule_id)) is not None:
        own = {name: flat[name] for name in FLAT_ONLY if name in flat}
        records.save(at(records, FLAT), {**own, **_flat(records, schedule)})
    return schedule


def _due_s(schedule: Record, from_s: float, *, skips: bool) -> float | None:
    if schedule.get("IsDisabled"):
        return None
    start_s = seconds_of(schedule["StartDate"]) if schedule.get("StartDate") else from_s
    settings, ends = schedule.get("Schedule") or {}, schedule.get("ExpireDate")
    if frequency(settings) == ONCE:
        due_s = None if schedule.get("Occurrences") else max(start_s, from_s)
    else:
        due = next_run(settings, _moment(start_s), _moment(from_s - 1), skips=skips)
        due_s = due.timestamp() if due else None
    return None if due_s is None or (ends and due_s > seconds_of(ends)) else due_s


def _moment(instant_s: float) -> datetime:
    return datetime.fromtimestamp(instant_s, UTC)


def step(moment: Moment) -> None:
    """Run a scheduled script on its computers, and plan the next time."""
    records, agenda = moment.records, moment.agenda
    schedule = found(records, SCHEDULES, moment.event.about)
    if schedule is None or schedule.get("IsDisabled"):
        return
    about = schedule["Entity"]
    if entity(records, about["Type"], about["Id"]) is None:
        removed(records, agenda, schedule["ScheduledScriptId"])
        return
    script = found(records, SCRIPTS, (schedule.get("Script") or {}).get("ScriptId", 0))
    profile = profile_in(records)
    if script is not None and runs.may_run(script, profile):
        _run(records, agenda, schedule, script)
    past_s = moment.latest_s - RUNS_MAX * step_s(schedule.get("Schedule") or {})
    times = (schedule.get("Occurrences") or 0) + 1
    schedule = kept(records, SCHEDULES, schedule, Occurrences=times)
    from_s = max(moment.now_s + 1, past_s)
    next_text = _planned_from(records, agenda, schedule, from_s).get("NextRunDate")
    if next_text is None and not profile.finished_schedules_kept:
        removed(records, agenda, schedule["ScheduledScriptId"])


def _run(records: Records, agenda: Agenda, schedule: Record, script: Record) -> None:
    pairs = schedule.get("Parameters") or []
    given = {str(each.get("Key")): each.get("Value") or "" for each in pairs}
    about, deep = schedule["Entity"], schedule.get("IncludeSubGroups") is True
    whom = computers(records, about["Type"], about["Id"], deep=deep)
    user = schedule.get("ScheduledBy") or ""
    order = runs.Order(script, {}, given, user, runs.SOURCE_SCHEDULE)
    launched(records, agenda, order, whom, schedule.get("OfflineActionFlags") or {})


def launched(
    records: Records,
    agenda: Agenda,
    order: runs.Order,
    whom: list[Record],
    flags: Mapping[str, Any],
) -> int:
    """Start a run on each of the computers that the offline flags allow; return how many."""
    count = 0
    for computer in whom:
        online = reachable(computer)
        if not (flags.get(SKIPS) and not online) and not (flags.get(OFFLINE_ONLY) and online):
            runs.started(records, agenda, order._replace(computer=computer))
            count += 1
            if flags.get(WAKES) and not online:
                wakes_s = records.clock.timestamp() + profile_in(records).wake_s
                agenda.add(wakes_s, "online", computer["Id"])
    return count


def removed(records: Records, agenda: Agenda, schedule_id: int) -> None:
    """Forget a schedule; RecordNotFound when there is none."""
    with records.store.transaction():
        records.delete(at(records, SCHEDULES), schedule_id, "")
        records.store.delete(at(records, FLAT), schedule_id)
        agenda.cancel(KIND, schedule_id)


# -- shapes ----------------------------------------------------------------------------------------


def _settings(given: Mapping[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    name = NAMES[frequency(given)]
    named = {"ScriptScheduleFrequencyId": numbers.get(name), "Name": name}
    return {**given, "ScriptScheduleFrequency": {n: v for n, v in named.items() if v is not None}}


def _flags(given: Mapping[str, Any]) -> dict[str, bool]:
    return {name: given.get(name) is True for name in (SKIPS, WAKES, OFFLINE_ONLY)}


def _target(records: Records, kind: str, entity_id: int) -> Record:
    about = entity(records, kind, entity_id) or {}
    name = about.get("ComputerName") or about.get("Name")
    shown = {COMPUTER: "Computer", "Group": "Group", "Company": "Client", "Site": "Location"}[kind]
    key = {"Location": "LocationId"}.get(shown, f"{shown}Id")
    kind_shown = {"ScheduleTargetTypeId": TARGET_TYPES[kind], "Name": LIES_AT[kind][:-1]}
    return {"ScheduleTargetType": kind_shown, shown: {key: entity_id, "Name": name}}


def _flat(records: Records, schedule: Record) -> Record:
    computer = entity(records, COMPUTER, schedule["Entity"]["Id"]) or {}
    settings, next_text = schedule.get("Schedule") or {}, schedule.get("NextRunDate")
    flags = schedule.get("OfflineActionFlags") or {}
    given = ((each.get("Key"), each.get("Value")) for each in schedule.get("Parameters") or [])
    row = {
        "Id": schedule["ScheduledScriptId"],
        "ScriptId": (schedule.get("Script") or {}).get("ScriptId"),
        "ClientId": computer.get("Client", {}).get("Id"),
        "LocationId": computer.get("Location", {}).get("Id"),
        "ComputerId": schedule["Entity"]["Id"],
        "GroupId": 0,
        "SearchId": 0,
        "Disabled": schedule.get("IsDisabled"),
        "EffectiveStartDate": schedule.get("StartDate"),
        "EffectiveEndDate": schedule.get("ExpireDate"),
        "NextRun": next_text,
        "NextSchedule": next_text,
        "ScheduleType": frequency(settings),
        "Interval": interval(settings),
        "SkipOffline": flags.get(SKIPS),
        "OfflineOnly": flags.get(OFFLINE_ONLY),
        "WakeOffline": flags.get(WAKES),
        "Parameters": joined(given, profile_in(records).flat_parameters),
        "Priority": schedule.get("Priority"),
        "User": schedule.get("ScheduledBy"),
        "LastUpdate": records.clock.text(),
    }
    return {name: value for name, value in row.items() if value is not None}
