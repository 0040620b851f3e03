"""Text to tokens, one at a time, each with its offset."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mockserver.core.conditions.dialect import Dialect
from mockserver.core.errors import BadCondition, ConditionFlaw


class Sort(StrEnum):
    """What a token is."""

    WORD = "name"
    TEXT = "text"
    NUMBER = "number"
    INSTANT = "instant"
    BARE = "bare instant"
    OPERATOR = "operator"
    MARK = "mark"
    END = "end"


@dataclass(frozen=True)
class Token:
    """One token; *text* is without quotes, brackets and escapes."""

    sort: Sort
    text: str
    offset: int


# A run of backslashes directly before a quote counts in pairs, as in Windows' command lines; any
# other backslash is an ordinary character, so that \\server\share needs no escapes. Everything is
# possessive: no text makes the matcher go back.
PLAIN_BODY = "(?:[^{q}]++|{q}{q})*+"
ESCAPED_BODY = r"""(?:
    [^\\{q}]++ | {q}{q} | \\++(?!["']) | (?:\\\\)++(?=["']) | \\(?:\\\\)*+["']
)*+"""
PLAIN = {q: re.compile(PLAIN_BODY.format(q=q)) for q in "\"'"}
ESCAPED = {q: re.compile(ESCAPED_BODY.format(q=q), re.VERBOSE) for q in "\"'"}
ESCAPES = {
    q: re.compile(rf"""\\++(?!["'])|((?:\\\\)*+)(?:\\(["'])|({q}){q}|(["']))""") for q in "\"'"
}

SHAPES = re.compile(
    r"""
    (?P<blank>\s+)
  | (?P<bare>[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]*(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?)
  | (?P<number>-?[0-9]+(?:\.[0-9]+)?)
  | (?P<word>[^\W\d]\w*(?:[./][^\W\d]\w*)*)
  | (?P<operator>[=<>!]+)
  | (?P<mark>[(),])
  | \[(?P<instant>[^\[\]]*)\]
    """,
    re.VERBOSE | re.IGNORECASE,
)

SORTS = {
    "bare": Sort.BARE,
    "number": Sort.NUMBER,
    "word": Sort.WORD,
    "operator": Sort.OPERATOR,
    "mark": Sort.MARK,
    "instant": Sort.INSTANT,
}


def tokens(text: str, dialect: Dialect) -> Iterator[Token]:
    """Yield the tokens of *text*, the last one an END.

    Raises:
        BadCondition: At the first character that starts no token.
    """
    here = 0
    while here < len(text):
        read = _quoted if text[here] in "\"'" else _plain
        here, token = read(text, here, dialect)
        if token is not None:
            yield token
    yield Token(Sort.END, "", len(text))


def _plain(text: str, here: int, dialect: Dialect) -> tuple[int, Token | None]:
    found = SHAPES.match(text, here)
    if found is None or (found["instant"] is not None and not dialect.bracketed_instants):
        raise syntax_error(f"unexpected character {text[here]!a}", text, here)
    group = found.lastgroup or ""
    token = Token(SORTS[group], found[group].strip(), here) if group in SORTS else None
    return found.end(), token


def _quoted(text: str, here: int, dialect: Dialect) -> tuple[int, Token | None]:
    quote = text[here]
    bodies = ESCAPED if dialect.backslash_quotes else PLAIN
    found = bodies[quote].match(text, here + 1)
    end = found.end() if found else here + 1
    if end == len(text):
        raise syntax_error("the text is not closed", text, here)
    inner = _unescaped(text[here + 1 : end], quote, dialect)
    return end + 1, Token(Sort.TEXT, inner, here)


def _unescaped(inner: str, quote: str, dialect: Dialect) -> str:
    if not dialect.backslash_quotes:
        return inner.replace(quote * 2, quote)
    # With the closing quote, so that backslashes before it are seen to stand before a quote.
    return ESCAPES[quote].sub(_unescape, inner + quote)[:-1]


def _unescape(found: re.Match[str]) -> str:
    pairs, escaped, doubled, single = found.groups()
    if pairs is None:
        return found[0]
    return str(pairs[: len(pairs) // 2] + (escaped or doubled or single))


def syntax_error(message: str, text: str, offset: int) -> BadCondition:
    """Return the refusal of *text* for what stands at *offset*."""
    return BadCondition(ConditionFlaw.SYNTAX, message, offset=offset, text=text)
