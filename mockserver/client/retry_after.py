"""What a server says about when to come back: Retry-After and the quota's headers.

RFC 9110 section 10.2.3: whole seconds or a date; anything else is malformed and counts as absent
(the rate-limit draft: malformed fields must be ignored).
"""

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NamedTuple

WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)


class Quota(NamedTuple):
    """What an answer says about the key's quota."""

    limit: int
    remaining: int
    reset_s: float


def retry_after_s(value: str | None, wall_s: float, date: str | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks to wait, or None when it says nothing.

    A date is measured from the answer's own *date*, so that a client whose clock is wrong still
    waits the right time; without one from *wall_s*. A date in the past asks for nothing.
    """
    text = (value or "").strip()
    if WHOLE.fullmatch(text):
        return float(text)
    moment = _epoch_s(text)
    if moment is None:
        return None
    now_s = _epoch_s(date or "")
    return max(0.0, moment - (wall_s if now_s is None else now_s))


def _epoch_s(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def quota_of(headers: Mapping[str, str]) -> Quota | None:
    """Return the quota in the ``X-RateLimit-*`` headers; None when any of them is no number."""
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
    texts = [(headers.get(name) or "").strip() for name in names]
    if not all(WHOLE.fullmatch(text) for text in texts):
        return None
    limit, remaining, reset_s = (int(text) for text in texts)
    return Quota(limit, remaining, float(reset_s)) if limit else None
