"""What no source tells of tokens is a switch."""

import pytest
from werkzeug.test import Client

from mockserver import World, create_app

BASE = "/cwa/api/v1"
LOGINS = {"documented": "/APICredentials", "observed": "/apitoken"}
DIALECTS = pytest.mark.parametrize("dialect", ["documented", "observed"])
SEED = {"AccessToken", "TokenType", "ExpiresIn", "RefreshToken", "UserID", "Username"}
MODEL = {
    "AccessToken",
    "TokenType",
    "ExpirationDate",
    "AbsoluteExpirationDate",
    "UserId",
    "InternalUserName",
    "IsTwoFactorRequired",
    "IsInternalTwoFactorRequired",
}


def login(tenant, dialect="documented", user="integrator", password=None):
    body = {"Username": f"{user}-{tenant.name}", "Password": password or f"{user}-password"}
    return tenant.client.post(f"{BASE}{LOGINS[dialect]}", json=body)


def refresh(tenant, body):
    sent = body if isinstance(body, str) else {"RefreshToken": body["RefreshToken"]}
    return tenant.client.post(f"{BASE}/APICredentials/Refresh", json=sent)


def call(tenant, token, path="/Clients/100", method="GET", **sent):
    headers = {"Authorization": f"Bearer {token['AccessToken']}", **sent.pop("headers", {})}
    return tenant.client.open(f"{BASE}{path}", method=method, headers=headers, **sent)


def disable(tenant, token, **sent):
    body = {"SecurityToken": token["AccessToken"]}
    return call(tenant, token, "/ApiToken/Disable", "POST", json=body, **sent)


def advance(tenant, seconds):
    assert tenant.admin("POST", "/clock", json={"advance": seconds}).status_code == 200


@pytest.mark.assumed("seed 000, 'Token Response Fields', tells no end of a refresh token")
@pytest.mark.parametrize(("ttl_s", "codes"), [("none", [200, 200, 401]), (20_000, [200, 401, 401])])
def test_the_life_of_a_refresh_token(quirky, ttl_s, codes):
    tenant = quirky(refresh_token_ttl_s=ttl_s)
    token = login(tenant).json
    seen = []
    for seconds in (19_999, 1, 66_400):
        advance(tenant, seconds)
        seen.append(refresh(tenant, token).status_code)

    assert seen == codes


@pytest.mark.assumed("seed 000, 'Token Response Fields': the refresh token is there 'if enabled'")
@DIALECTS
def test_servers_without_refresh_tokens(quirky, dialect):
    tenant, usual = quirky(refresh_tokens=False), quirky()
    token, whole = login(tenant, dialect).json, login(usual, dialect).json

    assert whole.keys() - token.keys() == {"RefreshToken"}
    assert refresh(tenant, token["AccessToken"]).status_code == 200
    assert refresh(usual, whole).status_code == 200


@pytest.mark.assumed("automate facts 13: whether what was refreshed dies is unknown")
@pytest.mark.parametrize(("ends", "code"), [(True, 401), (False, 200)])
def test_a_refresh_token_that_was_used(quirky, ends, code):
    tenant = quirky(refresh_ends_token=ends)
    token = login(tenant).json

    new = refresh(tenant, token).json

    assert call(tenant, token).status_code == code
    assert refresh(tenant, token).status_code == code
    assert call(tenant, new).status_code == 200


@pytest.mark.assumed("automate facts C3: both bodies at once are ours")
@pytest.mark.parametrize(("dialect", "members"), [("documented", SEED), ("observed", MODEL)])
def test_each_login_path_with_a_body_of_its_own(quirky, dialect, members):
    own = login(quirky(token_superset=False), dialect).json

    assert own.keys() == members
    assert login(quirky(), dialect).json.keys() == SEED | MODEL


@pytest.mark.assumed("automate facts 14 and 20 leave open whether revoking needs a ClientId")
@pytest.mark.parametrize(("spared", "code"), [(["apitoken/disable"], 204), ([], 401)])
def test_revoking_without_a_client_id(quirky, spared, code):
    tenant = quirky(without_client_id=spared)
    token = login(tenant, "observed").json

    assert disable(tenant, token).status_code == code
    if code != 204:
        assert disable(tenant, token, headers={"ClientId": "x"}).status_code == 204


@pytest.mark.assumed("automate facts 14 tells only the call")
@pytest.mark.parametrize(("ends", "code"), [(True, 401), (False, 200)])
def test_the_refresh_token_of_a_revoked_token(quirky, ends, code):
    tenant = quirky(revocation_ends_refresh=ends)
    token = login(tenant).json
    assert disable(tenant, token).status_code == 204

    assert call(tenant, token).status_code == 401
    assert refresh(tenant, token).status_code == code


@pytest.mark.assumed("nobody shows a locked user refreshing; a refresh is as good as the token")
@pytest.mark.parametrize(("ends", "code"), [(True, 401), (False, 200)])
def test_a_locked_user_refreshes(quirky, ends, code):
    tenant = quirky(lock_ends_tokens=ends)
    token = login(tenant, user="readonly").json
    locked = [{"op": "replace", "path": "IsLocked", "value": True}]
    assert tenant.automate().patch("/Users/3", json=locked).status_code == 200

    answers = [refresh(tenant, token), refresh(tenant, token["AccessToken"])]

    assert [each.status_code for each in answers] == [code, code]


@pytest.mark.assumed("automate facts 15 has the members, nobody an answer")
def test_the_ways_to_log_in_that_a_server_offers():
    service = {"ServiceId": 1, "ServiceName": "SSO", "IsEnabled": True}
    offered = {"AllowDirect": False, "AutomateRedirectUri": "{host}sso", "Services": [service]}
    world = World.seeded(size="tiny", quirks={"automate": {"login_options": offered}})

    answer = Client(create_app(world)).get(f"{BASE}/APIToken")

    assert answer.json == {**offered, "AutomateRedirectUri": "http://localhost/sso"}
