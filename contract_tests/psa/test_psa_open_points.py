"""Points that sources leave open (psa facts 12): each can be set otherwise, alone."""

import pytest

assumed = pytest.mark.assumed
TICKETS = "/service/tickets"
NEW = {"summary": "x", "company": {"id": 4}}


@pytest.fixture
def with_quirks(make_tenant):
    """Return a function that makes an observed tenant with quirks of PSA, and calls it."""
    return lambda **quirks: make_tenant("observed", psa=quirks).unlimited().psa


def count(caller, conditions):
    return caller.get(f"{TICKETS}/count", params={"conditions": conditions}).json["count"]


@assumed("psa facts U3: 200 for actions, any 2xx is accepted by known clients")
def test_the_status_of_actions_can_be_set(with_quirks):
    plain, switched = with_quirks(), with_quirks(action_status=201)
    sheet = "/time/sheets/1/submit"

    def told(caller):
        child = caller.post(TICKETS, json=NEW).json["id"]
        merge = {"childTicketIds": [child]}
        done = caller.post(f"{TICKETS}/5000/attachChildren", json=merge)
        return done.status_code, caller.post(f"{TICKETS}/search", json={}).status_code

    assert told(plain) == (200, 200)
    assert told(switched) == (201, 200)
    assert switched.post(f"{TICKETS}/404404/attachChildren", json={}).status_code == 404
    assert switched.get(sheet).status_code == 405


@assumed("psa facts U4: the words for text that is no condition")
def test_the_words_for_bad_syntax_can_be_set(with_quirks):
    caller = with_quirks(wording={"syntax": "Error at {offset}: {message}."})

    refused = caller.get(TICKETS, params={"conditions": "id="})

    assert refused.json == {"code": "ApiFindCondition", "message": "Error at 3: expected a value."}


@assumed("psa facts U6: SQL's order of and before or, or from left to right")
@pytest.mark.parametrize(
    ("conditions", "sql", "plain"),
    [
        ("id = 5000 or id = 5001 and id = 5003", 1, 0),
        ("id = 5000 or (id = 5001 and id = 5003)", 1, 1),
        ("id = 5000 and id = 5003 or id = 5001", 1, 1),
        ("id = 5000 or not id = 5001 and id = 5003 or id = 5001", 3, 2),
        ("(id = 5000 or id = 5001 and id = 5003) or id = 5003", 2, 1),
    ],
)
def test_and_may_bind_like_or(observed, with_quirks, conditions, sql, plain):
    assert observed.get(f"{TICKETS}/count", conditions=conditions).json["count"] == sql
    assert count(with_quirks(conditions={"joints_equal": True}), conditions) == plain


@assumed("psa facts U7: like without wildcards is equality in SQL; it may mean contains")
def test_like_without_wildcards_may_find_a_part(with_quirks):
    plain, switched = with_quirks(), with_quirks(conditions={"bare_like_contains": True})

    assert count(plain, "summary like 'mail'") == 0
    assert count(switched, "summary like 'mail'") == count(plain, "summary contains 'mail'") > 0
    for wild in ("summary like 'mail%'", "summary not like 'e_ail%'"):
        assert count(switched, wild) == count(plain, wild)


@assumed("psa facts U12: links beyond the end, or none")
def test_a_page_past_the_end_may_have_no_links(with_quirks):
    plain, switched = with_quirks(), with_quirks(past_end_linked=False)
    beyond = {"page": "999", "pageSize": "100"}

    assert 'rel="prev"' in plain.get(TICKETS, params=beyond).headers["Link"]
    assert "Link" not in switched.get(TICKETS, params=beyond).headers
    assert "Link" in switched.get(TICKETS, params=beyond | {"page": "2"}).headers


@assumed("psa facts U22: the text for an identifier that is taken")
def test_the_words_for_what_exists_can_be_set(with_quirks):
    caller = with_quirks(wording={"exists": "{field} is in use"})
    company = {"identifier": "New Company", "name": "x"}

    (fault,) = caller.post("/company/companies", json=company).json["errors"]

    assert (fault["code"], fault["message"]) == ("ObjectExists", "identifier is in use")


@assumed("psa facts 1.6: one document says that the company id is case-sensitive")
def test_the_company_id_may_have_to_be_exact(make_tenant):
    tenant = make_tenant("observed", psa={"company_in_any_case": False}).unlimited()
    keys = tenant.credentials["psa"]
    pair = keys["public_key"], keys["private_key"]
    assert tenant.psa_as(*pair).get("/system/info").status_code == 200

    keys["company"] = keys["company"].upper()

    refused = tenant.psa_as(*pair).get("/system/info")
    assert (refused.status_code, refused.text) == (400, "Cannot route. Codebase/company is invalid")


@assumed("psa facts 3.6: an unknown field in orderBy is refused, or passed over")
def test_an_unknown_order_may_be_passed_over(with_quirks):
    caller = with_quirks(unknown_order_refused=False)
    params = {"orderBy": "nonsense,id desc,summary sideways", "pageSize": "2", "fields": "id"}

    found = caller.get(TICKETS, params=params)

    assert [row["id"] for row in found.json] == [54321, 5483]


@assumed("psa facts 6.3 and 6.8: what blanks and empty texts are")
def test_blanks_and_empty_texts_may_be_values(with_quirks):
    caller = with_quirks(blanks_missing=False, empty_enums=False)

    assert caller.post(TICKETS, json=NEW | {"summary": "  "}).status_code == 201
    (fault,) = caller.post(TICKETS, json=NEW | {"severity": ""}).json["errors"]
    assert (fault["code"], fault["field"]) == ("InvalidField", "severity")


@assumed("psa facts 6.4: irregular nouns, as many as one likes")
def test_what_messages_call_records_can_be_set(with_quirks):
    nouns = {"time/entries": "Time Record", "service/boards/statuses": "Status"}
    caller = with_quirks(nouns=nouns)

    def message(path):
        return caller.get(path).json["message"]

    assert message("/time/entries/404404") == "Time Record 404404 not found"
    assert message("/service/tickets/404404") == "Ticket 404404 not found"
    (fault,) = caller.post(TICKETS, json=NEW | {"status": {"id": 404404}}).json["errors"]
    assert fault["message"] == "Status 404404 not found for Board 1"


@assumed("psa facts 6.12: what a replacement loses")
def test_what_a_replaced_ticket_loses_can_be_set(with_quirks):
    caller = with_quirks(replacement_drops=["priority"])
    ticket = caller.post(TICKETS, json=NEW).json

    after = caller.put(f"{TICKETS}/{ticket['id']}", json=NEW).json

    assert after["source"] == ticket["source"]
    assert "priority" not in after
