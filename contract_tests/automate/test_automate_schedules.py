"""Scripts that run again and again: schedules of both kinds on the world's clock."""

import pytest

PLAIN, FORGIVING = 6, 1  # no parameter, one with a default


def plan(caller, **members):
    body = {"EntityType": 1, "EntityIds": [97], "ScriptId": PLAIN, **members}
    return caller.post("/Batch/ScriptSchedule", json=body)


def runs_of(caller, script_id=PLAIN):
    path = f"/Computers/97/ScriptHistory?pageSize=200&condition=ScriptId={script_id}"
    return caller.get(path).json


def named(number, name):
    return {"ScriptScheduleFrequency": {"ScriptScheduleFrequencyId": number, "Name": name}}


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


@pytest.mark.observed("automate facts 66 and 87: a schedule is patched; facts 84: its settings")
@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            [
                {
                    "op": "replace",
                    "path": "/schedule/scriptScheduleFrequency/name",
                    "value": "Daily",
                },
                {"op": "add", "path": "/Schedule/DailySettings", "value": {"runsAt": "03:15"}},
            ],
            {**named(4, "Daily"), "DailySettings": {"RunsAt": "03:15"}},
        ),
        (
            {"schedule": {"scriptschedulefrequency": {"ScriptScheduleFrequencyId": "5"}}},
            named(5, "Weekly"),
        ),
        (
            {"Schedule": {"DailySettings": {"DailyInterval": "2"}}},
            {"DailySettings": {"DailyInterval": 2}},
        ),
        ([{"op": "remove", "path": "/Schedule"}], {}),
        ({"Schedule": {"DailySettings": {"RunsAt": "25:99"}}}, None),
        ({"Schedule": {"DailySettings": [1]}}, None),
        ({"Schedule": {"WeeklySettings": {"DaysOfWeekSettings": {"Monday": "soon"}}}}, None),
        ([{"op": "add", "path": "/Schedule/MonthlySettings", "value": {"Day": 2**40}}], None),
    ],
)
def test_the_settings_of_a_schedule_are_changed(still, body, shown):
    vendor = still.automate("observed")
    row = vendor.post("/Computers/97/ScheduledScripts", json={"ScriptId": PLAIN, "ScheduleType": 2})
    path = f"/Scripting/ScriptSchedules/{row.json['Id']}"
    before = next(each for each in every(vendor) if each["ScheduledScriptId"] == row.json["Id"])

    answer = vendor.patch(path, json=body)

    after = next(each for each in every(vendor) if each["ScheduledScriptId"] == row.json["Id"])
    assert answer.status_code == (400 if shown is None else 200)
    if shown is None:
        assert after == before
        assert next(iter(answer.json["ModelState"])).startswith("Schedule")
    else:
        expected = {**before["Schedule"], **shown} if shown else {}
        assert after["Schedule"] == answer.json["Schedule"] == expected


def every(vendor):
    return vendor.get("/Scripting/ScriptSchedules?pageSize=-1").json


@pytest.mark.observed("automate facts 84 and 86: bodies that do not fit their models")
@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"Schedule": {"DailySettings": 5}}, "Schedule.DailySettings"),
        ({"Schedule": {"DailySettings": {"RunsAt": "soon"}}}, "Schedule.DailySettings.RunsAt"),
        (
            {"Schedule": {"WeeklySettings": {"WeeksOfMonthSettings": {"Last": "x"}}}},
            "Schedule.WeeklySettings.WeeksOfMonthSettings.Last",
        ),
        (
            {"OfflineActionFlags": {"SkipsOfflineAgents": "x"}},
            "OfflineActionFlags.SkipsOfflineAgents",
        ),
        ({"DistributionWindow": []}, "DistributionWindow"),
    ],
)
def test_settings_that_do_not_fit_are_refused(still, members, field):
    vendor = still.automate("observed")
    before = every(vendor)

    answer = plan(vendor, **members)

    assert answer.status_code == 400
    assert list(answer.json["ModelState"]) == [field]
    assert every(vendor) == before


