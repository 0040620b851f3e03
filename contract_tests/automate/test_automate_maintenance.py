"""Maintenance windows and suspended monitors: what they keep quiet, and for how long."""

import pytest

DAY_S, WEEK_S = 86_400, 7 * 86_400
SUSPENSIONS = "/Computers/{0}/MonitorAlertSuspensions"


@pytest.fixture
def failing(make_tenant):
    """Return what makes a tenant, its clock still, in which every monitor fails every day."""

    def make(**quirks):
        tenant = make_tenant(
            automate={"monitor_failure_chance": 1, "outage_chance": 0, **quirks}
        ).unlimited()
        assert tenant.admin("POST", "/clock", json={"freeze": True}).status_code == 200
        return tenant

    return make


def advance(tenant, seconds):
    assert tenant.admin("POST", "/clock", json={"advance": seconds}).status_code == 200


def healthy(caller):
    """Return a monitor that is content, of a computer that is there and not in maintenance."""
    condition = "Status = 'Online' and IsMaintenanceModeEnabled = false"
    there = {row["ComputerID"] for row in every(caller, "Computers", condition)}
    monitors = every(caller, "Monitors", "Status = 'OK' and Name != 'Agent Offline'")
    quiet = {row["MonitorID"] for row in suspended(caller, there)}
    wanted = (m for m in monitors if m["ComputerID"] in there and m["MonitorID"] not in quiet)
    return next(wanted)


def suspended(caller, computers):
    for each in computers:
        for path in ("MonitorAlertSuspensions", "AlertSuspensions/TemplateDiversion"):
            for row in caller.get(f"/Computers/{each}/{path}").json:
                yield {"MonitorID": row["Monitor"]["MonitorId"]}


def every(caller, path, condition):
    answer = caller.get(f"/{path}", params={"pageSize": 1000, "condition": condition})
    assert answer.status_code == 200, answer.text
    return answer.json


def raised(tenant, monitor):
    return len(every(tenant.automate(), "Alerts", f"SourceID = {monitor['MonitorID']}"))


def told(tenant, computer_id, path):
    return tenant.automate("observed").get(f"/Computers/{computer_id}/{path}").json


@pytest.mark.assumed("automate facts 10.1, 94: the lists are known, what they do is ours")
@pytest.mark.parametrize(("minutes", "quiet"), [(0, True), (1, False)])
def test_a_computer_is_quiet_as_long_as_its_maintenance_lasts(failing, minutes, quiet):
    tenant = failing(maintenance_minutes=minutes)
    caller = tenant.automate()
    monitor = healthy(caller)
    computer_id, before = monitor["ComputerID"], raised(tenant, monitor)
    caller.patch(f"/Computers/{computer_id}", json={"IsMaintenanceModeEnabled": True})

    modes = told(tenant, computer_id, "MaintenanceModes")
    windowed = told(tenant, computer_id, "AlertSuspensions/MaintenanceWindow")
    advance(tenant, DAY_S)

    assert [(row["ComputerID"], row["Duration"], row["UserID"]) for row in modes] == [
        (computer_id, minutes, 1)
    ]
    assert monitor["MonitorID"] in {row["Monitor"]["MonitorId"] for row in windowed}
    assert (raised(tenant, monitor) == before) is quiet
    computer = tenant.automate().get(f"/Computers/{computer_id}").json
    assert computer["IsMaintenanceModeEnabled"] is quiet
    assert bool(told(tenant, computer_id, "MaintenanceModes")) is quiet
    assert bool(told(tenant, computer_id, "AlertSuspensions/MaintenanceWindow")) is quiet


@pytest.mark.assumed("taking the flag off ends the maintenance")
def test_maintenance_is_taken_off(failing):
    tenant = failing(maintenance_minutes=60)
    caller, monitor = tenant.automate(), healthy(tenant.automate())
    path = f"/Computers/{monitor['ComputerID']}"
    for flag in (True, False, True):
        patched = caller.patch(path, json={"IsMaintenanceModeEnabled": flag})
        assert patched.json["IsMaintenanceModeEnabled"] is flag
        assert len(told(tenant, monitor["ComputerID"], "MaintenanceModes")) == flag
        advance(tenant, 1_800)

    advance(tenant, 1_799)
    assert tenant.automate().get(path).json["IsMaintenanceModeEnabled"] is True
    advance(tenant, 1)
    assert tenant.automate().get(path).json["IsMaintenanceModeEnabled"] is False


