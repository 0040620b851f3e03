"""Values that an Automate record computes from its other values."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mockserver.core.schema import Labels

#: The names of the four levels in the vendor's 2018 description (automate facts 10.3).
LEVELS = ((1, "Informational"), (2, "Warning"), (3, "Error"), (4, "Critical"))
LEVEL = re.compile(r"[0-9]{1,9}", re.ASCII)
SEVERITIES = Labels(LEVELS, otherwise="Critical", missing="Informational")


def severities(names: Mapping[str, str]) -> Labels:
    """Return the texts of a profile's ``severity_names``."""
    levels = tuple((int(each), name) for each, name in names.items() if LEVEL.fullmatch(each))
    otherwise, missing = names.get("other", ""), names.get("none", "")
    return Labels(levels, otherwise=otherwise, missing=missing)


def observed_alert(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the severity by name and the instant, as the vendor's description has them."""
    level = record.get("Severity", 1)
    shown = {"Severity": {"Id": level, "Name": SEVERITIES.of(level)}}
    raised = record.get("TimeGenerated")
    return {**shown, "AlertDate": raised.removesuffix("Z")} if raised else shown


def age(raised: str, now: datetime) -> str:
    """Return the minutes since an observed ``AlertDate``, as .NET prints spans: ``1.02:03:00``."""
    since = now - datetime.fromisoformat(raised).replace(tzinfo=UTC)
    hours, minutes = divmod(max(0, int(since.total_seconds()) // 60), 60)
    days, hours = divmod(hours, 24)
    clock = f"{hours:02}:{minutes:02}:00"
    return f"{days}.{clock}" if days else clock


def observed_location(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the id under its second name, which list rows have too (automate facts 10.3)."""
    return {"LocationId": record["Id"]}


def observed_monitor(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the id and the computer as the vendor's description spells them."""
    shown: dict[str, Any] = {"MonitorId": record["MonitorID"]}
    computer = record.get("Computer")
    if computer:
        shown["TargetComputer"] = {"ComputerId": computer["Id"], "Name": computer.get("Name")}
    return shown


def script_parameters(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names of the parameters: all that the observed shape has of them."""
    return {"Parameters": [each.get("Name") for each in record.get("Parameters") or []]}
