"""What no source tells of monitors and of missing paths is a switch."""

import pytest

CALM = {"outage_chance": 0, "monitor_failure_chance": 0}


DAY_S = 86_400


def every(caller, path):
    answer = caller.get(f"{path}{'&' if '?' in path else '?'}pageSize=1000")
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.assumed("automate facts 10.1: the list of a monitor's history, not what fills it")
@pytest.mark.parametrize("told", [False, True])
def test_the_history_of_a_monitor_that_a_request_changes(still_with, told):
    still = still_with(**CALM, monitor_changes_told=told)
    caller, vendor = still.automate(), still.automate("observed")
    before = every(vendor, "/MonitorHistory/1")

    for status in ("OK", "OK", "Warning"):
        assert caller.patch("/Monitors/1", json={"Status": status}).status_code == 200
    assert caller.patch("/Monitors/1", json={"Category": "Disks"}).status_code == 200

    rows = every(vendor, "/MonitorHistory/1")
    lines = [row["State"]["Name"] for row in rows[len(before) :]]
    assert lines == ["Success", "Warning"] * told


@pytest.mark.assumed("one monitor behind both dialects: what one changes the other shows")
def test_a_monitor_is_one_in_both_dialects(still_with):
    still = still_with(**CALM)
    caller, vendor = still.automate(), still.automate("observed")

    def shown(computer_id=97):
        rows = vendor.get(f"/Computers/{computer_id}/Monitors").json
        return {row["MonitorId"]: (row["Name"], row.get("State")) for row in rows}

    made = caller.post("/Computers/97/Monitors", json={"Name": "Heat"}).json["MonitorID"]
    assert shown()[made] == ("Heat", "OK")
    assert caller.patch(f"/Monitors/{made}", json={"Status": "Error", "Name": "Fire"}).json
    assert shown()[made] == ("Fire", "Error")
    moved = caller.patch(f"/Monitors/{made}", json={"ComputerID": 98})
    assert moved.status_code == 200, moved.text
    assert made not in shown()
    assert shown(98)[made] == ("Fire", "Error")
    assert caller.delete(f"/Monitors/{made}").status_code == 204
    assert made not in shown(98)
    assert shown().keys() == {row["MonitorID"] for row in every(caller, "/Computers/97/Monitors")}


@pytest.mark.assumed("automate facts 88 and 89: the seed family's paths, which nobody saw live")
@pytest.mark.parametrize(("there", "codes"), [(False, [404, 404, 405, 404]), (True, [200] * 4)])
def test_the_paths_of_the_seed_family(still_with, there, codes):
    still = still_with(**CALM, seed_routes=there)
    caller = still.automate("observed")
    alert_id = caller.get("/Alerts?pageSize=1").json[0]["AlertId"]
    body = {"AlertIDs": [alert_id]}

    answers = [
        caller.post(f"/Alerts/{alert_id}/Notes", json={"Note": "x"}),
        caller.get("/Monitors/Templates"),
        caller.post("/Alerts/BulkAcknowledge", json=body),
        caller.post("/Computers/97/Scripts/6/Execute", json={}),
    ]

    assert [each.status_code for each in answers] == codes
    assert still.automate().get("/Monitors/Templates").status_code == (200 if there else 404)


@pytest.mark.assumed("which paths a server has depends on its version (automate facts 1 and 7)")
def test_paths_that_a_server_does_not_have(still_with):
    absent = ["/Computers/{x}/Processes", "/scripts/executions/{}/cancel", "/Computers"]
    still = still_with(**CALM, absent_routes=absent)
    caller, usual = still.automate(), still_with(**CALM).automate()
    run = caller.post("/Computers/97/Scripts/6/Execute", json={}).json["ExecutionID"]

    def codes(who):
        return [
            who.get("/Computers/97/Processes").status_code,
            who.get("/computers?pageSize=1").status_code,
            who.get("/Computers/97").status_code,
            who.get("/Computers/97/Drives").status_code,
        ]

    assert codes(caller) == [404, 404, 200, 200]
    assert codes(usual) == [200] * 4
    assert caller.post(f"/Scripts/Executions/{run}/Cancel").status_code == 404
    assert caller.get(f"/Scripts/Executions/{run}").status_code == 200


@pytest.mark.assumed("which status a monitor fails with is nowhere told")
@pytest.mark.parametrize(
    ("quirks", "seen"),
    [({}, {1: "Warning", 3: "Error"}), ({"failing_states": ["Error"] * 4}, {1: "Error"})],
)
def test_the_status_of_a_monitor_that_fails(still_with, quirks, seen):
    still = still_with(monitor_failure_chance=0.5, outage_chance=0, **quirks)
    path = "/Monitors?condition=Name != 'Agent Offline'"
    before = {row["MonitorID"]: row["Status"] for row in every(still.automate(), path)}
    still.advance(DAY_S)

    rows = every(still.automate(), path)
    failed = [row for row in rows if row["Status"] not in {"OK", before[row["MonitorID"]]}]

    assert failed
    states = {row.get("AlertSeverity", 1): row["Status"] for row in failed}
    assert {level: states.get(level, status) for level, status in seen.items()} == seen
    if quirks:
        assert set(states.values()) == {"Error"}


@pytest.mark.assumed("no source tells whether a computer may have two monitors of one name")
@pytest.mark.parametrize("unique", [True, False])
def test_two_monitors_of_one_name(still_with, unique):
    caller = still_with(**CALM, monitor_names_unique=unique).automate()
    name = caller.get("/Computers/97/Monitors").json[0]["Name"]
    number = next(
        row["TemplateID"] for row in caller.get("/Monitors/Templates").json if row["Name"] == name
    )
    group_id = caller.post("/Groups", json={"Name": "One"}).json["GroupID"]
    member = {"GroupId": str(group_id), "ComputerId": "97"}
    assert caller.post("/GroupComputers", json=member).status_code == 201

    again = caller.post("/Computers/97/Monitors", json={"Name": name})
    group = caller.post(f"/Groups/{group_id}/Monitors", json={"TemplateID": number})

    assert again.status_code == (400 if unique else 201)
    assert (group.status_code, len(group.json["MonitorIDs"])) == (201, 0 if unique else 1)
