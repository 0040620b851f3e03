"""Who may call, and what a stranger is told (psa facts 1; seeds 002, 003)."""

import base64

import pytest
from psa_wording import error, refused

from mockserver import World, create_app

ROUTER = "Cannot route. Codebase/company is invalid"
WRONG_KEY = error("Unauthorized", "Incorrect public/private key")
SEED_WRONG_KEY = error("InvalidCredentials", "Incorrect public/private key")
FORBIDDEN = error("Security", "You do not have security permission to perform this action.")


def basic(text):
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.fixture
def observed_tenant(make_tenant):
    return make_tenant("observed").unlimited()


@pytest.mark.documented("seed 002, 'Step-by-Step Authentication': company+publickey:privatekey")
def test_the_default_tenant_has_the_credentials_of_the_seed(app):
    headers = {
        "Authorization": "Basic Y29tcGFueStwdWJsaWNrZXk6cHJpdmF0ZWtleQ==",
        "clientId": "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        "Content-Type": "application/json",
    }

    answer = app.test_client().get("/v4_6_release/apis/3.0/service/tickets", headers=headers)

    assert answer.status_code == 200
    assert len(answer.json) == 25


@pytest.mark.documented("seed 002, 'Common Errors': InvalidCredentials")
def test_a_wrong_private_key_is_told_in_the_seed_s_words(tenant):
    keys = tenant.credentials["psa"]

    answer = tenant.psa_as(keys["public_key"], "wrong").get("/service/boards")

    assert refused(answer, 401, SEED_WRONG_KEY)


@pytest.mark.observed("psa facts 1.4, recorded message and code")
@pytest.mark.parametrize("keys", [("nobody", "privatekey"), ("x", "")])
def test_wrong_keys_are_unauthorized(observed_tenant, keys):
    assert refused(observed_tenant.psa_as(*keys).get("/service/boards"), 401, WRONG_KEY)


@pytest.mark.observed("psa facts 1.4, recorded message and code")
def test_a_wrong_private_key_is_unauthorized(observed_tenant):
    keys = observed_tenant.credentials["psa"]

    answer = observed_tenant.psa_as(keys["public_key"], "wrong").get("/service/boards")

    assert refused(answer, 401, WRONG_KEY)


@pytest.mark.observed("psa facts 1.5, the router's plain text")
def test_a_wrong_company_cannot_be_routed(psa_observed):
    answer = psa_observed.get("/service/boards", headers=basic("nobody+publickey:privatekey"))

    assert (answer.status_code, answer.content_type, answer.text) == (400, "text/plain", ROUTER)


@pytest.mark.assumed("psa facts 1.6: the company id is not case-sensitive")
def test_the_company_id_may_be_in_capitals(tenant):
    keys = tenant.credentials["psa"]
    text = f"{keys['company'].upper()}+{keys['public_key']}:{keys['private_key']}"

    assert tenant.psa.get("/service/boards", headers=basic(text)).status_code == 200


MALFORMED = {
    "none": None,
    "scheme": "Bearer abc",
    "bare": "Basic",
    "base64": "Basic ???",
    "no colon": basic("company+publickey")["Authorization"],
    "no plus": basic("company:privatekey")["Authorization"],
    "bytes": "Basic /////w==",
}


