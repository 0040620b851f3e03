"""Links whose addresses name a record's id or name, filled in (psa facts 8.5: resolveurl)."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.rules import Record
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour

LINKS = "system/links"
PLACEHOLDER = re.compile(r"\[([a-z]+)\]", re.IGNORECASE)
#: The collection of the records on a screen, and the word that placeholders have for one.
SCREENS: Mapping[str, tuple[str, str]] = {
    "Activity": ("sales/activities", "activity"),
    "Agreement": ("finance/agreements", "agreement"),
    "Company": ("company/companies", "company"),
    "Configuration": ("company/configurations", "configuration"),
    "Contact": ("company/contacts", "contact"),
    "Opportunity": ("sales/opportunities", "opportunity"),
    "Project": ("project/projects", "project"),
    "Service": ("service/tickets", "ticket"),
}


def resolve(exchange: Exchange, given: Mapping[str, Any]) -> Record:
    """Return the address of the link in the path for the record in the body."""
    records = exchange.records
    link = records.get(records.registry.resource(LINKS), int(exchange.ids[0]))
    screen = SCREENS.get(str(link.get("screenLink", "")))
    url, number = str(link.get("url", "")), given["referenceId"]
    if screen is None:
        return {"referenceId": number, "url": url}
    path, word = screen
    found = records.target(path, number)
    if found is None:
        fault = Fault(Flaw.UNKNOWN_REFERENCE, "referenceId", (path, None, None), number)
        raise InvalidRecord(LINKS, (fault,), model="LinkResolveUrlInfo")
    label = records.registry.resource(path).label[0]
    told = {f"{word}id": number, f"{word}name": found[0].get(label, "")}

    def filled(placeholder: re.Match[str]) -> str:
        value = told.get(placeholder[1].casefold())
        return placeholder[0] if value is None else quote(str(value), safe="")

    return {"referenceId": number, "url": PLACEHOLDER.sub(filled, url)}


BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/system/info/links/{id}/resolveurl"): resolve,
}
