"""Each quirk of PSA can be set alone (psa facts 10): what then changes, and nothing else."""

import pytest
from psa_wording import error, refused

ROUTER = "Cannot route. Codebase/company is invalid"


@pytest.fixture
def with_quirks(make_tenant):
    """Return a function that makes an observed tenant with quirks of PSA."""
    return lambda **quirks: make_tenant("observed", psa=quirks).unlimited()


@pytest.mark.assumed("psa facts 10.9 and U10: the cap instead of the refusal")
def test_page_sizes_can_be_capped(with_quirks):
    caller = with_quirks(page_size_max=40, page_size_capped=True, page_size=7).psa

    assert len(caller.get("/service/tickets", params={"pageSize": "9999"}).json) == 40
    assert len(caller.get("/service/tickets").json) == 7


@pytest.mark.assumed("psa facts U11: the refusal instead of the first page")
def test_pages_below_one_can_be_refused(with_quirks):
    caller = with_quirks(page_clamped=False).psa

    assert caller.get("/service/tickets", params={"page": "0"}).status_code == 400


@pytest.mark.assumed("psa facts U12: 'cannot use an Order By' taken at its word")
def test_order_with_forward_only_can_be_refused(with_quirks):
    caller = with_quirks(forward_order_refused=True).psa
    headers = {"pagination-type": "forward-only"}

    found = caller.get("/service/tickets", params={"orderBy": "summary"}, headers=headers)

    assert found.status_code == 400
    assert caller.get("/service/tickets", params={"orderBy": "summary"}).status_code == 200


@pytest.mark.assumed("psa facts 3.3 and U7: stars after = as the guide's words can be read")
def test_stars_can_be_wild_after_equals(with_quirks):
    caller = with_quirks(conditions={"wild_equality": True}).psa

    def found(conditions):
        return caller.get("/service/tickets/count", params={"conditions": conditions}).json["count"]

    assert found("summary = '*email*'") == found("summary like '*email*'") > 0
    assert found("summary != '*email*'") == found("summary not like '*email*'")


@pytest.mark.observed("psa facts 10.3: explicit nulls before 2020")
def test_nulls_can_be_shown(with_quirks):
    caller = with_quirks(explicit_nulls=True).psa

    one = caller.get("/service/tickets/5000").json
    first = caller.get("/service/tickets", params={"pageSize": "1", "fields": "id,agreement"}).json

    assert None in one.values()
    assert "initialDescription" not in one
    assert set(first[0]) == {"id", "agreement"}


@pytest.mark.observed("psa facts 10.5: hrefs have a double slash")
def test_links_can_have_a_single_slash(with_quirks):
    def href(tenant):
        return tenant.psa.get("/service/boards/1").json["location"]["_info"]["location_href"]

    assert "/apis/3.0//system/locations/" in href(with_quirks())
    assert "/apis/3.0/system/locations/" in href(with_quirks(double_slash_links=False))


@pytest.mark.documented("seed 003: a 404 on the cloud may be wrong credentials; psa facts 10.10")
def test_wrong_keys_can_look_like_a_404(with_quirks):
    tenant = with_quirks(auth_trouble_as_404=True)
    caller = tenant.psa_as("nobody", "x")

    answer = caller.get("/service/boards")
    assert (answer.status_code, answer.content_type) == (404, "text/html")
    caller.base = "/v2026_4/apis/3.0"
    assert caller.get("/service/boards").status_code == 401


@pytest.mark.documented("seed 003, 'Cloud vs Premise'; psa facts 1.5, 1.4 and 2.2")
def test_a_server_on_premises_has_no_router(with_quirks):
    tenant = with_quirks(cloud=False)
    company = tenant.credentials["psa"]["company"]
    info = tenant.client.get(f"/login/companyinfo/{company}").json
    assert (info["Codebase"], info["IsCloud"]) == ("v4_6_release/", "False")

    wrong = tenant.psa_as("nobody", "x").get("/system/info")
    assert refused(wrong, 401, error("ConnectWiseApi", "UserNotAuthenticated"))
    caller = tenant.psa
    assert caller.get("/system/info").json["isCloud"] is False
    caller.base = "/v2019_4/apis/3.0"
    answer = caller.get("/service/boards")
    assert (answer.status_code, answer.content_type) == (404, "text/html")


