"""What stands before the API: TLS, sizes, errors that were asked for (psa facts 1.8, 5.3)."""

import base64

import pytest
from psa_wording import error, refused

from mockserver import World, create_app

TICKETS = "/service/tickets"


@pytest.mark.documented("seed 003, 'Authentication': SSL is required, with errors null")
def test_plain_http_is_refused_where_tls_is_required():
    client = create_app(World.seeded(42, require_ssl=True)).test_client()
    encoded = base64.b64encode(b"company+publickey:privatekey").decode()
    headers = {"Authorization": f"Basic {encoded}", "clientId": "x"}
    url = "/v4_6_release/apis/3.0/system/info"

    plain = client.get(url, headers=headers)

    document = {"code": "Security", "message": "SSL is required.", "errors": None}
    assert refused(plain, 403, document)
    assert client.get(url, headers=headers, base_url="https://localhost").status_code == 200


@pytest.mark.observed("psa facts 5.3 and 6.6: bodies seen under load and over stored data")
@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize(
    "message",
    [
        "A timeout has occured. Please try again.",
        (
            "Timeout expired.  The timeout period elapsed prior to obtaining a connection from the "
            "pool.  This may have occurred because all pooled connections were in use and max pool "
            "size was reached."
        ),
        "String was not recognized as a valid Boolean.",
    ],
)
def test_a_server_error_can_be_asked_for(make_tenant, profile, message):
    tenant = make_tenant(profile).unlimited()
    rule = {
        "api": "psa",
        "times": 1,
        "effect": {"kind": "error", "status": 500, "message": message},
    }
    assert tenant.admin("POST", "/faults", json=rule).status_code == 201

    assert refused(tenant.psa.get(TICKETS), 500, error("ConnectWiseApi", message))
    assert tenant.psa.get(TICKETS).status_code == 200


@pytest.mark.observed("psa facts 3.9: 414 from the front end; the body is ours")
def test_a_very_long_url_is_refused(psa_observed):
    answer = psa_observed.get(TICKETS, params={"conditions": "id=5000 or " * 4000 + "id=1"})

    assert answer.status_code == 414
    assert answer.content_type == "text/html"
    assert "Request URI Too Long" in answer.text


@pytest.mark.documented("seed 003, 'Using the /Search endpoints': over 10,000 characters")
@pytest.mark.parametrize(("chars", "status"), [(10_000, 200), (10_001, 414)])
def test_a_url_may_have_ten_thousand_characters(documented, chars, status):
    bare = len(f"http://localhost/v4_6_release/apis/3.0{TICKETS}?stray=")

    assert documented.get(TICKETS, stray="x" * (chars - bare)).status_code == status


@pytest.mark.documented("seed 003: the same conditions fit into a search")
def test_a_very_long_condition_fits_into_a_search(psa_observed):
    body = {"conditions": "id=5000 or " * 1500 + "id=1"}

    answer = psa_observed.post(f"{TICKETS}/search", json=body, params={"fields": "id"})

    assert (answer.status_code, answer.json) == (200, [{"id": 5000}])


@pytest.mark.assumed("a body above ten megabytes is not read")
def test_a_very_large_body_is_refused(psa_observed):
    answer = psa_observed.post(TICKETS, data=b" " * (10 * 1024 * 1024 + 1))

    assert (answer.status_code, answer.json["code"]) == (413, "ConnectWiseApi")
