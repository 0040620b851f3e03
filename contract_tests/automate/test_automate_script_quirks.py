"""What no source tells of scripts and schedules is a switch: single quirks of the profile."""

import pytest
from script_support import BATCH, CALM, FORGIVING, PLAIN, executions, flat, schedules

ONCE = {"ScriptScheduleFrequency": {"Name": "Once"}}


@pytest.fixture
def calm(still_with):
    """Return what makes a tenant whose computers stay where they are."""
    return lambda **quirks: still_with(**CALM, **quirks)


def offline_computer(caller):
    return caller.get("/Computers?condition=Status = 'Offline'&pageSize=1").json[0]["ComputerID"]


@pytest.mark.assumed("automate facts 95 tells of single computers; a bulk Execute is unknown")
@pytest.mark.parametrize(
    ("quirks", "first", "last"),
    [({}, "Failed", "Failed"), ({"bulk_offline": "Pending"}, "Pending", "Completed")],
)
def test_an_offline_computer_in_a_bulk_execute(calm, quirks, first, last):
    still = calm(**quirks)
    caller = still.automate()
    away = offline_computer(caller)
    answer = caller.post(f"/Scripts/{PLAIN}/Execute", json={"ComputerIDs": [away]})
    run = answer.json["Executions"][0]

    assert run["Status"] == first
    assert caller.patch(f"/Computers/{away}", json={"Status": "Online"}).status_code == 200
    still.advance(900)
    assert caller.get(f"/Scripts/Executions/{run['ExecutionID']}").json["Status"] == last


@pytest.mark.assumed("automate facts 95 tells of single computers; a bulk Execute is unknown")
def test_an_unknown_computer_in_a_bulk_execute(calm):
    caller = calm(bulk_unknown_refused=False).automate()

    answer = caller.post(f"/Scripts/{PLAIN}/Execute", json={"ComputerIDs": [99999, 97]})

    lost, started = answer.json["Executions"]
    error = "There is no such computer"
    assert lost == {"ComputerID": 99999, "Status": "Failed", "Error": error}
    assert [row["ExecutionID"] for row in executions(caller)] == [started["ExecutionID"]]
    usual = calm().automate()
    body = {"ComputerIDs": [97, 99999]}
    assert usual.post(f"/Scripts/{PLAIN}/Execute", json=body).status_code == 404
    assert executions(usual) == []


@pytest.mark.assumed("the seed family warns of parameters that a script does not declare")
@pytest.mark.parametrize(
    ("unknown", "code", "given"),
    [
        ("passed", 200, {"OlderThanDays": "7", "Strange": "1"}),
        ("dropped", 200, {"OlderThanDays": "7"}),
        ("refused", 400, None),
    ],
)
def test_parameters_that_a_script_does_not_declare(calm, unknown, code, given):
    still = calm(unknown_parameters=unknown)
    caller, vendor = still.automate(), still.automate("observed")
    path = f"/Computers/97/Scripts/{FORGIVING}/Execute"

    answer = caller.post(path, json={"Parameters": {"Strange": 1}})
    pairs = [{"Key": "Strange", "Value": "1"}]
    batch = vendor.post(
        "/Batch/ScriptExecute", json={**BATCH, "ScriptId": FORGIVING, "Parameters": pairs}
    )

    assert answer.status_code == code
    assert batch.json["ContainsUnsuccessfulResults"] is (given is None)
    rows = executions(caller, FORGIVING)
    assert [row["Parameters"] for row in rows] == ([given, given] if given else [])
    assert caller.post(path, json={"Parameters": {"OlderThanDays": "1"}}).status_code == 200


@pytest.mark.assumed("the seed family has the flag Enabled, no source tells what it does")
@pytest.mark.parametrize("runs", [False, True])
def test_a_disabled_script(calm, runs):
    still = calm(disabled_scripts_run=runs)
    seeds, vendor = still.automate(), still.automate("observed")
    script_id = seeds.post("/Scripts", json={"Name": "Old", "Enabled": True}).json["ScriptID"]
    body = {**BATCH, "ScriptId": script_id}
    assert flat(vendor, ScriptId=script_id)
    off = seeds.patch(f"/Scripts/{script_id}", json={"Enabled": False})
    assert off.status_code == 200, off.text

    code = 200 if runs else 400
    one = seeds.post(f"/Computers/97/Scripts/{script_id}/Execute", json={})
    many = seeds.post(f"/Scripts/{script_id}/Execute", json={"ComputerIDs": [97]})
    batch = vendor.post("/Batch/ScriptExecute", json=body)
    planned = vendor.post("/Computers/97/ScheduledScripts", json={"ScriptId": script_id})
    still.advance(600)

    assert [each.status_code for each in (one, many, planned)] == [code] * 3
    assert batch.json["ContainsUnsuccessfulResults"] is not runs
    assert len(executions(seeds, script_id)) == (5 if runs else 0)


@pytest.mark.assumed("clients test ContainsUnsuccessfulResults; what else may happen is unknown")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("ScriptExecute", {**BATCH, "EntityIds": [97, 99999]}),
        ("ScriptSchedule", {**BATCH, "EntityIds": [97, 99999]}),
        ("ScriptExecute", {**BATCH, "ScriptId": 99999}),
        ("Commands/SendTo", {**BATCH, "EntityIds": [97, 99999], "TargetType": 2, "TargetId": 5}),
        ("Groups/RemoveEntities", {**BATCH, "EntityIds": [97, 99999], "GroupId": 2}),
        ("Scripting/Delete", {"ScriptIds": [PLAIN, 99999]}),
        ("Searches/SendTo", {"SearchIds": [2, 99999], "FolderId": 3}),
    ],
)
def test_a_batch_call_of_which_a_part_fails(calm, path, body):
    refusing, telling = (calm(batch_refuses=each).automate("observed") for each in (True, False))
    seen = ("/Computers/97", f"/Scripts/{PLAIN}", "/Searches/2", "/Scripting/RunningScripts")
    before = [refusing.get(each).json for each in seen]

    refused = refusing.post(f"/Batch/{path}", json=body)
    told = telling.post(f"/Batch/{path}", json=body)

    assert refused.status_code == 400
    assert any("99999 was not found" in text for text in refused.json["ModelState"].popitem()[1])
    assert [refusing.get(each).json for each in seen] == before
    assert schedules(refusing) == []
    assert (told.status_code, told.json["ContainsUnsuccessfulResults"]) == (200, True)
    body = {**body, **{n: v[:1] for n, v in body.items() if isinstance(v, list)}}
    if body.get("ScriptId") != 99999:
        assert refusing.post(f"/Batch/{path}", json=body).status_code == 200


@pytest.mark.assumed("automate facts 10.1: the model of /Statistics/ScriptInfo has no unit")
def test_the_worth_of_a_minute(calm):
    values = []
    for worth in (1, 2.5):
        caller = calm(automation_value=worth).automate("observed")
        values.append(caller.get("/Statistics/ScriptInfo/1").json["TotalValue"])

    assert values[0] > 0
    assert values[1] == round(2.5 * values[0])
