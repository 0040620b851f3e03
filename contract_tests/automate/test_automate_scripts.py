"""Scripts that run on the world's clock: the seed's way and the vendor's, one store behind both."""

import pytest

NEEDY, PLAIN, FORGIVING = 12, 6, 1  # one required parameter, none, one with a default


def offline_computer(caller):
    return caller.get("/Computers?condition=Status = 'Offline'&pageSize=1").json[0]["ComputerID"]


def run(caller, computer_id=97, script_id=FORGIVING, **parameters):
    path = f"/Computers/{computer_id}/Scripts/{script_id}/Execute"
    return caller.post(path, json={"Parameters": parameters})


def batch(caller, kind, **members):
    body = {"EntityType": 1, "EntityIds": [97], "ScriptId": PLAIN, **members}
    return caller.post(f"/Batch/{kind}", json=body)


def runs_of(caller, script_id=PLAIN, computer_id=97):
    path = f"/Computers/{computer_id}/ScriptHistory?pageSize=200&condition=ScriptId={script_id}"
    return caller.get(path).json


# -- the seed's way -------------------------------------------------------------------------------


@pytest.mark.documented("seed 000, runScript; automate facts 95: the five members")
def test_a_script_that_is_executed_is_pending_with_an_id(still):
    answer = run(still.automate())

    assert answer.status_code == 200
    assert list(answer.json) == ["ExecutionID", "Status", "ComputerID", "ScriptID", "StartTime"]
    assert (answer.json["Status"], answer.json["ComputerID"], answer.json["ScriptID"]) == (
        "Pending",
        97,
        FORGIVING,
    )
    assert answer.json["StartTime"].endswith("Z")


@pytest.mark.documented("automate facts 95: Pending, Running, Completed with its results")
def test_an_execution_runs_and_completes(still):
    caller = still.automate()
    path = f"/Scripts/Executions/{run(caller, OlderThanDays='30').json['ExecutionID']}"

    pending = caller.get(path).json
    still.advance(30)
    running = caller.get(path).json
    still.advance(60)
    done = caller.get(path).json

    assert (pending["Status"], running["Status"], done["Status"]) == (
        "Pending",
        "Running",
        "Completed",
    )
    assert running["Duration"] == 30
    assert "EndTime" not in running
    assert (done["ExitCode"], done["ErrorOutput"]) == (0, "")
    assert done["Duration"] == 65
    assert done["StartTime"] < done["EndTime"]
    assert "OlderThanDays=30" in done["Output"]
    assert done["Parameters"] == {"OlderThanDays": "30"}


@pytest.mark.documented("automate facts 95: 400, these words")
def test_an_offline_computer_runs_nothing(still):
    caller = still.automate()

    answer = run(caller, offline_computer(caller))

    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "BadRequest"
    assert answer.json["error"]["message"] == "Cannot execute script on offline computer"


@pytest.mark.documented("automate facts 95: POST /Scripts/{s}/Execute {ComputerIDs} -> Executions")
def test_a_script_is_executed_on_many_computers(still):
    caller = still.automate()
    away = offline_computer(caller)

    answer = caller.post(f"/Scripts/{PLAIN}/Execute", json={"ComputerIDs": [97, away, 97]})

    rows = answer.json["Executions"]
    assert [(row["ComputerID"], row["Status"]) for row in rows] == [
        (97, "Pending"),
        (away, "Failed"),
    ]
    failed = caller.get(f"/Scripts/Executions/{rows[1]['ExecutionID']}").json
    assert failed["ErrorOutput"] == "Cannot execute script on offline computer"


@pytest.mark.documented("seed family, errors: 404 and 400")
@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/Computers/99999/Scripts/1/Execute", {}, 404),
        ("/Computers/97/Scripts/99999/Execute", {}, 404),
        (f"/Computers/97/Scripts/{NEEDY}/Execute", {}, 400),
        (f"/Computers/97/Scripts/{NEEDY}/Execute", {"Parameters": {"ApplicationName": ""}}, 400),
        (f"/Computers/97/Scripts/{NEEDY}/Execute", {"Parameters": [1]}, 400),
        (f"/Computers/97/Scripts/{NEEDY}/Execute", {"Parameters": {"ApplicationName": {}}}, 400),
        ("/Computers/97/Scripts/1/Execute", {"Parameters": {"OlderThanDays": "soon"}}, 400),
        ("/Computers/97/Scripts/18/Execute", {"Parameters": {"Reboot": "perhaps"}}, 400),
        ("/Computers/97/Scripts/1/Execute", [], 400),
        ("/Scripts/6/Execute", {}, 400),
        ("/Scripts/6/Execute", {"ComputerIDs": []}, 400),
        ("/Scripts/6/Execute", {"ComputerIDs": ["x"]}, 400),
        ("/Scripts/6/Execute", {"ComputerIDs": [97, 99999]}, 404),
        ("/Scripts/Executions/424242/Cancel", {}, 404),
    ],
)
def test_what_cannot_be_run_is_refused_and_nothing_is_started(automate, path, body, status):
    answer = automate.post(path, json=body)

    assert answer.status_code == status
    assert automate.get("/Computers/97/Scripts/Executions").json == []


