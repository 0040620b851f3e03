"""What a body says of when a schedule runs, checked against the vendor's models (facts 84).

The declarations of collections end above these depths, so the settings have a shape of their own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.automate.life.places import refused
from mockserver.automate.life.recurrence import NAMES, WEEKDAYS, WEEKS, clock_time
from mockserver.automate.profile import profile_in
from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.patch import PatchDialect, changes, merged
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.validate import checked

SCHEDULES, FREQUENCY, NUMBER = "Scripting/ScriptSchedules", "ScriptScheduleFrequency", "Id"
TIMES = ("RunsAt", "ExclusionStartTime", "ExclusionEndTime")
DIALECT = PatchDialect(case_sensitive=False, into_references=frozenset({"Id", "Name"}))


def _part(name: str, *fields: Field) -> Field:
    return Field(name, Kind.OBJECT, fields=fields)


def _numbers(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.INTEGER) for name in names)


def _texts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.TEXT) for name in names)


def _flags(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.FLAG) for name in names)


DAYS = _part("DaysOfWeekSettings", *_flags(*WEEKDAYS))
REPEATS = _part("DailyScriptRepeatFrequency", *_numbers("DailyScriptRepeatFrequencyId"))
REPEATED = _numbers("DailyRepeatInterval", "MaximumRepetitions")
PARTS = (
    _part(FREQUENCY, *_numbers(f"{FREQUENCY}{NUMBER}"), *_texts("Name")),
    _part("MinutelySettings", *_numbers("MinutelyInterval"), *_texts(*TIMES[1:])),
    _part("HourlySettings", *_numbers("HourlyInterval"), *_texts(*TIMES[1:])),
    _part(
        "DailySettings",
        *_texts("RunsAt"),
        *_numbers("DailyInterval"),
        DAYS,
        _part("DailyRepeatSettings", REPEATS, *REPEATED),
    ),
    _part(
        "WeeklySettings",
        *_texts("RunsAt"),
        _part("WeeksOfMonthSettings", *_flags(*WEEKS, "Last")),
        DAYS,
    ),
    _part("MonthlySettings", *_texts("RunsAt"), *_numbers("MonthlyInterval", "Day")),
)
SHAPE = Resource(f"automate:{SCHEDULES}", "ScriptSchedule", (_part("Schedule", *PARTS),))


def settings_of(records: Records, value: Any) -> dict[str, Any]:
    """Return the settings in a body, with the number and the name of their frequency.

    Raises:
        InvalidRecord: A member is of another kind, a time is none, or a frequency unknown.
    """
    clean, faults = checked(SHAPE, {"Schedule": value}, records.policy)
    settings = clean.get("Schedule") or {}
    faults += _bad_times(settings)
    if faults:
        raise InvalidRecord(SHAPE.path, tuple(faults))
    return numbered(settings, profile_in(records).frequencies)


def _bad_times(settings: Mapping[str, Any]) -> Iterator[Fault]:
    for part, members in settings.items():
        for name in TIMES:
            text = members.get(name)
            if text and clock_time(text) is None:
                yield Fault(Flaw.BAD_INSTANT, f"Schedule/{part}/{name}", None, text)


def numbered(settings: dict[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return settings with the number and the name of their frequency; the number decides.

    Args:
        settings: Of the right kinds.
        numbers: Those of the frequencies, by name.

    Raises:
        InvalidRecord: There is no such frequency.
    """
    named = settings.get(FREQUENCY)
    if named is None:
        return settings
    number, name = named.get(f"{FREQUENCY}{NUMBER}"), named.get("Name")
    if number is not None:
        name = next((each for each, known in numbers.items() if known == number), None)
    if name not in NAMES.values() or name not in numbers:
        raise refused(SCHEDULES, Fault(Flaw.OUT_OF_RANGE, f"Schedule/{FREQUENCY}", None, None))
    return {**settings, FREQUENCY: {f"{FREQUENCY}{NUMBER}": numbers[name], "Name": name}}


def settings_after(records: Records, before: Record, document: Any) -> dict[str, Any]:
    """Return the settings of a schedule that a list of operations or a partial object changes.

    What is changed of a frequency, its number or its name, decides.

    Args:
        records: The tenant's.
        before: The schedule as it was.
        document: A body that fits the rest of the schedule.

    Raises:
        BadPatch: An operation cannot be applied.
        InvalidRecord: What comes of it does not fit.
    """
    old = before.get("Schedule") or {}
    if isinstance(document, list):
        operations = [each for each in document if _is_of_settings(each)]
        changed = changes(SHAPE, before, operations, DIALECT)
    else:
        changed = merged(SHAPE, before, document)
    spelt = {name.casefold(): value for name, value in changed.items()}
    if "schedule" not in spelt:
        return dict(old)
    clean, _ = checked(SHAPE, {"Schedule": spelt["schedule"]}, records.policy)
    named = (clean.get("Schedule") or {}).get(FREQUENCY)
    number = f"{FREQUENCY}{NUMBER}"
    if named and named.get(number) == (old.get(FREQUENCY) or {}).get(number):
        sent = spelt["schedule"].items()
        others = {name: each for name, each in sent if name.casefold() != FREQUENCY.casefold()}
        return settings_of(records, {**others, FREQUENCY: {"Name": named.get("Name")}})
    return settings_of(records, spelt["schedule"])


def _is_of_settings(operation: Any) -> bool:
    path = next((v for n, v in operation.items() if n.casefold() == "path"), "")
    return str(path).strip("/").partition("/")[0].casefold() == "schedule"
