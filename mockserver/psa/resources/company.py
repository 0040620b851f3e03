"""Companies and contacts: default sites, ways to reach a contact."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.rules import Draft, Record, Rules, in_turn
from mockserver.psa.resources import associations
from mockserver.psa.resources.lookup import first_id, quirks

COMMUNICATIONS = "company/contacts/communications"
ITEM_MEMBERS = ("id", "type", "value", "extension", "defaultFlag", "domain", "communicationType")
KIND_FLAGS = (("emailFlag", "Email"), ("phoneFlag", "Phone"), ("faxFlag", "Fax"))


#: Recorded as false on create (psa facts 8.10).
CONTACT_FLAGS = (
    *("marriedFlag", "childrenFlag", "unsubscribeFlag", "defaultBillingFlag", "defaultFlag"),
    "ignoreDuplicates",
)


#: What a contact shows of its default phone.
SHOWN_OF_ITEMS = frozenset({"defaultPhoneNbr", "defaultPhoneType"})


def _keep_types(draft: Draft) -> None:
    """Take types on create only: later they are changed elsewhere (psa facts 6.12)."""
    if draft.before is None or not quirks(draft).types_through_associations:
        return
    draft.record.pop("types", None)
    if draft.before.get("types"):
        draft.record["types"] = draft.before["types"]


def _type_ids(draft: Draft) -> None:
    """Take ``typeIds``, the form in which a new contact's types may come too (SPEC25)."""
    if draft.before is None and draft.given.get("typeIds") and not draft.record.get("types"):
        draft.record["types"] = [{"id": type_id} for type_id in draft.given["typeIds"]]


def _fill_contact(draft: Draft) -> None:
    _keep_types(draft)
    items = (draft.before or {}).get("communicationItems")
    if items and "communicationItems" not in draft.given:
        # A PUT that names none leaves them: they are records of their own (psa facts 6.12).
        draft.record["communicationItems"] = items
        for name in SHOWN_OF_ITEMS - draft.given.keys():
            draft.default(name, (draft.before or {}).get(name))
    draft.default("inactiveFlag", value=False)
    # Recorded on create (psa facts 8.10).
    draft.default("portalSecurityLevel", 1)
    draft.default("disablePortalLoginFlag", value=True)
    for flag in CONTACT_FLAGS:
        draft.default(flag, value=False)
    if draft.before is None and draft.record.get("types") is None:
        draft.record["types"] = []
    if draft.before is None and draft.id_of("company") is not None:
        draft.default("companyLocation", first_id(draft, "system/locations"))


def _write_items(draft: Draft) -> None:
    """Make the communications of a contact those in its ``communicationItems``."""
    if "communicationItems" not in draft.given:
        return
    records, contact_id = draft.records, draft.record["id"]
    resource = records.registry.resource(COMMUNICATIONS)
    present = set(records.store.matching(resource, parent_id=contact_id))
    for item in draft.given["communicationItems"] or []:
        payload = {name: value for name, value in (item or {}).items() if value is not None}
        if payload.get("id") in present:
            present.discard(payload["id"])
            records.change(resource, payload["id"], payload, draft.author)
        else:
            records.create(resource, payload, draft.author, contact_id)
    for gone in present:
        records.store.delete(resource, gone)
    refresh_items(draft, contact_id)


def _fill_item(draft: Draft) -> None:
    type_id = draft.id_of("type")
    found = draft.records.target("company/communicationTypes", type_id) if type_id else None
    kind = next((k for flag, k in KIND_FLAGS if found and found[0].get(flag)), None)
    if kind:
        draft.record["communicationType"] = kind
    draft.default("contactId", draft.parent_id)
    draft.default("defaultFlag", value=False)
    value = str(draft.record.get("value") or "")
    draft.record.pop("domain", None)
    if draft.record.get("communicationType") == "Email" and "@" in value:
        draft.record["domain"] = value[value.rindex("@") :]


def _item_written(draft: Draft) -> None:
    """Keep one default per kind (psa facts 6.11) and show the item in its contact."""
    contact_id = draft.parent_id or draft.record.get("contactId")
    if contact_id is None:
        return
    if draft.record.get("defaultFlag") and quirks(draft).defaults_exclusive:
        _undefault_others(draft, contact_id)
    refresh_items(draft, contact_id)


def _undefault_others(draft: Draft, contact_id: int) -> None:
    for item in _items(draft, contact_id):
        same_kind = item.get("communicationType") == draft.record.get("communicationType")
        if item["id"] != draft.record["id"] and same_kind and item.get("defaultFlag"):
            item["defaultFlag"] = False
            draft.records.save(draft.records.registry.resource(COMMUNICATIONS), item)


def _item_deleted(draft: Draft) -> None:
    contact_id = draft.record.get("contactId")
    if contact_id is not None:
        refresh_items(draft, contact_id)


def _items(draft: Draft, contact_id: int) -> list[Record]:
    records = draft.records
    resource = records.registry.resource(COMMUNICATIONS)
    ids = records.store.matching(resource, parent_id=contact_id)
    return [records.get(resource, item_id) for item_id in ids]


