"""What no source tells of schedules is a switch."""

import pytest
from script_support import BATCH, CALM, FORGIVING, PLAIN, executions, flat, schedules


@pytest.fixture
def calm(still_with):
    """Return what makes a tenant whose computers stay where they are."""
    return lambda **quirks: still_with(**CALM, **quirks)


@pytest.mark.assumed("automate facts 86: the numbers of ScheduleType; those of batches are a guess")
def test_the_numbers_of_the_frequencies(calm):
    numbers = {"Once": 0, "Minute": 1, "Daily": 3}
    still = calm(frequencies=numbers)
    vendor = still.automate("observed")

    def planned(frequency):
        body = {**BATCH, "Schedule": {"ScriptScheduleFrequency": frequency}}
        return vendor.post("/Batch/ScriptSchedule", json=body).status_code

    asked = ({"ScriptScheduleFrequencyId": 3}, {"Name": "Minute"}, {"ScriptScheduleFrequencyId": 4})
    assert [planned(each) for each in (*asked, {"Name": "Weekly"})] == [200, 200, 400, 400]
    assert flat(vendor, ScheduleType=4)["ScheduleType"] == 4
    shown = [row["Schedule"]["ScriptScheduleFrequency"] for row in schedules(vendor)]
    daily = {"ScriptScheduleFrequencyId": 3, "Name": "Daily"}
    assert shown == [daily, {"ScriptScheduleFrequencyId": 1, "Name": "Minute"}, daily]


@pytest.mark.assumed("no source tells when a schedule begins that names no start")
@pytest.mark.parametrize(
    ("quirks", "start"),
    [
        ({}, "2026-07-01T12:31:00"),
        ({"schedule_start_s": 3600}, "2026-07-01T13:00:00"),
        ({"schedule_start_s": 0}, "2026-07-01T12:30:30"),
    ],
)
def test_a_schedule_without_a_start(calm, quirks, start):
    still = calm(**quirks)
    still.tenant.admin("POST", "/clock", json={"freeze": True, "now": "2026-07-01T12:30:30Z"})
    vendor = still.automate("observed")

    row = flat(vendor)
    still.advance(3_600)

    assert (row["EffectiveStartDate"], row["NextRun"]) == (start, start)
    assert [each["StartTime"] for each in executions(still.automate())] == [f"{start}Z"]


@pytest.mark.assumed("no source tells what becomes of a schedule that has no run to come")
@pytest.mark.parametrize("kept", [False, True])
def test_a_finished_schedule(calm, kept):
    still = calm(finished_schedules_kept=kept)
    vendor = still.automate("observed")
    one = flat(vendor, ScheduleType=1)["Id"]

    still.advance(600)

    rows = schedules(vendor)
    assert [(row["Occurrences"], "NextRunDate" in row) for row in rows] == [(1, False)] * kept
    code = 200 if kept else 404
    assert vendor.get(f"/Computers/97/ScheduledScripts/{one}").status_code == code
    if kept:
        later = [{"op": "replace", "path": "/Schedule", "value": {}}]
        later += [{"op": "replace", "path": "/Occurrences", "value": 0}]
        assert vendor.patch(f"/Scripting/ScriptSchedules/{one}", json=later).status_code == 200
        still.advance(60)
    assert len(executions(still.automate())) == (2 if kept else 1)


@pytest.mark.assumed("no source tells what becomes of a schedule whose script is deleted")
@pytest.mark.parametrize("outlive", [False, True])
def test_the_schedules_of_a_deleted_script(calm, outlive):
    still = calm(schedules_outlive_scripts=outlive)
    vendor = still.automate("observed")
    flat(vendor, ScheduleType=2)

    vendor.post("/Batch/Scripting/Delete", json={"ScriptIds": [PLAIN]})
    still.advance(600)

    assert len(schedules(vendor)) == outlive
    assert vendor.get(f"/Scripts/{PLAIN}").status_code == 404


@pytest.mark.assumed("automate facts 86: Parameters is a text; nobody tells how it is written")
@pytest.mark.parametrize(
    ("quirks", "text", "given"),
    [
        ({}, "OlderThanDays=7|B=x=y", {"OlderThanDays": "7", "B": "x=y"}),
        ({"flat_parameters": [":", ", "]}, "A:1, OlderThanDays:7", {"A": "1"}),
        ({"flat_parameters": ["", ""]}, "A", {"": "A"}),
    ],
)
def test_the_parameters_of_a_flat_schedule(calm, quirks, text, given):
    vendor = calm(**quirks).automate("observed")

    row = flat(vendor, ScriptId=FORGIVING, Parameters=text)

    nested = {each["Key"]: each["Value"] for each in schedules(vendor, FORGIVING)[0]["Parameters"]}
    assert nested.items() >= given.items()
    assert nested["OlderThanDays"] in {"7", "30"}
    if "" not in quirks.get("flat_parameters", ()):
        assert sorted(row["Parameters"]) == sorted(text)


@pytest.mark.assumed("what a change names of a frequency, its number or its name, decides")
@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("ScriptScheduleFrequencyId", 4, (4, "Daily")),
        ("Name", "Weekly", (5, "Weekly")),
        ("Name", "Often", None),
        ("ScriptScheduleFrequencyId", 99, None),
    ],
)
def test_the_frequency_of_a_schedule_is_changed(calm, path, value, shown):
    vendor = calm().automate("observed")
    one = flat(vendor, ScheduleType=2)
    pointer = f"/Schedule/ScriptScheduleFrequency/{path}"

    answer = vendor.patch(
        f"/Scripting/ScriptSchedules/{one['Id']}",
        json=[{"op": "replace", "path": pointer, "value": value}],
    )

    now = schedules(vendor)[0]["Schedule"]["ScriptScheduleFrequency"]
    assert answer.status_code == (200 if shown else 400)
    number, name = shown or (2, "Minute")
    assert now == {"ScriptScheduleFrequencyId": number, "Name": name}
    row = vendor.get(f"/Computers/97/ScheduledScripts/{one['Id']}").json
    assert row["ScheduleType"] == number


@pytest.mark.assumed("no source tells what a monthly schedule does in months that lack its day")
@pytest.mark.parametrize(
    ("quirks", "days"),
    [
        ({}, ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]),
        ({"short_months": "skipped"}, ["2027-12-31", "2028-01-31", "2028-03-31"]),
    ],
)
def test_a_monthly_schedule_in_short_months(calm, quirks, days):
    still = calm(**quirks)
    still.tenant.admin("POST", "/clock", json={"freeze": True, "now": "2027-12-30T10:00:00Z"})
    settings = {"ScriptScheduleFrequency": {"Name": "Monthly"}, "MonthlySettings": {"Day": 31}}
    body = {**BATCH, "StartDate": "2027-12-31T02:30:00", "Schedule": settings}
    planned = still.automate("observed").post("/Batch/ScriptSchedule", json=body)
    assert planned.json["ContainsUnsuccessfulResults"] is False

    still.advance(100 * 86_400)

    starts = [row["StartTime"] for row in executions(still.automate())]
    assert starts == [f"{day}T02:30:00Z" for day in days]
