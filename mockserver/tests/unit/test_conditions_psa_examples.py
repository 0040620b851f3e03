"""Every condition that the PSA sources print finds what it should."""

import pytest

from mockserver.core.conditions import (
    parse_and_bind,
    parse_and_bind_children,
    parse_and_bind_rows,
)
from mockserver.core.schema import Field, Kind, Resource
from mockserver.psa import dialect
from mockserver.tests.conditions_support import Bench

ID, NAME = Field("id", Kind.INTEGER), Field("name", Kind.TEXT)
IDENTIFIER = Field("identifier", Kind.TEXT)


def reference(name, *members):
    return Field(name, Kind.REFERENCE, fields=(ID, NAME, *members))


TICKET = Resource(
    "service/tickets",
    "Ticket",
    (
        ID,
        Field("summary", Kind.TEXT),
        reference("board"),
        reference("status"),
        reference("priority"),
        reference("company", IDENTIFIER),
        reference("contact", Field("firstName", Kind.TEXT)),
        reference("owner", IDENTIFIER),
        reference("manufacturer"),
        Field("resources", Kind.TEXT),
        Field("closedFlag", Kind.FLAG),
        Field("closedDate", Kind.INSTANT),
        Field("dateEntered", Kind.INSTANT),
        Field("lastUpdated", Kind.INSTANT),
        Field("chargeToType", Kind.TEXT),
        Field("agreementStatus", Kind.TEXT, enum=("Active", "Cancelled")),
        Field("types", Kind.LIST, fields=(ID, NAME)),
        Field("notes", Kind.LIST, fields=(ID, Field("text", Kind.TEXT))),
        Field(
            "communicationItems",
            Kind.LIST,
            fields=(ID, Field("value", Kind.TEXT), Field("communicationType", Kind.TEXT)),
        ),
        Field(
            "customFields",
            Kind.LIST,
            fields=(ID, Field("caption", Kind.TEXT), Field("value", Kind.ANY)),
        ),
    ),
    aliases={"assignedResource": "owner/id"},
)

FIRST = {
    "id": 1,
    "summary": "Email not working",
    "board": {"id": 3, "name": "Integration"},
    "status": {"id": 1, "name": "New"},
    "priority": {"id": 2, "name": "Low"},
    "company": {"id": 12345, "name": "Acme", "identifier": "ACME"},
    "contact": {"id": 7, "name": "Fred Johnson", "firstName": "Johnny"},
    "owner": {"id": 4, "name": "Jane", "identifier": "jane"},
    "manufacturer": {"id": 1, "name": "HP"},
    "resources": "awalker, x",
    "closedFlag": False,
    "dateEntered": "2024-01-15T00:00:00Z",
    "lastUpdated": "2016-08-20T18:04:26Z",
    "chargeToType": "Ticket",
    "agreementStatus": "Active",
    "types": [{"id": 1, "name": "Lead"}, {"id": 2, "name": "Vendor"}],
    "notes": [{"id": 1, "text": "An update"}],
    "communicationItems": [
        {"id": 1, "value": "John@outlook.com", "communicationType": "Email"},
        {"id": 2, "value": "555", "communicationType": "Phone"},
    ],
    "customFields": [
        {"id": 1, "caption": "TomNumber", "value": 12},
        {"id": 2, "caption": "customField1", "value": "a value"},
        {"id": 3, "caption": "Empty"},
    ],
}
SECOND = {
    "id": 2,
    "summary": "xyz",
    "board": {"id": 123, "name": "Help"},
    "status": {"id": 5, "name": "X"},
    "priority": {"id": 9},
    "company": {"id": 2, "identifier": "BETA"},
    "resources": "x",
    "closedFlag": True,
    "closedDate": "2025-03-01T00:00:00Z",
    "dateEntered": "2019-06-30T00:00:00Z",
    "lastUpdated": "2025-01-01T10:00:00Z",
    "communicationItems": [
        {"id": 1, "value": "John@outlook.com", "communicationType": "Phone"},
        {"id": 2, "value": "x", "communicationType": "Email"},
    ],
    "customFields": [{"id": 1, "caption": "TomNumber"}],
}
THIRD = {"id": 3, "summary": "This is my string"}


@pytest.fixture(scope="module")
def bench():
    bench = Bench(TICKET, [FIRST, SECOND, THIRD])
    yield bench
    bench.close()


