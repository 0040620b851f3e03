"""When a schedule runs next: arithmetic on instants, no state.

The settings are those of the vendor's description (automate facts 84): a frequency and, beside it,
the settings of that frequency. The numbers of the frequencies are what clients send as
``ScheduleType`` (86); which ones batch calls use, is a quirk. Here the name of one decides.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import floor
from typing import Any

Settings = Mapping[str, Any]
ONCE, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY = range(1, 7)
NAMES: Mapping[int, str] = {
    ONCE: "Once",
    MINUTELY: "Minute",
    HOURLY: "Hourly",
    DAILY: "Daily",
    WEEKLY: "Weekly",
    MONTHLY: "Monthly",
}
#: About how long one step lasts, in seconds.
STEPS_S: Mapping[int, int] = {
    ONCE: 1,
    MINUTELY: 60,
    HOURLY: 3_600,
    DAILY: 86_400,
    WEEKLY: 7 * 86_400,
    MONTHLY: 31 * 86_400,
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKS = ("First", "Second", "Third", "Fourth")
INTERVAL_MAX = 10_000
DAYS_MAX = 366 * 5


def frequency(settings: Settings) -> int:
    """Return the number of the frequency by its name; one that is not known runs once."""
    name = _part(settings, "ScriptScheduleFrequency").get("Name")
    return next((number for number, known in NAMES.items() if known == name), ONCE)


def step_s(settings: Settings) -> int:
    """Return about how many seconds lie between two runs."""
    return STEPS_S[frequency(settings)] * interval(settings)


def next_run(
    settings: Settings, start: datetime, after: datetime, *, skips: bool = False
) -> datetime | None:
    """Return the first run that is later than *after* and not before *start*; None without.

    *skips* tells whether months that lack the day are passed over, or run on their last.
    """
    kind = frequency(settings)
    if kind == ONCE:
        return start if start > after else None
    try:
        if kind in {MINUTELY, HOURLY}:
            return _by_interval(settings, kind, start, after)
        runs_on = _on_whole_months if skips and kind == MONTHLY else DAYS[kind]
        return _by_day(settings, runs_on, start, after)
    except OverflowError:  # past the end of the calendar
        return None


def _part(settings: Settings, name: str) -> Settings:
    part = settings.get(name)
    return part if isinstance(part, dict) else {}


def _own(settings: Settings) -> Settings:
    names = {MINUTELY: "Minutely", HOURLY: "Hourly", DAILY: "Daily", WEEKLY: "Weekly"}
    return _part(settings, f"{names.get(frequency(settings), 'Monthly')}Settings")


def interval(settings: Settings) -> int:
    """Return how many steps of the frequency lie between two runs."""
    own = _own(settings)
    values = (own.get(f"{name}Interval") for name in ("Minutely", "Hourly", "Daily", "Monthly"))
    given = next((each for each in values if isinstance(each, int)), 1)
    return min(max(given, 1), INTERVAL_MAX)


def clock_time(text: object) -> time | None:
    """Return a time of day written as ``HH:MM`` or ``HH:MM:SS``, also at the end of an instant."""
    try:
        return time.fromisoformat(str(text).rpartition("T")[2].removesuffix("Z")).replace(
            tzinfo=None
        )
    except ValueError:
        return None


def _by_interval(
    settings: Settings, kind: int, start: datetime, after: datetime
) -> datetime | None:
    every = timedelta(seconds=STEPS_S[kind] * interval(settings))
    passed = floor((after - start) / every) + 1 if after >= start else 0
    own = _own(settings)
    begin, end = (clock_time(own.get(f"Exclusion{name}Time")) for name in ("Start", "End"))
    tries = (start + (passed + step) * every for step in range(INTERVAL_MAX))
    return next((each for each in tries if not _excluded(each.time(), begin, end)), None)


def _excluded(moment: time, begin: time | None, end: time | None) -> bool:
    if begin is None or end is None or begin == end:
        return False
    if begin < end:
        return begin <= moment < end
    return moment >= begin or moment < end


def _by_day(
    settings: Settings, runs_on: "RunsOn", start: datetime, after: datetime
) -> datetime | None:
    at = clock_time(_own(settings).get("RunsAt")) or start.time()
    for day in islice(_days(max(start, after).date()), DAYS_MAX):
        moment = datetime.combine(day, at, start.tzinfo)
        if moment > after and moment >= start and runs_on(settings, start.date(), day):
            return moment
    return None


def _days(first: date) -> Iterator[date]:
    day = first
    while day < date.max:
        yield day
        day += timedelta(days=1)


def _on_daily(settings: Settings, start: date, day: date) -> bool:
    chosen = _chosen(_part(_own(settings), "DaysOfWeekSettings"), WEEKDAYS)
    in_step = (day - start).days % interval(settings) == 0
    return in_step and (not chosen or day.weekday() in chosen)


def _on_weekly(settings: Settings, start: date, day: date) -> bool:
    own = _own(settings)
    weekdays = _chosen(_part(own, "DaysOfWeekSettings"), WEEKDAYS) or {start.weekday()}
    if day.weekday() not in weekdays:
        return False
    weeks = _part(own, "WeeksOfMonthSettings")
    chosen = _chosen(weeks, WEEKS)
    last = bool(weeks.get("Last"))
    is_last = day.day + 7 > monthrange(day.year, day.month)[1]
    if not chosen and not last:
        return True
    return (day.day - 1) // 7 in chosen or (last and is_last)


def _day_of_month(settings: Settings, start: date) -> int:
    wanted = _own(settings).get("Day")
    return wanted if isinstance(wanted, int) and wanted > 0 else start.day


def _on_whole_months(settings: Settings, start: date, day: date) -> bool:
    return day.day == _day_of_month(settings, start) and _on_monthly(settings, start, day)


def _on_monthly(settings: Settings, start: date, day: date) -> bool:
    wanted = _day_of_month(settings, start)
    months = (day.year - start.year) * 12 + day.month - start.month
    last = monthrange(day.year, day.month)[1]
    return months % interval(settings) == 0 and day.day == min(wanted, last)


def _chosen(flags: Settings, names: tuple[str, ...]) -> set[int]:
    return {place for place, name in enumerate(names) if flags.get(name) is True}


RunsOn = Callable[[Settings, date, date], bool]
DAYS: Mapping[int, RunsOn] = {
    DAILY: _on_daily,
    WEEKLY: _on_weekly,
    MONTHLY: _on_monthly,
}
