"""Conditions that seed 002 prints although the observed system refuses them (psa facts S6, S7)."""

import re

from sqlalchemy import ColumnElement, select

from mockserver.core.conditions import clause, parse_and_bind, parse_and_bind_children
from mockserver.core.errors import BadCondition
from mockserver.core.schema import Resource
from mockserver.psa.profile import PsaProfile
from mockserver.web.exchange import Exchange

NUMBERED_FIELD = re.compile(r"\s*customField(\d{1,9})\s+(?=\S)", re.IGNORECASE | re.ASCII)


def custom_field_text(text: str) -> str:
    """Return a condition on ``customField<N>`` as one on the row with that id."""
    found = NUMBERED_FIELD.match(text)
    return f"id = {found.group(1)} and value {text[found.end() :]}" if found else text


def children_clause(
    exchange: Exchange, profile: PsaProfile, resource: Resource, text: str
) -> ColumnElement[bool]:
    """Return the clause of a childConditions text.

    Where the profile allows it, a first step that names a child collection (``notes/text``) is
    looked up there: the record is kept when one child fulfils the whole condition.
    """
    table = exchange.records.store.table(resource)
    try:
        return clause(parse_and_bind_children(text, resource, profile.conditions), table)
    except BadCondition as refusal:
        step = refusal.name.partition("/")[0]
        child = _child(exchange, resource, step) if profile.condition_children else None
        if child is None:
            raise
    inner = re.sub(rf"(?<![\w/]){re.escape(step)}/", "", text, flags=re.IGNORECASE)
    children = exchange.records.store.table(child)
    where = clause(parse_and_bind(inner, child, profile.conditions), children)
    found: ColumnElement[bool] = table.c.id.in_(select(children.c.parent_id).where(where))
    return found


def _child(exchange: Exchange, resource: Resource, step: str) -> Resource | None:
    children = exchange.records.shape.children(resource.path)
    return next((c for c in children if c.path.rpartition("/")[2] == step.casefold()), None)
