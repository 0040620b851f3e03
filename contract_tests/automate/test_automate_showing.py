"""What no source tells of how records are shown is a switch."""

import pytest

LOGINS = "/Clients/100/deploymentlogins"
MB = 1_048_576


@pytest.mark.assumed("the seed family shows Name only, automate facts 90 recorded both")
@pytest.mark.parametrize("dialect", ["documented", "observed"])
@pytest.mark.parametrize("members", [{"Id", "Name"}, {"Name"}, set()])
def test_what_nested_clients_and_locations_show(asked, dialect, members):
    caller = asked(dialect, nested_members=sorted(members))

    rows = [
        *caller.get("/Computers?pageSize=3").json,
        caller.get("/Computers/97").json,
        *caller.get("/Clients/100?expand=locations").json["Locations"],
    ]

    assert len(rows) > 4
    for row in rows:
        assert row["Client"].keys() == row.get("Location", row["Client"]).keys() == members
    assert caller.get("/Computers?condition=Client.Id = 100").json


@pytest.mark.assumed("automate facts 10.3 has LocationId in list rows and tells of no other")
@pytest.mark.parametrize("shown", [True, False])
def test_the_second_id_of_a_location(asked, shown):
    caller = asked("observed", location_ids_in_reads=shown)

    listed, alone = caller.get("/Locations?pageSize=1").json[0], caller.get("/Locations/1").json

    assert listed["LocationId"] == listed["Id"]
    assert alone.get("LocationId") == (alone["Id"] if shown else None)
    assert caller.get("/Locations?condition=LocationId = 1").json[0]["Id"] == 1


@pytest.mark.assumed("automate facts 10.3 has AlertDate in the model, no answer shows one")
@pytest.mark.parametrize("name", ["TimeGenerated", "LastUpdate"])
def test_the_date_of_an_alert(asked, name):
    caller = asked("observed", alert_date=name)
    seeds = asked("documented").get("/Alerts?pageSize=50&orderBy=AlertID").json
    dates = {row["AlertID"]: (row[name]).removesuffix("Z") for row in seeds}

    rows = caller.get("/Alerts?pageSize=50&orderBy=AlertId").json
    newest = caller.get("/Alerts?orderBy=AlertDate desc&pageSize=1").json[0]

    assert {row["AlertId"]: row["AlertDate"] for row in rows} == dates
    some = rows[0]["AlertDate"]
    found = caller.get(f"/Alerts?condition=AlertDate = {some}").json
    assert {row["AlertDate"] for row in found} == {some}
    assert newest["AlertDate"] >= max(dates.values())
    assert any(row["TimeGenerated"] != row["LastUpdate"] for row in seeds)


@pytest.mark.assumed("the age of an alert grows without anybody writing it")
def test_the_same_list_shows_older_alerts_later(make_tenant):
    tenant = make_tenant(automate={"outage_chance": 0, "monitor_failure_chance": 0}).unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True})
    caller = tenant.automate("observed")
    path = "/Alerts?pageSize=1&includeFields=AlertAge"

    before = caller.get(path).json[0]["AlertAge"]
    tenant.admin("POST", "/clock", json={"advance": 120})

    assert caller.get(path).json[0]["AlertAge"] != before


@pytest.mark.assumed("automate facts 40: one client asks for the password; no answer is recorded")
@pytest.mark.parametrize(
    ("when", "shown"), [("asked", (False, True)), ("always", (True, True)), ("never", (False,) * 2)]
)
def test_when_a_password_is_shown(asked, when, shown):
    caller = asked("observed", secrets_shown=when)
    body, asking = (
        {"Title": "Ours", "Username": "u", "Password": "hunter2"},
        "includeFields=Password",
    )

    made = [caller.post(f"{LOGINS}?{more}", json=body) for more in ("", asking)]
    listed = [caller.get(f"{LOGINS}?{more}") for more in ("", asking)]

    for answers in (made, listed):
        assert tuple("hunter2" in each.text for each in answers) == shown
    assert caller.get(f"{LOGINS}?condition=Password = 'hunter2'").status_code == 400


@pytest.mark.assumed("what is expanded is shown as it is shown in its own list")
def test_sizes_and_nulls_inside_what_is_expanded(asked):
    usual, changed = (asked("observed", **e) for e in ({}, {"size_factor": MB}))
    path = "/Groups/2?expand=computers"

    in_mb, in_bytes = (caller.get(path).json["Computers"] for caller in (usual, changed))

    assert [row["TotalMemory"] * MB for row in in_mb] == [row["TotalMemory"] for row in in_bytes]
    assert in_mb
    rows = asked("observed", explicit_nulls=True).get(path).json["Computers"]
    assert all(len(row) == 77 for row in rows)


@pytest.mark.assumed("slim rows are of a model of their own, which has no more members")
def test_nulls_are_those_of_the_model_that_is_shown(make_tenant):
    tenant = make_tenant(automate={"explicit_nulls": True}).unlimited()
    headers = tenant.automate("observed").headers

    rows = tenant.client.get("/cwa/api/v2/Groups/2/Computers", headers=headers).json

    assert {len(row) for row in rows} == {6}
