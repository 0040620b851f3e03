"""What a key may do follows from records: its member's role and the role's settings.

Seed 003, "Security"; psa facts 1.7.
"""

import pytest
from psa_wording import error, refused

FORBIDDEN = error("Security", "You do not have security permission to perform this action.")
TECHNICIAN, ADMIN, READER = 2, 1, 6


@pytest.fixture(scope="module")
def technician(module_tenant):
    """Return a caller with the keys of a technician (role 2, module by module)."""
    keys = module_tenant.psa.post("/system/members/MPena/tokens").json
    return module_tenant.psa_as(keys["publicKey"], keys["privateKey"])


@pytest.mark.observed("psa facts 1.7, recorded body on /system/members")
def test_a_role_without_inquire_is_refused(technician):
    assert technician.get("/system/members").status_code == 403
    assert technician.get("/system/members/2").status_code == 403
    assert technician.get("/finance/agreements/count").status_code == 403


@pytest.mark.documented("seed 003: setup tables are read without a right to them")
@pytest.mark.parametrize(
    "path", ["/service/boards", "/service/boards/1/statuses", "/company/companies/types"]
)
def test_setup_tables_are_readable(technician, path):
    assert technician.get(path).status_code == 200


@pytest.mark.documented("seed 003: setup tables cannot be changed without a right to them")
def test_setup_tables_are_not_writable(technician):
    assert technician.post("/service/sources", json={"name": "x"}).status_code == 403


@pytest.mark.documented("psa facts 1.7: info routes are for callers without the table's right")
def test_info_routes_are_open(technician):
    assert technician.get("/system/info/members", params={"pageSize": "1"}).status_code == 200


@pytest.mark.documented("seed 003: inquire, add, edit and delete are granted apart")
def test_add_edit_and_delete_are_apart(technician):
    made = technician.post("/company/contacts", json={"firstName": "A"})
    path = f"/company/contacts/{made.json['id']}"
    edit = [{"op": "replace", "path": "firstName", "value": "B"}]

    assert technician.patch(path, json=edit).json["firstName"] == "B"
    assert refused(technician.delete(path), 403, error("Security", FORBIDDEN["message"]))
    assert technician.post("/company/companies", json={}).status_code == 403


@pytest.mark.documented("the API description: levels are None, My and All")
def test_my_means_one_s_own_records(technician, module_tenant):
    mine = technician.get("/time/entries", params={"pageSize": "1000"}).json
    own = {each["member"]["identifier"] for each in mine}
    others = module_tenant.psa.get(
        "/time/entries", params={"conditions": "member/identifier != 'MPena'", "pageSize": "1"}
    ).json[0]

    assert own == {"MPena"}
    assert technician.get("/time/entries/count").json["count"] == len(mine)
    assert technician.get(f"/time/entries/{mine[0]['id']}").status_code == 200
    assert technician.get(f"/time/entries/{others['id']}").status_code == 403
    assert technician.delete(f"/time/entries/{others['id']}").status_code == 403


@pytest.mark.documented("seed 003: security is based off the roles")
def test_another_role_gives_a_key_other_rights(make_tenant):
    tenant = make_tenant().unlimited()
    reader = tenant.psa_as(f"readonlykey-{tenant.name}", "readonlyprivate")
    member = tenant.psa.get("/system/members/ReadOnly").json
    assert member["securityRole"]["id"] == READER
    assert reader.post("/service/sources", json={"name": "x"}).status_code == 403

    patch = [{"op": "replace", "path": "securityRole", "value": {"id": ADMIN}}]
    assert tenant.psa.patch(f"/system/members/{member['id']}", json=patch).status_code == 200

    assert reader.post("/service/sources", json={"name": "x"}).status_code == 201


@pytest.mark.assumed("no description changes a system role's settings; a project role's it does")
def test_another_setting_gives_a_key_other_rights(make_tenant):
    tenant = make_tenant().unlimited()
    reader = tenant.psa_as(f"readonlykey-{tenant.name}", "readonlyprivate")
    settings = f"/system/securityRoles/{READER}/settings"
    conditions = "moduleFunctionIdentifier = 'ContactMaintenance'"
    found = tenant.psa.get(settings, params={"conditions": conditions}).json[0]
    assert tenant.psa.get(f"{settings}/count").json["count"] > 20
    assert reader.post("/company/contacts", json={"firstName": "A"}).status_code == 403

    patch = [{"op": "replace", "path": "addLevel", "value": "All"}]
    assert tenant.psa.patch(f"{settings}/{found['id']}", json=patch).status_code == 200

    assert reader.post("/company/contacts", json={"firstName": "A"}).status_code == 201
    tenant.admin("POST", "/reset")
    tenant.unlimited()
    assert reader.post("/company/contacts", json={"firstName": "A"}).status_code == 403


@pytest.mark.assumed("a new role may do nothing until it is told")
def test_a_new_role_may_read_setup_tables_only(make_tenant):
    tenant = make_tenant().unlimited()
    role = tenant.psa.post("/system/securityroles", json={"name": "Bare", "roleType": "Custom"})
    patch = [{"op": "replace", "path": "securityRole", "value": {"id": role.json["id"]}}]
    tenant.psa.patch("/system/members/ReadOnly", json=patch)
    member = tenant.psa.get("/system/members/ReadOnly").json
    tenant.psa.patch(f"/system/members/{member['id']}", json=patch)
    reader = tenant.psa_as(f"readonlykey-{tenant.name}", "readonlyprivate")

    assert reader.get("/service/boards").status_code == 200
    assert reader.get("/service/tickets").status_code == 403


@pytest.mark.assumed("a key ends with its member")
def test_an_inactive_member_has_no_key(make_tenant):
    tenant = make_tenant("observed").unlimited()
    member = tenant.psa.get("/system/members/ReadOnly").json
    patch = [{"op": "replace", "path": "inactiveFlag", "value": True}]
    tenant.psa.patch(f"/system/members/{member['id']}", json=patch)

    answer = tenant.psa_as(f"readonlykey-{tenant.name}", "readonlyprivate").get("/service/boards")

    assert refused(answer, 401, error("Unauthorized", "Incorrect public/private key"))
