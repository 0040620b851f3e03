"""Computers that report in, go away and come back; monitors that fail; alerts that tell of it."""

from datetime import UTC, datetime, timedelta

import pytest

DAY_S = 86_400


def states(caller):
    rows = caller.get("/Computers?pageSize=1000").json
    return {row["ComputerID"]: row["Status"] for row in rows}


def now_of(still):
    return datetime.fromisoformat(still.tenant.admin("GET", "/clock").json["now"])


@pytest.mark.assumed("an agent that is online has reported in within the last minutes")
def test_online_computers_have_reported_in_lately_whenever_one_looks(still):
    for step in (0, 3_600, 10 * DAY_S):
        still.advance(step)
        rows = still.automate().get("/Computers?condition=Status = 'Online'&pageSize=1000").json
        now = now_of(still)

        late = [
            row["ComputerID"]
            for row in rows
            if not timedelta()
            <= now - datetime.fromisoformat(row["LastContact"])
            < timedelta(minutes=11)
        ]
        assert late == []


@pytest.mark.assumed("an agent reports what its own tenant knows of its computer")
def test_tenants_of_one_world_hear_the_reports_of_their_own_computers(make_tenant):
    kept, renamed = make_tenant().unlimited(), make_tenant().unlimited()
    late = make_tenant(automate={"heartbeat_s": 3_600}).unlimited()
    now = kept.admin("POST", "/clock", json={"freeze": True}).json["now"]
    for each in (renamed, late):
        moved = each.admin("POST", "/clock", json={"freeze": True, "now": now})
        assert moved.status_code == 200, moved.text
    patched = renamed.automate().patch("/Computers/97", json={"Comment": "of one tenant"})
    assert patched.status_code == 200
    told, oldest = [], []
    for each in (kept, renamed, late):
        assert each.admin("POST", "/clock", json={"advance": DAY_S}).status_code == 200
        caller = each.automate()
        told.append(caller.get("/Computers/97").json.get("Comment"))
        rows = caller.get("/Computers?condition=Status = 'Online'&pageSize=1000").json
        oldest.append(min(row["LastContact"] for row in rows))

    assert [comment == "of one tenant" for comment in told] == [False, True, False]
    # Of one computer both may be the same, as its reports may coincide.
    assert oldest[0] == oldest[1] > oldest[2]


@pytest.mark.assumed("conditions see the last report as it is shown")
def test_last_reports_can_be_filtered(still):
    still.advance(5 * DAY_S)
    since = (now_of(still) - timedelta(minutes=11)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    caller = still.automate()

    recent = caller.get(f"/Computers?condition=LastContact >= '{since}'&pageSize=1000").json

    online = [each for each, status in states(caller).items() if status in {"Online", "Degraded"}]
    assert {row["ComputerID"] for row in recent} >= set(online)


@pytest.mark.assumed("issue 5: computers go offline and come back on the world's clock")
def test_some_computers_go_away_and_some_come_back(still):
    before = states(still.automate())
    still.advance(3 * DAY_S)
    after = states(still.automate())

    changes = [(before[each], after[each]) for each in before if before[each] != after[each]]
    others = [each for each, status in before.items() if status in {"Degraded", "Unknown"}]
    assert set(changes) == {("Online", "Offline"), ("Offline", "Online")}
    assert all(after[each] == before[each] for each in others)
    assert changes.count(("Online", "Offline")) < len(before) / 10


@pytest.mark.assumed("issue 5: an alert is raised by a computer that goes offline")
def test_a_computer_that_goes_away_raises_an_alert_that_clears_when_it_is_back(still):
    still.advance(3 * DAY_S)
    caller = still.automate()
    path = "/Alerts?condition=SourceName = 'Agent Offline' and AlertID > 330&pageSize=1000"

    alerts = caller.get(path).json

    assert {alert["Status"] for alert in alerts} >= {"New", "Cleared"}
    now = states(caller)
    for alert in alerts:
        assert alert["Category"] == "Availability"
        if alert["Status"] == "New":
            assert now[alert["ComputerID"]] == "Offline"
    shown = still.automate("observed").get(f"/Alerts/{alerts[-1]['AlertID']}").json
    assert shown["Computer"]["ComputerStatus"] == now[alerts[-1]["ComputerID"]]


@pytest.mark.assumed("issue 5: alerts raised by monitors on the world's clock")
def test_a_monitor_that_fails_raises_an_alert_and_recovers(still):
    still.advance(2 * DAY_S)
    caller = still.automate()
    raised = caller.get("/Alerts?condition=Source = 'Monitor' and AlertID > 330&pageSize=1000").json
    about = {alert["SourceID"] for alert in raised if alert["SourceName"] != "Agent Offline"}

    assert about
    for monitor_id in about:
        monitor = caller.get(f"/Monitors/{monitor_id}").json
        still_open = [
            alert
            for alert in raised
            if alert["SourceID"] == monitor_id and alert["Status"] == "New"
        ]
        assert bool(still_open) == (monitor["Status"] != "OK")


@pytest.mark.assumed("the same seed lives the same days, in one jump or in many steps")
def test_many_steps_lead_where_one_leads(make_tenant):
    ends = []
    for steps in ((2 * DAY_S,), (DAY_S // 2,) * 4):
        tenant = make_tenant().unlimited()
        tenant.admin("POST", "/clock", json={"freeze": True})
        for step in steps:
            tenant.automate().get("/Scripts/1")
            tenant.admin("POST", "/clock", json={"advance": step})
        ends.append(states(tenant.automate()))

    assert ends[0] == ends[1]


@pytest.mark.documented("interface 6: a reset brings everything back to how it started")
def test_a_reset_and_a_snapshot_bring_the_fleet_back(still):
    admin = still.tenant.admin
    before = states(still.automate())
    kept = admin("POST", "/snapshots").json["id"]
    still.advance(5 * DAY_S)
    away = states(still.automate())

    admin("POST", f"/snapshots/{kept}/restore")
    restored = states(still.automate())
    still.advance(5 * DAY_S)
    again = states(still.automate())
    admin("POST", "/reset")

    assert away != before
    assert restored == before
    assert again == away
    assert states(still.tenant.unlimited().automate()) == before
