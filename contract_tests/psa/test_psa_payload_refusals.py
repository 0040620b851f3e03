"""Payloads that do not fit, told as recorded and as seed 002 has it (psa facts 6.3)."""

import pytest
from psa_wording import error, fault, refused, seed_fault

TICKETS = "/service/tickets"


def ticket(**members):
    return {"summary": "x", "company": {"id": 12345}, **members}


RECORDED = [
    (
        "/company/contacts",
        {},
        "contact",
        ("MissingRequiredField", "The firstName field is required.", "firstName"),
    ),
    (
        TICKETS,
        {"summary": "x", "company": {"id": 19299}},
        "ticket",
        ("NotFound", "company 19299 not found", "company/id"),
    ),
    (
        TICKETS,
        ticket(board={"id": 2}, status={"id": 17}),
        "ticket",
        ("NotFound", "Service Status 17 not found for Service Board 2", "status/id"),
    ),
    (
        TICKETS,
        ticket(summary="x" * 101),
        "ticket",
        (
            "MaxLengthField",
            "The field summary must be a string with a maximum length of 100.",
            "summary",
        ),
    ),
    (
        "/time/entries",
        {"timeStart": "2026-09-11T14:32:00-04:00"},
        "timeEntry",
        ("UnsupportedFormat", "Unsupported format applied to timeStart", "timeStart"),
    ),
    (
        f"{TICKETS}/5000/notes",
        {"text": "x"},
        "serviceNote",
        (
            "ServiceNote",
            "Please choose where to display the notes in order to save this record.",
            "detailDescriptionFlag, internalAnalysisFlag, resolutionFlag",
        ),
    ),
]


@pytest.mark.observed("psa facts 6.3, recorded bodies")
@pytest.mark.parametrize(("path", "body", "noun", "told"), RECORDED)
def test_a_bad_payload_is_refused_as_recorded(psa_observed, path, body, noun, told):
    answer = psa_observed.post(path, json=body)

    code, message, field = told
    found = fault(code, message, noun, field)
    assert refused(answer, 400, error("InvalidObject", f"{noun} object is invalid", found))


@pytest.mark.live
@pytest.mark.observed("psa facts 6.3: several problems are reported together")
def test_everything_wrong_is_told_at_once(psa_observed):
    answer = psa_observed.post(TICKETS, json={"company": {"id": 7777}, "siteName": "x" * 157})

    assert answer.json["errors"] == [
        fault(
            "MaxLengthField",
            "The field siteName must be a string with a maximum length of 156.",
            "ticket",
            "siteName",
        ),
        fault("NotFound", "company 7777 not found", "ticket", "company/id"),
        fault("MissingRequiredField", "The summary field is required.", "ticket", "summary"),
    ]


@pytest.mark.live
@pytest.mark.observed("psa facts 6.3: a missing reference names its sub-field")
def test_a_missing_reference_names_its_id(psa_observed):
    answer = psa_observed.post(TICKETS, json={"summary": "x"})

    found = fault("MissingRequiredField", "The company/id field is required.", "ticket", "company")
    assert refused(answer, 400, error("InvalidObject", "ticket object is invalid", found))


@pytest.mark.live
@pytest.mark.documented("seed 002, 'Common Errors': RequiredFieldMissing")
def test_missing_fields_are_told_in_the_seed_s_words(psa):
    answer = psa.post(TICKETS, json={})

    told = ("The summary field is required.", "The company/id field is required.")
    faults = [
        seed_fault("RequiredFieldMissing", text, name)
        for text, name in zip(told, ("summary", "company"), strict=True)
    ]
    assert refused(answer, 400, error("RequiredFieldMissing", told[0], *faults))


@pytest.mark.documented("seed 002, 'Error Response Format': the whole example")
def test_the_seed_s_error_is_the_seed_s_error(psa):
    patch = [{"op": "replace", "path": "status/id", "value": "invalid"}]

    for answer in (
        psa.patch(f"{TICKETS}/5000", json=patch),
        psa.post(TICKETS, json=ticket(status={"id": "invalid"})),
    ):
        found = seed_fault("InvalidArgument", "status/id must be a valid integer", "status/id")
        message = "The value 'invalid' is not valid for field 'status/id'."
        assert refused(answer, 400, error("InvalidArgument", message, found))


@pytest.mark.assumed("psa facts 6.3: an unknown member of an enumeration; the text is ours")
def test_an_unknown_member_of_an_enumeration_is_refused(psa_observed):
    answer = psa_observed.post(TICKETS, json=ticket(severity="Huge"))

    message = "The value 'Huge' is not valid for field 'severity'."
    found = fault("InvalidField", message, "ticket", "severity")
    assert refused(answer, 400, error("InvalidObject", "ticket object is invalid", found))
