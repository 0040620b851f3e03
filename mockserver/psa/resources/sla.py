"""When a ticket must be resolved, as its ``slaStatus`` tells (psa facts 6.10)."""

from datetime import datetime, timedelta

from mockserver.core.clock import INSTANT_FORMAT
from mockserver.core.rules import Draft
from mockserver.core.told import told
from mockserver.psa.resources.lookup import first_id

SLAS, PRIORITIES = "service/SLAs", "service/SLAs/priorities"
#: Beyond this no date can be told.
HOURS_MAX = 100_000.0


def tell_sla(draft: Draft) -> None:
    """Say by when an open ticket must be resolved, anew when what decides it changes."""
    record = draft.record
    decides = ("sla", "priority", "closedFlag")
    if record.get("closedFlag") or not any(map(draft.changed, decides)):
        return
    hours = _hours(draft)
    record.pop("slaStatus", None)
    if hours is not None:
        record["slaStatus"] = told(_entered(draft) + timedelta(hours=hours))


def _hours(draft: Draft) -> float | None:
    """Return how many hours the SLA gives: for the priority, else at all."""
    sla_id, priority_id = draft.id_of("sla"), draft.id_of("priority")
    if sla_id is None:
        return None
    own = first_id(draft, PRIORITIES, parent_id=sla_id, priority_id=priority_id)
    found = draft.records.target(PRIORITIES, own) if own else draft.records.target(SLAS, sla_id)
    hours = found[0].get("resolutionHours") if found else None
    return None if hours is None else max(0.0, min(float(hours), HOURS_MAX))


def _entered(draft: Draft) -> datetime:
    known = (draft.before or {}).get("_info", {}).get("dateEntered")
    return datetime.strptime(known or draft.records.clock.text(), INSTANT_FORMAT)  # noqa: DTZ007
