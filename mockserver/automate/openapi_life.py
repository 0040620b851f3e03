"""What goes into and comes out of what only the seed family has (automate facts 89, 95, 96)."""

from collections.abc import Mapping

from mockserver.web.openapi_vendor import Bodies, Schema, array, structure, text, whole_number

NUMBER: Schema = whole_number()
ANY: Schema = {}
NUMBERS: Schema = array(NUMBER)
PARAMETERS: Schema = {"type": "object"}
NOTES = structure({"Notes": text()})
RUN = structure(
    {
        "ExecutionID": NUMBER,
        "Status": text(),
        "ComputerID": NUMBER,
        "ScriptID": NUMBER,
        "StartTime": text(),
    },
    "ExecutionID",
    "Status",
)
RUNS = structure({"Executions": array(RUN)}, "Executions")
ON_MANY = structure({"ComputerIDs": NUMBERS, "Parameters": PARAMETERS}, "ComputerIDs")
ALERT = structure({"AlertID": NUMBER, "Status": text()}, "AlertID", "Status")
TICKET = structure(
    {"AlertID": NUMBER, "TicketID": NUMBER, "TicketNumber": text(), "TicketStatus": text()},
    "AlertID",
    "TicketID",
)
WANTED = structure({"TicketSubject": text(), "Priority": ANY, "BoardID": ANY, "Notes": text()})
PATCHES = structure(
    {
        "Installed": NUMBER,
        "Missing": NUMBER,
        "Pending": NUMBER,
        "Failed": NUMBER,
        "Patches": array({"type": "object"}),
    }
)
SCANNER = structure({"Product": ANY, "RealTimeProtection": {"type": "boolean"}})
MANY = structure({"AlertIDs": NUMBERS, "Notes": text()}, "AlertIDs")
OUTCOME = structure(
    {"Acknowledged": NUMBERS, "Failed": array({"type": "object"})}, "Acknowledged", "Failed"
)

STATE = structure({"MonitorID": NUMBER, "ComputerID": NUMBER, "Status": text()})
FROM_TEMPLATE = structure({"TemplateID": whole_number(minimum=1)}, "TemplateID")

SUSPENDED = structure(
    {"Id": ANY, "ComputerId": ANY, "Monitor": {"type": "object"}, "SuspensionDate": text()}, "Id"
)

BODIES: Mapping[tuple[str, str], Bodies] = {
    ("POST", "/Computers/{computerId}/Scripts/{scriptId}/Execute"): Bodies(
        structure({"Parameters": PARAMETERS}), RUN
    ),
    ("POST", "/Scripts/{scriptId}/Execute"): Bodies(ON_MANY, RUNS),
    # All credentials of a probe at once.
    ("PUT", "/ProbeConfiguration/{probeConfigurationId}/AgentPushCredentials"): Bodies(
        array({"type": "object"}), array({"type": "object"})
    ),
    # The id of the monitor is the whole body.
    ("POST", "/Computers/{computerId}/MonitorAlertSuspensions"): Bodies(NUMBER, SUSPENDED),
    ("POST", "/RemoteAgent/Installers"): Bodies(
        structure({"LocationId": whole_number(minimum=1), "InstallerType": NUMBER}, "LocationId"),
        text(),
    ),
    ("POST", "/Scripts/Executions/{executionId}/Cancel"): Bodies(None, RUN),
    ("POST", "/Alerts/{alertId}/Acknowledge"): Bodies(NOTES, ALERT),
    ("POST", "/Alerts/{alertId}/Resolve"): Bodies(NOTES, ALERT),
    ("POST", "/Alerts/{alertId}/Notes"): Bodies(structure({"Note": text()}, "Note"), ALERT),
    ("POST", "/Alerts/{alertId}/Suppress"): Bodies(
        structure({"Duration": whole_number(minimum=1), "Reason": text()}, "Duration"), ALERT
    ),
    ("POST", "/Alerts/{alertId}/CreateTicket"): Bodies(WANTED, TICKET, 201),
    ("POST", "/Alerts/BulkAcknowledge"): Bodies(MANY, OUTCOME),
    ("GET", "/Computers/{computerId}/Monitors/{monitorId}/Status"): Bodies(None, STATE),
    ("POST", "/Computers/{computerId}/Monitors"): Bodies(FROM_TEMPLATE, STATE, 201),
    ("POST", "/Groups/{groupId}/Monitors"): Bodies(
        FROM_TEMPLATE, structure({"MonitorIDs": NUMBERS}, "MonitorIDs"), 201
    ),
    ("GET", "/Computers/{computerId}/Patches"): Bodies(None, PATCHES),
    ("GET", "/Computers/{computerId}/Antivirus"): Bodies(None, SCANNER),
}