@pytest.mark.observed("psa facts 1.3: the status is overridable, since others were told of")
def test_a_missing_client_id_can_be_told_otherwise(with_quirks):
    caller = with_quirks(client_id_status=400, client_id_message="clientId, please").psa

    answer = caller.get("/service/boards", headers={"clientId": None})

    assert refused(answer, 400, error("Security", "clientId, please"))


@pytest.mark.observed("psa facts 1.11: sources disagree on whether system/info is open")
def test_system_info_can_be_open(with_quirks):
    tenant = with_quirks(system_info_public=True)
    caller = tenant.psa_as("nobody", "x")

    assert caller.get("/system/info").status_code == 200
    assert caller.get("/service/boards").status_code == 401


@pytest.mark.observed("psa facts 2.1: a text in the guide, a boolean in a fixture")
def test_is_cloud_can_be_a_boolean(with_quirks):
    tenant = with_quirks(is_cloud_text=False)
    company = tenant.credentials["psa"]["company"]

    assert tenant.client.get(f"/login/companyinfo/{company}").json["IsCloud"] is True


@pytest.mark.assumed("psa facts U2: the challenge is optional")
def test_the_challenge_can_be_left_out(with_quirks):
    answer = with_quirks(challenge=False).psa_as("nobody", "x").get("/service/boards")

    assert answer.status_code == 401
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.documented("seed 003: an error of old versions with its errors null (S17)")
def test_errors_can_be_null(with_quirks):
    answer = with_quirks(errors_null=True).psa.get("/service/tickets/404")

    assert answer.json == {
        "code": "NotFound",
        "message": "Service Ticket 404 not found",
        "errors": None,
    }


@pytest.mark.observed("psa facts 10.12: 400 live, which clients that expect a 404 stumble over")
def test_unknown_references_can_be_a_404(with_quirks):
    document = {"summary": "x", "company": {"id": 999999}}

    assert with_quirks().psa.post("/service/tickets", json=document).status_code == 400
    switched = with_quirks(unknown_reference_status=404)
    assert switched.psa.post("/service/tickets", json=document).status_code == 404


@pytest.mark.observed("psa facts 10.21: trailing slashes are accepted")
def test_trailing_slashes_can_be_refused(with_quirks):
    caller = with_quirks(trailing_slashes=False).psa

    assert caller.get("/service/tickets/").status_code == 404
    assert caller.get("/service/tickets").status_code == 200


@pytest.mark.observed("psa facts 10.24: 414 for very long URLs")
def test_the_longest_url_can_be_set(with_quirks):
    caller = with_quirks(url_chars_max=300).psa

    assert caller.get("/service/tickets", params={"x": "x" * 300}).status_code == 414
    assert caller.get("/service/tickets", params={"x": "x" * 100}).status_code == 200


@pytest.mark.assumed("psa facts U3: the status of an action's answer")
def test_the_status_of_new_keys_can_be_set(with_quirks):
    tenant = with_quirks(token_status=200, minted_ttl_s=60, members_impersonate=True)

    assert tenant.psa.post("/system/members/MPena/tokens").status_code == 200


@pytest.mark.assumed("psa facts 1.3 and S3: one code alone")
def test_one_code_can_be_set(with_quirks):
    caller = with_quirks(codes={"record": "RecordNotFound"}).psa

    assert caller.get("/service/tickets/404").json["code"] == "RecordNotFound"
    assert caller.get("/service/nothing").json["code"] == "ConnectWiseApi"


@pytest.mark.assumed("the control plane: what cannot be is refused and leaves no tenant")
@pytest.mark.parametrize(
    "quirks",
    [{"psa": {"nothing": 1}}, {"psa": {"page_size": "x"}}, {"psa": 1}, {"other": {}}],
)
def test_a_quirk_that_cannot_be_makes_no_tenant(app, quirks):
    client = app.test_client()

    answer = client.post("/_mock/tenants", json={"name": "quirky", "quirks": quirks})

    assert answer.status_code == 400
    names = [each["name"] for each in client.get("/_mock/tenants").json["tenants"]]
    assert "quirky" not in names
