"""Lists of what belongs to one record, and the members of a group."""

import pytest


@pytest.mark.documented("C24: /Clients/{id}/Computers|Locations|Groups")
@pytest.mark.parametrize("path", ["Computers", "Locations", "Groups"])
def test_a_clients_lists_are_those_that_a_condition_finds(automate, path):
    automate.post("/Groups", json={"Name": "Own", "ClientID": 100})

    below = automate.get(f"/Clients/100/{path}?pageSize=3&orderBy=Name desc")
    whole = automate.get(f"/{path}?condition=ClientID=100&pageSize=3&orderBy=Name desc")

    assert below.status_code == 200
    assert below.json == whole.json != []
    for name in ("X-Total-Count", "X-Page", "X-Page-Size", "X-Total-Pages"):
        assert below.headers[name] == whole.headers[name]


@pytest.mark.live
@pytest.mark.documented("C24; automate facts 98 for the text")
def test_the_lists_of_a_missing_client_are_not_found(automate):
    answer = automate.get("/Clients/99999/Computers")

    assert answer.status_code == 404
    assert answer.json["error"]["message"] == "Client with ID 99999 not found"


@pytest.mark.documented("the seed family adds locations at /Clients/{id}/Locations")
def test_a_location_is_added_below_its_client(automate):
    made = automate.post("/Clients/100/Locations", json={"Name": "Annex", "ClientID": 17})

    assert (made.status_code, made.json["ClientID"]) == (201, 100)
    assert made.json in automate.get("/Clients/100/Locations").json
    assert automate.get("/Clients/100").json["LocationCount"] == 6


@pytest.mark.observed("automate facts, the ranking of routes: GET Computers/{id}/Alerts")
def test_a_computers_alerts_are_its_own(automate_observed):
    rows = automate_observed.get("/Computers/97/Alerts").json

    assert rows
    assert rows == automate_observed.get("/Alerts?condition=Computer.Id=97").json
    assert automate_observed.get("/Computers/99999/Alerts").status_code == 404


@pytest.mark.observed("automate facts 10.1 and 5: /api/v2/Groups/{id}/Computers, the slim computer")
def test_the_second_api_lists_a_groups_computers(automate_observed):
    root = automate_observed.base.removesuffix("v1")
    second = type(automate_observed)(
        automate_observed.client, f"{root}v2", automate_observed.headers
    )

    rows = second.get("/Groups/2/Computers?pageSize=1000").json
    wanted = automate_observed.get("/Groups?ids=2&expand=computers").json[0]["Computers"]

    names = {"ComputerId", "Name", "FriendlyName", "IsOnline", "Location", "Client"}
    assert set(rows[0]) == names
    assert {row["Name"] for row in rows} == {each["ComputerName"] for each in wanted}
    assert second.get("/Groups/2/Computers?includeFields=Name").json[0] == {"Name": rows[0]["Name"]}
    assert second.get("/Groups/99999/Computers").status_code == 404


@pytest.mark.assumed("automate facts 10.1: the four paths are seen live, their answers are not")
def test_the_second_api_lists_what_else_belongs_to_a_group(automate_observed):
    caller = automate_observed
    second = type(caller)(caller.client, f"{caller.base.removesuffix('v1')}v2", caller.headers)
    inside = [row["ComputerId"] for row in second.get("/Groups/2/Computers?pageSize=-1").json]
    contact = {"op": "replace", "path": "Contact", "value": {"Id": "2"}}
    assert caller.patch(f"/Computers/{inside[0]}", json=[contact]).status_code == 200
    body = {"EntityType": 7, "EntityIds": [2], "ScriptId": 1, "StartDate": "2999-01-01"}
    assert caller.post("/Batch/ScriptSchedule", json=body).status_code == 200

    shown = {
        word: second.get(f"/Groups/2/{word}?pageSize=-1").json
        for word in ("Contacts", "ScheduledScripts", "InternalMonitors", "RemoteMonitors")
    }

    assert [row["ContactId"] for row in shown["Contacts"]] == [2]
    assert [row["ScheduleTarget"]["Group"]["GroupId"] for row in shown["ScheduledScripts"]] == [2]
    watched = [
        {row["MonitorId"]: row["TargetComputer"]["ComputerId"] for row in shown[word]}
        for word in ("InternalMonitors", "RemoteMonitors")
    ]
    assert all(watched)
    assert watched[0].keys().isdisjoint(watched[1])
    computers = caller.get("/Monitors?pageSize=-1").json
    assert watched[0] | watched[1] == {
        row["MonitorId"]: row["TargetComputer"]["ComputerId"]
        for row in computers
        if row["TargetComputer"]["ComputerId"] in inside
    }
    for word in shown:
        assert second.get(f"/Groups/99999/{word}").status_code == 404
    assert second.get("/Groups/3/ScheduledScripts").json == []


@pytest.mark.assumed("automate facts 10.1 has the path: a group's contacts are its computers'")
def test_a_group_of_workstations_has_their_contacts(automate_observed):
    caller = automate_observed
    second = type(caller)(caller.client, f"{caller.base.removesuffix('v1')}v2", caller.headers)
    group = caller.get("/Groups?condition=Name='Workstations'").json[0]["Id"]
    inside = second.get(f"/Groups/{group}/Computers?pageSize=-1").json
    ids = ",".join(str(each["ComputerId"]) for each in inside)
    rows = caller.get(f"/Computers?pageSize=-1&includeFields=Contact&ids={ids}").json

    shown = second.get(f"/Groups/{group}/Contacts?pageSize=-1").json

    assert {each["ContactId"] for each in shown} == {int(row["Contact"]["Id"]) for row in rows}
    assert {each["ExternalId"] for each in caller.get("/Contacts?pageSize=-1").json} >= {
        row["Contact"]["ExternalId"] for row in rows
    }
