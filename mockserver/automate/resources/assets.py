"""Clients, locations and computers: what the seed family calls things.

Sources: seeds 000 and 001 for the names in their examples, automate facts 10.3 for the rest of the
seed family's models. Each row of ``documented`` is one member of the documented shape.
"""

from typing import Any

from mockserver.automate.faces import Shown
from mockserver.automate.resources.declared import (
    Declared,
    counts,
    instants,
    integers,
    same,
    texts,
)
from mockserver.automate.resources.derived import observed_location
from mockserver.automate.resources.rules import CLIENT_RULES, COMPUTER_RULES, LOCATION_RULES
from mockserver.core.schema import Field, Kind


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
        Shown("ExternalID", "ExternalId", str),
        *same("Company", "FirstName", "LastName", "Address1", "Address2", "City", "State"),
        Shown("Zip", "ZipCode"),
        Shown("Country", "Country"),
        Shown("Phone", "PhoneNumber"),
        Shown("Fax", "FaxNumber"),
        *same("Website", "ContactName", "ContactEmail", "ContactPhone", "Comment"),
        *same("DefaultRouterAddress", "DateAdded", "ComputerCount", "LocationCount", "ExtraData"),
    ),
    extra=(
        *texts("Website", "ContactName", "ContactEmail", "ContactPhone", "DefaultRouterAddress"),
        Field("DateAdded", Kind.INSTANT, read_only=True),
        *counts("ComputerCount", "LocationCount"),
        Field("ExtraData", Kind.OBJECT, read_only=True),
    ),
    changes={"Name": {"required": True, "max_length": 50}},
    unique=("Name",),
    rules=CLIENT_RULES,
)

LOCATIONS = Declared(
    "Locations",
    "LabTech.Models.Location",
    "Id",
    (
        Shown("LocationID", "Id"),
        Shown("ClientID", "Client/Id"),
        *same("Client", "Name", "Address1", "Address2", "City", "State"),
        Shown("Zip", "ZipCode"),
        Shown("Country", "Country"),
        Shown("Phone", "PhoneNumber"),
        Shown("Router", "ScriptRouterAddress"),
        Shown("NetworkProbe", "NetworkProbe"),
        Shown("Comment", "Comments"),
        *same("DateAdded", "ComputerCount", "ExtraData"),
    ),
    extra=(
        Field("NetworkProbe", Kind.FLAG),
        # What its probe is told to do: no condition finds it and no shape shows it.
        Field("ProbeSetup", Kind.OBJECT, read_only=True),
        Field("ProbeSnmp", Kind.OBJECT, read_only=True),
        Field("DateAdded", Kind.INSTANT, read_only=True),
        *counts("ComputerCount"),
        Field("ExtraData", Kind.OBJECT, read_only=True),
    ),
    references={"Client": "Clients"},
    changes={"Name": {"required": True, "max_length": 50}, "Client": {"required": True}},
    aliases={"LocationId": "Id"},
    derived=observed_location,
    rules=LOCATION_RULES,
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
        *same("Client", "Location", "Status", "Type"),
        Shown("LastContact", "RemoteAgentLastContact"),
        Shown("LastHeartbeat", "LastHeartbeat"),
        Shown("Uptime", "SystemUptime", _minutes_to_seconds, _seconds_to_minutes, factor=60),
        Shown("OS", "OperatingSystemName"),
        Shown("OSType", "OSType"),
        Shown("OSVersion", "OperatingSystemVersion"),
        Shown("IPAddress", "LocalIPAddress"),
        Shown("ExternalIP", "ExternalIP"),
        Shown("DefaultGateway", "GatewayIPAddress"),
        Shown("MAC", "MACAddress"),
        Shown("Domain", "DomainName"),
        *same("SerialNumber", "Manufacturer", "Model", "ProcessorName", "ProcessorCount"),
        *same("TotalMemory", "FreeMemory", "DiskFreePercent", "CpuUsage"),
        Shown("AgentVersion", "RemoteAgentVersion"),
        Shown("RemoteAgentVersion", "RemoteAgentVersion"),
        Shown("LastInventory", "LastInventory"),
        *same("LastPatched", "LastUserName", "IsRebootNeeded", "IsMaintenanceModeEnabled"),
        *same("IsVirtualMachine", "AssetTag", "Comment", "DateAdded", "ExtraData"),
    ),
    extra=(
        *texts("ComputerGUID", "ExternalIP", "Manufacturer", "Model", "ProcessorName", "OSType"),
        *integers("ProcessorCount", "DiskFreePercent"),
        *instants("LastPatched", "LastInventory"),
        Field("ExtraData", Kind.OBJECT, read_only=True),
    ),
    references={"Client": "Clients", "Location": "Locations"},
    changes={
        "Type": {"enum": ("Workstation", "Server")},
        "DateAdded": {"read_only": True},
        "ComputerName": {"required": True, "max_length": 63},
        "Client": {"required": True},
        "Location": {"required": True},
    },
    label="ComputerName",
    # Agents appear by installing (automate facts 69); PATCH is in the 2018 description only.
    methods=frozenset({"PATCH", "DELETE"}),
    rules=COMPUTER_RULES,
)
