"""What bodies say of schedules: kept, changed, refused."""

import pytest
from script_support import FORGIVING, PLAIN, plan, runs_of


def named(number, name):
    return {"ScriptScheduleFrequency": {"ScriptScheduleFrequencyId": number, "Name": name}}


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