@pytest.mark.assumed("computers that begin in maintenance leave it on the world's clock")
def test_the_maintenance_that_a_world_begins_with_ends(failing):
    tenant = failing(monitor_failure_chance=0)
    observed = tenant.automate("observed")
    modes = observed.get("/Computers/MaintenanceModes").json
    flagged = "/Computers?pageSize=-1&condition=IsMaintenanceModeEnabled = true"

    assert {str(row["ComputerID"]) for row in modes} == {
        row["Id"] for row in observed.get(flagged).json
    }
    advance(tenant, WEEK_S)
    observed = tenant.automate("observed")
    assert observed.get(flagged).json == observed.get("/Computers/MaintenanceModes").json == []


@pytest.mark.assumed(
    "vendor description: a monitor is suspended by its bare id; for how long is ours"
)
@pytest.mark.parametrize(("lasts_s", "quiet"), [(WEEK_S, True), ("none", True), (1, False)])
def test_a_suspended_monitor_is_quiet_for_a_while(failing, lasts_s, quiet):
    tenant = failing(suspension_s=lasts_s)
    monitor = healthy(tenant.automate())
    before = raised(tenant, monitor)
    path = SUSPENSIONS.format(monitor["ComputerID"])

    answer = tenant.automate("observed").post(path, json=monitor["MonitorID"])
    again = tenant.automate("observed").post(path, json=str(monitor["MonitorID"]))
    advance(tenant, DAY_S)

    assert (answer.status_code, again.status_code) == (200, 200)
    assert answer.json["ComputerId"] == monitor["ComputerID"]
    assert answer.json["Monitor"]["MonitorId"] == monitor["MonitorID"]
    rows = told(tenant, monitor["ComputerID"], "MonitorAlertSuspensions")
    assert [row["Id"] for row in rows] == ([again.json["Id"]] if quiet else [])
    assert (raised(tenant, monitor) == before) is quiet


@pytest.mark.assumed("a body that names no monitor of the computer is refused")
@pytest.mark.parametrize("body", ["x", None, -1, 10**30, True, {"MonitorId": 1}, [1], 999_999])
def test_what_cannot_be_suspended_is_a_400(automate_observed, body):
    before = automate_observed.get(SUSPENSIONS.format(98)).json

    answer = automate_observed.post(SUSPENSIONS.format(98), json=body)

    assert answer.status_code == 400, answer.text
    assert automate_observed.get(SUSPENSIONS.format(98)).json == before
    assert automate_observed.post(SUSPENSIONS.format(99_999), json=1).status_code == 404


@pytest.mark.assumed("ours: what failed meanwhile and fails still is told when the quiet ends")
@pytest.mark.parametrize("late", [True, False])
def test_what_failed_during_maintenance_is_told_afterwards(failing, late):
    tenant = failing(maintenance_minutes=5, late_alerts=late, monitor_failure_chance=0)
    caller = tenant.automate()
    monitor = healthy(caller)
    before = raised(tenant, monitor)
    path = f"/Computers/{monitor['ComputerID']}"
    assert caller.patch(path, json={"IsMaintenanceModeEnabled": True}).status_code == 200
    failed = caller.patch(f"/Monitors/{monitor['MonitorID']}", json={"Status": "Error"})
    assert failed.status_code == 200, failed.text

    advance(tenant, 301)

    assert raised(tenant, monitor) - before == int(late)


@pytest.mark.assumed("automate facts 10.1 has MonitorHistory/{id}: what writes it is ours")
def test_what_a_monitor_did_is_in_its_history(failing):
    tenant = failing()
    monitor = healthy(tenant.automate())
    path = f"/MonitorHistory/{monitor['MonitorID']}?orderBy=Timestamp&pageSize=-1"
    before = len(tenant.automate("observed").get(path).json)

    advance(tenant, 2 * 86_400)

    lines = tenant.automate("observed").get(path).json[before:]
    states = [line["State"]["Name"] for line in lines]
    assert states[0] != "Success"
    assert states[1] == "Success"
    assert all(line["ComputerId"] == monitor["ComputerID"] for line in lines)
