"""What PSA's actions do to the state, where facts describe it (psa facts 8.5)."""

from collections.abc import Mapping

from mockserver.psa import conversions, merging, sheets, ticket_actions
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
BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    **ticket_actions.BEHAVIOURS,
    **merging.BEHAVIOURS,
    **sheets.BEHAVIOURS,
    **conversions.BEHAVIOURS,
}
