"""Time entries: hours from start and end, what they are charged to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockserver.core.clock import INSTANT_FORMAT
from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Rules

CHARGED = {
    "ServiceTicket": "service/tickets",
    "ProjectTicket": "project/tickets",
    "Company": "company/companies",
}


def _fill_entry(draft: Draft) -> None:
    draft.default("billableOption", "Billable")
    draft.default("chargeToType", "Company")
    if draft.record.get("timeEnd") and "actualHours" not in draft.given:
        hours = _hours(draft.record.get("timeStart"), draft.record["timeEnd"])
        draft.record["actualHours"] = max(0.0, round(hours - (_deducted(draft) or 0), 2))
    draft.default("actualHours", 0)
    draft.default("hoursDeduct", 0)
    draft.default("dateEntered", draft.records.clock.text())
    draft.default("enteredBy", draft.author)


def _hours(start: Any, end: str) -> float:
    if not isinstance(start, str):
        return 0.0
    span = datetime.strptime(end, INSTANT_FORMAT) - datetime.strptime(start, INSTANT_FORMAT)  # noqa: DTZ007
    return span.total_seconds() / 3600


def _deducted(draft: Draft) -> float | None:
    return draft.record.get("hoursDeduct")


def _check_entry(draft: Draft) -> None:
    start, end = draft.record.get("timeStart"), draft.record.get("timeEnd")
    if start and end and end < start:
        text = "The end time must not be before the start time."
        draft.faults.append(Fault(Flaw.RULE, "timeEnd", text))
    path = CHARGED.get(str(draft.record.get("chargeToType")))
    charged_id = draft.record.get("chargeToId")
    if path and charged_id and draft.records.target(path, charged_id) is None:
        fault = Fault(Flaw.UNKNOWN_REFERENCE, "chargeToId", (path, None, None), charged_id)
        draft.faults.append(fault)


RULES: Mapping[str, Rules] = {"time/entries": Rules(fill=_fill_entry, check=_check_entry)}
