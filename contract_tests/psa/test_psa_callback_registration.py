"""Registering callbacks: what is kept, and how a registration is refused."""

import pytest
from callback_support import registered

URL = "https://test.example/webhook?recordId="
BODY = {"url": URL, "objectId": 0, "type": "ticket", "level": "owner"}
LEVEL_TEXT = "Unrecognized level for type, see documentation for supported levels for each type"

observed = pytest.mark.observed
documented = pytest.mark.documented
assumed = pytest.mark.assumed


def faults(answer):
    assert answer.status_code == 400, answer.text
    return [(each["code"], each["field"]) for each in answer.json["errors"]]


@observed("psa facts 7.1, recorded registration")
def test_a_registration_is_kept_as_it_was_recorded(psa_observed):
    sent = {
        "id": 0,
        "inactiveFlag": False,
        "url": URL,
        "objectId": 0,
        "type": "ticket",
        "level": "owner",
        "payloadVersion": "3.0.0",
        "memberId": 0,
        "connectWiseID": "",
        "isSelfSuppressedFlag": False,
    }

    answer = psa_observed.post("/system/callbacks", json=sent)

    assert answer.status_code == 201
    made = answer.json
    me = psa_observed.get("/system/members", params={"conditions": "identifier='Admin1'"}).json
    assert made["objectId"] == 1
    assert made["memberId"] == me[0]["id"]
    assert made["isSoapCallbackFlag"] is False
    assert len(made["connectWiseID"]) == 36
    assert made["_info"]["updatedBy"] == "Admin1"
    kept = {name: made[name] for name in ("url", "type", "level", "payloadVersion")}
    assert kept == {name: sent[name] for name in kept}
    assert answer.headers["Location"].endswith(f"/system/callbacks/{made['id']}")


@documented("seed 002, registering callbacks")
def test_the_guides_registration_works(psa):
    sent = {
        "url": "https://your-server.com/webhook",
        "objectId": 0,
        "type": "ticket",
        "level": "owner",
        "description": "Ticket updates webhook",
    }
    made = psa.post("/system/callbacks", json=sent)
    assert made.status_code == 201
    assert psa.get(f"/system/callbacks/{made.json['id']}").json == made.json
    assert psa.get("/system/callbacks/count").json == {"count": 4}
    assert [each["id"] for each in registered(psa)] == [made.json["id"]]


@documented("seed 003, 'Configuring the Callbacks': its members, one with a blank at its end")
def test_the_members_of_the_guides_sample_are_taken(psa):
    sample = {
        "id": 0,
        "description": "maxLength = 100",
        "url": URL,
        "objectId": 0,
        "type": "ticket",
        "level": "Owner",
        "memberId": 0,
        "inactiveFlag": "false",
        "_info ": {"lastUpdated": "", "updatedBy": ""},
    }

    made = psa.post("/system/callbacks", json=sample)

    assert made.status_code == 201, made.text
    assert (made.json["description"], made.json["inactiveFlag"]) == ("maxLength = 100", False)


@observed("psa-recorded-errors: bad url and bad level")
def test_a_bad_url_and_a_bad_level_are_named_together(psa_observed):
    answer = psa_observed.post("/system/callbacks", json={**BODY, "url": "x", "level": "nix"})
    assert answer.json == {
        "code": "InvalidObject",
        "message": "callbackEntry object is invalid",
        "errors": [
            {
                "code": "InvalidField",
                "message": "Invalid URL",
                "resource": "callbackEntry",
                "field": "url",
            },
            {
                "code": "InvalidObject",
                "message": LEVEL_TEXT,
                "resource": "callbackEntry",
                "field": "level",
            },
        ],
    }
    assert registered(psa_observed) == []


@observed("psa-recorded-errors: duplicate")
def test_a_second_registration_of_the_same_is_refused(psa_observed):
    assert psa_observed.post("/system/callbacks", json=BODY).status_code == 201
    answer = psa_observed.post("/system/callbacks", json=BODY)
    assert answer.status_code == 400
    assert answer.json["errors"] == [
        {
            "code": "ObjectExists",
            "message": "A matching callback entry already exists",
            "resource": "callbackEntry",
            "field": "objectId",
        }
    ]


@assumed("psa facts 7.2: which members make a duplicate is inferred")
def test_another_url_type_level_or_object_is_no_duplicate(psa):
    for other in (
        {},
        {"url": f"{URL}x"},
        {"type": "contact"},
        {"level": "ticket"},
        {"level": "ticket", "objectId": 7},
    ):
        assert psa.post("/system/callbacks", json={**BODY, **other}).status_code == 201
    made = registered(psa)
    assert faults(psa.put(f"/system/callbacks/{made[1]['id']}", json=BODY)) == [
        ("ObjectExists", "objectId")
    ]
    assert psa.put(f"/system/callbacks/{made[0]['id']}", json=BODY).status_code == 200


