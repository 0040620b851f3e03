"""The core resources, in the order in which routes and pages show them."""

from mockserver.automate.resources.assets import CLIENTS, COMPUTERS, LOCATIONS
from mockserver.automate.resources.work import ALERTS, GROUPS, MONITORS, SCRIPTS

CORE = (CLIENTS, LOCATIONS, COMPUTERS, SCRIPTS, MONITORS, ALERTS, GROUPS)