SEED_002 = [
    ("status/id=1", [1]),
    ("status/id!=5", [1]),
    ("priority/id<3", [1]),
    ("priority/id<=2", [1]),
    ("dateEntered>2024-01-01", [1]),
    ("dateEntered>=2024-01-01", [1]),
    ('summary contains "email"', [1]),
    ('summary like "%email%"', [1]),
    ("status/id in (1,2,3)", [1]),
    ("status/id not in (5)", [1]),
    ("company/id=12345", [1]),
    ('status/name="New"', [1]),
    ('contact/firstName contains "John"', [1]),
    ("company/id=12345 and status/id!=5 and priority/id<=2", [1]),
    ("status/id=1 or status/id=2", [1]),
    ("(status/id=1 or status/id=2) and company/id=12345", [1]),
    ("dateEntered>=[2024-01-01]", [1]),
    ("dateEntered>=[2024-01-01T00:00:00Z] and dateEntered<[2024-02-01T00:00:00Z]", [1]),
    ('summary="Email not working"', [1]),
    ('company/identifier like "AC%"', [1]),
    ("contact=null", [2, 3]),
    ("assignedResource!=null", [1]),
]
SEED_003 = [
    ('board/name="Integration" and status/name="new"', [1]),
    ('board/name="Integration"', [1]),
    ('summary="xyz"', [2]),
    ("board/id in (3, 2, 4)", [1]),
    ("lastUpdated > [2016-08-20T18:04:26Z]", [2]),
    ('Summary = "This is my string"', [3]),
    ("Board/Id = 123", [2]),
    ("ClosedFlag = True", [2]),
    ("LastUpdated = [2016-08-20T18:04:26Z]", [1]),
    ('Summary Not Contains "Low Priority"', [1, 2, 3]),
    ('board/name="integration" and summary="xyz"', []),
    ('manufacturer/name = "hp"', [1]),
    ("summary like 'test'", []),
    ("summary like 'XYZ'", [2]),
]
FACTS = [  # psa facts 3.2 to 3.5
    ("chargeToType='Ticket'", [1]),
    ("closedFlag=false", [1]),
    ("status/name!='X'", [1]),
    ("closedFlag = true", [2]),
    ("LastUpdated >= [2025-01-01]", [2]),
    ("(owner/name contains 'J' or resources contains 'J') and closedFlag=false", [1]),
    ("ClosedDate = NULL", [1, 3]),
    ("closedDate!=null", [2]),
    ("dateEntered = [06/30/2019]", [2]),
    ("dateEntered = [2024-01-14T22:30:00.5-01:30]", [1]),
    ("summary like '%abc%' and summary like '%def%'", []),
    ('contact/name like "Fred%"', [1]),
    ("resources like '%awalker%'", [1]),
    ("resources='x'", [2]),
    ("summary like '*my*'", [3]),
    ("summary like '_yz'", [2]),
    ("summary like '[x-z]yz'", [2]),
    ("summary like '[^a]yz'", [2]),
    ("not (closedFlag=true)", [1]),
    ("agreementStatus='active'", [1]),
    ("company/id = 2 or company/id = 12345 and closedFlag = true", [2]),
    ("id > 99999999999999999999999 or id = -1 or id = 2.0", [2]),
]


@pytest.mark.parametrize(("text", "ids"), [*SEED_002, *SEED_003, *FACTS])
def test_documented_conditions_find(bench, text, ids):
    assert bench.found(parse_and_bind(text, TICKET, dialect.DOCUMENTED)) == ids


@pytest.mark.parametrize(("text", "ids"), [*SEED_003, *FACTS])
def test_observed_conditions_find(bench, text, ids):
    assert bench.found(parse_and_bind(text, TICKET, dialect.OBSERVED)) == ids


def test_stars_after_equals_are_wild_where_the_guide_says_so(bench):
    text = "summary = '*my*'"  # seed 003, "Accepts *'s for Wild Cards"; psa facts 12, U7

    assert bench.found(parse_and_bind(text, TICKET, dialect.DOCUMENTED)) == [3]
    assert bench.found(parse_and_bind(text, TICKET, dialect.OBSERVED)) == []


EMAIL_OF_JOHN = (  # seed 003
    'communicationItems/value like "john@Outlook.com" AND '
    'communicationItems/communicationType="Email"'
)
CHILDREN = [
    (EMAIL_OF_JOHN, [1]),
    ("types/id=1", [1]),  # psa facts 3.5
    ("types/id=1 and types/id=2", []),  # the same child, psa facts 12, U9
    ("types/id=1 and (types/name='Lead' or types/name='x')", [1]),
    ("types/id=2 and not (types/name='Lead')", [1]),
    ("types/id=2 and communicationItems/value='555'", [1]),
    ("types/id=2 or communicationItems/value='x'", [1, 2]),
    ('notes/text contains "update"', [1]),  # seed 002
]


@pytest.mark.parametrize(("text", "ids"), CHILDREN)
def test_child_conditions_speak_of_one_child(bench, text, ids):
    tree = parse_and_bind_children(text, TICKET, dialect.OBSERVED_CHILD)

    assert bench.found(tree) == ids


ROWS = [
    ('caption="TomNumber" AND value !=null', [1]),  # seed 003
    ('caption="TomNumber" AND value = null', [2]),
    ('caption="TomNumber" AND value = 12', [1]),
    ('caption="TomNumber" AND value = "12"', []),
    ('caption="Empty" AND value = 12', []),
    ('caption="customField1" and value like "%VALUE"', [1]),
]


@pytest.mark.parametrize(("text", "ids"), ROWS)
def test_custom_field_conditions_speak_of_one_row(bench, text, ids):
    tree = parse_and_bind_rows(text, "customFields", TICKET, dialect.OBSERVED_CHILD)

    assert bench.found(tree) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('customField1 contains "value"', [1]),  # seed 002
        ('customField1 contains "value" and TomNumber = 12', [1]),
        ('customField1 contains "value" and TomNumber = 13', []),
        ("not (TomNumber = 12)", [2, 3]),
        ("nobody = 1", []),
    ],
)
def test_documented_custom_fields_go_by_their_caption(bench, text, ids):
    tree = parse_and_bind_rows(text, "customFields", TICKET, dialect.DOCUMENTED_CHILD)

    assert bench.found(tree) == ids
