"""Conditions that are refused, and how (psa facts 3.6, 11; seed 002's format)."""

import pytest
from psa_wording import TYPE_RULES, error, refused, seed_fault

TICKETS, CONTACTS = "/service/tickets", "/company/contacts"


UNKNOWN = [
    ("resources/identifier='x'", "resources/identifier"),
    ("resources/name='x'", "resources/name"),
    ("resources/member/identifier='x'", "resources/member/identifier"),
    ("member/id=1", "member/id"),
    ("assignedTo/id=1", "assignedTo/id"),
    ("ticket condition = invalid", "ticket"),
    ("configurations/id=1", "configurations/id"),
    ("customFields/value = 1", "customFields/value"),
]


@pytest.mark.live
@pytest.mark.observed("psa facts 3.6, recorded bodies; the name is echoed as typed")
@pytest.mark.parametrize("path", [TICKETS, f"{TICKETS}/count"])
@pytest.mark.parametrize(("conditions", "name"), UNKNOWN)
def test_an_unknown_name_is_told(observed, path, conditions, name):
    answer = observed.get(path, conditions=conditions)

    message = f"{name} is not a recognized name."
    assert refused(answer, 400, error("ApiFindCondition", message))


@pytest.mark.observed("psa facts 3.6, recorded body below a ticket")
def test_an_unknown_name_in_a_note_is_told(observed):
    answer = observed.get(f"{TICKETS}/5000/notes", conditions="note condition = invalid")

    message = "note is not a recognized name."
    assert refused(answer, 400, error("ApiFindCondition", message))


@pytest.mark.documented("seed 002, 'Error Response Format'")
def test_an_unknown_name_is_told_in_the_seed_s_format(documented):
    answer = documented.get(TICKETS, conditions="resources/identifier='x'")

    message = "resources/identifier is not a recognized name."
    fault = seed_fault("InvalidArgument", message, "resources/identifier")
    assert refused(answer, 400, error("InvalidArgument", message, fault))


SEED_ONLY = [
    ("conditions", "assignedResource!=null", "assignedResource is not a recognized name."),
    (
        "conditions",
        'contact/firstName contains "John"',
        "contact/firstName is not a recognized name.",
    ),
    ("childconditions", 'notes/text contains "update"', "notes/text is not a recognized name."),
    (
        "customFieldConditions",
        'customField1 contains "value"',
        "customField1 is not a recognized name.",
    ),
]


@pytest.mark.live
@pytest.mark.observed("psa facts 11, S5 to S7")
@pytest.mark.parametrize(("name", "text", "message"), SEED_ONLY)
def test_what_only_the_seed_knows_is_refused(observed, name, text, message):
    answer = observed.get(TICKETS, **{name: text})

    assert refused(answer, 400, error("ApiFindCondition", message))


@pytest.mark.live
@pytest.mark.observed("psa facts 3.3 and S4: brackets are a must; the text is COV's")
@pytest.mark.parametrize("text", ["dateEntered>2024-01-01", "dateEntered>='2024-01-01'"])
def test_a_date_without_brackets_is_refused(observed, text):
    answer = observed.get(TICKETS, conditions=text)

    assert answer.status_code == 400
    assert answer.json["code"] == "ApiFindCondition"


@pytest.mark.live
@pytest.mark.observed("psa facts 3.6, quoted text")
def test_a_type_mismatch_is_told(observed):
    answer = observed.get(TICKETS, conditions="closedFlag = 1")

    message = f"Expected a boolean value, not a numeric. {TYPE_RULES}"
    assert refused(answer, 400, error("ApiFindCondition", message))


@pytest.mark.live
@pytest.mark.observed("psa facts 3.6, recorded body: like on an enumeration")
@pytest.mark.parametrize(
    "text", ['agreementStatus Not Like "Canceled"', "agreementStatus = 'Canceled'"]
)
def test_an_unknown_member_of_an_enumeration_is_told(observed, text):
    answer = observed.get("/finance/agreements", conditions=text)

    assert refused(answer, 400, error("ApiFindCondition", "Enum value supplied was invalid"))


@pytest.mark.live
@pytest.mark.documented("seed 003: in is not among the operators of children and custom fields")
@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("childConditions", "types/id in (1)"), ("customFieldConditions", "value in (1, 2)")],
)
def test_children_and_rows_know_no_in(callers, profile, name, text):
    assert callers[profile].get(CONTACTS, **{name: text}).status_code == 400


SYNTAX = ["summary = 'x", "summary =", "(id = 1", "id = 1)", "id = 1 id = 2", "id == 1", "id in ()"]


@pytest.mark.live
@pytest.mark.assumed("psa facts U4: 400 ApiFindCondition, our wording")
@pytest.mark.parametrize("text", SYNTAX)
def test_bad_syntax_is_refused_with_its_place(observed, text):
    answer = observed.get(TICKETS, conditions=text)

    assert answer.status_code == 400
    assert answer.json["code"] == "ApiFindCondition"
    assert "at character" in answer.json["message"]
