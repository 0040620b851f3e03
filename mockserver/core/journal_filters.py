"""Which entries of a journal somebody asks for."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from mockserver.core.entry import Entry
from mockserver.core.globs import path_matcher

ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_STATUS = re.compile(r"([1-5])(xx|[0-9]{2})", re.ASCII | re.IGNORECASE)


def path_test(path: str | None) -> Iterator[Callable[[Entry], bool]]:
    """Yield the test for a glob below the API's base."""
    if path is not None:
        matches = path_matcher(path)
        yield lambda entry: matches(entry.path)


def status_test(status: int | str | None) -> Iterator[Callable[[Entry], bool]]:
    """Yield the test for a status, a class of them, or none.

    Raises:
        ValueError: It is neither.
    """
    if status is None:
        return
    text = str(status).casefold()
    if text == "none":
        yield lambda entry: entry.status is None
    elif not _STATUS.fullmatch(text):
        raise ValueError("status must be a status such as 404, a class such as 4xx, or none")
    else:
        start = text.removesuffix("xx")
        yield lambda entry: entry.status is not None and str(entry.status).startswith(start)


def since_test(since: int | str | None) -> Iterator[Callable[[Entry], bool]]:
    """Yield the test for an id or an instant after which an entry came.

    Raises:
        ValueError: It is neither.
    """
    if since is None:
        return
    text = str(since)
    if ID.fullmatch(text):
        yield lambda entry: entry.id > int(text)
        return
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("since must be an id or an ISO instant") from None
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    yield lambda entry: entry.at >= aware
