"""What no source tells of alerts, monitors and maintenance is a switch of the profile."""

import pytest

CALM = {"outage_chance": 0, "monitor_failure_chance": 0}
FAILING = {"monitor_failure_chance": 1, "outage_chance": 0}
DAY_S = 86_400


def alert_of(caller, status, number=0):
    return caller.get(f"/Alerts?condition=Status = '{status}'").json[number]["AlertID"]


def every(caller, path):
    answer = caller.get(f"{path}{'&' if '?' in path else '?'}pageSize=1000")
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.assumed("automate facts 96 has the refusal, not of what")
@pytest.mark.parametrize(
    ("quirks", "codes"),
    [
        ({}, [400, 400, 400, 200]),
        ({"closed_alerts_refuse": []}, [200] * 4),
        ({"closed_alerts_refuse": ["acknowledge"]}, [200, 400, 200, 200]),
    ],
)
def test_what_may_be_done_to_a_closed_alert(still_with, quirks, codes):
    caller = still_with(**CALM, **quirks).automate()
    path = f"/Alerts/{alert_of(caller, 'Resolved')}"
    calls = {"Resolve": {}, "Acknowledge": {}, "Suppress": {"Duration": 9}, "Notes": {"Note": "x"}}

    answers = []
    for word, body in calls.items():
        assert caller.patch(path, json={"Status": "Resolved"}).status_code == 200
        answers.append(caller.post(f"{path}/{word}", json=body).status_code)

    assert answers == codes


@pytest.mark.assumed("the seed family shows the call Suppress, not what comes after")
@pytest.mark.parametrize("end", ["before", "Cleared", "New"])
@pytest.mark.parametrize("status", ["Active", "Acknowledged"])
def test_the_end_of_a_suppression(still_with, end, status):
    still = still_with(**CALM, suppression_end=end)
    caller = still.automate()
    path = f"/Alerts/{alert_of(caller, status)}"

    assert caller.post(f"{path}/Suppress", json={"Duration": 60}).status_code == 200
    still.advance(60)

    assert caller.get(path).json["Status"] == (status if end == "before" else end)


@pytest.mark.assumed("the seed family shows no answer to BulkAcknowledge")
@pytest.mark.parametrize("names", [("Acknowledged", "Failed"), ("AlertIDs", "Errors")])
def test_the_answer_to_a_bulk_acknowledge(still_with, names):
    caller = still_with(**CALM, bulk_acknowledge_members=names).automate()
    ids = [alert_of(caller, "New"), 99999]

    answer = caller.post("/Alerts/BulkAcknowledge", json={"AlertIDs": ids}).json

    assert answer == {names[0]: ids[:1], names[1]: answer[names[1]]}
    assert [row["AlertID"] for row in answer[names[1]]] == ids[1:]


@pytest.mark.assumed("the seed family shows the body of CreateTicket only")
@pytest.mark.parametrize(
    ("quirks", "codes"),
    [
        ({}, [201, 201, 201]),
        ({"second_tickets": False}, [201, 400, 400]),
        ({"ticket_created_status": 200, "ticket_board_required": True}, [400, 200, 200]),
    ],
)
def test_the_tickets_of_an_alert(still_with, quirks, codes):
    still = still_with(**CALM, **quirks)
    caller = still.automate()
    made = caller.post("/Alerts", json={"Message": "Hot", "ComputerID": 97}).json["AlertID"]
    path = f"/Alerts/{made}/CreateTicket"
    before = still.tenant.psa.get("/service/tickets/count").json["count"]

    answers = [caller.post(path, json=body) for body in ({}, {"BoardID": 1}, {"boardid": 1})]

    assert [each.status_code for each in answers] == codes
    made = sum(code < 400 for code in codes)
    assert still.tenant.psa.get("/service/tickets/count").json["count"] == before + made


@pytest.mark.assumed("the seed family has the member TicketStatus only")
@pytest.mark.parametrize("follows", [True, False])
def test_the_status_of_a_ticket(still_with, follows):
    still = still_with(**CALM, ticket_status_follows=follows)
    caller, psa = still.automate(), still.tenant.psa
    path = f"/Alerts/{alert_of(caller, 'New')}"
    made = caller.post(f"{path}/CreateTicket", json={"BoardID": 1}).json
    statuses = psa.get("/service/boards/1/statuses").json
    other = next(each for each in statuses if each["name"] != made["TicketStatus"])

    operation = {"op": "replace", "path": "status/id", "value": other["id"]}
    assert psa.patch(f"/service/tickets/{made['TicketID']}", json=[operation]).status_code == 200

    status = caller.get(path).json["TicketStatus"]
    assert status == (other["name"] if follows else made["TicketStatus"])


@pytest.mark.assumed("whose alert it is that a computer is gone, is nowhere told")
@pytest.mark.parametrize(
    ("whose", "sources"),
    [("monitor", {"Monitor", "System"}), ("system", {"System"}), ("none", set())],
)
def test_the_alerts_of_computers_that_go_away(still_with, whose, sources):
    still = still_with(monitor_failure_chance=0, outage_chance=0.5, offline_alerts=whose)
    caller = still.automate()
    first = max(row["AlertID"] for row in every(caller, "/Alerts"))
    for row in every(caller, "/Computers?condition=Status = 'Online' and ClientID = 100"):
        path = f"/Computers/{row['ComputerID']}/Monitors"
        assert caller.post(path, json={"Name": "Agent Offline"}).status_code == 201
    still.advance(DAY_S)
    caller = still.automate()

    rows = every(caller, f"/Alerts?condition=AlertID > {first}")

    assert {row["Source"] for row in rows} == sources
    assert {row["SourceName"] for row in rows} <= {"Agent Offline"}
    assert every(caller, "/Computers?condition=Status = 'Offline'")


