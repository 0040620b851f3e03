"""The sections of PSA's API. What is not named here is there too: names are paths."""

from typing import Any

from mockserver.client.records import (
    Agreement,
    Board,
    Callback,
    CompanyRecord,
    Configuration,
    Contact,
    Member,
    Priority,
    ProjectRecord,
    Ticket,
    TimeEntry,
)
from mockserver.client.resources import Collection, Node


class Section(Node):
    """A section: ``client.procurement.products``."""


class Service(Section):
    """Tickets and what they need."""

    tickets: Collection[Ticket]
    boards: Collection[Board]
    priorities: Collection[Priority]


class Company(Section):
    """Companies, contacts, configurations."""

    companies: Collection[CompanyRecord]
    contacts: Collection[Contact]
    configurations: Collection[Configuration]


class System(Section):
    """Members, callbacks, documents."""

    members: Collection[Member]
    callbacks: Collection[Callback]
    documents: Collection[Any]


class Time(Section):
    """Time entries."""

    entries: Collection[TimeEntry]


class Project(Section):
    """Projects and their tickets."""

    projects: Collection[ProjectRecord]
    tickets: Collection[Ticket]


class Finance(Section):
    """Agreements and invoices."""

    agreements: Collection[Agreement]
    invoices: Collection[Any]
