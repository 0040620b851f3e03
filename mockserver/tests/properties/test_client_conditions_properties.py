"""What the builder prints is what the server's parser reads, whatever is in the texts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.automate import dialect as automate
from mockserver.client import F
from mockserver.client.conditions import Comparison, Joined, Negated
from mockserver.core.conditions import nodes
from mockserver.core.conditions.parser import parse
from mockserver.psa import dialect as psa

DIALECTS = {
    "psa": (psa.DOCUMENTED, psa.OBSERVED),
    "automate": (automate.DOCUMENTED, automate.OBSERVED),
}
NAMES = st.sampled_from(["id", "status/name", "company/identifier", "summary"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.text(
    "\\\"'[]%*_ ()", max_size=8
)
INSTANTS = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
NUMBERS = st.integers(-(10**9), 10**9) | st.floats(0, 1e6).map(lambda n: round(n, 3))
VALUES = TEXTS | NUMBERS | st.booleans() | st.none() | INSTANTS
COMPARED = st.builds(
    Comparison,
    NAMES,
    st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
    VALUES,
)
TESTED = (
    COMPARED
    | st.builds(lambda name, text: F(name).contains(text), NAMES, TEXTS)
    | st.builds(lambda name, text: F(name).like(text), NAMES, TEXTS)
    | st.builds(
        lambda name, values: F(name).in_(values),
        NAMES,
        st.lists(TEXTS | NUMBERS, min_size=1, max_size=4),
    )
)
TREES = st.recursive(
    TESTED,
    lambda inner: (
        st.builds(lambda a, b: a & b, inner, inner)
        | st.builds(lambda a, b: a | b, inner, inner)
        | st.builds(lambda a: ~a, inner)
    ),
    max_leaves=6,
)


def shape(tree):  # noqa: PLR0911 - one for each kind of node
    """Return a parsed tree, or a built one, as plain nested tuples; joints of one kind are flat."""
    match tree:
        case Joined(word=word):
            return (word, *flat(map(shape, tree.terms), word))
        case nodes.And() | nodes.Or():
            word = type(tree).__name__.lower()
            return (word, *flat(map(shape, tree.terms), word))
        case Negated(term=Negated(term=inner)):
            return shape(inner)
        case Negated() | nodes.Not():
            return ("not", shape(tree.term))
        case Comparison():
            values = tree.value if isinstance(tree.value, tuple) else (tree.value,)
            return (tuple(tree.name.split("/")), tree.operator, *map(plain, values))
        case nodes.In():
            return (tree.target.names, "in", *map(read, tree.values))
        case nodes.Compare():
            return (tree.target.names, tree.operator, read(tree.value))
        case _:
            return (tree.target.names, type(tree).__name__.lower(), read(tree.value))


def flat(terms, word):
    return [each for term in terms for each in (term[1:] if term[0] == word else [term])]


def plain(value):
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case str():
            return value
        case _:
            return float(value)


def read(literal):
    return float(literal.text) if literal.spelling == nodes.Spelling.NUMBER else literal.text


@pytest.mark.parametrize("dialect", DIALECTS["psa"], ids=lambda each: each.name)
@given(tree=TREES)
def test_psa_reads_what_was_meant(dialect, tree):
    assert shape(parse(tree.text("psa"), dialect)) == shape(tree)


@given(tree=TREES)
def test_automate_reads_what_was_meant(tree):
    assert shape(parse(tree.text("automate"), automate.DOCUMENTED)) == shape(tree)


@pytest.mark.parametrize("language", ["psa", "automate"])
@given(text=TEXTS)
def test_a_text_never_ends_its_own_quotes(language, text):
    tree = parse((F("a") == text).text(language), DIALECTS[language][0])

    assert tree == nodes.Compare(nodes.Path(("a",)), "=", nodes.Literal(nodes.Spelling.TEXT, text))
