"""Commands to a computer's agent, carried out on the world's clock."""

import pytest

PROCESS = {"Command": {"Id": 2}, "Parameters": ['cmd.exe!!! /c "echo hello"']}
QUEUE = "/Computers/97/CommandExecute"


def some_computer(caller, status):
    rows = caller.get(f"/Computers?condition=Status = '{status}'&pageSize=1").json
    return rows[0].get("ComputerID") or int(rows[0]["Id"])


def sent(caller, computer_id, body):
    answer = caller.post(f"/Computers/{computer_id}/CommandExecute", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.observed("automate facts 73 and 79: Command.Id as number or text; 90, 91: ids")
@pytest.mark.parametrize("command_id", [2, "2"])
def test_a_command_is_queued_with_what_the_catalogue_says_of_it(still, command_id):
    caller = still.automate("observed")

    row = sent(caller, 97, {**PROCESS, "ComputerId": 97, "Command": {"Id": command_id}})

    assert isinstance(row["Id"], int)
    assert row["ComputerId"] == 97
    assert row["Command"]["Id"] == "2"
    assert row["Command"] == caller.get("/Commands/2").json
    assert row["Parameters"] == PROCESS["Parameters"]
    assert (row["Status"], row["Output"]) == ("Pending", "")


@pytest.mark.observed("automate facts 74 and 75: polled by ids or by id until Success")
def test_a_command_ends_in_success_with_its_output(still):
    caller = still.automate("observed")
    row = sent(caller, 97, PROCESS)
    path = "/Computers/97/CommandExecute"

    seen = []
    for _ in range(4):
        polled = caller.get(f"{path}?ids={row['Id']}").json[0]
        assert polled == caller.get(f"{path}/{row['Id']}").json
        seen.append((polled["Status"], polled["Output"]))
        still.advance(5)

    assert seen == [("Pending", ""), ("Executing", ""), ("Executing", ""), ("Success", "hello")]


@pytest.mark.observed("automate facts 77: a command for an offline computer just stays queued")
def test_a_command_waits_for_an_offline_computer(still):
    caller = still.automate("observed")
    computer_id = some_computer(caller, "Offline")

    row = sent(caller, computer_id, PROCESS)
    still.advance(1800)

    path = f"/Computers/{computer_id}/CommandExecute/{row['Id']}"
    assert caller.get(path).json["Status"] == "Pending"


@pytest.mark.observed("automate facts 78: accepted, but terminates at once")
@pytest.mark.parametrize("body", [{"Command": "ipconfig"}, "ipconfig"])
def test_a_flat_command_terminates_at_once(still, body):
    row = sent(still.automate("observed"), 97, body)

    assert (row["Status"], row["Command"]["Name"]) == ("Terminated", "ipconfig")


@pytest.mark.observed("automate facts 76: the output may be the literal ERR")
def test_a_process_without_a_program_fails(still):
    caller = still.automate("observed")
    row = sent(caller, 97, {"Command": {"Id": 2}})
    still.advance(60)

    done = caller.get(f"/Computers/97/CommandExecute/{row['Id']}").json
    assert (done["Status"], done["Output"]) == ("Failed", "ERR")


@pytest.mark.observed("automate facts 81: a bare integer, looked up in CommandHistory")
@pytest.mark.parametrize(("shell", "program"), [(False, "cmd.exe!!!"), (True, "powershell.exe!!!")])
def test_a_prompt_answers_a_bare_command_id(still, shell, program):
    caller = still.automate("observed")
    body = {"CommandText": "hostname", "Directory": "C:\\", "UsePowerShell": shell}

    command_id = caller.post("/Computers/97/CommandPrompt", json=body).json
    still.advance(60)

    assert isinstance(command_id, int)
    rows = caller.get(f"/Computers/97/CommandHistory?condition=id eq {command_id}").json
    name = caller.get("/Computers/97").json["ComputerName"]
    assert [(row["Status"], row["Output"]) for row in rows] == [("Success", name)]
    assert rows[0]["Parameters"].startswith(program)


@pytest.mark.assumed("automate facts 81: the members of a prompt; what else they may be is unknown")
@pytest.mark.parametrize("name", ["CommandText", "UsePowerShell"])
def test_a_prompt_that_does_not_fit_is_refused(still, name):
    caller = still.automate("observed")
    before = caller.get("/Computers/97/CommandHistory").json
    body = {"CommandText": "hostname", "UsePowerShell": True, name: [1]}

    answer = caller.post("/Computers/97/CommandPrompt", json=body)

    assert (answer.status_code, list(answer.json["ModelState"])) == (400, [name])
    assert caller.get("/Computers/97/CommandHistory").json == before


@pytest.mark.observed("automate facts 82: Command and Parameters are texts in the history")
def test_the_history_tells_a_command_in_another_shape(still):
    caller = still.automate("observed")
    row = sent(caller, 97, PROCESS)
    still.advance(60)

    line = caller.get(f"/Computers/97/CommandHistory?condition=Id={row['Id']}").json[0]

    assert (line["Command"], line["CommandId"]) == ("Execute Process", 2)
    assert line["Parameters"] == PROCESS["Parameters"][0]
    assert line["User"].startswith("integrator")
    assert line["DateExecuted"] < line["DateFinished"]


@pytest.mark.observed("automate facts 79: command 35 with parameter 1 turns FasTalk on")
def test_fast_talk_makes_an_agent_pick_up_sooner(still):
    caller = still.automate("observed")
    sent(caller, 97, {"Command": {"Id": 35}, "Parameters": [1]})
    still.advance(60)
    assert caller.get("/Computers/97").json["IsFasTalk"] is True

    row = sent(caller, 97, PROCESS)
    still.advance(1)

    assert row["Fastalk"] is True
    assert caller.get(f"/Computers/97/CommandExecute/{row['Id']}").json["Status"] == "Executing"


@pytest.mark.observed("automate facts 79: 123 resends the inventory, 28 scans services")
def test_inventory_commands_renew_what_they_send(still):
    caller = still.automate("observed")
    before = caller.get("/Computers/97").json["LastInventoryReceived"]
    sent(caller, 97, {"Command": {"Id": 123}})
    still.advance(60)

    assert caller.get("/Computers/97").json["LastInventoryReceived"] > before


@pytest.mark.assumed("automate facts 79 and 83: the level is checked; seed 000: 403")
def test_a_command_above_the_users_level_is_refused_or_ends_quietly(still):
    body = {"Command": {"Id": 111}}
    told = still.user("technician").post(QUEUE, json=body)
    quiet = still.user("technician", "observed").post(QUEUE, json=body)

    assert told.status_code == 403
    assert told.json["error"]["code"] == "Forbidden"
    assert (quiet.status_code, quiet.json["Status"]) == (200, "Terminated")


@pytest.mark.documented("seed 000: 400, 403, 404")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "Command/Id"),
        ({"Command": {"Id": None}}, "Command/Id"),
        ({"Command": {"Id": True}}, "Command/Id"),
        ({"Command": {"Id": -2}}, "Command/Id"),
        ({"Command": {"Id": 2**70}}, "Command/Id"),
        ({"Command": {"Id": 12345}}, "Command/Id"),
        ({"Command": {"Id": 2}, "Parameters": {"a": 1}}, "Parameters"),
        ({"Command": {"Id": 2}, "Parameters": [None]}, "Parameters"),
        ({"Command": {"Id": 2}, "Fastalk": "soon"}, "Fastalk"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused(automate, body, field):
    before = automate.get("/Computers/97/CommandExecute?pageSize=1").headers["X-Total-Count"]

    answer = automate.post("/Computers/97/CommandExecute", json=body)

    assert answer.status_code == 400
    assert answer.json["error"]["details"]["field"] == field
    after = automate.get("/Computers/97/CommandExecute?pageSize=1").headers["X-Total-Count"]
    assert after == before


@pytest.mark.documented("seed 000: 404 for what is not there, 403 without the right to write")
def test_a_command_needs_a_computer_and_the_right_to_write(still):
    assert still.automate().post("/Computers/99999/CommandExecute", json=PROCESS).status_code == 404
    assert still.user("readonly").post(QUEUE, json=PROCESS).status_code == 403


@pytest.mark.assumed("the description has a model of a process, no source has the path")
def test_the_processes_of_a_computer_and_the_end_of_one(still):
    vendor, path = still.automate("observed"), "/Computers/97/Processes"
    rows = vendor.get(path).json
    assert all(row.keys() == {"Id", "Name"} for row in rows)
    assert {"LTSVC.exe", "svchost.exe"} <= {row["Name"] for row in rows}
    (one,) = vendor.get(f"{path}?condition=Name='spoolsv.exe'").json
    elsewhere = vendor.get("/Computers/99/Processes").json[0]["Id"]

    for process_id, status in ((one["Id"], "Success"), (elsewhere, "Failed"), ("x", "Failed")):
        body = {"Command": {"Id": "17"}, "Parameters": [process_id]}
        sent = vendor.post("/Computers/97/CommandExecute", json=body).json["Id"]
        still.advance(60)
        assert vendor.get(f"/Computers/97/CommandExecute/{sent}").json["Status"] == status

    assert [row["Id"] for row in vendor.get(path).json] == [row["Id"] for row in rows if row != one]
    assert vendor.get("/Computers/99/Processes").json[0]["Id"] == elsewhere
    assert still.automate().get(path).json == vendor.get(path).json
    assert vendor.get("/Computers/99999/Processes").status_code == 404
