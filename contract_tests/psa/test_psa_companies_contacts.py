"""Companies, their sites and contacts, and how references to them stay true (psa facts 6, 8)."""

import pytest
from psa_wording import error, fault, ids, refused, seed_fault

COMPANIES, CONTACTS = "/company/companies", "/company/contacts"


def made(caller, path, body):
    answer = caller.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json


def replace(path, value):
    return {"op": "replace", "path": path, "value": value}


# -- companies ---------------------------------------------------------------------------------


@pytest.mark.observed("psa facts 6.14 and 8.9: every company has a site, made with it")
def test_a_new_company_gets_a_main_site(caller):
    company = made(
        caller,
        COMPANIES,
        {"identifier": "Fresh", "name": "Fresh Ltd", "addressLine1": "1 Road", "zip": "12345"},
    )

    sites = caller.get(f"{COMPANIES}/{company['id']}/sites").json
    assert [site["id"] for site in sites] == [company["site"]["id"]]
    shown = ("name", "addressLine1", "zip", "primaryAddressFlag")
    assert [sites[0][name] for name in shown] == ["Main", "1 Road", "12345", True]
    assert sites[0]["company"]["identifier"] == "Fresh"
    assert (company["status"]["name"], company["deletedFlag"]) == ("Active", False)
    ticket = made(caller, "/service/tickets", {"summary": "x", "company": {"id": company["id"]}})
    assert (ticket["site"]["id"], ticket["addressLine1"]) == (sites[0]["id"], "1 Road")


DUPLICATE = "A record with this identifier already exists"


@pytest.mark.assumed("psa facts U22: ObjectExists; the text is unknown")
def test_an_identifier_is_taken_once(psa_observed):
    answer = psa_observed.post(COMPANIES, json={"identifier": "acmeMANUFACTURING", "name": "x"})

    found = fault("ObjectExists", DUPLICATE, "company", "identifier")
    assert refused(answer, 400, error("InvalidObject", "company object is invalid", found))
    taken = psa_observed.patch(f"{COMPANIES}/4", json=[replace("identifier", "ACMEManufacturing")])
    assert taken.status_code == 400
    own = psa_observed.patch(
        f"{COMPANIES}/12345", json=[replace("identifier", "ACMEMANUFACTURING")]
    )
    assert own.json["identifier"] == "ACMEMANUFACTURING"


@pytest.mark.live
@pytest.mark.documented("seed 002, 'Error Response Format'; seed 003: an identifier in use")
def test_an_identifier_in_use_is_told_in_the_seed_s_format(psa):
    answer = psa.post(COMPANIES, json={"identifier": "ACMEManufacturing", "name": "x"})

    found = seed_fault("InvalidArgument", DUPLICATE, "identifier")
    assert refused(answer, 400, error("InvalidArgument", DUPLICATE, found))


@pytest.mark.observed("psa facts 6.9: references show the record as it is")
def test_a_new_name_is_seen_everywhere(caller):
    renamed = [replace("name", "Renamed"), replace("identifier", "Renamed1")]
    params = {"conditions": "company/id = 12345", "pageSize": 1000}
    before = ids(caller.get("/service/tickets", params=params))

    assert caller.patch(f"{COMPANIES}/12345", json=renamed).status_code == 200

    by_name = {"conditions": "company/name = 'renamed'", "pageSize": 1000}
    found = caller.get("/service/tickets", params=by_name)
    assert ids(found) == before
    names = {(row["company"]["identifier"], row["company"]["name"]) for row in found.json}
    assert names == {("Renamed1", "Renamed")}
    old = {"conditions": "company/name = 'ACME Manufacturing'"}
    assert ids(caller.get("/service/tickets", params=old)) == []
    assert ids(caller.get(CONTACTS, params={"conditions": "company/identifier='Renamed1'"}))


@pytest.mark.documented("psa facts 6.12: types are set on create only")
def test_types_are_given_on_create(caller):
    body = {"identifier": "Typed", "name": "x", "types": [{"id": 1}, {"name": "Vendor"}]}

    company = made(caller, COMPANIES, body)

    assert [row["name"] for row in company["types"]] == ["Client", "Vendor"]
    one = f"{COMPANIES}/{company['id']}"
    changed = caller.patch(one, json=[replace("types", [{"id": 2}])])
    assert changed.json["types"] == company["types"]
    params = {"childConditions": "types/id = 3", "pageSize": 1000}
    assert company["id"] in ids(caller.get(COMPANIES, params=params))


