"""More switches for what no source tells: logins, lists, words and alerts."""

from datetime import datetime

import pytest

BASE = "/cwa/api/v1"
TECHNICIAN = {"Password": "technician-password", "TwoFactorPasscode": "000000"}


@pytest.mark.assumed("automate facts 17: no recording of a wrong passcode")
@pytest.mark.parametrize("path", ["apitoken", "APICredentials"])
@pytest.mark.parametrize(("quirks", "code"), [({}, 401), ({"wrong_passcode_status": 400}, 400)])
def test_a_wrong_passcode(quirky, path, quirks, code):
    tenant = quirky(**quirks)
    body = {**TECHNICIAN, "Username": f"technician-{tenant.name}"}

    assert tenant.client.post(f"{BASE}/{path}", json=body).status_code == code
    body["Password"] = "wrong"
    assert tenant.client.post(f"{BASE}/{path}", json=body).status_code == 401


@pytest.mark.assumed("automate facts 19: the behaviour is hearsay")
@pytest.mark.parametrize("skips", [True, False])
def test_the_passcode_of_an_integrator(quirky, skips):
    tenant = quirky(integrators_skip_passcode=skips)
    integrator = [{"op": "replace", "path": "IsIntegrator", "value": True}]
    assert tenant.automate().patch("/Users/2", json=integrator).status_code == 200

    body = {"Username": f"technician-{tenant.name}", "Password": "technician-password"}
    token = tenant.client.post(f"{BASE}/apitoken", json=body).json

    assert bool(token["AccessToken"]) is skips
    assert token["IsTwoFactorRequired"] is not skips


@pytest.mark.assumed("no source tells whether the token or the URL is looked at first")
@pytest.mark.parametrize(("first", "codes"), [(True, [401, 401, 401]), (False, [404, 405, 401])])
def test_an_unknown_url_with_a_dead_token(quirky, first, codes):
    tenant = quirky(token_before_url=first)
    caller = tenant.automate("observed")
    tenant.admin("POST", "/clock", json={"advance": 7_200})

    answers = [caller.get("/Nothing"), caller.delete("/Computers"), caller.get("/Computers")]

    assert [each.status_code for each in answers] == codes
    assert all(each.json.keys() == {"Message"} for each in answers)


@pytest.mark.assumed("automate facts 65: the body of a 404 is unrecorded")
@pytest.mark.parametrize(
    ("quirks", "text"),
    [
        ({}, "Computer with ID 99999 not found"),
        ({"record_missing": "No {kind} {id}."}, "No Computer 99999."),
        ({"record_missing": ""}, ""),
    ],
)
def test_the_words_for_a_record_that_is_not_there(quirky, quirks, text):
    answer = quirky(**quirks).automate("observed").get("/Computers/99999")

    assert (answer.status_code, answer.json) == (404, {"Message": text})


@pytest.mark.assumed("automate facts section 14: what is no page, size or id is unknown")
@pytest.mark.parametrize(
    ("query", "rows"), [("page=x", 30), ("pageSize=ten", 30), ("pageSize=0", 30), ("ids=97,x", 1)]
)
def test_numbers_that_are_none(quirky, query, rows):
    ignoring, refusing = (
        quirky(bad_numbers_ignored=each).automate("observed") for each in (True, False)
    )

    assert len(ignoring.get(f"/Computers?{query}").json) == rows
    assert refusing.get(f"/Computers?{query}").status_code == 400


@pytest.mark.assumed("automate facts 34: several keys are unproven, unknown ones unrecorded")
def test_orders_that_are_unproven(quirky):
    both = quirky(several_orders=False, unknown_orders_ignored=True).automate("observed")
    usual = quirky().automate("observed")
    asked = "/Computers?orderBy=Type desc,ComputerName desc&pageSize=100"

    names = [row["ComputerName"] for row in both.get(asked).json]

    assert names != [row["ComputerName"] for row in usual.get(asked).json]
    assert names == [row["ComputerName"] for row in both.get(asked.replace(",C", ",X")).json]
    assert both.get("/Computers?orderBy=Nothing").json == both.get("/Computers").json
    assert usual.get("/Computers?orderBy=Nothing").status_code == 400


@pytest.mark.assumed("the model has AlertAge as a text, no answer shows one (automate facts 10.3)")
def test_the_age_of_an_alert(quirky):
    tenant = quirky()
    caller = tenant.automate("observed")
    now = datetime.fromisoformat(tenant.admin("GET", "/clock").json["now"].rstrip("Z"))

    for row in caller.get("/Alerts?pageSize=5").json:
        days, _, clock = row["AlertAge"].rpartition(".")
        hours, minutes, seconds = map(int, clock.split(":"))
        since = int(days or 0) * 86_400 + hours * 3_600 + minutes * 60 + seconds
        raised = datetime.fromisoformat(row["AlertDate"])
        assert since == int((now - raised).total_seconds()) // 60 * 60
        assert caller.get(f"/Alerts/{row['AlertId']}").json == row
    some = caller.get("/Alerts?pageSize=1&includeFields=AlertId,AlertAge").json[0]
    assert some.keys() == {"AlertId", "AlertAge"}
    without = quirky(alert_ages=False).automate("observed").get("/Alerts?pageSize=1").json[0]
    assert "AlertAge" not in without
    assert "AlertAge" not in tenant.automate().get("/Alerts?pageSize=1").json[0]


@pytest.mark.assumed("automate facts 10.3 has the names of the levels; orders follow what is shown")
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_alerts_in_the_order_of_what_their_levels_are_called(quirky, direction):
    caller = quirky().automate("observed")

    rows = caller.get(f"/Alerts?orderBy=Severity.Name {direction}&pageSize=-1").json

    names = [row["Severity"]["Name"] for row in rows]
    assert names == sorted(names, reverse=direction == "desc")
    assert len(set(names)) > 2


@pytest.mark.assumed("automate facts 10.3, section 14: the unit of sizes is unproven")
@pytest.mark.parametrize(
    ("path", "name", "sought"),
    [("/Computers", "TotalMemory", 17_179_869_184), ("/Computers/97/Drives", "Size", 1)],
)
def test_sizes_in_bytes(quirky, path, name, sought):
    callers = [quirky(**each).automate("observed") for each in ({}, {"size_factor": 1_048_576})]
    in_mb, in_bytes = (each.get(f"{path}?pageSize=-1").json for each in callers)

    assert [row[name] for row in in_bytes] == [row[name] * 1_048_576 for row in in_mb]
    query = {"condition": f"{name} >= {sought}", "orderBy": f"{name} desc", "pageSize": -1}
    found = [row[name] for row in callers[1].get(path, params=query).json]
    assert found == sorted((row[name] for row in in_bytes if row[name] >= sought), reverse=True)
    assert found
    assert callers[1].get("/Computers/97").json["TotalMemory"] > 1 << 30
