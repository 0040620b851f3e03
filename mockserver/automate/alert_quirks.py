"""The quirks of Automate's alerts, one field each, with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class AlertQuirks:
    """What sources disagree on, or do not tell, of alerts, monitors and what quiets them.

    Attributes:
        alert_ages: Whether observed alerts have ``AlertAge``, as .NET prints spans
            (``1.02:03:00``); the model has the text, no answer shows any.
        maintenance_minutes: How long maintenance lasts that a change of a computer's flag begins;
            0 until the flag is taken off; ours.
        late_alerts: Whether what failed during maintenance or a suspension, and fails still, is
            told when it ends; unknown, ours.
        suspension_s: How long a monitor is suspended by ``MonitorAlertSuspensions``; None for ever;
            unknown, ours.
        monitor_failure_chance: Share of the monitors that fail in a day; ours.
    """

    alert_ages: bool = True
    maintenance_minutes: int = 0
    late_alerts: bool = True
    suspension_s: float | None = 604_800
    monitor_failure_chance: float = 0.02
