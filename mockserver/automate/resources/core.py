"""The core resources: what the seed family calls things, and what only its shape has.

Sources: seeds 000 and 001 for the names in their examples, automate facts 10.3 for the rest of the
seed family's models. Each row is one member of the documented shape.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.automate.resources.derived import (
    fill_alert,
    observed_alert,
    observed_monitor,
    script_parameters,
)
from mockserver.automate.shape import Shown
from mockserver.core.rules import Rules
from mockserver.core.schema import Field, Kind


@dataclass(frozen=True)
class Declared:
    """One served resource.

    Attributes:
        path: Its path below the API's base.
        model: The vendor's model of its records.
        key: The field that holds a record's id.
        documented: The members of the documented shape.
        extra: Fields that only the documented shape has.
        references: Nested objects that stand for records: name → path.
        changes: Facts that hand-written knowledge replaces, by field.
        label: The field that holds a record's name.
        stamp: The field that holds the instant of the last change.
        aliases: Observed names of values that are kept otherwise, for conditions.
        derived: Gives the members of the observed shape that are kept otherwise.
        methods: What the documented API lets a caller do to it.
        rules: Its hooks.
    """

    path: str
    model: str
    key: str
    documented: tuple[Shown, ...]
    extra: tuple[Field, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    label: str = "Name"
    stamp: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    derived: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
    methods: frozenset[str] = frozenset({"POST", "PUT", "PATCH", "DELETE"})
    rules: Rules = field(default_factory=Rules)


def _texts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.TEXT) for name in names)


def _integers(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.INTEGER, bits=64) for name in names)


def _instants(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.INSTANT) for name in names)


def _reference(name: str) -> Field:
    members = (Field("Id", Kind.INTEGER), Field("Name", Kind.TEXT))
    return Field(name, Kind.REFERENCE, target=f"automate:{name}s", fields=members)


def _same(*names: str) -> tuple[Shown, ...]:
    return tuple(Shown(name, name) for name in names)


def _minutes_to_seconds(minutes: int) -> int:
    return minutes * 60


def _seconds_to_minutes(seconds: Any) -> Any:
    return seconds // 60 if isinstance(seconds, int) and not isinstance(seconds, bool) else seconds


CLIENTS = Declared(
    "Clients",
    "LabTech.Models.Client",
    "Id",
    (
        Shown("ClientID", "Id"),
        Shown("Name", "Name"),
        Shown("ExternalID", "ExternalId"),
        *_same("Company", "FirstName", "LastName", "Address1", "Address2", "City", "State"),
        Shown("Zip", "ZipCode"),
        Shown("Country", "Country"),
        Shown("Phone", "PhoneNumber"),
        Shown("Fax", "FaxNumber"),
        *_same("Website", "ContactName", "ContactEmail", "ContactPhone", "Comment"),
        *_same("DefaultRouterAddress", "DateAdded", "ComputerCount", "LocationCount", "ExtraData"),
    ),
    extra=(
        *_texts("Website", "ContactName", "ContactEmail", "ContactPhone", "DefaultRouterAddress"),
        *_instants("DateAdded"),
        *_integers("ComputerCount", "LocationCount"),
        Field("ExtraData", Kind.OBJECT),
    ),
    changes={"Name": {"required": True, "max_length": 50}},
)

LOCATIONS = Declared(
    "Locations",
    "LabTech.Models.Location",
    "Id",
    (
        Shown("LocationID", "Id"),
        Shown("ClientID", "Client/Id"),
        *_same("Client", "Name", "Address1", "Address2", "City", "State"),
        Shown("Zip", "ZipCode"),
        Shown("Country", "Country"),
        Shown("Phone", "PhoneNumber"),
        Shown("Router", "ScriptRouterAddress"),
        Shown("NetworkProbe", "NetworkProbe"),
        Shown("Comment", "Comments"),
        *_same("DateAdded", "ComputerCount", "ExtraData"),
    ),
    extra=(
        Field("NetworkProbe", Kind.FLAG),
        *_instants("DateAdded"),
        *_integers("ComputerCount"),
        Field("ExtraData", Kind.OBJECT),
    ),
    references={"Client": "Clients"},
    changes={"Name": {"required": True, "max_length": 50}, "Client": {"required": True}},
)

COMPUTERS = Declared(
    "Computers",
    "LabTech.Models.Computer",
    "Id",
    (
        Shown("ComputerID", "Id"),
        Shown("ComputerGUID", "ComputerGUID"),
        Shown("Name", "ComputerName"),
        Shown("FriendlyName", "FriendlyName"),
        Shown("ClientID", "Client/Id"),
        Shown("LocationID", "Location/Id"),
        *_same("Client", "Location", "Status", "Type"),
        Shown("LastContact", "RemoteAgentLastContact"),
        Shown("LastHeartbeat", "LastHeartbeat"),
        Shown("Uptime", "SystemUptime", _minutes_to_seconds, _seconds_to_minutes),
        Shown("OS", "OperatingSystemName"),
        Shown("OSType", "OSType"),
        Shown("OSVersion", "OperatingSystemVersion"),
        Shown("IPAddress", "LocalIPAddress"),
        Shown("ExternalIP", "ExternalIP"),
        Shown("DefaultGateway", "GatewayIPAddress"),
        Shown("MAC", "MACAddress"),
        Shown("Domain", "DomainName"),
        *_same("SerialNumber", "Manufacturer", "Model", "ProcessorName", "ProcessorCount"),
        *_same("TotalMemory", "FreeMemory", "DiskFreePercent", "CpuUsage"),
        Shown("AgentVersion", "RemoteAgentVersion"),
        Shown("RemoteAgentVersion", "RemoteAgentVersion"),
        Shown("LastInventory", "LastInventory"),
        *_same("LastPatched", "LastUserName", "IsRebootNeeded", "IsMaintenanceModeEnabled"),
        *_same("IsVirtualMachine", "AssetTag", "Comment", "DateAdded", "ExtraData"),
    ),
    extra=(
        *_texts("ComputerGUID", "ExternalIP", "Manufacturer", "Model", "ProcessorName", "OSType"),
        *_integers("ProcessorCount", "DiskFreePercent"),
        *_instants("LastPatched", "LastInventory"),
        Field("ExtraData", Kind.OBJECT),
    ),
    references={"Client": "Clients", "Location": "Locations"},
    changes={
        "Type": {"enum": ("Workstation", "Server")},
        "ComputerName": {"required": True, "max_length": 63},
    },
    label="ComputerName",
    methods=frozenset({"PATCH", "DELETE"}),
)

SCRIPTS = Declared(
    "Scripts",
    "LabTech.Models.Script",
    "Id",
    (
        Shown("ScriptID", "Id"),
        Shown("ScriptGUID", "GUID"),
        Shown("Name", "Name"),
        Shown("FolderID", "Folder/Id"),
        Shown("FolderPath", "FullFolderPath"),
        Shown("ScriptType", "ScriptType"),
        Shown("ScriptVersion", "Version"),
        Shown("Description", "Comments"),
        Shown("Parameters", "Parameters"),
        *_same("ClientID", "LocationID", "DateCreated"),
        Shown("DateModified", "UpdateDate"),
        Shown("ModifiedBy", "UpdatedBy"),
        Shown("Enabled", "Enabled"),
    ),
    extra=(
        *_texts("ScriptType"),
        *_integers("ClientID", "LocationID"),
        *_instants("DateCreated"),
        Field("Enabled", Kind.FLAG),
        Field(
            "Parameters",
            Kind.LIST,
            fields=(
                Field("Name", Kind.TEXT),
                Field("Type", Kind.TEXT),
                Field("Required", Kind.FLAG),
                Field("DefaultValue", Kind.TEXT),
                Field("Description", Kind.TEXT),
                Field("Options", Kind.LIST, items=Kind.TEXT),
            ),
        ),
    ),
    changes={"Name": {"required": True}},
    stamp="UpdateDate",
    derived=script_parameters,
)

MONITORS = Declared(
    "Monitors",
    "Automate.Api.Domain.Contracts.Monitors.Monitor",
    "MonitorID",
    (
        *_same("MonitorID", "Name", "MonitorType", "Status", "LastCheck", "LastFailed"),
        *_same("CurrentValue", "AlertSeverity", "Enabled", "Interval"),
        Shown("ComputerID", "Computer/Id"),
        Shown("ComputerName", "Computer/Name"),
        Shown("ClientID", "Client/Id"),
    ),
    extra=(
        Field("MonitorID", Kind.INTEGER, read_only=True),
        *_texts("MonitorType", "CurrentValue"),
        Field(
            "Status",
            Kind.TEXT,
            enum=("OK", "Warning", "Error", "Critical", "Unknown", "Disabled"),
        ),
        *_instants("LastCheck", "LastFailed"),
        *_integers("AlertSeverity", "Interval"),
        Field("Enabled", Kind.FLAG),
        *(_reference(name) for name in ("Client", "Location", "Computer")),
    ),
    references={"Client": "Clients", "Location": "Locations", "Computer": "Computers"},
    changes={"Name": {"required": True}},
    aliases={"MonitorId": "MonitorID"},
    derived=observed_monitor,
)

ALERTS = Declared(
    "Alerts",
    "Automate.Api.Domain.Contracts.Alerts.Alert",
    "AlertId",
    (
        Shown("AlertID", "AlertId"),
        *_same("AlertGUID", "Source", "SourceID", "SourceName"),
        Shown("ComputerID", "Computer/Id"),
        Shown("ComputerName", "Computer/Name"),
        Shown("ClientID", "Client/Id"),
        Shown("ClientName", "Client/Name"),
        Shown("LocationID", "Location/Id"),
        *_same("Subject", "Message"),
        *_same("Severity", "Status", "TimeGenerated", "TimeAcknowledged", "TimeResolved", "LastUpdate", "AcknowledgedBy", "Notes"),
        *_same("TicketID", "TicketStatus", "Category", "AdditionalData"),
    ),
    extra=(
        *_texts("AlertGUID", "SourceName", "Subject", "AcknowledgedBy", "Notes", "TicketStatus"),
        *_texts("Category"),
        Field(
            "Status",
            Kind.TEXT,
            enum=("New", "Active", "Acknowledged", "Resolved", "Cleared", "Suppressed"),
        ),
        *_integers("SourceID", "Severity", "TicketID"),
        *_instants("TimeGenerated", "TimeAcknowledged", "TimeResolved", "LastUpdate"),
        Field("AdditionalData", Kind.OBJECT),
    ),
    references={"Client": "Clients", "Location": "Locations", "Computer": "Computers"},
    label="Subject",
    stamp="LastUpdate",
    aliases={"AlertDate": "TimeGenerated", "Severity/Id": "Severity"},
    derived=observed_alert,
    rules=Rules(fill=fill_alert),
)

GROUPS = Declared(
    "Groups",
    "LabTech.Models.Group",
    "Id",
    (
        Shown("GroupID", "Id"),
        Shown("Name", "Name"),
        Shown("FullPath", "FullName"),
        Shown("ParentID", "ParentId"),
        *_same("ClientID", "Template", "AutoJoinScript"),
        *_same("LimitToParent", "NetworkProbe", "Scripts", "Monitors"),
        Shown("Comment", "Comments"),
    ),
    extra=(
        *_texts("AutoJoinScript"),
        *_integers("ClientID"),
        *(Field(name, Kind.FLAG) for name in ("Template", "LimitToParent", "NetworkProbe")),
        Field("Scripts", Kind.LIST, items=Kind.INTEGER),
        Field("Monitors", Kind.LIST, items=Kind.INTEGER),
    ),
    changes={"Name": {"required": True}, "ParentId": {"kind": Kind.INTEGER}},
)

CORE = (CLIENTS, LOCATIONS, COMPUTERS, SCRIPTS, MONITORS, ALERTS, GROUPS)
