"""What the emulator answers and accepts is what its published descriptions say."""

from collections import Counter

import pytest

from mockserver import World, create_app
from mockserver.tests.openapi_support import (
    Checked,
    automate,
    basic,
    document,
    filled,
    operations,
    psa,
)

PROFILES = pytest.mark.parametrize("profile", ["documented", "observed"])
TICKETS, TICKET = "/service/tickets", "/service/tickets/{id}"
CLIENTS, CLIENT = "/Clients", "/Clients/{id}"
NARROW = {"pageSize": "3"}


def read_everything(checked: Checked) -> Counter[int]:
    """Call every GET with 1 for every id; what does not conform fails."""
    found: Counter[int] = Counter()
    for method, path, _ in sorted(operations(checked.described), key=lambda row: row[1]):
        if method == "GET":
            answer = checked.call("GET", filled(path), path, query_string=NARROW)
            found[answer.status_code] += 1
    return found


# -- reading ------------------------------------------------------------------------------------


@pytest.mark.deep
@PROFILES
def test_every_psa_read_conforms(profile):
    found = read_everything(psa(profile))
    assert found[200] > 100
    assert set(found) <= {200, 404}


@PROFILES
def test_every_automate_read_conforms(profile):
    found = read_everything(automate(profile))
    assert found[200] > 10
    assert set(found) <= {200, 404}


@PROFILES
@pytest.mark.parametrize(
    "path",
    [
        TICKETS,
        "/service/boards",
        "/service/priorities",
        "/company/companies",
        "/company/contacts",
        "/company/configurations",
        "/finance/agreements",
        "/project/projects",
        "/system/members",
        "/time/entries",
        "/system/info",
    ],
)
def test_pages_of_the_collections_that_everybody_uses_conform(profile, path):
    psa(profile).call("GET", path, query_string={"pageSize": "100"})


@PROFILES
def test_records_cut_down_conform(profile):
    rows = psa(profile).call("GET", TICKETS, query_string={"fields": "summary,company/name"}).json
    assert rows[0].keys() == {"summary", "company"}
    names = {"includeFields": "Name"}
    assert automate(profile).call("GET", CLIENTS, query_string=names).json[0].keys() == {"Name"}


@PROFILES
def test_company_info_conforms_also_for_an_unknown_company(profile):
    path = "/login/companyinfo/{companyId}"
    assert psa(profile).call("GET", "/login/companyinfo/company", path).json
    assert psa(profile).call("GET", "/login/companyinfo/nobody", path).json is None


def test_an_answer_that_does_not_conform_is_found():
    checked = psa("documented")
    rows = checked.operation("GET", TICKETS)["responses"]["200"]
    schema = rows["content"]["application/json"]["schema"]
    for wrong in ({}, [{"id": "1"}], [{"company": {"id": "x"}}], [{"recordType": "Nonsense"}]):
        assert checked.faults(schema, wrong), wrong


# -- writing ------------------------------------------------------------------------------------


@PROFILES
def test_the_life_of_a_ticket_conforms(profile):
    checked = psa(profile)
    companies = checked.call("GET", "/company/companies", query_string=NARROW).json
    body = {
        "summary": "Printer on fire",
        "company": {"id": companies[0]["id"]},
        "initialDescription": "It burns.",
        "zip": None,
    }
    created = checked.call("POST", TICKETS, json=body)
    assert created.status_code == 201
    path = f"{TICKETS}/{created.json['id']}"
    change = [{"op": "replace", "path": "summary", "value": "Printer out"}]
    assert checked.call("PATCH", path, TICKET, json=change).json["summary"] == "Printer out"
    assert checked.call("PUT", path, TICKET, json=created.json).status_code == 200
    note = {"text": "Out.", "detailDescriptionFlag": True}
    notes = "/service/tickets/{parentId}/notes"
    assert checked.call("POST", f"{path}/notes", notes, json=note).status_code == 201
    checked.call("GET", f"{path}/notes", notes)
    assert checked.call("DELETE", path, TICKET).status_code == 204
    assert checked.call("GET", path, TICKET).status_code == 404