def refresh_items(draft: Draft, contact_id: int) -> None:
    """Write a contact's communications into its record."""
    records = draft.records
    contacts = records.registry.resource("company/contacts")
    contact = records.find(contacts, contact_id)
    if contact is None:
        return
    items = _items(draft, contact_id)
    contact["communicationItems"] = [
        {name: item[name] for name in ITEM_MEMBERS if name in item} for item in items
    ]
    phones = [item for item in items if item.get("communicationType") == "Phone"]
    phone = next((item for item in phones if item.get("defaultFlag")), None)
    for name in ("defaultPhoneNbr", "defaultPhoneType"):
        contact.pop(name, None)
    if phone:
        contact["defaultPhoneNbr"] = phone.get("value")
        contact["defaultPhoneType"] = phone.get("type", {}).get("name")
    records.amend(contacts, contact, draft.author)


def _fill_company(draft: Draft) -> None:
    _keep_types(draft)
    draft.default("deletedFlag", value=False)
    _stamp_deletion(draft)
    draft.default(
        "status",
        first_id(draft, "company/companies/statuses", defaultflag=True)
        or first_id(draft, "company/companies/statuses"),
    )
    if draft.before is None:
        draft.default("dateAcquired", draft.records.clock.text())
        return
    sites, company_id = "company/companies/sites", draft.record["id"]
    draft.default("site", first_id(draft, sites, parent_id=company_id, primaryaddressflag=True))


def _stamp_deletion(draft: Draft) -> None:
    """Say who deleted a company softly, and when; it stays visible (psa facts 8.9)."""
    if not draft.record["deletedFlag"]:
        draft.record.pop("dateDeleted", None)
        draft.record.pop("deletedBy", None)
    elif draft.changed("deletedFlag"):
        draft.record.update(dateDeleted=draft.records.clock.text(), deletedBy=draft.author)


def _set_site_aside(draft: Draft) -> None:
    """Look for no site of a new company: it is made, and only its name can be chosen.

    Clients in the field send ``"site": {"name": "Main"}`` with a new company.
    """
    if draft.before is None:
        draft.record.pop("site", None)


def _write_main_site(draft: Draft) -> None:
    """Give a new company the site that every company has."""
    if draft.before is not None or not quirks(draft).new_company_site:
        return
    sites = draft.records.registry.resource("company/companies/sites")
    payload: Record = {
        "name": (draft.given.get("site") or {}).get("name") or "Main",
        "primaryAddressFlag": True,
        "defaultShippingFlag": True,
        "defaultBillingFlag": True,
        "defaultMailingFlag": True,
    }
    for name in ("addressLine1", "addressLine2", "city", "zip"):
        if draft.record.get(name):
            payload[name] = draft.record[name]
    site = draft.records.create(sites, payload, draft.author, draft.record["id"])
    draft.record["site"] = {"id": site["id"], "name": site["name"]}
    draft.records.save(draft.resource, draft.record)


RULES: Mapping[str, Rules] = {
    "company/companies": Rules(
        prepare=_set_site_aside,
        fill=_fill_company,
        written=in_turn(_write_main_site, associations.COMPANY.write),
    ),
    "company/contacts": Rules(
        prepare=_type_ids,
        fill=_fill_contact,
        written=in_turn(_write_items, associations.CONTACT.write),
    ),
    COMMUNICATIONS: Rules(fill=_fill_item, written=_item_written, deleted=_item_deleted),
}
REFINEMENTS: Mapping[str, Mapping[str, Any]] = {
    "company/companies": {"unique": ("identifier",)},
}
LINKS: Mapping[str, Mapping[str, str]] = {
    # Names recorded in psa facts 8.9.
    "company/companies": {
        "contacts_href": "company/contacts?conditions=company/id={id}",
        "agreements_href": "finance/agreements?conditions=company/id={id}",
        "tickets_href": "service/tickets?conditions=company/id={id}",
        "opportunities_href": "sales/opportunities?conditions=company/id={id}",
        "activities_href": "sales/activities?conditions=company/id={id}",
        "projects_href": "project/projects?conditions=company/id={id}",
        "configurations_href": "company/configurations?conditions=company/id={id}",
        "orders_href": "sales/orders?conditions=company/id={id}",
        "documents_href": "system/documents?recordType=Company&recordId={id}",
        "sites_href": "company/companies/{id}/sites",
        "teams_href": "company/companies/{id}/teams",
        "reports_href": "company/companies/{id}/managementSummaryReports",
        "notes_href": "company/companies/{id}/notes",
    },
    "company/contacts": {
        # Recorded in this order (psa facts 8.10).
        "communications_href": "company/contacts/{id}/communications",
        "notes_href": "company/contacts/{id}/notes",
        "tracks_href": "company/contacts/{id}/tracks",
        "portalSecurity_href": "company/contacts/{id}/portalSecurity",
        "activities_href": "sales/activities?conditions=contact/id={id}",
        "documents_href": "system/documents?recordType=Contact&recordId={id}",
        "configurations_href": "company/configurations?conditions=contact/id={id}",
        "tickets_href": "service/tickets?conditions=contact/id={id}",
        "opportunities_href": "sales/opportunities?conditions=contact/id={id}",
        "projects_href": "project/projects?conditions=contact/id={id}",
        "image_href": "company/contacts/{id}/image?lastModified={lastUpdated}",
    },
}
