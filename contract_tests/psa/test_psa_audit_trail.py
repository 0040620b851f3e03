"""The audit trail (psa facts 8.2)."""

import pytest

TRAIL, TICKET = "/system/audittrail", "/service/tickets/5000"


def trail(caller, kind, record_id, **params):
    answer = caller.get(TRAIL, params={"type": kind, "id": record_id, "pageSize": 1000, **params})
    assert answer.status_code == 200, answer.text
    return answer.json


def replace(path, value):
    return {"op": "replace", "path": path, "value": value}


@pytest.mark.documented("psa facts 8.2: what an entry shows")
def test_a_change_is_told_with_who_and_when_and_what(make_tenant):
    tenant = make_tenant().unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True})
    now = tenant.admin("GET", "/clock").json["now"][:19]
    psa = tenant.psa
    assert trail(psa, "Ticket", 5000) == []

    psa.patch(TICKET, json=[replace("summary", "Printer on fire"), replace("status/id", 2)])

    told = {"enteredDate": f"{now}Z", "enteredBy": "Admin1", "auditType": "Ticket"}
    assert trail(psa, "ticket", 5000) == [
        {
            "text": 'Summary changed from "Email not working" to "Printer on fire".',
            **told,
            "auditSubType": "Summary",
            "auditSource": "API",
        },
        {
            "text": 'Status changed from "New" to "In Progress".',
            **told,
            "auditSubType": "Status",
            "auditSource": "API",
        },
    ]
    counted = psa.get(f"{TRAIL}/count", params={"type": "Ticket", "id": 5000}).json
    assert counted == {"count": 2}


@pytest.mark.assumed("the words of the trail are ours; psa facts 8.2 names its types")
@pytest.mark.parametrize(
    ("kind", "path", "body", "field", "value"),
    [
        ("Company", "/company/companies", {"identifier": "Au", "name": "Audit"}, "city", "Ulm"),
        ("Contact", "/company/contacts", {"firstName": "Ada"}, "title", "Countess"),
        ("Time", "/time/entries", {"timeStart": "2026-09-11T14:00:00Z"}, "notes", "Done"),
        ("Schedule", "/schedule/entries", {"type": {"id": 4}, "objectId": 5000}, "name", "Visit"),
        (
            "Configuration",
            "/company/configurations",
            {"name": "PC-1", "type": {"id": 1}, "company": {"id": 12345}},
            "serialNumber",
            "S-1",
        ),
    ],
)
def test_a_record_s_life_is_told_from_beginning_to_end(caller, kind, path, body, field, value):
    made = caller.post(path, json=body)
    assert made.status_code == 201, made.text
    record_id = made.json["id"]
    caller.patch(f"{path}/{record_id}", json=[replace(field, value)])
    caller.delete(f"{path}/{record_id}")

    parts = [
        row["auditSubType"].casefold().replace(" ", "") for row in trail(caller, kind, record_id)
    ]
    assert (parts[0], parts[-1]) == ("created", "deleted")
    assert field.casefold() in parts


@pytest.mark.assumed("a refused write is not told, nor one that changes nothing")
def test_what_did_not_happen_is_not_told(psa):
    psa.patch(TICKET, json=[replace("summary", "x" * 101)])
    psa.patch(TICKET, json=[replace("summary", "Email not working")])

    assert trail(psa, "Ticket", 5000) == []


@pytest.mark.assumed("a custom field is told by its caption")
def test_a_custom_field_is_told_by_its_caption(psa):
    psa.patch(TICKET, json=[replace("customFields", [{"id": 5, "value": True}])])

    assert [row["auditSubType"] for row in trail(psa, "Ticket", 5000)] == ["CloudPlus"]


@pytest.mark.assumed("a password is never told")
def test_a_password_is_never_told(psa):
    psa.patch("/company/contacts/1", json=[replace("portalPassword", "hunter22")])

    told = trail(psa, "Contact", 1)
    assert [row["auditSubType"] for row in told] == ["Portal Password"]
    assert "hunter22" not in str(told)


@pytest.mark.documented("psa facts 8.2: Purchasing is a type too; deviceIdentifier, xrefRecId")
def test_other_ways_to_name_the_record(psa):
    made = psa.post(
        "/company/configurations",
        json={
            "name": "PC-1",
            "type": {"id": 1},
            "company": {"id": 12345},
            "deviceIdentifier": "dev-77",
        },
    ).json

    params = {"type": "Configuration", "deviceIdentifier": "DEV-77"}
    assert len(psa.get(TRAIL, params=params).json) == 1
    params = {"type": "Configuration", "xrefRecId": made["id"]}
    assert len(psa.get(TRAIL, params=params).json) == 1
    assert psa.get(TRAIL, params={"type": "Purchasing", "id": 1}).json == []
    assert psa.get(TRAIL, params={"deviceIdentifier": "none"}).json == []


@pytest.mark.assumed("what cannot be asked for is refused")
@pytest.mark.parametrize("params", [{"type": "Nonsense"}, {"id": "x"}, {"xrefRecId": "-"}])
def test_an_unreadable_question_is_refused(caller, params):
    assert caller.get(TRAIL, params=params).status_code == 400


@pytest.mark.documented("seed 003, 'Forward-Only': it does not work with the audit trail")
def test_the_trail_has_pages(psa):
    for number in range(3):
        psa.patch(TICKET, json=[replace("summary", f"Change {number}")])

    forward = {"pagination-type": "forward-only"}
    params = {"type": "Ticket", "id": 5000, "pageSize": 2, "page": 2}
    answer = psa.get(TRAIL, params=params, headers=forward)

    assert [row["text"] for row in answer.json] == [
        'Summary changed from "Change 1" to "Change 2".'
    ]
    assert 'rel="first"' in answer.headers["Link"]
