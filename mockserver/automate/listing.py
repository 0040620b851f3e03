"""List parameters and pages as Automate has them (automate facts 3; seed 000, "Pagination")."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement

from mockserver.automate.expansion import EXPANSIONS, asked, documents
from mockserver.automate.options import options
from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.automate.projecting import opened, shown
from mockserver.automate.retouching import as_shown
from mockserver.automate.shape import AutomateShape
from mockserver.core.conditions import Dialect, clause, parse_and_bind, sourced
from mockserver.core.errors import BadCondition, ConditionFlaw, InvalidParameter, blaming
from mockserver.core.parameters import unheeded
from mockserver.core.schema import Column, Kind, Resource
from mockserver.core.statements import Key, Page
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Exchange
from mockserver.web.explain import Filter, Reading
from mockserver.web.naming import Naming

WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
PAGE_MAX = 1 << 40
ROWS_MAX = 1_000_000


def list_query(
    exchange: Exchange, resource: Resource, parent_id: int | None, shape: AutomateShape
) -> ListQuery:
    """Return what the parameters ask for.

    Raises:
        BadCondition: The condition or the order names what is not there.
        DuplicateParameter: A parameter came twice and the dialect minds (automate facts 51).
        InvalidParameter: A number is none, or out of bounds.
    """
    profile = profile_of(exchange.caller)
    if not profile.repeated_parameters:
        exchange.refuse_repeated_parameters()
    given = options(exchange, profile)
    table = exchange.records.store.table(resource)
    named = _named(resource, shape, profile, given)
    where = [] if parent_id is None else [table.c.parent_id == parent_id]
    condition = "" if resource.path in profile.unfiltered else given.get("condition", "").strip()
    inner = asked(resource.path, condition)
    if condition:
        with blaming("condition"):
            where.append(_meant(exchange, condition, (resource, named), profile.conditions))
    if ids := given.get("ids", "").strip():
        where.append(table.c.id.in_(_ids(ids, profile)))
    size = _size(profile, given)
    number = _page(profile, given)
    offset = (number - 1) * (size or ROWS_MAX * profile.all_rows_once)
    chosen = shown(exchange, given, resource, shape, listed=True)
    # What is expanded lies in other collections: such a page is never answered from memory.
    fresh = object() if inner or (chosen and not chosen.lasting) else None
    key = (named, profile.conditions, parent_id, condition, ids, fresh)
    order = _order(named, given.get("orderby", ""), profile)
    exact = {} if profile.conditions.texts_in_any_case else _exact(named)
    page = Page(profile.view, where, order, size, offset, key).unfolded(exact)
    reading = partial(_reading, where, (resource, named), parent_id, profile, given)
    return ListQuery(page, number, size, chosen, reading=reading)


def refuse_unknown(exchange: Exchange, declared: frozenset[str]) -> None:
    """Raise InvalidParameter for one that neither lists have nor the description (38)."""
    given = exchange.request.args
    names = (name for name in given if name.casefold() not in declared)
    for name in unheeded("automate", names):
        raise InvalidParameter(name, given[name], f"There is no parameter {name[:40]}.")


def _named(
    resource: Resource, shape: AutomateShape, profile: AutomateProfile, given: Mapping[str, str]
) -> Resource:
    """Return *resource* as conditions and orders of the caller see it."""
    named = as_shown(shape.named(resource, profile.view), resource, profile)
    if profile.conditions_into_unexpanded:
        return named
    return _closed(named, opened(given.get("expand", ""), resource.path, profile))


@lru_cache(maxsize=64)
def _closed(named: Resource, opened: tuple[str, ...]) -> Resource:
    """Return a resource whose conditions lead into no child records but those *opened*."""
    closed = EXPANSIONS.get(named.path, {}).keys() - set(opened)
    fields = tuple(each for each in named.fields if each.name not in closed)
    return replace(named, fields=fields)


def narrowed(exchange: Exchange, resource: Resource, query: ListQuery) -> ListQuery:
    """Return *query* for the rows that the profile lists."""
    only = profile_of(exchange.caller).only(resource.path)
    if not only:
        return query
    columns = exchange.records.store.table(resource).c
    return query.narrowed([columns[name] == value for name, value in only.items()], str(only))


def _reading(
    where: list[ColumnElement[bool]],
    resources: tuple[Resource, Resource],
    parent_id: int | None,
    profile: AutomateProfile,
    given: Mapping[str, str],
) -> Reading:
    """Return what the options filter a list by; *where* are its clauses, the parent's first."""
    resource, named = resources
    clauses = where[parent_id is not None :]
    text = "" if resource.path in profile.unfiltered else given.get("condition", "").strip()
    names = [f"condition {text}"] * bool(text) + [f"ids {given.get('ids')}"]
    filters = [Filter(*each) for each in zip(names, clauses, strict=False)]
    if text and not asked(resource.path, text):
        return Reading(text, named, profile.conditions, parent_id, tuple(filters[1:]))
    # What looks into other collections is explained as a whole.
    return Reading("", named, profile.conditions, parent_id, tuple(filters))


