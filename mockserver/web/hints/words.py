"""How a hint is worded and sent."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

HEADER = "X-Mock-Hint"
CHARS_MAX = 400
CLOSE_MAX, SHOWN_CHARS_MAX = 3, 60
#: Longer words are no slips of the pen, and comparing them takes long.
WORD_CHARS_MAX = 100

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def sendable(sentence: str) -> str:
    """Return the sentence as a header's value: one line of ASCII, not too long."""
    line = " ".join(sentence.encode("ascii", "backslashreplace").decode().split())
    # A server that is to send a control character in a header closes the connection instead.
    line = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", line)
    return line if len(line) <= CHARS_MAX else f"{line[:CHARS_MAX]}..."


def closest(wanted: str, names: Iterable[str]) -> str:
    """Return the end of a sentence: which of *names* were probably meant."""
    spelt = {name.casefold(): name for name in names}
    near = wanted.casefold()[:WORD_CHARS_MAX]
    found = get_close_matches(near, spelt, n=CLOSE_MAX, cutoff=0.6)
    return f" Closest: {', '.join(spelt[name] for name in found)}." if found else ""


def cut(text: str) -> str:
    """Return a text from outside, shortened to what fits a sentence."""
    return text if len(text) <= SHOWN_CHARS_MAX else f"{text[:SHOWN_CHARS_MAX]}..."


def listed(names: Iterable[str]) -> str:
    """Return names as a list for people (``a, b or c``)."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
