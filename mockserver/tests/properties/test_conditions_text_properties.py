"""Any text parses or is refused inside it; what is printed is read back."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.automate import dialect as automate
from mockserver.core.conditions import (
    And,
    Compare,
    Contains,
    EndsWith,
    In,
    Like,
    Literal,
    Not,
    Or,
    Path,
    Spelling,
    StartsWith,
    parse,
    parse_and_bind,
    parse_and_bind_children,
    unparse,
)
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.core.schema import Field, Kind, Resource
from mockserver.psa import dialect as psa

LANGUAGES = [psa.DOCUMENTED, psa.OBSERVED_CHILD, automate.DOCUMENTED, automate.OBSERVED]
PARSING_FLAWS = {ConditionFlaw.SYNTAX, ConditionFlaw.TOO_COMPLEX}
PIECES = [
    *"()[]'\",;=<>!.%*/\\-\x00\ud800é ",
    *["a", "id", "name", "rows", "rows/id", "xs.id", "ref", "ref/name", "at", "flag"],
    *["and", "OR", "not", "Not", "in", "like", "contains", "startswith", "eq", "true", "null"],
    *["1", "-2.5", "9" * 30, "2024-01-01", "[2024-01-01]", "'x'", '"y%"', "in (1)", "==", "  "],
]
ID, NAME = Field("id", Kind.INTEGER), Field("name", Kind.TEXT, enum=("x", "y"))
THING = Resource(
    "things",
    "Thing",
    (
        ID,
        NAME,
        Field("a", Kind.NUMBER),
        Field("at", Kind.INSTANT),
        Field("flag", Kind.FLAG),
        Field("ref", Kind.REFERENCE, fields=(ID, NAME)),
        Field("rows", Kind.LIST, fields=(ID, NAME)),
        Field("xs", Kind.LIST, fields=(ID, NAME)),
    ),
)


def refusal_of(read, *arguments):
    try:
        read(*arguments)
    except BadCondition as refusal:
        return refusal
    return None


def parsed_or_refused(text, language):
    refusal = refusal_of(parse, text, language)

    assert refusal is None or refusal.flaw in PARSING_FLAWS
    assert refusal is None or 0 <= refusal.offset <= len(text)
    assert refusal is None or refusal.text == text


@settings(max_examples=100, deadline=None)
@given(
    st.text() | st.lists(st.sampled_from(PIECES)).map("".join),
    st.sampled_from(LANGUAGES),
)
def test_any_text_is_parsed_or_refused_at_an_offset_inside_it(text, language):
    parsed_or_refused(text, language)


NEAR_MISSES = (  # mostly in the order of a comparison, so that many get past the parser
    ["id", "name", "a", "at", "flag", "ref", "ref/name", "rows/id", "xs.name", "Nobody"],
    ["=", "!=", "<", "in (1,", "like", "not like", "contains", "eq", "=="],
    ["1)", "1", "'x'", "'z'", "null", "true", "2024-01-01", "[2024-01-01]", "'1')"],
    ["", " and id = 1", " or not (id = 1)", ")"],
)


def soups(seed, count):
    dice = random.Random(seed)
    for number in range(count):
        if number % 2:
            yield " ".join(map(dice.choice, NEAR_MISSES))
        else:
            yield dice.choice((" ", "")).join(dice.choices(PIECES, k=dice.randrange(1, 12)))


@pytest.mark.deep
def test_a_hundred_thousand_token_soups_are_read_or_refused():
    ways = [
        (parse_and_bind, psa.DOCUMENTED),
        (parse_and_bind, automate.DOCUMENTED),
        (parse_and_bind_children, psa.OBSERVED_CHILD),
    ]
    flaws = set()
    for number, text in enumerate(soups(42, 100_000)):
        read, language = ways[number % 3]
        refusal = refusal_of(read, text, THING, language)
        assert refusal is None or 0 <= refusal.offset <= len(text)
        flaws.add(refusal and refusal.flaw)

    assert flaws >= {None, *ConditionFlaw} - {ConditionFlaw.TOO_COMPLEX, ConditionFlaw.NOT_ALLOWED}


def test_some_token_soups_are_read_or_refused():
    for number, text in enumerate(soups(43, 5_000)):
        parsed_or_refused(text, LANGUAGES[number % 4])


NAMES = st.from_regex(r"[a-zA-Z_é][a-zA-Z0-9_]{0,6}", fullmatch=True).filter(
    lambda name: name.lower() != "not"
)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(lambda names: Path(tuple(names)))
TEXTS = st.text("ab'\"\\ %\n\ud800\x00") | st.text(max_size=8)
NUMBERS = st.from_regex(r"-?[0-9]{1,30}(\.[0-9]{1,5})?", fullmatch=True)
LITERALS = st.one_of(
    st.builds(Literal, st.just(Spelling.TEXT), TEXTS),
    st.builds(Literal, st.just(Spelling.NUMBER), NUMBERS),
    st.builds(Literal, st.just(Spelling.FLAG), st.sampled_from(["true", "false"])),
    st.just(Literal(Spelling.NULL, "null")),
    st.builds(
        Literal,
        st.just(Spelling.BARE),
        st.sampled_from(["2024-01-01", "2024-01-01T10:00:00.5Z", "2024-01-01T10:00:00+02:00"]),
    ),
)
INSTANTS = st.builds(
    Literal, st.just(Spelling.INSTANT), st.text(max_size=9).map(lambda t: t.strip(" []").strip())
).filter(lambda literal: "[" not in literal.text and "]" not in literal.text)
OPERATORS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def trees(literals, *, affixes):
    values = st.lists(literals, min_size=1, max_size=3).map(tuple)
    tests = [Contains, Like, *([StartsWith, EndsWith] if affixes else [])]
    leaf = st.one_of(
        st.builds(Compare, PATHS, OPERATORS, literals),
        st.builds(In, PATHS, values),
        *(st.builds(test, PATHS, literals) for test in tests),
    )
    return st.recursive(
        leaf,
        lambda terms: st.one_of(
            st.builds(Not, terms),
            st.builds(And, st.lists(terms, min_size=2, max_size=4).map(tuple)),
            st.builds(Or, st.lists(terms, min_size=2, max_size=4).map(tuple)),
        ),
        max_leaves=10,
    )


@settings(max_examples=100, deadline=None)
@given(trees(LITERALS | INSTANTS, affixes=False))
def test_psa_trees_are_read_back_as_printed(tree):
    assert parse(unparse(tree, psa.DOCUMENTED), psa.DOCUMENTED) == tree


@settings(max_examples=100, deadline=None)
@given(trees(LITERALS, affixes=True))
def test_automate_trees_are_read_back_as_printed(tree):
    assert parse(unparse(tree, automate.DOCUMENTED), automate.DOCUMENTED) == tree
