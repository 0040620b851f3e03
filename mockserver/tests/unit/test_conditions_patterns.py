"""Patterns of like: in Python and in SQLite's GLOB, and never slow."""

import sqlite3

import pytest

from mockserver.automate import dialect as automate
from mockserver.core.conditions.patterns import Wild, glob, matches, pattern
from mockserver.psa import dialect as psa

PSA = [  # pattern, folded text, whether it fits; T-SQL's like (psa facts 3.3)
    ("", "", True),
    ("", "x", False),
    ("%", "", True),
    ("*", "anything", True),
    ("ab%", "abc", True),
    ("AB%", "abc", True),
    ("%b", "abc", False),
    ("%b*", "abc", True),
    ("a_c", "abc", True),
    ("a_c", "ac", False),
    ("_", "ß", True),
    ("test", "test", True),
    ("test", "a test", False),
    ("a?c", "abc", False),
    ("a?c", "a?c", True),
    ("[ab]c", "bc", True),
    ("[a-c]x", "bx", True),
    ("[a-c]x", "dx", False),
    ("[A-C]x", "bx", True),
    ("[^a-c]x", "dx", True),
    ("[^a-c]x", "ax", False),
    ("[[]string]", "[string]", True),  # the guide's own example
    ("[string]", "s", True),
    ("[string]", "[string]", False),
    ("[%]", "%", True),
    ("[%]", "x", False),
    ("[_]", "_", True),
    ("[-a]", "-", True),
    ("[a-]", "-", True),
    ("[^-a]", "-", False),
    ("[a^]", "^", True),
    ("[^^]", "^", False),
    ("[^^]", "x", True),
    ("[-^]", "^", True),
    ("[--a]", "-", True),
    ("[+-^]", "^", True),
    ("[z-a]", "z", False),
    ("[]", "", False),
    ("[]", "x", False),
    ("x[^]", "xy", True),
    ("[abc", "[abc", True),
    ("a]", "a]", True),
    ("*?*", "what?", True),
]
AUTOMATE = [  # MySQL's like (automate facts 53)
    ("a%", "abc", True),
    ("a*", "abc", False),
    ("a*", "a*", True),
    ("100\\%", "100%", True),
    ("100\\%", "1000", False),
    ("a\\_b", "a_b", True),
    ("a\\_b", "axb", False),
    ("a\\\\b", "a\\b", True),
    ("a\\", "a\\", True),
    ("[ab]", "a", False),
    ("[ab]", "[ab]", True),
]
CASES = [(psa.OBSERVED, *case) for case in PSA] + [(automate.OBSERVED, *case) for case in AUTOMATE]


@pytest.mark.parametrize(("language", "spelt", "text", "fits"), CASES)
def test_patterns_fit_in_python(language, spelt, text, fits):
    assert matches(pattern(spelt, language), text) is fits


@pytest.mark.parametrize(("language", "spelt", "text", "fits"), CASES)
def test_patterns_fit_in_sqlite(language, spelt, text, fits):
    with sqlite3.connect(":memory:") as connection:
        asked = (text, glob(pattern(spelt, language)))
        (found,) = connection.execute("SELECT ? GLOB ?", asked).fetchone()
    connection.close()

    assert bool(found) is fits


def test_runs_of_wildcards_collapse():
    assert pattern("**%a%%", psa.OBSERVED) == (Wild.RUN, "a", Wild.RUN)


class Counted(tuple):
    """A pattern that counts how often it is looked at."""

    __slots__ = ()
    looks = 0

    def __getitem__(self, index):
        Counted.looks += 1
        return super().__getitem__(index)


@pytest.mark.parametrize("spelt", ["%a" * 200 + "%b", "%_" * 200 + "b", "%[a]" * 200 + "b"])
def test_two_hundred_wildcards_take_bounded_steps(spelt):
    Counted.looks = 0

    assert not matches(Counted(pattern(spelt, psa.OBSERVED)), "a" * 400)
    assert Counted.looks < 3 * 400 * 401
