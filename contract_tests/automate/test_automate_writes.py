"""Create, replace, patch, move and delete, in both dialects."""

import pytest

CLIENT = {"Name": "Newcomer", "Address1": "1 Main St", "City": "Tampa", "Phone": "8135550100"}


def error(message, code="BadRequest", **details):
    return {"error": {"code": code, "message": message, **details}}


def location_of(caller, client_id, name="Annex"):
    made = caller.post("/Locations", json={"Name": name, "ClientID": client_id})
    assert made.status_code == 201, made.text
    return made.json["LocationID"]


# -- create ---------------------------------------------------------------------------------------


@pytest.mark.live
@pytest.mark.documented("seed 000, 'HTTP Status Codes': 201 entity created")
def test_a_documented_create_answers_201_with_the_entity(automate):
    answer = automate.post("/Clients", json=CLIENT)

    assert answer.status_code == 201
    counted = {"DateAdded": answer.json["DateAdded"], "ComputerCount": 0, "LocationCount": 0}
    assert answer.json == {"ClientID": answer.json["ClientID"], **CLIENT, **counted}
    assert automate.get(f"/Clients/{answer.json['ClientID']}").json == answer.json
    assert "Location" not in answer.headers


@pytest.mark.live
@pytest.mark.observed("automate facts 64: 200 with the entity, no Location header")
def test_an_observed_create_answers_200_with_the_entity(automate_observed):
    sent = {"Name": "Newcomer", "ZipCode": "33602", "UsesInHouseSupportStaff": True}

    answer = automate_observed.post("/Clients", json=sent)

    assert answer.status_code == 200
    assert answer.json == {"Id": answer.json["Id"], **sent}
    assert "Location" not in answer.headers


@pytest.mark.assumed("what the caller says about ids and counts is the server's to say")
def test_ids_and_counts_are_the_servers(automate):
    sent = {"Name": "x", "ClientID": 100, "ComputerCount": 7, "DateAdded": "2001-01-01T00:00:00Z"}

    made = automate.post("/Clients", json=sent).json

    assert made["ClientID"] not in {100, None}
    assert made["ComputerCount"] == 0
    assert made["DateAdded"] > "2020"
    assert automate.get("/Clients/100").json["Name"] == "ACME Manufacturing"


# -- what is wrong --------------------------------------------------------------------------------


@pytest.mark.live
@pytest.mark.documented("seed 000, 'Error Response Format'; that all faults are named is ours")
def test_documented_faults_are_all_named_in_the_documented_names(automate):
    before = automate.get("/Locations").headers["Total-Count"]

    answer = automate.post("/Locations", json={"ClientID": 999999, "Router": {}, "Zip": "1"})

    texts = {
        "ClientID": ["ClientID 999999 not found"],
        "Router": ["The value of Router is not valid."],
        "Name": ["The Name field is required."],
    }
    assert answer.status_code == 400
    told = answer.json["error"]
    assert (told["code"], told["details"]["errors"]) == ("BadRequest", texts)
    assert told["message"] == texts[told["details"]["field"]][0]
    assert automate.get("/Locations").headers["Total-Count"] == before


@pytest.mark.live
@pytest.mark.observed("automate facts 60: ModelState by field")
def test_observed_faults_are_all_named_in_the_model_state(automate_observed):
    sent = {"Client": {"Id": "999999"}, "RouterPort": "x"}

    answer = automate_observed.post("/Locations", json=sent)

    assert answer.status_code == 400
    assert answer.json == {
        "Message": "The request is invalid.",
        "ModelState": {
            "Client.Id": ["Client.Id 999999 not found"],
            "RouterPort": ["The value of RouterPort is not valid."],
            "Name": ["The Name field is required."],
        },
    }


