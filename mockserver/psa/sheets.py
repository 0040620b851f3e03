"""Time sheets and expense reports on their way to approval (psa facts 8.5, 8.11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.web.exchange import Exchange
from mockserver.web.means import Behaviour

#: The status that each step leads to, by the one it starts from; ``""`` stands for all others.
STEPS: Mapping[str, Mapping[str, str]] = {
    "submit": {"": "PendingApproval"},
    "approve": {"": "ApprovedByTierOne", "ApprovedByTierOne": "ApprovedByTierTwo"},
    "reject": {"": "Rejected", "ApprovedByTierOne": "RejectBySecondTier"},
    "reverse": {"": "Open"},
}
#: From these nothing leads back.
BILLED = frozenset({"ReadyToBill", "Billed", "WrittenOff", "BilledAgreement"})
#: The entries on a sheet, and the column that names it there.
ENTRIES: Mapping[str, tuple[str, str]] = {
    "time/sheets": ("time/entries", "timesheet_id"),
    "expense/reports": ("expense/entries", "expensereport_id"),
}


@dataclass(frozen=True)
class Step:
    """One step of a sheet and its entries."""

    path: str
    word: str

    def __call__(self, exchange: Exchange, given: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Give the sheet in the path, and all its entries, the status that the step leads to."""
        records, sheet_id = exchange.records, int(exchange.ids[0])
        resource = records.registry.resource(self.path)
        with records.store.transaction():
            sheet = records.get(resource, sheet_id)
            status = self._status(str(sheet.get("status", "")))
            login = exchange.caller.login
            records.amend(resource, {**sheet, "status": status}, login)
            path, column = ENTRIES[self.path]
            entries = records.registry.resource(path)
            for entry_id in records.store.matching(entries, **{column: sheet_id}):
                entry = records.get(entries, entry_id)
                records.amend(entries, {**entry, "status": status}, login)

    def _status(self, before: str) -> str:
        steps = STEPS[self.word]
        after = steps.get(before, steps[""])
        if before in BILLED or after == before:
            text = f"The status {before} does not allow to {self.word} it."
            raise InvalidRecord(self.path, (Fault(Flaw.RULE, "status", text),))
        return after


BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    ("POST", f"/{path}/{{id}}/{word}"): Step(path, word) for path in ENTRIES for word in STEPS
}
