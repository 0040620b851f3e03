"""How long a ticket has taken, and when it must be resolved (psa facts 6.10).

The clock runs from when the ticket was entered, and stands still while its status is one without
escalation. A record tells where it stood at the last write; ``calculateSla`` where it stands now.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from mockserver.core.clock import INSTANT_FORMAT
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record
from mockserver.core.told import told
from mockserver.psa.kept import PAUSES
from mockserver.psa.profile import PsaProfile

TICKETS, STATUSES = "service/tickets", "service/boards/statuses"
SLAS, PRIORITIES = "service/SLAs", "service/SLAs/priorities"
#: Beyond these no date can be told.
HOURS_MAX = 100_000.0
LAST = datetime(9999, 12, 1)  # noqa: DTZ001
#: As much as the member holds.
MINUTES_MAX = 2**31 - 1
MINUTE = timedelta(minutes=1)
#: The order of ``escalationStatus``; the one that is not in it stops the clock.
STAGES = ("NotResponded", "Responded", "ResolutionPlan", "Resolved")
WAITING = "NoEscalation"
#: What is stamped when a stage is reached: how long it took, and when that was.
REACHED: Mapping[int, tuple[str, str]] = {
    1: ("respondMinutes", "dateResponded"),
    2: ("resPlanMinutes", "dateResplan"),
}


def tell_sla(draft: Draft) -> None:
    """Say how long an open ticket took so far and until when it must be resolved."""
    record, before = draft.record, draft.before
    if before is not None and draft.changed("status"):
        _resume(draft)
        _reach(draft)
    if record.get("closedFlag"):
        if draft.changed("closedFlag"):
            _end(draft)
        return
    if before is not None and before.get("closedFlag"):
        record.update(resolveMinutes=0, isInSla=True)
    if any(map(draft.changed, ("sla", "priority", "closedFlag", "minutesWaiting"))):
        _tell(draft.records, record, _entered(draft))


def note_pause(draft: Draft) -> None:
    """Remember since when a ticket waits, now that it is stored."""
    if draft.changed("status") and _stage(draft.records, draft.record) == WAITING:
        row = {"id": draft.record["id"], "since": draft.records.clock.text()}
        draft.records.save(PAUSES, row, new=True)


def current(records: Records, record: Record) -> Record:
    """Return an open ticket with where its clock stands now."""
    if record.get("closedFlag"):
        return record
    shown, stage = dict(record), _stage(records, record)
    paused = _paused(records, record)
    shown["minutesWaiting"] = min((record.get("minutesWaiting") or 0) + paused, MINUTES_MAX)
    entered = _parsed(record["_info"]["dateEntered"])
    minutes = _taken(records, shown, entered)
    shown["resolveMinutes"] = minutes
    for rank, (name, _) in REACHED.items():
        if stage in STAGES and STAGES.index(stage) < rank:
            shown[name] = minutes
    _tell(records, shown, entered)
    shown["isInSla"] = _is_in_time(records, shown, entered)
    return shown


def _tell(records: Records, record: Record, entered: datetime) -> None:
    record.pop("slaStatus", None)
    until = _until(records, record, entered)
    if until is not None:
        record["slaStatus"] = told(until)


def _resume(draft: Draft) -> None:
    """Count the minutes of a pause that ends with this write."""
    assert draft.before is not None
    paused = _paused(draft.records, draft.before)
    if paused:
        waited = (draft.before.get("minutesWaiting") or 0) + paused
        draft.record["minutesWaiting"] = min(waited, MINUTES_MAX)
    draft.records.store.delete(PAUSES, draft.before["id"])


def _paused(records: Records, record: Record) -> int:
    """Return for how many minutes a ticket has been waiting; 0 when it does not wait."""
    profile = records.profile
    stops = not isinstance(profile, PsaProfile) or profile.sla_pauses
    if not stops or _stage(records, record) != WAITING:
        return 0
    noted = records.find(PAUSES, record["id"])
    # Of tickets that waited when the world began, the last change is what is known.
    since = noted["since"] if noted else record["_info"]["lastUpdated"]
    return _minutes(_now(records) - _parsed(since))


def _reach(draft: Draft) -> None:
    """Stamp the stages that a ticket has come to."""
    assert draft.before is not None
    stages = [_stage(draft.records, each) for each in (draft.before, draft.record)]
    if not all(each in STAGES for each in stages):
        return
    before, after = (STAGES.index(each) for each in stages if each)
    for rank in range(before + 1, after + 1):
        for name, value in zip(REACHED.get(rank, ()), _reached(draft), strict=False):
            if name not in draft.given:
                draft.record[name] = value


def _reached(draft: Draft) -> tuple[int, str]:
    minutes = _taken(draft.records, draft.record, _entered(draft))
    return minutes, draft.records.clock.text()


def _end(draft: Draft) -> None:
    """Say how long a ticket took that is closed now, and whether that was in time."""
    entered = _entered(draft)
    if "resolveMinutes" not in draft.given:
        draft.record["resolveMinutes"] = _taken(draft.records, draft.record, entered)
    draft.record["isInSla"] = _is_in_time(draft.records, draft.record, entered)


def _is_in_time(records: Records, record: Record, entered: datetime) -> bool:
    until = _until(records, record, entered)
    return until is None or _now(records) <= until


def _taken(records: Records, record: Record, entered: datetime) -> int:
    waited = record.get("minutesWaiting") or 0
    return max(0, _minutes(_now(records) - entered) - waited)


def _until(records: Records, record: Record, entered: datetime) -> datetime | None:
    hours = _hours(records, record)
    if hours is None:
        return None
    span = timedelta(hours=hours, minutes=max(record.get("minutesWaiting") or 0, 0))
    return entered + min(span, LAST - entered)


def _hours(records: Records, record: Record) -> float | None:
    """Return how many hours the SLA gives: for the priority, else at all."""
    sla_id, priority_id = _id_of(record, "sla"), _id_of(record, "priority")
    if sla_id is None:
        return None
    resource = records.registry.resource(PRIORITIES)
    own = records.store.matching(resource, 1, parent_id=sla_id, priority_id=priority_id)
    found = records.target(PRIORITIES, own[0]) if own else records.target(SLAS, sla_id)
    hours = found[0].get("resolutionHours") if found else None
    return None if hours is None else max(0.0, min(float(hours), HOURS_MAX))


def _stage(records: Records, record: Record) -> str | None:
    status_id = _id_of(record, "status")
    found = records.target(STATUSES, status_id) if status_id else None
    stage: str | None = found[0].get("escalationStatus") if found else None
    return stage


def _id_of(record: Record, name: str) -> int | None:
    value = record.get(name)
    return value.get("id") if isinstance(value, dict) else None


def _entered(draft: Draft) -> datetime:
    known = (draft.before or {}).get("_info", {}).get("dateEntered")
    return _parsed(known) if known else _now(draft.records)


def _now(records: Records) -> datetime:
    return _parsed(records.clock.text())


def _parsed(text: str) -> datetime:
    return datetime.strptime(text, INSTANT_FORMAT)  # noqa: DTZ007


def _minutes(span: timedelta) -> int:
    return max(0, min(int(span / MINUTE), MINUTES_MAX))
