"""Members of bodies that differ at each sending, such as an instant or a number drawn anew.

Left out of what two requests are compared by, they do not hide that one repeats the other
(retry facts 3.2).
"""

from collections.abc import Sequence
from typing import Any

ANY = "*"
PATH_CHARS_MAX = 200

#: The steps from the body's root to a member: a name (any case), a position, or ``*`` for all.
MemberPath = tuple[str, ...]


def volatile_path(text: str) -> MemberPath:
    """Return the path that *text* (``/note/sentAt``, ``items/*/guid``) spells.

    Raises:
        ValueError: It names no member; the message says what would have been right.
    """
    steps = tuple(step.strip().casefold() for step in text.strip().strip("/").split("/"))
    if not all(steps) or len(text) > PATH_CHARS_MAX:
        raise ValueError("a path of members such as /note/sentAt or items/*/guid")
    return steps


def strip(document: Any, paths: Sequence[MemberPath]) -> None:
    """Remove the members that the paths lead to; what is not there is passed over."""
    for path in paths:
        holders = [document]
        for step in path[:-1]:
            holders = [
                holder[place] for holder in holders for place in reversed(_places(holder, step))
            ]
        for holder in holders:
            for place in reversed(_places(holder, path[-1])):
                del holder[place]


def _places(holder: Any, step: str) -> list[Any]:
    if isinstance(holder, dict):
        return [name for name in holder if step == ANY or name.casefold() == step]
    if isinstance(holder, list):
        return [place for place in range(len(holder)) if step in {ANY, str(place)}]
    return []