@documented("psa facts 6.14: CallbackEntry")
def test_url_type_level_and_object_are_required(psa_observed):
    answer = psa_observed.post("/system/callbacks", json={})
    assert {field for _, field in faults(answer)} == {"url", "type", "level", "objectId"}


@documented("psa facts 7.1: description up to 100 characters")
def test_a_description_has_at_most_a_hundred_characters(psa_observed):
    answer = psa_observed.post("/system/callbacks", json={**BODY, "description": "x" * 101})
    assert faults(answer) == [("MaxLengthField", "description")]


TYPES = {
    "activity": ["owner", "status", "type", "company", "activity"],
    "agreement": ["owner", "type", "company", "agreement"],
    "company": ["owner", "status", "type", "territory", "company", "integratortag"],
    "contact": ["owner", "company", "contact", "type"],
    "ticket": [
        *("owner", "location", "board", "status", "company", "ticket", "project"),
        "projectphase",
    ],
    **{
        name: ["owner", name]
        for name in (
            *("configuration", "expense", "invoice", "member", "opportunity", "productcatalog"),
            *("project", "purchaseorder", "schedule", "site", "time"),
        )
    },
}


@documented("psa facts 7.3 and 7.4: types and levels")
def test_all_sixteen_types_have_their_levels_in_any_case(psa):
    assert len(TYPES) == 16
    for kind, levels in TYPES.items():
        for level in levels:
            sent = {**BODY, "type": kind.title(), "level": level.upper(), "objectId": 1}
            assert psa.post("/system/callbacks", json=sent).status_code == 201, (kind, level)


@assumed("psa facts U16")
@pytest.mark.parametrize(
    ("kind", "level"),
    [("ticket", "territory"), ("time", "status"), ("agreement", "status"), ("contact", "x")],
)
def test_other_levels_are_refused(psa_observed, kind, level):
    answer = psa_observed.post("/system/callbacks", json={**BODY, "type": kind, "level": level})
    assert faults(answer) == [("InvalidObject", "level")]


@assumed("psa facts 7.2: the text for an unknown type is not known")
def test_an_unknown_type_is_refused(psa_observed):
    answer = psa_observed.post("/system/callbacks", json={**BODY, "type": "invoices"})
    assert faults(answer) == [("InvalidField", "type")]


@assumed("psa facts 7.2: which URLs are valid is not known")
@pytest.mark.parametrize(
    "url",
    [
        *("", " ", "x", "/hook", "ftp://a.example/", "http://", "http:///hook", "http://a b/"),
        *("http://a.example/\r\nX: y", "http://a.example:99999/", "http://user:pw@a.example/"),
        *("http://a.example/ü", "http://[::1", "//a.example/", f"http://a.example/{'x' * 3000}"),
        *("http://a.example/\u0000", "javascript:alert(1)"),
    ],
)
def test_what_nobody_can_post_to_is_no_url(psa_observed, url):
    answer = psa_observed.post("/system/callbacks", json={**BODY, "url": url})
    assert faults(answer)[0] in (("InvalidField", "url"), ("MissingRequiredField", "url"))
    assert registered(psa_observed) == []


@assumed("psa facts 7.2: local and http URLs are accepted for testing")
@pytest.mark.parametrize(
    "url", ["http://localhost:9/", "HTTPS://A.example", "http://127.0.0.1", "http://[::1]:8080/?a="]
)
def test_local_urls_and_plain_http_may_be_registered(psa, url):
    assert psa.post("/system/callbacks", json={**BODY, "url": url}).status_code == 201


@documented("psa facts 7.1 and seed 003: memberId and id are read only")
def test_what_the_server_keeps_cannot_be_changed(psa):
    made = psa.post("/system/callbacks", json={**BODY, "memberId": 7, "id": 99}).json
    change = [{"op": "replace", "path": "memberId", "value": 7}]
    changed = psa.patch(f"/system/callbacks/{made['id']}", json=change).json
    assert (made["id"], made["memberId"], changed["memberId"]) == (4, changed["memberId"], 1)


@documented("psa facts 7.1: SPEC25 has GET, POST, PUT, PATCH and DELETE")
def test_a_callback_is_changed_and_deleted(psa):
    made = psa.post("/system/callbacks", json=BODY).json
    path = f"/system/callbacks/{made['id']}"
    change = [{"op": "replace", "path": "inactiveFlag", "value": True}]
    assert psa.patch(path, json=change).json["inactiveFlag"] is True
    replaced = psa.put(path, json={**BODY, "level": "board", "objectId": 5})
    assert (replaced.json["level"], replaced.json["objectId"]) == ("board", 5)
    assert psa.delete(path).status_code == 204
    assert psa.get(path).status_code == 404
