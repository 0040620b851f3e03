"""Scripts, monitors, alerts and groups: what the seed family calls things.

Sources: seeds 000 and 001 for the names in their examples, automate facts 10.3 for the rest of the
seed family's models. Each row of ``documented`` is one member of the documented shape.
"""

from mockserver.automate.faces import Shown
from mockserver.automate.resources.declared import (
    Declared,
    instants,
    integers,
    reference,
    same,
    texts,
)
from mockserver.automate.resources.derived import (
    SEVERITIES,
    observed_alert,
    observed_monitor,
    script_parameters,
)
from mockserver.automate.resources.membership import GROUP_PLACE, GROUP_RULES
from mockserver.automate.resources.rules import ALERT_RULES, MONITOR_RULES
from mockserver.automate.resources.scripts import SCRIPT_RULES
from mockserver.core.schema import Field, Kind

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
        *same("ClientID", "LocationID", "DateCreated"),
        Shown("DateModified", "UpdateDate"),
        Shown("ModifiedBy", "UpdatedBy"),
        Shown("Enabled", "Enabled"),
    ),
    extra=(
        *texts("ScriptType"),
        *integers("ClientID", "LocationID"),
        *instants("DateCreated"),
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
    rules=SCRIPT_RULES,
)

MONITORS = Declared(
    "Monitors",
    "Automate.Api.Domain.Contracts.Monitors.Monitor",
    "MonitorID",
    (
        *same("MonitorID", "Name", "MonitorType", "Status", "LastCheck", "LastFailed"),
        *same("CurrentValue", "AlertSeverity", "Enabled", "Interval"),
        Shown("CheckInterval", "Interval"),
        *same("Category", "Description", "AlertMessage", "AlertAction", "FailAfter", "ResetAfter"),
        *same("Thresholds", "AssignmentType", "TargetID", "TemplateID"),
        Shown("ComputerID", "Computer/Id"),
        Shown("ComputerName", "Computer/Name"),
        Shown("ClientID", "Client/Id"),
    ),
    extra=(
        Field("MonitorID", Kind.INTEGER, read_only=True),
        *texts("MonitorType", "CurrentValue", "Category", "Description", "AlertMessage"),
        *texts("AlertAction", "AssignmentType"),
        *integers("FailAfter", "ResetAfter", "TargetID", "TemplateID"),
        Field(
            "Thresholds",
            Kind.LIST,
            fields=(
                Field("Field", Kind.TEXT),
                Field("Operator", Kind.TEXT),
                Field("Value", Kind.TEXT),
                Field("Duration", Kind.INTEGER),
            ),
        ),
        Field(
            "Status",
            Kind.TEXT,
            enum=("OK", "Warning", "Error", "Critical", "Unknown", "Disabled"),
        ),
        *instants("LastCheck", "LastFailed"),
        *integers("AlertSeverity", "Interval"),
        Field("Enabled", Kind.FLAG),
        *(reference(name) for name in ("Client", "Location", "Computer")),
    ),
    references={"Client": "Clients", "Location": "Locations", "Computer": "Computers"},
    changes={"Name": {"required": True}},
    aliases={
        "MonitorId": "MonitorID",
        "TargetComputer/ComputerId": "Computer/Id",
        "TargetComputer/Name": "Computer/Name",
    },
    derived=observed_monitor,
    rules=MONITOR_RULES,
)

ALERTS = Declared(
    "Alerts",
    "Automate.Api.Domain.Contracts.Alerts.Alert",
    "AlertId",
    (
        Shown("AlertID", "AlertId"),
        *same("AlertGUID", "Source", "SourceID", "SourceName"),
        Shown("ComputerID", "Computer/Id"),
        Shown("ComputerName", "Computer/Name"),
        Shown("ClientID", "Client/Id"),
        Shown("ClientName", "Client/Name"),
        Shown("LocationID", "Location/Id"),
        *same("Subject", "Message"),
        *same("Severity", "Status", "TimeGenerated", "TimeAcknowledged", "TimeResolved"),
        *same("LastUpdate", "AcknowledgedBy", "Notes"),
        *same("TicketID", "TicketStatus", "Category", "AdditionalData"),
    ),
    extra=(
        *texts("AlertGUID", "SourceName", "Subject", "AcknowledgedBy", "Notes", "TicketStatus"),
        *texts("Category"),
        Field(
            "Status",
            Kind.TEXT,
            enum=("New", "Active", "Acknowledged", "Resolved", "Cleared", "Suppressed"),
        ),
        *integers("SourceID", "Severity", "TicketID"),
        *instants("TimeGenerated", "TimeAcknowledged", "TimeResolved", "LastUpdate"),
        Field("AdditionalData", Kind.OBJECT),
        Field("History", Kind.LIST, read_only=True),
    ),
    references={"Client": "Clients", "Location": "Locations", "Computer": "Computers"},
    label="Subject",
    stamp="LastUpdate",
    aliases={"AlertDate": "TimeGenerated", "Severity/Id": "Severity"},
    labelled={"Severity/Name": ("Severity", SEVERITIES)},
    derived=observed_alert,
    fleeting=frozenset({"AlertAge"}),
    rules=ALERT_RULES,
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
        *same("ClientID", "Template", "AutoJoinScript"),
        *same("LimitToParent", "NetworkProbe", "Scripts", "Monitors"),
        Shown("Comment", "Comments"),
    ),
    extra=(
        *texts("AutoJoinScript"),
        *integers("ClientID"),
        *(Field(name, Kind.FLAG) for name in ("Template", "LimitToParent", "NetworkProbe")),
        Field("Scripts", Kind.LIST, items=Kind.INTEGER),
        Field("Monitors", Kind.LIST, items=Kind.INTEGER),
    ),
    references={"ComputersAutoJoinSearch": "Searches"},
    changes={
        "Name": {"required": True},
        "ParentId": {"kind": Kind.INTEGER},
        **{name: {"read_only": True} for name in GROUP_PLACE},
    },
    rules=GROUP_RULES,
)