@pytest.mark.assumed("psa facts 6.5 and U23: 409 for what is in use")
def test_a_company_in_use_cannot_be_deleted(psa_observed):
    answer = psa_observed.delete(f"{COMPANIES}/12345")

    assert (answer.status_code, answer.json["code"]) == (409, "ConnectWiseApi")
    assert psa_observed.get(f"{COMPANIES}/12345").status_code == 200


@pytest.mark.documented("seed 002, status codes: 409, RecordLocked")
def test_a_record_in_use_is_told_in_the_seed_s_words(psa):
    answer = psa.delete("/service/priorities/1")

    assert (answer.status_code, answer.json["code"]) == (409, "RecordLocked")


@pytest.mark.live
@pytest.mark.assumed("what belongs to a company goes with it")
def test_a_company_goes_with_its_sites(caller):
    company = made(caller, COMPANIES, {"identifier": "Gone", "name": "x"})["id"]

    assert caller.delete(f"{COMPANIES}/{company}").status_code == 204

    assert caller.get(f"{COMPANIES}/{company}/sites").status_code == 404


@pytest.mark.observed("psa facts 8.9: the names of a company's own links")
def test_a_company_links_to_what_belongs_to_it(caller):
    info = caller.get(f"{COMPANIES}/12345").json["_info"]

    names = "contacts agreements tickets opportunities activities projects configurations orders"
    names += " documents sites teams reports notes"
    assert {n for n in info if n.endswith("_href")} == {f"{name}_href" for name in names.split()}
    base = f"http://localhost{caller.base}"
    for name in ("contacts", "tickets", "sites", "configurations", "agreements", "projects"):
        assert ids(caller.get(info[f"{name}_href"].removeprefix(base)))


# -- contacts ----------------------------------------------------------------------------------


def items(contact):
    """Return the kind, value and default flag of each of a contact's communications."""
    found = contact.get("communicationItems", [])
    return [(row["communicationType"], row["value"], row["defaultFlag"]) for row in found]


MAIL = {"type": {"id": 1}, "value": "a@test.com", "defaultFlag": True}
PHONE = {"type": {"id": 2}, "value": "555", "defaultFlag": True}


@pytest.mark.observed("psa facts 8.10, recorded members and defaults")
def test_a_new_contact_is_shown_as_recorded(caller):
    contact = made(
        caller,
        CONTACTS,
        {"firstName": "Ann", "company": {"id": 12345}, "communicationItems": [MAIL, PHONE]},
    )

    shown = {name: contact[name] for name in ("portalSecurityLevel", "disablePortalLoginFlag")}
    assert shown == {"portalSecurityLevel": 1, "disablePortalLoginFlag": True}
    assert len(contact["mobileGuid"]) == 36
    mail, phone = contact["communicationItems"]
    assert {name: mail[name] for name in mail if name not in {"id", "type"}} == {
        "value": "a@test.com",
        "defaultFlag": True,
        "domain": "@test.com",
        "communicationType": "Email",
    }
    assert (mail["type"]["id"], mail["type"]["name"]) == (1, "Email")
    link = mail["type"]["_info"]["type_href"]
    assert link == f"http://localhost{caller.base}//company/communicationTypes/1"
    assert (contact["defaultPhoneType"], contact["defaultPhoneNbr"]) == ("Direct", "555")
    listed = caller.get(f"{CONTACTS}/{contact['id']}/communications").json
    assert [row["id"] for row in listed] == [mail["id"], phone["id"]]
    assert {row["contactId"] for row in listed} == {contact["id"]}


