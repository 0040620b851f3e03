"""What the options of a list ask for, whatever holds its rows (automate facts 26 to 38)."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from mockserver.automate.options import options
from mockserver.automate.profile import AutomateProfile
from mockserver.core.errors import BadCondition, ConditionFlaw, InvalidParameter
from mockserver.core.schema import Column, Resource
from mockserver.web.exchange import Exchange

WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
PAGE_MAX = 1 << 40
ROWS_MAX = 1_000_000


class Wanted(NamedTuple):
    """Which rows of a list are wanted, in which order.

    Attributes:
        condition: What the rows must fulfil; may be empty.
        ids: The only rows to list; None for all.
        order: What to sort by, each with whether it descends.
        number: The page's number, from 1.
        size: Rows on a full page; None for all.
        offset: How many rows lie before the page.
    """

    condition: str
    ids: tuple[int, ...] | None
    order: tuple[tuple[Column, bool], ...]
    number: int
    size: int | None
    offset: int


def given_to(exchange: Exchange, profile: AutomateProfile) -> Mapping[str, str]:
    """Return the options of a list by flat, casefolded name.

    Raises:
        DuplicateParameter: One came twice and the dialect minds (automate facts 51).
    """
    if not profile.repeated_parameters:
        exchange.refuse_repeated_parameters()
    return options(exchange, profile)


def wanted(given: Mapping[str, str], named: Resource, profile: AutomateProfile) -> Wanted:
    """Return what the options ask for of *named*, a resource under the names of the dialect.

    Raises:
        BadCondition: The order names what is not there.
        InvalidParameter: A number is none, or out of bounds.
    """
    is_filtered = named.path not in profile.unfiltered
    number = _page(profile, given)
    size = _size(profile, given, number)
    return Wanted(
        given.get("condition", "").strip() if is_filtered else "",
        _ids(given.get("ids", "").strip(), profile),
        tuple(_order(named, given.get("orderby", ""), profile)),
        number,
        size,
        (number - 1) * (size or 0),
    )


def _ids(text: str, profile: AutomateProfile) -> tuple[int, ...] | None:
    if not text:
        return None
    given = [each.strip().strip("'\"") for each in text.split(",")]
    if profile.bad_numbers_ignored:
        given = [each for each in given if WHOLE.fullmatch(each)]
    return tuple(_whole("ids", each) for each in given)


def _size(profile: AutomateProfile, given: Mapping[str, str], number: int) -> int | None:
    size = _number(profile, given, "pageSize", profile.page_size)
    if size == -1 and profile.all_rows:
        # Where everything is told once, the second page begins behind it.
        return ROWS_MAX if profile.all_rows_once and number > 1 else None
    if size < 1 and profile.bad_numbers_ignored:
        return profile.page_size
    if size < 1:
        raise InvalidParameter("pageSize", str(size), "The pageSize must be at least 1.")
    most = profile.page_size_max or ROWS_MAX
    if size > most and profile.page_size_refused:
        raise InvalidParameter("pageSize", str(size), f"The pageSize must be at most {most}.")
    return min(size, most)


def _page(profile: AutomateProfile, given: Mapping[str, str]) -> int:
    number = _number(profile, given, "page", 1)
    if number < 1 and profile.low_pages_refused:
        raise InvalidParameter("page", str(number), "The page must be at least 1.")
    return min(max(number, 1), PAGE_MAX)


def _number(profile: AutomateProfile, given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name.lower(), "").strip()
    if profile.bad_numbers_ignored and not WHOLE.fullmatch(text):
        return default
    return _whole(name, text) if text else default


def _whole(name: str, text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise InvalidParameter(name, text, f"The value '{text[:40]}' is not valid for {name}.")
    return int(text)


def _order(resource: Resource, text: str, profile: AutomateProfile) -> list[tuple[Column, bool]]:
    parts = tuple(filter(None, (each.strip() for each in text.split(","))))
    keys = []
    for part in parts if profile.several_orders else parts[:1]:
        path, _, direction = part.partition(" ")
        column = resource.by_path.get(path.replace(".", "/").casefold())
        if column is not None and direction.strip().casefold() in {"", "asc", "desc"}:
            keys.append((column, direction.strip().casefold() == "desc"))
        elif not profile.unknown_orders_ignored:
            flaw = ConditionFlaw.UNKNOWN_NAME
            raise BadCondition(flaw, "unknown field", name=path, text=text, parameter="orderBy")
    return keys
