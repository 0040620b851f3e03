"""Computers in maintenance and monitors that are suspended: neither raises alerts while it lasts.

The vendor's description has the lists (``MaintenanceModes``, ``AlertSuspensions/*``,
``MonitorAlertSuspensions``) and one write, which suspends a monitor (automate facts 10.1, 94). How
long things last, and what comes after, are guesses (see DEVIATIONS.md).
"""

from collections.abc import Iterator
from typing import Any

from mockserver.automate.auth import user_id
from mockserver.automate.life import alerting
from mockserver.automate.life.places import (
    COMPUTERS,
    SYSTEM,
    added,
    at,
    everyone,
    found,
    got,
    matching,
    refused,
    rule,
    whole,
)
from mockserver.automate.profile import AutomateProfile, profile_in, profile_of
from mockserver.core.agenda import Moment, Plan, seconds_of
from mockserver.core.errors import Fault, Flaw
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.routes import Handler

MODES = "Computers/MaintenanceModes"
WINDOWED = "Computers/AlertSuspensions/MaintenanceWindow"
SUSPENDED = "Computers/MonitorAlertSuspensions"
FLAG = "IsMaintenanceModeEnabled"
ENDS, RESUMES = "maintenance ends", "monitor alerts again"


# -- requests --------------------------------------------------------------------------------------


def watching(patch: Handler) -> Handler:
    """Return *patch* of a computer, followed by what its flag begins or ends."""

    def patched(exchange: Exchange) -> Answer:
        records, computer_id = exchange.records, int(exchange.ids[0])
        with records.store.transaction():
            before = found(records, COMPUTERS, computer_id) or {}
            answer = patch(exchange)
            computer = got(records, COMPUTERS, computer_id)
            if bool(before.get(FLAG)) != bool(computer.get(FLAG)):
                _turned(exchange, computer)
        return answer

    return patched


def _turned(exchange: Exchange, computer: Record) -> None:
    agenda = exchange.tenant.agendas["automate"]
    agenda.cancel(ENDS, computer["Id"])
    _forget(exchange.records, computer["Id"])
    if not computer.get(FLAG):
        return
    profile = exchange.profile
    assert isinstance(profile, AutomateProfile)
    minutes = profile.maintenance_minutes
    now = exchange.tenant.clock.text()
    _begun(exchange.records, computer, now, (minutes, user_id(exchange)))
    if minutes:
        agenda.add(seconds_of(now) + minutes * 60, ENDS, computer["Id"])


def _begun(records: Records, computer: Record, now: str, lasts: tuple[int, int]) -> None:
    minutes, user = lasts
    row = {"id": records.store.next_id(at(records, MODES)), "ComputerID": computer["Id"]}
    mode = profile_in(records).maintenance_mode
    row |= {"TimeStart": now, "Duration": minutes, "Mode": mode, "UserID": user}
    added(records, MODES, row, computer["Id"])
    for monitor in list(matching(records, "Monitors", computer_id=computer["Id"])):
        _suspend(records, WINDOWED, monitor, now)


def suspend(exchange: Exchange) -> Answer:
    """Suspend the monitor whose id is the body, for one computer.

    Raises:
        InvalidRecord: The body is no number, or the computer has no such monitor.
    """
    records = exchange.records
    computer = got(records, COMPUTERS, int(exchange.ids[0]))
    number = whole(exchange.json())
    if number is None:
        raise refused(SUSPENDED, Fault(Flaw.WRONG_TYPE, "MonitorId", None, None))
    monitor = found(records, "Monitors", number)
    if monitor is None or (monitor.get("Computer") or {}).get("Id") != computer["Id"]:
        text = f"Computer {computer['Id']} has no monitor {number}"
        raise rule(SUSPENDED, "MonitorId", text, number)
    with records.store.transaction():
        row_id = _suspended(exchange, monitor)
    view = profile_of(exchange.caller).view
    body = records.store.body(at(records, SUSPENDED), row_id, view)
    return Answer(200, body or b"")


