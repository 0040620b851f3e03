"""Alerts: what the seed family lets one do to them, and that they are read-only for the vendor."""

import pytest


def alert_of(caller, status, number=0):
    return caller.get(f"/Alerts?condition=Status = '{status}'").json[number]["AlertID"]


@pytest.mark.documented("automate facts 96; seed family: the answer to Acknowledge")
def test_an_alert_is_acknowledged(still):
    caller = still.automate()
    alert_id = alert_of(caller, "New")

    answer = caller.post(f"/Alerts/{alert_id}/Acknowledge", json={"Notes": "Looking into it"})

    assert answer.status_code == 200
    alert = caller.get(f"/Alerts/{alert_id}").json
    shown = ("AlertID", "Status", "AcknowledgedBy", "TimeAcknowledged")
    assert {name: answer.json[name] for name in shown} == {name: alert[name] for name in shown}
    assert alert["Status"] == "Acknowledged"
    assert alert["AcknowledgedBy"].startswith("integrator")
    assert alert["Notes"] == "Looking into it"


@pytest.mark.documented("automate facts 96: Acknowledged -> Resolved; a second time is a 400")
def test_an_alert_is_resolved_once(still):
    caller = still.automate()
    path = f"/Alerts/{alert_of(caller, 'Active')}"

    done = caller.post(f"{path}/Resolve", json={"Notes": "Fixed."})
    again = caller.post(f"{path}/Resolve")
    late = caller.post(f"{path}/Acknowledge")

    assert (done.status_code, done.json["Status"]) == (200, "Resolved")
    assert caller.get(path).json["TimeResolved"] == done.json["TimeResolved"]
    assert (again.status_code, late.status_code) == (400, 400)
    assert again.json["error"]["message"] == "Cannot resolve already resolved alert"
    assert late.json["error"]["message"] == "Cannot acknowledge already resolved alert"


@pytest.mark.documented("seed family: Notes of an alert, and its history")
def test_the_history_tells_what_happened_to_an_alert(still):
    caller = still.automate()
    alert_id = alert_of(caller, "New")
    path = f"/Alerts/{alert_id}"
    caller.post(f"{path}/Acknowledge", json={"Notes": "Mine"})
    still.advance(60)
    caller.post(f"{path}/Notes", json={"Note": "Called the user"})
    still.advance(60)
    caller.patch(path, json={"Status": "Resolved"})

    rows = caller.get(f"{path}/History").json

    assert [row["HistoryID"] for row in rows] == [1, 2, 3, 4]
    assert {row["AlertID"] for row in rows} == {alert_id}
    actions = [row["Action"] for row in rows]
    assert actions == ["Created", "Acknowledged", "NoteAdded", "Resolved"]
    assert [row.get("NewStatus") for row in rows] == ["New", "Acknowledged", None, "Resolved"]
    assert [row.get("Notes") for row in rows] == [None, "Mine", "Called the user", None]
    assert [row["ActionTime"] for row in rows] == sorted(row["ActionTime"] for row in rows)
    assert caller.get(path).json["Notes"] == "Mine\nCalled the user"


@pytest.mark.documented("seed family: Suppress for some seconds")
def test_a_suppressed_alert_comes_back(still):
    caller = still.automate()
    path = f"/Alerts/{alert_of(caller, 'Active')}"

    hidden = caller.post(f"{path}/Suppress", json={"Duration": 3600, "Reason": "Maintenance"})
    still.advance(3599)
    before = caller.get(path).json["Status"]
    still.advance(1)

    assert hidden.json["Status"] == "Suppressed"
    assert before == "Suppressed"
    assert caller.get(path).json["Status"] == "Active"


@pytest.mark.documented("seed family: CreateTicket; issue 5: in the PSA of the same tenant")
def test_a_ticket_is_made_in_the_psa_of_the_same_tenant(still):
    caller = still.automate()
    alert = caller.get(f"/Alerts/{alert_of(caller, 'New')}").json
    body = {"TicketSubject": "Disk full", "Priority": 2, "BoardID": 1, "Notes": "From Automate"}

    answer = caller.post(f"/Alerts/{alert['AlertID']}/CreateTicket", json=body)

    assert answer.status_code == 201
    assert set(answer.json) == {"AlertID", "TicketID", "TicketNumber", "TicketStatus"}
    ticket = still.tenant.psa.get(f"/service/tickets/{answer.json['TicketID']}").json
    assert ticket["summary"] == "Disk full"
    assert (ticket["board"]["id"], ticket["priority"]["id"]) == (1, 2)
    assert ticket["company"]["name"] == alert["ClientName"]
    assert answer.json["TicketStatus"] == ticket["status"]["name"]
    linked = caller.get(f"/Alerts/{alert['AlertID']}").json
    assert linked["TicketID"] == ticket["id"]


