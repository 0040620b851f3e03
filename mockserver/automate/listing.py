"""List parameters and pages as Automate has them (automate facts 3; seed 000, "Pagination")."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement

from mockserver.automate.expansion import EXPANSIONS, asked, documents
from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.automate.projecting import opened, shown
from mockserver.automate.retouching import as_shown
from mockserver.automate.shape import AutomateShape
from mockserver.automate.wanted import Wanted, given_to, wanted
from mockserver.core.conditions import Dialect, clause, parse_and_bind, sourced
from mockserver.core.errors import InvalidParameter, blaming
from mockserver.core.parameters import unheeded
from mockserver.core.schema import Kind, Resource
from mockserver.core.statements import Key, Page
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Exchange
from mockserver.web.explain import Filter, Reading
from mockserver.web.naming import Naming


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
    given = given_to(exchange, profile)
    table = exchange.records.store.table(resource)
    named = _named(resource, shape, profile, given)
    where = [] if parent_id is None else [table.c.parent_id == parent_id]
    wish = wanted(given, named, profile)
    inner = asked(resource.path, wish.condition)
    if wish.condition:
        with blaming("condition"):
            where.append(_meant(exchange, wish.condition, (resource, named), profile.conditions))
    if wish.ids is not None:
        where.append(table.c.id.in_(wish.ids))
    chosen = shown(exchange, given, resource, shape, listed=True)
    # What is expanded lies in other collections: such a page is never answered from memory.
    fresh = object() if inner or (chosen and not chosen.lasting) else None
    key = (named, profile.conditions, parent_id, wish.condition, wish.ids, fresh)
    exact = {} if profile.conditions.texts_in_any_case else _exact(named)
    order = _keys(wish, profile)
    page = Page(profile.view, where, order, wish.size, wish.offset, key).unfolded(exact)
    reading = partial(_reading, where, (resource, named), parent_id, profile, given)
    return ListQuery(page, wish.number, wish.size, chosen, reading=reading)


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


@lru_cache(maxsize=64)
def _exact(resource: Resource) -> Mapping[str, Sequence[str]]:
    """Return where the texts are, as they were written, by which a list may be ordered."""
    return {each.name: each.steps for each in resource.by_path.values() if each.kind is Kind.TEXT}


def _keys(wish: Wanted, profile: AutomateProfile) -> tuple[Key, ...]:
    """Return what to order by: the texts that are shown where those stand for numbers."""
    keys = tuple((c.name, down, c.labels) if c.labels else (c.name, down) for c, down in wish.order)
    return keys or ((("id", True),) if profile.newest_first else ())


def page_headers(
    exchange: Exchange, number: int, size: int | None, total: int
) -> tuple[tuple[str, str], ...]:
    """Return the total, and the seed's four headers in its dialect (C8).

    Args:
        exchange: Whose dialect it is.
        number: The page's number, from 1.
        size: Rows on a full page; None for all.
        total: Rows on all pages.
    """
    headers = [("Total-Count", str(total))]
    profile = profile_of(exchange.caller)
    if profile.seed_page_headers:
        size = size or max(total, 1)
        headers += [
            ("X-Total-Count", str(total)),
            ("X-Page", str(number)),
            ("X-Page-Size", str(size)),
            ("X-Total-Pages", str(-(-total // size) or profile.pages_of_nothing)),
        ]
    return tuple(headers)
