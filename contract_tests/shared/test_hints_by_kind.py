"""Each kind of refusal has a hint of its own, which says what to change, here those of PSA."""

import pytest

from mockserver import World, create_app

pytestmark = pytest.mark.assumed("the header is the emulator's own; no vendor has it")

PSA = "/v4_6_release/apis/3.0"
TICKETS = f"{PSA}/service/tickets"
KEY = ("company+publickey", "privatekey")
CLIENT = {"clientId": "any"}


@pytest.fixture(scope="module")
def http():
    client = create_app(World.seeded(42, size="tiny", frozen=True)).test_client()
    client.patch("/_mock/limits", json={n: {"requests": None} for n in ("psa", "automate")})
    return client


def hint(answer):
    return answer.headers.get("X-Mock-Hint")


def psa(http, path="/service/tickets", method="GET", headers=CLIENT, auth=KEY, **query):
    return http.open(PSA + path, method=method, query_string=query, headers=headers, auth=auth)


PSA_CONDITIONS = {
    'company/nam="x"': "there is no field 'company/nam'. Closest: company/name, company, "
    "company/id.",
    'customFields/value="x"': "customFields/value can only be asked for in customFieldConditions.",
    'id="5"': "a number without quotes (5) belongs here, not a text in quotes.",
    'closedFlag="true"': "true or false without quotes belongs here, not a text in quotes.",
    'dateEntered>"2020-01-01"': "an instant in square brackets ([2026-01-31T09:00:00Z]) belongs "
    "here, not a text in quotes.",
    "summary=5": 'a text in quotes ("New") belongs here, not a number.',
    "summary=printer": 'expected a value. Write a text in quotes ("printer"), a number, true, '
    "false or null without, an instant in square brackets ([2026-01-31T09:00:00Z]).",
    'summary="x': "the text is not closed. End it with the quote that it began with; inside it, "
    'write " twice.',
    "id==1": "expected an operator. There are: != < <= = > >= contains in like.",
    "id~1": "unexpected character '~'. There are: != < <= = > >= contains in like.",
    "id in 1": "expected (. After in, values stand in parentheses: id in (1, 2).",
    "(id>1": "the group is not closed. A closing parenthesis is missing.",
    "id>1 and": "expected a comparison. A field, an operator and a value belong here.",
    'impact="Huge"': 'compare by = or !=, with "Low", "Medium" or "High".',
    'company="x"': "null, or the id of the reference (company/id) in place of it, belongs here, "
    "not a text in quotes.",
}


@pytest.mark.parametrize(("condition", "told"), PSA_CONDITIONS.items(), ids=list(PSA_CONDITIONS))
def test_a_psa_condition_is_told_what_to_change(http, condition, told):
    place, _, sentence = hint(psa(http, conditions=condition)).partition(" of conditions: ")

    assert place.startswith("At character ")
    assert sentence == told


@pytest.mark.parametrize(
    ("parameter", "value", "told"),
    [
        ("orderBy", "sumary", "At character 0 of orderBy: there is no field 'sumary'. Closest: "),
        ("orderBy", "id up", "At character 0 of orderBy: 'up' is no direction: write asc or desc."),
        ("childConditions", "x/y=1", "At character 0 of childConditions: there is no field 'x/y'."),
        ("customFieldConditions", "value=x", "At character 6 of customFieldConditions: expected a"),
        ("fields", "id,sumary", "fields: there is no field 'sumary'. Closest: summary"),
        ("pageSize", "5000", "pageSize must be from 1 to 1000, not 5000."),
        ("pageSize", "x", "pageSize x was answered as 25."),
        ("page", "0", "page 0 was answered as 1."),
    ],
)
def test_a_list_parameter_is_told_what_to_change(http, parameter, value, told):
    assert hint(psa(http, **{parameter: value})).startswith(told)


def test_a_page_beyond_the_last_tells_how_many_there_are(http):
    total = psa(http, "/service/tickets/count").json["count"]

    assert hint(psa(http, page=99, pageSize=10)) == (
        f"Page 99 is beyond the last, {-(-total // 10)}: there are {total} rows."
    )


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            {"childConditions": 'notes/text="none such"'},
            '0 fulfil childConditions notes/text="none such"',
        ),
        (
            {"conditions": "id>0", "customFieldConditions": 'caption="x" and value="y"'},
            'fulfil id > 0; 0 fulfil customFieldConditions caption="x" and value="y"',
        ),
        ({"pageid": "99999999"}, "0 fulfil pageId 99999999"),
    ],
)
@pytest.mark.parametrize("path", ["/service/tickets", "/service/tickets/count"])
def test_nothing_found_tells_which_filter_removed_the_rows(http, path, query, told):
    total = psa(http, "/service/tickets/count").json["count"]
    said = hint(psa(http, path, **query))

    assert said.startswith(f"Of {total} rows ")
    assert said.endswith(f"{told}.")


