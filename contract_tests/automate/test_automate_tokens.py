"""The life of a token: bearer, expiry, refresh, revocation, the ClientId header, rights."""

import base64

import orjson
import pytest

NOON = "2026-07-01T12:00:00Z"
BASE = "/cwa/api/v1"
DEAD = {
    "documented": {
        "error": {"code": "Unauthorized", "message": "Token expired or invalid. Re-authenticate."}
    },
    "observed": {"Message": "Authorization has been denied for this request."},
}
FORBIDDEN = {
    "documented": {
        "error": {"code": "Forbidden", "message": "Permission denied. Check user rights."}
    },
    "observed": {"Message": "Permission denied. Check user rights."},
}
LOGINS = {"documented": "/APICredentials", "observed": "/apitoken"}
DIALECTS = pytest.mark.parametrize("dialect", ["documented", "observed"])


def login(tenant, dialect="documented", user="integrator"):
    names = {"Username": f"{user}-{tenant.name}", "Password": f"{user}-password"}
    answer = tenant.client.post(f"{BASE}{LOGINS[dialect]}", json=names)
    assert answer.status_code == 200
    return answer.json


def get(tenant, token, path="/Clients/100", method="GET", **sent):
    headers = {"Authorization": f"Bearer {token}", "ClientId": "tests", **sent.pop("headers", {})}
    kept = {name: value for name, value in headers.items() if value is not None}
    return tenant.client.open(f"{BASE}{path}", method=method, headers=kept, **sent)


def frozen(tenant):
    tenant.admin("POST", "/clock", json={"freeze": True, "now": NOON})
    return tenant


def advance(tenant, seconds):
    tenant.admin("POST", "/clock", json={"advance": seconds})


@pytest.mark.observed("automate facts 10: the scheme is case-insensitive")
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
@DIALECTS
def test_the_bearer_scheme_may_be_spelt_in_any_case(tenant, dialect, scheme):
    token = login(tenant, dialect)["AccessToken"]

    answer = get(tenant, token, headers={"Authorization": f"{scheme} {token}"})

    assert answer.status_code == 200


@pytest.mark.documented("seed 000, 'HTTP Status Codes': 401")
@pytest.mark.parametrize(
    "value", [None, "", "Bearer", "Bearer ", "Basic YTpi", "x", "Bearer a.b.c"]
)
def test_a_request_without_a_good_token_is_refused_in_the_servers_profile(tenant, value):
    answer = get(tenant, "", headers={"Authorization": value})

    assert answer.status_code == 401
    assert answer.json == DEAD["documented"]
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.documented("seed 000, 'Token Lifecycle': 4 hours; observed automate facts 12: an hour")
@pytest.mark.parametrize(("dialect", "ttl_s"), [("documented", 14_400), ("observed", 3_600)])
def test_a_token_dies_on_the_tenants_clock_and_is_refused_in_its_dialect(tenant, dialect, ttl_s):
    frozen(tenant)
    token = login(tenant, dialect)["AccessToken"]
    advance(tenant, ttl_s - 1)
    assert get(tenant, token).status_code == 200

    advance(tenant, 1)
    answer = get(tenant, token)

    assert (answer.status_code, answer.json) == (401, DEAD[dialect])


@pytest.mark.documented("seed 000, 'Token Refresh'")
@DIALECTS
def test_a_refresh_token_gets_a_new_token_even_after_the_old_one_expired(tenant, dialect):
    frozen(tenant)
    old = login(tenant, dialect)
    advance(tenant, 20_000)

    answer = tenant.client.post(
        f"{BASE}/APICredentials/Refresh", json={"RefreshToken": old["RefreshToken"]}
    )

    assert answer.status_code == 200
    assert answer.json["AccessToken"] != old["AccessToken"]
    assert answer.json.keys() == old.keys()
    assert answer.json["ExpiresIn"] == old["ExpiresIn"]
    assert get(tenant, answer.json["AccessToken"]).status_code == 200


@pytest.mark.observed("automate facts 13: the body is the access token as a JSON string")
@DIALECTS
def test_a_living_token_is_refreshed_by_itself_and_stays_valid(tenant, dialect):
    frozen(tenant)
    old = login(tenant, dialect)
    advance(tenant, 60)

    answer = tenant.client.post(f"{BASE}/apitoken/refresh", json=old["AccessToken"])

    assert answer.status_code == 200
    assert answer.json["ExpirationDate"] > old["ExpirationDate"]
    assert answer.json["AbsoluteExpirationDate"] == old["AbsoluteExpirationDate"]
    new = get(tenant, answer.json["AccessToken"])
    assert new.status_code == 200
    assert ("ClientID" in new.json) is (dialect == "documented")
    assert get(tenant, old["AccessToken"]).status_code == 200


@pytest.mark.observed("automate facts 13: 401 when the token is dead")
def test_a_dead_token_is_not_refreshed(tenant):
    frozen(tenant)
    token = login(tenant, "observed")["AccessToken"]
    advance(tenant, 3_600)

    answer = tenant.client.post(f"{BASE}/apitoken/refresh", json=token)

    assert (answer.status_code, answer.json) == (401, DEAD["observed"])


@pytest.mark.documented("seed 000, 'Token Refresh'; what it does to nonsense is not told")
@pytest.mark.parametrize("body", ["x", "", {}, {"RefreshToken": None}, {"RefreshToken": 7}, [], 1])
def test_nonsense_is_not_refreshed(tenant, body):
    answer = tenant.client.post(f"{BASE}/APICredentials/Refresh", json=body)

    assert (answer.status_code, answer.json) == (401, DEAD["documented"])


