"""How PSA names its things in messages; irregular, so a table (psa facts 6.3, 6.4)."""

import re
from collections.abc import Mapping

#: Noun of a record in "… 404 not found"; the first four are recorded, those below boards follow
#: "Service Status 17 not found for Service Board 21". All others are called as their models are.
NOUNS: Mapping[str, str] = {
    "service/tickets": "Service Ticket",
    "service/tickets/notes": "Service Note",
    "company/companies": "company",
    "company/contacts": "Contact",
    "service/boards": "Service Board",
    "service/boards/statuses": "Service Status",
    "service/boards/types": "Service Type",
    "service/boards/subtypes": "Service SubType",
    "service/boards/items": "Service Item",
    "service/boards/teams": "Service Team",
    "company/companies/sites": "Site",
    "project/tickets": "Project Ticket",
}
IRREGULAR = {"statuses": "status", "companies": "company", "entries": "entry", "series": "series"}
TYPE_RULES = (
    "String values should be enclosed with double or single quotes; DateTime values should be "
    "enclosed in square brackets; numbers should consist of only digits, and optionally a decimal "
    "point and a negation sign; boolean values should be indicated with the keywords true or "
    "false; null values should be indicated by the keyword null."
)


def _singular(word: str) -> str:
    known = IRREGULAR.get(word.casefold())
    if known:
        return known
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def camel(path: str) -> str:
    """Return the lower camel case singular of a resource (``workType``)."""
    return _singular(path.rpartition("/")[2])


def noun(path: str, model: str = "", nouns: Mapping[str, str] = NOUNS) -> str:
    """Return what a message calls a record of the resource at *path*: its *model* in words."""
    name = model.rpartition(".")[2].removesuffix("Reference") or camel(path)
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return nouns.get(path) or spaced[:1].upper() + spaced[1:]


def payload_noun(model: str) -> str:
    """Return what a message calls a payload of this model (``serviceNote``, psa facts 6.3)."""
    # A configuration on a ticket is told as what it refers to (psa facts 6.3).
    name = model.rpartition(".")[2].removesuffix("Reference") or model
    return name[:1].lower() + name[1:]
