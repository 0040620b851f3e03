"""What no source tells of commands is a switch: single quirks of the Automate profile."""

import pytest

QUEUE = "/Computers/97/CommandExecute"
CALM = {"outage_chance": 0, "monitor_failure_chance": 0}


def command(line="hostname", **members):
    return {"Command": {"Id": 2}, "Parameters": [f'cmd.exe!!! /c "{line}"'], **members}


def sent(caller, body=None, path=QUEUE):
    answer = caller.post(path, json=body or command())
    assert answer.status_code in {200, 201}, answer.text
    return f"{path}/{answer.json['Id']}"


def turned(caller, status, path="/Computers/97"):
    assert caller.patch(path, json={"Status": status}).status_code == 200


@pytest.mark.assumed("automate facts 75: Terminated when the agent could not run it, loosely told")
@pytest.mark.parametrize(
    ("quirks", "away", "back"),
    [
        ({}, "Terminated", "Terminated"),
        ({"command_lost": "Failed"}, "Failed", "Failed"),
        ({"command_lost": "none"}, "Executing", "Success"),
    ],
)
def test_a_command_whose_computer_goes_away(still_with, quirks, away, back):
    still = still_with(**CALM, **quirks)
    caller = still.automate()
    path = sent(caller)
    still.advance(6)
    assert caller.get(path).json["Status"] == "Executing"

    turned(caller, "Offline")
    still.advance(60)
    assert caller.get(path).json["Status"] == away
    turned(caller, "Online")
    still.advance(400)

    assert caller.get(path).json["Status"] == back
    history = "/Computers/97/CommandHistory?orderBy=Id desc&pageSize=1"
    assert caller.get(history).json[0]["Status"] == back


@pytest.mark.assumed("no source tells what a ComputerId in a command's body is good for")
@pytest.mark.parametrize(("checked", "code"), [(False, 201), (True, 400)])
def test_the_computer_in_the_body_of_a_command(still_with, checked, code):
    caller = still_with(**CALM, command_computer_checked=checked).automate()
    rows = caller.get(QUEUE).json

    answers = [caller.post(QUEUE, json=command(ComputerId=each)) for each in (97, "97", 99, "x")]

    assert [each.status_code for each in answers] == [201, 201, code, code]
    assert all(each.json["ComputerId"] == 97 for each in answers if each.status_code == 201)
    assert len(caller.get(QUEUE).json) == len(rows) + (2 if checked else 4)


@pytest.mark.assumed("automate facts 79: the ids of commands are seen, their levels are not")
def test_the_levels_of_commands(still_with):
    usual = still_with()
    still = still_with(command_levels={"2": 0, "28": 7, "12345": 1, "x": 1})

    for tenant, codes in ((usual, [403, 201]), (still, [201, 403])):
        caller = tenant.user("technician")
        bodies = (command(), {"Command": {"Id": 28}})
        assert [caller.post(QUEUE, json=each).status_code for each in bodies] == codes
    shown = still.automate().get("/Commands?condition=Level=7").json
    assert [(each["Id"], each["Level"]) for each in shown] == [("28", 7)]


@pytest.mark.assumed("nobody recorded what commands and scripts print")
@pytest.mark.parametrize(
    ("quirks", "line", "printed"),
    [
        ({}, "echo {computer} 'x'", "{computer} 'x'"),
        ({}, "ver", "Microsoft Windows [Version "),
        ({}, "ipconfig /all", "ipconfig ended with exit code 0."),
        ({"command_outputs": {"": "{word}: {rest}{nothing} {"}}, "ver /x", "ver: /x{nothing} {"),
        ({"command_outputs": {"ver": "Version 7"}}, "VER", "Version 7"),
        ({"command_outputs": {"ver": "Version 7"}}, "hostname", ""),
    ],
)
def test_what_a_command_prints(still_with, quirks, line, printed):
    still = still_with(**CALM, **quirks)
    path = sent(still.automate(), command(line))
    still.advance(60)

    output = still.automate().get(path).json["Output"]

    assert output.startswith(printed)
    assert bool(output) is bool(printed)


@pytest.mark.assumed("nobody recorded what commands and scripts print")
@pytest.mark.parametrize(
    ("quirks", "printed"),
    [
        ({}, "{s} completed on {c}. OlderThanDays=30 A=1"),
        ({"script_output": "{computer}:{x}"}, "{c}:{x}"),
    ],
)
def test_what_a_script_prints(still_with, quirks, printed):
    still = still_with(**CALM, **quirks)
    caller = still.automate()
    body = {"Parameters": {"A": "1", "OlderThanDays": "30"}}
    run = caller.post("/Computers/97/Scripts/1/Execute", json=body).json
    still.advance(120)

    done = caller.get(f"/Scripts/Executions/{run['ExecutionID']}").json

    names = {"{s}": done["ScriptName"], "{c}": done["ComputerName"]}
    for name, value in names.items():
        printed = printed.replace(name, value)
    assert done["Output"].startswith(printed)


