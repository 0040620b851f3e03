"""Where a JSON reader stands when it gives up: the vendor's messages say so (psa facts 6.7)."""

import re
from collections.abc import Iterator

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
OPENING, CLOSING = frozenset("{["), frozenset("}]")


def member_place(body: bytes, path: str) -> tuple[int, int]:
    """Return line and position just behind the colon of the member at *path* (``company/id``)."""
    return _place(body, path, behind_value=False)


def value_place(body: bytes, path: str) -> tuple[int, int]:
    """Return line and position just behind the value (or what opens it) of the member at *path*."""
    return _place(body, path, behind_value=True)


def _place(body: bytes, path: str, *, behind_value: bool) -> tuple[int, int]:
    text = body.decode("utf-8", "replace")
    end = next((e for found, e in _members(text, behind_value) if _fits(found, path)), 0)
    return text.count("\n", 0, end) + 1, end - (text.rfind("\n", 0, end) + 1)


def _fits(found: list[str], path: str) -> bool:
    wanted = path.casefold().split("/")
    # In a patch, what is written to a field stands behind "value".
    return found == wanted or (found[:1] == ["value"] and found[1:] == wanted[1:])


def _members(text: str, behind_value: bool) -> Iterator[tuple[list[str], int]]:  # noqa: FBT001
    """Yield each member's path, arrays left out, and where the reader stands then."""
    names: list[str] = []
    last, awaited = "", False
    for token in TOKEN.finditer(text):
        word = token.group()
        if awaited:
            yield [name for name in names if name], token.end()
            awaited = False
        if word in OPENING:
            names.append("")
        elif word in CLOSING:
            del names[-1:]
        elif word == ":" and names:
            names[-1] = last.strip('"').casefold()
            awaited = behind_value
            if not behind_value:
                yield [name for name in names if name], token.end()
        last = word
