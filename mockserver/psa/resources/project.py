"""Projects, phases and their tickets."""

from collections.abc import Mapping

from mockserver.core.rules import Draft, Rules
from mockserver.psa.resources.board_parts import check_together
from mockserver.psa.resources.ticket_defaults import fill, write_initial_notes


def _fill_project(draft: Draft) -> None:
    for name in ("billTime", "billExpenses", "billProducts"):
        draft.default(name, "NoDefault")
    draft.default("billingRateType", "WorkRole")
    draft.default("budgetAnalysis", "ActualHours")


def _fill_ticket(draft: Draft) -> None:
    """Put a project ticket into its phase's project, and onto that project's board."""
    phase_id = draft.id_of("phase")
    found = draft.records.target("project/projects/phases", phase_id) if phase_id else None
    if found is None or found[1] is None:
        return
    draft.default("project", found[1])
    project = draft.records.target("project/projects", found[1])
    shown = project[0] if project else {}
    for name in ("board", "company"):
        draft.default(name, (shown.get(name) or {}).get("id"))
    fill(draft)


RULES: Mapping[str, Rules] = {
    "project/projects": Rules(fill=_fill_project),
    "project/tickets": Rules(fill=_fill_ticket, check=check_together, written=write_initial_notes),
}