@pytest.mark.live
@pytest.mark.documented("seed 000, 'HTTP Status Codes': 400")
@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({}, "The Name field is required."),
        ({"Name": None}, "The Name field is required."),
        ({"Name": ""}, "The Name field is required."),
        ({"Name": "x" * 51}, "The field Name may have 50 characters at most."),
        ({"Name": []}, "The value of Name is not valid."),
        ({"Name": "a\0b"}, "The text contains a NUL character."),
    ],
)
def test_a_bad_name_is_refused(automate, sent, text):
    answer = automate.post("/Clients", json=sent)

    assert (answer.status_code, answer.json["error"]["message"]) == (400, text)


# -- change ---------------------------------------------------------------------------------------


@pytest.mark.documented("C17: the seed family patches with a partial object")
def test_a_partial_object_changes_only_what_it_names(automate, automate_observed):
    before = automate.get("/Clients/100").json
    wire = automate_observed.get("/Clients/100").json

    answer = automate.patch("/Clients/100", json={"Zip": "99999", "comment": "x"})
    other = automate_observed.patch("/Clients/100", json={"ZipCode": "88888"})

    assert answer.status_code == other.status_code == 200
    assert answer.json == {**before, "Zip": "99999", "Comment": "x"}
    assert other.json == {**wire, "ZipCode": "88888"}


@pytest.mark.observed("automate facts 66: Op/Path/Value in any case, with or without the slash")
@pytest.mark.parametrize(
    "operation",
    [
        {"Op": "replace", "Path": "/ZipCode", "Value": "77777"},
        {"op": "replace", "path": "zipcode", "value": "77777"},
        {"op": "Add", "path": "/ZIPCODE", "value": "77777"},
    ],
)
def test_an_array_of_operations_changes_what_it_names(automate_observed, operation):
    before = automate_observed.get("/Clients/100").json

    answer = automate_observed.patch("/Clients/100", json=[operation])

    assert answer.status_code == 200
    assert answer.json == {**before, "ZipCode": "77777"}


@pytest.mark.documented("interface section 5: both ways to patch in both dialects")
@pytest.mark.parametrize("path", ["/Zip", "zip", "/ZipCode"])
def test_documented_operations_may_use_both_names(automate, path):
    before = automate.get("/Clients/100").json

    answer = automate.patch("/Clients/100", json=[{"op": "replace", "path": path, "value": "6"}])

    assert answer.json == {**before, "Zip": "6"}


@pytest.mark.assumed("a patch is applied whole or not at all")
def test_a_patch_with_one_bad_operation_changes_nothing(automate):
    before = automate.get("/Clients/100").json
    operations = [
        {"op": "replace", "path": "/Zip", "value": "1"},
        {"op": "replace", "path": "/Nothing", "value": "1"},
    ]

    answer = automate.patch("/Clients/100", json=operations)

    assert (answer.status_code, answer.json) == (400, error("path Nothing is not valid"))
    assert automate.get("/Clients/100").json == before


@pytest.mark.observed("automate facts 67: PUT replaces the full entity")
def test_put_replaces_what_the_caller_owns(automate, automate_observed):
    before = automate.get("/Clients/100").json
    counts = ("ComputerCount", "LocationCount")
    kept = {n: before[n] for n in ("ClientID", "DateAdded", *counts, "ExtraData")}

    answer = automate.put("/Clients/100", json={"Name": "Fresh"})
    wire = automate_observed.put("/Groups/2", json={"Name": "Fresh"})
    refused = automate.put("/Clients/100", json={"City": "Tampa"})

    assert (answer.status_code, answer.json) == (200, {**kept, "Name": "Fresh"})
    assert wire.status_code == 200
    own = {"Id": "2", "Depth": 1, "SubGroups": [4, 5], "ParentGroups": []}
    assert wire.json == {**own, "Name": "Fresh", "FullName": "Fresh"}
    assert refused.status_code == 400


@pytest.mark.assumed("whoever edits an entity and sends it back leaves Client as it was")
def test_the_client_id_goes_before_the_nested_client(automate):
    location = automate.get("/Locations/47").json

    answer = automate.put("/Locations/47", json={**location, "ClientID": 100})

    assert answer.status_code == 200
    assert answer.json["Client"] == {"Id": 100, "Name": "ACME Manufacturing"}


