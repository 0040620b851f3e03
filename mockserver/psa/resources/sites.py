"""What is at a company's site goes to another site with the company."""

from collections.abc import Mapping

from mockserver.core.rules import Draft, Rules
from mockserver.psa.resources.lookup import first_id, points_elsewhere

SITES = "company/companies/sites"
#: The collections whose records are at a site. Tickets show more of theirs and do this themselves.
PLACED = (
    "company/contacts",
    "company/configurations",
    "finance/agreements",
    "sales/opportunities",
    "sales/orders",
    "project/projects",
)


def with_sites(rules: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """Return *rules* that also let records move with their company."""
    plain = Rules()
    moved = {
        path: rules.get(path, plain).then(prepare=_leave_site, fill=_go_to_site) for path in PLACED
    }
    return {**rules, **moved}


def _leave_site(draft: Draft) -> None:
    """Leave the old company's site behind: it could not be found below the new one."""
    moves = draft.before is not None and "company" in draft.given
    if moves and "site" not in draft.given and points_elsewhere(draft, "company"):
        draft.record.pop("site", None)


def _go_to_site(draft: Draft) -> None:
    """Go to the new company's primary site; a new contact to its company's (psa facts 8.10)."""
    company_id, is_new = draft.id_of("company"), draft.before is None
    comes = is_new and draft.resource.path == "company/contacts"
    left = not is_new and draft.changed("company") and (draft.before or {}).get("site")
    if company_id is not None and (comes or left):
        primary = first_id(draft, SITES, parent_id=company_id, primaryaddressflag=True)
        draft.default("site", primary or first_id(draft, SITES, parent_id=company_id))
