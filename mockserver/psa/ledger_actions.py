"""What is posted to the ledger in batches, as far as the names of the operations tell."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour

BATCHES, INVOICES = "finance/accounting/batches", "finance/invoices"
ENTRIES = f"{BATCHES}/entries"
UNPOSTED_INVOICES = "finance/accounting/unpostedinvoices"
#: What waits to be posted, by the body's flag that lets it be.
UNPOSTED: Mapping[str, str] = {
    "exportInvoicesFlag": UNPOSTED_INVOICES,
    "exportExpensesFlag": "finance/accounting/unpostedexpenses",
    "exportProductsFlag": "finance/accounting/unpostedprocurement",
}
#: The account that each is booked to: its type and name.
ACCOUNTS: Mapping[str, tuple[str, str]] = {
    "exportInvoicesFlag": ("AR", "Accounts Receivable"),
    "exportExpensesFlag": ("AP", "Accounts Payable"),
    "exportProductsFlag": ("Inventory", "Inventory"),
}


def post(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """Post the records in the body in a new batch; what is posted waits no longer."""
    records, author = exchange.records, exchange.caller.login
    batches = records.registry.resource(BATCHES)
    with records.store.transaction():
        posted = list(_posted(records, given))
        told = {name: given.get(name, False) for name in UNPOSTED}
        identifier = given.get("batchIdentifier") or records.clock.text()[:10]
        payload = {"batchIdentifier": identifier, "closedFlag": True, **told}
        batch_id = records.create(batches, payload, author)["id"]
        for flag, record in posted:
            _post(records, batch_id, flag, record, author)
    exchange.effects.append(f"{BATCHES}/{batch_id}")


def _posted(records: Records, given: Mapping[str, Any]) -> Iterator[tuple[str, Record]]:
    """Yield what the body names, of the kinds that its flags name; of all if there is none."""
    chosen = [flag for flag in UNPOSTED if given.get(flag)] or list(UNPOSTED)
    for record_id in given.get("processedRecordIds") or ():
        found = [(flag, records.target(UNPOSTED[flag], record_id)) for flag in chosen]
        known = [(flag, target[0]) for flag, target in found if target is not None]
        if not known:
            path = UNPOSTED[chosen[0]]
            fault = Fault(
                Flaw.UNKNOWN_REFERENCE, "processedRecordIds", (path, None, None), record_id
            )
            raise InvalidRecord(BATCHES, (fault,), model="CreateAccountingBatchRequest")
        yield from known


def _post(records: Records, batch_id: int, flag: str, record: Record, author: str) -> None:
    kind, name = ACCOUNTS[flag]
    line = {"accountType": kind, "name": name, "debit": record.get("total") or 0, "credit": 0}
    invoice_id = record.get("billingLogId") if flag == "exportInvoicesFlag" else None
    if invoice_id and records.target(INVOICES, invoice_id):
        line["invoice"] = {"id": invoice_id}
        batch = {"glBatch": {"id": batch_id}}
        records.change(records.registry.resource(INVOICES), invoice_id, batch, author)
    records.create(records.registry.resource(ENTRIES), line, author, batch_id)
    records.delete(records.registry.resource(UNPOSTED[flag]), record["id"], author)


#: What this does follows from its name alone.
NAMED: Mapping[tuple[str, str], Behaviour] = {("POST", "/finance/accounting/batches"): post}
