"""Every condition, id and name that the guides print finds a row (seeds 000 to 004)."""

from collections import defaultdict
from functools import cache

import pytest

from mockserver.fixtures.builder import Scale, build

TICKETS, CONTACTS = "service/tickets", "company/contacts"
COMPUTERS, ALERTS = "automate:Computers", "automate:Alerts"


@cache
def tables(name):
    found = defaultdict(list)
    for path, record in build(42, Scale.named(name)):
        found[path].append(record)
    return found


@cache
def labels(name, path, field):
    return {record["id"]: record[field] for record in tables(name)[path]}


class Row:
    """A record whose references can be followed, as a condition does."""

    def __init__(self, world, record):
        self.world, self.record = world, record

    def __getattr__(self, name):
        return self.record.get(name)

    def of(self, field, path, member="name"):
        value = self.record.get(field)
        return None if value is None else labels(self.world, path, member)[value["id"]]

    @property
    def board_name(self):
        return self.of("board", "service/boards").casefold()

    @property
    def status_name(self):
        return self.of("status", "service/boards/statuses").casefold()

    @property
    def company_identifier(self):
        return self.of("company", "company/companies", "identifier")

    @property
    def contact_first(self):
        return self.of("contact", CONTACTS, "firstName") or ""

    def at(self, name):
        return self.record["_info"][name]

    def custom(self, field_id):
        return next((f.get("value") for f in self.customFields if f["id"] == field_id), None)

    @property
    def note_texts(self):
        notes = tables(self.world)["service/tickets/notes"]
        return [each["text"] for each in notes if each["ticketId"] == self.id]


def email_of(row, address):
    return any(
        item["value"].casefold() == address.casefold() and item["communicationType"] == "Email"
        for item in row.communicationItems
    )


def acme(row):
    return row.company["id"] == 12345


