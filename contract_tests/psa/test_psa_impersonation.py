"""Keys made for others, and the cookie login (psa facts 1.9, 1.10; seed 003, "Authentication")."""

import pytest
from psa_wording import error, refused

WRONG_KEY = error("Unauthorized", "Incorrect public/private key")
NOT_PERMITTED = "You do not have security permission to perform this action."
FOUR_HOURS_S = 14_400


@pytest.fixture
def observed_tenant(make_tenant):
    return make_tenant("observed").unlimited()


def integrator(tenant):
    caller = tenant.psa_as(f"integratorlogin-{tenant.name}", "integratorpassword")
    caller.headers["x-cw-usertype"] = "integrator"
    return caller


def impersonating(tenant, answer):
    assert answer.status_code == 201, answer.text
    caller = tenant.psa_as(answer.json["publicKey"], answer.json["privateKey"])
    caller.headers["x-cw-usertype"] = "member"
    return caller


@pytest.mark.observed("psa facts 1.9: SPINEN posts no body and reads these three members")
def test_an_integrator_makes_keys_for_a_member(observed_tenant):
    answer = integrator(observed_tenant).post("/system/members/MPena/tokens")
    member = impersonating(observed_tenant, answer)

    assert list(answer.json) == ["publicKey", "privateKey", "expiration"]
    made = member.post("/company/contacts", json={"firstName": "A"})
    assert made.json["_info"]["enteredBy"] == "MPena"


@pytest.mark.observed("psa facts 1.9: the body of CWM-PS")
def test_the_body_may_name_the_member_again(observed_tenant):
    caller = integrator(observed_tenant)

    answer = caller.post("/system/members/2/tokens", json={"memberIdentifier": "MPena"})

    assert answer.status_code == 201


@pytest.mark.observed("psa facts 1.9: four hours, on the tenant's clock")
def test_such_keys_last_four_hours(observed_tenant):
    observed_tenant.admin("POST", "/clock", json={"freeze": True})
    answer = integrator(observed_tenant).post("/system/members/MPena/tokens")
    member = impersonating(observed_tenant, answer)

    observed_tenant.admin("POST", "/clock", json={"advance": FOUR_HOURS_S - 1})
    assert member.get("/service/boards").status_code == 200
    observed_tenant.admin("POST", "/clock", json={"advance": 1})
    assert refused(member.get("/service/boards"), 401, WRONG_KEY)


@pytest.mark.observed("psa facts 1.9: ordinary API members are refused, whatever their role")
def test_an_api_member_cannot_impersonate_live(observed_tenant):
    answer = observed_tenant.psa.post("/system/members/MPena/tokens")

    assert refused(answer, 401, error("Unauthorized", NOT_PERMITTED))


@pytest.mark.documented("seed 003: 'an Integrator Login (Legacy) or another Member'")
def test_a_member_impersonates_where_the_guide_is_followed(tenant):
    answer = tenant.psa.post("/system/members/MPena/tokens", json={"memberIdentifier": "MPena"})

    assert impersonating(tenant, answer).get("/service/boards").status_code == 200


@pytest.mark.documented("seed 003, 'Security': the right to edit members is needed")
def test_a_reader_cannot_impersonate(tenant):
    reader = tenant.psa_as(f"readonlykey-{tenant.name}", "readonlyprivate")

    answer = reader.post("/system/members/Admin1/tokens")

    assert refused(answer, 403, error("Security", NOT_PERMITTED))


@pytest.mark.assumed("psa facts 6.4 and 6.7, applied to tokens")
@pytest.mark.parametrize(
    ("member", "body", "status"),
    [
        ("Nobody", None, 404),
        ("999999", None, 404),
        ("9" * 40, None, 404),
        ("%00", None, 404),
        ("MPena", {"memberIdentifier": "JKing"}, 400),
        ("MPena", {"memberIdentifier": None}, 400),
        ("MPena", {"other": 1}, 400),
        ("MPena", [], 400),
    ],
)
def test_keys_for_nobody_are_refused(observed_tenant, member, body, status):
    answer = integrator(observed_tenant).post(f"/system/members/{member}/tokens", json=body)

    assert answer.status_code == status


@pytest.mark.observed("psa facts 1.9: x-cw-usertype says whose name it is")
def test_the_user_type_decides_where_a_name_is_looked_up(observed_tenant):
    caller = integrator(observed_tenant)
    caller.headers["x-cw-usertype"] = "member"

    assert refused(caller.get("/service/boards"), 401, WRONG_KEY)


