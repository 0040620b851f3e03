"""What time and expenses are charged to: a ticket, or the company (psa facts 8.11)."""

from collections.abc import Iterator, Mapping

from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Rules
from mockserver.psa.resources.lookup import author_id
from mockserver.psa.resources.mirrors import CHARGED as TICKETS
from mockserver.psa.resources.mirrors import charged_to

CHARGED = {**TICKETS, "Company": "company/companies"}
#: What a project ticket's entries count for besides: the member that names it → the collection.
ABOVE = {"phase": "project/projects/phases", "project": "project/projects"}


def fill_from_charge(draft: Draft) -> None:
    """Charge the company when nothing else is named; show the ticket and its company."""
    record = draft.record
    draft.default("chargeToType", "Company")
    if record["chargeToType"] == "Company":
        draft.default("chargeToId", draft.id_of("company"))
    if draft.changed("chargeToId") or draft.changed("chargeToType"):
        record.pop("ticket", None)
    found = charged_to(record)
    ticket = draft.records.target(*found) if found else None
    if found is None or ticket is None:
        return
    if found[0] == "service/tickets":
        draft.default("ticket", found[1])
    for name in ("company", "agreement", *(ABOVE if found[0] == "project/tickets" else ())):
        draft.default(name, (ticket[0].get(name) or {}).get("id"))


def charge_faults(draft: Draft) -> Iterator[Fault]:
    """Yield a fault when what is charged does not exist."""
    path = CHARGED.get(str(draft.record.get("chargeToType")))
    charged_id = draft.record.get("chargeToId")
    if path and charged_id and draft.records.target(path, charged_id) is None:
        yield Fault(Flaw.UNKNOWN_REFERENCE, "chargeToId", (path, None, None), charged_id)


def _fill_expense(draft: Draft) -> None:
    fill_from_charge(draft)
    if draft.before is None:
        draft.default("member", author_id(draft))


def _check_expense(draft: Draft) -> None:
    draft.faults.extend(charge_faults(draft))


RULES: Mapping[str, Rules] = {"expense/entries": Rules(fill=_fill_expense, check=_check_expense)}
