"""What time and schedule entries do to tickets, and the collections that show them there."""

import pytest

TICKET = "/service/tickets/5000"
ENTRIES, SCHEDULE = "/time/entries", "/schedule/entries"
WORK = {
    "chargeToId": 5000,
    "chargeToType": "ServiceTicket",
    "timeStart": "2026-09-11T14:00:00Z",
    "timeEnd": "2026-09-11T15:30:00Z",
}


def made(caller, path, **members):
    answer = caller.post(path, json=members)
    assert answer.status_code == 201, answer.text
    return answer.json


def hours(caller, path=TICKET):
    return caller.get(path).json.get("actualHours", 0)


@pytest.mark.documented("issue of time: entries move a ticket's actual hours (psa facts 8.7, 8.11)")
def test_a_ticket_counts_the_hours_charged_to_it(caller):
    before = hours(caller)

    entry = made(caller, ENTRIES, **WORK)
    assert hours(caller) == before + 1.5

    change = [{"op": "replace", "path": "actualHours", "value": 2}]
    assert caller.patch(f"{ENTRIES}/{entry['id']}", json=change).status_code == 200
    assert hours(caller) == before + 2

    away = [{"op": "replace", "path": "chargeToId", "value": 4985}]
    other = hours(caller, "/service/tickets/4985")
    assert caller.patch(f"{ENTRIES}/{entry['id']}", json=away).json["ticket"]["id"] == 4985
    assert hours(caller) == before
    assert hours(caller, "/service/tickets/4985") == other + 2

    assert caller.delete(f"{ENTRIES}/{entry['id']}").status_code == 204
    assert hours(caller, "/service/tickets/4985") == other


@pytest.mark.assumed("a project's hours are those of its tickets")
def test_a_project_counts_the_hours_of_its_tickets(psa):
    ticket = psa.get("/project/tickets", params={"pageSize": 1}).json[0]
    project, phase = ticket["project"]["id"], ticket["phase"]["id"]
    paths = (
        f"/project/tickets/{ticket['id']}",
        f"/project/projects/{project}",
        f"/project/projects/{project}/phases/{phase}",
    )
    before = [hours(psa, path) for path in paths]

    made(psa, ENTRIES, **{**WORK, "chargeToId": ticket["id"], "chargeToType": "ProjectTicket"})

    assert [hours(psa, path) for path in paths] == [each + 1.5 for each in before]


@pytest.mark.documented("psa facts 8.11: without chargeToId time goes to the company")
def test_time_goes_to_the_company_when_nothing_else_is_named(caller):
    entry = made(caller, ENTRIES, timeStart=WORK["timeStart"], company={"id": 12345})

    assert (entry["chargeToType"], entry["chargeToId"]) == ("Company", 12345)


@pytest.mark.documented("psa facts 8.7: time entries add to the notes through their flags")
@pytest.mark.parametrize(
    ("flag", "shown"),
    [
        ("addToDetailDescriptionFlag", "detailDescriptionFlag"),
        ("addToInternalAnalysisFlag", "internalAnalysisFlag"),
        ("addToResolutionFlag", "resolutionFlag"),
    ],
)
def test_a_time_entry_adds_its_notes_to_the_ticket(caller, flag, shown):
    made(caller, ENTRIES, **WORK, notes="Replaced the disk.", **{flag: True})

    latest = caller.get(f"{TICKET}/notes", params={"orderBy": "id desc", "pageSize": 1}).json[0]
    every = caller.get(f"{TICKET}/allNotes", params={"orderBy": "id desc", "pageSize": 1}).json[0]
    assert (latest["text"], latest[shown]) == ("Replaced the disk.", True)
    assert (every["text"], every["noteType"]) == ("Replaced the disk.", "TimeEntryNote")
    assert every["timeStart"] == WORK["timeStart"]


@pytest.mark.documented("psa facts 8.7: only through their flags")
def test_a_time_entry_without_flags_adds_no_note(caller):
    before = caller.get(f"{TICKET}/notes/count").json

    made(caller, ENTRIES, **WORK, notes="Private.")

    assert caller.get(f"{TICKET}/notes/count").json == before


