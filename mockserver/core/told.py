"""Deadlines in words, as in a ticket's ``slaStatus``: ``Resolve by Thu 09/15 4:22 AM UTC-05``.

They name no year. Who moves them by days finds it: the weekday fits one year in five.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache

#: The zone of the server (``system/info`` tells it, too); summer time is not observed.
ZONE, OFFSET_H = "UTC-05", -5
NOON_H = 12
YEARS = (0, 1, -1, 2, -2)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BEFORE = "Resolve by "
TOLD = re.compile(
    rb"Resolve by ((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d/\d\d)(?= \d{1,2}:\d\d [AP]M UTC-05)"
)


def told(at: datetime) -> str:
    """Return a deadline, an instant of UTC, in words and the server's zone."""
    local = at + timedelta(hours=OFFSET_H)
    half = "AM" if local.hour < NOON_H else "PM"
    return f"{BEFORE}{_day(local.date())} {local.hour % NOON_H or NOON_H}:{local:%M} {half} {ZONE}"


def _day(day: date) -> str:
    return f"{DAYS[day.weekday()]} {day:%m/%d}"


def mover(days: int, near: date, history_end: date) -> Callable[[bytes], bytes]:
    """Return a function that moves every such day in a text by *days*, but not history.

    Args:
        days: By how many.
        near: A day within two years of those in the text.
        history_end: The last day that stays where it is.
    """

    @cache
    def moved(text: bytes) -> bytes:
        day = _dated(text.decode(), near)
        if day is None or day <= history_end:
            return text
        return _day(day + timedelta(days=days)).encode()

    return lambda text: TOLD.sub(lambda found: BEFORE.encode() + moved(found[1]), text)


def _dated(text: str, near: date) -> date | None:
    """Return the day that a text like ``Thu 09/15`` names, None when there is no such day."""
    weekday, month, day = text[:3], int(text[4:6]), int(text[7:9])
    for years in YEARS:
        try:
            found = date(near.year + years, month, day)
        except ValueError:
            continue
        if DAYS[found.weekday()] == weekday:
            return found
    return None