def test_a_search_tells_it_of_the_conditions_in_its_body(http):
    body = {"conditions": 'summary="none such"'}
    answer = http.post(f"{TICKETS}/search", json=body, headers=CLIENT, auth=KEY)

    assert hint(answer).endswith('0 fulfil summary = "none such".')


def test_an_empty_collection_is_told_from_one_that_a_condition_emptied(http):
    made = {"identifier": "Bare", "name": "Bare", "site": {"name": "Main"}}
    company = http.post(f"{PSA}/company/companies", json=made, headers=CLIENT, auth=KEY).json["id"]
    notes = f"/company/companies/{company}/notes"

    assert hint(psa(http, notes)) == "The collection is empty below this parent."
    assert hint(psa(http, notes, conditions="id>0")) == (
        "The collection is empty below this parent: it is not the condition that removed its rows."
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"auth": None}, "There is no Authorization header: send Basic, company+publicKey as"),
        ({"auth": ("publickey", "x")}, "Authorization must be Basic with company+publicKey:"),
        ({"auth": ("company+publickey", "x")}, "The company exists; this pair of public and"),
        ({"auth": ("nobody+publickey", "x")}, "No tenant has the company 'nobody'."),
        ({"headers": {}}, "The clientId header is missing: send one"),
        (
            {"headers": {**CLIENT, "Accept": "application/vnd.connectwise.com+json; version=1.0"}},
            "Accept asks for version 1.0, which this operation never had: ask for 20",
        ),
        ({"path": "/service/ticket"}, "No operation has the path /service/ticket: there is no "),
        ({"path": "/service/tickets/abc"}, "No operation has the path /service/tickets/abc: abc "),
        ({"path": "/service/tickets/99999"}, "/service/tickets has no record 99999."),
        ({"method": "DELETE"}, "The path exists, DELETE on it does not; there is GET, HEAD, POST."),
    ],
)
def test_a_request_that_comes_to_no_operation_is_told_why(http, change, told):
    assert hint(psa(http, **change)).startswith(told)


def test_a_wrong_codebase_is_told_with_the_right_ones(http):
    answer = http.get("/v2020_1/apis/3.0/service/tickets", headers=CLIENT, auth=KEY)

    assert hint(answer) == (
        "No tenant has the codebase 'v2020_1'; there is v4_6_release and v2026_4."
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"summary": "x"}, "company is required."),
        (
            {"summary": "x" * 101, "company": {"id": 12345}},
            "summary has at most 100 characters, not 101.",
        ),
        (
            {"summary": "x", "company": {"id": 1}},
            "company/id points to 1, which is not in company/",
        ),
        ({"summary": {}, "company": {"id": 12345}}, "summary must be a text."),
        (
            {"summary": "x", "company": {"id": 12345}, "impact": "Huge"},
            "impact must be Low, Medium or High.",
        ),
        (
            {"summary": "x", "company": {"id": 12345}, "requiredDate": "soon"},
            "requiredDate must be an instant such as 2026-01-31T09:00:00Z.",
        ),
        ([], "The body was not understood: The body must be a JSON object."),
    ],
)
def test_a_refused_body_is_told_what_to_change(http, body, told):
    answer = http.post(TICKETS, json=body, headers=CLIENT, auth=KEY)

    assert hint(answer).startswith(told)


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("", "application/json", "The body is empty: send JSON."),
        ("{", "application/json", "The body is no JSON: "),
        ("{}", "text/plain", "Content-Type text/plain is not read here: send application/json."),
    ],
)
def test_a_body_that_is_no_json_is_told(http, text, kind, told):
    answer = http.post(TICKETS, data=text, content_type=kind, headers=CLIENT, auth=KEY)

    assert hint(answer).startswith(told)


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ({"op": "zap", "path": "summary"}, "op zap is not supported; use add, replace or remove."),
        (
            {"op": "replace", "path": "sumary"},
            "No field has the path sumary; case counts. Closest: summary",
        ),
        (
            {"op": "replace", "path": "Summary"},
            "No field has the path Summary; case counts. Closest: summary",
        ),
        ({"op": "replace", "path": "board/x"}, "Nothing in board has the path board/x."),
    ],
)
def test_a_refused_patch_is_told_what_to_change(http, operation, told):
    patch = [{"value": "x", **operation}]
    answer = http.patch(f"{TICKETS}/5000", json=patch, headers=CLIENT, auth=KEY)

    assert answer.status_code == 400
    assert hint(answer).startswith(told)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"requests": 1, "window_seconds": 30}, "(1 per 30 s)"),
        ({"requests_per_day": 1}, "(1 per day)"),
    ],
)
def test_the_quota_that_is_spent_is_told(limits, told):
    http = create_app(World.seeded(42, size="tiny", frozen=True)).test_client()
    http.patch("/_mock/limits", json={"psa": {"requests": None, **limits}})
    psa(http, pageSize=1)

    said = hint(psa(http, pageSize=1))

    assert said.startswith(f"Key publickey has spent its quota {told}; the next request is ")
