"""Actions: merge, attach, convert, copy, approve (psa facts 8.5); configurations on tickets."""

import itertools

import pytest
from psa_wording import error, fault, refused

TICKETS, COMPANIES, CONTACTS = "/service/tickets", "/company/companies", "/company/contacts"
NUMBERS = itertools.count(1)
SUCCESS = {"success": True, "message": "Success"}


def made(caller, path=TICKETS, **members):
    body = {"summary": "x", "company": {"id": 12345}, **members} if path == TICKETS else members
    answer = caller.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json


def company(caller, **members):
    number = next(NUMBERS)
    body = {"identifier": f"Merge{number}", "name": f"Merge {number}", **members}
    return made(caller, COMPANIES, **body)["id"]


# -- tickets -----------------------------------------------------------------------------------


@pytest.mark.documented("psa facts 8.5: merge takes the tickets and the status that they get")
def test_tickets_are_merged(caller):
    parent, first, second = (made(caller)["id"] for _ in range(3))
    closed = caller.get("/service/boards/1/statuses", params={"conditions": "closedStatus=true"})

    answer = caller.post(
        f"{TICKETS}/{parent}/merge",
        json={"mergeTicketIds": [first, second], "status": {"id": closed.json[0]["id"]}},
    )

    assert (answer.status_code, answer.json) == (200, SUCCESS)
    for ticket_id in (first, second):
        ticket = caller.get(f"{TICKETS}/{ticket_id}").json
        assert (ticket["closedFlag"], ticket["mergedParentTicket"]["id"]) == (True, parent)
    assert caller.get(f"{TICKETS}/{parent}").json["hasMergedChildTicketFlag"]


@pytest.mark.assumed("a merge that cannot be done does nothing")
@pytest.mark.parametrize("also", ["itself", "missing", "none", "status"])
def test_a_bad_merge_does_nothing(psa_observed, also):
    parent, child = made(psa_observed)["id"], made(psa_observed)["id"]
    before = psa_observed.get(f"{TICKETS}/{child}").data
    ids = {"itself": [child, parent], "missing": [child, 999_999], "none": []}.get(also, [child])

    answer = psa_observed.post(
        f"{TICKETS}/{parent}/merge",
        json={"mergeTicketIds": ids, "status": {"id": 99_999 if also == "status" else 1}},
    )

    assert answer.status_code == 400
    assert psa_observed.get(f"{TICKETS}/{child}").data == before


@pytest.mark.documented("psa facts 8.5: attachChildren")
def test_children_are_attached_and_taken_away(caller):
    parent, child = made(caller)["id"], made(caller)["id"]

    answer = caller.post(f"{TICKETS}/{parent}/attachChildren", json={"childTicketIds": [child]})

    assert (answer.status_code, answer.json) == (200, SUCCESS)
    assert caller.get(f"{TICKETS}/{child}").json["parentTicketId"] == parent
    assert caller.get(f"{TICKETS}/{parent}").json["hasChildTicket"]
    away = [{"op": "remove", "path": "parentTicketId"}]
    assert caller.patch(f"{TICKETS}/{child}", json=away).status_code == 200
    assert not caller.get(f"{TICKETS}/{parent}").json["hasChildTicket"]


@pytest.mark.assumed("no ticket lies below itself")
def test_tickets_make_no_circle(psa_observed):
    first = made(psa_observed)["id"]
    second = made(psa_observed, parentTicketId=first)["id"]

    circle = [{"op": "replace", "path": "parentTicketId", "value": second}]
    answer = psa_observed.patch(f"{TICKETS}/{first}", json=circle)

    told = fault("InvalidField", "A ticket cannot be put below itself.", "ticket", "parentTicketId")
    assert refused(answer, 400, error("InvalidObject", "ticket object is invalid", told))
    missing = [{"op": "replace", "path": "parentTicketId", "value": 999_999}]
    assert psa_observed.patch(f"{TICKETS}/{first}", json=missing).status_code == 400