@pytest.mark.documented("seed family: execution history of a computer and of a script")
def test_executions_are_listed_by_computer_and_by_script(still):
    caller = still.automate()
    mine = run(caller).json["ExecutionID"]
    run(caller, script_id=PLAIN)

    of_script = caller.get(f"/Scripts/{FORGIVING}/Executions?pageSize=50")
    of_computer = caller.get("/Computers/97/Scripts/Executions?condition=Status = 'Pending'")

    assert [row["ExecutionID"] for row in of_script.json] == [mine]
    assert of_computer.headers["X-Total-Count"] == "2"
    assert caller.get("/Computers/99999/Scripts/Executions").status_code == 404


@pytest.mark.assumed("automate facts 95 has the status Cancelled, no operation that leads to it")
def test_a_run_is_cancelled_once(still):
    caller = still.automate()
    path = f"/Scripts/Executions/{run(caller).json['ExecutionID']}"
    still.advance(10)

    stopped, again = caller.post(f"{path}/Cancel"), caller.post(f"{path}/Cancel")
    still.advance(600)

    assert stopped.json["Status"] == "Cancelled"
    assert again.status_code == 400
    assert caller.get(path).json["Status"] == "Cancelled"


@pytest.mark.observed("automate facts 88: no vendor description has them")
@pytest.mark.parametrize("path", ["/Computers/97/Scripts/1/Execute", "/Scripts/1/Execute"])
def test_the_observed_api_has_no_execute(automate_observed, path):
    assert automate_observed.post(path, json={"ComputerIDs": [97]}).status_code == 404


# -- the vendor's way -----------------------------------------------------------------------------


@pytest.mark.observed("automate facts 84: the answer, without any id of a run")
@pytest.mark.parametrize("kind", ["ScriptExecute", "ScriptSchedule"])
@pytest.mark.parametrize("entity", [{"EntityType": 1}, {"EntityType": "Computer"}])
def test_a_batch_call_answers_a_result_for_each_entity(automate_observed, kind, entity):
    answer = batch(automate_observed, kind, EntityIds=["97"], **entity)

    assert answer.json == {
        "ScriptResults": [
            {"EntityId": 97, "ResultDetails": {"ResultStatus": 0, "ReasonCode": 0, "Message": ""}}
        ],
        "ContainsUnsuccessfulResults": False,
    }


@pytest.mark.observed(
    "automate facts 87: RunningScripts, then ScriptHistory; Scripting/RunningScripts"
)
def test_a_batch_run_is_seen_running_and_then_in_the_history(still):
    caller = still.automate("observed")
    before = len(runs_of(caller))
    batch(caller, "ScriptExecute")
    still.advance(20)

    running = caller.get(f"/Computers/97/RunningScripts?condition=ScriptId={PLAIN}").json
    fleet = caller.get(f"/Scripting/RunningScripts?condition=Script.ScriptId={PLAIN}").json
    still.advance(120)

    assert [row["Status"] for row in running] == ["Running"]
    assert fleet[-1]["State"]["Name"] == "Running"
    assert fleet[-1]["Target"]["Computer"]["ComputerId"] == 97
    assert caller.get(f"/Computers/97/RunningScripts?condition=ScriptId={PLAIN}").json == []
    rows = runs_of(caller)
    assert len(rows) == before + 1
    assert (rows[-1]["Status"], rows[-1]["State"]) == ("Completed", "Success")


