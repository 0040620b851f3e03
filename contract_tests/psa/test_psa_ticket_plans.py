"""What a ticket reckons from its dates, and what it keeps and loses when it is replaced."""

import pytest

TICKETS, PROJECT_TICKETS = "/service/tickets", "/project/tickets"
DATES = {"estimatedStartDate": "2022-09-01T08:51:01Z", "requiredDate": "2022-09-30T08:51:01Z"}


def made(caller, **members):
    answer = caller.post(TICKETS, json={"summary": "x", "company": {"id": 4}} | members)
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.mark.observed(
    "psa facts 6.10: RAPID7's full sample has 22 days from 1 to 30 September 2022"
)
def test_the_working_days_of_a_ticket_are_counted(caller):
    assert made(caller, **DATES)["duration"] == 22


@pytest.mark.assumed("psa facts 6.10: both days count, weekends do not")
@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-09-11", "2026-09-11", 1),
        ("2026-09-12", "2026-09-13", 0),
        ("2026-09-11", "2026-09-14", 2),
        ("2026-09-14", "2026-09-11", 0),
        ("2026-01-01", "2026-12-31", 261),
    ],
)
def test_weekends_do_not_count(caller, start, end, days):
    found = made(caller, estimatedStartDate=f"{start}T00:00:00Z", requiredDate=f"{end}T00:00:00Z")

    assert found["duration"] == days


@pytest.mark.observed("psa facts 6.10: the full sample's escalation begins on its required date")
def test_escalation_begins_on_the_required_date(caller):
    found = made(caller, **DATES)

    # Recorded as 04:00, in summer time; the emulated server has none (its zone is UTC-05).
    assert found["escalationStartDateUTC"] == "2022-09-30T05:00:00Z"


@pytest.mark.observed("psa facts 6.10: what the full sample says of its predecessor")
def test_a_predecessor_brings_its_members(caller):
    found = made(caller, predecessorType="Ticket", predecessorId=5000)

    assert not found["predecessorClosedFlag"]
    assert (found["lagDays"], found["lagNonworkingDaysFlag"]) == (0, False)
    assert "lagDays" not in made(caller)


@pytest.mark.observed("psa facts 6.12: RAPID7's PUT lost site, country, source and location")
def test_a_replacement_loses_what_it_does_not_say(caller):
    before = made(caller, **DATES)
    wanted = {"summary": "y", "company": {"id": 4}}

    after = caller.put(f"{TICKETS}/{before['id']}", json=wanted).json

    lost = {"site", "siteName", "country", "source", "serviceLocation", "duration", *DATES}
    assert lost <= before.keys()
    assert not lost & after.keys()
    kept = ("priority", "team", "sla", "escalationStartDateUTC", "respondedSkippedMinutes")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


@pytest.mark.observed("psa facts 6.12, 10.16: RAPID7's PUT left the assignment as it was")
def test_a_replacement_leaves_assignments(caller):
    ticket = made(caller, owner={"id": 3})
    path = f"{TICKETS}/{ticket['id']}"

    after = caller.put(path, json={"summary": "y", "company": {"id": 4}}).json

    assert "owner" not in after
    assert after["resources"] == ticket["resources"] == "JKing"
    cleared = caller.patch(path, json=[{"op": "remove", "path": "resources"}]).json
    assert "resources" not in cleared


@pytest.mark.observed("psa facts 2.5: /service/tickets has service tickets only")
def test_a_service_ticket_stays_one(caller):
    ticket = made(caller, recordType="ProjectTicket")
    change = [{"op": "replace", "path": "recordType", "value": "ProjectIssue"}]

    assert ticket["recordType"] == "ServiceTicket"
    changed = caller.patch(f"{TICKETS}/{ticket['id']}", json=change)
    assert changed.json["recordType"] == "ServiceTicket"


@pytest.mark.documented("seed 003, 'Post': the system will default what is required")
def test_a_project_ticket_gets_defaults_too(caller):
    payload = {"summary": "x", "phase": {"id": 1}, "initialDescription": "hello"}

    made = caller.post(PROJECT_TICKETS, json=payload).json

    names = ("priority", "source", "serviceLocation", "location", "department", "site", "currency")
    assert all(made[name]["id"] for name in names)
    assert (made["approved"], made["closedFlag"], made["billTime"]) == (True, False, "NoDefault")
    notes = caller.get(f"{PROJECT_TICKETS}/{made['id']}/notes").json
    assert [(note["text"], note["detailDescriptionFlag"]) for note in notes] == [("hello", True)]


@pytest.mark.assumed("psa facts 6.10: closing stamps a ticket of the desk, so one of a project too")
def test_a_project_ticket_is_closed_by_its_status(make_tenant):
    tenant = make_tenant().unlimited()
    board = tenant.psa.get(f"{PROJECT_TICKETS}/2001").json["board"]["id"]
    statuses = tenant.psa.get(f"/service/boards/{board}/statuses").json
    closed = next(each["id"] for each in statuses if each["closedStatus"])
    ticket = tenant.psa.post(PROJECT_TICKETS, json={"summary": "x", "phase": {"id": 1}}).json

    document = [{"op": "replace", "path": "status/id", "value": closed}]
    after = tenant.psa.patch(f"{PROJECT_TICKETS}/{ticket['id']}", json=document).json

    assert (after["closedFlag"], after["closedBy"]) == (True, "Admin1")
    assert after["closedDate"] == after["_info"]["lastUpdated"]
