"""The quirks of Automate's alerts, one field each, with its source."""

from dataclasses import dataclass
from typing import Literal

#: What a monitor that fails may be.
State = Literal["Warning", "Error", "Critical"]


@dataclass(frozen=True, eq=False)
class AlertQuirks:
    """What sources disagree on, or do not tell, of alerts, monitors and what quiets them.

    Attributes:
        alert_ages: Whether observed alerts have ``AlertAge``, as .NET prints spans
            (``1.02:03:00``); the model has the text, no answer shows any.
        closed_alerts_refuse: What an alert that is resolved or cleared does not let be done to it
            once more (96 has the refusal, not of what).
        alerts_cleared: The statuses in which an alert is cleared when its cause is gone; ours.
        suppression_end: The status of an alert whose suppression ends, ``before`` for the one that
            it had; the seed family shows the call only.
        notes_replaced: What puts its text in the place of an alert's notes, not below them; the
            seed family shows the calls only. The history tells every text.
        suppression_s_max: The longest suppression; a longer one is a 400; ours.
        bulk_acknowledge_members: What the two lists of BulkAcknowledge's answer are called: of
            what was done, of what was not; the seed family shows no answer.
        ticket_number: The ``TicketNumber`` of a ticket that is made of an alert; ``{year}`` and
            ``{id}``, of five digits at least, stand for themselves; the seed family shows one.
        ticket_created_status: Answer to CreateTicket; the seed family shows the body only.
        second_tickets: Whether an alert that has a ticket gets another, or the call is a 400;
            unknown.
        ticket_board_required: Whether CreateTicket needs a ``BoardID``, or PSA's default board is
            taken; unknown.
        ticket_status_follows: Whether an alert's ``TicketStatus`` follows its PSA ticket, or stays
            what it was when the ticket was made; the seed family has the member only.
        offline_alerts: Whose alert it is that a computer does not report in: its ``Agent Offline``
            monitor's if it has one, always the system's, or nobody's; ours.
        failing_states: The statuses of a monitor that fails, by its ``AlertSeverity`` from 1 to 4
            and what else it is; ours.
        monitor_names_unique: Whether a computer may have one monitor of a name only, which a group
            does not give twice either; unknown.
        maintenance_quiets: Whether a computer in maintenance raises no alerts; ours.
        maintenance_mode: The ``Mode`` of maintenance that a change of a computer's flag begins; the
            model has a number (94), nobody tells which is what.
        monitor_changes_told: Whether a monitor whose status a request changes gets a line of
            ``MonitorHistory`` too, as one whose state changes on the clock; 10.1 has the list.
        maintenance_minutes: How long maintenance lasts that a change of a computer's flag begins;
            0 until the flag is taken off; ours.
        late_alerts: Whether what failed during maintenance or a suspension, and fails still, is
            told when it ends; unknown, ours.
        suspension_s: How long a monitor is suspended by ``MonitorAlertSuspensions``; None for ever;
            unknown, ours.
        monitor_failure_chance: Share of the monitors that fail in a day; ours.
    """

    alert_ages: bool = True
    closed_alerts_refuse: frozenset[str] = frozenset({"acknowledge", "resolve", "suppress"})
    alerts_cleared: frozenset[str] = frozenset({"New", "Active", "Suppressed"})
    suppression_end: Literal["before", "New", "Active", "Acknowledged", "Cleared"] = "before"
    notes_replaced: frozenset[str] = frozenset({"acknowledge", "resolve", "suppress"})
    suppression_s_max: int = 366 * 86_400
    bulk_acknowledge_members: tuple[str, str] = ("Acknowledged", "Failed")
    ticket_number: str = "TKT-{year}-{id}"
    ticket_created_status: int = 201
    second_tickets: bool = True
    ticket_board_required: bool = False
    ticket_status_follows: bool = True
    offline_alerts: Literal["monitor", "system", "none"] = "monitor"
    failing_states: tuple[State, State, State, State] = ("Warning", "Warning", "Error", "Critical")
    monitor_names_unique: bool = True
    maintenance_quiets: bool = True
    maintenance_mode: int = 1
    monitor_changes_told: bool = False
    maintenance_minutes: int = 0
    late_alerts: bool = True
    suspension_s: float | None = 604_800
    monitor_failure_chance: float = 0.02
