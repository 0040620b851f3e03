"""Every record of every served collection fits pyconnectwise's models, strictly typed.

The models were generated from the vendor's API descriptions, but not from the newest ones: where
they differ, the descriptions hold, and the difference is listed here.
"""

import json
from collections import Counter
from pathlib import Path

import pytest
from customer import customer_of
from pyconnectwise_models import their
from pydantic import BaseModel, ValidationError

pytestmark = [
    pytest.mark.xdist_group("pyconnectwise"),  # one worker imports it
    pytest.mark.slow,
    pytest.mark.documented("API descriptions 2025.8 and 25.0.5, as pyconnectwise 0.6.1 has them"),
]

TOP = {
    "/company/communicationTypes": "manage.CommunicationType",
    "/company/companies": "manage.Company",
    "/company/companies/statuses": "manage.CompanyStatus",
    "/company/companies/types": "manage.CompanyType",
    "/company/configurations": "manage.CompanyConfiguration",
    "/company/configurations/statuses": "manage.ConfigurationStatus",
    "/company/configurations/types": "manage.ConfigurationType",
    "/company/contacts": "manage.Contact",
    "/company/contacts/departments": "manage.ContactDepartment",
    "/company/contacts/types": "manage.ContactType",
    "/company/countries": "manage.Country",
    "/company/marketDescriptions": "manage.MarketDescription",
    "/company/states": "manage.State",
    "/finance/agreements": "manage.Agreement",
    "/finance/agreements/types": "manage.AgreementType",
    "/finance/billingCycles": "manage.BillingCycle",
    "/finance/billingTerms": "manage.BillingTerm",
    "/finance/currencies": "manage.FinanceCurrency",
    "/procurement/manufacturers": "manage.Manufacturer",
    "/project/phaseStatuses": "manage.PhaseStatus",
    "/project/projectTypes": "manage.ProjectType",
    "/project/projects": "manage.Project",
    "/project/statuses": "manage.ProjectStatus",
    "/project/tickets": "manage.ProjectTicket",
    "/service/SLAs": "manage.SLA",
    "/service/boards": "manage.Board",
    "/service/impacts": "manage.Impact",
    "/service/locations": "manage.ServiceLocation",
    "/service/priorities": "manage.Priority",
    "/service/severities": "manage.Severity",
    "/service/sources": "manage.Source",
    "/service/tickets": "manage.Ticket",
    "/system/departments": "manage.Department",
    "/system/locations": "manage.Location",
    "/system/members": "manage.Member",
    "/system/members/types": "manage.MemberType",
    "/system/securityroles": "manage.SecurityRole",
    "/system/timeZoneSetups": "manage.TimeZoneSetup",
    "/system/userDefinedFields": "manage.UserDefinedField",
    "/time/entries": "manage.TimeEntry",
    "/time/workRoles": "manage.WorkRole",
    "/time/workTypes": "manage.WorkType",
}
BELOW = {
    ("/company/companies", "sites"): "manage.CompanySite",
    ("/company/contacts", "communications"): "manage.ContactCommunication",
    ("/project/projects", "phases"): "manage.ProjectPhase",
    ("/service/boards", "items"): "manage.BoardItem",
    ("/service/boards", "statuses"): "manage.BoardStatus",
    ("/service/boards", "subtypes"): "manage.BoardSubType",
    ("/service/boards", "teams"): "manage.BoardTeam",
    ("/service/boards", "types"): "manage.BoardType",
    ("/service/tickets", "notes"): "manage.ServiceNote",
}
AUTOMATE = {
    "/Alerts": "automate.AutomateAlert",
    "/Clients": "automate.LabTechClient",
    "/Computers": "automate.LabTechComputer",
    "/Groups": "automate.LabTechGroup",
    "/Locations": "automate.LabTechLocation",
    "/Monitors": "automate.AutomateMonitor",
    "/Scripts": "automate.LabTechScript",
}

