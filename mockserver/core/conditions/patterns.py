"""Patterns of ``like``: parsed once, matched in Python or translated to SQLite's GLOB."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from mockserver.core.conditions.dialect import Dialect

RANGE = re.compile(r"(.)-(.)|(.)", re.DOTALL)
NOTHING = "[^\x01-\U0010ffff]"


class Wild(Enum):
    """A wildcard."""

    RUN = "any run"
    ONE = "any one character"


@dataclass(frozen=True)
class OneOf:
    """One character out of some, or (*negated*) any other."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def holds(self, char: str) -> bool:
        """Return whether *char* fits."""
        return self.negated != any(first <= char <= last for first, last in self.ranges)


# A str in a pattern is one literal character.
Pattern = tuple[str | Wild | OneOf, ...]


def pattern(text: str, dialect: Dialect) -> Pattern:
    """Return the pattern that *text* spells; runs of wildcards are collapsed."""
    text = text.casefold() if dialect.texts_in_any_case else text
    found: list[str | Wild | OneOf] = []
    for piece in _pieces(text, dialect):
        if piece is not Wild.RUN or found[-1:] != [Wild.RUN]:
            found.append(piece)
    return tuple(found)


def affix(text: str, *, at_start: bool) -> Pattern:
    """Return the pattern of all texts that start (or end) with *text*, folded or not."""
    letters = tuple(text)
    return (*letters, Wild.RUN) if at_start else (Wild.RUN, *letters)


def _pieces(text: str, dialect: Dialect) -> Iterator[str | Wild | OneOf]:
    here, last_bracket = 0, text.rfind("]") if dialect.like_classes else -1
    while here < len(text):
        char = text[here]
        if char == dialect.like_escape and here + 1 < len(text):
            here += 1
            yield text[here]
        elif char == "[" and here < last_bracket:
            end = text.index("]", here)
            yield _one_of(text[here + 1 : end])
            here = end
        else:
            yield _single(char, dialect)
        here += 1


def _single(char: str, dialect: Dialect) -> str | Wild:
    if char in dialect.like_runs:
        return Wild.RUN
    return Wild.ONE if char in dialect.like_ones else char


def _one_of(text: str) -> OneOf:
    # No record holds a NUL, and SQLite's patterns end at one.
    text = text.replace("\0", "")
    negated = text.startswith("^")
    members = RANGE.findall(text[negated:])
    ranges = ((first or single, last or single) for first, last, single in members)
    return OneOf(tuple(pair for pair in ranges if pair[0] <= pair[1]), negated)


def matches(wanted: Pattern, text: str) -> bool:
    """Return whether *text* (already folded) fits; at most pattern times text steps."""
    here = at = 0
    resume: tuple[int, int] | None = None
    while at < len(text):
        if here < len(wanted) and wanted[here] is Wild.RUN:
            here, resume = here + 1, (here + 1, at)
        elif here < len(wanted) and _fits(wanted[here], text[at]):
            here, at = here + 1, at + 1
        elif resume is None:
            return False
        else:
            # Only the latest run needs to grow: an earlier one could not help.
            here, at = resume[0], resume[1] + 1
            resume = (here, at)
    return all(piece is Wild.RUN for piece in wanted[here:])


def _fits(piece: str | Wild | OneOf, char: str) -> bool:
    if isinstance(piece, OneOf):
        return piece.holds(char)
    return piece is Wild.ONE or piece == char


def glob(wanted: Pattern) -> str:
    """Return *wanted* in the language of SQLite's GLOB."""
    return "".join(_glob(piece) for piece in wanted)


def _glob(piece: str | Wild | OneOf) -> str:
    if isinstance(piece, OneOf):
        return _glob_class(piece)
    if isinstance(piece, Wild):
        return "*" if piece is Wild.RUN else "?"
    return f"[{piece}]" if piece in "*?[" else piece.replace("\0", NOTHING)


def _glob_class(piece: OneOf) -> str:
    if not piece.ranges:
        return "?" if piece.negated else NOTHING
    singles, pairs = _safe_members(piece.ranges)
    if singles == {"^"} and not pairs and not piece.negated:
        return "^"
    # GLOB takes "-" literally only in front, and "^" only behind something.
    inner = "-" * ("-" in singles) + "".join(sorted(singles - {"-", "^"})) + "".join(pairs)
    return "[" + "^" * piece.negated + inner + "^" * ("^" in singles) + "]"


def _safe_members(ranges: tuple[tuple[str, str], ...]) -> tuple[set[str], list[str]]:
    singles: set[str] = set()
    pairs = []
    for first, last in ranges:
        start = first
        if first in "-^" or first == last:
            singles.add(first)
            start = chr(ord(first) + 1)
        if start <= last:
            pairs.append(f"{start}-{last}")
    return singles, pairs