@pytest.mark.observed("automate facts 86: the members of a flat schedule")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Interval", "x"),
        ("ScheduleType", 7),
        ("ScheduleType", True),
        ("SkipOffline", "x"),
        ("RepeatType", {}),
        ("Parameters", {"a": "b"}),
        ("Priority", "high"),
        ("NextRun", "soon"),
        ("ExcludeTimeStart", 5),
    ],
)
def test_a_flat_schedule_that_does_not_fit_is_refused(still, name, value):
    vendor = still.automate("observed")
    before = vendor.get("/Computers/97/ScheduledScripts").json
    body = {"ScriptId": PLAIN, "ScheduleType": 2, name: value}

    answer = vendor.post("/Computers/97/ScheduledScripts", json=body)

    assert answer.status_code == 400
    assert vendor.get("/Computers/97/ScheduledScripts").json == before


@pytest.mark.observed("automate facts 86: the members of a flat schedule")
def test_what_only_a_flat_schedule_has_is_kept(still):
    vendor = still.automate("observed")
    own = {"RepeatType": 2, "RepeatAmount": 5, "DisableTimeZone": True, "TimeZoneAdd": 1.5}
    own |= {"EffectiveOccurrences": 9, "Priority": 0, "WakeOffline": True}
    own |= {"ExcludeTimeStart": "00:00", "ExcludeTimeEnd": "23:59:59"}
    body = {"scriptid": PLAIN, "scheduletype": 3, **own}

    row = vendor.post("/Computers/97/ScheduledScripts", json=body).json
    path = f"/Scripting/ScriptSchedules/{row['Id']}"
    vendor.patch(path, json=[{"op": "replace", "path": "/IsDisabled", "value": False}])

    assert row.items() >= own.items()
    assert vendor.get(f"/Computers/97/ScheduledScripts/{row['Id']}").json.items() >= own.items()
    before = len(runs_of(vendor))
    still.advance(23 * 3_600)
    assert len(runs_of(still.automate("observed"))) == before


@pytest.mark.observed("automate facts 4 and 85: bodies bind in any case")
def test_offline_flags_are_spelt_in_any_case(still):
    vendor = still.automate("observed")
    known = {row["ScheduledScriptId"] for row in every(vendor)}

    plan(vendor, offlineActionFlags={"skipsOfflineAgents": True}, distributionWindow={"amount": 3})

    (row,) = (each for each in every(vendor) if each["ScheduledScriptId"] not in known)
    assert row["OfflineActionFlags"]["SkipsOfflineAgents"] is True
    assert row["DistributionWindow"] == {"Amount": 3}


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


@pytest.mark.assumed("issue 5: parameters are checked against the script's declaration")
@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("/Script/ScriptId", FORGIVING, 200),
        ("/Script/ScriptId", 99999, 400),
        ("/Script/ScriptId", 12, 400),  # it needs a parameter
        ("/Parameters", [{"Key": "A", "Value": "b"}], 200),
        ("/ScheduleTarget/Computer/ComputerId", 98, 200),
    ],
)
def test_what_a_schedule_runs_is_changed(still, path, value, code):
    vendor = still.automate("observed")
    one = vendor.post("/Computers/97/ScheduledScripts", json={"ScriptId": PLAIN}).json["Id"]
    before = next(each for each in every(vendor) if each["ScheduledScriptId"] == one)

    answer = vendor.patch(
        f"/Scripting/ScriptSchedules/{one}", json=[{"op": "replace", "path": path, "value": value}]
    )

    after = next(each for each in every(vendor) if each["ScheduledScriptId"] == one)
    assert answer.status_code == code
    if code == 400:
        assert after == before
    else:
        name = vendor.get(f"/Scripts/{after['Script']['ScriptId']}").json["Name"]
        assert after["Script"]["Name"] == name
        assert after["ScheduleTarget"] == before["ScheduleTarget"]
        flat = vendor.get(f"/Computers/97/ScheduledScripts/{one}").json
        assert flat["ScriptId"] == after["Script"]["ScriptId"]
