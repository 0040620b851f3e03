"""Routes that live clients call and no description has: patching policies, runs of a script."""

import pytest

ROUTES = pytest.mark.observed("automate facts 10.1: live clients call them; models' fields")
OVERRIDES = "/Patching/Policies/Override"


@pytest.mark.live
@ROUTES
def test_a_computer_with_policies_of_its_own_is_patched_by_them(automate_observed):
    listed = automate_observed.get(OVERRIDES, params={"pageSize": 1000})
    own = listed.json[0]
    path = f"/Computers/{own['ComputerId']}/EffectivePatchingPolicy"
    before = automate_observed.get(path).json
    assert len(listed.json) >= 3
    assert before["RebootPolicyName"] == own["RebootPolicy"]["Name"]
    assert before["MicrosoftUpdatePolicyName"] == own["MicrosoftUpdatePolicy"]["Name"]


@ROUTES
def test_overrides_take_list_parameters(automate_observed):
    rows = automate_observed.get(OVERRIDES, params={"orderBy": "ComputerId desc"}).json
    ids = [row["ComputerId"] for row in rows]
    assert ids == sorted(ids, reverse=True)
    asked = {"condition": f"ComputerId = {ids[0]}", "includeFields": "ComputerId"}
    assert automate_observed.get(OVERRIDES, params=asked).json == [{"ComputerId": ids[0]}]
    second = {"pageSize": 1, "page": 2, "orderBy": "ComputerId desc"}
    assert automate_observed.get(OVERRIDES, params=second).json == rows[1:2]


@ROUTES
def test_an_override_is_deleted_by_its_computer(automate_observed):
    own, *others = automate_observed.get(OVERRIDES).json
    path = f"{OVERRIDES}/{own['ComputerId']}"
    assert automate_observed.delete(path).status_code == 204
    assert automate_observed.delete(path).status_code == 404
    assert automate_observed.get(OVERRIDES).json == others
    group = automate_observed.get(f"/Computers/{own['ComputerId']}/ComputerPatchingPolicies").json
    first = min(group, key=lambda each: each["Priority"])
    policy = automate_observed.get(f"/Computers/{own['ComputerId']}/EffectivePatchingPolicy").json
    assert policy["RebootPolicyName"] == first["RebootPolicyName"]


@pytest.mark.parametrize("record_id", ["0", "999999", "x", "1e3"])
@ROUTES
def test_what_has_no_override_has_none_to_delete(automate_observed, record_id):
    before = automate_observed.get(OVERRIDES).json
    answer = automate_observed.delete(f"{OVERRIDES}/{record_id}")
    assert (answer.status_code, "Message" in answer.json) == (404, True)
    assert automate_observed.get(OVERRIDES).json == before


@pytest.mark.live
@ROUTES
def test_the_microsoft_patches_of_an_approval_policy_lie_below_it(automate_observed):
    policies = automate_observed.get("/ApprovalPolicies").json
    below = "/Patching/Policies/Approval/{}/Patches/Microsoft"
    each = [automate_observed.get(below.format(one["Id"])) for one in policies]
    assert all(answer.json for answer in each)
    assert {frozenset(row) for answer in each for row in answer.json} == {
        frozenset({"ApprovalActionId", "HotfixId", "OperatingSystem"})
    }
    assert automate_observed.get(below.format(999_999)).status_code == 404


@ROUTES
def test_runs_of_a_script_are_counted(make_tenant):
    tenant = make_tenant().unlimited()
    caller = tenant.automate("observed")
    before = caller.get("/Statistics/ScriptInfo/1").json
    computer = caller.get("/Computers", params={"condition": "Status = 'Online'"}).json[0]
    body = {"EntityType": 1, "EntityIds": [int(computer["Id"])], "ScriptId": 1}
    assert caller.post("/Batch/ScriptExecute", json=body).status_code == 200

    begun = caller.get("/Statistics/ScriptInfo/1").json
    assert begun["TotalRunCount"] == before["TotalRunCount"] + 1
    assert begun["LastRunTarget"] == computer["ComputerName"]
    assert begun["SuccessCount"] == before["SuccessCount"]

    tenant.admin("POST", "/clock", json={"advance": 1800})
    ended = caller.get("/Statistics/ScriptInfo/1").json
    assert ended["LastRunStatus"] in {"Success", "Failure"}
    succeeded = ended["LastRunStatus"] == "Success"
    assert ended["SuccessCount"] == before["SuccessCount"] + succeeded
    assert ended["TotalValue"] >= before["TotalValue"]


@ROUTES
def test_a_script_that_never_ran_has_no_last_run(automate_observed):
    made = automate_observed.post("/Scripts", json={"Name": "Fresh"})
    assert made.status_code in {200, 201}, made.text
    told = automate_observed.get(f"/Statistics/ScriptInfo/{made.json['Id']}").json
    assert told == {"SuccessCount": 0, "TotalRunCount": 0, "TotalValue": 0}
    assert automate_observed.get("/Statistics/ScriptInfo/999999").status_code == 404