@pytest.mark.assumed("psa facts 1.12 and U2: as wrong keys")
@pytest.mark.parametrize("header", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_authorization_is_unauthorized(app, header):
    headers = {"Authorization": header} if header else {}

    answer = app.test_client().get(
        "/v4_6_release/apis/3.0/service/boards", headers={"clientId": "x", **headers}
    )

    assert refused(answer, 401, SEED_WRONG_KEY)
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.documented("seed 002, 'Common Errors': MissingClientId")
def test_a_missing_client_id_is_told_in_the_seed_s_words(psa):
    answer = psa.get("/service/boards", headers={"clientId": None})

    message = "A valid clientId header is required for this request."
    assert refused(answer, 403, error("MissingClientId", message))


@pytest.mark.observed("psa facts 1.3: 403 live; the body is a guess (U1)")
@pytest.mark.parametrize("client_id", [None, "", "  "])
def test_a_missing_client_id_is_forbidden(psa_observed, client_id):
    answer = psa_observed.get("/service/boards", headers={"clientId": client_id})

    message = "A valid clientId header is required for this request."
    assert refused(answer, 403, error("Security", message))


@pytest.mark.assumed("psa facts 1.2: the vendor's own library sends the clientId as a cookie")
def test_the_client_id_may_be_a_cookie(psa_observed):
    nothing = {"clientId": None}
    assert psa_observed.get("/service/boards", headers=nothing).status_code == 403

    psa_observed.client.set_cookie("cw-app-id", "f0e1")

    assert psa_observed.get("/service/boards", headers=nothing).status_code == 200
    psa_observed.client.delete_cookie("cw-app-id")


@pytest.mark.assumed("psa facts 1.3: a clientId that is not on the list is like none")
@pytest.mark.parametrize(("client_id", "status"), [("known", 200), ("KNOWN", 200), ("x", 403)])
def test_an_allow_list_decides_which_client_ids_are_accepted(client_id, status):
    client = create_app(World.seeded(42, clients=frozenset({"known"}))).test_client()
    headers = {**basic("company+publickey:privatekey"), "clientId": client_id}

    answer = client.get("/v4_6_release/apis/3.0/system/info", headers=headers)

    assert answer.status_code == status


@pytest.mark.observed("psa facts 1.2: sent as a query parameter by one client")
def test_the_client_id_may_come_in_the_query(psa_observed):
    answer = psa_observed.get(
        "/service/boards", headers={"clientId": None}, params={"clientId": "x"}
    )

    assert answer.status_code == 200


@pytest.mark.observed("psa facts 1.7, recorded body")
@pytest.mark.parametrize(
    ("method", "path", "document"),
    [
        ("POST", "/service/tickets", {"summary": "x", "company": {"id": 12345}}),
        ("PATCH", "/service/tickets/5000", [{"op": "replace", "path": "summary", "value": "x"}]),
        ("PUT", "/service/tickets/5000", {"summary": "x"}),
        ("DELETE", "/service/tickets/5000", None),
    ],
)
def test_a_key_without_rights_reads_only(observed_tenant, method, path, document):
    reader = observed_tenant.psa_as(f"readonlykey-{observed_tenant.name}", "readonlyprivate")
    before = reader.get("/service/tickets/5000").data

    assert refused(reader.request(method, path, json=document), 403, FORBIDDEN)
    assert reader.get("/service/tickets/5000").data == before
    searched = reader.post("/service/tickets/search", json={"conditions": "id = 5000"})
    assert searched.status_code == 200


@pytest.mark.documented("seed 003, 'Method 2 - Integrator Login'")
def test_an_integrator_login_is_a_caller(tenant):
    integrator = tenant.psa_as(f"integratorlogin-{tenant.name}", "integratorpassword")

    made = integrator.post("/service/sources", json={"name": "Integration"})

    assert made.status_code == 201
    assert made.json["_info"]["updatedBy"] == "integratorlogin"


def _at(tenant, base):
    caller = tenant.psa
    caller.base = base
    return caller.get("/service/boards")


@pytest.mark.observed("psa facts 2.2: v4_6_release or the current codebase, any case")
@pytest.mark.parametrize("codebase", ["v4_6_release", "v2026_4", "V4_6_Release", "V2026_4"])
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_both_codebases_lead_to_the_api(make_tenant, profile, codebase):
    assert _at(make_tenant(profile), f"/{codebase}/apis/3.0").status_code == 200


@pytest.mark.observed("psa facts 1.5 and 2.2: the router's plain text")
@pytest.mark.parametrize("codebase", ["v2019_4", "v2026_9", "nonsense"])
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_an_unknown_codebase_cannot_be_routed(make_tenant, profile, codebase):
    answer = _at(make_tenant(profile), f"/{codebase}/apis/3.0")

    assert (answer.status_code, answer.content_type, answer.text) == (400, "text/plain", ROUTER)


@pytest.mark.documented("seed 002, 'Base URLs': the company identifier stands for the codebase")
def test_the_company_id_may_stand_for_the_codebase(tenant):
    assert _at(tenant, f"/{tenant.credentials['psa']['company']}/apis/3.0").status_code == 200


@pytest.mark.observed("psa facts 11, S9: the codebase comes from companyinfo")
def test_the_company_id_is_no_codebase(observed_tenant):
    company = observed_tenant.credentials["psa"]["company"]

    answer = _at(observed_tenant, f"/{company}/apis/3.0")

    assert (answer.status_code, answer.text) == (400, ROUTER)
