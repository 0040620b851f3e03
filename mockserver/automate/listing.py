"""List parameters and pages as Automate has them (automate facts 3; seed 000, "Pagination")."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement

from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.automate.shape import AutomateShape
from mockserver.core.conditions import Dialect, clause, parse_and_bind
from mockserver.core.errors import BadCondition, ConditionFlaw, InvalidParameter
from mockserver.core.schema import Resource
from mockserver.core.store import Page
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Exchange


def list_query(exchange: Exchange, resource: Resource, parent_id: int | None) -> ListQuery:
    """Return what the parameters ask for.

    Raises:
        BadCondition: The condition or the order names what is not there.
        DuplicateParameter: A parameter came twice and the dialect minds (automate facts 51).
    """
    profile = profile_of(exchange.caller)
    if not profile.repeated_parameters:
        exchange.refuse_repeated_parameters()
    given = exchange.parameters
    table = exchange.records.store.table(resource)
    named = _named(exchange, profile, resource)
    where = [] if parent_id is None else [table.c.parent_id == parent_id]
    if condition := given.get("condition", "").strip():
        where.append(_clause(condition, named, profile.conditions, table))
    if wanted := _ids(given):
        where.append(table.c.id.in_(wanted))
    size = _size(profile, given)
    number = min(max(_number(given, "page", 1), 1), 1 << 40)
    offset = 0 if size is None else (number - 1) * size
    view = "documented" if profile.seed_shapes else "observed"
    page = Page(view, where, _order(named, given.get("orderby", "")), size, offset)
    key = "\0".join([condition, given.get("ids", ""), str(parent_id), profile.name])
    return ListQuery(page, key, number, size, fields(given))


@lru_cache(maxsize=512)
def _clause(text: str, resource: Resource, dialect: Dialect, table: Any) -> ColumnElement[bool]:
    return clause(parse_and_bind(text, resource, dialect), table)


def _named(exchange: Exchange, profile: AutomateProfile, resource: Resource) -> Resource:
    shape = exchange.records.shape
    assert isinstance(shape, AutomateShape)
    return shape.named(resource) if profile.seed_shapes else resource


def _ids(given: Mapping[str, str]) -> list[int]:
    texts = [text.strip() for text in given.get("ids", "").split(",")]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]  # noqa: PLR2004


def _size(profile: AutomateProfile, given: Mapping[str, str]) -> int | None:
    size = _number(given, "pagesize", profile.page_size)
    if size == -1 and profile.all_rows:
        return None
    if size < 1:
        raise InvalidParameter("pageSize", str(size), "The pageSize must be at least 1.")
    # What the seed does above its maximum is unstated: clamp (C9).
    return min(size, profile.page_size_max or 1_000_000)


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 18:  # noqa: PLR2004
        raise InvalidParameter(name, text, f"The value '{text[:40]}' is not valid for {name}.")
    return int(text)


def _order(resource: Resource, text: str) -> tuple[tuple[str, bool], ...]:
    keys = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        path, _, direction = part.partition(" ")
        column = resource.by_path.get(path.replace(".", "/").casefold())
        if column is None or direction.strip().casefold() not in {"", "asc", "desc"}:
            raise BadCondition(
                ConditionFlaw.UNKNOWN_NAME,
                "unknown field",
                name=path,
                text=text,
                parameter="orderBy",
            )
        keys.append((column.name, direction.strip().casefold() == "desc"))
    return tuple(keys)


def fields(given: Mapping[str, str]) -> Any:
    """Return the chosen and the excluded names, casefolded; None for whole records."""
    chosen, left_out = (_names(given.get(n, "")) for n in ("includefields", "excludefields"))
    return (chosen, left_out) if chosen or left_out else None


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip().casefold() for name in text.split(",") if name.strip())


def projected(record: dict[str, Any], chosen: Any) -> dict[str, Any]:
    """Return *record* cut to the chosen members, without the excluded ones."""
    wanted, left_out = chosen
    return {
        name: value
        for name, value in record.items()
        if (not wanted or name.casefold() in wanted) and name.casefold() not in left_out
    }


def page_headers(exchange: Exchange, query: ListQuery, total: int) -> tuple[tuple[str, str], ...]:
    """Return the total, and the seed's four headers in its dialect (C8)."""
    headers = [("Total-Count", str(total))]
    if profile_of(exchange.caller).seed_page_headers:
        size = query.size or max(total, 1)
        headers += [
            ("X-Total-Count", str(total)),
            ("X-Page", str(query.number)),
            ("X-Page-Size", str(size)),
            ("X-Total-Pages", str(max(1, -(-total // size)))),
        ]
    return tuple(headers)
