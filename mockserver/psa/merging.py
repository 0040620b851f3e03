"""Companies that become one, contacts whose records go to another (psa facts 8.5, 6.13)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord, RecordNotFound
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.psa.envelope import psa_profile
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import ID_DIGITS_MAX, Handlers, record_id_of
from mockserver.web.means import Behaviour

COMPANIES, CONTACTS = "company/companies", "company/contacts"
#: Members of the merge body that choose a value, and the members of the company that they are.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "identifier": ("identifier",),
    "status": ("status",),
    "primaryAddress": ("addressLine1", "addressLine2", "city", "state", "zip", "country"),
    "primaryContact": ("defaultContact",),
    "phone": ("phoneNumber",),
    "fax": ("faxNumber",),
    "website": ("website",),
    "market": ("market",),
    "territory": ("territory",),
    "revenue": ("annualRevenue",),
    "revenueYear": ("revenueYear",),
    "numberOfEmployees": ("numberOfEmployees",),
    "dateAcquired": ("dateAcquired",),
    "timeZone": ("timeZoneSetup",),
    "sourceList": ("leadSource",),
    "billingContact": ("billingContact",),
    "taxCode": ("taxCode",),
    "accountNumber": ("accountNumber",),
    "billingTerms": ("billingTerms",),
    **{f"userDefinedField{n}": (f"userDefinedField{n}",) for n in range(1, 11)},
}
#: Collections that come along when the body says Merge.
COLLECTIONS: Mapping[str, tuple[str, ...]] = {
    "activities": ("sales/activities",),
    "opportunities": ("sales/opportunities",),
    "services": ("service/tickets",),
    "projects": ("project/projects", "project/tickets"),
    "contacts": (CONTACTS,),
}


def merge_companies(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """Merge the company in the path into another one, and delete it softly."""
    records, login = exchange.records, exchange.caller.login
    companies = records.registry.resource(COMPANIES)
    from_id, to_id = int(exchange.ids[0]), given["toCompanyId"]
    with records.store.transaction():
        source = records.get(companies, from_id)
        if from_id == to_id or records.target(COMPANIES, to_id) is None:
            fault = Fault(Flaw.UNKNOWN_REFERENCE, "toCompanyId", (COMPANIES, None, None), to_id)
            raise InvalidRecord(COMPANIES, (fault,))
        paths = [
            path
            for word, each in COLLECTIONS.items()
            if given.get(word) == "Merge"
            for path in each
        ]
        redirect(exchange, COMPANIES, from_id, to_id, paths)
        chosen = dict(_chosen(source, given))
        gone: Record = {"deletedFlag": True}
        if "identifier" in chosen:
            gone["identifier"] = f"{source['identifier'][:140]}-merged-{from_id}"
        records.change(companies, from_id, gone, login)
        records.change(companies, to_id, chosen, login)


def _chosen(source: Record, given: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for word, members in CHOICES.items():
        if given.get(word) == "From":
            yield from ((name, source.get(name)) for name in members)


def redirect(
    exchange: Exchange, path: str, from_id: int, to_id: int, owners: Iterable[str] | None = None
) -> None:
    """Let what refers to one record refer to another; *owners* are all collections if None."""
    records, login = exchange.records, exchange.caller.login
    only = None if owners is None else set(owners)
    for owner, declared in records.registry.referrers(path):
        if only is not None and owner.path not in only:
            continue
        shown = records.reference(declared, to_id)
        for owner_id in records.users(owner, declared, from_id):
            records.amend(owner, {**records.get(owner, owner_id), declared.name: shown}, login)


def delete_contact(_handlers: Handlers, exchange: Exchange) -> Answer:
    """Remove a contact; with ``transferContactId`` its records go to that one first."""
    records = exchange.records
    contacts = records.registry.resource(CONTACTS)
    with records.store.transaction():
        contact_id = record_id_of(exchange, contacts)
        records.get(contacts, contact_id)
        heir = exchange.parameters.get("transfercontactid")
        if heir:
            redirect(exchange, CONTACTS, contact_id, _heir(records, heir, contact_id))
        _remove(exchange, contacts, contact_id)
    return Answer(204)


#: The flag that says of a record that it is deleted, or as good as.
SOFT: Mapping[str, str] = {COMPANIES: "deletedFlag", CONTACTS: "inactiveFlag"}


def delete_company(_handlers: Handlers, exchange: Exchange) -> Answer:
    """Remove a company."""
    records = exchange.records
    companies = records.registry.resource(COMPANIES)
    with records.store.transaction():
        _remove(exchange, companies, record_id_of(exchange, companies))
    return Answer(204)


def _remove(exchange: Exchange, resource: Resource, record_id: int) -> None:
    """Remove a record, or only say that it is gone where the profile deletes softly."""
    records, login = exchange.records, exchange.caller.login
    flag = SOFT[resource.path]
    if resource.path not in psa_profile(exchange).soft_deletes:
        records.delete(resource, record_id, login)
    elif records.get(resource, record_id).get(flag):
        raise RecordNotFound(resource.path, record_id)
    else:
        records.change(resource, record_id, {flag: True}, login)


def _heir(records: Records, text: str, contact_id: int) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX
    heir = int(text) if is_number else 0
    if heir == contact_id or records.target(CONTACTS, heir) is None:
        fault = Fault(Flaw.UNKNOWN_REFERENCE, "transferContactId", (CONTACTS, None, None), text)
        raise InvalidRecord(CONTACTS, (fault,))
    return heir


BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/company/companies/{id}/merge"): merge_companies,
}
OPERATIONS: Mapping[tuple[str, str], Callable[[Handlers, Exchange], Answer]] = {
    ("DELETE", "/company/companies/{id}"): delete_company,
    ("DELETE", "/company/contacts/{id}"): delete_contact,
}
