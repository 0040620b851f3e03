"""Why a condition or an order was refused, and how to write it instead."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockserver.core.conditions import Dialect
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.web.hints.words import closest, cut, listed
from mockserver.web.naming import Naming

_WORD = re.compile(r"[\w./-]+")
_FOUND: Mapping[str, str] = MappingProxyType(
    {
        "string": "a text in quotes",
        "numeric": "a number",
        "boolean": "true or false",
        "datetime": "an instant",
        "instant": "an instant",
    }
)


def bad_condition(naming: Naming | None, refusal: BadCondition) -> str:
    """Return what is wrong with a condition and what would have been right.

    Args:
        naming: How the caller may name fields; None where nobody knows.
        refusal: What the vendor would say, with its facts.
    """
    told = _TOLD.get(refusal.flaw)
    where = f"At character {refusal.offset} of {refusal.parameter}: "
    if told is None or naming is None:
        return f"{where}{refusal.message.rstrip('.')}."
    return where + told(naming, refusal)


def _unknown(naming: Naming, refusal: BadCondition) -> str:
    name, parameter = refusal.name, refusal.parameter
    path, _, direction = name.partition(" ")
    paths = naming.paths.get(parameter, ())
    if direction and path.casefold() in {each.casefold() for each in paths}:
        return f"{direction.strip()!r} is no direction: write asc or desc."
    elsewhere = naming.elsewhere.get(re.split(r"[./]", name)[0].casefold())
    if elsewhere and elsewhere != parameter:
        return f"{cut(name)} can only be asked for in {elsewhere}."
    return f"there is no field {cut(name)!r}.{closest(name, paths)}"


def _mismatch(naming: Naming, refusal: BadCondition) -> str:
    needed = _needed(naming.dialect).get(refusal.expected, refusal.expected)
    return f"{needed} belongs here, not {_FOUND.get(refusal.found, refusal.found)}."


def _needed(dialect: Dialect) -> Mapping[str, str]:
    return {
        "string": f"a text in quotes ({dialect.quote}New{dialect.quote})",
        "numeric": "a number without quotes (5)",
        "boolean": "true or false without quotes",
        "datetime": _instants(dialect),
        "null": "null, or the id of the reference (company/id) in place of it,",
    }


def _instants(dialect: Dialect) -> str:
    if dialect.bracketed_instants:
        return "an instant in square brackets ([2026-01-31T09:00:00Z])"
    return "an instant without quotes (2026-01-31T09:00:00)"


def _bad_enum(naming: Naming, refusal: BadCondition) -> str:
    quote = naming.dialect.quote
    values = (f"{quote}{each}{quote}" for each in refusal.allowed[:12])
    return f"compare by = or !=, with {listed(values)}." if refusal.allowed else refusal.message


def _syntax(naming: Naming, refusal: BadCondition) -> str:
    rule = _RULES.get(refusal.message)
    if rule is None and refusal.message.startswith("unexpected character"):
        rule = _operators
    message = refusal.message.rstrip(".")
    return f"{message}. {rule(naming.dialect, refusal)}" if rule else f"{message}."


def _values(dialect: Dialect, refusal: BadCondition) -> str:
    found = _WORD.match(refusal.text, refusal.offset)
    word = cut(found[0]) if found else "New"
    return (
        f"Write a text in quotes ({dialect.quote}{word}{dialect.quote}), a number, true, false "
        f"or null without, {_instants(dialect)}."
    )


def _operators(dialect: Dialect, _refusal: BadCondition) -> str:
    words = sorted({*dialect.meanings, *dialect.keywords})
    return f"There are: {' '.join(words)}."


def _quotes(dialect: Dialect, _refusal: BadCondition) -> str:
    return f"End it with the quote that it began with; inside it, write {dialect.quote} twice."


_RULES: Mapping[str, Callable[[Dialect, BadCondition], str]] = MappingProxyType(
    {
        "expected a value": _values,
        "expected an operator": _operators,
        "the text is not closed": _quotes,
        "expected (": lambda *_: "After in, values stand in parentheses: id in (1, 2).",
        "expected a comparison": lambda *_: "A field, an operator and a value belong here.",
        "the group is not closed": lambda *_: "A closing parenthesis is missing.",
    }
)
_TOLD: Mapping[ConditionFlaw, Callable[[Naming, BadCondition], str]] = MappingProxyType(
    {
        ConditionFlaw.UNKNOWN_NAME: _unknown,
        ConditionFlaw.TYPE_MISMATCH: _mismatch,
        ConditionFlaw.BAD_ENUM: _bad_enum,
        ConditionFlaw.SYNTAX: _syntax,
    }
)
