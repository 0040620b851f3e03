"""Script executions: what only the seed family shows (automate facts 95)."""

from mockserver.automate.resources.declared import Declared, instants, integers, same, texts
from mockserver.core.schema import Field, Kind

NAMES = (
    *("ExecutionID", "ScriptID", "ScriptName", "ComputerID", "ComputerName", "Status"),
    *("ExitCode", "StartTime", "EndTime", "Duration", "Output", "ErrorOutput", "LogOutput"),
    *("TriggeredBy", "Parameters"),
)
STATES = ("Pending", "Running", "Completed", "Failed", "Timeout", "Cancelled")

EXECUTIONS = Declared(
    "Scripts/Executions",
    "",
    "ExecutionID",
    same(*NAMES),
    extra=(
        *integers("ExecutionID", "ScriptID", "ComputerID", "ExitCode", "Duration"),
        *texts("ScriptName", "ComputerName", "Output", "ErrorOutput", "LogOutput", "TriggeredBy"),
        Field("Status", Kind.TEXT, enum=STATES),
        *instants("StartTime", "EndTime"),
        Field("Parameters", Kind.OBJECT),
    ),
    label="ScriptName",
)