#: Members of the API descriptions (2025.8, 2026.4) that these models do not have yet.
NEWER = frozenset(
    {
        "Agreement.invoiceProratedAdditionsFlag",
        "BoardStatus.roundRobinCatchall",
        "BoardStatus.saveTimeAsNote",
        "CommunicationType.disabled",
        "CompanyConfiguration.department",
        "CompanyConfiguration.location",
        *(f"CustomFieldValue.{name}" for name in ("connectWiseId", "podId", "rowNum")),
        "CustomFieldValue.userDefinedFieldRecId",
        "LabTechLocation.LocationId",  # of the other generation's model
        "MemberReference.dailyCapacity",
        "Priority.level",
        "PriorityReference.level",
        "SecurityRole.roleType",
        "Ticket.agreementType",
        "Ticket.minutesWaiting",
        "TimeEntry.agreementType",
        "TimeEntry.companyType",
        "TimeEntry.invoiceFlag",
        "TimeEntry.locationName",
        "TimeEntry.ticketBoard",
        "TimeEntry.ticketStatus",
        "TimeEntry.ticketSubType",
        "TimeEntry.ticketType",
        *(f"UserDefinedField.{name}" for name in ("connectWiseID", "displayScreenInASIO")),
        *(f"UserDefinedField.{name}" for name in ("podDescription", "screenDescription")),
        "UserDefinedField.screenId",
        "WorkTypeReference.utilizationFlag",
    }
)
#: What these models refuse although the API descriptions have it: an enum's value.
NARROWER = frozenset({("TimeEntry", "chargeToType", "literal_error", "Company")})


@pytest.fixture(scope="module")
def customer(plain_root):
    with customer_of(plain_root, frozen=False) as customer:
        yield customer.unlimited()


def rows(customer, path):
    answer = customer.psa("GET", path, params={"pageSize": 1_000})
    assert answer.status_code == 200, answer.text
    assert "next" not in answer.links
    return answer.json()


def unknown(record, parsed):
    """Yield the members of *record* that the model of *parsed* does not have."""
    model = type(parsed)
    names = {field.alias or name: name for name, field in model.model_fields.items()}
    for name, value in record.items():
        if name not in names:
            yield f"{model.__name__}.{name}"
            continue
        inner = getattr(parsed, names[name])
        pairs = zip(value, inner, strict=True) if isinstance(value, list) else [(value, inner)]
        for below, object_below in pairs:
            if isinstance(object_below, BaseModel):
                yield from unknown(below, object_below)


def flaws(model, record):
    """Return what is wrong with *record* in the eyes of *model*."""
    try:
        parsed = model.model_validate_json(json.dumps(record), strict=True)
    except ValidationError as error:
        told = ((".".join(map(str, e["loc"])), e["type"], e["input"]) for e in error.errors())
        return {(model.__name__, *each) for each in told} - NARROWER
    return set(unknown(record, parsed)) - NEWER


def all_flaws(model, records):
    """Return every flaw with the number of records that have it; there must be records."""
    assert records
    return Counter(flaw for record in records for flaw in flaws(model, record))


@pytest.mark.parametrize("path", TOP)
def test_every_psa_record_fits(customer, path):
    assert all_flaws(their(f"models.{TOP[path]}"), rows(customer, path)) == {}


@pytest.mark.parametrize(("above", "name"), BELOW)
def test_every_psa_record_below_another_fits(customer, above, name):
    parents = [row["id"] for row in rows(customer, above)]
    records = [row for each in parents for row in rows(customer, f"{above}/{each}/{name}")]

    assert all_flaws(their(f"models.{BELOW[above, name]}"), records) == {}


@pytest.mark.parametrize("path", AUTOMATE)
def test_every_automate_record_fits(customer, path):
    login = customer.call("POST", f"{customer.automate_url}/apitoken", json=customer.login)
    headers = {"Authorization": f"Bearer {login.json()['AccessToken']}", "ClientId": "tests"}
    url = f"{customer.automate_url}{path}"

    records = customer.call("GET", url, headers=headers, params={"pageSize": -1}).json()

    assert all_flaws(their(f"models.{AUTOMATE[path]}"), records) == {}


def table(path):
    return path.strip("/").replace("/", "_").lower()


#: The collections whose rows are written by hand; the others' are made from declarations.
HAND_MADE = {each.stem for each in Path("fixtures/default").glob("*.jsonl")}


def test_every_collection_with_rows_is_in_a_table(customer):
    """A collection that the control plane lists and that answers rows has a model above."""
    routes = customer.call("GET", f"{customer.root}/_mock/routes").json()["routes"]
    ends = ("/count", "/info", "/search", "/usages", "/usages/list", "/copy")
    lists = {
        route["path"]
        for route in routes
        if (route["api"], route["method"]) == ("psa", "GET")
        and "{" not in route["path"]
        and not route["path"].endswith(ends)
        and table(route["path"]) in HAND_MADE
    }
    answered = {each for each in lists - set(TOP) if rows_or_none(customer, each)}

    assert answered == set()


def rows_or_none(customer, path):
    answer = customer.psa("GET", path, params={"pageSize": 1})
    found = answer.json() if answer.status_code == 200 else None
    return found if isinstance(found, list) else None
