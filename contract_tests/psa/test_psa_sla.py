"""The clock of a ticket's service level: how long it took, what it waited, whether in time."""

import pytest

TICKETS = "/service/tickets"
CALCULATED = f"{TICKETS}/calculateSla"
described = pytest.mark.documented("the description: calculateSla tells an active ticket's times")


class Desk:
    """A tenant whose clock is moved by hand."""

    def __init__(self, tenant):
        self.tenant, self.caller = tenant, tenant.psa
        tenant.admin("POST", "/clock", json={"freeze": True, "now": "2026-09-14T05:00:00Z"})

    def later(self, hours):
        self.tenant.admin("POST", "/clock", json={"advance": hours * 3600})

    def ticket(self, status="New"):
        body = {"summary": "x", "company": {"id": 4}, "board": {"id": 1}, "sla": {"id": 1}}
        body |= {"status": {"name": status}, "priority": {"id": 3}}
        return self.caller.post(TICKETS, json=body).json

    def moved(self, ticket, status):
        change = [{"op": "replace", "path": "status", "value": {"name": status}}]
        answer = self.caller.patch(f"{TICKETS}/{ticket['id']}", json=change)
        assert answer.status_code == 200, answer.json
        return answer.json

    def calculated(self, ticket, **params):
        found = self.caller.get(CALCULATED, params={"conditions": f"id={ticket['id']}", **params})
        return found.json[0]


@pytest.fixture
def desk(make_tenant):
    """Return a desk; the first SLA gives 24 hours for the third priority."""
    return Desk(make_tenant("observed").unlimited())


def minutes(ticket):
    return [ticket[f"{name}Minutes"] for name in ("respond", "resPlan", "resolve")]


@described
def test_the_times_of_an_open_ticket_are_those_of_now(desk):
    ticket = desk.ticket()
    desk.later(2)

    stored = desk.caller.get(f"{TICKETS}/{ticket['id']}").json
    assert minutes(stored) == [0, 0, 0]
    assert minutes(desk.calculated(ticket)) == [120, 120, 120]
    assert desk.calculated(ticket)["isInSla"] is True
    desk.moved(ticket, "In Progress")
    desk.later(23)
    assert minutes(desk.calculated(ticket)) == [120, 1500, 1500]
    assert desk.calculated(ticket)["isInSla"] is False
    assert desk.calculated(ticket, fields="id,isInSla") == {"id": ticket["id"], "isInSla": False}
    assert desk.calculated(ticket)["slaStatus"] == ticket["slaStatus"]


@described
def test_a_page_of_it_is_a_page_of_tickets(desk):
    plain = desk.caller.get(TICKETS, params={"pageSize": "3", "page": "2"})
    shown = desk.caller.get(CALCULATED, params={"pageSize": "3", "page": "2"})

    assert [each["id"] for each in shown.json] == [each["id"] for each in plain.json]
    assert shown.headers["Link"] == plain.headers["Link"].replace(TICKETS, CALCULATED)
    assert shown.json[0]["board"] == plain.json[0]["board"]
    assert desk.caller.get(CALCULATED, params={"conditions": "nonsense=1"}).status_code == 400


@pytest.mark.assumed("the description has the members; when they are written is not published")
@pytest.mark.parametrize(("hours", "in_time"), [(24, True), (25, False)])
def test_a_closed_ticket_tells_how_long_it_took_and_whether_in_time(desk, hours, in_time):
    ticket = desk.ticket()
    desk.later(1)
    responded = desk.moved(ticket, "Assigned")
    desk.later(hours - 1)

    closed = desk.moved(ticket, ">Closed")

    assert (responded["respondMinutes"], responded["dateResponded"]) == (60, "2026-09-14T06:00:00Z")
    assert (closed["resolveMinutes"], closed["isInSla"]) == (hours * 60, in_time)
    assert desk.calculated(ticket)["resolveMinutes"] == hours * 60
    again = desk.caller.put(f"{TICKETS}/{ticket['id']}", json=closed).json
    assert (again["resolveMinutes"], again["isInSla"]) == (hours * 60, in_time)
    opened = desk.moved(ticket, "Assigned")
    assert (opened["resolveMinutes"], opened["isInSla"]) == (0, True)


@pytest.mark.assumed("a status without escalation stops the clock, or does not")
@pytest.mark.parametrize(("pauses", "waited"), [(True, 600), (False, 0)])
@pytest.mark.parametrize("begins", ["New", "Waiting on Client"])
def test_a_waiting_ticket_stops_its_clock(make_tenant, pauses, waited, begins):
    desk = Desk(make_tenant("observed", psa={"sla_pauses": pauses}).unlimited())
    ticket = desk.ticket(begins)
    if begins == "New":
        desk.later(2)
        desk.moved(ticket, "Waiting on Client")
    desk.later(4)
    note = {"text": "Still waiting", "resolutionFlag": True}
    assert desk.caller.post(f"{TICKETS}/{ticket['id']}/notes", json=note).status_code == 201
    desk.later(6)
    now = desk.calculated(ticket)

    resumed = desk.moved(ticket, "In Progress")

    assert now["minutesWaiting"] == resumed.get("minutesWaiting", 0) == waited
    assert (resumed["slaStatus"] == ticket["slaStatus"]) is (waited == 0)
    assert desk.moved(ticket, "Waiting on Client").get("minutesWaiting", 0) == waited
    desk.later(1)
    closed = desk.moved(ticket, ">Closed")
    spent = 60 * (13 if begins == "New" else 11)
    assert closed["resolveMinutes"] == spent - (waited + 60 if waited else 0)


@pytest.mark.assumed("a ticket that waited when the world began, and one that a client resets")
def test_odd_waits_do_no_harm(desk):
    found = desk.caller.get(
        TICKETS, params={"conditions": "status/name='Waiting on Client' and board/id=1"}
    ).json[0]
    odd = {"minutesWaiting": 2**31 - 1, "resolveMinutes": -5}
    sent = [{"op": "replace", "path": name, "value": value} for name, value in odd.items()]

    desk.later(24 * 90)
    waited = desk.moved(found, "In Progress")["minutesWaiting"]
    assert waited > 0
    assert desk.caller.patch(f"{TICKETS}/{found['id']}", json=sent).status_code == 200
    assert desk.moved(found, "Waiting on Client")["minutesWaiting"] == waited
    desk.later(24 * 365 * 200)
    assert desk.calculated(found)["isInSla"] is True
    closed = desk.moved(found, ">Closed")
    assert closed["minutesWaiting"] == waited + 60 * 24 * 365 * 200
    assert closed["resolveMinutes"] >= 0
