"""The longer values of PSA's quirks, each with its source."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: What seed 002 lets a condition on tickets name although no record shows it (psa facts S5, S7).
SEED_NAMES = MappingProxyType(
    {
        "service/tickets": MappingProxyType(
            {
                "assignedResource": "resources",
                "assignedResource/name": "resources",
                "contact/firstName": "contact/name",
                "contact/lastName": "contact/name",
            }
        ),
    }
)
#: Seed 002, "429 Response".
SEED_QUOTA_BODY = MappingProxyType(
    {
        "code": "RateLimitExceeded",
        "message": "Rate limit exceeded. Try again in {wait_s} seconds.",
    }
)
#: Psa facts 5.1: the key is ``error``, not ``code``.
QUOTA_BODY = MappingProxyType(
    {
        "error": "ConnectWiseAPI",
        "message": "Too many requests. Please try again in {wait_s} seconds.",
    }
)
#: Psa facts 2.4: attachChildren was refused below 2021.2, communication types below 2020.4.
FLOORS = MappingProxyType(
    {
        "/service/tickets/{parentId}/attachChildren": "2021.2",
        "/company/communicationTypes": "2020.4",
    }
)
#: Psa facts 2.6: what both the cloud and servers on premises were seen to send.
SERVER_HEADERS = (
    ("x-server-name", "CWMOCK01"),
    ("Cache-Control", "no-cache"),
    ("Pragma", "no-cache"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Xss-Protection", "1; mode=block"),
)
#: By type, the levels beside ``owner`` and the record itself, each with the member of the record
#: whose id is subscribed to (psa facts 7.4; what is not recorded is left out, U16).
CALLBACK_LEVELS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "activity": {"status": "status", "type": "type", "company": "company"},
        "agreement": {"type": "type", "company": "company"},
        "company": {
            "status": "status",
            "type": "types",
            "territory": "territory",
            "integratortag": "integratorTags",
        },
        "contact": {"company": "company", "type": "types"},
        "ticket": {
            "location": "location",
            "board": "board",
            "status": "status",
            "company": "company",
            "project": "project",
            "projectphase": "phase",
        },
    }
)
