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


@pytest.mark.assumed("what lies below a record is told in its trail, unless it came with it")
def test_what_lies_below_is_told_in_the_trail(psa):
    note = {"text": "Hello", "resolutionFlag": True}
    new = {"summary": "x", "company": {"id": 12345}, "initialDescription": "It beeps"}
    ticket_id = psa.post("/service/tickets", json=new).json["id"]
    notes = f"/service/tickets/{ticket_id}/notes"
    note_id = psa.post(notes, json=note).json["id"]
    psa.patch(f"{notes}/{note_id}", json=[replace("text", "Bye")])
    psa.delete(f"{notes}/{note_id}")

    told = [f"Note {note_id} {deed}." for deed in ("added", "changed", "deleted")]
    texts = [row["text"] for row in trail(psa, "Ticket", ticket_id)]
    assert texts == [f"Ticket {ticket_id} created.", *told]


@pytest.mark.observed("psa facts 8.2: an entry shows six members and no more")
def test_entries_of_the_world_look_like_those_of_writes(psa):
    psa.patch(TICKET, json=[replace("summary", "Other")])
    members = {"text", "enteredDate", "enteredBy", "auditType", "auditSubType", "auditSource"}

    rows = psa.get(TRAIL, params={"pageSize": 1000}).json

    assert len(rows) > 1
    # What a workflow did was entered by nobody.
    assert all(members - {"enteredBy"} <= set(row) <= members for row in rows)


@pytest.mark.live
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


@pytest.mark.assumed("psa facts 8.5: the logs of tickets and of time tell of every write")
def test_writes_are_logged(psa_observed):
    new = {"summary": "Logged", "company": {"id": 12345}}
    ticket_id = psa_observed.post("/service/tickets", json=new).json["id"]
    path = f"/service/tickets/{ticket_id}"
    entry = {"chargeToId": ticket_id, "chargeToType": "ServiceTicket"}
    entry |= {"timeStart": "2026-09-11T14:00:00Z", "actualHours": 2}
    entry_id = psa_observed.post("/time/entries", json=entry).json["id"]
    assert psa_observed.delete(f"/time/entries/{entry_id}").status_code == 204
    assert psa_observed.delete(path).status_code == 204

    def logged(where, conditions):
        rows = psa_observed.get(where, params={"conditions": conditions, "pageSize": 100}).json
        return [(row["action"], row["_info"]["updatedBy"]) for row in rows]

    actions = ["Create", "Update", "Update", "Delete"]
    tickets = logged("/service/tickets/changelogs", f"ticketNumber = {ticket_id}")
    assert tickets == [(action, "Admin1") for action in actions]
    times = logged("/time/changelogs", f"timeRecId = {entry_id}")
    assert times == [("Create", "Admin1"), ("Delete", "Admin1")]
