"""Whatever is accepted also runs; what is too much is refused, quickly."""

import pytest

from mockserver.automate import dialect as automate
from mockserver.core.conditions import parse, parse_and_bind, parse_and_bind_children
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.core.schema import Field, Kind, Resource
from mockserver.psa import dialect as psa
from mockserver.tests.conditions_support import Bench

ID = Field("id", Kind.INTEGER)
THING = Resource(
    "things",
    "Thing",
    (
        ID,
        Field("name", Kind.TEXT),
        Field("xs", Kind.LIST, fields=(ID,)),
        Field("ys", Kind.LIST, fields=(ID,)),
    ),
)


@pytest.fixture(scope="module")
def bench():
    bench = Bench(
        THING,
        [{"id": 1, "name": "a" * 400, "xs": [{"id": 1}, {"id": 2}], "ys": [{"id": 1}]}, {"id": 2}],
    )
    yield bench
    bench.close()


def deep(path, depth):
    return f"{path}=1 and ({path}=9 or (" * depth + f"{path}=1" + "))" * depth


@pytest.mark.parametrize("depth", [1, 2, 3, 10, 50, 100, 128])
def test_nested_conditions_run(bench, depth):
    assert bench.found(parse_and_bind(deep("id", depth), THING, psa.OBSERVED)) == [1]


@pytest.mark.parametrize("depth", [5, 10, 128])
def test_nested_negations_run(bench, depth):
    text = "not (id=1 and " * depth + "id=3" + ")" * depth

    assert bench.found(parse_and_bind(text, THING, psa.OBSERVED))


@pytest.mark.parametrize("depth", [1, 2, 3, 10, 50, 100])
def test_nested_child_conditions_run(bench, depth):
    text = deep("xs/id", depth) + " and ys/id=1"

    assert bench.found(parse_and_bind_children(text, THING, psa.OBSERVED_CHILD)) == [1]


def nested(inner, path, depth):
    """Put *inner* into groups that each take room in a parser, long chains included."""
    chain = " or ".join([f"{path}=9"] * 60)
    for _ in range(depth):
        inner = f"not ({chain} or not ({path}=1 and ({inner})))"
    return inner


@pytest.mark.parametrize("outside", range(4))
@pytest.mark.parametrize("inside", range(4))
def test_the_deepest_nesting_that_stays_sql_runs(bench, outside, inside):
    text = nested(f"ys/id=1 and ({nested('xs/id=1', 'xs/id', inside)})", "ys/id", outside)

    assert bench.found(parse_and_bind_children(text, THING, psa.OBSERVED_CHILD)) == [1]


@pytest.mark.parametrize("depth", [100, 256])
def test_nested_parentheses_are_read(bench, depth):
    text = "(" * depth + "id=1" + ")" * depth

    assert bench.found(parse_and_bind(text, THING, psa.OBSERVED)) == [1]


def too_complex(text, language):
    with pytest.raises(BadCondition) as refused:
        parse(text, language)
    assert refused.value.flaw is ConditionFlaw.TOO_COMPLEX
    assert 0 <= refused.value.offset <= len(text)


@pytest.mark.parametrize("language", [psa.OBSERVED, automate.OBSERVED])
def test_three_thousand_parentheses_are_refused(language):
    too_complex("(" * 3000 + "id=1" + ")" * 3000, language)


def test_a_thousand_negations_are_refused():
    too_complex("not " * 1000 + "id=1", psa.OBSERVED)


@pytest.mark.parametrize("word", ["or", "and"])
@pytest.mark.parametrize("count", [1000, 2000])
def test_long_chains_run(bench, word, count):
    text = f" {word} ".join(f"id!={-number}" for number in range(count))

    assert bench.found(parse_and_bind(text, THING, psa.OBSERVED)) == [1, 2]


def test_long_chains_over_arrays_run(bench):
    text = " or ".join(f"xs.id = {number}" for number in range(2000))

    assert bench.found(parse_and_bind(text, THING, automate.OBSERVED)) == [1]


def test_long_lists_run(bench):
    text = f"id in ({', '.join(map(str, range(2000)))})"

    assert bench.found(parse_and_bind(text, THING, psa.OBSERVED)) == [1, 2]


def test_too_many_values_are_refused():
    too_complex(" or ".join(["id=1"] * 3000), psa.OBSERVED)
    too_complex(f"id in ({','.join(['1'] * 3000)})", psa.OBSERVED)


@pytest.mark.parametrize("letter", ["a", " ", "(", '"', "'", "\\", "[", "\x00", "\ud800", "9"])
def test_a_megabyte_is_refused(letter):
    too_complex(letter * 1_000_000, psa.OBSERVED)


@pytest.mark.parametrize(
    "text",
    [
        'name = "' + "\\" * 262_000,
        'name = "' + "\\" * 262_001 + '"',
        "name = '" + "'" * 262_000,
        'name = "' + "\\'" * 131_000,
        "name = [" * 30_000,
        "a." * 131_000,
        "-" * 262_000,
    ],
)
def test_long_garbage_is_refused_in_one_pass(text):
    with pytest.raises(BadCondition):
        parse(text, psa.OBSERVED)


def test_giant_patterns_are_refused():
    with pytest.raises(BadCondition) as refused:
        parse_and_bind(f"name like '{'é' * 30_000}'", THING, psa.OBSERVED)

    assert (refused.value.flaw, refused.value.offset) == (ConditionFlaw.TOO_COMPLEX, 10)


def test_many_brackets_in_a_pattern_are_read(bench):
    text = "name like '" + "[" * 16_000 + "'"

    assert bench.found(parse_and_bind(text, THING, psa.OBSERVED)) == []


@pytest.mark.parametrize("pattern", ["%a" * 200 + "%b", "*" * 200 + "b", "%[a]_" * 133 + "b"])
def test_two_hundred_wildcards_run(bench, pattern):
    assert bench.found(parse_and_bind(f"name like '{pattern}'", THING, psa.OBSERVED)) == []


def test_lone_surrogates_and_nul_in_texts_find_nothing(bench):
    for operator in ("=", "contains", "like"):
        text = f"name {operator} 'a\ud800\x00'"
        assert bench.found(parse_and_bind(text, THING, psa.OBSERVED)) == []
