"""The core resources, in the order in which routes and pages show them."""

from mockserver.automate.resources.assets import CLIENTS, COMPUTERS, LOCATIONS
from mockserver.automate.resources.computed import COMPUTED
from mockserver.automate.resources.contacts import CONTACTS
from mockserver.automate.resources.declared import Declared
from mockserver.automate.resources.devices import NETWORK_DEVICES
from mockserver.automate.resources.extra import EXTRA_FIELDS
from mockserver.automate.resources.folders import SCRIPT_FOLDERS
from mockserver.automate.resources.inventory import DRIVES, SOFTWARE
from mockserver.automate.resources.membership import MEMBERS
from mockserver.automate.resources.runs import EXECUTIONS
from mockserver.automate.resources.scripts import NEWER_SCRIPTS
from mockserver.automate.resources.users import USER_ACCOUNTS
from mockserver.automate.resources.work import ALERTS, GROUPS, MONITORS, SCRIPTS

CORE = (CLIENTS, LOCATIONS, COMPUTERS, SCRIPTS, MONITORS, ALERTS, GROUPS)

DEPLOYMENT_LOGINS = Declared(
    "Clients/deploymentlogins",
    "Automate.Api.Domain.Contracts.Clients.DeploymentLogin",
    "DeploymentLoginId",
    (),
    label="Title",
    hidden=frozenset({"Password"}),
)

#: Further collections that are more than their declaration in the vendor's description.
REFINED = (
    DEPLOYMENT_LOGINS,
    *CONTACTS,
    *EXTRA_FIELDS,
    *MEMBERS,
    NETWORK_DEVICES,
    DRIVES,
    SOFTWARE,
    NEWER_SCRIPTS,
    SCRIPT_FOLDERS,
    USER_ACCOUNTS,
)

#: Collections that only the seed family has, not the vendor's description.
OWN = (EXECUTIONS, *COMPUTED)
