"""Monitors as the seed family has them, and the same ones as the vendor shows them."""

import pytest

TEMPLATE = {"TemplateID": 1, "Name": "Made of a template"}


@pytest.mark.live
@pytest.mark.documented("seed family, automate facts 89: /Monitors/Templates")
def test_templates_are_listed_and_read(automate):
    rows = automate.get("/Monitors/Templates?pageSize=100").json

    assert {"TemplateID", "Name", "MonitorType", "CheckInterval", "AlertSeverity"} <= set(rows[0])
    assert automate.get(f"/Monitors/Templates/{rows[-1]['TemplateID']}").json == rows[-1]
    assert automate.get("/Monitors/Templates/999").status_code == 404


@pytest.mark.documented("automate facts 10.3: the monitors of a computer in both shapes")
def test_a_computers_monitors_have_the_shape_of_the_dialect(still):
    seeds = still.automate().get("/Computers/97/Monitors").json
    vendor = still.automate("observed").get("/Computers/97/Monitors").json

    assert {"MonitorID", "Name", "MonitorType", "Status", "LastCheck", "Enabled"} <= set(seeds[0])
    assert {"MonitorId", "ComputerId", "State", "LastScanned"} <= set(vendor[0])
    assert [row["MonitorID"] for row in seeds] == [row["MonitorId"] for row in vendor]
    assert [row["Status"] for row in seeds] == [row["State"] for row in vendor]


@pytest.mark.assumed("what happens to a monitor is seen in both shapes")
def test_both_shapes_follow_what_happens(still):
    still.advance(86_400)
    seeds, vendor = still.automate(), still.automate("observed")

    for computer in vendor.get("/Computers?pageSize=20").json:
        sensed = vendor.get(f"/Computers/{computer['Id']}/Monitors").json
        known = {
            row["MonitorID"]: row["Status"] for row in seeds.get("/Monitors?pageSize=999").json
        }
        assert all(known[row["MonitorId"]] == row["State"] for row in sensed)


@pytest.mark.documented("seed family: /Computers/{c}/Monitors/{m}/Status and /Monitors/Status")
def test_the_status_of_a_monitor_is_told(automate):
    bad = automate.get("/Monitors/Status?condition=Status ne 'OK' and ComputerID = 97").json[0]

    told = automate.get(f"/Computers/97/Monitors/{bad['MonitorID']}/Status").json

    assert (told["MonitorID"], told["ComputerID"]) == (bad["MonitorID"], 97)
    assert told["Status"] == bad["Status"]
    assert told["ConsecutiveFailures"] == 1
    assert told["Message"]
    assert automate.get(f"/Computers/98/Monitors/{bad['MonitorID']}/Status").status_code == 404


@pytest.mark.documented("seed family: a monitor from a template, for a computer or a group")
def test_a_monitor_is_made_from_a_template(automate):
    limit = [{"Field": "CPUUsage", "Operator": "gt", "Value": "85", "Duration": 15}]

    made = automate.post("/Computers/97/Monitors", json={**TEMPLATE, "Thresholds": limit})
    again = automate.post("/Computers/97/Monitors", json=TEMPLATE)
    grouped = automate.post("/Groups/3/Monitors", json=TEMPLATE)

    assert made.status_code == 201
    assert (made.json["ComputerID"], made.json["TemplateID"]) == (97, 1)
    assert made.json["Thresholds"] == limit
    assert again.status_code == 400
    assert grouped.status_code == 201
    for monitor_id in grouped.json["MonitorIDs"]:
        assert automate.get(f"/Monitors/{monitor_id}").json["Name"] == TEMPLATE["Name"]


@pytest.mark.documented("seed family: 400 with these words; 404 for an unknown template")
@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/Monitors", {"Name": "x", "Thresholds": [{"Operator": "greater"}]}, 400),
        ("/Monitors", {"Name": "x", "Thresholds": [None]}, 400),
        ("/Computers/97/Monitors", {}, 400),
        ("/Computers/97/Monitors", {"TemplateID": 999}, 404),
        ("/Computers/99999/Monitors", TEMPLATE, 404),
        ("/Groups/3/Monitors", {}, 400),
        ("/Groups/99999/Monitors", TEMPLATE, 404),
        ("/Computers/97/Monitors", {"Name": [1]}, 400),
        ("/Computers/97/Monitors", {"Name": {}}, 400),
        ("/Groups/3/Monitors", {**TEMPLATE, "Name": [[]]}, 400),
        ("/Groups/3/Monitors", {"TemplateID": "x"}, 400),
    ],
)
def test_a_monitor_that_makes_no_sense_is_refused(automate, path, body, status):
    answer = automate.post(path, json=body)

    assert answer.status_code == status
    if body.get("Thresholds", [None])[0]:
        assert answer.json["error"]["message"] == "Invalid threshold operator: 'greater'"


@pytest.mark.documented("seed family: a custom monitor that is assigned to a computer")
def test_a_custom_monitor_is_assigned(automate):
    body = {"Name": "Disk", "MonitorType": "Agent", "CheckInterval": 300, "FailAfter": 2}

    made = automate.post("/Monitors", json={**body, "AssignmentType": "Computer", "TargetID": 97})

    assert {name: made.json[name] for name in body} == body
    assert made.json["ComputerID"] == 97
