"""UserAudits tells of logins and of what was done to users."""

import pytest

BASE = "/cwa/api/v1"
ALL = ["Login", "User Added", "User Changed", "Password Changed", "User Removed"]


@pytest.fixture
def told(make_tenant):
    """Return what lives a user's life in a tenant with quirks, and answers the new lines."""

    def lived(**quirks):
        tenant = make_tenant(automate=quirks).unlimited()
        caller = tenant.automate("observed")
        last = max((row["Id"] for row in lines(caller)), default=0)
        caller = tenant.automate("observed")
        made = caller.post("/Users", json={"Name": "Ours", "Password": "one"}).json["UserId"]
        caller.patch(f"/Users/{made}", json={"FirstName": "O"})
        caller.post(f"/Users/{made}/ChangePassword", json={"NewPassword": "two"})
        refused = tenant.client.post(f"{BASE}/apitoken", json={"Username": "Ours"})
        caller.post("/Users", json={"Name": "Ours"})
        caller.delete(f"/Users/{made}")
        assert refused.status_code == 401
        return made, [row for row in lines(caller) if row["Id"] > last]

    return lived


def lines(caller):
    return caller.get("/UserAudits?pageSize=-1").json


@pytest.mark.assumed("the description has the model, no source what is told and how it is called")
@pytest.mark.parametrize(
    ("quirks", "names"),
    [
        ({}, ALL),
        ({"audited": ["User Added", "Login"]}, ["Login", "User Added"]),
        ({"audited": []}, []),
        ({"auditing_levels_obeyed": True}, ["Login"]),
    ],
)
def test_what_users_did_is_told(told, quirks, names):
    made, rows = told(**quirks)

    assert [row["AuditAction"]["Name"] for row in rows] == names
    assert {row["User"]["Name"] for row in rows} <= {"integrator"}
    for row in rows:
        is_login = row["AuditAction"]["Name"] == "Login"
        assert row["ExternalId"] == (1 if is_login else made)
        assert row.keys() >= {"Id", "Message", "DateCreated", "Source"}
        assert "one" not in row["Message"].split()


@pytest.mark.assumed("lines are found like all records")
def test_lines_are_found_by_what_was_done(make_tenant):
    caller = make_tenant().unlimited().automate("observed")
    caller.post("/Users", json={"Name": "Ours"})

    query = {"condition": "AuditAction.Name = 'User Added'", "orderBy": "DateCreated desc"}
    newest = caller.get("/UserAudits", params=query).json[0]

    assert (newest["Message"], newest["User"]["Name"]) == ("Created a user.", "integrator")
