"""Users: locked, removed, made over HTTP; what their classes let them do."""

from dataclasses import replace

import pytest

BASE = "/cwa/api/v1"
LOGINS = {"documented": "/APICredentials", "observed": "/apitoken"}
DIALECTS = pytest.mark.parametrize("dialect", ["documented", "observed"])


def login(tenant, dialect, user, password=None):
    names = {"Username": user, "Password": password or f"{user.partition('-')[0]}-password"}
    return tenant.client.post(f"{BASE}{LOGINS[dialect]}", json=names)


def caller_of(tenant, answer):
    assert answer.status_code == 200, answer.text
    headers = {"Authorization": f"Bearer {answer.json['AccessToken']}", "ClientId": "tests"}
    return replace(tenant.automate(), headers=headers)


def set_user(caller, user_id, **members):
    operations = [{"op": "replace", "path": f"/{n}", "value": v} for n, v in members.items()]
    answer = caller.patch(f"/Users/{user_id}", json=operations)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.observed(
    "automate facts 9 and appendix A: UserId of the token is a text, of Users not"
)
def test_the_token_names_the_users_record(tenant):
    answer = tenant.automate().get("/Users/1").json
    token = login(tenant, "observed", f"integrator-{tenant.name}").json

    assert (token["UserId"], answer["UserId"], answer["Name"]) == ("1", 1, "integrator")
    assert answer["IsIntegrator"] is True
    assert not {"Password", "Secret"} & answer.keys()


@pytest.mark.assumed("no source tells how a locked user is refused; 401 as for a wrong password")
@DIALECTS
def test_a_locked_user_is_refused_with_and_without_a_token(tenant, dialect):
    admin, name = tenant.automate(), f"readonly-{tenant.name}"
    reader = caller_of(tenant, login(tenant, dialect, name))

    set_user(admin, 3, IsLocked=True)

    refused = login(tenant, dialect, name)
    assert refused.status_code == 401
    wanted = (
        {"error": {"code": "Unauthorized", "message": "The user is locked."}}
        if dialect == "documented"
        else {"Message": "Authorization has been denied for this request."}
    )
    assert refused.json == wanted
    assert reader.get("/Clients/100").status_code == 401
    set_user(admin, 3, IsLocked=False)
    assert reader.get("/Clients/100").status_code == 200


@pytest.mark.assumed("who was removed has neither login nor token")
def test_a_removed_user_is_gone(tenant):
    admin, name = tenant.automate(), f"readonly-{tenant.name}"
    reader = caller_of(tenant, login(tenant, "observed", name))

    assert admin.delete("/Users/3").status_code == 204

    assert login(tenant, "observed", name).status_code == 401
    assert reader.get("/Clients/100").status_code == 401


@pytest.mark.observed("automate facts 19: integrators skip the second factor")
def test_a_user_who_becomes_an_integrator_needs_no_passcode(tenant):
    name = f"technician-{tenant.name}"
    assert login(tenant, "observed", name).json["IsTwoFactorRequired"] is True

    set_user(tenant.automate(), 2, IsIntegrator=True)

    assert login(tenant, "observed", name).json["AccessToken"]


@pytest.mark.documented(
    "seed 000, 'HTTP Status Codes': 403, check permissions; classes: facts 10.1"
)
def test_the_class_of_a_user_decides_what_may_be_changed(tenant):
    admin, name = tenant.automate(), f"readonly-{tenant.name}"
    reader = caller_of(tenant, login(tenant, "documented", name))
    assert reader.patch("/Clients/100", json={"Comment": "x"}).status_code == 403

    set_user(admin, 3, UserClasses=[{"UserClassId": 2}])

    assert reader.patch("/Clients/100", json={"Comment": "x"}).status_code == 200
    assert reader.delete("/Groups/12").status_code == 403
    assert reader.patch("/Users/3", json={"CommandLevel": 5}).status_code == 403
    access = admin.get("/Users/3/UserAccess").json["UserPermissions"]
    assert "ClientEdit" in access
    assert "ClientDelete" not in access
    assert reader.get("/Permissions/Users").json == access


