"""Monitors whose state changes on the world's clock."""

from typing import Any

from mockserver.automate.life.places import kept
from mockserver.automate.resources.sensed import remember, show
from mockserver.core.records import Records
from mockserver.core.rules import Record

MONITORS = "Monitors"


def watched(records: Records, monitor: Record, **changes: Any) -> None:
    """Change a monitor, also where the vendor shows it elsewhere."""
    changed = kept(records, MONITORS, monitor, **changes)
    show(records, changed)
    if changed["Status"] != monitor.get("Status"):
        remember(records, changed)
