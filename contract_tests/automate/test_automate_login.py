"""Logins: both paths, both spellings, the token body, two factors."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

import pytest

SECRET = "JBSWY3DPEHPK3PXP"
NOON = "2026-07-01T12:00:00Z"
HEAD = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9."
EXPIRED = "Token expired or invalid. Re-authenticate."
STOCK_401 = "Authorization has been denied for this request."


def login(tenant, path="/APICredentials", **members):
    return tenant.client.post(f"/cwa/api/v1{path}", json=members)


def frozen(tenant):
    assert tenant.admin("POST", "/clock", json={"freeze": True, "now": NOON}).status_code == 200
    return tenant


def passcode(**shift):
    """Return the code of RFC 6238; pyotp refuses secrets below 112 bits, this one has 80."""
    moment = datetime.fromisoformat(NOON) + timedelta(**shift)
    counter = int(moment.timestamp()) // 30
    key, message = base64.b32decode(SECRET), counter.to_bytes(8, "big")
    digest = hmac.new(key, message, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def technician(tenant, path, **members):
    name = f"technician-{tenant.name}"
    return login(tenant, path, Username=name, Password="technician-password", **members)


def body_of(tenant, answer, ttl_s, absolute):
    token = answer.json
    return {
        "AccessToken": token["AccessToken"],
        "TokenType": "Bearer",
        "ExpiresIn": ttl_s,
        "RefreshToken": token["RefreshToken"],
        "UserID": 1,
        "Username": f"integrator-{tenant.name}",
        "ExpirationDate": (
            datetime.fromisoformat(NOON.removesuffix("Z")) + timedelta(seconds=ttl_s)
        ).isoformat(),
        "AbsoluteExpirationDate": absolute,
        "UserId": "1",
        "InternalUserName": f"integrator-{tenant.name}",
        "IsTwoFactorRequired": False,
        "IsInternalTwoFactorRequired": False,
    }


@pytest.mark.documented("seed 000, 'Token Acquisition - Integrator'; the superset of facts C3")
def test_apicredentials_answers_the_seeds_token_and_the_observed_members(tenant):
    frozen(tenant)
    name = f"integrator-{tenant.name}"

    answer = login(tenant, Username=name, Password="integrator-password")

    assert answer.status_code == 200
    assert answer.json == body_of(tenant, answer, 14_400, "2026-07-02T12:00:00")
    assert answer.json["AccessToken"].startswith(HEAD)
    assert isinstance(answer.json["RefreshToken"], str)
    assert answer.content_type == "application/json; charset=utf-8"


@pytest.mark.observed("automate facts 8, 9, 11, 12")
def test_apitoken_answers_an_hour_long_token_without_zones(tenant):
    frozen(tenant)
    name = f"integrator-{tenant.name}"

    answer = login(tenant, "/apitoken", UserName=name, Password="integrator-password")

    assert answer.status_code == 200
    assert answer.json == body_of(tenant, answer, 3_600, "2026-07-02T12:00:00")
    assert answer.json["AccessToken"].startswith(HEAD)


@pytest.mark.observed("automate facts 2 and 4: paths and request members are case-insensitive")
@pytest.mark.parametrize("path", ["/apitoken", "/APIToken", "/ApiToken/", "/APICredentials"])
@pytest.mark.parametrize("names", [("UserName", "Password"), ("username", "password")])
def test_paths_and_members_of_a_login_may_be_spelt_in_any_case(tenant, path, names):
    values = f"INTEGRATOR-{tenant.name}", "integrator-password"

    answer = login(tenant, path, **dict(zip(names, values, strict=True)))

    assert answer.status_code == 200
    assert answer.json["Username"] == f"integrator-{tenant.name}"


@pytest.mark.observed("automate facts 15")
def test_the_ways_to_log_in_are_told_to_anybody(tenant):
    answer = tenant.client.get("/cwa/api/v1/APIToken")

    assert answer.status_code == 200
    assert answer.json == {
        "AllowDirect": True,
        "AllowServiceRegistration": False,
        "AutomateRedirectUri": "http://localhost/automate",
        "Services": [],
    }


@pytest.mark.documented("seed 000, 'HTTP Status Codes'; interface section 5 for the dialect")
@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize("members", [{}, {"Password": "wrong"}, {"Username": "nobody"}])
def test_wrong_credentials_are_refused_in_the_words_of_the_path(make_tenant, profile, members):
    tenant = make_tenant(profile)
    sent = {"Username": f"integrator-{tenant.name}", "Password": "", **members}

    documented = login(tenant, "/APICredentials", **sent)
    observed = login(tenant, "/apitoken", **sent)

    assert (documented.status_code, documented.json) == (
        401,
        {"error": {"code": "Unauthorized", "message": "Invalid username or password."}},
    )
    assert (observed.status_code, observed.json) == (401, {"Message": STOCK_401})


@pytest.mark.documented("facts C2: the seed has no other answer to a missing code than 401")
def test_apicredentials_refuses_a_login_without_its_passcode(tenant):
    answer = technician(tenant, "/APICredentials")

    assert answer.status_code == 401
    assert answer.json == {
        "error": {
            "code": "Unauthorized",
            "message": "Two-factor code required.",
            "details": {"IsTwoFactorRequired": True},
        }
    }


@pytest.mark.observed("automate facts 16: 200, no token, IsTwoFactorRequired")
@pytest.mark.parametrize("members", [{}, {"TwoFactorPasscode": ""}, {"TwoFactorPasscode": None}])
def test_apitoken_answers_a_login_without_its_passcode_with_200_and_no_token(tenant, members):
    answer = technician(tenant, "/apitoken", **members)

    assert answer.status_code == 200
    assert answer.json == {
        "AccessToken": None,
        "TokenType": None,
        "ExpirationDate": None,
        "UserId": None,
        "IsTwoFactorRequired": True,
        "IsInternalTwoFactorRequired": True,
    }


@pytest.mark.documented(
    "seed 000, 'Token Acquisition - User with 2FA'; facts 18 for the other name"
)
@pytest.mark.parametrize("path", ["/APICredentials", "/apitoken"])
@pytest.mark.parametrize("member", ["TwoFactorCode", "TwoFactorPasscode", "twofactorpasscode"])
def test_the_right_passcode_of_the_tenants_clock_lets_in(tenant, path, member):
    frozen(tenant)

    answer = technician(tenant, path, **{member: passcode()})

    assert answer.status_code == 200
    assert (answer.json["UserID"], answer.json["Username"]) == (2, f"technician-{tenant.name}")


@pytest.mark.assumed("automate facts 17: no recording of a wrong code")
@pytest.mark.parametrize("code", ["000000", "12345", "abcdef", 123456, ["1"]])
def test_a_wrong_passcode_is_refused_in_the_words_of_the_path(tenant, code):
    frozen(tenant)

    documented = technician(tenant, "/APICredentials", TwoFactorCode=code)
    observed = technician(tenant, "/apitoken", TwoFactorPasscode=code)

    assert (documented.status_code, documented.json) == (
        401,
        {
            "error": {
                "code": "Unauthorized",
                "message": "Invalid two-factor code.",
                "details": {"IsTwoFactorRequired": True},
            }
        },
    )
    assert (observed.status_code, observed.json) == (401, {"Message": STOCK_401})


@pytest.mark.documented("interface section 4: RFC 6238, 30 seconds")
def test_a_passcode_of_an_hour_ago_is_wrong(tenant):
    frozen(tenant)

    assert technician(tenant, "/apitoken", TwoFactorCode=passcode(hours=-1)).status_code == 401


@pytest.mark.observed("automate facts 18: codes may be typed with spaces")
def test_spaces_in_a_passcode_do_not_matter(tenant):
    frozen(tenant)
    code = passcode()

    answer = technician(tenant, "/apitoken", TwoFactorPasscode=f"{code[:3]} {code[3:]}")

    assert answer.status_code == 200


@pytest.mark.assumed("the shape of a login's faults is unrecorded; never a 5xx")
@pytest.mark.parametrize("path", ["/APICredentials", "/apitoken", "/apitoken/refresh"])
@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"Username": "\\ud800"}', "application/json", 400),
        (b"Username=a", "application/x-www-form-urlencoded", 415),
    ],
)
def test_a_login_that_cannot_be_read_is_refused(tenant, path, body, content_type, status):
    answer = tenant.client.post(f"/cwa/api/v1{path}", data=body, content_type=content_type)

    assert answer.status_code == status
    assert answer.json.keys() == ({"error"} if path == "/APICredentials" else {"Message"})


@pytest.mark.assumed("a login is an object; anything else in it cannot name an account")
@pytest.mark.parametrize("body", ["[]", "null", "7", '{"Username": {}, "Password": []}', "{}"])
def test_a_login_of_another_shape_is_refused(tenant, body):
    kind = "application/json"
    answer = tenant.client.post("/cwa/api/v1/APICredentials", data=body, content_type=kind)

    assert answer.status_code in {400, 401}
    assert answer.json.keys() == {"error"}
