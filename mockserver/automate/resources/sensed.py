"""Where a monitor shows besides: below its computer, as the vendor has it, and in its history.

The lists are the vendor's (automate facts 10.1 and 10.3); that a monitor whose state changes gets a
line of ``MonitorHistory`` is ours (see DEVIATIONS.md).
"""

from collections.abc import Mapping

from mockserver.automate.profile import profile_in
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record

SENSED, HISTORY = "automate:Computers/Monitors", "automate:MonitorHistory"
#: What the history calls a state, and says of it; every other state is a failure.
RESULTS: Mapping[str, tuple[int, str, str]] = {
    "OK": (1, "Success", "The monitor returned to normal."),
    "Warning": (2, "Warning", "The value is close to the threshold."),
}
FAILED = (3, "Failed", "The threshold was exceeded.")


def follow_monitor(draft: Draft) -> None:
    """Let a monitor that is made or changed by a request show everywhere."""
    records = draft.records
    show(records, draft.record)
    told = draft.before is not None and draft.changed("Status")
    if told and profile_in(records).monitor_changes_told:
        remember(records, draft.record)


def forget_monitor(draft: Draft) -> None:
    """Let a monitor that is deleted show nowhere but in its history."""
    resource = draft.records.registry.resource(SENSED)
    draft.records.store.delete(resource, draft.record[draft.resource.key])


def show(records: Records, monitor: Record) -> None:
    """Show a monitor below its computer as it stands, if it is one of a computer."""
    resource, monitor_id = records.registry.resource(SENSED), monitor["MonitorID"]
    computer_id = (monitor.get("Computer") or {}).get("Id")
    before = records.find(resource, monitor_id)
    moved = before is not None and before.get("ComputerId") != computer_id
    if moved:
        records.store.delete(resource, monitor_id)
    if computer_id is None:
        return
    shown = {**(before or {}), "MonitorId": monitor_id, "ComputerId": computer_id}
    shown |= {"Name": monitor.get("Name"), "State": monitor.get("Status")}
    shown |= {"LastScanned": monitor.get("LastCheck"), "LastFailed": monitor.get("LastFailed")}
    shown = {name: value for name, value in shown.items() if value is not None}
    records.save(resource, shown, new=moved or before is None, parent=computer_id)


def remember(records: Records, monitor: Record) -> None:
    """Add a line to a monitor's history."""
    number, name, message = RESULTS.get(monitor["Status"], FAILED)
    resource = records.registry.resource(HISTORY)
    row = {
        "id": records.store.next_id(resource),
        "MonitorId": monitor["MonitorID"],
        "State": {"Id": number, "Name": name},
        "Message": message,
        "Timestamp": records.clock.text(),
        "RawResultMessage": monitor.get("CurrentValue"),
        "ComputerId": (monitor.get("Computer") or {}).get("Id"),
    }
    records.save(resource, row, new=True)
