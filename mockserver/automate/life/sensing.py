"""Where the state of a monitor shows: in its record, below its computer and in its history.

The lists are the vendor's (automate facts 10.1 and 10.3); that a monitor whose state changes gets a
line of ``MonitorHistory`` is ours (see DEVIATIONS.md).
"""

from collections.abc import Mapping
from typing import Any

from mockserver.automate.life.places import added, at, found, kept
from mockserver.core.records import Records
from mockserver.core.rules import Record

MONITORS, SENSED, HISTORY = "Monitors", "Computers/Monitors", "MonitorHistory"
#: What the history calls a state, and says of it; every other state is a failure.
RESULTS: Mapping[str, tuple[int, str, str]] = {
    "OK": (1, "Success", "The monitor returned to normal."),
    "Warning": (2, "Warning", "The value is close to the threshold."),
}
FAILED = (3, "Failed", "The threshold was exceeded.")


def watched(records: Records, monitor: Record, **changes: Any) -> None:
    """Change a monitor, also where the vendor shows it elsewhere."""
    changed = kept(records, MONITORS, monitor, **changes)
    sensed = found(records, SENSED, monitor["MonitorID"])
    if sensed is not None:
        shown = {"State": changed["Status"], "LastScanned": changed.get("LastCheck")}
        kept(records, SENSED, sensed, **shown, LastFailed=changed.get("LastFailed"))
    if changed["Status"] != monitor.get("Status"):
        _remembered(records, changed)


def _remembered(records: Records, monitor: Record) -> None:
    number, name, message = RESULTS.get(monitor["Status"], FAILED)
    row = {
        "id": records.store.next_id(at(records, HISTORY)),
        "MonitorId": monitor["MonitorID"],
        "State": {"Id": number, "Name": name},
        "Message": message,
        "Timestamp": records.clock.text(),
        "RawResultMessage": monitor.get("CurrentValue"),
        "ComputerId": (monitor.get("Computer") or {}).get("Id"),
    }
    added(records, HISTORY, row)
