"""childConditions on collections that no record shows, as seed 002 prints them (psa facts S7)."""

from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, select

from mockserver.core.conditions import Condition, Path, bind, clause, parse, parse_and_bind_children
from mockserver.core.conditions.names import unknown
from mockserver.core.conditions.nodes import Any as Exists
from mockserver.core.conditions.nodes import Leaf, climbed, rejoined
from mockserver.core.errors import BadCondition
from mockserver.core.schema import Resource
from mockserver.psa.profile import PsaProfile
from mockserver.web.exchange import Exchange


def children_clause(
    exchange: Exchange, profile: PsaProfile, resource: Resource, text: str
) -> ColumnElement[bool]:
    """Return the clause of a childConditions text.

    Where the profile allows it, a first step that names a child collection (``notes/text``) is
    looked up there: the record is kept when one child fulfils the whole condition.
    """
    store = exchange.records.store
    try:
        tree = parse_and_bind_children(text, resource, profile.child_conditions)
        return clause(tree, store.table(resource))
    except BadCondition as refusal:
        step, below, _ = refusal.name.partition("/")
        child = _child(exchange, resource, step) if profile.condition_children and below else None
        if child is None:
            raise
    parsed = parse(text, profile.child_conditions)
    tree = bind(climbed(parsed, partial(_below, step), rejoined), child, profile.child_conditions)
    children: Any = store.table(child)
    table: Any = store.table(resource)
    found: ColumnElement[bool] = table.c.id.in_(
        select(children.c.parent_id).where(clause(tree, children))
    )
    return found


def _below(step: str, leaf: Leaf) -> Condition:
    """Return a leaf as it reads inside the collection *step*."""
    assert not isinstance(leaf, Exists)
    assert isinstance(leaf.target, Path)
    first, *names = leaf.target.names
    if first.casefold() != step.casefold() or not names:
        raise unknown(leaf.target)
    return replace(leaf, target=replace(leaf.target, names=tuple(names)))


def _child(exchange: Exchange, resource: Resource, step: str) -> Resource | None:
    children = exchange.records.shape.children(resource.path)
    wanted = step.casefold()
    return next((c for c in children if c.path.rpartition("/")[2].casefold() == wanted), None)
