"""Names that conditions know although no record shows them (psa facts 3.4, "hidden filters")."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from mockserver.core.conditions import Compare, Condition, clause
from mockserver.core.conditions.logic import program
from mockserver.core.conditions.nodes import Leaf
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.core.schema import Column, Kind, Resource
from mockserver.core.text import fold

PRODUCTS = "procurement/products"
#: What a product can be charged to, and the column that names it; the first one that it has counts.
CHARGEABLE: Mapping[str, str] = {
    "Ticket": "ticket_id",
    "Project": "project_id",
    "SalesOrder": "salesorder_id",
    "Opportunity": "opportunity_id",
}
CHARGED_TYPE = Column("chargeToType", "chargetotype", Kind.TEXT, (), tuple(CHARGEABLE))
CHARGED_ID = Column("chargeToId", "chargetoid", Kind.INTEGER, ())
#: In the singular, unlike the collection below the ticket.
CONFIGURATION = Column("configuration/id", "configuration_id", Kind.INTEGER, ())
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    PRODUCTS: (CHARGED_TYPE, CHARGED_ID),
    "service/tickets": (CONFIGURATION,),
    "project/tickets": (CONFIGURATION,),
}


@dataclass(frozen=True)
class Seen:
    """Columns that are no table's, for a clause.

    Attributes:
        c: By name.
    """

    c: Mapping[str, ColumnElement[Any]]


def named(resource: Resource, text: str) -> bool:
    """Tell whether a condition on *resource* may name what no record shows."""
    return any(fold(each.path) in fold(text) for each in COLUMNS.get(resource.path, ()))


def below(resource: Resource, text: str) -> Iterable[str]:
    """Return the paths of the collections whose tables a condition on *resource* looks into."""
    looks = CONFIGURATION in COLUMNS.get(resource.path, ()) and named(resource, text)
    return (f"{resource.path}/configurations",) if looks else ()


def refuse_several(tree: Condition) -> None:
    """Refuse a condition that asks for several configurations of a ticket (psa facts 3.4)."""
    asked = [leaf for leaf in program(tree)[1] if getattr(leaf, "target", None) == CONFIGURATION]
    if len(asked) > 1:
        message = "configuration/id may be named once in a condition"
        raise BadCondition(ConditionFlaw.NOT_ALLOWED, message, name=CONFIGURATION.path)


def hidden_clause(tree: Condition, resource: Resource, table: Any) -> ColumnElement[bool]:
    """Return the clause of a bound condition, whatever of *resource* it names.

    The tables that ``below`` names must be there.
    """
    if resource.path not in COLUMNS:
        return clause(tree, table)
    return clause(tree, table, partial(_leaf, table=table))


def _leaf(leaf: Leaf, table: Any) -> ColumnElement[bool]:
    target = getattr(leaf, "target", None)
    if target == CONFIGURATION:
        return _attached(leaf, table)
    seen: Any = _charged(table) if target in {CHARGED_TYPE, CHARGED_ID} else table
    return clause(leaf, seen)


def _charged(products: Any) -> Seen:
    columns = {word: products.c[name] for word, name in CHARGEABLE.items()}
    told = [(column.is_not(None), fold(word)) for word, column in columns.items()]
    return Seen(
        {
            CHARGED_TYPE.name: case(*told, else_=None),
            CHARGED_ID.name: func.coalesce(*columns.values()),
        }
    )


def _attached(leaf: Leaf, tickets: Any) -> ColumnElement[bool]:
    """Return the test of tickets with some configuration for which *leaf* holds; null: with none.

    A row's own id is the configuration's unless that is attached to several tickets.
    """
    rows = tickets.metadata.tables[f"{tickets.name}_configurations"]
    owners = select(rows.c.parent_id).where(rows.c.parent_id.is_not(None))
    if isinstance(leaf, Compare) and leaf.value is None:
        found: ColumnElement[bool] = tickets.c.id.in_(owners)
        return ~found if leaf.operator == "=" else found
    seen: Any = Seen({CONFIGURATION.name: func.coalesce(rows.c.configurationid, rows.c.id)})
    test: ColumnElement[bool] = tickets.c.id.in_(owners.where(clause(leaf, seen)))
    return test
