"""What single operations must be sent, where the smallest body that fits will not do."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.operation import OperationKind

NOBODY = 987_654_321
WRITES = frozenset({OperationKind.CREATE, OperationKind.REPLACE, OperationKind.PATCH})
FORM = {
    "recordType": "Ticket",
    "recordId": "5000",
    "title": "A file",
}
CALLBACK = {"url": "http://127.0.0.1:9/", "objectId": 1, "level": "owner", "type": "ticket"}
#: What a record of a collection cannot be read back from: secrets, or what no two may share.
GIVEN = {
    "system/callbacks": CALLBACK,
    # the first is an agreement's, which cannot be created
    "finance/invoices": {"type": "Standard"},
}
ONE = {"EntityType": "Computer", "EntityIds": [98]}
FORECAST_ITEM = "/sales/opportunities/{parentId}/forecast/{id}"
#: Whom an operation is tried on that would end the walk if it were the caller, or that works on no
#: collection.
OTHERS = {
    **{
        f"/Computers/{{computerId}}/{each}": f"/Computers/97/{each}"
        for each in ("EffectivePatchingPolicy", "OperatingSystem", "PatchingStats", "bios")
    },
    **{
        f"/Computers/{{computerId}}/{each}": f"/Computers/97/{each}"
        for each in ("Antivirus", "PatchJobs", "Patches")
    },
    **{
        f"/Computers/{{id}}/{each}": f"/Computers/97/{each}"
        for each in ("Alerts", "ExtraDataFields", "Scripts/Executions")
    },
    "/system/members/{id}/deactivate": "/system/members/124/deactivate",
    # its items lie in a forecast
    FORECAST_ITEM: "/sales/opportunities/2/forecast/21",
    "/sales/opportunities/{parentId}/forecast/copy/{id}": "/sales/opportunities/2/forecast/copy/21",
    "/Users/{userId}/ChangePassword": "/Users/3/ChangePassword",
    # by the computer that has policies of its own
    "/Patching/Policies/Override/{computerId}": "/Patching/Policies/Override/121",
}
PATCHED = {"EntityType": 1, "EntityId": 98}
PATCH_ACTIONS = (
    *("DeployAllApproved", "DeployAllSecurity", "ReattemptFailed"),
    *("SetToTestStage", "SetToPilotStage", "SetToProductionStage"),
)
ITEM = {"opportunity": {"id": 2}, "status": {"id": 1}, "forecastType": "Product"}
SENT: Mapping[tuple[str, str], Any] = {
    ("POST", FORECAST_ITEM): ITEM,
    ("POST", "/system/info/links/{id}/resolveurl"): {"referenceId": 250},
    ("PUT", FORECAST_ITEM): ITEM,
    ("PUT", "/system/callbacks/{id}"): {**CALLBACK, "objectId": 5000, "level": "ticket"},
    ("PATCH", FORECAST_ITEM): [{"op": "replace", "path": "quantity", "value": 2}],
    ("POST", "/company/companies/{id}/merge"): {"toCompanyId": 4},
    ("POST", "/service/tickets/{parentId}/attachChildren"): {"childTicketIds": [5000]},
    ("POST", "/service/tickets/{parentId}/merge"): {"mergeTicketIds": [5000], "status": {"id": 1}},
    ("POST", "/project/projects/{parentId}/applyTemplates"): [{"id": 1, "name": "a"}],
    ("POST", "/procurement/purchasingDemands"): {"vendor": {"id": 3}, "products": []},
    ("PATCH", "/company/configurations/{id}/changeType"): [
        {"op": "replace", "path": "type/id", "value": 1}
    ],
    ("POST", "/Computers/{computerId}/MonitorAlertSuspensions"): 1,
    ("POST", "/Batch/Scripting/Delete"): {"ScriptIds": [NOBODY]},
    ("POST", "/RemoteAgent/Installers"): {"LocationId": 1, "InstallerType": 1},
    ("POST", "/Batch/Searches/SendTo"): {"SearchIds": [1], "FolderId": 1},
    ("POST", "/Users/{userId}/ChangePassword"): {"NewPassword": "Walk-1-around"},
    ("POST", "/v2/Scripts/ScriptFolders"): {"Name": "a"},
    ("POST", "/v2/Scripts/ScriptFolders/{parentFolderId}"): {"Name": "a"},
    ("POST", "/GroupComputers"): {"GroupId": "5", "ComputerId": "97"},
    ("POST", "/GroupNetworkDevices"): {"GroupId": "4", "DeviceId": "1"},
    ("PUT", "/ProbeConfiguration/{probeConfigurationId}/AgentPushCredentials"): [
        {"CredentialId": 1, "AttemptSequence": 1}
    ],
    ("PATCH", "/ProbeConfiguration/{probeConfigurationId}/SnmpConfiguration"): [
        {"op": "replace", "path": "SnmpTimeoutInSeconds", "value": 6}
    ],
    ("PATCH", "/Locations/{locationId}/ProbeConfiguration"): [
        {"op": "replace", "path": "IsDataCollectionEnabled", "value": True}
    ],
    ("POST", "/Batch/Commands/SendTo"): {**ONE, "TargetType": "Site", "TargetId": 2},
    ("POST", "/Batch/Groups/RemoveEntities"): {**ONE, "GroupId": 1},
    ("POST", "/Batch/ScriptExecute"): {**ONE, "ScriptId": 1},
    ("POST", "/Batch/ScriptSchedule"): {**ONE, "ScriptId": 1},
    ("POST", "/Scripts/{scriptId}/Execute"): {"ComputerIDs": [98]},
    ("POST", "/Alerts/BulkAcknowledge"): {"AlertIDs": [1]},
    **{("POST", f"/PatchActions/{each}"): PATCHED for each in PATCH_ACTIONS},
}
#: What takes a file although the description tells of no body.