def _suspended(exchange: Exchange, monitor: Record) -> int:
    """Suspend a monitor, from now on also where it was suspended before."""
    records, agenda = exchange.records, exchange.tenant.agendas["automate"]
    profile = exchange.profile
    assert isinstance(profile, AutomateProfile)
    for row in list(_suspensions(records, SUSPENDED, monitor)):
        agenda.cancel(RESUMES, row["Id"])
        records.store.delete(at(records, SUSPENDED), row["Id"])
    row_id = _suspend(records, SUSPENDED, monitor, records.clock.text())
    if profile.suspension_s is not None:
        agenda.add(records.clock.timestamp() + profile.suspension_s, RESUMES, row_id)
    return row_id


def _suspend(records: Records, path: str, monitor: Record, now: str) -> int:
    computer_id, row_id = monitor["Computer"]["Id"], records.store.next_id(at(records, path))
    about = {"MonitorId": monitor["MonitorID"], "Name": monitor["Name"]}
    row = {"Id": row_id, "ComputerId": computer_id, "Monitor": about, "SuspensionDate": now}
    added(records, path, row, computer_id)
    return row_id


def _suspensions(records: Records, path: str, monitor: Record) -> Any:
    computer_id = (monitor.get("Computer") or {}).get("Id") or 0
    wanted = {"parent_id": computer_id, "monitor_monitorid": monitor["MonitorID"]}
    return matching(records, path, **wanted)


# -- happenings ------------------------------------------------------------------------------------


def begin(moment: Moment) -> None:
    """Plan the ends of what the world begins with, the first of the same thing."""
    first: dict[tuple[str, int], Plan] = {}
    for each in _ends(moment):
        first.setdefault((each.kind, each.about), each)
    moment.agenda.add_all(list(first.values()))


def _ends(moment: Moment) -> Iterator[Plan]:
    profile = moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    for row in everyone(moment.records, MODES):
        if row.get("Duration"):
            end_s = seconds_of(row["TimeStart"]) + row["Duration"] * 60
            yield Plan(max(end_s, moment.now_s), ENDS, row["ComputerID"])
    if profile.suspension_s is None:
        return
    for row in everyone(moment.records, SUSPENDED):
        end_s = seconds_of(row["SuspensionDate"]) + profile.suspension_s
        yield Plan(max(end_s, moment.now_s), RESUMES, row["Id"])


def ends(moment: Moment) -> None:
    """End the maintenance of a computer, and raise what was kept quiet and still is wrong."""
    records = moment.records
    _forget(records, moment.event.about)
    computer = found(records, COMPUTERS, moment.event.about)
    if computer is None or not computer.get(FLAG):
        return
    computer = records.change(at(records, COMPUTERS), computer["Id"], {FLAG: False}, SYSTEM)
    for monitor in list(matching(records, "Monitors", computer_id=computer["Id"])):
        _late(moment, computer, monitor)


def resumes(moment: Moment) -> None:
    """Let a monitor raise alerts again."""
    records = moment.records
    row = found(records, SUSPENDED, moment.event.about)
    if row is None:
        return
    records.store.delete(at(records, SUSPENDED), row["Id"])
    computer = found(records, COMPUTERS, row["ComputerId"])
    monitor = found(records, "Monitors", (row.get("Monitor") or {}).get("MonitorId") or 0)
    if computer is not None and monitor is not None:
        _late(moment, computer, monitor)


def _late(moment: Moment, computer: Record, monitor: Record) -> None:
    profile = moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    if profile.late_alerts:
        alerting.late(moment, computer, monitor)


def _forget(records: Records, computer_id: int) -> None:
    for path in (MODES, WINDOWED):
        resource = at(records, path)
        for row_id in records.store.matching(resource, parent_id=computer_id):
            records.store.delete(resource, row_id)
