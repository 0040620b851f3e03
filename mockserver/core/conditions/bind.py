"""Tree to bound tree: names become columns, literals become values of the columns' types."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial

from mockserver.core.conditions.dialect import Dialect
from mockserver.core.conditions.literals import EXPECTED, KINDS, converted, mismatch, storable
from mockserver.core.conditions.names import Children, Records, Rows, Scope, Spot
from mockserver.core.conditions.nodes import (
    And,
    Any,
    Compare,
    Condition,
    Contains,
    EndsWith,
    In,
    Joint,
    Leaf,
    Like,
    Literal,
    Member,
    Not,
    Or,
    Path,
    Scalar,
    Spelling,
    StartsWith,
    climbed,
    rejoined,
)
from mockserver.core.conditions.parser import Parser
from mockserver.core.conditions.patterns import Pattern, affix, glob, pattern
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.core.schema import Column, Kind, Resource
from mockserver.core.text import as_compared

# SQLite's limit for the pattern of a LIKE or GLOB.
PATTERN_MAX_BYTES = 50_000
CACHED_CHARS = 2_000
STAR = "*"
Textual = Contains | Like | StartsWith | EndsWith


def bind(tree: Condition, resource: Resource, dialect: Dialect) -> Condition:
    """Return *tree* fitted to *resource*, for ``conditions``.

    Raises:
        BadCondition: UNKNOWN_NAME, TYPE_MISMATCH, BAD_ENUM, or TOO_COMPLEX for a giant pattern.
    """
    return bound(tree, Records(resource, dialect))


def bound(tree: Condition, scope: Scope) -> Condition:
    """Return *tree* fitted to the names of *scope*."""
    joint = gathered if scope.one_element else rejoined
    return climbed(tree, partial(_leaf, scope=scope), joint)


def parse_and_bind(text: str, resource: Resource, dialect: Dialect) -> Condition:
    """Return the bound tree of ``conditions``; short texts are remembered.

    A name that does not exist is refused before bad syntax behind it (psa facts 3.6), where the
    dialect says so.
    """
    return _read(text, Records(resource, dialect))


def parse_and_bind_children(text: str, resource: Resource, dialect: Dialect) -> Condition:
    """Return the bound tree of ``childConditions``: each path begins with an array's name.

    What is joined about one array is said of one and the same child (psa facts 3.5, U9).
    """
    return _read(text, Children(resource, dialect))


def parse_and_bind_rows(
    text: str, list_name: str, resource: Resource, dialect: Dialect
) -> Condition:
    """Return the bound tree of ``customFieldConditions``: paths are members of one array's rows.

    What is joined is said of one and the same row (psa facts 3.5).
    """
    return _read(text, Rows(list_name, resource, dialect))


def _read(text: str, scope: Scope) -> Condition:
    return (_remembered if len(text) <= CACHED_CHARS else _fresh)(text, scope)


def _fresh(text: str, scope: Scope) -> Condition:
    parser = Parser(text, scope.dialect)
    try:
        return bound(_parsed(parser, scope), scope)
    except BadCondition as refusal:
        refusal.text = text
        raise


_remembered = lru_cache(maxsize=512)(_fresh)


def _parsed(parser: Parser, scope: Scope) -> Condition:
    try:
        return parser.parsed()
    except BadCondition as refusal:
        if refusal.flaw is ConditionFlaw.SYNTAX and scope.dialect.names_first:
            for path in parser.paths:
                scope.find(path)
        raise


def gathered(node: Joint, terms: Sequence[Condition]) -> Condition:
    """Return a joint over *terms* in which all that concerns one array is said of one element."""
    if isinstance(node, Not):
        (term,) = terms
        return replace(term, tree=Not(term.tree)) if isinstance(term, Any) else Not(term)
    groups: dict[str, list[Any]] = {}
    places: list[Condition | str] = []
    for term in terms:
        if isinstance(term, Any):
            places += [] if term.array in groups else [term.array]
            groups.setdefault(term.array, []).append(term)
        else:
            places.append(term)
    joined = [_one_element(type(node), groups[p]) if isinstance(p, str) else p for p in places]
    return joined[0] if len(joined) == 1 else type(node)(tuple(joined))


def _one_element(joint: type[And | Or], terms: list[Any]) -> Any:
    if len(terms) == 1:
        return terms[0]
    return replace(terms[0], tree=joint(tuple(term.tree for term in terms)))


def _leaf(leaf: Leaf, scope: Scope) -> Condition:
    assert not isinstance(leaf, Any), "the tree is bound already"
    assert isinstance(leaf.target, Path), "the tree is bound already"
    spot = scope.find(leaf.target)
    if not scope.dialect.texts_in_any_case:
        spot = replace(spot, target=replace(spot.target, folded=False))
    test = _test(leaf, spot, scope.dialect)
    if not spot.array:
        return test
    if spot.beside is None:
        return Any(spot.array, test, spot.view)
    # Wrapped, so that it is not joined with others: another caption is another row.
    return And((Any(spot.array, And((spot.beside, test)), spot.view),))


def _test(leaf: Leaf, spot: Spot, dialect: Dialect) -> Condition:
    match leaf:
        case Compare(_, operator, Literal() as literal):
            return _compare(spot, operator, literal, dialect)
        case Contains(_, Literal() as literal) if spot.array and spot.target == _element(spot):
            return _compare(spot, "=", literal, dialect)
        case In(_, values):
            return _in(spot, [value for value in values if isinstance(value, Literal)], dialect)
        case Contains() | Like() | StartsWith() | EndsWith():
            return _textual(leaf, spot, dialect)
        case _:
            raise AssertionError("the tree is bound already")


def _element(spot: Spot) -> Member:
    return Member((), spot.target.kind, spot.target.enum, spot.target.folded)


def _compare(spot: Spot, operator: str, literal: Literal, dialect: Dialect) -> Condition:
    if dialect.wild_equality and _is_wild(operator, literal):
        like = _textual(Like(spot.target, literal), spot, _stars(dialect))
        return like if operator == "=" else Not(like)
    target = _fitted(spot.target, literal)
    if literal.spelling is Spelling.NULL and operator in {"=", "!="}:
        return Compare(target, operator, None)
    if spot.reference:
        raise mismatch(literal, "null")
    test = Compare(target, operator, _value(literal, target, dialect))
    if operator == "!=" and dialect.null_unequal:
        return Or((test, Compare(target, "=", None)))
    return test


def _is_wild(operator: str, literal: Literal) -> bool:
    is_text = literal.spelling is Spelling.TEXT
    return is_text and operator in {"=", "!="} and STAR in literal.text


@lru_cache(maxsize=64)
def _stars(dialect: Dialect) -> Dialect:
    """Return the dialect in which only a star is a wildcard."""
    return replace(dialect, like_runs=STAR, like_ones="", like_classes=False, like_escape="")


def _in(spot: Spot, literals: Sequence[Literal], dialect: Dialect) -> In:
    if spot.reference:
        raise mismatch(literals[0], "null")
    target = _fitted(spot.target, literals[0])
    null = Spelling.NULL
    return In(
        target,
        tuple(None if x.spelling is null else _value(x, target, dialect) for x in literals),
    )


def _fitted(target: Column | Member, literal: Literal) -> Column | Member:
    """Return *target*, compared as what *literal* is when it has no kind of its own."""
    if isinstance(target, Member) and target.kind is Kind.ANY:
        return replace(target, kind=KINDS[literal.spelling])
    return target


def _value(literal: Literal, target: Column | Member, dialect: Dialect) -> Scalar:
    value = converted(literal, target.kind, dialect)
    allowed = {as_compared(each, folded=target.folded) for each in target.enum}
    if allowed and dialect.checked_enums and value not in allowed:
        raise _bad_enum(literal, target.enum)
    return value


def _bad_enum(literal: Literal, allowed: tuple[str, ...] = ()) -> BadCondition:
    return BadCondition(
        ConditionFlaw.BAD_ENUM, "not in the enumeration", offset=literal.offset, allowed=allowed
    )


def _textual(leaf: Textual, spot: Spot, dialect: Dialect) -> Contains | Like:
    literal = leaf.value
    assert isinstance(literal, Literal), "the tree is bound already"
    target = _fitted(spot.target, literal)
    _check_textual(literal, replace(spot, target=target), dialect)
    text = storable(literal.text)
    sought = text.casefold() if dialect.texts_in_any_case else text
    if isinstance(leaf, Contains) or _is_bare(leaf, text, dialect):
        return Contains(target, sought)
    if isinstance(leaf, Like):
        wanted = pattern(text, dialect)
    else:
        wanted = affix(sought, at_start=isinstance(leaf, StartsWith))
    return Like(target, _affordable(wanted, literal))


def _is_bare(leaf: Textual, text: str, dialect: Dialect) -> bool:
    """Tell whether a text after ``like`` has no wildcards and is looked for anywhere."""
    wild = {*dialect.like_runs, *dialect.like_ones, *"[" * dialect.like_classes}
    return isinstance(leaf, Like) and dialect.bare_like_contains and wild.isdisjoint(text)


def _check_textual(literal: Literal, spot: Spot, dialect: Dialect) -> None:
    if spot.reference:
        raise mismatch(literal, "null")
    numbers = {Spelling.NUMBER} if dialect.numbers_as_text else set()
    if literal.spelling not in {Spelling.TEXT, *numbers}:
        raise mismatch(literal, "string")
    if spot.target.kind not in {Kind.TEXT, Kind.ANY}:
        raise mismatch(literal, EXPECTED[spot.target.kind])
    if spot.target.enum and dialect.checked_enums:
        raise _bad_enum(literal)


def _affordable(wanted: Pattern, literal: Literal) -> Pattern:
    if len(glob(wanted).encode()) > PATTERN_MAX_BYTES:
        raise BadCondition(
            ConditionFlaw.TOO_COMPLEX, "the pattern is too long", offset=literal.offset
        )
    return wanted