@pytest.mark.assumed("how long commands, scripts and patch jobs take is nowhere told")
@pytest.mark.parametrize(
    ("quirks", "seen"),
    [
        ({}, [("Pending", "Pending"), ("Executing", "Running"), ("Success", "Completed")]),
        (
            {"command_pickup_s": 1, "command_run_s": 60, "script_pickup_s": 30},
            [("Executing", "Pending"), ("Executing", "Pending"), ("Success", "Running")],
        ),
        (
            {"script_pickup_s": 1, "script_run_s": 1, "command_run_s": 1},
            [("Pending", "Completed"), ("Success", "Completed"), ("Success", "Completed")],
        ),
    ],
)
def test_how_long_commands_and_scripts_take(still_with, quirks, seen):
    still = still_with(**CALM, **quirks)
    caller = still.automate()
    path = sent(caller)
    run = caller.post("/Computers/97/Scripts/6/Execute", json={}).json["ExecutionID"]

    told = []
    for seconds in (2, 4, 60):
        still.advance(seconds)
        status = caller.get(f"/Scripts/Executions/{run}").json["Status"]
        told.append((caller.get(path).json["Status"], status))

    assert told == seen


@pytest.mark.assumed("how long an agent that checks in fast, or a patch job, takes is nowhere told")
@pytest.mark.parametrize(
    ("quirks", "status", "running"),
    [({}, "Executing", True), ({"fast_talk_s": 4, "patch_run_s": 1}, "Pending", False)],
)
def test_how_long_fast_talk_and_patch_jobs_take(still_with, quirks, status, running):
    still = still_with(**CALM, **quirks)
    caller = still.automate()
    path = sent(caller, {**command(), "Fastalk": True})
    job = {"EntityType": 1, "EntityId": 97}
    assert caller.post("/PatchActions/DeployAllApproved", json=job).status_code == 204

    still.advance(2)

    assert caller.get(path).json["Status"] == status
    assert caller.get("/Computers/97/PatchingStats").json["PatchJobRunning"] is running


@pytest.mark.assumed("the status of Execute and the numbers of ResultStatus are nowhere told")
@pytest.mark.parametrize(
    ("quirks", "told"),
    [
        ({}, [200, 0, 1, 403]),
        (
            {"execute_status": 202, "batch_success": 2, "batch_failure": 9},
            [202, 2, 9, 403],
        ),
        ({"command_refusal_told": False}, [200, 0, 1, 201]),
    ],
)
def test_statuses_and_numbers(still_with, quirks, told):
    still = still_with(**CALM, **quirks)
    caller = still.automate()
    run = caller.post("/Computers/97/Scripts/6/Execute", json={})
    body = {"EntityType": 1, "EntityIds": [97, 99999], "ScriptId": 6}
    rows = caller.post("/Batch/ScriptExecute", json=body).json["ScriptResults"]

    refused = still.user("technician").post(QUEUE, json={"Command": {"Id": 111}})

    numbers = [row["ResultDetails"]["ResultStatus"] for row in rows]
    assert [run.status_code, *numbers, refused.status_code] == told


@pytest.mark.assumed("automate facts 95: Timeout; after how long is nowhere told")
@pytest.mark.parametrize(
    ("quirks", "status"), [({}, "Running"), ({"script_timeout_s": 90}, "Timeout")]
)
def test_how_long_a_run_is_waited_for(still_with, quirks, status):
    still = still_with(**CALM, **quirks)
    caller = still.automate()
    run = caller.post("/Computers/97/Scripts/6/Execute", json={}).json["ExecutionID"]
    still.advance(10)
    turned(caller, "Offline")

    still.advance(120)

    assert caller.get(f"/Scripts/Executions/{run}").json["Status"] == status


@pytest.mark.assumed("commands and scripts of the worlds never fail by themselves")
@pytest.mark.parametrize(("chance", "status"), [(0, "Success"), (1, "Failed")])
def test_the_chance_that_a_command_fails(still_with, chance, status):
    still = still_with(failure_chance=chance, **CALM)
    path = sent(still.automate())

    still.advance(600)

    assert still.automate().get(path).json["Status"] == status
