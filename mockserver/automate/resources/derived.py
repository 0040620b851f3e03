"""Values that an Automate record computes from its other values."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.rules import Draft

#: The names of the four levels in the vendor's 2018 description (automate facts 10.3).
SEVERITIES = {1: "Informational", 2: "Warning", 3: "Error", 4: "Critical"}


def fill_alert(draft: Draft) -> None:
    """Give a new alert what it must have."""
    draft.default("Severity", 1)
    draft.default("Status", "New")
    draft.default("TimeGenerated", draft.records.clock.text())


def observed_alert(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the severity by name and the instant, as the vendor's description has them."""
    level = record.get("Severity", 1)
    shown = {"Severity": {"Id": level, "Name": SEVERITIES.get(level, "Critical")}}
    raised = record.get("TimeGenerated")
    return {**shown, "AlertDate": raised.removesuffix("Z")} if raised else shown


def observed_monitor(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the id as the vendor's description spells it."""
    return {"MonitorId": record["MonitorID"]}


def script_parameters(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names of the parameters: all that the observed shape has of them."""
    return {"Parameters": [each.get("Name") for each in record.get("Parameters") or []]}
