"""Agreements with their additions, and invoices (psa facts 6.3, 8.12, 8.15)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mockserver.core.clock import INSTANT_FORMAT
from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Record, Rules
from mockserver.psa.resources.lookup import first_id

TYPES, CATALOG = "finance/agreements/types", "procurement/catalog"
#: What an agreement does not take over from its type.
OWN = frozenset({"id", "name", "_info", "customFields"})
#: Where an addition finds its defaults in the product that it adds: here → there.
FROM_PRODUCT = {
    "unitPrice": "price",
    "unitCost": "cost",
    "description": "description",
    "invoiceDescription": "customerDescription",
    "taxableFlag": "taxableFlag",
}
TOTALS = ("serviceTotal", "expenseTotal", "productTotal", "agreementAmount")
#: Recorded (psa facts 6.3).
NO_AGREEMENT_INVOICES = "Cannot create agreement invoices through the Invoicing API"


# -- agreements --------------------------------------------------------------------------------


def _fill_agreement(draft: Draft) -> None:
    record = draft.record
    type_id, company_id = draft.id_of("type"), draft.id_of("company")
    found = draft.records.target(TYPES, type_id) if type_id and draft.before is None else None
    for name, value in (found[0] if found else {}).items():
        _take_over(draft, name, value)
    draft.default("billToCompany", company_id)
    draft.default("startDate", f"{draft.records.clock.text()[:10]}T00:00:00Z")
    draft.default("noEndingDateFlag", value=not record.get("endDate"))
    draft.default("cancelledFlag", value=False)
    if record["cancelledFlag"] and draft.changed("cancelledFlag"):
        draft.default("dateCancelled", draft.records.clock.text())
    record["agreementStatus"] = _status(record, draft.records.clock.text())


def _take_over(draft: Draft, name: str, value: Any) -> None:
    declared = draft.resource.members.get(name.casefold())
    if declared is None or name in OWN or declared.read_only or isinstance(value, list):
        return
    if isinstance(value, dict):
        value = value.get("id") if declared.target else None
    draft.default(declared.name, value)


def _status(agreement: Record, now: str) -> str:
    """Return the computed status (psa facts 8.12)."""
    if agreement.get("cancelledFlag"):
        return "Cancelled"
    ends = None if agreement.get("noEndingDateFlag") else agreement.get("endDate")
    if ends and ends < now:
        return "Expired"
    return "Inactive" if agreement["startDate"] > now else "Active"


def _check_agreement(draft: Draft) -> None:
    start, end = draft.record.get("startDate"), draft.record.get("endDate")
    if start and end and end < start:
        text = "The end date must not be before the start date."
        draft.faults.append(Fault(Flaw.RULE, "endDate", text))


# -- additions ---------------------------------------------------------------------------------


def _fill_addition(draft: Draft) -> None:
    record, product_id = draft.record, draft.id_of("product")
    found = draft.records.target(CATALOG, product_id) if product_id else None
    for name, there in FROM_PRODUCT.items():
        draft.default(name, found[0].get(there) if found else None)
    for name, value in (("quantity", 1), ("lessIncluded", 0), ("unitPrice", 0), ("unitCost", 0)):
        draft.default(name, value)
    draft.default("effectiveDate", f"{draft.records.clock.text()[:10]}T00:00:00Z")
    draft.default("agreementId", draft.parent_id)
    agreement = draft.records.target("finance/agreements", draft.parent_id or 0)
    if agreement:
        record["agreementStatus"] = agreement[0].get("agreementStatus", "Active")
    billed = max(0, record["quantity"] - record["lessIncluded"])
    record["billedQuantity"] = billed
    record["extPrice"] = round(billed * record["unitPrice"], 2)
    record["extCost"] = round(record["quantity"] * record["unitCost"], 2)
    record["margin"] = round(record["extPrice"] - record["extCost"], 2)


def _check_addition(draft: Draft) -> None:
    start, end = draft.record.get("effectiveDate"), draft.record.get("cancelledDate")
    if start and end and end < start:
        text = "The cancelled date must not be before the effective date."
        draft.faults.append(Fault(Flaw.RULE, "cancelledDate", text))


# -- invoices ----------------------------------------------------------------------------------


def _fill_invoice(draft: Draft) -> None:
    record = draft.record
    draft.default("date", f"{draft.records.clock.text()[:10]}T00:00:00Z")
    draft.default("applyToType", "All")
    for name in ("billToCompany", "shipToCompany"):
        draft.default(name, draft.id_of("company"))
    statuses = "finance/billingStatuses"
    status = first_id(draft, statuses, defaultflag=True) or first_id(draft, statuses)
    draft.default("status", status)
    draft.default("billingTerms", first_id(draft, "finance/billingTerms", defaultflag=True))
    draft.default("dueDate", _due(draft))
    for name in (*TOTALS, "salesTax", "payments", "credits", "downpaymentApplied"):
        draft.default(name, 0)
    if draft.before is None or any(draft.changed(name) for name in TOTALS):
        record["subtotal"] = round(sum(record[name] for name in TOTALS), 2)
        record["total"] = round(record["subtotal"] + record["salesTax"], 2)
    paid = record["payments"] + record["credits"] + record["downpaymentApplied"]
    record["balance"] = round(record.get("total", 0) - paid, 2)


def _due(draft: Draft) -> str:
    terms_id = draft.id_of("billingTerms")
    found = draft.records.target("finance/billingTerms", terms_id) if terms_id else None
    days = (found[0].get("dueDays") if found else None) or 0
    date = datetime.strptime(draft.record["date"], INSTANT_FORMAT)  # noqa: DTZ007
    # Beyond the end of the calendar there is no due date but that.
    span = min(timedelta(days=max(0, min(days, 3_650))), datetime.max - date)  # noqa: DTZ901
    return (date + span).strftime(INSTANT_FORMAT)


def _check_invoice(draft: Draft) -> None:
    if draft.before is None and draft.record.get("type") == "Agreement":
        draft.faults.append(Fault(Flaw.RULE, "type", NO_AGREEMENT_INVOICES))


def _number_invoice(draft: Draft) -> None:
    """Number a new invoice as the world's own are numbered."""
    if draft.before is None and not draft.record.get("invoiceNumber"):
        draft.record["invoiceNumber"] = str(20_000 + draft.record["id"])
        draft.records.save(draft.resource, draft.record)


RULES: Mapping[str, Rules] = {
    "finance/agreements": Rules(fill=_fill_agreement, check=_check_agreement),
    "finance/agreements/additions": Rules(fill=_fill_addition, check=_check_addition),
    "finance/invoices": Rules(fill=_fill_invoice, check=_check_invoice, written=_number_invoice),
}