@pytest.mark.documented("psa facts 8.5: convert; what goes along is assumed")
def test_a_ticket_becomes_a_project_ticket_and_back(psa):
    ticket = made(psa, initialDescription="Broken", budgetHours=3)["id"]
    entry = made(
        psa,
        "/time/entries",
        chargeToId=ticket,
        chargeToType="ServiceTicket",
        timeStart="2026-09-11T14:00:00Z",
        actualHours=2,
    )["id"]

    answer = psa.post(f"{TICKETS}/{ticket}/convert", json={"phase": {"id": 1}, "wbsCode": "1"})

    assert (answer.status_code, answer.json["success"]) == (200, True)
    assert psa.get(f"{TICKETS}/{ticket}").status_code == 404
    project_ticket = psa.get(f"/time/entries/{entry}").json["chargeToId"]
    shown = psa.get(f"/project/tickets/{project_ticket}").json
    assert (shown["summary"], shown["phase"]["id"], shown["budgetHours"]) == ("x", 1, 3)
    assert shown["actualHours"] == 2
    notes = psa.get(f"/project/tickets/{project_ticket}/notes").json
    assert [note["text"] for note in notes] == ["Broken"]

    back = psa.post(
        f"/project/tickets/{project_ticket}/convert", json={"recordType": "ServiceTicket"}
    )
    assert back.status_code == 200, back.text
    entry = psa.get(f"/time/entries/{entry}").json
    assert entry["chargeToType"] == "ServiceTicket"
    assert psa.get(f"{TICKETS}/{entry['chargeToId']}").json["actualHours"] == 2


@pytest.mark.documented("psa facts 8.5: copy")
def test_a_ticket_is_copied(caller):
    answer = caller.post(f"{TICKETS}/5000/copy")

    assert answer.status_code == 200
    assert answer.json["id"] > 5000
    assert answer.json["summary"].startswith("Email not working")


# -- configurations ----------------------------------------------------------------------------


@pytest.mark.observed("psa facts 8.7: POST, GET and DELETE by the configuration's id")
def test_a_configuration_is_attached_and_detached(caller):
    path = f"{TICKETS}/5000/configurations"
    name = caller.get("/company/configurations/1001").json["name"]

    answer = caller.post(path, json={"id": 1001})

    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"{path}/1001")
    assert answer.json["id"] == 1001
    assert answer.json["_info"]["name"] == name
    assert answer.json["_info"]["configuration_href"].endswith("//company/configurations/1001")
    assert caller.post(path, json={"id": "1001"}).json == answer.json
    assert caller.get(path).json == [answer.json]
    assert caller.get(f"{path}/1001").json == answer.json
    assert caller.get(f"{path}/count").json == {"count": 1}
    assert caller.delete(f"{path}/1001").status_code == 204
    assert caller.delete(f"{path}/1001").status_code == 404
    assert caller.get("/company/configurations/1001").status_code == 200


@pytest.mark.assumed("a configuration may be on several tickets")
def test_a_configuration_is_attached_to_several_tickets(psa):
    tickets = [made(psa)["id"] for _ in range(3)]

    for ticket in tickets:
        assert psa.post(f"{TICKETS}/{ticket}/configurations", json={"id": 1003}).json["id"] == 1003
    assert psa.delete(f"{TICKETS}/{tickets[1]}/configurations/1003").status_code == 204

    found = [len(psa.get(f"{TICKETS}/{each}/configurations").json) for each in tickets]
    assert found == [1, 0, 1]


@pytest.mark.observed("psa facts 6.3: the words for a reference without an id")
def test_a_configuration_must_be_named(psa_observed):
    path = f"{TICKETS}/5000/configurations"

    answer = psa_observed.post(path, json={})
    assert answer.status_code == 400
    found = answer.json["errors"][0]
    assert (found["message"], found["field"]) == ("id or deviceIdentifier is required.", "id")
    assert psa_observed.post(path, json={"id": 999_999}).json["errors"][0]["code"] == "NotFound"
    assert psa_observed.post(path, json={"id": [1]}).status_code == 400


@pytest.mark.documented("psa facts 8.7: or by its device")
def test_a_configuration_is_named_by_its_device(psa):
    device = {"name": "PC", "type": {"id": 1}, "company": {"id": 12345}, "deviceIdentifier": "D-1"}
    configuration = made(psa, "/company/configurations", **device)["id"]

    answer = psa.post(f"{TICKETS}/5000/configurations", json={"deviceIdentifier": "d-1"})

    assert (answer.json["id"], answer.json["deviceIdentifier"]) == (configuration, "D-1")


