"""What names and declared answers tell of routes that facts only list (automate facts 10.1)."""

from dataclasses import replace

import pytest

NAME_ONLY = "automate facts 10.1 list the route; the description has its members alone"
SECOND = "/v2/Scripts/ScriptFolders"


@pytest.fixture
def later(automate_observed):
    """Return a caller of the second generation."""
    return replace(automate_observed, base="/cwa/api")


# -- folders of scripts --------------------------------------------------------------------------


@pytest.mark.assumed(NAME_ONLY)
def test_a_folder_that_the_second_generation_makes_is_one_of_the_first(later):
    made = later.post(SECOND, json={"Name": "Night work"}).json
    below = later.post(f"{SECOND}/{made['ScriptFolderId']}", json={"Name": "Backups"}).json

    assert set(made) == {"ScriptFolderId", "Name"}
    shown = later.get(f"/v1/ScriptFolders/{below['ScriptFolderId']}").json
    assert (shown["Name"], shown["ParentId"]) == ("Backups", str(made["ScriptFolderId"]))


@pytest.mark.assumed(NAME_ONLY)
def test_a_folder_that_is_renamed_stays_where_it_is(later):
    before = later.get("/v1/ScriptFolders/2").json

    answer = later.put(f"{SECOND}/2", json={"Name": "Renamed"})

    assert answer.json == {"ScriptFolderId": 2, "Name": "Renamed"}
    assert later.get("/v1/ScriptFolders/2").json == {**before, "Name": "Renamed"}


@pytest.mark.assumed(NAME_ONLY)
@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", SECOND, {}, 400),
        ("POST", SECOND, [], 400),
        ("POST", SECOND, {"Name": None}, 400),
        ("POST", f"{SECOND}/999", {"Name": "x"}, 404),
        ("PUT", f"{SECOND}/2", {}, 400),
        ("PUT", f"{SECOND}/2", [], 400),
        ("PUT", f"{SECOND}/2", {"Name": {}}, 400),
        ("PUT", f"{SECOND}/999", {"Name": "x"}, 404),
    ],
)
def test_a_folder_needs_a_name_and_a_place(later, method, path, body, status):
    before = later.get("/v1/ScriptFolders").json

    assert later.request(method, path, json=body).status_code == status
    assert later.get("/v1/ScriptFolders").json == before


# -- monitors ------------------------------------------------------------------------------------


@pytest.mark.assumed(NAME_ONLY)
def test_the_history_of_a_monitor_is_its_own(automate_observed):
    everything = automate_observed.get("/MonitorHistory?pageSize=1000").json
    monitor_id = everything[0]["MonitorId"]

    own = automate_observed.get(f"/MonitorHistory/{monitor_id}").json

    assert own == [each for each in everything if each["MonitorId"] == monitor_id]
    assert automate_observed.get(f"/MonitorHistory/{monitor_id}?condition=Message='x'").json == []
    assert automate_observed.get("/MonitorHistory/999999").status_code == 404


@pytest.mark.assumed(NAME_ONLY)
def test_the_settings_of_what_a_monitor_collects_name_it_and_its_computer(automate_observed):
    monitor = automate_observed.get("/Monitors?condition=MonitorId=1").json[0]

    settings = automate_observed.get("/Monitors/1/DataCollectionSettings").json

    assert settings == {
        "MonitorId": 1,
        "ComputerId": monitor["TargetComputer"]["ComputerId"],
        "GraphTitle": monitor["Name"],
    }
    assert automate_observed.get("/Monitors/999999/DataCollectionSettings").status_code == 404


# -- credentials ---------------------------------------------------------------------------------


@pytest.mark.assumed(NAME_ONLY)
def test_the_credentials_of_a_client_are_its_logins_without_what_is_secret(automate_observed):
    logins = automate_observed.get("/Clients/100/deploymentlogins").json

    shown = automate_observed.get("/ExternalSystemCredentials/Clients/100").json

    assert shown == [
        {
            "CredentialsId": each["DeploymentLoginId"],
            "ClientId": 100,
            "Title": each["Title"],
            "IsActive": True,
        }
        for each in logins
    ]
    assert shown != []
    assert automate_observed.get("/ExternalSystemCredentials/Clients/999999").status_code == 404


@pytest.mark.observed("automate facts 39: what is null is left out, inside nested objects too")
def test_a_null_inside_a_nested_object_is_not_shown(automate_observed):
    user = {"UserId": None, "Name": "Somebody"}
    made = automate_observed.post("/UserAudits", json={"Message": "Seen", "User": user})

    assert made.status_code == 200
    assert None not in made.json.get("User", {}).values()
