"""The quirks of single areas of PSA, one field each, with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class AreaQuirks:
    """What sources disagree on, or do not tell, of single areas.

    Attributes:
        sla_pauses: Whether the clock of a ticket's SLA stands still while its status is one without
            escalation (the enumeration of statuses; what it means is a guess).
    """

    sla_pauses: bool = True
