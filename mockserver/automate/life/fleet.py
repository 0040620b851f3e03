"""Computers that report in, go away and come back, and monitors that fail: all on one clock.

Each day of the world is planned at its beginning, from the seed and the number of the day alone:
the same seed lives the same days, whenever it was started and however the clock is moved.
Reports are not lived through one by one: when somebody looks, each computer that is there has
reported in last at the last of its own instants.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import orjson

from mockserver.automate.life import alerting
from mockserver.automate.life.places import (
    COMPUTERS,
    REACHABLE,
    SYSTEM,
    at,
    everyone,
    found,
    kept,
    matching,
)
from mockserver.automate.profile import AutomateProfile
from mockserver.core.agenda import Moment, printed, seconds_of, slot_s
from mockserver.core.clock import Dice
from mockserver.core.records import Records
from mockserver.core.rows import changed_columns, ordered
from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.core.statements import Page

DAY, GONE, BACK = "day", "offline", "online"
FAILS, RECOVERS = "monitor fails", "monitor recovers"
MONITORS, SENSED = "Monitors", "Computers/Monitors"
DAY_S = 86_400
#: After a jump of the clock, so many of the last days are lived.
DAYS_MAX = 31
#: How much rarer servers go away, and how much sooner they are back.
SERVER_SHARE = 0.2
ABSENCE_S: Mapping[str, tuple[int, int]] = {
    "Server": (300, 3_600),
    "Workstation": (1_800, 14 * 3_600),
}
RETURN_CHANCE = 0.1
FAILURE_S = (600, 6 * 3_600)
STATES: Mapping[int, str] = {1: "Warning", 2: "Warning", 3: "Error", 4: "Critical"}


def begin(moment: Moment) -> None:
    """Begin the first day."""
    moment.agenda.add(moment.now_s, DAY, facts={"since_s": moment.now_s})


def _profile(moment: Moment) -> AutomateProfile:
    profile = moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    return profile


# -- a day -----------------------------------------------------------------------------------------


def day(moment: Moment) -> None:
    """Plan who goes away, who comes back and what fails in the day that begins."""
    moment.again(DAY_S, DAYS_MAX)
    number = round((moment.now_s - moment.event.facts["since_s"]) / DAY_S)
    profile = _profile(moment)
    for computer in everyone(moment.records, COMPUTERS):
        lot = f"{moment.seed}/{number}/computer/{computer['Id']}"
        if _drawn(lot) < _chance(profile, computer):
            _plan_move(moment, computer, _dice_after(lot))
    if profile.monitor_failure_chance:
        _plan_failures(moment, number, profile.monitor_failure_chance)


@lru_cache(maxsize=4096)
def _drawn(lot: str) -> float:
    """Return the first number of a lot: every tenant of a seed asks for the same ones."""
    return Dice(lot).random()


def _dice_after(lot: str) -> Dice:
    """Return the dice of a lot whose first number is drawn."""
    dice = Dice(lot)
    dice.random()
    return dice


def _plan_move(moment: Moment, computer: Record, dice: Dice) -> None:
    kind = GONE if computer.get("Status") == "Online" else BACK
    due_s = moment.now_s + dice.randrange(1, DAY_S)
    least, most = ABSENCE_S["Server" if computer.get("Type") == "Server" else "Workstation"]
    lasts = {"away_s": dice.randrange(least, most)} if kind == GONE else {}
    moment.agenda.add(due_s, kind, computer["Id"], lasts)


def _chance(profile: AutomateProfile, computer: Record) -> float:
    if computer.get("Status") == "Offline":
        return RETURN_CHANCE if profile.outage_chance else 0
    if computer.get("Status") != "Online":
        return 0
    share = SERVER_SHARE if computer.get("Type") == "Server" else 1
    return profile.outage_chance * share


def _plan_failures(moment: Moment, number: int, chance: float) -> None:
    for monitor in everyone(moment.records, MONITORS):
        lot = f"{moment.seed}/{number}/monitor/{monitor['MonitorID']}"
        healthy = monitor.get("Status") == "OK" and monitor.get("Name") != alerting.AVAILABILITY
        if healthy and _drawn(lot) < chance:
            dice = _dice_after(lot)
            due_s = moment.now_s + dice.randrange(1, DAY_S)
            lasts = {"lasts_s": dice.randrange(*FAILURE_S)}
            moment.agenda.add(due_s, FAILS, monitor["MonitorID"], lasts)


# -- going and coming ------------------------------------------------------------------------------


def goes(moment: Moment) -> None:
    """Let a computer go away: it reported in last a little before."""
    computer = found(moment.records, COMPUTERS, moment.event.about)
    if computer is None or computer.get("Status") != "Online":
        return
    last = printed(last_report_s(_profile(moment), computer["Id"], moment.now_s))
    gone = {"Status": "Offline", "IsHeartbeatRunning": False, "LoggedInUsers": []}
    _changed(moment, computer, gone, last)
    monitor = _availability(moment, computer)
    if monitor is not None:
        watched(moment.records, monitor, Status="Error", **_checked(moment, "Offline"))
    alerting.offline(moment, computer, monitor)
    moment.agenda.add(moment.now_s + moment.event.facts["away_s"], BACK, computer["Id"])


def comes(moment: Moment) -> None:
    """Let a computer come back, started anew."""
    computer = found(moment.records, COMPUTERS, moment.event.about)
    if computer is None or computer.get("Status") != "Offline":
        return
    back = {"Status": "Online", "IsHeartbeatRunning": True, "SystemUptime": 0}
    _changed(moment, computer, {**back, "LastStartup": moment.text}, moment.text)
    monitor = _availability(moment, computer)
    if monitor is not None:
        watched(moment.records, monitor, Status="OK", **_checked(moment, "Online"))
    alerting.cleared(moment, computer, alerting.AVAILABILITY)


def _changed(moment: Moment, computer: Record, changes: dict[str, Any], last: str) -> None:
    """Change a computer; alerts that show its status follow."""
    contact = {"RemoteAgentLastContact": last, "LastHeartbeat": last}
    resource = at(moment.records, COMPUTERS)
    moment.records.change(resource, computer["Id"], {**changes, **contact}, SYSTEM)


def _availability(moment: Moment, computer: Record) -> Record | None:
    mine = matching(moment.records, MONITORS, computer_id=computer["Id"])
    wanted = (each for each in mine if each.get("Name") == alerting.AVAILABILITY)
    return next((each for each in wanted if each.get("Status") != "Disabled"), None)


def _checked(moment: Moment, value: str) -> dict[str, Any]:
    checked = {"LastCheck": moment.text, "CurrentValue": value}
    return checked if value == "Online" else {**checked, "LastFailed": moment.text}


def watched(records: Records, monitor: Record, **changes: Any) -> None:
    """Change a monitor, also where the vendor shows it below its computer (10.3)."""
    changed = kept(records, MONITORS, monitor, **changes)
    sensed = found(records, SENSED, monitor["MonitorID"])
    if sensed is not None:
        shown = {"State": changed["Status"], "LastScanned": changed.get("LastCheck")}
        kept(records, SENSED, sensed, **shown, LastFailed=changed.get("LastFailed"))


# -- monitors --------------------------------------------------------------------------------------


def fails(moment: Moment) -> None:
    """Let a monitor fail, if its computer is there to be watched, and raise its alert."""
    records = moment.records
    monitor = found(records, MONITORS, moment.event.about)
    if monitor is None or monitor.get("Status") != "OK":
        return
    computer = found(records, COMPUTERS, (monitor.get("Computer") or {}).get("Id") or 0)
    if computer is None or computer.get("Status") != "Online":
        return
    status = STATES.get(monitor.get("AlertSeverity") or 1, "Critical")
    before = {"CurrentValue": monitor.get("CurrentValue")}
    watched(records, monitor, Status=status, **_checked(moment, "Failed"))
    alerting.failing(moment, computer, monitor)
    due_s = moment.now_s + moment.event.facts["lasts_s"]
    moment.agenda.add(due_s, RECOVERS, monitor["MonitorID"], before)


def recovers(moment: Moment) -> None:
    """Let a monitor be content again, and clear its alert."""
    records = moment.records
    monitor = found(records, MONITORS, moment.event.about)
    if monitor is None or monitor.get("Status") not in STATES.values():
        return
    now = {"LastCheck": moment.text, "CurrentValue": moment.event.facts.get("CurrentValue")}
    watched(records, monitor, Status="OK", **now)
    computer = found(records, COMPUTERS, (monitor.get("Computer") or {}).get("Id") or 0)
    if computer is not None:
        alerting.cleared(moment, computer, monitor["Name"])


# -- reports ---------------------------------------------------------------------------------------


def last_report_s(profile: AutomateProfile, computer_id: int, at_s: float) -> float:
    """Return when a computer reported in last: each has an instant of its own in every interval."""
    own_s = computer_id * 37 % profile.heartbeat_s
    return slot_s(at_s - own_s, profile.heartbeat_s) + own_s


def report(records: Records, profile: AutomateProfile) -> None:
    """Write down when the computers that are there reported in last, if that is long ago.

    The world begins with reports of its last minutes; they are left as they are.
    """
    stalest = records.store.remembered(at(records, COMPUTERS), STALEST, lambda: _stalest(records))
    late_s = 2 * profile.heartbeat_s
    now_s = records.clock.timestamp()
    if stalest is None or now_s - seconds_of(stalest) < late_s:
        return
    with records.store.transaction():
        for computer in records.store.bodies(at(records, COMPUTERS), Page("body")):
            _reported(records, computer, profile, now_s)


def _stalest(records: Records) -> str | None:
    """Return the oldest last report of a computer that is there."""
    resource = at(records, COMPUTERS)
    table = records.store.table(resource)
    there = table.c.status.in_([each.casefold() for each in REACHABLE])
    where = (there, table.c.lastheartbeat.is_not(None))
    page = Page("body", where, (("lastheartbeat", False),), size=1, key=STALEST)
    bodies = records.store.bodies(resource, page)
    return orjson.loads(bodies[0])["LastHeartbeat"] if bodies else None


STALEST = "stalest report"
Views = Callable[[Resource, Record, bytes], dict[str, bytes]]


def _reported(records: Records, computer: bytes, profile: AutomateProfile, now_s: float) -> None:
    known = orjson.loads(computer)
    if known.get("Status") in REACHABLE:
        last_s = last_report_s(profile, known["Id"], now_s)
        resource = at(records, COMPUTERS)
        told = _told(records.shape.views, resource, computer, last_s)
        if told is not None:
            records.store.amend(resource, told[0], {known["Id"]: told[1]})


@lru_cache(maxsize=1024)
def _told(
    views: Views, resource: Resource, computer: bytes, last_s: float
) -> tuple[dict[str, Any], dict[str, bytes]] | None:
    """Return the columns and renderings that a report changes; None when it is known already.

    All tenants of a world begin with the same computers: what they report is told once.
    """
    known = orjson.loads(computer)
    text, started = printed(last_s), known.get("LastStartup")
    if text <= (known.get("LastHeartbeat") or ""):
        return None
    changed = {**known, "RemoteAgentLastContact": text, "LastHeartbeat": text}
    if started is not None:
        changed["SystemUptime"] = max(0, int(last_s - seconds_of(started)) // 60)
    changed = ordered(resource, changed)
    rendered = views(resource, changed, orjson.dumps(changed))
    return changed_columns(resource, known, changed), rendered
