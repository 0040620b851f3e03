"""What waits for the ledger, or was posted in a batch, as a bookkeeping system takes it over."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.psa.ledger_actions import BATCHES, ENTRIES, INVOICES, UNPOSTED
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour, Exactly

Renamed = Mapping[str, str]
#: What a document has, as it is exported, by the body's flag that lets it be exported; each
#: member with the one of the record that waits.
EXPORTED: Mapping[str, Renamed] = {
    "exportInvoicesFlag": {
        "documentDate": "invoiceDate",
        "documentNumber": "invoiceNumber",
        "description": "description",
        "company": "company",
        "companyAccountNumber": "accountNumber",
        "site": "billToSite",
        "shipToCompany": "shipToCompany",
        "shipSite": "shipToSite",
        "billingTerms": "billingTerms",
        "billingType": "invoiceType",
        "dueDate": "dueDate",
        "currency": "currency",
        "total": "total",
        "taxable": "invoiceTaxableFlag",
        "taxCode": "taxCode",
        "salesTax": "salesTaxAmount",
        "stateTax": "stateTaxAmount",
        "countyTax": "countyTaxAmount",
        "cityTax": "cityTaxAmount",
        "stateTaxXref": "stateTaxXref",
        "countyTaxXref": "countyTaxXref",
    },
    "exportExpensesFlag": {
        "documentDate": "dateExpense",
        "description": "chargeDescription",
        "accountNumber": "accountNumber",
        "apAccountNumber": "creditAccount",
        "glTypeId": "glType",
        "member": "member",
        "company": "company",
        "currency": "currency",
        "total": "total",
    },
    "exportProductsFlag": {
        "documentDate": "purchaseDate",
        "documentNumber": "vendorInvoiceNumber",
        "description": "description",
        "purchaseDate": "purchaseDate",
        "company": "company",
        "currency": "currency",
        "total": "total",
        "freightAmount": "freightCost",
        "vendorInvoiceDate": "vendorInvoiceDate",
        "vendorInvoiceNumber": "vendorInvoiceNumber",
        "taxCode": "taxCode",
        "packingSlip": "packingSlip",
    },
}
#: Where each kind goes, and what its documents are called.
PLACES: Mapping[str, tuple[str, str]] = {
    "exportInvoicesFlag": ("transactions", "IN"),
    "exportExpensesFlag": ("expenses", "EE"),
    "exportProductsFlag": ("purchaseTransactions", "PO"),
}
#: The body's lists of what is wanted and what is not, by kind.
CHOSEN: Mapping[str, tuple[str, str]] = {
    "exportInvoicesFlag": ("includedInvoiceIds", "excludedInvoiceIds"),
    "exportExpensesFlag": ("includedExpenseIds", "excludedExpenseIds"),
    "exportProductsFlag": ("includedProductIds", "excludedProductIds"),
}
#: An invoice that was posted has other names than one that waits.
INVOICED: Renamed = {
    "documentDate": "date",
    "documentNumber": "invoiceNumber",
    "company": "company",
    "companyAccountNumber": "accountNumber",
    "attention": "attention",
    "site": "billingSite",
    "shipToCompany": "shipToCompany",
    "shipSite": "shippingSite",
    "billingTerms": "billingTerms",
    "billingType": "type",
    "dueDate": "dueDate",
    "currency": "currency",
    "total": "total",
    "taxable": "taxableFlag",
    "taxCode": "taxCode",
    "salesTax": "salesTax",
}
EMPTY = ("expenseBills", "adjustmentTransactions", "inventoryTransfers")


def waiting(exchange: Exchange, given: Mapping[str, Any]) -> Exactly:
    """Return what waits for the ledger, of the kinds that the body's flags name or of all."""
    chosen = [flag for flag in PLACES if given.get(flag)] or list(PLACES)
    told = {
        PLACES[flag][0]: list(_documents(exchange.records, flag, given)) if flag in chosen else []
        for flag in PLACES
    }
    return _export(told)


def _documents(records: Records, flag: str, given: Mapping[str, Any]) -> Iterator[Record]:
    resource = records.registry.resource(UNPOSTED[flag])
    for record_id in records.store.matching(resource):
        record = records.get(resource, record_id)
        if _wanted(flag, record, given):
            yield _document(flag, record, EXPORTED[flag])


def _wanted(flag: str, record: Record, given: Mapping[str, Any]) -> bool:
    included, excluded = (given.get(name) for name in CHOSEN[flag])
    if record["id"] in (excluded or ()) or (included and record["id"] not in included):
        return False
    if given.get("locationId") and record.get("locationId") != given["locationId"]:
        return False
    day = record.get(EXPORTED[flag]["documentDate"]) or ""
    return not given.get("thruDate") or day <= given["thruDate"]


def _document(flag: str, record: Record, names: Renamed) -> Record:
    """Return a document with one line for the whole of it."""
    place, kind = PLACES[flag]
    told = {new: record[old] for new, old in names.items() if record.get(old) is not None}
    told["documentType"] = kind
    number: int | str = record["id"]
    if place == "purchaseTransactions":
        number = str(number)
    if place == "transactions":
        line = {n: told[n] for n in ("documentDate", "description", "currency") if n in told}
        told["detail"] = [{**line, "id": number, "quantity": 1.0, "total": told.get("total", 0)}]
    return {"id": number, **told}


def posted(exchange: Exchange, given: Mapping[str, Any]) -> Exactly:  # noqa: ARG001
    """Return the invoices that were posted in the batch in the path."""
    records, batch_id = exchange.records, int(exchange.ids[0])
    entries, invoices = (records.registry.resource(path) for path in (ENTRIES, INVOICES))
    found = records.store.matching(entries, parent_id=batch_id)
    named = [records.get(entries, each).get("invoice") for each in found]
    ids = dict.fromkeys(each["id"] for each in named if each)
    flag = "exportInvoicesFlag"
    documents = [_document(flag, records.get(invoices, each), INVOICED) for each in ids]
    return _export({"transactions": documents, "expenses": [], "purchaseTransactions": []})


def _export(told: dict[str, list[Record]]) -> Exactly:
    """Return documents together with the customers and vendors that they name, each once."""
    customers: dict[int, Record] = {}
    for each in told["transactions"]:
        if each.get("company"):
            known = ("company", "site", "billingTerms", "taxCode", "currency", "taxable")
            shown = {name: each[name] for name in known if name in each}
            customers.setdefault(each["company"]["id"], shown)
    members = {
        each["member"]["id"]: each["member"] for each in told["expenses"] if "member" in each
    }
    return Exactly(
        {
            "customers": list(customers.values()),
            "vendors": [{"member": each} for each in members.values()],
            **told,
            **{name: [] for name in EMPTY},
        }
    )


#: What these show follows from their names and those of their members.
NAMED: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/finance/accounting/export"): waiting,
    ("POST", f"/{BATCHES}/{{id}}/export"): posted,
}