PSA = [
    ("service/tickets/5000", TICKETS, lambda r: r.id == 5000),
    ("ticket 54321 of the callback example", TICKETS, lambda r: r.id == 54321),
    ("MemberID 123", "system/members", lambda r: r.id == 123),
    ("status/id=1", TICKETS, lambda r: r.status["id"] == 1),
    ("status/id=2", TICKETS, lambda r: r.status["id"] == 2),
    ("status/id=3", TICKETS, lambda r: r.status["id"] == 3),
    ("status/id=5", TICKETS, lambda r: r.status["id"] == 5),
    ("status/id!=5", TICKETS, lambda r: r.status["id"] != 5),
    ("priority/id<3", TICKETS, lambda r: r.priority["id"] < 3),
    ("priority/id<2", TICKETS, lambda r: r.priority["id"] < 2),
    ("dateEntered>2024-01-01", TICKETS, lambda r: r.at("dateEntered") > "2024-01-01"),
    ("dateEntered in January", TICKETS, lambda r: "2024-01" <= r.at("dateEntered") < "2024-02"),
    ("summary contains email", TICKETS, lambda r: "email" in r.summary.casefold()),
    ("summary=Email not working", TICKETS, lambda r: r.summary == "Email not working"),
    ("company/id=12345", TICKETS, acme),
    ("status/name=New", TICKETS, lambda r: r.status_name == "new"),
    ("contact/firstName contains John", TICKETS, lambda r: "John" in r.contact_first),
    (
        "company/id=12345 and status/id!=5 and priority/id<=2",
        TICKETS,
        lambda r: acme(r) and r.status["id"] != 5 and r.priority["id"] <= 2,
    ),
    (
        "(status/id=1 or status/id=2) and company/id=12345",
        TICKETS,
        lambda r: r.status["id"] in {1, 2} and acme(r),
    ),
    ("company/identifier like AC%", TICKETS, lambda r: r.company_identifier.startswith("AC")),
    ("contact=null", TICKETS, lambda r: r.contact is None),
    ("assignedResource!=null", TICKETS, lambda r: r.resources is not None),
    ("nobody assigned", TICKETS, lambda r: r.owner is None),
    ("notes/text contains update", TICKETS, lambda r: any("update" in n for n in r.note_texts)),
    ("customField1 contains value", TICKETS, lambda r: "value" in (r.custom(1) or "")),
    ("CloudPlus", TICKETS, lambda r: r.custom(5) is False),
    (
        "board and status",
        TICKETS,
        lambda r: (r.board_name, r.status_name) == ("integration", "new"),
    ),
    ("summary=xyz", TICKETS, lambda r: r.board_name == "integration" and r.summary == "xyz"),
    ("board/id in (3, 2, 4): 2", TICKETS, lambda r: r.board["id"] == 2),
    ("board/id in (3, 2, 4): 3", TICKETS, lambda r: r.board["id"] == 3),
    ("board/id in (3, 2, 4): 4", TICKETS, lambda r: r.board["id"] == 4),
    ("Board/Id = 123", TICKETS, lambda r: r.board["id"] == 123),
    ("lastUpdated >", TICKETS, lambda r: r.at("lastUpdated") > "2016-08-20T18:04:26Z"),
    ("LastUpdated =", TICKETS, lambda r: r.at("lastUpdated") == "2016-08-20T18:04:26Z"),
    ("Summary = This is my string", TICKETS, lambda r: r.summary == "This is my string"),
    ("ClosedFlag = True", TICKETS, lambda r: r.closedFlag),
    ("Summary contains Low Priority", TICKETS, lambda r: "Low Priority" in r.summary),
    ("summary like test", TICKETS, lambda r: r.summary.casefold() == "test"),
    ("john@Outlook.com", CONTACTS, lambda r: email_of(r, "john@Outlook.com")),
    ("TomNumber != null", CONTACTS, lambda r: r.custom(12) is not None),
    ("companies/12345", "company/companies", lambda r: r.id == 12345),
    ("identifier connectwise", "company/companies", lambda r: r.identifier == "connectwise"),
    ("identifier New Company", "company/companies", lambda r: r.identifier == "New Company"),
    ("identifier like AC%", "company/companies", lambda r: r.identifier.startswith("AC")),
    ("phoneNumber", "company/companies", lambda r: r.phoneNumber),
    (
        "manufacturer/name",
        "company/configurations",
        lambda r: r.of("manufacturer", "procurement/manufacturers") in {"Dell", "HP", "Lenovo"},
    ),
    ("the API member", "system/members", lambda r: r.identifier == "Admin1" and r.adminFlag),
    ("field 5", "system/userDefinedFields", lambda r: (r.id, r.caption) == (5, "CloudPlus")),
    (
        "field 28",
        "system/userDefinedFields",
        lambda r: (r.id, r.caption, r.entryTypeIdentifier) == (28, "test", "List"),
    ),
]
AUTOMATE = [
    ("Status = Online", COMPUTERS, lambda r: r.Status == "Online"),
    ("Status != Offline", COMPUTERS, lambda r: r.Status != "Offline"),
    ("Status = Unknown", COMPUTERS, lambda r: r.Status == "Unknown"),
    ("Status = Degraded", COMPUTERS, lambda r: r.Status == "Degraded"),
    ("ComputerID > 100", COMPUTERS, lambda r: r.Id > 100),
    ("ComputerID <= 100", COMPUTERS, lambda r: r.Id <= 100),
    ("TotalMemory < 4096", COMPUTERS, lambda r: r.TotalMemory < 4096),
    ("DiskFreePercent <= 10", COMPUTERS, lambda r: r.DiskFreePercent <= 10),
    ("Name contains DC", COMPUTERS, lambda r: "DC" in r.ComputerName),
    ("Name startswith ACME", COMPUTERS, lambda r: r.ComputerName.startswith("ACME")),
    ("Name endswith 01", COMPUTERS, lambda r: r.ComputerName.endswith("01")),
    (
        "Status = Online and ClientID = 100 and OS contains Server",
        COMPUTERS,
        lambda r: (
            r.Status == "Online"
            and r.Client["Id"] == 100
            and "Server" in r.OperatingSystemName
            and r.Type == "Server"
        ),
    ),
    ("a workstation", COMPUTERS, lambda r: r.Type == "Workstation"),
    (
        "offline since yesterday, asked in the day's last second",
        COMPUTERS,
        lambda r: r.Status == "Offline" and r.RemoteAgentLastContact >= "2026-06-30T23:59:55Z",
    ),
    ("port 443", COMPUTERS, lambda r: 443 in r.OpenPortsTCP),
    ("Severity >= 3", ALERTS, lambda r: r.Severity >= 3),
    ("ClientID = 100, New", ALERTS, lambda r: r.Client["Id"] == 100 and r.Status == "New"),
    ("ClientID = 100, Active", ALERTS, lambda r: r.Client["Id"] == 100 and r.Status == "Active"),
    ("critical and new", ALERTS, lambda r: r.Severity >= 3 and r.Status in {"New", "Active"}),
    ("client 100", "automate:Clients", lambda r: r.Id == 100 and r.Name.startswith("ACME")),
]


@pytest.mark.parametrize("world", ["tiny", "default"])
@pytest.mark.parametrize(
    ("path", "holds"), [pytest.param(*each[1:], id=each[0]) for each in PSA + AUTOMATE]
)
def test_an_example_of_the_guides_finds_a_row(path, holds, world):
    assert any(holds(Row(world, record)) for record in tables(world)[path])


def test_the_ticket_that_the_guides_delete_has_no_time_and_one_note():
    found = tables("default")

    assert [each["ticketId"] for each in found["service/tickets/notes"]].count(5000) == 1
    assert not [each for each in found["time/entries"] if each["chargeToId"] == 5000]


def test_a_dozen_tickets_and_their_time_lie_in_the_unshifted_past():
    found = tables("default")
    entered = [each["_info"]["dateEntered"] for each in found[TICKETS]]
    started = [each["timeStart"] for each in found["time/entries"]]

    assert sum("2023-12" <= each < "2024-07" for each in entered) >= 12
    assert sum("2023-12" <= each < "2024-07" for each in started) >= 12


@pytest.mark.parametrize("world", ["tiny", "default"])
def test_several_machines_went_offline_within_the_last_minutes(world):
    offline = [each for each in tables(world)[COMPUTERS] if each["Status"] == "Offline"]
    latest = sorted(each["RemoteAgentLastContact"] for each in offline)

    assert latest[-1] >= "2026-06-30T23:59:55Z"
    assert latest[-2] >= "2026-06-30T23:59:00Z"
