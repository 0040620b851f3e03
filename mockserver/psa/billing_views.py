"""Invoices with all that is on them, and what an agreement's screen shows of its billing."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.psa.billing_actions import AGREEMENTS, INVOICES, amount
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour, Exactly

#: What is on an invoice: records that name it, by what the answer calls them.
LISTED: Mapping[str, str] = {
    "products": "procurement/products",
    "expenses": "expense/entries",
    "timeEntries": "time/entries",
}
#: What an invoice is printed with, by what the answer calls it: the invoice's member and where
#: that points to.
POINTED: Mapping[str, tuple[str, str]] = {
    "invoiceTemplate": ("invoiceTemplate", "finance/invoiceTemplates"),
    "billingSetup": ("billingSetupReference", "finance/billingSetups"),
}
#: What an agreement is applied by, as its screen calls it.
APPLIED: Mapping[str, str] = {
    "applicationLimitAmount": "applicationLimit",
    "coversTimeFlag": "coverAgreementTime",
    "coversExpensesFlag": "coverAgreementExpense",
    "coversProductsFlag": "coverAgreementProduct",
    "coversTaxFlag": "coverSalesTax",
    "carryoverUnusedFlag": "carryOverUnused",
    "carryOverDays": "expiredDays",
    "allowOverrunsFlag": "allowOverruns",
    "overrunLimit": "limit",
    "agreementExpiresFlag": "expireWhenZero",
    "chargeAdjustmentsFlag": "chargeToFirm",
}
#: What recurs, as the agreement's screen calls it.
RECURRING: Mapping[str, str] = {
    "aGRAmount": "billAmount",
    "aGRProrate": "prorateFirstBill",
    "taxable": "taxable",
    "billStartDate": "billStartDate",
    "prorateFlag": "prorateFlag",
    "invoiceProratedAdditionsFlag": "invoiceProratedAdditionsFlag",
    "restrictDownpayment": "restrictDownPayment",
    "autoInvoiceFlag": "autoInvoiceFlag",
    "billZeroAmountFlag": "billZeroAmountFlag",
}
POINTERS: Mapping[str, str] = {
    "billingCycle": "billingCycle",
    "taxCode": "taxCode",
    "terms": "billingTerms",
    "currency": "currency",
}


def invoice_info(exchange: Exchange, given: Mapping[str, Any]) -> Exactly:  # noqa: ARG001
    """Return the invoice in the path with the products, hours and expenses on it."""
    records, invoice_id = exchange.records, int(exchange.ids[0])
    invoice = _whole(records, INVOICES, invoice_id)
    told: Record = {"id": invoice_id, "invoice": invoice, "bundledComponentsInfo": []}
    for name, (member, path) in POINTED.items():
        if invoice.get(member):
            told[name] = _whole(records, path, invoice[member]["id"])
    for name, path in LISTED.items():
        found = records.store.matching(records.registry.resource(path), invoice_id=invoice_id)
        told[name] = [_whole(records, path, each) for each in found]
    told["agreementBillingInfo"] = _agreement(invoice)
    return Exactly(told)


def _whole(records: Records, path: str, record_id: int) -> Record:
    return records.get(records.registry.resource(path), record_id)


def _agreement(invoice: Record) -> list[Record]:
    agreement = invoice.get("agreement")
    if agreement is None:
        return []
    billed = invoice.get("agreementAmount") or 0
    told = {"agreementRecId": agreement["id"], "agreementName": agreement.get("name")}
    return [{**told, "agreementAmount": billed}]


def application(exchange: Exchange, given: Mapping[str, Any]) -> Exactly:  # noqa: ARG001
    """Return what the agreement in the path covers, and how much of it."""
    agreement = _whole(exchange.records, AGREEMENTS, int(exchange.ids[0]))
    told: Record = {new: agreement[old] for new, old in APPLIED.items() if old in agreement}
    unlimited = agreement.get("applicationUnlimitedFlag")
    told["applicationUnit"] = {"name": agreement.get("applicationUnits", "Hours")}
    told["applicationLimit"] = {"name": "Unlimited" if unlimited else "Limited"}
    told["availablePer"] = {"name": agreement.get("applicationCycle", "CalendarMonth")}
    if agreement.get("billingCycle"):
        told["agrBillingCycle"] = _named(agreement["billingCycle"])
    return Exactly(told)


def recurring(exchange: Exchange, given: Mapping[str, Any]) -> Exactly:  # noqa: ARG001
    """Return what the agreement in the path is billed for again and again."""
    records = exchange.records
    agreement = _whole(records, AGREEMENTS, int(exchange.ids[0]))
    told: Record = {new: agreement[old] for new, old in RECURRING.items() if old in agreement}
    told |= {new: _named(agreement[old]) for new, old in POINTERS.items() if agreement.get(old)}
    own, total = agreement.get("billAmount") or 0, amount(records, agreement)
    children = records.registry.resource(AGREEMENTS)
    below = records.store.matching(children, parentagreement_id=agreement["id"])
    of_children = sum(amount(records, records.get(children, each)) for each in below)
    told |= {
        "additionsAmount": round(total - own, 2),
        "childrenAmount": round(of_children, 2),
        "totalAmount": round(total + of_children, 2),
    }
    return Exactly(told)


def _named(reference: Record) -> Record:
    return {"id": reference["id"], "name": reference.get("name")}


#: What these show follows from their names and those of their members.
NAMED: Mapping[tuple[str, str], Behaviour] = {
    ("GET", "/finance/info/invoice/{id}"): invoice_info,
    ("GET", "/finance/agreements/{id}/applicationParameters/{podId}"): application,
    ("GET", "/finance/agreements/{id}/recurringParameters/{podId}"): recurring,
}
