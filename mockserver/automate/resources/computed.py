"""What is computed for an answer and kept in no table: lists with the same options as all others.

The members of plugins and patch jobs are ours: the description says only that there is something
(automate facts 10.1). Templates and the history of an alert are the seed family's (89, 96).
"""

from mockserver.automate.resources.declared import Declared, instants, integers, same, texts
from mockserver.automate.resources.extra import OWNERS
from mockserver.core.schema import Field, Kind


def _computed(path: str, *fields: Field) -> Declared:
    """Return the declaration of rows with these members; the first one is their id."""
    names = same(*(each.name for each in fields))
    return Declared(path, "", fields[0].name, names, extra=fields, label=fields[0].name)


def flags(*names: str) -> tuple[Field, ...]:
    """Return optional flags."""
    return tuple(Field(name, Kind.FLAG) for name in names)


PLUGINS = _computed("Plugins", *integers("Id"), *texts("Name"), *flags("IsEnabled"))
CREDENTIALS = _computed(
    "ExternalSystemCredentials",
    *integers("CredentialsId", "ClientId"),
    *texts("Title"),
    *instants("ExpirationDate"),
    *flags("IsActive"),
)
PATCH_JOBS = _computed(
    "Computers/PatchJobs",
    *integers("JobId", "ComputerId"),
    *texts("Action", "Status"),
    *instants("EndDate"),
)
TEMPLATES = _computed(
    "Monitors/Templates",
    *integers("TemplateID", "CheckInterval"),
    Field("Thresholds", Kind.LIST),
    *texts("Name", "MonitorType", "Category"),
    *integers("AlertSeverity", "Interval"),
    *texts("Description"),
    *flags("IsBuiltIn", "AutoApply"),
)
ALERT_HISTORY = _computed(
    "Alerts/History",
    *integers("HistoryID", "AlertID"),
    *texts("Action", "ActionBy"),
    *instants("ActionTime"),
    *texts("PreviousStatus", "NewStatus", "Notes"),
)


def _nested(name: str) -> Field:
    members = (Field(f"{name}Id", Kind.INTEGER), Field("Name", Kind.TEXT))
    return Field(name, Kind.OBJECT, fields=members)


#: The members of a group as the newer models nest them (automate facts 5).
SLIM_COMPUTERS = _computed(
    "v2/Groups/Computers",
    *integers("ComputerId"),
    *texts("Name", "FriendlyName"),
    *flags("IsOnline"),
    _nested("Location"),
    _nested("Client"),
)
SLIM_DEVICES = _computed(
    "v2/Groups/NetworkDevices", *integers("NetworkDeviceId"), *texts("Name", "FriendlyName")
)
#: An extra field as the seed family has it, by what it belongs to.
SHORT_FIELDS = tuple(
    _computed(
        f"{owner}/ExtraDataFields",
        *integers("EDFID"),
        *texts("Name"),
        Field("Value", Kind.ANY),
        *texts("Type"),
    )
    for owner in OWNERS
)
COMPUTED = (
    *(PLUGINS, CREDENTIALS, PATCH_JOBS, TEMPLATES, ALERT_HISTORY),
    *(SLIM_COMPUTERS, SLIM_DEVICES),
    *SHORT_FIELDS,
)