@pytest.mark.documented("the API description: the flags of an integrator login")
def test_an_integrator_login_made_through_the_api_reaches_what_its_flags_say(observed_tenant):
    document = {"username": "robot", "password": "hush", "serviceTicketApiFlag": True}
    made = observed_tenant.psa.post("/system/integratorlogins", json=document)
    robot = observed_tenant.psa_as("robot", "hush")

    assert "password" not in made.json
    assert robot.get("/company/companies").status_code == 403
    assert robot.get("/service/tickets").json == []
    own = robot.post("/service/tickets", json={"summary": "x", "company": {"id": 12345}})
    assert [each["id"] for each in robot.get("/service/tickets").json] == [own.json["id"]]
    assert robot.get("/service/tickets/5000").status_code == 403
    path = f"/system/integratorlogins/{made.json['id']}"
    observed_tenant.psa.patch(path, json=[{"op": "replace", "path": "password", "value": "new"}])
    assert robot.get("/service/boards").status_code == 401
    assert observed_tenant.psa_as("Robot", "new").get("/service/boards").status_code == 200
    observed_tenant.psa.patch(path, json=[{"op": "replace", "path": "inactiveFlag", "value": True}])
    assert observed_tenant.psa_as("robot", "new").get("/service/boards").status_code == 401


# -- cookies ---------------------------------------------------------------------------------------


def logged_in(tenant, name, password):
    form = {
        "CompanyName": tenant.credentials["psa"]["company"],
        "UserName": name,
        "Password": password,
    }
    return tenant.client.post("/v4_6_release/login/login.aspx?response=json", data=form)


def with_cookies(tenant, **cookies):
    company = tenant.credentials["psa"]["company"]
    for name, value in {"companyName": company, **cookies}.items():
        tenant.client.set_cookie(name, value)
    caller = tenant.psa
    del caller.headers["Authorization"]
    return caller


@pytest.mark.documented("seed 003, 'Method 3': three cookies; psa facts S12: four are fine too")
@pytest.mark.parametrize(
    "cookies",
    [{"memberId": "Admin1"}, {"MemberID": "admin1", "memberContext": "web"}],
    ids=["three", "four"],
)
def test_the_hash_of_a_login_makes_cookies_that_call(tenant, cookies):
    answer = logged_in(tenant, "Admin1", "admin-password")
    caller = with_cookies(tenant, memberHash=answer.json["Hash"], **cookies)

    assert answer.json["Success"] is True
    made = caller.post("/service/sources", json={"name": "By cookie"})
    assert made.json["_info"]["enteredBy"] == "Admin1"
    assert caller.get("/service/boards", headers={"clientId": None}).status_code == 403


@pytest.mark.documented("seed 003, 'Authentication': MemberId and member hash as Basic")
def test_the_hash_is_a_password_of_basic(tenant):
    answer = logged_in(tenant, "Admin1", "admin-password")

    assert tenant.psa_as("Admin1", answer.json["Hash"]).get("/service/boards").status_code == 200


@pytest.mark.assumed("psa facts 1.10 tell only of success")
@pytest.mark.parametrize(
    ("name", "password"),
    [("Admin1", "wrong"), ("Admin1", ""), ("nobody", "x"), ("MPena", ""), ("", ""), ("\0", "\0")],
)
def test_a_failed_login_says_so(tenant, name, password):
    answer = logged_in(tenant, name, password)

    assert (answer.status_code, answer.json) == (200, {"Success": False, "Hash": None})


@pytest.mark.assumed("psa facts 1.12, applied to cookies")
@pytest.mark.parametrize("wrong", [{"memberHash": "x"}, {"memberHash": ""}, {}])
def test_cookies_that_nobody_got_are_unauthorized(observed_tenant, wrong):
    caller = with_cookies(observed_tenant, memberId="Admin1", **wrong)

    assert refused(caller.get("/service/boards"), 401, WRONG_KEY)


@pytest.mark.assumed("a member's password is a secret: it is taken, never shown")
def test_a_new_password_lets_a_member_in(tenant):
    patch = [{"op": "replace", "path": "password", "value": "pena-password"}]
    shown = tenant.psa.patch("/system/members/2", json=patch)

    assert "password" not in shown.text
    assert logged_in(tenant, "mpena", "pena-password").json["Success"] is True
    assert logged_in(tenant, "mpena", "other").json["Success"] is False
    journal = tenant.admin("GET", "/requests").text
    assert "pena-password" not in journal
