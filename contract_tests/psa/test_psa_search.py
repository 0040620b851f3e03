"""POST …/search: the conditions come in the body (psa facts 3.9, 6.7; seed 003)."""

import pytest
from psa_wording import ACCEPT_TAIL, error, ids, refused

SEARCH = "/service/tickets/search"


@pytest.mark.documented("seed 003, 'Using the /Search endpoints'")
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_a_search_finds_what_a_list_finds(make_tenant, profile):
    caller = make_tenant(profile).unlimited().psa
    conditions = "summary like '%test%'"

    answer = caller.post(SEARCH, json={"conditions": conditions})

    assert ids(answer)
    wanted = caller.get("/service/tickets", params={"conditions": conditions})
    assert answer.data == wanted.data


@pytest.mark.observed("psa facts 3.9: names match whatever their case; paging is in the query")
def test_a_search_takes_its_page_from_the_query(psa_observed):
    body = {"Conditions": "id > 5000", "orderBy": "id desc", "childConditions": None}
    params = {"pageSize": 3, "page": 2, "fields": "id"}

    found = psa_observed.post(SEARCH, json=body, params=params)

    listed = psa_observed.get(
        "/service/tickets", params={**params, "conditions": "id > 5000", "orderBy": "id desc"}
    )
    assert found.json == listed.json
    assert len(found.json) == 3
    assert found.headers["Link"].startswith("<http://localhost/v4_6_release/apis/3.0" + SEARCH)


@pytest.mark.observed("psa facts 3.9: project tickets are the other collection with a search")
def test_project_tickets_can_be_searched(psa_observed):
    answer = psa_observed.post("/project/tickets/search", json={"conditions": "project/id = 1"})

    assert {row["project"]["id"] for row in answer.json} == {1}


@pytest.mark.live
@pytest.mark.observed("psa facts 3.9: no other collection has a search")
def test_other_collections_cannot_be_searched(psa_observed):
    assert psa_observed.post("/company/companies/search", json={}).status_code == 404


BODY = '{"conditions":"summary contains \\"rocks\\"","page":1,"pageSize":50}'


@pytest.mark.live
@pytest.mark.observed("psa facts appendix A and 6.7: recorded text, position 50")
def test_an_unknown_member_is_told_with_its_position(psa_observed):
    answer = psa_observed.post(SEARCH, data=BODY, content_type="application/json")

    message = (
        "Could not find member 'page' on object of type 'FilterValues'. "
        f"Path 'page', line 1, position 50.{ACCEPT_TAIL}"
    )
    assert refused(answer, 400, error("ConnectWiseApi", message))


@pytest.mark.live
@pytest.mark.documented("seed 002, 'Error Response Format'")
def test_an_unknown_member_is_told_in_the_seed_s_format(psa):
    answer = psa.post(SEARCH, data=BODY, content_type="application/json")

    message = "Could not find member 'page'"
    fault = {"code": "InvalidArgument", "message": message, "field": "page"}
    other = {**fault, "message": "Could not find member 'pageSize'", "field": "pageSize"}
    assert refused(answer, 400, error("InvalidArgument", message, fault, other))


@pytest.mark.live
@pytest.mark.observed("psa facts 3.6: search refuses what a list refuses")
def test_a_search_refuses_bad_conditions(psa_observed):
    answer = psa_observed.post(SEARCH, json={"conditions": "resources/identifier='x'"})

    message = "resources/identifier is not a recognized name."
    assert refused(answer, 400, error("ApiFindCondition", message))


@pytest.mark.live
@pytest.mark.assumed("psa facts U19: a body that is no object is refused")
@pytest.mark.parametrize("body", [b"[]", b"", b'"x"', b"{", b'{"conditions": 5}'])
def test_a_search_refuses_other_bodies(psa_observed, body):
    answer = psa_observed.post(SEARCH, data=body, content_type="application/json")

    assert answer.status_code == 400
    assert set(answer.json) >= {"code", "message"}
