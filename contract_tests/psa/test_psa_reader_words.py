"""What PSA says of a body that it cannot read, and of one that says less than it seems to."""

import pytest
from psa_wording import ACCEPT_TAIL

TICKETS = "/service/tickets"
NEW = {"summary": "x", "company": {"id": 4}}


@pytest.mark.live
@pytest.mark.assumed("psa facts U19: the parser's message, and 6.7: a tail without a blank")
@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "Unexpected end when reading JSON. Path '', line 1, position 0"),
        (b'{"summary":', "Unexpected end when reading JSON. Path 'summary', line 1, position 11"),
        (
            b'{\n"company": {"id": }}',
            (
                "Unexpected character encountered while parsing value: }. "
                "Path 'company.id', line 2, position 18"
            ),
        ),
        (
            b'{"summary":"x"} x',
            (
                "Additional text encountered after finished reading JSON content: x. "
                "Path 'summary', line 1, position 16"
            ),
        ),
        (b"[1]", "The body must be a JSON object"),
    ],
)
def test_a_body_that_cannot_be_read(caller, body, told):
    refused = caller.post(TICKETS, data=body, content_type="application/json")

    assert refused.status_code == 400
    assert refused.json == {"code": "ConnectWiseApi", "message": f"{told}.{ACCEPT_TAIL}"}


@pytest.mark.assumed("hostile: deeper than any reader goes, longer than anybody looks")
@pytest.mark.parametrize("body", [b'{"a":' * 200_000, b'{"summary":"' + b"x" * 1_000_000])
def test_a_body_that_never_ends(caller, body):
    refused = caller.post(TICKETS, data=body, content_type="application/json")

    assert (refused.status_code, refused.json["code"]) == (400, "ConnectWiseApi")


@pytest.mark.observed("psa facts 6.8: clients send an empty text for null")
def test_an_empty_text_for_an_enumeration_is_null(caller):
    made = caller.post(TICKETS, json=NEW | {"severity": "", "impact": ""})

    assert (made.json["severity"], made.json["impact"]) == ("Medium", "Medium")


@pytest.mark.assumed(
    "psa facts 6.3: the words are those of a library that counts blanks for nothing"
)
def test_blanks_are_no_summary(psa_observed):
    refused = psa_observed.post(TICKETS, json=NEW | {"summary": "  \t"})

    (fault,) = refused.json["errors"]
    assert (fault["code"], fault["message"]) == (
        "MissingRequiredField",
        "The summary field is required.",
    )
