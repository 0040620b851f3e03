"""List parameters, pages and projections as PSA has them (psa facts 3 and 4)."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, false, or_

from mockserver.core.conditions import (
    clause,
    parse_and_bind,
    parse_and_bind_rows,
)
from mockserver.core.errors import BadCondition, ConditionFlaw, InvalidParameter, blaming
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.statements import Page
from mockserver.core.text import fold
from mockserver.psa import hidden_filters, security
from mockserver.psa.profile import PsaProfile
from mockserver.psa.seed_conditions import children_clause
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Exchange
from mockserver.web.explain import Filter, Reading
from mockserver.web.naming import Naming

#: Seed 003, "Forward-Only": it does not work there.
PAGED_ONLY = frozenset({"system/audittrail"})
FIELDS_MAX = 1_000
ROWS = "customFields"


def list_query(
    exchange: Exchange,
    resource: Resource,
    parent_id: int | None,
    parameters: Mapping[str, str] | None = None,
) -> ListQuery:
    """Return what the parameters ask for; *parameters* by casefolded name.

    Raises:
        BadCondition: A condition or an order names what is not there.
        InvalidParameter: A page number or size is out of bounds.
    """
    profile = exchange.profile
    assert isinstance(profile, PsaProfile)
    given = exchange.parameters if parameters is None else parameters
    asked = exchange.request.headers.get("pagination-type", "").casefold()
    forward = asked == "forward-only" and resource.path not in PAGED_ONLY
    where = [each.clause for each in _filters(exchange, profile, resource, given)]
    table = exchange.records.store.table(resource)
    if parent_id is not None:
        where.append(table.c.parent_id == parent_id)
    within = _owned(exchange, table) if exchange.mine else ()
    page_id = _number(given, "pageid")
    size = _size(profile, given)
    number = 1 if forward else _page(profile, given)
    downwards = profile.newest_first and page_id is None and not forward
    wanted = given.get("orderby", "").strip() or "id desc" * downwards
    order = _forward_order(profile, wanted) if forward else _order(profile, resource, wanted)
    own = exchange.caller.login if exchange.mine else None
    key = (profile, own, parent_id, page_id, *(given.get(name) for name in CONDITION_NAMES))
    page = Page(resource.views[0], [*where, *within], order, size, (number - 1) * size, key)
    page = page.unfolded(_exact(profile, resource, order))
    reading = partial(_reading, exchange, resource, parent_id, given)
    chosen = fields(given, resource, profile)
    return ListQuery(page, number, size, chosen, forward, reading, within)


def _exact(
    profile: PsaProfile, resource: Resource, order: tuple[tuple[str, bool], ...]
) -> dict[str, tuple[str, ...]]:
    """Return where the texts are, as they were written, by which a list is ordered (U20)."""
    if not profile.ordered_by_case:
        return {}
    texts = {c.name: c.steps for c in resource.columns if c.kind is Kind.TEXT}
    return {name: tuple(texts[name]) for name, _ in order if name in texts}


def fields(given: Mapping[str, str], resource: Resource | None, profile: PsaProfile) -> Any:
    """Return the projection as a tree of casefolded names; None for everything.

    Raises:
        InvalidParameter: The profile refuses names of what records have not (psa facts 10.1).
    """
    tree = _tree(given)
    if profile.unknown_fields_refused and resource is not None:
        for name in tree or ():
            if name not in resource.members and name != "_info":
                raise InvalidParameter("fields", name, f"{name} is not a recognized name.")
    return tree


CONDITION_NAMES = ("conditions", "childconditions", "customfieldconditions")


def _owned(exchange: Exchange, table: Any) -> tuple[ColumnElement[bool]]:
    login = fold(exchange.caller.login)
    return (or_(false(), *(c == login for c in security.owner_columns(table))),)


def _reading(
    exchange: Exchange, resource: Resource, parent_id: int | None, given: Mapping[str, str]
) -> Reading:
    """Return what the parameters filter a list by."""
    profile = exchange.profile
    assert isinstance(profile, PsaProfile)
    text = given.get("conditions", "").strip()
    named = _named(resource, profile)
    filters = _filters(exchange, profile, resource, given)
    if text and not hidden_filters.named(resource, text):
        # Explained part by part; what is no column is not.
        return Reading(text, named, profile.conditions, parent_id, tuple(filters[1:]))
    return Reading("", named, profile.conditions, parent_id, tuple(filters))


def naming(exchange: Exchange, resource: Resource) -> Naming:
    """Return how the caller may name the fields of *resource*."""
    profile = exchange.profile
    assert isinstance(profile, PsaProfile)
    named = _named(resource, profile)
    columns = [each.path for each in (*named.columns, *named.labelled)]
    references = [each.name for each in named.fields if each.kind is Kind.REFERENCE]
    orders = [*columns, *references, *named.aliases]
    hidden = [each.path for each in hidden_filters.COLUMNS.get(resource.path, ())]
    children = [f"{n}/{m.name}" for n, f in _inner(named) for m in f.fields]
    rows = [member.name for name, f in _inner(named) if name == ROWS for member in f.fields]
    elsewhere = {name.casefold(): "childConditions" for name, _ in _inner(named)}
    if ROWS.casefold() in elsewhere:
        elsewhere[ROWS.casefold()] = "customFieldConditions"
    paths = {
        "conditions": [*orders, *hidden],
        "orderBy": orders,
        "childConditions": children,
        "customFieldConditions": rows,
    }
    return Naming(paths, [each.name for each in named.fields], profile.conditions, elsewhere)


def _inner(resource: Resource) -> list[tuple[str, Field]]:
    return [(each.name, each) for each in resource.lists.values() if not each.write_only]


def _filters(
    exchange: Exchange, profile: PsaProfile, resource: Resource, given: Mapping[str, str]
) -> list[Filter]:
    """Return what the parameters ask of rows, ``conditions`` first."""
    named = _named(resource, profile)
    table = exchange.records.store.table(resource)
    found: list[Filter] = []
    if text := given.get("conditions", "").strip():
        for path in hidden_filters.below(resource, text):
            exchange.records.store.table(exchange.records.registry.resource(path))
        found.append(Filter(f"conditions {text}", _clause(text, named, profile, table)))
    if text := given.get("childconditions", "").strip():
        with blaming("childConditions"):
            where = children_clause(exchange, profile, named, text)
        found.append(Filter(f"childConditions {text}", where))
    if text := given.get("customfieldconditions", "").strip():
        with blaming("customFieldConditions"):
            tree = parse_and_bind_rows(text, ROWS, named, profile.child_conditions)
        found.append(Filter(f"customFieldConditions {text}", clause(tree, table)))
    if (page_id := _number(given, "pageid")) is not None:
        found.append(Filter(f"pageId {page_id}", table.c.id > page_id))
    return found


@lru_cache(maxsize=512)
def _clause(text: str, resource: Resource, profile: PsaProfile, table: Any) -> ColumnElement[bool]:
    hidden = hidden_filters.COLUMNS.get(resource.path, ())
    named = replace(resource, virtual=(*resource.virtual, *hidden)) if hidden else resource
    tree = parse_and_bind(text, named, profile.conditions)
    if hidden and not profile.configuration_alternatives:
        hidden_filters.refuse_several(tree)
    return hidden_filters.hidden_clause(tree, resource, table)


@lru_cache(maxsize=4096)
def _named(resource: Resource, profile: PsaProfile) -> Resource:
    """Return the resource with the names that only this profile knows."""
    aliases = profile.aliases.get(resource.path)
    return replace(resource, aliases={**resource.aliases, **aliases}) if aliases else resource


def _size(profile: PsaProfile, given: Mapping[str, str]) -> int:
    size = _number(given, "pagesize")
    if size is None:
        return min(profile.page_size, profile.page_size_max)
    most = profile.page_size_max
    if 1 <= size <= most:
        return size
    if size > most and profile.page_size_capped:
        return most
    message = f"The field pageSize must be between 1 and {most}."
    raise InvalidParameter("pageSize", str(size), message, (1, most))


def _page(profile: PsaProfile, given: Mapping[str, str]) -> int:
    number = _number(given, "page")
    if number is None:
        return 1
    if number < 1 and not profile.page_clamped:
        raise InvalidParameter("page", str(number), "The field page must be at least 1.")
    # Beyond this no page can exist, and the offset must stay a 64-bit number.
    return min(max(number, 1), 1 << 40)


def _number(given: Mapping[str, str], name: str) -> int | None:
    """Return a whole number, or None: what is no number binds to nothing (psa facts 4.2)."""
    text = given.get(name, "").strip()
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 18:  # noqa: PLR2004
        return None
    return int(text)


def _forward_order(profile: PsaProfile, wanted: str) -> tuple[()]:
    if wanted and profile.forward_order_refused:
        message = "orderBy cannot be used with forward-only pagination."
        raise InvalidParameter("orderBy", wanted, message)
    return ()


def _order(profile: PsaProfile, resource: Resource, text: str) -> tuple[tuple[str, bool], ...]:
    keys = []
    named = _named(resource, profile)
    for part in filter(None, (each.strip() for each in text.split(","))):
        path, _, direction = part.partition(" ")
        column = named.by_path.get(path.casefold()) or named.by_path.get(f"{path}/id".casefold())
        if column is None or direction.strip().casefold() not in {"", "asc", "desc"}:
            if not profile.unknown_order_refused:
                continue
            name = path if column is None else part
            raise BadCondition(
                ConditionFlaw.UNKNOWN_NAME, "unknown field", name=name, parameter="orderBy"
            )
        keys.append((column.name, direction.strip().casefold() == "desc"))
    return tuple(keys)


def _tree(given: Mapping[str, str]) -> Any:
    text = given.get("fields", "").strip()
    if not text or "*" in text.split(","):
        return None
    tree: dict[str, Any] = {}
    for path in text.split(",")[:FIELDS_MAX]:
        place = tree
        for step in path.strip().casefold().split("/")[:8]:
            place = place.setdefault(step, {})
    return tree


def projected(record: Any, tree: Mapping[str, Any]) -> Any:
    """Return *record* cut to the members of *tree*; unknown names are ignored (psa facts 3.8)."""
    if isinstance(record, list):
        return [projected(row, tree) for row in record]
    if not isinstance(record, dict) or not tree:
        return record
    kept = ((name, value, tree.get(name.casefold())) for name, value in record.items())
    return {n: projected(v, below) for n, v, below in kept if below is not None}