@pytest.mark.observed("automate facts 12: AbsoluteExpirationDate bounds refreshing")
def test_refreshing_ends_at_the_absolute_end(tenant):
    frozen(tenant)
    token = login(tenant)
    advance(tenant, 86_400)

    answer = tenant.client.post(
        f"{BASE}/APICredentials/Refresh", json={"RefreshToken": token["RefreshToken"]}
    )

    assert answer.status_code == 401


@pytest.mark.observed("automate facts 14")
@pytest.mark.parametrize("user", ["integrator", "readonly"])
@DIALECTS
def test_a_revoked_token_is_worthless_at_once(tenant, dialect, user):
    token = login(tenant, dialect, user)
    access = token["AccessToken"]

    answer = get(tenant, access, "/ApiToken/Disable", "POST", json={"SecurityToken": access})

    assert (answer.status_code, answer.data) == (204, b"")
    dead = get(tenant, access)
    assert (dead.status_code, dead.json) == (401, DEAD[dialect])
    refreshed = tenant.client.post(
        f"{BASE}/APICredentials/Refresh", json={"RefreshToken": token["RefreshToken"]}
    )
    assert refreshed.status_code == 401


@pytest.mark.observed("automate facts 13: refreshing and logging in kill no other token")
def test_several_tokens_of_one_user_live_side_by_side(tenant):
    tokens = [login(tenant, dialect) for dialect in ("documented", "observed", "documented")]
    first = tokens[0]["AccessToken"]
    get(tenant, first, "/ApiToken/Disable", "POST", json={"SecurityToken": first})

    alive = [get(tenant, token["AccessToken"]).status_code for token in tokens]

    assert alive == [401, 200, 200]


@pytest.mark.observed("automate facts 20: 401 although the token is valid")
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_observed_calls_need_a_client_id(tenant, method):
    token = login(tenant, "observed")["AccessToken"]

    answer = get(tenant, token, "/Clients", method, headers={"ClientId": None}, json={})

    assert (answer.status_code, answer.json) == (401, DEAD["observed"])


@pytest.mark.observed("automate facts 20 and C6: the seed never mentions it")
def test_documented_calls_need_no_client_id(tenant):
    token = login(tenant)["AccessToken"]

    assert get(tenant, token, headers={"ClientId": None}).status_code == 200


@pytest.mark.observed("automate facts 20: token posts tolerate its absence")
def test_token_posts_need_no_client_id(tenant):
    token = login(tenant, "observed")["AccessToken"]
    refreshed = tenant.client.post(f"{BASE}/apitoken/refresh", json=token)

    revoked = get(
        tenant,
        token,
        "/ApiToken/Disable",
        "POST",
        headers={"ClientId": None},
        json={"SecurityToken": token},
    )

    assert (refreshed.status_code, revoked.status_code) == (200, 204)


@pytest.mark.observed("automate facts 20: the header is spelt ClientId, clientId and clientID")
@pytest.mark.parametrize("name", ["ClientId", "clientId", "clientID"])
def test_the_client_id_header_may_be_spelt_in_any_case(tenant, name):
    token = login(tenant, "observed")["AccessToken"]

    answer = get(tenant, token, headers={"ClientId": None, name: "tests"})

    assert answer.status_code == 200


@pytest.mark.documented("interface section 4: a user without write rights; seed 000: 403")
@DIALECTS
def test_a_reader_reads_and_writes_nothing(tenant, dialect):
    token = login(tenant, dialect, "readonly")["AccessToken"]
    before = get(tenant, token)

    writes = [
        get(tenant, token, "/Clients", "POST", json={"Name": "x"}),
        get(tenant, token, "/Clients/100", "PUT", json={"Name": "x"}),
        get(tenant, token, "/Clients/100", "PATCH", json={"Name": "x"}),
        get(tenant, token, "/Clients/100", "DELETE"),
    ]

    assert [(a.status_code, a.json) for a in writes] == [(403, FORBIDDEN[dialect])] * 4
    assert get(tenant, token).json == before.json


@pytest.mark.documented("interface section 4: credentials select the tenant")
def test_a_token_sees_only_its_own_tenant(make_tenant):
    one, other = make_tenant(), make_tenant()
    token = login(one)["AccessToken"]
    made = get(one, token, "/Clients", "POST", json={"Name": "Only Here"})
    assert made.status_code == 201

    elsewhere = get(other, login(other)["AccessToken"], f"/Clients/{made.json['ClientID']}")

    assert elsewhere.status_code == 404
    assert get(one, token, f"/Clients/{made.json['ClientID']}").json == made.json


@pytest.mark.documented("interface section 4: nothing a tenant does is visible to another")
def test_a_token_that_claims_another_tenant_is_refused(make_tenant):
    one, other = make_tenant(), make_tenant()
    head, claims, signature = login(one)["AccessToken"].split(".")
    decoded = orjson.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    forged = orjson.dumps({**decoded, "iss": other.name})
    text = base64.urlsafe_b64encode(forged).rstrip(b"=").decode()

    answer = get(one, f"{head}.{text}.{signature}")

    assert (answer.status_code, answer.json) == (401, DEAD["documented"])


@pytest.mark.documented("interface section 6: a reset ends the tokens too")
def test_a_reset_ends_every_token(tenant):
    token = login(tenant)["AccessToken"]
    tenant.admin("POST", "/reset")

    assert get(tenant, token).status_code == 401