@PROFILES
def test_a_contact_with_its_communications_conforms(profile):
    item = {"type": {"id": 1}, "value": "jo@example.com", "extension": None}
    body = {"firstName": "Jo", "communicationItems": [item]}
    assert psa(profile).call("POST", "/company/contacts", json=body).status_code == 201


def test_the_life_of_a_client_conforms():
    checked = automate("documented")
    created = checked.call("POST", CLIENTS, json={"Name": "Newcomer", "City": "Ulm"})
    assert created.status_code == 201
    path = f"{CLIENTS}/{created.json['ClientID']}"
    assert "City" not in checked.call("PATCH", path, CLIENT, json={"City": None}).json
    change = [{"op": "replace", "path": "City", "value": "Bonn"}]
    assert checked.call("PATCH", path, CLIENT, json=change).json["City"] == "Bonn"
    assert checked.call("PUT", path, CLIENT, json=created.json).status_code == 200
    assert checked.call("DELETE", path, CLIENT).status_code == 204


def test_a_created_client_of_the_observed_dialect_conforms():
    created = automate("observed").call("POST", CLIENTS, json={"Name": "Newcomer too"})
    assert created.status_code == 200


# -- refusals -----------------------------------------------------------------------------------


@PROFILES
@pytest.mark.parametrize(
    ("method", "sent", "status"),
    [
        ("GET", {"query_string": {"conditions": "(("}}, 400),
        ("GET", {"query_string": {"pageSize": "0"}}, 400),
        ("GET", {"headers": {"Authorization": None}}, 401),
        ("GET", {"headers": {"clientId": None}}, 403),
        ("POST", {"json": {"summary": "No company"}}, 400),
        ("POST", {"json": {"nonsense": 1}}, 400),
        ("POST", {"data": b"{", "content_type": "application/json"}, 400),
        ("POST", {"data": b"<a/>", "content_type": "text/xml"}, 415),
    ],
)
def test_psa_refusals_conform(profile, method, sent, status):
    assert psa(profile).call(method, TICKETS, **sent).status_code == status


@PROFILES
@pytest.mark.parametrize(
    ("method", "sent", "status"),
    [
        ("GET", {"query_string": {"condition": "Nope = 1"}}, 400),
        ("GET", {"query_string": {"pageSize": "many"}}, 400),
        ("GET", {"headers": {"Authorization": None}}, 401),
        ("POST", {"json": {}}, 400),
        ("POST", {"data": b"<a/>", "content_type": "text/xml"}, 415),
    ],
)
def test_automate_refusals_conform(profile, method, sent, status):
    assert automate(profile).call(method, CLIENTS, **sent).status_code == status


@PROFILES
def test_a_caller_of_nobody_gets_the_text_that_is_described(profile):
    stranger = {"Authorization": basic("nobody+key:secret")}
    answer = psa(profile).call("GET", TICKETS, headers=stranger)
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")


@PROFILES
def test_logins_conform_with_and_without_a_second_factor(profile):
    login = "/APICredentials" if profile == "documented" else "/APIToken"
    checked = automate(profile)
    for name, password in (
        ("integrator", "integrator-password"),
        ("technician", "technician-password"),
        ("integrator", "wrong"),
    ):
        checked.call("POST", login, json={"Username": name, "Password": password})


@PROFILES
def test_a_spent_quota_is_answered_as_described(profile):
    client = create_app(World.seeded(42, profile=profile, quota=(1, 60.0))).test_client()
    checked = psa(profile)
    checked.client = client
    path = "/service/sources"
    assert checked.call("GET", path).status_code == 200
    refused = checked.call("GET", path)
    assert refused.status_code == 429
    described = document("psa", profile)["components"]["responses"]["TooManyRequests"]
    assert "Retry-After" in described["headers"]
    assert refused.headers["Retry-After"]
