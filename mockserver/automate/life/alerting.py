"""Alerts that monitors and absent computers raise, and that go away with their cause."""

from typing import Any

from mockserver.automate.life.places import SYSTEM, at, found, matching
from mockserver.automate.profile import profile_in
from mockserver.automate.resources.courses import CLOSED
from mockserver.core.agenda import Moment
from mockserver.core.records import Records
from mockserver.core.rules import Record

ALERTS = "Alerts"
UNSUPPRESS = "alert shown again"
#: The monitor that every agent has: it fails when the computer goes away.
AVAILABILITY = "Agent Offline"
SEVERITY_OFFLINE = 3
#: Where the vendor lists monitors that raise no alerts on a computer (automate facts 10.1).
SUSPENSIONS = ("Computers/MonitorAlertSuspensions", "Computers/AlertSuspensions/TemplateDiversion")
FAILING = frozenset({"Warning", "Error", "Critical"})


def offline(moment: Moment, computer: Record, monitor: Record | None) -> None:
    """Raise the alert of a computer that has gone."""
    text = f"{computer['ComputerName']} does not report in any more"
    whose = profile_in(moment.records).offline_alerts
    if whose == "none":
        return
    if monitor is not None and whose == "monitor":
        failing(moment, computer, monitor, text)
        return
    cause = {"Source": "System", "SourceName": AVAILABILITY, "Category": "Availability"}
    _raised(moment, computer, {**cause, "Severity": SEVERITY_OFFLINE, "Message": text})


def failing(moment: Moment, computer: Record, monitor: Record, text: str = "") -> None:
    """Raise the alert of a monitor; what it is about is told as by earlier alerts of its kind."""
    name = monitor["Name"]
    known = next(iter(matching(moment.records, ALERTS, sourcename=name.casefold())), {})
    cause: dict[str, Any] = {
        "Source": "Monitor",
        "SourceID": monitor["MonitorID"],
        "SourceName": name,
        "Severity": monitor.get("AlertSeverity") or 1,
        "Monitor": {"Id": monitor["MonitorID"], "Name": name},
        "Message": text or f"{name} failed on {computer['ComputerName']}",
    }
    cause.update((each, known[each]) for each in ("Category", "FieldName") if each in known)
    _raised(moment, computer, cause)


def late(moment: Moment, computer: Record, monitor: Record) -> None:
    """Raise the alert of a monitor that failed while it was kept quiet, and still fails."""
    open_ones = matching(
        moment.records, ALERTS, computer_id=computer["Id"], sourceid=monitor["MonitorID"]
    )
    if monitor.get("Status") in FAILING and not any(
        each.get("Status") not in CLOSED for each in open_ones
    ):
        failing(moment, computer, monitor)


def _quiet(records: Records, computer: Record, cause: dict[str, Any]) -> bool:
    """Tell whether a computer is in maintenance or the monitor that fails is suspended."""
    if computer.get("IsMaintenanceModeEnabled") and profile_in(records).maintenance_quiets:
        return True
    about = {"parent_id": computer["Id"], "monitor_monitorid": cause.get("SourceID")}
    if about["monitor_monitorid"] is None:
        return False
    return any(records.store.matching(at(records, path), 1, **about) for path in SUSPENSIONS)


def _raised(moment: Moment, computer: Record, cause: dict[str, Any]) -> None:
    if _quiet(moment.records, computer, cause):
        return
    about = {"Computer": {"Id": computer["Id"]}, "TimeGenerated": moment.text, "Status": "New"}
    about["Subject"] = f"{cause['SourceName']} on {computer['ComputerName']}"
    about["AlertGUID"] = moment.dice(moment.now_s, cause["SourceName"]).uuid()
    moment.records.create(at(moment.records, ALERTS), {**about, **cause}, SYSTEM)


def cleared(moment: Moment, computer: Record, name: str) -> None:
    """Clear the open alerts of one cause on a computer."""
    sought = {"computer_id": computer["Id"], "sourcename": name.casefold()}
    for alert in list(matching(moment.records, ALERTS, **sought)):
        if alert.get("Status") in profile_in(moment.records).alerts_cleared:
            resource = at(moment.records, ALERTS)
            moment.records.change(resource, alert["AlertId"], {"Status": "Cleared"}, SYSTEM)


def unsuppress(moment: Moment) -> None:
    """Show an alert again whose suppression has ended."""
    alert = found(moment.records, ALERTS, moment.event.about)
    if alert is not None and alert.get("Status") == "Suppressed":
        status = moment.event.facts.get("Status", "Active")
        resource = at(moment.records, ALERTS)
        moment.records.change(resource, alert["AlertId"], {"Status": status}, SYSTEM)
