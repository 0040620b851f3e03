"""Contacts: one person behind both generations of the API."""

from dataclasses import replace

import pytest

PERSON = {"FirstName": "Ada", "LastName": "Byron", "City": "Tampa", "PhoneNumber": "8135550100"}


@pytest.fixture
def second(automate_observed):
    return replace(automate_observed, base="/cwa/api/v2")


@pytest.mark.observed("automate facts 10.1: v1 {id} CRUD, CRUD v2; facts 5 for the models")
def test_a_contact_made_in_one_generation_is_there_in_the_other(automate_observed, second):
    first = {**PERSON, "Email": "ada@acme.example"}
    place = {"Client": {"Id": "100"}, "Location": {"Id": 1}}
    made = automate_observed.post("/Contacts", json={**first, **place})
    assert (made.status_code, made.json.items() >= first.items()) == (200, True)

    newer = second.get(f"/Contacts/{made.json['Id']}").json
    assert newer["ContactId"] == int(made.json["Id"])
    assert newer.items() >= {**PERSON, "EmailAddress": "ada@acme.example"}.items()
    assert newer["Client"] == {"ClientId": 100, "Name": "ACME Manufacturing"}
    assert newer["Location"] == {"LocationId": 1, "Name": "Main"}

    again = second.post("/Contacts", json={**PERSON, "Client": {"ClientId": 17}}).json
    older = automate_observed.get(f"/Contacts/{again['ContactId']}").json
    assert (older["Id"], older["Client"]["Id"]) == (str(again["ContactId"]), "17")
    assert older["Id"] != made.json["Id"]


@pytest.mark.observed("automate facts 66 and 67: PATCH in the first, PUT in the second")
def test_changes_and_removals_show_in_both(automate_observed, second):
    one = [{"Op": "replace", "Path": "Email", "Value": "new@acme.example"}]
    automate_observed.patch("/Contacts/1", json=one)
    assert second.get("/Contacts/1").json["EmailAddress"] == "new@acme.example"

    second.put("/Contacts/1", json={"FirstName": "Bo", "Client": {"ClientId": 100}})
    older = automate_observed.get("/Contacts/1").json
    assert (older["FirstName"], older["Client"]["Id"]) == ("Bo", "100")
    assert "Email" not in older

    assert second.delete("/Contacts/1").status_code == 204
    assert automate_observed.get("/Contacts/1").status_code == 404


@pytest.mark.assumed("a contact is where its client is; both generations follow a new name")
def test_contacts_keep_to_their_clients(automate_observed, second):
    strange = {**PERSON, "Client": {"Id": "17"}, "Location": {"Id": 1}}
    nowhere = {**PERSON, "Client": {"ClientId": 99999}}
    client_id = automate_observed.get("/Contacts/1").json["Client"]["Id"]

    assert automate_observed.post("/Contacts", json=strange).status_code == 400
    assert second.post("/Contacts", json=nowhere).status_code == 400
    automate_observed.patch(f"/Clients/{client_id}", json={"Name": "Renamed"})
    assert automate_observed.get("/Contacts/1").json["Client"]["Name"] == "Renamed"
    assert second.get("/Contacts/1").json["Client"]["Name"] == "Renamed"


@pytest.mark.assumed("passwords are taken and never told")
def test_a_contacts_password_is_not_shown(second):
    made = second.post("/Contacts", json={**PERSON, "Password": "quite-secret-7"})

    assert made.status_code == 200
    assert "quite-secret-7" not in made.text
    assert second.get("/Contacts?condition=Password='quite-secret-7'").status_code == 400


@pytest.mark.observed("automate facts 5 for the model: a computer has a contact, by the same id")
def test_a_computer_shows_its_contact(automate_observed, second):
    path = "/Computers/98"
    before = automate_observed.get(path).json["Contact"]
    contact = automate_observed.get(f"/Contacts/{before['Id']}?expand=AssociatedComputers").json

    assert {name: contact[name] for name in before} == before
    assert "98" in [each["Id"] for each in contact["AssociatedComputers"]]
    renamed = [{"op": "replace", "path": "LastName", "value": "Byron"}]
    assert automate_observed.patch(f"/Contacts/{before['Id']}", json=renamed).status_code == 200
    assert automate_observed.get(path).json["Contact"] == {**before, "LastName": "Byron"}
    assert second.delete(f"/Contacts/{before['Id']}").status_code == 204
    assert "Contact" not in automate_observed.get(path).json


@pytest.mark.assumed("automate facts 5 for the model: nobody shows how a computer gets its contact")
def test_a_computer_is_given_a_contact(automate_observed):
    path, known = "/Computers/97", automate_observed.get("/Contacts?pageSize=1").json[0]
    given = {"op": "replace", "path": "Contact", "value": {"Id": known["Id"]}}

    answer = automate_observed.patch(path, json=[given])

    assert answer.json["Contact"]["LastName"] == known["LastName"]
    moved = {"EntityType": 1, "EntityIds": [97], "TargetType": 2, "TargetId": 30}
    automate_observed.post("/Batch/Commands/SendTo", json=moved)
    assert "Contact" not in automate_observed.get(path).json
    given["value"] = {"Id": "99999"}
    answer = automate_observed.patch(path, json=[given])
    assert (answer.status_code, list(answer.json["ModelState"])) == (400, ["Contact.Id"])
