"""Instants as texts: one spelling inside, several accepted from callers."""

import re
from datetime import UTC, datetime, timedelta, timezone

from mockserver.core.clock import INSTANT_FORMAT

SHAPE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s*(Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)


def instant(text: str, *, offsets: bool = True) -> str | None:
    """Return *text* as ``YYYY-MM-DDTHH:MM:SSZ`` in UTC, or None when it is no instant.

    Fractions of a second are dropped; without a zone the text means UTC. *offsets* tells whether
    a numeric offset is understood (PSA refuses it on writes, psa facts 6.3).
    """
    found = SHAPE.fullmatch(text.strip())
    if found is None:
        return None
    *digits, zone = found.groups()
    shift = _shift(zone)
    if shift is None or (shift and not offsets):
        return None
    try:
        moment = datetime(*(int(each or 0) for each in digits), tzinfo=timezone(shift))  # type: ignore[misc, arg-type]
        return moment.astimezone(UTC).strftime(INSTANT_FORMAT).rjust(20, "0")
    except (ValueError, OverflowError):
        return None


def _shift(zone: str | None) -> timedelta | None:
    if zone is None or zone in "Zz":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:  # noqa: PLR2004
        return None
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
