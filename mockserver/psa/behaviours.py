"""What PSA's actions do to the state, where facts describe it (psa facts 8.5)."""

from collections.abc import Mapping

from mockserver.psa import (
    billing_actions,
    billing_views,
    contact_actions,
    conversions,
    ledger_actions,
    ledger_export,
    link_actions,
    member_actions,
    merging,
    procurement_actions,
    project_actions,
    project_templates,
    setup_actions,
    sheets,
    ticket_actions,
)
from mockserver.web.means import Behaviour

#: Members that ``/info`` mirrors show under names of their own, by collection: the mirror's name of
#: them and the members that they are made of.
DERIVED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "company/companies/types": {"isVendor": ("vendorFlag",)},
    "service/boards/statuses": {"inactiveFlag": ("inactive",), "closedFlag": ("closedStatus",)},
    "system/locations": {"location_flag": ("locationFlag",)},
    "time/workTypes": {"defaultFlag": ("overallDefaultFlag",)},
    "system/members": {"fullName": ("firstName", "lastName")},
}
#: What facts or the description tell the effect of.
DESCRIBED: Mapping[tuple[str, str], Behaviour] = {
    **ticket_actions.BEHAVIOURS,
    **merging.BEHAVIOURS,
    **sheets.BEHAVIOURS,
    **conversions.BEHAVIOURS,
    **member_actions.BEHAVIOURS,
    **link_actions.BEHAVIOURS,
}
BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    **DESCRIBED,
    **member_actions.NAMED,
    **project_templates.NAMED,
    **procurement_actions.NAMED,
    **billing_actions.NAMED,
    **billing_views.NAMED,
    **setup_actions.NAMED,
    **ledger_actions.NAMED,
    **ledger_export.NAMED,
    **contact_actions.NAMED,
    **project_actions.NAMED,
}
