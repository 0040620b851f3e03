"""A record as a table row: one typed column per filterable path, the rendered views last."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from mockserver.core.schema import Column, Kind, Resource
from mockserver.core.text import fold

#: What no change of a record changes.
STAYING = frozenset({"id", "parent_id"})


def row_of(
    resource: Resource, record: Mapping[str, Any], views: Mapping[str, bytes], parent_id: int | None
) -> dict[str, Any]:
    """Return the complete row of a record, every column named."""
    blank, tree = _plan(resource)
    row: dict[str, Any] = dict(blank)
    _fill(row, tree, record)
    row["id"] = record[resource.key]
    if resource.parent_path:
        row["parent_id"] = parent_id
    row.update(views)
    return row


def ordered(resource: Resource, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its members in the order of the model, unknown ones last."""
    known = {each.name: record[each.name] for each in resource.fields if each.name in record}
    return {**known, **{name: value for name, value in record.items() if name not in known}}


def columns_of(resource: Resource, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return all columns of a record that a change may change."""
    row = row_of(resource, record, {}, None)
    return {name: value for name, value in row.items() if name not in STAYING}


def changed_columns(
    resource: Resource, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the columns in which a record differs from what it was, as it has them now."""
    tree = _plan(resource)[1]
    plans = {name: plan for name, plan in tree.items() if before.get(name) != after.get(name)}
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    _fill(old, plans, before)
    _fill(new, plans, after)
    gone = dict.fromkeys(name for name in old if name not in new)
    changed = gone | {name: value for name, value in new.items() if old.get(name) != value}
    return {name: value for name, value in changed.items() if name not in STAYING}


def _fill(row: dict[str, Any], tree: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    # Walks what the record has rather than what it could have: most members are absent.
    for name, value in record.items():
        plan = tree.get(name)
        if plan is None or value is None:
            continue
        if isinstance(plan, dict):
            if isinstance(value, dict):
                _fill(row, plan, value)
        else:
            row[plan[0]] = plan[1](value)


@lru_cache(maxsize=4096)
def _plan(resource: Resource) -> tuple[dict[str, None], dict[str, Any]]:
    tree: dict[str, Any] = {}
    for column in resource.columns:
        place = tree
        for step in column.steps[:-1]:
            place = place.setdefault(step, {})
        place[column.steps[-1]] = (column.name, _converter(column))
    return dict.fromkeys(column.name for column in resource.columns), tree


def _converter(column: Column) -> Callable[[Any], Any]:
    if column.kind is Kind.TEXT:
        return _text
    if column.kind is Kind.ANY:
        return str
    return _same


def _text(value: Any) -> str:
    return fold(value if isinstance(value, str) else str(value))


def _same(value: Any) -> Any:
    return value
