"""Answers that no table holds: what is computed for them takes the same options as any list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import orjson

from mockserver.automate.listing import page_headers
from mockserver.automate.options import options
from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.automate.projecting import cut_to, projected, shown
from mockserver.automate.shape import AutomateShape
from mockserver.automate.wanted import Wanted, given_to, wanted
from mockserver.core.attempt import Paged
from mockserver.core.conditions import compared, parse_and_bind, predicate
from mockserver.core.errors import blaming
from mockserver.core.schema import Resource
from mockserver.web.exchange import Answer, Exchange

#: Texts and numbers instead of records: they have nothing that could be named.
BARE = Resource("automate:", "", ())


def listed(exchange: Exchange, resource: Resource, rows: Sequence[Any]) -> Answer:
    """Answer one page of computed rows.

    Args:
        exchange: Whose options they are.
        resource: Declares the members of the rows; ``BARE`` for rows that have none.
        rows: In the order in which they are listed when none is asked for.

    Raises:
        BadCondition: The condition or the order names what is not there.
        DuplicateParameter: A parameter came twice and the dialect minds.
        InvalidParameter: A number is none, or out of bounds.
    """
    profile = profile_of(exchange.caller)
    given = given_to(exchange, profile)
    wish = wanted(given, resource, profile)
    found = _ordered(_fulfilling(rows, resource, wish, profile), wish, profile)
    page = found[wish.offset :][: wish.size]
    exchange.paged = Paged(len(page), len(found), wish.size, wish.number)
    headers = page_headers(exchange, wish.number, wish.size, len(found))
    return Answer(200, orjson.dumps(_projected(exchange, resource, page, given)), headers)


@lru_cache(maxsize=16)
def renamed(resource: Resource, names: tuple[str, ...]) -> Resource:
    """Return *resource* with its fields called otherwise, in order; the first is the id."""
    fields = zip(resource.fields, names, strict=True)
    called = tuple(replace(each, name=name) for each, name in fields)
    return replace(resource, fields=called, key=names[0])


def told(exchange: Exchange, row: dict[str, Any]) -> Answer:
    """Answer one computed object with the members that are asked for."""
    profile = profile_of(exchange.caller)
    given = options(exchange, profile) if profile.options_of_one else {}
    return Answer(200, orjson.dumps(cut_to(given, row, profile)))


def _projected(
    exchange: Exchange, resource: Resource, rows: list[Any], given: Mapping[str, str]
) -> list[Any]:
    if resource is BARE:
        return rows
    shape = exchange.records.shape
    assert isinstance(shape, AutomateShape)
    chosen = shown(exchange, given, resource, shape, listed=True)
    return [projected(exchange, row, chosen) for row in rows] if chosen else rows


def _fulfilling(
    rows: Sequence[Any], resource: Resource, wish: Wanted, profile: AutomateProfile
) -> list[Any]:
    found = list(rows)
    if wish.ids is not None and resource.key.casefold() in resource.members:
        found = [row for row in found if row[resource.key] in wish.ids]
    if not wish.condition:
        return found
    with blaming("condition"):
        holds = predicate(parse_and_bind(wish.condition, resource, profile.conditions))
    return [row for row in found if holds(row)]


def _ordered(rows: list[Any], wish: Wanted, profile: AutomateProfile) -> list[Any]:
    """Return the rows as the database sorts them: what is missing comes before all else."""
    if profile.newest_first and not wish.order:
        return rows[::-1]
    for column, down in reversed(wish.order):
        sought = replace(column, folded=profile.conditions.texts_in_any_case)
        worth = [(compared(sought, row), row) for row in rows]
        worth.sort(key=lambda each: () if each[0] is None else (each[0],), reverse=down)
        rows = [row for _, row in worth]
    return rows
