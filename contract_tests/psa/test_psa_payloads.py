"""What a body may say and what is answered when it is wrong (psa facts 6.3, 6.6 to 6.9)."""

import json

import pytest
from psa_wording import ACCEPT_TAIL, error, fault, refused, seed_fault

TICKETS = "/service/tickets"


def ticket(**members):
    return {"summary": "x", "company": {"id": 12345}, **members}


def made(caller, path=TICKETS, **members):
    answer = caller.post(path, json=ticket(**members))
    assert answer.status_code == 201, answer.text
    return answer.json


# -- lenient reading ---------------------------------------------------------------------------


@pytest.mark.observed("psa facts 6.8: numbers and flags as texts, empty text for null")
def test_texts_are_converted(caller):
    found = made(
        caller,
        company={"id": "12345"},
        budgetHours="10.5",
        approved="False",
        allowAllClientsPortalView="true",
        poNumber=7,
        requiredDate="",
        owner="",
    )

    assert found["company"]["id"] == 12345
    assert (found["budgetHours"], found["approved"]) == (10.5, False)
    assert (found["allowAllClientsPortalView"], found["poNumber"]) == (True, "7")
    assert {"requiredDate", "owner"}.isdisjoint(found)


@pytest.mark.observed("psa facts 6.8: names of members match whatever their case")
def test_names_of_members_match_in_any_case(caller):
    answer = caller.post(TICKETS, json={"Summary": "x", "COMPANY": {"ID": 12345}})

    assert answer.status_code == 201
    assert (answer.json["summary"], answer.json["company"]["id"]) == ("x", 12345)


@pytest.mark.observed("psa facts 6.7: read-only members are accepted and ignored")
def test_what_the_server_keeps_is_ignored(caller):
    found = made(caller, id=1, _info={"updatedBy": "me"}, closedFlag=True, closedBy="me")

    assert found["id"] > 5000
    assert (found["_info"]["updatedBy"], found["closedFlag"]) == ("Admin1", False)
    assert "closedBy" not in found


@pytest.mark.live
@pytest.mark.observed("psa facts 6.3: accepted forms of an instant")
@pytest.mark.parametrize("text", ["2026-09-11T14:32:00Z", "2026-09-11T14:32:00.277Z"])
def test_instants_end_in_z(caller, text):
    answer = caller.post("/time/entries", json={"timeStart": text})

    assert answer.status_code == 201
    assert answer.json["timeStart"] == "2026-09-11T14:32:00Z"


@pytest.mark.observed("psa facts 6.9: by id, identifier or unique name; written out in full")
@pytest.mark.parametrize(
    ("name", "given", "wanted"),
    [
        ("company", {"identifier": "ACMEmanufacturing"}, 12345),
        ("board", {"name": "integration"}, 3),
        ("status", {"name": "In Progress"}, 2),
        ("priority", {"name": "Priority 1 - Critical"}, 1),
        ("source", {"name": "Portal"}, 4),
        ("owner", {"identifier": "JKING"}, 3),
        ("team", {"name": "Service Desk Tier 2"}, 2),
        ("location", {"name": "Columbus Office"}, 2),
        ("department", {"identifier": "projects"}, 2),
    ],
)
def test_a_reference_may_be_given_by_another_key(caller, name, given, wanted):
    found = made(caller, **{name: given})[name]

    assert found["id"] == wanted
    assert found["name"]
    assert any(link.endswith(f"/{wanted}") for link in found["_info"].values())


@pytest.mark.documented("seed 003: 'Many times Name is not considered unique'")
def test_a_name_that_is_not_unique_is_refused(psa_observed):
    psa_observed.post("/service/sources", json={"name": "Phone"})

    answer = psa_observed.post(TICKETS, json=ticket(source={"name": "phone"}))

    found = fault("InvalidField", "source/name 'phone' is not unique", "ticket", "source/name")
    assert refused(answer, 400, error("InvalidObject", "ticket object is invalid", found))


@pytest.mark.documented("seed 003, 'Partial Responses': they work for POST too")
def test_a_post_may_choose_its_fields(caller):
    answer = caller.post(f"{TICKETS}?fields=summary,company/id", json=ticket())

    assert (answer.status_code, answer.json) == (201, {"summary": "x", "company": {"id": 12345}})
    base = f"http://localhost{caller.base}{TICKETS}/"
    assert answer.headers["Location"].removeprefix(base).isdigit()


# -- the reader's own words --------------------------------------------------------------------


@pytest.mark.live
@pytest.mark.observed("psa facts 6.7: type, path, line and position")
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"summary":"x","bogus":1}', ("bogus", "Ticket", "bogus", 1, 23)),
        (
            '{\r\n  "summary": "x",\r\n  "Bogus": 1\r\n}',
            ("Bogus", "Ticket", "Bogus", 3, 10),
        ),
        (
            '{"board":{"name":"x"},"company":{"id":1,"rank":2}}',
            ("rank", "CompanyReference", "company.rank", 1, 47),
        ),
    ],
)
def test_an_unknown_member_is_told_with_its_place(psa_observed, body, told):
    answer = psa_observed.post(TICKETS, data=body, content_type="application/json")

    member, model, path, line, position = told
    message = (
        f"Could not find member '{member}' on object of type '{model}'. "
        f"Path '{path}', line {line}, position {position}.{ACCEPT_TAIL}"
    )
    assert refused(answer, 400, error("ConnectWiseApi", message))


@pytest.mark.live
@pytest.mark.observed("psa facts 6.6, recorded text and status")
def test_a_scalar_for_an_object_is_a_server_error(psa_observed):
    body = '{\r\n    "summary":  "x",\r\n    "company":  "250"\r\n}'

    answer = psa_observed.post(TICKETS, data=body, content_type="application/json")

    model = "ConnectWise.Apis.v3_0.v2015_3.Common.Models.CompanyReference"
    message = (
        f"Error converting value \"250\" to type '{model}'. Path 'company', line 3, position 21."
    )
    assert refused(answer, 500, error("ConnectWiseApi", message))


@pytest.mark.live
@pytest.mark.documented("seed 002, 'Error Response Format'")
def test_a_scalar_for_an_object_is_an_invalid_argument(psa):
    answer = psa.post(TICKETS, json={"summary": "x", "company": "250"})

    found = seed_fault("InvalidArgument", "company must be a valid reference", "company")
    message = "The value '250' is not valid for field 'company'."
    assert refused(answer, 400, error("InvalidArgument", message, found))


@pytest.mark.live
@pytest.mark.assumed("psa facts U19: 400 ConnectWiseApi with the reader's tail")
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"{'summary': 1}", b"\xff\xfe"])
def test_a_body_that_is_no_object_is_refused(caller, body):
    answer = caller.post(TICKETS, data=body, content_type="application/json")

    assert (answer.status_code, answer.json["code"]) == (400, "ConnectWiseApi")
    assert answer.json["message"].endswith(ACCEPT_TAIL)


@pytest.mark.assumed("a refused payload leaves nothing behind")
def test_a_refused_payload_changes_nothing(caller):
    count = caller.get(f"{TICKETS}/count").json
    notes = caller.get(f"{TICKETS}/5000/notes/count").json

    caller.post(TICKETS, json=ticket(initialDescription="x", severity="Huge"))
    caller.post(f"{TICKETS}/5000/notes", json={"text": "x"})

    assert caller.get(f"{TICKETS}/count").json == count
    assert caller.get(f"{TICKETS}/5000/notes/count").json == notes


@pytest.mark.observed("psa facts 6.1: texts come back as they were sent")
def test_texts_survive(caller):
    text = 'Zoë said: "50% off" \\ \t <b>&amp;</b> 日本語 \U0001f600 \u200e'

    found = made(caller, summary=text)

    assert caller.get(f"{TICKETS}/{found['id']}").json["summary"] == text
    raw = caller.get(f"{TICKETS}/{found['id']}").get_data(as_text=True)
    assert json.dumps(text, ensure_ascii=False)[1:-1] in raw
