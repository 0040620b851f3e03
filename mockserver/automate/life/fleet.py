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
    found,
    matching,
    reachable,
)
from mockserver.automate.life.sensing import MONITORS, watched
from mockserver.automate.profile import AutomateProfile
from mockserver.core.agenda import Moment, Plan, printed, seconds_of, slot_s
from mockserver.core.clock import Dice
from mockserver.core.records import Records
from mockserver.core.rows import changed_columns, ordered
from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.core.statements import Page

DAY, GONE, BACK = "day", "offline", "online"
FAILS, RECOVERS = "monitor fails", "monitor recovers"
DAY_S = 86_400
#: After a jump of the clock, so many of the last days are lived.
DAYS_MAX = 31
#: How much rarer servers go away, and how much sooner they are back.
SERVER_SHARE = 0.2
ABSENCE_S: Mapping[str, tuple[int, int]] = {
    "Server": (300, 3_600),
    "Workstation": (1_800, 14 * 3_600),
}
FAILURE_S = (600, 6 * 3_600)
#: So many days' plans are remembered.
PLANS_MAX = 8


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
    profile, lot = _profile(moment), f"{moment.seed}/{number}"
    computers, lasting = _bodies(moment, COMPUTERS), profile.lasting_statuses
    chances = (profile.outage_chance, profile.return_chance)
    plans = [*_moves(computers, lot, chances, lasting)]
    if profile.monitor_failure_chance:
        plans += _failures(_bodies(moment, MONITORS), lot, profile.monitor_failure_chance)
    moment.agenda.add_all([each._replace(due_s=moment.now_s + each.due_s) for each in plans])


def _bodies(moment: Moment, path: str) -> tuple[bytes, ...]:
    return tuple(moment.records.store.bodies(at(moment.records, path), Page("body")))


# All tenants of a world begin with the same records: what comes of them is planned once. The plans
# are due so many seconds after the day begins.


@lru_cache(maxsize=PLANS_MAX)
def _moves(
    computers: tuple[bytes, ...], lot: str, chances: tuple[float, float], lasting: frozenset[str]
) -> list[Plan]:
    known = (each for each in map(orjson.loads, computers) if not _lasts(lasting, each))
    dice = ((each, Dice(f"{lot}/computer/{each['Id']}")) for each in known)
    return [_move(each, drawn) for each, drawn in dice if drawn.random() < _chance(chances, each)]


def _move(computer: Record, dice: Dice) -> Plan:
    kind = GONE if reachable(computer) else BACK
    due_s = dice.randrange(1, DAY_S)
    least, most = ABSENCE_S["Server" if computer.get("Type") == "Server" else "Workstation"]
    lasts = {"away_s": dice.randrange(least, most)} if kind == GONE else {}
    return Plan(due_s, kind, computer["Id"], lasts)


def _chance(chances: tuple[float, float], computer: Record) -> float:
    outage, back = chances
    if not reachable(computer):
        return back if outage else 0
    return outage * (SERVER_SHARE if computer.get("Type") == "Server" else 1)


@lru_cache(maxsize=PLANS_MAX)
def _failures(monitors: tuple[bytes, ...], lot: str, chance: float) -> list[Plan]:
    watching = (each for each in map(orjson.loads, monitors) if _may_fail(each))
    dice = ((each, Dice(f"{lot}/monitor/{each['MonitorID']}")) for each in watching)
    return [_failure(each, drawn) for each, drawn in dice if drawn.random() < chance]


def _may_fail(monitor: Record) -> bool:
    return monitor.get("Status") == "OK" and monitor.get("Name") != alerting.AVAILABILITY


def _failure(monitor: Record, dice: Dice) -> Plan:
    due_s, lasts_s = dice.randrange(1, DAY_S), dice.randrange(*FAILURE_S)
    return Plan(due_s, FAILS, monitor["MonitorID"], {"lasts_s": lasts_s})


# -- going and coming ------------------------------------------------------------------------------


def goes(moment: Moment) -> None:
    """Let a computer go away: it reported in last a little before."""
    computer = _changeable(moment, there=True)
    if computer is None:
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
    computer = _changeable(moment, there=False)
    if computer is None:
        return
    back = {"Status": "Online", "IsHeartbeatRunning": True, "SystemUptime": 0}
    _changed(moment, computer, {**back, "LastStartup": moment.text}, moment.text)
    monitor = _availability(moment, computer)
    if monitor is not None:
        watched(moment.records, monitor, Status="OK", **_checked(moment, "Online"))
    alerting.cleared(moment, computer, alerting.AVAILABILITY)


def _changeable(moment: Moment, *, there: bool) -> Record | None:
    """Return the computer of an event if it is there, or is not, and its status may change."""
    computer = found(moment.records, COMPUTERS, moment.event.about)
    lasts = _lasts(_profile(moment).lasting_statuses, computer or {})
    return None if lasts or reachable(computer) is not there else computer


def _lasts(lasting: frozenset[str], computer: Record) -> bool:
    return computer.get("Status") is None or computer["Status"] in lasting


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
    severity = min(max(monitor.get("AlertSeverity") or 1, 1), 4)
    status = _profile(moment).failing_states[severity - 1]
    before = {"CurrentValue": monitor.get("CurrentValue")}
    watched(records, monitor, Status=status, **_checked(moment, "Failed"))
    alerting.failing(moment, computer, monitor)
    due_s = moment.now_s + moment.event.facts["lasts_s"]
    moment.agenda.add(due_s, RECOVERS, monitor["MonitorID"], before)


def recovers(moment: Moment) -> None:
    """Let a monitor be content again, and clear its alert."""
    records = moment.records
    monitor = found(records, MONITORS, moment.event.about)
    if monitor is None or monitor.get("Status") not in alerting.FAILING:
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
    resource = at(records, COMPUTERS)
    with records.store.transaction():
        known = records.store.bodies(resource, Page("body"))
        told = (_reported(records, computer, profile, now_s) for computer in known)
        records.store.amend_each(resource, list(filter(None, told)))


def _stalest(records: Records) -> str | None:
    """Return the oldest last report of a computer that is there."""
    resource = at(records, COMPUTERS)
    bodies = records.store.bodies(resource, _stalest_page(records.store.table(resource)))
    return orjson.loads(bodies[0])["LastHeartbeat"] if bodies else None


@lru_cache(maxsize=PLANS_MAX)
def _stalest_page(table: Any) -> Page:
    there = table.c.status.in_([each.casefold() for each in REACHABLE])
    where = (there, table.c.lastheartbeat.is_not(None))
    return Page("body", where, (("lastheartbeat", False),), size=1, key=STALEST)


STALEST = "stalest report"
Views = Callable[[Resource, Record, bytes], dict[str, bytes]]
Told = tuple[int, dict[str, Any], dict[str, bytes]]


def _reported(
    records: Records, computer: bytes, profile: AutomateProfile, now_s: float
) -> Told | None:
    known_id, is_there = _seen(computer)
    if not is_there:
        return None
    last_s = last_report_s(profile, known_id, now_s)
    return _told(records.shape.views, at(records, COMPUTERS), computer, last_s)


@lru_cache(maxsize=1024)
def _seen(computer: bytes) -> tuple[int, bool]:
    known = orjson.loads(computer)
    return known["Id"], known.get("Status") in REACHABLE


@lru_cache(maxsize=1024)
def _told(views: Views, resource: Resource, computer: bytes, last_s: float) -> Told | None:
    """Return the id, and the columns and renderings that a report changes; None for no change.

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
    return known["Id"], changed_columns(resource, known, changed), rendered
