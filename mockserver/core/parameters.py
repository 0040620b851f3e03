"""The parameters of lists that each vendor heeds; all others are passed over in silence."""

import re
from collections.abc import Iterable, Mapping

#: As the guides spell them; any case will do (psa facts 3.1; automate facts 3).
HEEDED: Mapping[str, tuple[str, ...]] = {
    "psa": (
        *("conditions", "childConditions", "customFieldConditions", "orderBy", "fields"),
        *("page", "pageSize", "pageId", "clientId", "recordType", "recordId", "columns"),
    ),
    "automate": (
        *("condition", "orderBy", "page", "pageSize", "ids", "includeFields"),
        *("excludeFields", "expand", "clientId"),
    ),
}
#: Those of them that name members to show; unknown names are passed over, too.
PROJECTIONS: Mapping[str, tuple[str, ...]] = {"psa": ("fields",), "automate": ("includeFields",)}
_FOLDED = {api: frozenset(map(str.casefold, names)) for api, names in HEEDED.items()}
#: Automate's binder: ``options.orderBy.name``, ``orderBy[name]``, ``ids[0]`` (automate facts 26
#: to 28); ``options.expands`` is flat ``expand``.
_BINDER = re.compile(r"(?:options\.)?([a-z]+?)(?:\[\d*\]|(?<=orderby)(?:\.|\[)(?:name|type)\]?)?")
_FLAT = {"expands": "expand"}


def unheeded(api: str, names: Iterable[str]) -> list[str]:
    """Return those of a list's parameters that the vendor passes over."""
    return [name for name in names if _plain(api, name.casefold()) not in _FOLDED[api]]


def _plain(api: str, folded: str) -> str:
    spelt = _BINDER.fullmatch(folded) if api == "automate" else None
    return _FLAT.get(spelt[1], spelt[1]) if spelt else folded