@pytest.mark.assumed("automate facts C18: one run store behind both dialects")
def test_what_one_dialect_started_the_other_shows(still):
    seeds, vendor = still.automate(), still.automate("observed")
    run_id = run(seeds, script_id=PLAIN).json["ExecutionID"]
    batch(vendor, "ScriptExecute")

    assert run_id in [row["Id"] for row in runs_of(vendor)]
    executions = seeds.get("/Computers/97/Scripts/Executions").json
    assert [row["ScriptID"] for row in executions] == [PLAIN, PLAIN]
    assert {row["ExecutionID"] for row in executions} <= {row["Id"] for row in runs_of(vendor)}


@pytest.mark.observed("automate facts 70 and 71: what fails is told per entity")
@pytest.mark.parametrize(
    "members",
    [
        {"EntityIds": [99999]},
        {"ScriptId": 99999},
        {"ScriptId": NEEDY},
        {"EntityType": "Search", "EntityIds": [1]},
        {"Parameters": [{"Key": 1}]},
    ],
)
def test_a_batch_call_tells_what_it_could_not_do(automate_observed, members):
    answer = batch(automate_observed, "ScriptExecute", **members)

    assert answer.status_code == 200
    assert answer.json["ContainsUnsuccessfulResults"] is True
    assert answer.json["ScriptResults"][0]["ResultDetails"]["Message"]


@pytest.mark.observed("automate facts 60: ModelState for a body that does not fit")
@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"EntityType": 99}, "EntityType"),
        ({"EntityType": "Toaster"}, "EntityType"),
        ({"EntityType": None}, "EntityType"),
        ({"EntityType": True}, "EntityType"),
        ({"EntityIds": 97}, "EntityIds"),
        ({"EntityIds": []}, "EntityIds"),
        ({"EntityIds": [None]}, "EntityIds"),
        ({"ScriptId": None}, "ScriptId"),
        ({"Schedule": 1}, "Schedule"),
        ({"Schedule": {"ScriptScheduleFrequency": 4}}, "Schedule.ScriptScheduleFrequency"),
        (
            {"Schedule": {"ScriptScheduleFrequency": {"Name": "Often"}}},
            "Schedule.ScriptScheduleFrequency",
        ),
        ({"Priority": "high"}, "Priority"),
        ({"UseAgentTime": "yes"}, "UseAgentTime"),
        ({"IncludeSubGroups": 1}, "IncludeSubGroups"),
        ({"OfflineActionFlags": [1]}, "OfflineActionFlags"),
        ({"StartDate": "soon"}, "StartDate"),
        ({"StartDate": "9999-12-31T23:59:59"}, "StartDate"),
        ({"ExpireDate": 5}, "ExpireDate"),
    ],
)
def test_a_batch_body_that_does_not_fit_is_refused(automate_observed, members, field):
    answer = batch(automate_observed, "ScriptSchedule", **members)

    assert answer.status_code == 400
    assert list(answer.json["ModelState"]) == [field]


@pytest.mark.observed("automate facts 85: SkipsOfflineAgents, OnlyRunsOnOfflineAgents, Wakes…")
@pytest.mark.parametrize(
    ("flags", "reached"),
    [
        ({}, {True, False}),
        ({"SkipsOfflineAgents": True}, {True}),
        ({"OnlyRunsOnOfflineAgents": True}, {False}),
    ],
)
def test_the_offline_flags_choose_the_computers_of_a_client(still, flags, reached):
    vendor, seeds = still.automate("observed"), still.automate()
    batch(vendor, "ScriptExecute", EntityType="Company", EntityIds=[100], OfflineActionFlags=flags)

    computers = seeds.get("/Clients/100/Computers?pageSize=1000").json
    online = {row["ComputerID"]: row["Status"] in {"Online", "Degraded"} for row in computers}
    rows = seeds.get(f"/Scripts/{PLAIN}/Executions?pageSize=1000").json
    assert {row["ComputerID"] for row in rows} == {
        each for each, up in online.items() if up in reached
    }


@pytest.mark.observed("automate facts 85: a woken computer comes online and runs what waited")
def test_a_woken_computer_runs_what_waited_for_it(still):
    seeds, vendor = still.automate(), still.automate("observed")
    away = offline_computer(seeds)
    batch(
        vendor, "ScriptExecute", EntityIds=[away], OfflineActionFlags={"WakesOfflineAgents": True}
    )
    path = f"/Computers/{away}/Scripts/Executions"
    assert seeds.get(path).json[0]["Status"] == "Pending"

    still.advance(900)

    assert seeds.get(path).json[0]["Status"] == "Completed"
