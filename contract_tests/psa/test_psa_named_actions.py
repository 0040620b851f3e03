"""Actions whose effect their names tell: members, sheets, projects and their templates."""

import pytest

MEMBERS, PROJECTS, TEMPLATES = "/system/members", "/project/projects", "/project/projectTemplates"
NAME_ONLY = "the name of the operation alone tells what it does"


def first(psa, path, **query):
    return psa.get(path, params={"pageSize": 1, **query}).json[0]


# -- members -------------------------------------------------------------------------------------


@pytest.mark.documented("psa facts 8.5: members deactivate; the body's members tell the rest")
def test_who_is_deactivated_leaves_the_work_to_others(psa):
    opportunity = first(psa, "/sales/opportunities")
    leaving = opportunity["primarySalesRep"]["id"]
    heir = next(m for m in psa.get(MEMBERS).json if m["id"] != leaving and not m["inactiveFlag"])

    answer = psa.post(
        f"{MEMBERS}/{leaving}/deactivate",
        json={"opportunity": {"reAssignToMember": {"id": heir["id"]}}},
    )

    assert answer.status_code == 200, answer.text
    assert answer.json["opportunity"]["count"] >= 1
    assert psa.get(f"{MEMBERS}/{leaving}").json["inactiveFlag"]
    after = psa.get(f"/sales/opportunities/{opportunity['id']}").json
    assert after["primarySalesRep"]["id"] == heir["id"]


@pytest.mark.assumed("who takes over must be there; otherwise nothing happens")
def test_nobody_takes_over_from_who_leaves(psa):
    leaving = first(psa, "/sales/opportunities")["primarySalesRep"]["id"]

    answer = psa.post(
        f"{MEMBERS}/{leaving}/deactivate",
        json={"opportunity": {"reAssignToMember": {"id": 987_654}}},
    )

    assert answer.status_code == 400
    assert not psa.get(f"{MEMBERS}/{leaving}").json["inactiveFlag"]


@pytest.mark.assumed(NAME_ONLY)
def test_single_sign_on_is_linked_and_unlinked_and_ends(psa):
    member = psa.get(MEMBERS).json[-1]["id"]

    linked = psa.post(f"{MEMBERS}/{member}/linkSsoUser", json={"ssoUserId": "who-1"})
    assert linked.json == {"success": True, "message": "Success"}
    assert psa.get(f"{MEMBERS}/{member}").json["ssoSettings"]["ssoUserId"] == "who-1"
    assert psa.post(f"{MEMBERS}/who-1/deactivateIamMember").status_code == 204
    assert psa.get(f"{MEMBERS}/{member}").json["inactiveFlag"]
    assert psa.post(f"{MEMBERS}/{member}/unlinkSsoUser").status_code == 200
    assert "ssoSettings" not in psa.get(f"{MEMBERS}/{member}").json
    assert psa.post(f"{MEMBERS}/who-1/deactivateIamMember").status_code == 404


@pytest.mark.assumed(NAME_ONLY)
def test_my_member_is_the_callers(psa):
    for path in ("/system/myMembers", "/system/myMembers/info"):
        shown = psa.get(path).json
        there = psa.get(f"{MEMBERS}/{shown['id']}").json
        assert shown["identifier"] == there["identifier"]


@pytest.mark.assumed(NAME_ONLY)
def test_only_open_sheets_that_nobody_wrote_on_are_unused(psa):
    sheet = first(psa, "/time/sheets", conditions="status='Open'")
    member = sheet["member"]["id"]

    assert psa.delete(f"{MEMBERS}/{member}/unusedTimeSheets").status_code == 204

    for left in psa.get("/time/sheets", params={"conditions": f"member/id={member}"}).json:
        where = {"conditions": f"timeSheet/id={left['id']}"}
        written = psa.get("/time/entries/count", params=where).json["count"]
        assert written or left["status"] != "Open"


# -- projects ------------------------------------------------------------------------------------


@pytest.fixture
def template(psa):
    """A template of two phases, one in the other, with a ticket."""
    made = psa.post(TEMPLATES, json={"name": "Roll-out"})
    assert made.status_code == 201, made.text
    url = f"{TEMPLATES}/{made.json['id']}"
    phases = f"{url}/projectTemplatePhases"
    outer = psa.post(phases, json={"description": "Plan", "wbsCode": "1"}).json
    inner = {"description": "Survey", "parentPhase": outer["id"], "budgetHours": 4}
    inner = psa.post(phases, json=inner).json
    ticket = {"description": "Count switches", "projectTemplatePhaseId": inner["id"]}
    sent = psa.post(f"{url}/projectTemplateTickets", json={**ticket, "notes": "All floors."})
    assert sent.status_code == 201, sent.text
    return made.json


@pytest.mark.assumed(NAME_ONLY)
@pytest.mark.parametrize("several", [False, True])
def test_a_template_gives_a_project_phases_and_tickets(psa, template, several):
    project = first(psa, PROJECTS)["id"]
    before = len(psa.get(f"{PROJECTS}/{project}/phases").json)
    url = f"{PROJECTS}/{project}/applyTemplate"

    if several:
        body = [{"id": template["id"], "name": "Roll-out"}]
        answer = psa.post(f"{url}s", json=body)
    else:
        answer = psa.post(f"{url}/{template['id']}")

    assert answer.status_code == 201, answer.text
    outer, inner = answer.json["phases"][before:]
    assert (outer["description"], inner["description"]) == ("Plan", "Survey")
    assert (inner["parentPhase"]["id"], inner["budgetHours"]) == (outer["id"], 4)
    (ticket,) = psa.get("/project/tickets", params={"conditions": f"phase/id={inner['id']}"}).json
    assert ticket["summary"] == "Count switches"
    assert psa.get(f"{PROJECTS}/{project}").json["projectTemplateId"] == template["id"]
    assert psa.get(f"{PROJECTS}/{project}/projectWorkplan").json == answer.json


@pytest.mark.assumed(NAME_ONLY)
def test_templates_that_are_not_there_change_nothing(psa):
    project = first(psa, PROJECTS)["id"]
    before = psa.get(f"{PROJECTS}/{project}/phases").json

    answers = [
        psa.post(f"{PROJECTS}/{project}/applyTemplate/987654"),
        psa.post(f"{PROJECTS}/{project}/applyTemplates", json=[{"id": 987_654, "name": "x"}]),
        psa.post(f"{PROJECTS}/{project}/applyTemplates", json=[{"id": 1 << 63, "name": "x"}]),
        psa.post(f"{PROJECTS}/{project}/applyTemplates", json=[{"name": "x"}]),
    ]

    assert {each.status_code for each in answers} == {400}
    assert psa.get(f"{PROJECTS}/{project}/phases").json == before


@pytest.mark.assumed(NAME_ONLY)
def test_a_project_becomes_a_template(psa):
    project = first(psa, PROJECTS)["id"]

    made = psa.post(f"{TEMPLATES}/createFromProject/{project}", json={"name": "Like that"})

    assert made.status_code == 201, made.text
    there = psa.get(f"{PROJECTS}/{project}/phases").json
    here = psa.get(f"{TEMPLATES}/{made.json['id']}/projectTemplatePhases").json
    assert [x["description"] for x in here] == [x["description"] for x in there]
    where = {"conditions": f"project/id={project}"}
    tickets = psa.get("/project/tickets/count", params=where).json
    kept = psa.get(f"{TEMPLATES}/{made.json['id']}/projectTemplateTickets/count").json
    assert kept == tickets
