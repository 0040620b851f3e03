"""What no source tells of users, their rights and their quotas is a switch."""

from dataclasses import replace

import pytest

BASE = "/cwa/api/v1"
DIALECTS = pytest.mark.parametrize("dialect", ["documented", "observed"])
LOGINS = {"documented": "/APICredentials", "observed": "/apitoken"}
PASSWORD = "/Users/3/ChangePassword"


@pytest.fixture
def quirky(make_tenant):
    """Return what makes a tenant with single quirks."""
    return lambda **quirks: make_tenant(automate=quirks).unlimited()


def login(tenant, name, password, dialect="documented"):
    body = {"Username": name, "Password": password}
    return tenant.client.post(f"{BASE}{LOGINS[dialect]}", json=body)


def reader_of(tenant, dialect="documented"):
    answer = login(tenant, f"readonly-{tenant.name}", "readonly-password", dialect)
    headers = {"Authorization": f"Bearer {answer.json['AccessToken']}", "ClientId": "tests"}
    return replace(tenant.automate(), headers=headers)


@pytest.mark.assumed("the permissions are the description's, what they guard is not told")
@DIALECTS
def test_what_permissions_guard(quirky, dialect):
    # Class 2 has ClientEdit and not ClientDelete.
    other = {"write_permissions": {"clients": ["ClientDelete", "ClientEdit"]}}
    seen = []
    for tenant in (quirky(), quirky(**other), quirky(write_permissions={})):
        body = [{"op": "replace", "path": "UserClasses", "value": [{"UserClassId": 2}]}]
        assert tenant.automate().patch("/Users/3", json=body).status_code == 200
        caller = reader_of(tenant, dialect)
        comment = [{"op": "replace", "path": "Comment", "value": "x"}]
        codes = [
            caller.patch("/Clients/100", json=comment).status_code,
            caller.delete("/Clients/100").status_code != 403,
        ]
        seen.append(codes)

    assert seen == [[200, False], [403, True], [200, True]]


@pytest.mark.assumed("no source tells whether reading needs a permission")
@DIALECTS
def test_what_permissions_to_read_guard(quirky, dialect):
    tenant = quirky(read_permissions={"users": "UserEdit", "computers": "SystemConfig"})
    reader = reader_of(tenant, dialect)

    paths = ("/Users", "/Users/1", "/Computers/97/Drives", "/Clients", "/APIToken")
    codes = [reader.get(path).status_code for path in paths]

    assert codes == [403, 403, 403, 200, 200]
    assert [tenant.automate(dialect).get(path).status_code for path in paths] == [200] * 5
    assert reader_of(quirky(), dialect).get("/Users/1").status_code == 200


@pytest.mark.assumed("no source tells how a wrong old password is refused")
@pytest.mark.parametrize("code", [400, 401, 403])
def test_a_wrong_old_password(quirky, code):
    tenant = quirky(wrong_old_password_status=code)
    change = {"OldPassword": "x", "NewPassword": "quite-new-7"}

    answer = reader_of(tenant).post(PASSWORD, json=change)

    assert answer.status_code == code
    assert login(tenant, f"readonly-{tenant.name}", "readonly-password").status_code == 200


@pytest.mark.assumed("no source tells whether who edits users must know their passwords")
@pytest.mark.parametrize("needed", [True, False])
def test_the_old_password_of_another_user(quirky, needed):
    caller, change = quirky(others_need_old_password=needed).automate(), {"NewPassword": "new-1"}

    assert caller.post(PASSWORD, json=change).status_code == (400 if needed else 204)
    known = {**change, "OldPassword": "readonly-password" if needed else "x"}
    assert caller.post(PASSWORD, json=known).status_code == 204
    again = {"OldPassword": "new-1", "NewPassword": "new-2"}
    assert caller.post(PASSWORD, json=again).status_code == 204


@pytest.mark.assumed("no source tells whether a new password ends tokens")
@pytest.mark.parametrize(("ends", "code"), [(True, 401), (False, 200)])
def test_tokens_after_a_new_password(quirky, ends, code):
    tenant = quirky(password_ends_tokens=ends)
    admin, reader = tenant.automate(), reader_of(tenant)

    assert admin.post(PASSWORD, json={"NewPassword": "new-1"}).status_code == 204

    assert reader.get("/Clients/100").status_code == code
    assert admin.get("/Clients/100").status_code == 200


@pytest.fixture
def limited(make_tenant):
    """Return what makes a tenant with single quirks and its limits, whose clock stands still."""

    def make(**quirks):
        tenant = make_tenant(automate=quirks)
        tenant.admin("POST", "/clock", json={"freeze": True})
        return tenant

    return make


def left(answer):
    return int(answer.headers["X-RateLimit-Remaining"])


@pytest.mark.assumed("seed 000 counts requests of a server; whose quota it is, is not told")
@pytest.mark.parametrize(
    ("owner", "lefts"),
    [("user", [59, 58, 57, 59]), ("token", [59, 59, 58, 59]), ("server", [59, 58, 57, 56])],
)
def test_whose_a_quota_is(limited, owner, lefts):
    tenant = limited(quota_of=owner)
    one, other, reader = tenant.automate(), tenant.automate(), reader_of(tenant)

    seen = [left(each.get("/Clients/100")) for each in (one, other, other, reader)]

    assert seen == lefts
    assert one.headers["Authorization"].split()[1] not in tenant.admin("GET", "/requests").text


