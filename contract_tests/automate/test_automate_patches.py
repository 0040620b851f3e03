"""What PATCH does and refuses in the observed dialect, and what is shown only on request."""

import pytest


def patched(caller, path, *operations):
    sent = [dict(zip(("Op", "Path", "Value"), each, strict=False)) for each in operations]
    return caller.patch(path, json=sent)


@pytest.mark.observed("automate facts 70: moving a computer is no PATCH; it has no LocationId (48)")
@pytest.mark.parametrize(
    "body",
    [[{"Op": "replace", "Path": "/LocationId", "Value": 12}], {"LocationId": 12}],
)
def test_location_id_cannot_be_patched(automate_observed, body):
    before = automate_observed.get("/Computers/97").json

    answer = automate_observed.patch("/Computers/97", json=body)

    assert (answer.status_code, answer.json) == (400, {"Message": "path LocationId is not valid"})
    assert automate_observed.get("/Computers/97").json == before


@pytest.mark.assumed("JSON Patch: add, replace, remove; automate facts 66 shows replace")
def test_operations_add_replace_and_remove(automate_observed):
    answer = patched(
        automate_observed,
        "/Clients/100",
        ("add", "/Comment", "x"),
        ("replace", "/City", "Tampa"),
        ("remove", "/State"),
    )

    assert (answer.status_code, answer.json["Comment"], answer.json["City"]) == (200, "x", "Tampa")
    assert "State" not in answer.json
    assert automate_observed.get("/Clients/100").json == answer.json


@pytest.mark.assumed("an unreadable patch changes nothing; no source tells how it is refused")
@pytest.mark.parametrize(
    "operation",
    [
        ("test", "/City", "Tampa"),
        ("replace", "/Nothing", "x"),
        ("replace", "", "x"),
        ("remove", "/Name"),
        ("replace", "/Name", {"a": 1}),
        (None, "/City", "x"),
    ],
)
def test_a_bad_operation_is_refused(automate_observed, operation):
    before = automate_observed.get("/Clients/100").json

    answer = patched(automate_observed, "/Clients/100", ("replace", "/City", "Tampa"), operation)

    assert answer.status_code == 400
    assert "Message" in answer.json
    assert automate_observed.get("/Clients/100").json == before


@pytest.mark.observed("automate facts 66: 200 and the updated entity")
@pytest.mark.parametrize(
    ("path", "member", "value"),
    [
        ("/Clients/100", "Comment", "x"),
        ("/Locations/1", "Comments", "x"),
        ("/Groups/2", "Comments", "x"),
        ("/NetworkDevices/1", "Name", "FW99"),
        ("/Contacts/1", "City", "Tampa"),
        ("/Users/3", "EmailAddress", "x@y.example"),
    ],
)
def test_a_patch_answers_the_updated_entity(automate_observed, path, member, value):
    before = automate_observed.get(path).json

    answer = patched(automate_observed, path, ("replace", f"/{member}", value))

    assert answer.status_code == 200
    assert answer.json[member] == value
    own = {name for name in before if answer.json.get(name) != before[name]} | {member}
    assert own <= {member, "LastUpdated"}
    assert automate_observed.get(path).json == answer.json


@pytest.mark.observed("automate facts 40: only with includeFields=password")
def test_the_password_of_a_deployment_login_is_shown_on_request_only(automate_observed):
    path = "/clients/100/deploymentlogins"
    plain = automate_observed.get(path).json
    asked = automate_observed.get(f"{path}?includeFields=password,username").json

    assert plain
    assert not any("Password" in row for row in plain)
    assert all(row["Password"] and row.keys() == {"Username", "Password"} for row in asked)
    sent = {"Title": "Local", "Username": "admin", "Password": "quite-secret-7"}
    made = automate_observed.post(path, json=sent)
    assert "quite-secret-7" not in made.text
    rows = automate_observed.get(f"{path}?includeFields=Password").json
    assert rows[-1] == {"Password": "quite-secret-7"}


@pytest.mark.assumed("JSON is what everyone uses (automate facts 3); XML is not emulated")
def test_xml_is_not_sent(automate_observed):
    answer = automate_observed.get("/Clients/100", headers={"Accept": "application/xml"})

    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.json["Id"] == "100"
