"""Agreements that are invoiced and hours that leave an invoice, as far as the names tell."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour

AGREEMENTS, INVOICES = "finance/agreements", "finance/invoices"
ADDITIONS, ENTRIES = "finance/agreements/additions", "time/entries"
#: What an invoice takes over from its agreement.
SAME = (
    *("company", "billingTerms", "taxCode", "currency", "location", "department"),
    *("billToCompany", "shipToCompany", "customerPO", "invoiceTemplate"),
)


def invoice(exchange: Exchange, given: Mapping[str, Any]) -> int:  # noqa: ARG001
    """Invoice the agreement in the path with its amount and additions; return the invoice's id."""
    records, agreement_id = exchange.records, int(exchange.ids[0])
    invoices = records.registry.resource(INVOICES)
    with records.store.transaction():
        agreement = records.get(records.registry.resource(AGREEMENTS), agreement_id)
        payload: Record = {name: _reference(agreement[name]) for name in SAME if name in agreement}
        payload |= {
            "type": "Miscellaneous",
            "applyToType": "Agreement",
            "applyToId": agreement_id,
            "agreement": {"id": agreement_id},
            "agreementAmount": amount(records, agreement),
        }
        made = records.create(invoices, payload, exchange.caller.login)
        # The interface for invoices creates none of agreements (psa facts 6.3): this is the other.
        records.save(invoices, {**records.get(invoices, made["id"]), "type": "Agreement"})
    exchange.effects.append(f"{INVOICES}/{made['id']}")
    return int(made["id"])


def _reference(value: Any) -> Any:
    return {"id": value["id"]} if isinstance(value, dict) else value


def amount(records: Records, agreement: Record) -> float:
    """Return what the agreement costs, with the additions that are in force."""
    additions, now = records.registry.resource(ADDITIONS), records.clock.text()
    total = agreement.get("billAmount") or 0
    for addition_id in records.store.matching(additions, parent_id=agreement["id"]):
        addition = records.get(additions, addition_id)
        has_begun = (addition.get("effectiveDate") or "") <= now
        is_over = (addition.get("cancelledDate") or "9999") < now
        if addition.get("billCustomer") == "Billable" and has_begun and not is_over:
            total += addition.get("extPrice") or 0
    return round(total, 2)


def detach(exchange: Exchange, given: Mapping[str, Any]) -> None:  # noqa: ARG001
    """Take the time entry in the path out of its invoice, so that it can be billed again."""
    records = exchange.records
    entries = records.registry.resource(ENTRIES)
    entry = records.get(entries, int(exchange.ids[0]))
    entry.pop("invoice", None)
    if entry.get("status") == "Billed":
        entry["status"] = "ReadyToBill"
    records.save(entries, entry)


#: What these do follows from their names alone.
NAMED: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/finance/agreements/{id}/invoice"): invoice,
    ("POST", "/time/entries/{id}/detach"): detach,
}
