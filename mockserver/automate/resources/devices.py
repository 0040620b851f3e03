"""Network devices: in groups by hand, at a place like a computer (automate facts 10.1)."""

from mockserver.automate.resources.declared import Declared
from mockserver.automate.resources.membership import leave
from mockserver.automate.resources.placing import follow_location, placed
from mockserver.core.rules import Rules

NETWORK_DEVICES = Declared(
    "NetworkDevices",
    "LabTech.Models.NetworkDevice",
    "Id",
    (),
    references={"Client": "Clients", "Location": "Locations"},
    rules=Rules(fill=follow_location, check=placed, deleted=leave, guarded=False),
)
