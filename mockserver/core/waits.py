"""When an answer told its client to come again, as the header was emitted."""

import re
from collections.abc import Iterable
from email.utils import parsedate_to_datetime

from mockserver.core.attempt import NS, Attempt

TOO_MANY, UNAVAILABLE = 429, 503
#: Longer waits are absurd: a client may well refuse to obey them (retry facts 2.1).
ABSURD_S = 3_600.0

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


def wait_s(attempt: Attempt) -> float | None:
    """Return the seconds that Retry-After asks for; None for none or a malformed one."""
    text = (attempt.retry_after or "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        return parsedate_to_datetime(text).timestamp() - attempt.flushed_ns / NS
    except (TypeError, ValueError, OverflowError):
        return None


def is_date(attempt: Attempt) -> bool:
    """Return whether Retry-After is a date, which knows whole seconds only."""
    return "," in (attempt.retry_after or "")


def asks_to_wait(attempt: Attempt) -> bool:
    """Return whether the answer says when to come again, in words that a client can obey."""
    wait = wait_s(attempt)
    refused = attempt.status in {TOO_MANY, UNAVAILABLE}
    return refused and wait is not None and 0 < wait <= ABSURD_S


def told_spans(attempts: Iterable[Attempt]) -> list[tuple[int, int]]:
    """Return the spans in which a client was told to wait, overlapping ones as one."""
    spans: list[tuple[int, int]] = []
    for each in attempts:
        if not asks_to_wait(each):
            continue
        start, end = each.flushed_ns, each.flushed_ns + int((wait_s(each) or 0) * NS)
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans
