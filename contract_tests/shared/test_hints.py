"""Every refusal, and every empty page, says in one sentence why: beside the vendor's answer."""

import pytest

from mockserver import World, create_app

pytestmark = pytest.mark.assumed("the header is the emulator's own; no vendor has it")

TICKETS = "/v4_6_release/apis/3.0/service/tickets"
CALLER = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "any"}}


@pytest.fixture(scope="module")
def http():
    return create_app(World.seeded(42, frozen=True)).test_client()


def hint(answer):
    return answer.headers.get("X-Mock-Hint")


def listed(http, conditions):
    return http.get(TICKETS, query_string={"conditions": conditions}, **CALLER)


def test_an_unknown_field_is_told_with_the_closest_one(http):
    answer = listed(http, 'sumary="x"')

    assert hint(answer) == (
        "At character 0 of conditions: there is no field 'sumary'. Closest: summary."
    )


def test_an_empty_page_tells_what_each_part_of_the_condition_keeps(http):
    total = http.get(f"{TICKETS}/count", **CALLER).json["count"]
    answer = listed(http, 'summary="no such summary" and id>0')

    assert answer.json == []
    assert (
        hint(answer)
        == f'Of {total} rows 0 fulfil summary = "no such summary"; {total} fulfil id > 0.'
    )


def test_a_page_with_rows_needs_no_hint(http):
    assert hint(listed(http, "id>0")) is None


def test_a_parameter_that_the_vendor_passes_over_is_told_with_the_closest_one(http):
    answer = http.get(TICKETS, query_string={"condition": "id=0", "pageSize": "1"}, **CALLER)

    assert len(answer.json) == 1
    assert hint(answer).startswith("The vendor passes over condition. Closest: conditions")
    assert hint(http.get(TICKETS, query_string={"pageSize": "1"}, **CALLER)) is None


def test_a_patch_that_changes_nothing_is_told(http):
    first = http.get(TICKETS, query_string={"pageSize": "1"}, **CALLER).json[0]["id"]
    patch = [{"op": "replace", "path": "company/identifier", "value": "Nowhere"}]

    answer = http.patch(f"{TICKETS}/{first}", json=patch, **CALLER)

    assert answer.status_code == 200
    assert hint(answer).startswith("The patch changed nothing, and the vendor says 200")


def test_a_missing_right_is_told(http):
    answer = http.post(
        TICKETS,
        json={},
        auth=("company+readonlykey", "readonlyprivate"),
        headers={"clientId": "any"},
    )

    assert answer.status_code == 403
    assert hint(answer) == (
        "ReadOnly lacks the right to POST /service/tickets: it needs ServiceTickets addLevel All, "
        "and its role Read Only has None."
    )


def test_a_misspelt_member_is_told_with_the_closest_one(http):
    answer = http.post(TICKETS, json={"sumary": "x"}, **CALLER)

    assert hint(answer).startswith("sumary is not a field. Closest: summary.")


def test_a_struck_request_names_its_fault():
    http = create_app(World.seeded(42, frozen=True)).test_client()
    fault = http.post("/_mock/faults", json={"effect": {"kind": "error", "status": 503}}).json

    answer = http.get(TICKETS, **CALLER)

    assert hint(answer) == (
        f"An injected fault struck this request: {fault['id']} (error). "
        "DELETE /_mock/faults removes its rules."
    )


def test_hostile_text_stays_within_one_header_line(http):
    answer = listed(http, 'näme\r\n"' + "x" * 5_000)

    assert answer.status_code == 400
    assert hint(answer).isascii()
    assert len(hint(answer)) < 500


def test_hints_can_be_left_out():
    http = create_app(World.seeded(42, frozen=True, hints=False)).test_client()

    assert hint(listed(http, 'sumary="x"')) is None
    assert hint(listed(http, 'summary="no such summary"')) is None
    kept = [entry["hint"] for entry in http.get("/_mock/requests").json["requests"]]
    assert kept[0].startswith("Of ")
    assert "Closest: summary." in kept[1]