# -- delete ---------------------------------------------------------------------------------------


@pytest.mark.live
@pytest.mark.documented("seed 000, 'HTTP Status Codes': 204; automate facts 64")
@pytest.mark.parametrize("path", ["Clients", "Scripts", "Groups", "Monitors", "Alerts"])
def test_a_deleted_record_is_gone(automate, path):
    made = automate.post(f"/{path}", json={"Name": "Short-lived"})
    key = next(iter(made.json.values()))

    gone, again = automate.delete(f"/{path}/{key}"), automate.delete(f"/{path}/{key}")

    assert (made.status_code, gone.status_code, gone.data) == (201, 204, b"")
    assert "Content-Type" not in gone.headers
    missing = error(f"{path[:-1]} with ID {key} not found", "NotFound")
    assert (again.status_code, again.json) == (404, missing)
    assert automate.get(f"/{path}/{key}").json == missing


@pytest.mark.assumed("automate facts 97: the seed family contradicts itself; see DEVIATIONS.md")
def test_a_client_or_location_with_computers_stays(automate, automate_observed):
    refused = automate.delete("/Clients/100")
    other = automate_observed.delete("/Locations/1")

    text = "Client 100 has computers and cannot be deleted"
    assert (refused.status_code, refused.json) == (400, error(text))
    assert (other.status_code, other.json) == (
        409,
        {"Message": "Location 1 has computers and cannot be deleted"},
    )
    assert automate.get("/Clients/100").status_code == 200


@pytest.mark.live
@pytest.mark.documented("automate facts 97: locations are deleted with their client")
def test_the_locations_of_a_client_go_with_it(automate):
    client = automate.post("/Clients", json=CLIENT).json["ClientID"]
    location = location_of(automate, client)
    assert automate.get(f"/Clients/{client}").json["LocationCount"] == 1

    assert automate.delete(f"/Clients/{client}").status_code == 204
    assert automate.get(f"/Locations/{location}").status_code == 404


@pytest.mark.observed("automate facts 10.1 and 89: alerts are read-only, monitors have no CRUD")
@pytest.mark.parametrize("path", ["Alerts", "Monitors"])
def test_observed_alerts_and_monitors_are_read_only(automate_observed, path):
    answers = [
        automate_observed.post(f"/{path}", json={"Name": "x"}),
        automate_observed.patch(f"/{path}/1", json={"Name": "x"}),
        automate_observed.delete(f"/{path}/1"),
    ]

    assert [(a.status_code, a.headers["Allow"]) for a in answers] == [(405, "GET, HEAD")] * 3
    assert answers[0].json == {
        "Message": "The requested resource does not support http method 'POST'."
    }


@pytest.mark.documented("automate facts C19: alerts are writable for the seed family")
def test_a_documented_alert_takes_its_place_from_its_computer(automate):
    made = automate.post("/Alerts", json={"ComputerID": 97, "Subject": "Hot", "Severity": 4})

    assert made.status_code == 201
    wanted = {"ComputerName": "ACME-DC01", "ClientID": 100, "Status": "New", "Severity": 4}
    assert made.json.items() >= wanted.items()
    changed = automate.patch(f"/Alerts/{made.json['AlertID']}", json={"Status": "acknowledged"})
    assert changed.json["Status"] == "Acknowledged"


@pytest.mark.assumed("a group's full name and depth come from its parent")
def test_a_group_hangs_below_its_parent(automate):
    made = automate.post("/Groups", json={"Name": "Kiosks", "ParentID": 2})
    refused = automate.post("/Groups", json={"Name": "Lost", "ParentID": 999999})

    assert (made.status_code, made.json["FullPath"]) == (201, "All Agents.Servers.Kiosks")
    assert refused.json["error"]["message"] == "ParentID 999999 not found"
