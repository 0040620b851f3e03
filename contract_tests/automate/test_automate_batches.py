"""Batch calls on scripts and searches, and the two generations in which a script is shown."""

import pytest


@pytest.fixture
def both(make_tenant):
    """Return an observed caller, and what asks the second generation of the API."""
    caller = make_tenant("observed").unlimited().automate("observed")

    def second(method, path, **sent):
        return caller.client.open(
            f"/cwa/api/v2{path}", method=method, headers=caller.headers, **sent
        )

    return caller, second


def scheduled(caller, script_id):
    body = {"EntityType": 1, "EntityIds": [97], "ScriptId": script_id, "StartDate": "2999-01-01"}
    body["Schedule"] = {"ScriptScheduleFrequency": {"ScriptScheduleFrequencyId": 1}}
    assert caller.post("/Batch/ScriptSchedule", json=body).status_code == 200
    return schedules(caller, script_id)


def schedules(caller, script_id):
    path = f"/Scripting/ScriptSchedules?condition=Script.ScriptId = {script_id}"
    return [row["ScheduledScriptId"] for row in caller.get(path).json]


@pytest.mark.observed("automate facts 10.1: Scripting/Delete; the request as a client sends it")
def test_scripts_are_deleted_together(both):
    caller, second = both
    for script_id in (1, 2):
        assert scheduled(caller, script_id)

    answer = caller.post("/Batch/Scripting/Delete", json={"ScriptIds": [1, "2", 99_999]})

    rows = {row["ScriptId"]: row["ResultDetails"] for row in answer.json["ScriptResults"]}
    assert (answer.status_code, answer.json["ContainsUnsuccessfulResults"]) == (200, True)
    assert [rows[each]["ResultStatus"] for each in (1, 2, 99_999)] == [0, 0, 1]
    assert rows[99_999]["Message"] == "Script 99999 was not found."
    for script_id in (1, 2):
        assert caller.get(f"/Scripts/{script_id}").status_code == 404
        assert second("GET", f"/Scripts/{script_id}").status_code == 404
        assert schedules(caller, script_id) == []
        assert caller.get("/Computers/97/ScheduledScripts").json == [
            row
            for row in caller.get("/Computers/97/ScheduledScripts").json
            if row["ScriptId"] != script_id
        ]


@pytest.mark.documented("vendor description: SearchIds, FolderId -> SearchResults")
def test_searches_are_sent_to_a_folder(automate_observed):
    caller = automate_observed

    moved = caller.post("/Batch/Searches/SendTo", json={"SearchIds": [2, 9_999], "FolderId": 3})
    lost = caller.post("/Batch/Searches/SendTo", json={"SearchIds": [3], "FolderId": 9_999})

    folder = caller.get("/SearchFolders?ids=3").json[0]
    assert caller.get("/Searches?ids=2").json[0]["SearchFolder"]["Name"] == folder["Name"]
    assert [row["ResultDetails"]["Message"] for row in moved.json["SearchResults"]] == [
        "",
        "Search 9999 was not found.",
    ]
    assert moved.json["ContainsUnsuccessfulResults"] is True
    assert lost.json["SearchResults"][0]["ResultDetails"]["Message"] == "Folder 9999 was not found."
    assert caller.get("/Searches?ids=3").json[0]["SearchFolder"]["Id"] == "1"


@pytest.mark.assumed("which bodies of a batch are refused is not recorded")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("Scripting/Delete", {}),
        ("Scripting/Delete", {"ScriptIds": []}),
        ("Scripting/Delete", {"ScriptIds": ["x"]}),
        ("Scripting/Delete", {"ScriptIds": 5}),
        ("Searches/SendTo", {"SearchIds": [2]}),
        ("Searches/SendTo", {"SearchIds": [2], "FolderId": "x"}),
        ("Searches/SendTo", {"FolderId": 1}),
    ],
)
def test_a_batch_without_its_members_is_a_400(automate_observed, path, body):
    assert automate_observed.post(f"/Batch/{path}", json=body).status_code == 400


@pytest.mark.assumed("automate facts 5, 10.1: two models; that both are one script is ours")
def test_a_script_is_one_in_both_generations(both):
    caller, second = both
    folder = {"ScriptFolderId": 2, "Name": "any"}

    made = second("POST", "/Scripts", json={"Name": "New", "Description": "d", "Folder": folder})
    script_id = made.json["ScriptId"]
    first = caller.get(f"/Scripts/{script_id}").json
    put = second("PUT", f"/Scripts/{script_id}", json={"Name": "Newer", "AutomationMinutes": 9})
    again = caller.get(f"/Scripts/{script_id}").json
    older = caller.post("/Scripts", json={"Name": "Old", "Comments": "c"}).json["Id"]

    assert made.status_code == put.status_code == 200, made.text
    assert (first["Name"], first["Comments"], first["Folder"]["Id"]) == ("New", "d", "2")
    assert first["FullFolderPath"] == "Maintenance\\Disk"
    assert (again["Name"], again["AutomationTime"], "Comments" in again) == ("Newer", 9, False)
    shown = second("GET", f"/Scripts/{older}").json
    assert (shown["Name"], shown["Description"]) == ("Old", "c")
    assert second("DELETE", f"/Scripts/{script_id}").status_code == 204
    assert caller.get(f"/Scripts/{script_id}").status_code == 404
