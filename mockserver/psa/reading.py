"""Where a JSON reader stands when it gives up: the vendor's messages say so (psa facts 6.7)."""

import re
from collections.abc import Iterator

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
#: Where in longer texts a reader stands is not looked for: that takes the square of their depth.
TRACED_CHARS = 4_000
OPENING, CLOSING = frozenset("{["), frozenset("}]")


def member_place(body: bytes, path: str) -> tuple[int, int]:
    """Return line and position just behind the colon of the member at *path* (``company/id``)."""
    return _place(body, path, behind_value=False)


def value_place(body: bytes, path: str) -> tuple[int, int]:
    """Return line and position just behind the value (or what opens it) of the member at *path*."""
    return _place(body, path, behind_value=True)


def stumbled(body: bytes, offset: int, reason: str) -> str:
    """Return what Json.NET says of text that it cannot go on reading at *offset* (U19).

    *reason* is what another reader found; it is told where Json.NET would have read on.
    """
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    path: list[str] = []
    if offset <= TRACED_CHARS:
        for names, _ in _members(text[:offset], behind_value=False):
            path = names
    line, position = _standing(text, min(offset, len(text)))
    told = _complaint(text, offset, reason)
    return f"{told}. Path '{'.'.join(path)}', line {line}, position {position}"


def _complaint(text: str, offset: int, reason: str) -> str:
    if not text[offset:].strip():
        return "Unexpected end when reading JSON"
    if "after document" in reason:
        return f"Additional text encountered after finished reading JSON content: {text[offset]}"
    if "unexpected character" in reason:
        return f"Unexpected character encountered while parsing value: {text[offset]}"
    return reason[:1].upper() + reason[1:]


def _standing(text: str, end: int) -> tuple[int, int]:
    return text.count("\n", 0, end) + 1, end - (text.rfind("\n", 0, end) + 1)


def _place(body: bytes, path: str, *, behind_value: bool) -> tuple[int, int]:
    text = body.decode("utf-8", "replace")
    end = next((e for found, e in _members(text, behind_value) if _fits(found, path)), 0)
    return _standing(text, end)


def _fits(found: list[str], path: str) -> bool:
    wanted, found = path.casefold().split("/"), [name.casefold() for name in found]
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
            names[-1] = last.strip('"')
            awaited = behind_value
            if not behind_value:
                yield [name for name in names if name], token.end()
        last = word
