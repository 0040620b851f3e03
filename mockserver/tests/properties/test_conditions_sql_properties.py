"""The clause selects exactly the records of which the predicate says true."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.core.conditions import (
    And,
    Any,
    Compare,
    Contains,
    In,
    Like,
    Member,
    Not,
    Or,
)
from mockserver.core.conditions.patterns import OneOf, Wild
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.text import as_compared, fold
from mockserver.tests.conditions_support import Bench

MEMBERS = (
    Field("whole", Kind.INTEGER),
    Field("real", Kind.NUMBER),
    Field("text", Kind.TEXT),
    Field("flag", Kind.FLAG),
    Field("instant", Kind.INSTANT),
)
THING = Resource(
    "things",
    "Thing",
    (
        *MEMBERS,
        Field("loose", Kind.ANY),
        Field("inner", Kind.REFERENCE, fields=MEMBERS),
        Field("rows", Kind.LIST, fields=(*MEMBERS, Field("inner", Kind.OBJECT, fields=MEMBERS))),
        Field("words", Kind.LIST, items=Kind.TEXT),
    ),
)

# No NUL and no lone surrogates: no record has them.
LETTERS = st.sampled_from("aAbBß İ\u0131\u017féE\u0301_%*?[]^-\\'\"$.\U0001f600")
TEXTS = st.text(LETTERS, max_size=5)
WHOLES = st.sampled_from([0, 1, -1, 2, 2**53 + 1, 2**63 - 1, -(2**63)])
# Halves: exact in every decimal reader, SQLite's own included.
REALS = st.sampled_from([0.0, 1.0, -1.5, 2.5, 2.0**53, 1e15])
FLAGS = st.booleans()
INSTANTS = st.sampled_from(["2019-06-30T00:00:00Z", "2024-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
VALUES = {"whole": WHOLES, "real": REALS, "text": TEXTS, "flag": FLAGS, "instant": INSTANTS}
# What a literal may become: also numbers that fit no column.
WANTED = {
    Kind.INTEGER: st.one_of(WHOLES, REALS, st.sampled_from([float("inf"), 2.0**63, -(2.0**64)])),
    Kind.NUMBER: st.one_of(REALS, st.sampled_from([float("-inf"), 1e300])),
    Kind.TEXT: TEXTS.map(fold),
    Kind.FLAG: FLAGS,
    Kind.INSTANT: INSTANTS,
    Kind.ANY: TEXTS.map(fold),
}

# Texts that are compared as they were written.
WRITTEN = TEXTS.map(lambda text: as_compared(text, folded=False))


def partly(values):
    """Some of the members, some of them null."""
    return st.fixed_dictionaries({}, optional={n: st.none() | v for n, v in values.items()})


INNER = partly(VALUES)
# The elements of an array are not trusted to have the declared types.
ODD = {**VALUES, "text": TEXTS | WHOLES | FLAGS, "whole": WHOLES | TEXTS | FLAGS, "inner": INNER}
ROWS = st.one_of(partly({**VALUES, "inner": INNER}), partly(ODD), st.none(), TEXTS, WHOLES)
RECORDS = partly(
    {
        **VALUES,
        "loose": TEXTS | WHOLES | FLAGS,
        "inner": INNER,
        "rows": st.lists(ROWS, max_size=3) | ROWS,
        "words": st.lists(TEXTS | st.none() | WHOLES, max_size=3),
    }
)

PIECES = st.one_of(
    LETTERS.map(str.casefold).filter(lambda letter: len(letter) == 1),
    st.sampled_from(Wild),
    st.builds(
        OneOf,
        st.lists(st.tuples(LETTERS, LETTERS).map(sorted).map(tuple), max_size=3).map(
            lambda pairs: tuple(pair for pair in pairs if "]" not in pair)
        ),
        st.booleans(),
    ),
)
PATTERNS = st.lists(PIECES, max_size=5).map(tuple)


def leaves(target):
    """Every kind of test that binding can make of *target*."""
    wanted = WANTED[target.kind] if target.folded else WRITTEN
    tests = [
        st.builds(
            Compare, st.just(target), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), wanted
        ),
        st.builds(Compare, st.just(target), st.sampled_from(["=", "!="]), st.none()),
        st.builds(
            In,
            st.just(target),
            st.lists(st.none() | wanted, min_size=1, max_size=3).map(tuple),
        ),
    ]
    if target.kind in {Kind.TEXT, Kind.ANY}:
        part = TEXTS.map(str.casefold) if target.folded else TEXTS
        tests.append(st.builds(Contains, st.just(target), part))
        tests.append(st.builds(Like, st.just(target), PATTERNS))
    return st.one_of(tests)


def by_case(targets):
    """The targets with texts, compared as they were written."""
    return [replace(each, folded=False) for each in targets if each.kind in {Kind.TEXT, Kind.ANY}]


def joined(leaf):
    return st.recursive(
        leaf,
        lambda trees: st.one_of(
            st.builds(Not, trees),
            st.builds(And, st.lists(trees, min_size=1, max_size=3).map(tuple)),
            st.builds(Or, st.lists(trees, min_size=1, max_size=3).map(tuple)),
        ),
        max_leaves=6,
    )


ROW_MEMBERS = [
    Member((*above, each.name), each.kind) for above in ((), ("inner",)) for each in MEMBERS
]
ROW_MEMBERS += by_case(ROW_MEMBERS)
ANYS = st.one_of(
    st.builds(Any, st.just("rows"), joined(st.sampled_from(ROW_MEMBERS).flatmap(leaves))),
    st.builds(Any, st.just("words"), joined(leaves(Member((), Kind.TEXT)))),
    st.builds(Any, st.just("words"), joined(leaves(Member((), Kind.TEXT, folded=False)))),
)
COLUMNS = [*THING.columns, *by_case(THING.columns)]
LEAVES = st.one_of(st.sampled_from(COLUMNS).flatmap(leaves), ANYS)
TREES = joined(LEAVES)


def wrapped(tree, depth):
    """Put *tree* under so many joints that change nothing."""
    for _ in range(depth):
        tree = Not(tree)
    return tree


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(RECORDS, min_size=1, max_size=6), st.lists(TREES, min_size=1, max_size=8))
def test_sql_and_predicate_agree(records, trees):
    bench = Bench(THING, records)

    for tree in trees:
        assert bench.by_sql(tree) == bench.by_predicate(tree)
    bench.close()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(RECORDS, min_size=1, max_size=6), TREES)
def test_deep_trees_mean_what_shallow_ones_mean(records, tree):
    bench = Bench(THING, records)
    found = bench.by_sql(tree)
    unknown_or_false = bench.by_sql(Not(tree))

    assert bench.by_sql(wrapped(tree, 8)) == found
    assert bench.by_sql(wrapped(tree, 9)) == unknown_or_false
    assert not set(found) & set(unknown_or_false)
    bench.close()
