"""Contacts at the portal's door, and the companies that somebody picked lately."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.text import fold
from mockserver.psa.security import member
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour

CONTACTS, PICKED = "company/contacts", "company/companyPickerItems"
COMMUNICATIONS = "company/contacts/communications"


def validate(exchange: Exchange, given: Mapping[str, Any]) -> Record:
    """Tell whether a contact with this address may enter the portal with this password."""
    records = exchange.records
    for contact_id in _with_address(records, given["email"]):
        contact = records.get(records.registry.resource(CONTACTS), contact_id)
        is_barred = contact.get("disablePortalLoginFlag") or contact.get("inactiveFlag")
        if not is_barred and contact.get("portalPassword") == given["password"]:
            return {"success": True, "contactId": contact_id}
    return {"success": False, "contactId": 0}


def _with_address(records: Records, address: str) -> list[int]:
    ways = records.registry.resource(COMMUNICATIONS)
    found = records.store.matching(ways, value=fold(address))
    owners = (records.store.parent_of(ways, each) for each in found)
    return [each for each in owners if each is not None]


def clear_picked(exchange: Exchange, given: Mapping[str, Any]) -> None:  # noqa: ARG001
    """Forget the companies that the caller picked lately."""
    records, picked = exchange.records, exchange.records.registry.resource(PICKED)
    own = (member(records, exchange.caller.login) or {}).get("id", 0)
    with records.store.transaction():
        for item_id in records.users(picked, picked.members["member"], own):
            records.delete(picked, item_id, exchange.caller.login)


#: What these do follows from their names alone.
NAMED: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/company/contacts/validatePortalCredentials"): validate,
    ("POST", "/company/companyPickerItems/clear"): clear_picked,
}