@pytest.mark.documented("psa facts 8.7: timeentries, scheduleentries and allNotes below a ticket")
def test_a_ticket_shows_its_entries_and_notes(caller):
    entry = made(caller, ENTRIES, **WORK)
    plan = made(caller, SCHEDULE, objectId=5000, type={"identifier": "S"}, member={"id": 3})
    note = made(caller, f"{TICKET}/notes", text="Seen.", resolutionFlag=True)

    assert [row["id"] for row in caller.get(f"{TICKET}/timeentries").json] == [entry["id"]]
    planned = caller.get(f"{TICKET}/scheduleentries").json
    assert [(row["id"], row["description"]) for row in planned] == [(plan["id"], plan["name"])]
    assert caller.get(f"{TICKET}/allNotes").json[-1]["id"] == note["id"]

    for path in (f"{ENTRIES}/{entry['id']}", f"{SCHEDULE}/{plan['id']}"):
        assert caller.delete(path).status_code == 204
    assert caller.get(f"{TICKET}/timeentries/count").json == {"count": 0}
    assert caller.get(f"{TICKET}/scheduleentries/count").json == {"count": 0}


@pytest.mark.observed("psa facts 8.7, 10.16: resources is a string; a schedule entry assigns")
@pytest.mark.parametrize("kind", [{"id": 4}, {"identifier": "S"}, {"id": "4"}])
def test_a_schedule_entry_assigns_its_member(caller, kind):
    owner = caller.get(TICKET).json["resources"]

    entry = made(caller, SCHEDULE, objectId=5000, type=kind, member={"identifier": "jking"})
    assert caller.get(TICKET).json["resources"] == f"{owner}, JKing"

    other = [{"op": "replace", "path": "member", "value": {"identifier": "MPena"}}]
    assert caller.patch(f"{SCHEDULE}/{entry['id']}", json=other).status_code == 200
    assert caller.get(TICKET).json["resources"] == f"{owner}, MPena"

    assert caller.delete(f"{SCHEDULE}/{entry['id']}").status_code == 204
    assert caller.get(TICKET).json["resources"] == owner


@pytest.mark.assumed("a member stays on a ticket while another entry or the owner keeps it there")
def test_a_member_who_is_still_needed_stays(psa):
    owner = psa.get(TICKET).json["owner"]["id"]
    before = psa.get(TICKET).json["resources"]
    service = {"objectId": 5000, "type": {"id": 4}}
    first = made(psa, SCHEDULE, **service, member={"id": 2})["id"]
    made(psa, SCHEDULE, **service, member={"id": 2})
    owners = made(psa, SCHEDULE, **service, member={"id": owner})["id"]

    psa.delete(f"{SCHEDULE}/{first}")
    psa.delete(f"{SCHEDULE}/{owners}")

    assert psa.get(TICKET).json["resources"] == f"{before}, MPena"


@pytest.mark.assumed("what is scheduled must be there, and end after it began")
@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"objectId": 999_999}, "objectId"),
        (
            {
                "objectId": 5000,
                "dateStart": "2026-09-11T14:00:00Z",
                "dateEnd": "2026-09-11T13:00:00Z",
            },
            "dateEnd",
        ),
    ],
)
def test_a_schedule_entry_must_make_sense(psa_observed, members, field):
    answer = psa_observed.post(SCHEDULE, json={"type": {"id": 4}, **members})

    assert answer.status_code == 400
    assert [found["field"] for found in answer.json["errors"]] == [field]


@pytest.mark.observed("psa facts 6.3, 8.11: dates of schedule entries end in Z")
def test_a_schedule_entry_takes_no_offset(psa_observed):
    answer = psa_observed.post(
        SCHEDULE,
        json={"objectId": 5000, "type": {"id": 4}, "dateStart": "2026-09-11T14:32:00-04:00"},
    )

    found = answer.json["errors"][0]
    assert (answer.status_code, found["code"]) == (400, "UnsupportedFormat")
    assert found["message"] == "Unsupported format applied to dateStart"


@pytest.mark.assumed("psa facts 8.11: a settled sheet's entries cannot be written; text unknown")
def test_the_entries_of_a_settled_sheet_stay_as_they_are(psa):
    sheets = psa.get("/time/sheets", params={"conditions": "status='ApprovedByTierOne'"}).json

    answer = psa.post(ENTRIES, json={**WORK, "timeSheet": {"id": sheets[0]["id"]}})

    assert answer.status_code == 400
    assert [found["field"] for found in answer.json["errors"]] == ["timeSheet"]