@pytest.mark.observed("psa facts 8.10: the sub-collection and the array are the same items")
def test_communications_are_seen_in_the_contact(caller):
    contact = made(caller, CONTACTS, {"firstName": "Ann", "communicationItems": [MAIL]})
    path = f"{CONTACTS}/{contact['id']}/communications"

    added = made(caller, path, {**PHONE, "defaultFlag": False})
    seen = caller.get(f"{CONTACTS}/{contact['id']}").json
    assert items(seen) == [("Email", "a@test.com", True), ("Phone", "555", False)]

    caller.patch(f"{path}/{added['id']}", json=[replace("value", "556")])
    seen = caller.get(f"{CONTACTS}/{contact['id']}").json
    assert items(seen)[1] == ("Phone", "556", False)

    caller.delete(f"{path}/{added['id']}")
    seen = caller.get(f"{CONTACTS}/{contact['id']}").json
    assert items(seen) == [("Email", "a@test.com", True)]
    params = {"childConditions": "communicationItems/value = 'A@test.com'"}
    assert ids(caller.get(CONTACTS, params=params)) == [contact["id"]]


@pytest.mark.observed("psa facts 6.11: the previous default of the kind lost its flag")
@pytest.mark.parametrize("way", ["array", "collection"])
def test_there_is_one_default_per_kind(caller, way):
    contact = made(caller, CONTACTS, {"firstName": "Ann", "communicationItems": [MAIL, PHONE]})
    second = {**MAIL, "value": "b@test.com"}
    one = f"{CONTACTS}/{contact['id']}"

    if way == "array":
        patch = {"op": "add", "path": "/communicationItems/2", "value": second}
        assert caller.patch(one, json=[patch]).status_code == 200
    else:
        made(caller, f"{one}/communications", second)

    assert items(caller.get(one).json) == [
        ("Email", "a@test.com", False),
        ("Phone", "555", True),
        ("Email", "b@test.com", True),
    ]


@pytest.mark.observed("psa facts 6.9 and 3.4: a contact's name is shown and can be asked for")
def test_a_new_name_of_a_contact_is_seen_in_its_tickets(caller):
    assert caller.patch(f"{CONTACTS}/1", json=[replace("lastName", "Newname")]).status_code == 200

    found = caller.get("/service/tickets", params={"conditions": "contact/name = 'john newname'"})

    assert ids(found)
    assert {row["contact"]["name"] for row in found.json} == {"John Newname"}


@pytest.mark.observed("psa facts 8.6: every defined field is listed, also on a new record")
def test_custom_fields_of_a_new_record_can_be_set_and_asked_for(caller):
    contact = made(
        caller, CONTACTS, {"firstName": "Ann", "customFields": [{"id": 12, "value": 4711}]}
    )

    number, preference = contact["customFields"]
    assert (number["id"], number["caption"], number["value"]) == (12, "TomNumber", 4711)
    assert (preference["id"], preference["caption"], preference["value"]) == (13, "Prefers", None)
    params = {"customFieldConditions": 'caption="TomNumber" AND value = 4711'}
    assert ids(caller.get(CONTACTS, params=params)) == [contact["id"]]


@pytest.mark.observed("psa facts 8.10: type ids of a new contact")
def test_a_new_contact_may_get_its_types_by_id(caller):
    contact = made(caller, CONTACTS, {"firstName": "Ann", "typeIds": [2, 1]})

    assert "typeIds" not in contact
    assert [row["name"] for row in contact["types"]] == ["Approver", "End User"]


# -- setup tables ------------------------------------------------------------------------------


@pytest.mark.assumed("a board has one default status")
def test_a_new_default_status_takes_the_flag(caller):
    path = "/service/boards/1/statuses"

    status = made(caller, path, {"name": "Fresh", "defaultFlag": True})

    rows = caller.get(path, params={"conditions": "defaultFlag = true"}).json
    assert [row["id"] for row in rows] == [status["id"]]
    ticket = made(caller, "/service/tickets", {"summary": "x", "company": {"id": 12345}})
    assert ticket["status"]["name"] == "Fresh"


@pytest.mark.observed("psa facts 6.9: a status that is renamed is renamed in its tickets")
def test_a_renamed_status_is_seen_in_its_tickets(caller):
    before = ids(caller.get("/service/tickets", params={"conditions": "status/id = 2"}))

    caller.patch("/service/boards/1/statuses/2", json=[replace("name", "Busy")])

    found = caller.get("/service/tickets", params={"conditions": "status/name = 'busy'"})
    assert ids(found) == before != []