@pytest.mark.assumed("a user made over HTTP can log in; no source tells otherwise")
def test_a_new_user_logs_in_with_the_password_that_was_given(tenant):
    admin = tenant.automate()
    member = {
        "Name": f"Newcomer-{tenant.name}",
        "Password": "first",
        "UserClasses": [{"UserClassId": 1}],
    }
    made = admin.post("/Users", json=member)
    again = admin.post("/Users", json={**member, "Name": member["Name"].upper()})
    nowhere = admin.post("/Users", json={"Name": "x", "UserClasses": [{"UserClassId": 99}]})

    assert (made.status_code, again.status_code, nowhere.status_code) == (201, 400, 400)
    assert made.json["UserClasses"] == [{"UserClassId": 1, "Name": "Super Admin"}]
    assert "first" not in made.text
    wrong = login(tenant, "observed", member["Name"], "second")
    own = caller_of(tenant, login(tenant, "observed", member["Name"].lower(), "first"))
    assert wrong.status_code == 401
    assert own.get("/Users").status_code == 200


@pytest.mark.documented("automate facts 10.1 and 64: ChangePassword answers 204")
def test_a_changed_password_is_the_only_one(tenant):
    name = f"readonly-{tenant.name}"
    reader = caller_of(tenant, login(tenant, "observed", name))
    change = {"OldPassword": "readonly-password", "NewPassword": "quite-new-7"}

    wrong = reader.post("/Users/3/ChangePassword", json={**change, "OldPassword": "x"})
    other = reader.post("/Users/1/ChangePassword", json=change)
    empty = reader.post("/Users/3/ChangePassword", json={})
    done = reader.post("/Users/3/ChangePassword", json=change)

    codes = [answer.status_code for answer in (wrong, other, empty, done)]
    assert codes == [400, 403, 400, 204]
    assert login(tenant, "observed", name).status_code == 401
    assert login(tenant, "observed", name, "quite-new-7").status_code == 200
    journal = tenant.admin("GET", "/requests").text
    assert "quite-new-7" not in journal


@pytest.mark.assumed("LastSuccessfulLogin is what it says")
def test_a_login_is_noted(tenant):
    tenant.admin("POST", "/clock", json={"freeze": True, "now": "2026-07-01T12:00:00Z"})

    login(tenant, "observed", f"readonly-{tenant.name}")

    seen = tenant.automate("observed").get("/Users/3").json["LastSuccessfulLogin"]
    assert seen == "2026-07-01T12:00:00"


@pytest.mark.observed("automate facts 10.1 and 23: what clients read to check a token")
def test_the_server_tells_its_versions_and_time(tenant):
    tenant.admin("POST", "/clock", json={"freeze": True, "now": "2026-07-01T12:00:00Z"})
    caller = tenant.automate("observed")

    versions = caller.get("/PatchInformation").json
    flags = caller.get("/FeatureFlags").json

    names = {"WebServerPatchVersion", "RemoteAgentPatchVersion", "LastPatchedDate"}
    assert names <= versions.keys()
    assert all({"Id", "Name", "IsEnabled"} <= flag.keys() for flag in flags)
    assert caller.get("/DatabaseServerTime").json == "2026-07-01T12:00:00"
    servers = caller.get("/System/ServerInformation").json
    assert {server["IsDatabaseServer"] for server in servers} == {True, False}


@pytest.mark.assumed("a name that is free again is another user's: no source tells otherwise")
@pytest.mark.parametrize("own", [True, False])
@DIALECTS
def test_the_name_of_a_removed_user_is_free_and_its_tokens_are_dead(tenant, dialect, own):
    admin = tenant.automate()
    name, user_id = f"readonly-{tenant.name}", 3
    member = {"Password": "first", "UserClasses": [{"UserClassId": 1}]}
    if not own:
        name = f"Newcomer-{tenant.name}"
        user_id = admin.post("/Users", json={**member, "Name": name}).json["UserId"]
    before = caller_of(tenant, login(tenant, dialect, name, None if own else "first"))
    assert before.get("/Clients/100").status_code == 200

    assert admin.delete(f"/Users/{user_id}").status_code == 204
    again = admin.post("/Users", json={**member, "Name": name, "Password": "second"})

    assert again.status_code == 201, again.text
    assert before.get("/Clients/100").status_code == 401
    assert login(tenant, dialect, name).status_code == 401
    after = caller_of(tenant, login(tenant, dialect, name, "second"))
    assert after.get("/Clients/100").status_code == 200


@pytest.mark.assumed("two users of one name would be one to a login; the world has none")
def test_no_two_users_have_one_name(tenant):
    rows = tenant.automate("observed").get("/Users?pageSize=-1").json

    names = [row["Name"].casefold() for row in rows]
    assert len(set(names)) == len(names) > 3