# -- companies and contacts --------------------------------------------------------------------


@pytest.mark.documented("psa facts 8.5: a company is merged into another")
def test_a_company_is_merged(caller):
    source, target = company(caller, website="a.example"), company(caller)
    ticket = made(caller, company={"id": source})["id"]
    contact = made(caller, CONTACTS, firstName="Ada", company={"id": source})["id"]

    answer = caller.post(
        f"{COMPANIES}/{source}/merge",
        json={
            "toCompanyId": target,
            "website": "From",
            "identifier": "From",
            "services": "Merge",
            "contacts": "Discard",
        },
    )

    assert (answer.status_code, answer.json) == (200, SUCCESS)
    assert caller.get(f"{TICKETS}/{ticket}").json["company"]["id"] == target
    assert caller.get(f"{CONTACTS}/{contact}").json["company"]["id"] == source
    gone, kept = (caller.get(f"{COMPANIES}/{each}").json for each in (source, target))
    assert (gone["deletedFlag"], kept["website"]) == (True, "a.example")
    assert kept["identifier"] != gone["identifier"]


@pytest.mark.assumed("a company is merged into one that is there, and not into itself")
def test_a_bad_merge_of_companies_does_nothing(psa_observed):
    source = company(psa_observed)

    for target in (source, 999_999):
        answer = psa_observed.post(f"{COMPANIES}/{source}/merge", json={"toCompanyId": target})
        assert answer.status_code == 400
    assert not psa_observed.get(f"{COMPANIES}/{source}").json["deletedFlag"]


@pytest.mark.observed("psa facts 6.13: transferContactId; deleting twice is 404")
def test_a_contact_hands_its_records_over(psa_observed):
    first, second = (made(psa_observed, CONTACTS, firstName=name)["id"] for name in ("A", "B"))
    ticket = made(psa_observed, contact={"id": first})["id"]
    path = f"{CONTACTS}/{first}"

    assert psa_observed.delete(path).status_code == 409
    bad = psa_observed.delete(path, params={"transferContactId": "999999"})
    assert (bad.status_code, bad.json["errors"][0]["field"]) == (400, "transferContactId")
    assert psa_observed.delete(path, params={"transferContactId": second}).status_code == 204
    assert psa_observed.get(f"{TICKETS}/{ticket}").json["contact"]["id"] == second
    told = error("NotFound", f"Contact {first} not found")
    assert refused(psa_observed.delete(path), 404, told)


# -- sheets ------------------------------------------------------------------------------------


@pytest.mark.documented("psa facts 8.5: submit, approve, reject, reverse; statuses are assumed")
@pytest.mark.parametrize("path", ["/time/sheets", "/expense/reports"])
def test_a_sheet_goes_its_way(psa, path):
    sheet = f"{path}/{psa.get(path, params={'pageSize': 1}).json[0]['id']}"
    way = []
    for word in ("reverse", "submit", "approve", "approve", "reverse", "reject"):
        psa.post(f"{sheet}/{word}", json={})
        way.append(psa.get(sheet).json["status"])

    tiers = ["ApprovedByTierOne", "ApprovedByTierTwo"]
    assert way == ["Open", "PendingApproval", *tiers, "Open", "Rejected"]
    assert psa.post(f"{sheet}/reject", json={}).status_code == 400


@pytest.mark.observed("psa facts 8.7: by the configuration's id, whatever else has that number")
def test_a_row_s_own_number_is_not_taken_for_a_configuration(psa):
    paths = [f"{TICKETS}/{made(psa)['id']}/configurations" for _ in range(2)]
    for path in paths:
        made(psa, path, id=1001)
    type_id = psa.get("/company/configurations/1001").json["type"]["id"]
    body = {"name": "Late", "company": {"id": 12345}, "type": {"id": type_id}}
    late = [made(psa, "/company/configurations", **body)["id"] for _ in range(3)]

    for number in late:
        assert all(psa.get(f"{path}/{number}").status_code == 404 for path in paths)
        made(psa, paths[1], id=number)
    shown = [each["id"] for each in psa.get(paths[1]).json]
    assert sorted(shown) == sorted([1001, *late])
