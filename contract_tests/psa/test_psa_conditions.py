"""The condition language on the default world (seeds 002, 003; psa facts 3)."""

import pytest
from psa_wording import ids

TICKETS, CONTACTS = "/service/tickets", "/company/contacts"


SEED_002 = [
    "status/id=1",
    "status/id!=5",
    "priority/id<3",
    "priority/id<=2",
    "dateEntered>2024-01-01",
    "dateEntered>=2024-01-01",
    'summary contains "email"',
    'summary like "%email%"',
    "status/id in (1,2,3)",
    "status/id not in (5)",
    "company/id=12345",
    'status/name="New"',
    'contact/firstName contains "John"',
    "company/id=12345 and status/id!=5 and priority/id<=2",
    "status/id=1 or status/id=2",
    "(status/id=1 or status/id=2) and company/id=12345",
    "dateEntered>=[2024-01-01]",
    "dateEntered>=[2024-01-01T00:00:00Z] and dateEntered<[2024-02-01T00:00:00Z]",
    'summary="Email not working"',
    'company/identifier like "AC%"',
    "contact=null",
    "assignedResource!=null",
]
SEED_003 = [
    'board/name="Integration" and status/name="new"',
    'board/name="Integration"',
    'summary="xyz"',
    "board/id in (3, 2, 4)",
    "lastUpdated > [2016-08-20T18:04:26Z]",
    'Summary = "This is my string"',
    "Board/Id = 123",
    "ClosedFlag = True",
    "LastUpdated = [2016-08-20T18:04:26Z]",
    'Summary Not Contains "Low Priority"',
    'board/name="integration" and summary="xyz"',
    "summary like 'test'",
]


@pytest.mark.documented("seeds 002 and 003: every condition they print")
@pytest.mark.parametrize("conditions", [*SEED_002, *SEED_003])
def test_every_condition_of_the_guides_finds_a_ticket(documented, conditions):
    assert ids(documented.get(TICKETS, conditions=conditions))


@pytest.mark.documented("seed 003, 'Reference*': manufacturer/name")
def test_a_reference_of_a_configuration_can_be_asked_for(documented):
    found = documented.get("/company/configurations", conditions='manufacturer/name = "dell"').json

    assert {row["manufacturer"]["name"] for row in found} == {"Dell"}


@pytest.mark.documented("seed 002, 'Child Collections'")
def test_the_seed_s_child_condition_finds_the_tickets_with_such_a_note(documented):
    found = ids(documented.get(TICKETS, childconditions='notes/text contains "update"'))

    assert found
    for ticket in found:
        notes = documented.get(f"{TICKETS}/{ticket}/notes", pageSize=1000).json
        assert any("update" in note["text"].casefold() for note in notes)


@pytest.mark.documented("seed 002, 'Child Collections'; U9: the same child")
def test_the_seed_s_child_condition_speaks_of_one_note(documented):
    def matching(text):
        return set(ids(documented.get(TICKETS, childConditions=text, pageSize=1000)))

    text = "notes/text contains 'update'"
    both = matching(f"{text} and notes/internalAnalysisFlag = true and notes/text like '%notes/%'")
    assert not both
    internal = matching(f"{text} AND (NOTES/internalAnalysisFlag = true)")
    public = matching(f"{text} and notes/internalAnalysisFlag = false")
    assert internal | public == matching(text)


@pytest.mark.documented("seed 002, 'Custom Fields'")
def test_the_seed_s_custom_field_condition_finds_tickets(documented):
    rows = documented.get(TICKETS, customFieldConditions='customField1 contains "value"').json

    assert rows
    for row in rows:
        values = {field["caption"]: field.get("value") for field in row["customFields"]}
        assert "value" in values["customField1"].casefold()


CHILDREN = {
    "childconditions": (
        'communicationItems/value like "john@Outlook.com" AND '
        'communicationItems/communicationType="Email"'
    ),
    "customFieldConditions": 'caption="TomNumber" AND value !=null',
}


@pytest.mark.live
@pytest.mark.documented("seed 003, 'Query String Parameters'")
@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize(("name", "text"), CHILDREN.items())
def test_child_and_custom_field_conditions_find_contacts(callers, profile, name, text):
    assert ids(callers[profile].get(CONTACTS, **{name: text}))


@pytest.mark.live
@pytest.mark.assumed("psa facts U9: all that is asked holds for the same child")
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_child_conditions_speak_of_one_child(callers, profile):
    text = (
        'communicationItems/value = "john@outlook.com" and '
        'communicationItems/communicationType = "Phone"'
    )

    assert ids(callers[profile].get(CONTACTS, childConditions=text)) == []


@pytest.mark.assumed("psa facts 3.5: the three kinds of conditions must all hold")
def test_all_kinds_of_conditions_must_hold(observed):
    both = observed.get(CONTACTS, conditions="id > 1", **CHILDREN)

    assert ids(observed.get(CONTACTS, conditions="id = 1", **CHILDREN)) == [1]
    assert 1 not in ids(both)


FACTS = [
    "closedFlag=false",
    "status/name!='X'",
    "(owner/name contains 'a' or resources contains 'J') and closedFlag=false",
    "ClosedDate = NULL",
    "lastUpdated >= [2025-01-01]",
    "dateEntered > [06/30/2019]",
    "resources like '%a%'",
    "owner/identifier = 'adalton'",
    'contact/name like "John%"',
    "summary like '*vpn*'",
    "summary = 'EMAIL not working  '",
    "recordType = 'serviceticket'",
    "not (closedFlag = true)",
    "updatedBy != 'x' and enteredBy != null",
    "type/id = 1 and subType/name = 'Outlook'",
]


@pytest.mark.observed("psa facts 3.2 to 3.4: forms seen live")
@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize("conditions", FACTS)
def test_conditions_seen_live_find_a_ticket(callers, profile, conditions):
    assert ids(callers[profile].get(TICKETS, conditions=conditions))


@pytest.mark.live
@pytest.mark.observed("psa facts 3.3: what SQL Server does with null")
def test_null_is_neither_equal_nor_unequal(observed):
    everything = observed.get(f"{TICKETS}/count").json["count"]
    nobody = observed.get(f"{TICKETS}/count", conditions="contact = null").json["count"]
    other = observed.get(f"{TICKETS}/count", conditions="contact/name != 'x'").json["count"]

    assert 0 < nobody < everything
    assert other == everything - nobody


@pytest.mark.documented("seed 002, 'URL Encoding': the whole example")
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_the_encoded_example_of_the_guide_is_read(callers, profile):
    found = callers[profile].get(
        f"{TICKETS}?conditions=company/id%3D12345%20and%20status/id!%3D5&pageSize=1000"
    )

    assert {row["company"]["id"] for row in found.json} == {12345}
    assert 5 not in {row["status"]["id"] for row in found.json}
