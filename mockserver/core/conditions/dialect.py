"""What differs between the condition languages, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

INFIX_NOT = frozenset({"contains", "like", "in"})


@dataclass(frozen=True)
class Dialect:
    """One condition language; the grammar is the same for all, see ``parser.py``.

    Attributes:
        name: For people.
        quote: The quotation mark of texts when printing; both kinds are read.
        separators: Characters between the names of a path; the first is used when printing.
        operators: Spelling and meaning of each comparison (``("eq", "=")``), spellings lower case.
        keywords: The operators that are words: contains, like, in, startswith, endswith.
        infix_not: The keywords that may follow a ``not`` (``name not like 'x'``).
        prefix_not: Whether ``not`` may stand before a comparison or a group.
        call_style: Whether ``contains('x')`` may be written like a call.
        backslash_quotes: Whether a backslash before a quote keeps the quote in the text.
        bracketed_instants: Whether ``[2024-01-01]`` is an instant.
        bare_instants: Whether an instant may stand without brackets and quotes.
        quoted_instants: Whether a text may stand for an instant.
        quoted_numbers: Whether a text may stand for a number.
        numbers_as_text: Whether a number may stand for a text.
        checked_enums: Whether a value outside an enumeration is refused.
        arrays: Whether paths may lead into arrays.
        like_runs: Characters that match any run of characters in ``like``.
        like_ones: Characters that match any one character in ``like``.
        like_classes: Whether ``like`` knows ``[abc]``, ``[a-c]`` and ``[^a]``.
        like_escape: The character that takes the meaning from the next one in ``like``.
        wild_equality: Whether stars in a text stand for any run of characters after ``=`` and
            ``!=``, too; no other wildcard does.
        bare_like_contains: Whether ``like`` with a text without wildcards finds it anywhere,
            instead of comparing for equality as SQL does.
        joints_equal: Whether ``and`` and ``or`` are read from left to right, none binding tighter.
        null_unequal: Whether a missing value is unequal to every value, as it is not in SQL.
        texts_in_any_case: Whether texts are equal that differ in capitals only.
        names_first: Whether a name that does not exist is refused before bad syntax behind it.
        nulls: Whether ``null`` is a value.
        one_element: Whether what is joined about an array in conditions is said of one and the same
            element.
        one_child: Whether what is joined about an array in childConditions is said of one and the
            same child.
        row_naming: Members of a custom-field row (caption, value) that an unknown name ``x`` may
            stand for: ``x = 1`` then means ``caption = 'x' and value = 1`` on one row.
        chars_max: Longest condition, in characters.
        depth_max: Most groups and prefix negations inside each other.
        terms_max: Most literals in one condition.
    """

    name: str
    quote: str = "'"
    separators: str = "/"
    operators: tuple[tuple[str, str], ...] = (
        ("=", "="),
        ("!=", "!="),
        ("<", "<"),
        ("<=", "<="),
        (">", ">"),
        (">=", ">="),
    )
    keywords: frozenset[str] = frozenset({"contains", "like", "in"})
    infix_not: frozenset[str] = INFIX_NOT
    prefix_not: bool = True
    call_style: bool = False
    backslash_quotes: bool = False
    bracketed_instants: bool = False
    bare_instants: bool = False
    quoted_instants: bool = False
    quoted_numbers: bool = False
    numbers_as_text: bool = False
    checked_enums: bool = False
    arrays: bool = False
    like_runs: str = "%"
    like_ones: str = "_"
    like_classes: bool = False
    like_escape: str = ""
    wild_equality: bool = False
    bare_like_contains: bool = False
    joints_equal: bool = False
    null_unequal: bool = False
    texts_in_any_case: bool = True
    names_first: bool = True
    nulls: bool = True
    one_element: bool = False
    one_child: bool = True
    row_naming: tuple[str, str] | None = None
    chars_max: int = 262_144
    depth_max: int = 256
    terms_max: int = 2_100

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """Return the meaning of each spelling of a comparison."""
        return dict(self.operators)
