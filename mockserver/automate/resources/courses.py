"""The course of an alert: when it changed state, who did it, and the line that tells of it.

Sources: automate facts 96 and the seed family's model of an alert's history (10.4).
"""

from collections.abc import Mapping
from typing import Any

from mockserver.core.rules import Draft, Record

OPEN = frozenset({"New", "Active"})
CLOSED = frozenset({"Resolved", "Cleared"})
#: The field that tells when an alert came into a state.
STAMPS: Mapping[str, str] = {
    "Acknowledged": "TimeAcknowledged",
    "Resolved": "TimeResolved",
    "Cleared": "TimeResolved",
}
HISTORY = "History"


def follow(draft: Draft) -> None:
    """Stamp what a write changes in an alert's course, and add a line to its history."""
    before, record, now = draft.before, draft.record, draft.records.clock.text()
    if before is None:
        first = {"Action": "Created", "ActionTime": record["TimeGenerated"]}
        record[HISTORY] = [{**first, "NewStatus": record["Status"]}]
        return
    line = _line(draft, before)
    if not line:
        return
    if line["Action"] == record.get("Status") == "Acknowledged":
        record["AcknowledgedBy"] = draft.author
    if stamp := STAMPS.get(line["Action"]):
        record[stamp] = now
    by = {"ActionBy": draft.author, "ActionTime": now}
    record[HISTORY] = [*history(before), {**line, **by}]


def _line(draft: Draft, before: Record) -> Record:
    record = draft.record
    line: dict[str, Any] = {}
    if draft.changed("Status"):
        line = {"Action": record.get("Status"), "PreviousStatus": before.get("Status")}
        line["NewStatus"] = record.get("Status")
    elif draft.changed("TicketID"):
        line = {"Action": "TicketCreated"}
    elif draft.changed("Notes"):
        line = {"Action": "NoteAdded"}
    if line and draft.changed("Notes"):
        said = str(record.get("Notes") or "")
        line["Notes"] = said.removeprefix(str(before.get("Notes") or "")).strip()
    return line


def history(record: Record) -> list[Record]:
    """Return the lines of an alert's history, those of a seeded one told from its instants."""
    if record.get(HISTORY):
        return list(record[HISTORY])
    lines = [{"Action": "Created", "ActionTime": record["TimeGenerated"], "NewStatus": "New"}]
    if seen := record.get("TimeAcknowledged"):
        by = {"ActionBy": record.get("AcknowledgedBy"), "ActionTime": seen}
        states = {"PreviousStatus": "New", "NewStatus": "Acknowledged"}
        lines.append({"Action": "Acknowledged", **by, **states})
    if record.get("Status") in CLOSED and record.get("TimeResolved"):
        states = {"PreviousStatus": lines[-1]["NewStatus"], "NewStatus": record["Status"]}
        lines.append({"Action": record["Status"], "ActionTime": record["TimeResolved"], **states})
    return lines
