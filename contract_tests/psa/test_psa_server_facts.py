"""What the server says of itself: companyinfo, system/info, versions, headers (psa facts 2)."""

import re

import pytest
from psa_wording import error, refused

VENDOR = "application/vnd.connectwise.com+json"
PLAIN_JSON = "application/json; charset=utf-8"


@pytest.mark.documented("seed 003, 'Calling Company Info'; psa facts 2.1 for SiteUrl and types")
def test_company_info_needs_no_credentials(tenant):
    company = tenant.credentials["psa"]["company"]

    answer = tenant.client.get(f"/login/companyinfo/{company}")

    assert answer.status_code == 200
    assert answer.content_type == PLAIN_JSON
    found = answer.json
    assert re.fullmatch(r"v4\.6\.\d+", found.pop("VersionNumber"))
    assert found == {
        "CompanyName": "Brightharbor IT",
        "Codebase": "v2026_4/",
        "VersionCode": "v2026.4",
        "CompanyID": company,
        "IsCloud": "True",
        "SiteUrl": "localhost",
    }


@pytest.mark.observed("psa facts 2.1: case variants of the company id are served")
@pytest.mark.parametrize("path", ["/login/companyinfo/COMPANY", "/Login/CompanyInfo/company/"])
def test_company_info_knows_case_variants(app, path):
    assert app.test_client().get(path).json["CompanyID"] == "company"


@pytest.mark.observed("psa facts 2.1: 200 with null for an unknown company")
def test_company_info_of_nobody_is_null(app):
    answer = app.test_client().get("/login/companyinfo/nobody")

    assert (answer.status_code, answer.content_type, answer.data) == (200, PLAIN_JSON, b"null")


@pytest.mark.live
@pytest.mark.observed("psa facts 2.8, recorded keys and licence bits")
def test_system_info_is_the_recorded_document(psa_observed):
    found = psa_observed.get("/system/info").json

    assert re.fullmatch(r"v2026\.4\.\d+", found.pop("version"))
    names = {bit["name"]: bit["activeFlag"] for bit in found.pop("licenseBits")}
    assert len(names) == 24
    assert (names["PocketPC"], names["ADPInterface"]) == (True, False)
    assert found == {
        "isCloud": True,
        "serverTimeZone": "Eastern Standard Time",
        "cloudRegion": "NA",
        "maxWorkFlowRecordsAllowed": 1000,
    }


@pytest.mark.live
@pytest.mark.assumed("psa facts 1.11: sources disagree; system/info needs credentials")
def test_system_info_needs_credentials(psa_observed):
    assert psa_observed.get("/system/info/", headers={"Authorization": None}).status_code == 401


@pytest.mark.live
@pytest.mark.observed("psa facts 2.6: the vendor's type comes back with the version asked for")
@pytest.mark.parametrize("version", ["2019.1", "2025.1", "2026.4", "3.0.0", "3.0.1"])
def test_the_version_asked_for_is_echoed(psa, version):
    answer = psa.get("/service/boards", headers={"Accept": f"{VENDOR}; version={version}"})

    assert answer.status_code == 200
    assert answer.content_type == f"{VENDOR}; version={version}; charset=utf-8"


@pytest.mark.live
@pytest.mark.observed("psa facts 2.3: names of media types and parameters have no case")
def test_the_version_may_be_asked_for_in_capitals(psa):
    answer = psa.get("/service/boards", headers={"Accept": f"{VENDOR}; version=2025.1".upper()})

    assert answer.content_type == f"{VENDOR}; version=2025.1; charset=utf-8"


@pytest.mark.live
@pytest.mark.observed("psa facts 2.3 and 2.6: no version means the newest")
def test_the_vendor_s_type_without_version_is_the_newest(psa):
    answer = psa.get("/service/boards", headers={"Accept": VENDOR})

    assert answer.content_type == f"{VENDOR}; version=2026.4; charset=utf-8"


@pytest.mark.live
@pytest.mark.observed("psa facts 2.3: only the first media type is honoured")
@pytest.mark.parametrize(
    "accept", [None, "*/*", "application/json", f"application/json, {VENDOR}; version=1.0"]
)
def test_other_media_types_get_plain_json(psa, accept):
    answer = psa.get("/service/boards", headers={"Accept": accept})

    assert (answer.status_code, answer.content_type) == (200, PLAIN_JSON)


@pytest.mark.observed("psa facts 2.4, recorded text; the status is inferred")
@pytest.mark.parametrize("version", ["2030.1", "2018.1", "2019.13", "2019.0", "1.0", "0.0"])
def test_an_unsupported_version_is_told(psa_observed, version):
    answer = psa_observed.get(
        "/service/boards", headers={"Accept": f"{VENDOR}; version={version}, application/json"}
    )

    url = "http://localhost/v4_6_release/apis/3.0/service/boards"
    message = (
        f"The HTTP resource that matches the request URI '{url}' "
        f"does not support the API version '{version}'."
    )
    assert refused(answer, 400, error("ConnectWiseApi", message))


@pytest.mark.live
@pytest.mark.observed("psa facts 2.6, headers seen on live answers")
@pytest.mark.parametrize("path", ["/service/boards", "/service/tickets/1", "/nowhere"])
def test_every_answer_has_the_vendor_s_headers(psa_observed, path):
    headers = psa_observed.get(path).headers

    assert headers["api-current-version"] == "2026.4"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers["x-cw-request-id"])
    assert headers["x-server-name"]
    assert (headers["Cache-Control"], headers["Pragma"]) == ("no-cache", "no-cache")
    assert "ETag" not in headers


@pytest.mark.live
@pytest.mark.observed("psa facts 2.6: a fresh guid per answer")
def test_every_answer_has_an_id_of_its_own(psa):
    seen = {psa.get("/system/info").headers["x-cw-request-id"] for _ in range(5)}

    assert len(seen) == 5
