"""Texts become trees, or are refused at an offset."""

import pytest

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
    unparse,
)
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.psa import dialect as psa


def path(*names):
    return Path(names)


def number(text):
    return Literal(Spelling.NUMBER, text)


def text_of(text):
    return Literal(Spelling.TEXT, text)


def equals(name, value):
    return Compare(path(name), "=", number(value))


A, B, C = equals("a", "1"), equals("b", "2"), equals("c", "3")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a=1", A),
        (" ( ( a = 1 ) ) ", A),
        ("A/b!=-1.5", Compare(path("A", "b"), "!=", number("-1.5"))),
        ("a.b=1", Compare(path("a.b"), "=", number("1"))),
        ("a<=true", Compare(path("a"), "<=", Literal(Spelling.FLAG, "true"))),
        ("a=False", Compare(path("a"), "=", Literal(Spelling.FLAG, "false"))),
        ("a=NULL", Compare(path("a"), "=", Literal(Spelling.NULL, "null"))),
        ("a>[ 2024-01-01 ]", Compare(path("a"), ">", Literal(Spelling.INSTANT, "2024-01-01"))),
        ("a>2024-01-01", Compare(path("a"), ">", Literal(Spelling.BARE, "2024-01-01"))),
        ("a CONTAINS 'x'", Contains(path("a"), text_of("x"))),
        ("a Not Like 'x'", Not(Like(path("a"), text_of("x")))),
        ("a in(1,2)", In(path("a"), (number("1"), number("2")))),
        ("a not in ('x')", Not(In(path("a"), (text_of("x"),)))),
        ("a=1 and b=2 AND c=3", And((A, B, C))),
        ("a=1 or b=2 and c=3", Or((A, And((B, C))))),
        ("a=1 and b=2 or c=3", Or((And((A, B)), C))),
        ("(a=1 or b=2) and c=3", And((Or((A, B)), C))),
        ("a=1 and (b=2 and c=3)", And((A, And((B, C))))),
        ("not a=1 and b=2", And((Not(A), B))),
        ("not (a=1 and b=2)", Not(And((A, B)))),
        ("a=1 and not b=2 or c=3", Or((And((A, Not(B))), C))),
        ("NOT not (a=1)", Not(Not(A))),
    ],
)
def test_psa_texts_become_trees(text, tree):
    assert parse(text, psa.OBSERVED) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a eq 1", A),
        ("a.b/c = 1", Compare(path("a", "b", "c"), "=", number("1"))),
        ("a ne 1", Compare(path("a"), "!=", number("1"))),
        ("a startswith 'x'", StartsWith(path("a"), text_of("x"))),
        ("a EndsWith('x')", EndsWith(path("a"), text_of("x"))),
        ("a contains ( 'x' )", Contains(path("a"), text_of("x"))),
        ("a not contains('x')", Not(Contains(path("a"), text_of("x")))),
        ("a = 'O''Brien'", Compare(path("a"), "=", text_of("O'Brien"))),
        ("a = 'back\\slash\\'", Compare(path("a"), "=", text_of("back\\slash\\"))),
    ],
)
def test_automate_texts_become_trees(text, tree):
    assert parse(text, automate.DOCUMENTED) == tree


def test_dialects_spell_the_same_tree():
    automatic = parse("Client.Name eq 'x'", automate.OBSERVED)

    assert automatic == parse("Client/Name = 'x'", psa.OBSERVED)


# Psa facts 12, U5: backslashes, doubled quotes and the other quote are all understood.
@pytest.mark.parametrize(
    ("quoted", "text"),
    [
        ('""', ""),
        ("''", ""),
        ('"it\'s"', "it's"),
        ("'say \"x\"'", 'say "x"'),
        (r'"a\"b"', 'a"b'),
        (r'"a\'b"', "a'b"),
        (r"'a\'b'", "a'b"),
        ("'a''b'", "a'b"),
        ('"a""b"', 'a"b'),
        ('""""', '"'),
        (r'"\\server\share"', r"\\server\share"),
        (r'"C:\temp"', r"C:\temp"),
        (r'"C:\\"', "C:\\"),
        (r'"\\\""', '\\"'),
        (r'"\\\\"', "\\\\"),
        (r'"\\""x"', '\\"x'),
        ('"a\\\\\'b"', "a\\'b"),
        (r'"\n"', r"\n"),
    ],
)
def test_psa_quotes_are_escaped_in_every_known_way(quoted, text):
    assert parse(f"a = {quoted}", psa.OBSERVED) == Compare(path("a"), "=", text_of(text))


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ("  ", 2),
        ("a", 1),
        ("a =", 3),
        ("a == 1", 2),
        ("a = 1 b = 2", 6),
        ("a = 1 and", 9),
        ("and a = 1", 4),
        ("a = b", 4),
        ("a = 'x", 4),
        ('a = "x\\"', 4),
        ("(a = 1", 0),
        ("a = 1)", 5),
        ("a = [2024", 4),
        ("a in 1", 5),
        ("a in ()", 6),
        ("a in (1,)", 8),
        ("a in (1 2)", 8),
        ("a not = 1", 6),
        ("a startswith 'x'", 2),
        ("a contains ('x')", 11),
        ("a = 1; drop", 5),
        ("a = 1 or () ", 10),
        ("a//b = 1", 1),
        ("5 = a", 0),
        ("a = 5x", 5),
        ("a = \x00", 4),
        ("a = \ud800", 4),
        ("ticket condition = invalid", 7),
    ],
)
def test_bad_syntax_is_refused_where_it_stands(text, offset):
    with pytest.raises(BadCondition) as refused:
        parse(text, psa.OBSERVED)

    assert (refused.value.flaw, refused.value.offset) == (ConditionFlaw.SYNTAX, offset)
    assert refused.value.text == text


def test_children_conditions_have_no_in():
    # Seed 003 lists the operators without it.
    for language in (psa.DOCUMENTED_CHILD, psa.OBSERVED_CHILD):
        with pytest.raises(BadCondition) as refused:
            parse("types/id in (1)", language)
        assert refused.value.offset == 9


@pytest.mark.parametrize(
    "text",
    [
        'a not in (1, "x")',
        "(a = 1 or b = 2) and not c = 3",
        "a > [2024-01-01T00:00:00Z] or b < 2024-01-01 and c = null",
        'a = "3"" tape"',
        'a = "C:\\\\"',
        "not (a = 1 and b = 2)",
    ],
)
def test_trees_are_printed_as_people_write_them(text):
    printed = unparse(parse(text, psa.OBSERVED), psa.OBSERVED)

    assert printed.replace(
        "or (b < 2024-01-01 and c = null)", "or b < 2024-01-01 and c = null"
    ) == (text)
