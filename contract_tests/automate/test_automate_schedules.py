"""Scripts that run again and again: schedules of both kinds on the world's clock."""

import pytest
from script_support import FORGIVING, PLAIN, plan, runs_of


def frequency(number, **settings):
    return {"ScriptScheduleFrequency": {"ScriptScheduleFrequencyId": number}, **settings}


@pytest.mark.observed(
    "automate facts 84 to 87: recurring schedules; codes of 86; facts 4 and 73: case, digits"
)
@pytest.mark.parametrize(
    ("settings", "days", "times"),
    [
        (frequency(1), 2, 1),
        (frequency(3, HourlySettings={"HourlyInterval": 12}), 2, 5),
        (frequency(4, DailySettings={"RunsAt": "03:00:00", "DailyInterval": 1}), 3, 3),
        (frequency(5, WeeklySettings={"RunsAt": "03:00"}), 15, 2),
        (frequency("3", hourlySettings={"hourlyInterval": 12}), 2, 5),
        ({"scriptScheduleFrequency": {"name": "Daily"}}, 3, 3),
    ],
)
def test_a_schedule_runs_its_script_again_and_again(still, settings, days, times):
    vendor = still.automate("observed")
    before = len(runs_of(vendor))
    plan(vendor, Schedule=settings)

    still.advance(days * 86_400)

    vendor = still.automate("observed")
    assert abs(len(runs_of(vendor)) - before - times) <= (0 if times < 2 else 1)


@pytest.mark.observed("automate facts 86: flat ScheduledScript, Parameters a text")
def test_a_flat_schedule_is_one_of_the_schedules(still):
    vendor = still.automate("observed")
    body = {
        "ScriptId": FORGIVING,
        "ScheduleType": 2,
        "Interval": 15,
        "Parameters": "OlderThanDays=3",
    }

    flat = vendor.post("/Computers/97/ScheduledScripts", json=body)

    assert flat.status_code == 200
    row = flat.json
    assert vendor.get(f"/Computers/97/ScheduledScripts/{row['Id']}").json == row
    assert (row["ScheduleType"], row["Interval"], row["Parameters"]) == (2, 15, "OlderThanDays=3")
    assert row["NextRun"] == row["EffectiveStartDate"]
    path = f"/Scripting/ScriptSchedules?condition=ScheduledScriptId={row['Id']}"
    nested = vendor.get(path).json[0]
    assert nested["Parameters"] == [{"Key": "OlderThanDays", "Value": "3"}]
    before = len(runs_of(vendor, FORGIVING))
    still.advance(46 * 60)
    assert len(runs_of(vendor, FORGIVING)) in {before + 3, before + 4}


@pytest.mark.observed("automate facts 87: GET, PATCH and DELETE of a schedule")
def test_a_schedule_is_disabled_and_deleted(still):
    vendor = still.automate("observed")
    body = {"ScriptId": PLAIN, "ScheduleType": 2, "Interval": 5}
    one = vendor.post("/Computers/97/ScheduledScripts", json=body).json["Id"]
    still.advance(60)
    path = f"/Scripting/ScriptSchedules/{one}"

    off = vendor.patch(path, json=[{"op": "replace", "path": "/IsDisabled", "value": True}])
    before = len(runs_of(vendor))
    still.advance(1800)

    assert off.json["IsDisabled"] is True
    assert "NextRunDate" not in off.json
    assert vendor.get(f"/Computers/97/ScheduledScripts/{one}").json["Disabled"] is True
    assert len(runs_of(vendor)) == before
    assert vendor.delete(path).status_code == 204
    assert vendor.delete(path).status_code == 404
    assert vendor.get(f"/Computers/97/ScheduledScripts/{one}").status_code == 404


@pytest.mark.assumed("what a change leaves out is as if it had never been said")
@pytest.mark.parametrize("name", ["StartDate", "Schedule", "Parameters", "Script", "ScheduledBy"])
def test_a_schedule_that_lost_a_member_does_no_harm(still, name):
    vendor = still.automate("observed")
    one = vendor.post("/Computers/97/ScheduledScripts", json={"ScriptId": PLAIN}).json["Id"]

    changed = vendor.patch(
        f"/Scripting/ScriptSchedules/{one}", json=[{"op": "remove", "path": f"/{name}"}]
    )
    still.advance(86_400)

    assert changed.status_code in {200, 400}
    assert still.automate("observed").get("/Computers/97").status_code == 200


def every(vendor):
    return vendor.get("/Scripting/ScriptSchedules?pageSize=-1").json


@pytest.mark.assumed("no source tells what becomes of schedules whose computer is deleted")
def test_a_schedule_whose_computer_is_gone_goes_when_it_is_due(still):
    vendor = still.automate("observed")
    body = {"ScriptId": PLAIN, "ScheduleType": 2}
    one = vendor.post("/Computers/97/ScheduledScripts", json=body).json["Id"]
    assert vendor.delete("/Computers/97").status_code == 204

    still.advance(120)

    assert one not in {row["ScheduledScriptId"] for row in every(vendor)}


@pytest.mark.assumed("automate facts 95: Timeout; how long a run may take that waited is ours")
def test_a_run_that_waited_is_not_late(still_with):
    still = still_with(outage_chance=0, monitor_failure_chance=0)
    caller, vendor = still.automate(), still.automate("observed")
    away = caller.get("/Computers?condition=Status = 'Offline'&pageSize=1").json[0]["ComputerID"]
    body = {"EntityType": 1, "EntityIds": [away], "ScriptId": PLAIN}
    vendor.post("/Batch/ScriptExecute", json=body)
    path = f"/Computers/{away}/Scripts/Executions"

    def seen(seconds, status=None):
        still.advance(seconds)
        caller = still.automate()
        if status:
            caller.patch(f"/Computers/{away}", json={"Status": status})
        return caller.get(path).json[0]["Status"]

    assert seen(7_200, "Online") == "Pending"
    assert next(each for each in (seen(20) for _ in range(16)) if each != "Pending") == "Running"
    assert seen(0, "Offline") == "Running"
    assert seen(120) == "Running"
    assert seen(3_600) == "Timeout"