@pytest.mark.documented("seed family: a ticket that cannot be made is a 400")
@pytest.mark.parametrize("body", [{"BoardID": 99999}, {"BoardID": "x"}, {"Priority": 77}])
def test_a_ticket_that_cannot_be_made_changes_nothing(still, body):
    caller = still.automate()
    path = f"/Alerts/{alert_of(caller, 'New')}"
    before = caller.get(path).json

    answer = caller.post(f"{path}/CreateTicket", json=body)

    assert answer.status_code == 400
    assert answer.json["error"]["message"].startswith("Ticket creation failed")
    assert caller.get(path).json == before


@pytest.mark.documented("seed family: BulkAcknowledge")
def test_several_alerts_are_acknowledged_at_once(still):
    caller = still.automate()
    ids = [alert_of(caller, "New"), alert_of(caller, "Resolved"), 99999]

    answer = caller.post("/Alerts/BulkAcknowledge", json={"AlertIDs": ids, "Notes": "All of them"})

    assert answer.json["Acknowledged"] == ids[:1]
    assert [row["AlertID"] for row in answer.json["Failed"]] == ids[1:]
    assert caller.get(f"/Alerts/{ids[0]}").json["Status"] == "Acknowledged"


@pytest.mark.documented("seed 000: 400 and 404")
@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/Alerts/99999/Acknowledge", {}, 404),
        ("/Alerts/99999/History", None, 404),
        ("/Alerts/1/Acknowledge", [], 400),
        ("/Alerts/1/Acknowledge", {"Notes": 5}, 400),
        ("/Alerts/1/Notes", {}, 400),
        ("/Alerts/1/Suppress", {}, 400),
        ("/Alerts/1/Suppress", {"Duration": -1}, 400),
        ("/Alerts/1/Suppress", {"Duration": 10**12}, 400),
        ("/Alerts/BulkAcknowledge", {}, 400),
        ("/Alerts/BulkAcknowledge", {"AlertIDs": [True]}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(automate, path, body, status):
    answer = automate.get(path) if body is None else automate.post(path, json=body)

    assert answer.status_code == status
    assert answer.json["error"]["code"] in {"BadRequest", "NotFound"}


@pytest.mark.assumed("PSA makes no ticket without a company; an alert may lack a client")
def test_an_alert_without_a_client_makes_no_ticket(still):
    caller = still.automate()
    made = caller.post("/Alerts", json={"Message": "Somewhere"}).json["AlertID"]

    answer = caller.post(f"/Alerts/{made}/CreateTicket", json={})

    assert answer.status_code == 400
    assert "company is missing" in answer.json["error"]["message"]


@pytest.mark.documented("seed 000: 403 without the right to write")
def test_who_may_not_write_may_not_acknowledge(still):
    alert_id = alert_of(still.automate(), "New")

    assert still.user("readonly").post(f"/Alerts/{alert_id}/Acknowledge").status_code == 403


@pytest.mark.observed("automate facts 10.3 and 89: read-only, none of the seed family's routes")
@pytest.mark.parametrize("word", ["Acknowledge", "Resolve", "Notes", "CreateTicket", "Suppress"])
def test_the_observed_api_only_reads_alerts(still, word):
    seeds, vendor = still.automate(), still.automate("observed")
    alert_id = alert_of(seeds, "New")

    assert vendor.post(f"/Alerts/{alert_id}/{word}", json={}).status_code == 404
    assert vendor.patch(f"/Alerts/{alert_id}", json={"Status": "Resolved"}).status_code == 405
    shown = vendor.get(f"/Alerts/{alert_id}").json
    assert not {"Status", "History", "Notes"} & set(shown)


@pytest.mark.assumed("an alert's TicketStatus follows the ticket; the seed family has the member")
def test_the_status_of_a_ticket_is_that_of_its_alert(still):
    caller, psa = still.automate(), still.tenant.psa
    body = {"TicketSubject": "Disk full", "BoardID": 1}
    path = f"/Alerts/{alert_of(caller, 'New')}"
    ticket_id = caller.post(f"{path}/CreateTicket", json=body).json["TicketID"]
    ticket = psa.get(f"/service/tickets/{ticket_id}").json
    statuses = psa.get("/service/boards/1/statuses").json
    other = next(each for each in statuses if each["id"] != ticket["status"]["id"])

    operation = {"op": "replace", "path": "status/id", "value": other["id"]}
    psa.patch(f"/service/tickets/{ticket_id}", json=[operation])

    assert caller.get(path).json["TicketStatus"] == other["name"]
    condition = f"TicketID = {ticket_id} and TicketStatus = '{other['name']}'"
    assert len(caller.get("/Alerts", params={"condition": condition}).json) == 1
    assert psa.delete(f"/service/tickets/{ticket_id}").status_code == 204
    assert caller.get(path).json["TicketStatus"] == other["name"]