@pytest.mark.assumed("what maintenance keeps quiet, and what its Mode means, is nowhere told")
@pytest.mark.parametrize(
    ("quirks", "mode"), [({}, 1), ({"maintenance_quiets": False, "maintenance_mode": 3}, 3)]
)
def test_a_computer_in_maintenance(still_with, quirks, mode):
    still = still_with(**FAILING, **quirks)
    caller = still.automate()
    known = every(caller, "/Monitors?condition=Status = 'OK' and Name != 'Agent Offline'")
    online = {row["ComputerID"] for row in every(caller, "/Computers?condition=Status = 'Online'")}
    computer_id = next(row["ComputerID"] for row in known if row["ComputerID"] in online)
    flag = {"IsMaintenanceModeEnabled": True}
    assert caller.patch(f"/Computers/{computer_id}", json=flag).status_code == 200
    first = max(row["AlertID"] for row in every(caller, "/Alerts"))

    still.advance(DAY_S)

    condition = f"AlertID > {first} and ComputerID = {computer_id}"
    rows = every(still.automate(), f"/Alerts?condition={condition}")
    assert bool(rows) is bool(quirks)
    path = f"/Computers/{computer_id}/MaintenanceModes"
    assert [row["Mode"] for row in still.automate("observed").get(path).json] == [mode]


@pytest.mark.assumed("whether an alert goes with its cause, is told of open ones at most")
@pytest.mark.parametrize(
    ("quirks", "ends"),
    [
        ({}, {"Acknowledged": "Acknowledged", "Suppressed": "Cleared"}),
        (
            {"alerts_cleared": ["New", "Active", "Acknowledged"]},
            {"Acknowledged": "Cleared", "Suppressed": "New"},
        ),
    ],
)
def test_alerts_whose_cause_is_gone(still_with, quirks, ends):
    still = still_with(monitor_failure_chance=0.5, outage_chance=0, **quirks)
    first = max(row["AlertID"] for row in every(still.automate(), "/Alerts"))
    still.advance(DAY_S)
    caller = still.automate()
    rows = every(caller, f"/Alerts?condition=AlertID > {first} and Status = 'New'")[:2]
    calls = {"Acknowledge": {}, "Suppress": {"Duration": 2 * DAY_S}}
    for (word, body), row in zip(calls.items(), rows, strict=True):
        assert caller.post(f"/Alerts/{row['AlertID']}/{word}", json=body).status_code == 200

    still.advance(DAY_S // 2)  # failures last six hours at most
    still.advance(2 * DAY_S - DAY_S // 2)

    caller = still.automate()
    now = [caller.get(f"/Alerts/{row['AlertID']}").json["Status"] for row in rows]
    assert now == [ends["Acknowledged"], ends["Suppressed"]]


@pytest.mark.assumed("the seed family shows calls that leave notes, not what becomes of older ones")
@pytest.mark.parametrize(
    ("quirks", "notes"),
    [({}, "four"), ({"notes_replaced": ["acknowledge"]}, "two\nthree\nfour")],
)
def test_the_notes_of_an_alert(still_with, quirks, notes):
    caller = still_with(**CALM, **quirks).automate()
    path = f"/Alerts/{alert_of(caller, 'New')}"
    calls = {
        "Notes": {"Note": "one"},
        "Acknowledge": {"Notes": "two"},
        "Suppress": {"Duration": 60, "Reason": "three"},
        "Resolve": {"Notes": "four"},
    }

    for word, body in calls.items():
        assert caller.post(f"{path}/{word}", json=body).status_code == 200

    assert caller.get(path).json["Notes"] == notes
    told = [row["Notes"] for row in caller.get(f"{path}/History").json if "Notes" in row]
    assert told == ["one", "two", "three", "four"]


@pytest.mark.assumed("the seed family shows one TicketNumber, and no longest suppression")
def test_the_number_of_a_ticket_and_the_longest_suppression(still_with):
    quirks = {"ticket_number": "{id} of {year} {x}", "suppression_s_max": 60}
    usual, other = still_with(**CALM).automate(), still_with(**CALM, **quirks).automate()
    path = f"/Alerts/{alert_of(usual, 'New')}"

    numbers = [each.post(f"{path}/CreateTicket", json={"BoardID": 1}) for each in (usual, other)]
    lasts = [
        [each.post(f"{path}/Suppress", json={"Duration": s}).status_code for s in (60, 61)]
        for each in (usual, other)
    ]

    ids = [f"{each.json['TicketID']:05}" for each in numbers]
    told = [each.json["TicketNumber"] for each in numbers]
    assert told == [f"TKT-2026-{ids[0]}", f"{ids[1]} of 2026 {{x}}"]
    assert lasts == [[200, 200], [200, 400]]
