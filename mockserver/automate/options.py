"""The list options of a request under their flat names, however they were spelt.

The vendor's description names them through its binder (``options.pageSize``,
``options.orderBy.name``), clients send the flat ones (``pageSize``, ``orderBy``), one sends what
its HTTP library makes of nested objects (``orderBy[name]``); automate facts 26 to 28 and 35.
"""

import re
from collections.abc import Mapping

from mockserver.automate.profile import AutomateProfile
from mockserver.web.exchange import Exchange

PREFIX = "options."
BRACKETED = re.compile(r"\[([a-z]*)\d*\]")
#: The description's names of what is sent flat under another one.
FLAT: Mapping[str, str] = {
    "expands": "expand",
    "includedfields": "includefields",
    "excludedfields": "excludefields",
}
LISTS = frozenset({"expand", "includefields", "excludefields", "ids"})


def options(exchange: Exchange, profile: AutomateProfile) -> Mapping[str, str]:
    """Return the options by flat, casefolded name; one spelling goes before the other."""
    flat: dict[str, str] = {}
    bound: dict[str, str] = {}
    for name, value in exchange.request.args.items(multi=True):
        folded = name.casefold()
        if folded in profile.ignored_options or ("[" in folded and not profile.bracketed_options):
            continue
        place = bound if folded.startswith(PREFIX) or "[" in folded else flat
        _put(place, _plain(folded), value)
    bound = _ordered(bound)
    return flat | bound if profile.bound_options_first else bound | flat


def _plain(folded: str) -> str:
    """Return the name without its prefix, ``a[b]`` as ``a.b`` and ``a[]`` or ``a[0]`` as ``a``."""
    dotted = BRACKETED.sub(lambda found: f".{found[1]}" if found[1] else "", folded)
    name = dotted.removeprefix(PREFIX)
    return FLAT.get(name, name)


def _put(place: dict[str, str], name: str, value: str) -> None:
    """Keep a value; the items of a list come one by one, of anything else the last one counts."""
    before = place.get(name)
    place[name] = f"{before},{value}" if before and name in LISTS else value


def _ordered(bound: dict[str, str]) -> dict[str, str]:
    """Return the options with the two parts of an order joined."""
    name, direction = bound.pop("orderby.name", ""), bound.pop("orderby.type", "")
    if name:
        bound["orderby"] = f"{name} {DIRECTIONS.get(direction.casefold(), direction)}"
    return bound


#: How the binder spells directions (automate facts 26).
DIRECTIONS: Mapping[str, str] = {"undefined": "", "ascending": "asc", "descending": "desc"}