def naming(exchange: Exchange, resource: Resource, shape: AutomateShape) -> Naming:
    """Return how the caller may name the fields of *resource*."""
    profile = profile_of(exchange.caller)
    named = shape.named(resource, profile.view)
    paths = [each.path.replace("/", ".") for each in named.columns]
    members = shape.members(resource.path, profile.view)
    spelt = {"condition": paths, "orderBy": paths}
    return Naming(spelt, members, profile.conditions, {})


def _meant(
    exchange: Exchange, condition: str, resources: tuple[Resource, Resource], dialect: Dialect
) -> ColumnElement[bool]:
    """Return the clause of a condition on a resource, which is given as it is and as it is named.

    What concerns child records looks into their tables, which must be there by then.
    """
    resource, named = resources
    table = exchange.records.store.table(resource)
    if not asked(resource.path, condition):
        return _clause(condition, named, dialect, table)
    tree = parse_and_bind(condition, named, dialect)
    children = documents(exchange.records, resource.path, profile_of(exchange.caller))
    return clause(tree, table, sourced(table, children))


@lru_cache(maxsize=512)
def _clause(text: str, resource: Resource, dialect: Dialect, table: Any) -> ColumnElement[bool]:
    return clause(parse_and_bind(text, resource, dialect), table)


def _ids(text: str, profile: AutomateProfile) -> list[int]:
    given = [each.strip().strip("'\"") for each in text.split(",")]
    if profile.bad_numbers_ignored:
        given = [each for each in given if WHOLE.fullmatch(each)]
    return [_whole("ids", each) for each in given]


def _size(profile: AutomateProfile, given: Mapping[str, str]) -> int | None:
    size = _number(profile, given, "pageSize", profile.page_size)
    if size == -1 and profile.all_rows:
        return None
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


def _order(resource: Resource, text: str, profile: AutomateProfile) -> tuple[Key, ...]:
    parts = tuple(filter(None, (each.strip() for each in text.split(","))))
    keys = []
    for part in parts if profile.several_orders else parts[:1]:
        path, _, direction = part.partition(" ")
        column = resource.by_path.get(path.replace(".", "/").casefold())
        if column is not None and direction.strip().casefold() in {"", "asc", "desc"}:
            keys.append(_key(column, down=direction.strip().casefold() == "desc"))
        elif not profile.unknown_orders_ignored:
            flaw = ConditionFlaw.UNKNOWN_NAME
            raise BadCondition(flaw, "unknown field", name=path, text=text, parameter="orderBy")
    return tuple(keys) or ((("id", True),) if profile.newest_first else ())


@lru_cache(maxsize=64)
def _exact(resource: Resource) -> Mapping[str, Sequence[str]]:
    """Return where the texts are, as they were written, by which a list may be ordered."""
    return {each.name: each.steps for each in resource.by_path.values() if each.kind is Kind.TEXT}


def _key(column: Column, *, down: bool) -> Key:
    """Return what to order by: the texts that are shown where those stand for numbers."""
    return (column.name, down, column.labels) if column.labels else (column.name, down)


def page_headers(exchange: Exchange, query: ListQuery, total: int) -> tuple[tuple[str, str], ...]:
    """Return the total, and the seed's four headers in its dialect (C8)."""
    headers = [("Total-Count", str(total))]
    profile = profile_of(exchange.caller)
    if profile.seed_page_headers:
        size = query.size or max(total, 1)
        headers += [
            ("X-Total-Count", str(total)),
            ("X-Page", str(query.number)),
            ("X-Page-Size", str(size)),
            ("X-Total-Pages", str(-(-total // size) or profile.pages_of_nothing)),
        ]
    return tuple(headers)