@pytest.mark.assumed("no source tells whether logins count")
@pytest.mark.parametrize(("counted", "rest"), [(True, 55), (False, 59)])
def test_logins_that_count(limited, counted, rest):
    tenant = limited(logins_counted=counted)
    name = f"integrator-{tenant.name}"
    token = login(tenant, name.upper(), "integrator-password").json
    login(tenant, name, "wrong")
    for body in (token["AccessToken"], {"RefreshToken": token["RefreshToken"]}):
        sent = tenant.client.post(f"{BASE}/APICredentials/Refresh", json=body)
        assert sent.status_code == 200

    headers = {"Authorization": f"Bearer {token['AccessToken']}"}
    answer = tenant.client.get(f"{BASE}/Clients/100", headers=headers)

    assert left(answer) == rest
    last = [login(tenant, name, "integrator-password") for _ in range(56)][-1]
    assert last.status_code == (429 if counted else 200)
    assert counted is (last.json.get("error", {}).get("code") == "RateLimited")


@pytest.mark.assumed("a quota is a user's, however the name is typed")
def test_one_quota_for_a_user_made_over_http(limited):
    tenant = limited()
    member = {"Name": f"Newcomer-{tenant.name}", "Password": "first"}
    assert tenant.automate().post("/Users", json=member).status_code == 201

    seen = []
    for name in (member["Name"], member["Name"].upper()):
        answer = login(tenant, name, "first")
        assert answer.json["Username"] == member["Name"]
        headers = {"Authorization": f"Bearer {answer.json['AccessToken']}"}
        seen.append(left(tenant.client.get(f"{BASE}/Clients/100", headers=headers)))

    assert seen == [59, 58]


@pytest.mark.assumed("no source tells whether case counts in a user's name")
@pytest.mark.parametrize(("free", "code"), [(True, 200), (False, 401)])
@DIALECTS
def test_the_case_of_a_name_at_a_login(quirky, dialect, free, code):
    tenant = quirky(user_names_in_any_case=free)
    name = f"readonly-{tenant.name}"

    assert login(tenant, name.upper(), "readonly-password", dialect).status_code == code
    assert login(tenant, name, "readonly-password", dialect).status_code == 200


@pytest.mark.assumed("automate facts 17 and 18 tell nothing of clocks that differ")
@pytest.mark.parametrize(("drift", "codes"), [(1, [200, 401]), (0, [401, 401]), (2, [200, 200])])
def test_a_passcode_that_is_late(quirky, drift, codes):
    tenant = quirky(passcode_drift=drift)
    tenant.admin("POST", "/clock", json={"freeze": True, "now": "2026-07-01T12:00:00Z"})
    body = {
        "Username": f"technician-{tenant.name}",
        "Password": "technician-password",
        # Of the first instant, by the secret that the interface publishes.
        "TwoFactorCode": "398101",
    }
    seen = []
    for _ in codes:
        tenant.admin("POST", "/clock", json={"advance": 30})
        seen.append(tenant.client.post(f"{BASE}/APICredentials", json=body).status_code)

    assert seen == codes


@pytest.mark.assumed("no source tells whether a passcode works twice")
@pytest.mark.parametrize(("once", "code"), [(True, 401), (False, 200)])
@DIALECTS
def test_a_passcode_used_twice(quirky, dialect, once, code):
    tenant = quirky(passcode_once=once)
    tenant.admin("POST", "/clock", json={"freeze": True, "now": "2026-07-01T12:00:00Z"})
    names = {"Username": f"technician-{tenant.name}", "Password": "technician-password"}
    # Of that instant, by the secret that the interface publishes.
    codes = ("398 101", "398101")

    answers = [
        tenant.client.post(f"{BASE}{LOGINS[dialect]}", json={**names, "TwoFactorPasscode": each})
        for each in codes
    ]

    assert [each.status_code for each in answers] == [200, code]
    assert "398" not in tenant.automate().get("/Users/2").text


@pytest.mark.assumed("no source tells whether wrong passwords lock a user")
@DIALECTS
def test_wrong_passwords_in_a_row(quirky, dialect):
    tenant, usual = quirky(failed_logins_max=3), quirky()
    lock = [{"op": "replace", "path": "IsLocked", "value": False}]

    def tried(tenant, *passwords):
        name = f"readonly-{tenant.name}"
        return [login(tenant, name, each, dialect).status_code for each in passwords]

    right = "readonly-password"
    assert tried(tenant, "x", "x", right, "x", "x", right) == [401, 401, 200, 401, 401, 200]
    assert tried(tenant, "x", "x", "x", right) == [401] * 4
    assert tenant.automate().get("/Users/3").json["IsLocked"] is True
    assert tenant.automate().patch("/Users/3", json=lock).status_code == 200
    assert tried(tenant, "x", "x", right) == [401, 401, 200]
    assert tried(usual, "x", "x", "x", "x", right) == [401] * 4 + [200]
    assert login(tenant, "nobody", "x", dialect).status_code == 401
