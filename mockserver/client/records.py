"""The members of the records that integrations read most, for editors and type checkers.

Records are plain dictionaries; the vendors send more members than are named here.
"""

from typing import Any, TypedDict


class Reference(TypedDict, total=False):
    """Another record: its id and how it is called."""

    id: int
    name: str
    identifier: str


class Ticket(TypedDict, total=False):
    """A PSA ticket."""

    id: int
    summary: str
    recordType: str
    board: Reference
    status: Reference
    priority: Reference
    company: Reference
    contact: Reference
    owner: Reference
    type: Reference
    subType: Reference
    item: Reference
    externalXRef: str
    initialDescription: str
    closedFlag: bool
    dateEntered: str
    closedDate: str
    customFields: list[dict[str, Any]]
    _info: dict[str, Any]


class Board(TypedDict, total=False):
    """A PSA service board."""

    id: int
    name: str
    projectFlag: bool
    inactiveFlag: bool


class Priority(TypedDict, total=False):
    """A PSA priority."""

    id: int
    name: str
    color: str
    sortOrder: int
    defaultFlag: bool


class CompanyRecord(TypedDict, total=False):
    """A PSA company."""

    id: int
    identifier: str
    name: str
    status: Reference
    types: list[Reference]
    site: Reference
    phoneNumber: str
    website: str
    city: str
    state: str
    zip: str
    deletedFlag: bool


class Contact(TypedDict, total=False):
    """A PSA contact."""

    id: int
    firstName: str
    lastName: str
    company: Reference
    site: Reference
    inactiveFlag: bool
    communicationItems: list[dict[str, Any]]


class Configuration(TypedDict, total=False):
    """A PSA configuration: something that is looked after."""

    id: int
    name: str
    type: Reference
    status: Reference
    company: Reference
    contact: Reference
    serialNumber: str
    deviceIdentifier: str


class Member(TypedDict, total=False):
    """A PSA member."""

    id: int
    identifier: str
    firstName: str
    lastName: str
    inactiveFlag: bool


class Callback(TypedDict, total=False):
    """A PSA callback registration."""

    id: int
    url: str
    objectId: int
    type: str
    level: str
    description: str
    inactiveFlag: bool


class TimeEntry(TypedDict, total=False):
    """A PSA time entry."""

    id: int
    company: Reference
    chargeToId: int
    chargeToType: str
    member: Reference
    timeStart: str
    timeEnd: str
    actualHours: float
    notes: str


class ProjectRecord(TypedDict, total=False):
    """A PSA project."""

    id: int
    name: str
    company: Reference
    board: Reference
    status: Reference
    manager: Reference
    estimatedStart: str
    estimatedEnd: str


class Agreement(TypedDict, total=False):
    """A PSA agreement."""

    id: int
    name: str
    type: Reference
    company: Reference
    contact: Reference
    startDate: str
    endDate: str


class Computer(TypedDict, total=False):
    """An Automate computer, by the names of both dialects."""

    ComputerID: int
    Id: str
    Name: str
    ComputerName: str
    ClientID: int
    Client: dict[str, Any]
    LocationID: int
    Location: dict[str, Any]
    Status: str
    OS: str
    LastContact: str


class AutomateClientRecord(TypedDict, total=False):
    """An Automate client: a customer."""

    ClientID: int
    Id: str
    Name: str
    Company: str
    City: str
    State: str


class Alert(TypedDict, total=False):
    """An Automate alert."""

    AlertID: int
    AlertId: int
    ComputerID: int
    Severity: int
    Status: str
    Subject: str
    Message: str
    DateCreated: str


class Script(TypedDict, total=False):
    """An Automate script."""

    ScriptID: int
    Id: str
    Name: str
    FolderID: int
