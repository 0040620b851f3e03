"""The tables among the quirks of Automate's records, as they are unless they are set otherwise."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

Audited = Literal["Login", "Password Changed", "User Added", "User Changed", "User Removed"]
AUDITED: Final[frozenset[Audited]] = frozenset(
    {"Login", "Password Changed", "User Added", "User Changed", "User Removed"}
)

UNKNOWN_EXTRA_FIELD: Final[Mapping[str, int]] = MappingProxyType(
    {"ExtraDataFields": 400, "ExtraFields": 404}
)
#: Versions that belong to the build of the published description, and the newest agent's.
VERSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "WebServerPatchVersion": "2025.0.5",
        "DBAgentServerPatchVersion": "2025.0.5",
        "ControlCenterPatchVersion": "2025.0.5",
        "RemoteAgentPatchVersion": "230.342",
        "LinuxAgentPatchVersion": "230.342",
        "MacAgentPatchVersion": "230.342",
    }
)
#: How a monitor's threshold compares (the seed family's monitors).
OPERATORS: Final[frozenset[str]] = frozenset(
    {"eq", "ne", "gt", "lt", "ge", "le", "contains", "notcontains"}
)
PROBE: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "AgentDeploymentAttemptMaximum": 3,
        "SnmpSettings": {"CommunityStringsGet": "public", "TimeoutInSeconds": 5},
        "IsDataCollectionEnabled": True,
    }
)
PROBE_SNMP: Final[Mapping[str, Any]] = MappingProxyType(
    {"SnmpTimeoutInSeconds": 5, "CommunityStringGetList": "public"}
)
#: What the observed API does not let a caller do, by collection (automate facts 10.1 and 89).
READ_ONLY: Final[frozenset[str]] = frozenset(
    {
        *(f"POST /{each}" for each in ("Alerts", "Monitors")),
        *(
            f"{method} /{each}/{{id}}"
            for method in ("PUT", "PATCH", "DELETE")
            for each in ("Alerts", "Monitors", "Scripts")
        ),
    }
)
