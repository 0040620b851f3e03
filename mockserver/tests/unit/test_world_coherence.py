"""The two vendors' halves of a world, and the parts of each, tell the same story."""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache

import pytest

from mockserver.fixtures.builder import Scale, build

SIZES = pytest.mark.parametrize("name", ["tiny", "default"])
OPEN_ALERTS = {"New", "Active", "Acknowledged"}


@cache
def tables(name="default"):
    found = defaultdict(list)
    for path, record in build(42, Scale.named(name)):
        found[path].append(record)
    return found


@cache
def by_id(path, name="default", field="id"):
    return {record[field]: record for record in tables(name)[path]}


def instant(text):
    return datetime.fromisoformat(text)


@SIZES
def test_managed_companies_are_clients_and_each_points_at_the_other(name):
    companies = by_id("company/companies", name)
    clients = tables(name)["automate:Clients"]
    pointing = set()
    for client in clients:
        company = companies[client["ExternalId"]]
        pointing.add(company["id"])
        assert company["name"] == client["Name"]
        assert {"id": 20, "value": client["Id"]}.items() <= company["customFields"][0].items()
    others = [each for each in companies.values() if each["id"] not in pointing]
    assert all(each["customFields"][0]["value"] is None for each in others)
    assert len(clients) >= 3


@SIZES
def test_sites_are_locations(name):
    sites = by_id("company/companies/sites", name)
    clients = by_id("automate:Clients", name, "Id")
    for location in tables(name)["automate:Locations"]:
        site = sites[location["ExternalId"]]
        assert (site["name"], site["city"]) == (location["Name"], location["City"])
        assert site["company"]["id"] == clients[location["Client"]["Id"]]["ExternalId"]


@SIZES
def test_configurations_are_computers(name):
    machines = by_id("automate:Computers", name, "Id")
    clients = by_id("automate:Clients", name, "Id")
    locations = by_id("automate:Locations", name, "Id")
    paired = [r for r in tables(name)["company/configurations"] if "deviceIdentifier" in r]
    assert len(paired) == len(machines)
    for configuration in paired:
        machine = machines[int(configuration["deviceIdentifier"])]
        assert configuration["name"] == machine["ComputerName"]
        assert configuration["serialNumber"] == machine["SerialNumber"]
        assert configuration["managementLink"].endswith(f"/{machine['Id']}")
        assert configuration["company"]["id"] == clients[machine["Client"]["Id"]]["ExternalId"]
        assert configuration["site"]["id"] == locations[machine["Location"]["Id"]]["ExternalId"]


@SIZES
def test_counts_of_clients_and_locations_are_right(name):
    for client in tables(name)["automate:Clients"]:
        mine = [m for m in tables(name)["automate:Computers"] if m["Client"]["Id"] == client["Id"]]
        here = [r for r in tables(name)["automate:Locations"] if r["Client"]["Id"] == client["Id"]]
        assert (client["ComputerCount"], client["LocationCount"]) == (len(mine), len(here))
        assert sum(each["ComputerCount"] for each in here) == len(mine)


@SIZES
def test_open_alerts_have_open_tickets_of_their_client(name):
    tickets, clients = by_id("service/tickets", name), by_id("automate:Clients", name, "Id")
    statuses = by_id("service/boards/statuses", name)
    for alert in tables(name)["automate:Alerts"]:
        assert "TicketID" in alert or alert["Status"] not in OPEN_ALERTS
        if "TicketID" in alert:
            ticket = tickets[alert["TicketID"]]
            assert alert["Monitor"]["Name"] in ticket["summary"]
            assert alert["Computer"]["Name"] in ticket["summary"]
            assert ticket["company"]["id"] == clients[alert["Client"]["Id"]]["ExternalId"]
            assert ticket["closedFlag"] is (alert["Status"] not in OPEN_ALERTS)
            assert alert["TicketStatus"] == statuses[ticket["status"]["id"]]["name"]
            assert ticket["_info"]["dateEntered"] >= alert["TimeGenerated"]


@SIZES
def test_alerts_come_from_a_monitor_of_their_computer(name):
    monitors = by_id("automate:Monitors", name, "MonitorID")
    machines = by_id("automate:Computers", name, "Id")
    for alert in tables(name)["automate:Alerts"]:
        monitor = monitors[alert["Monitor"]["Id"]]
        assert monitor["Computer"] == {n: alert["Computer"][n] for n in ("Id", "Name")}
        assert alert["Computer"]["ComputerStatus"] == machines[alert["Computer"]["Id"]]["Status"]
        times = [alert.get(f"Time{each}") for each in ("Generated", "Acknowledged", "Resolved")]
        told = [each for each in times if each]
        assert told == sorted(told)
        assert alert["LastUpdate"] >= told[-1]
        if alert["Status"] in OPEN_ALERTS:
            assert monitor["Status"] in {"Warning", "Error", "Critical"}


def test_alerts_are_in_every_state_and_severity():
    seen = {(alert["Status"], alert["Severity"]) for alert in tables()["automate:Alerts"]}

    states = ("New", "Active", "Acknowledged", "Resolved", "Cleared", "Suppressed")
    assert seen >= {(state, severity) for state in states for severity in (1, 2, 3, 4)}


def test_tickets_are_in_every_status_of_every_board():
    used = {t["status"]["id"] for t in tables()["service/tickets"] + tables()["project/tickets"]}

    assert used == set(by_id("service/boards/statuses"))
    assert len({t["priority"]["id"] for t in tables()["service/tickets"]}) >= 4


def test_tickets_reach_back_two_years_and_are_weighted_to_the_present():
    entered = sorted(t["_info"]["dateEntered"] for t in tables()["service/tickets"])

    assert sum("2024-07" <= each < "2025-01" for each in entered) >= 20
    assert sum(each >= "2026-01" for each in entered) > len(entered) / 3


@SIZES
@pytest.mark.parametrize("path", ["service/tickets", "project/tickets"])
def test_a_ticket_stays_within_its_board_and_its_company(path, name):
    parts = {"status": "statuses", "type": "types", "subType": "subtypes", "item": "items"}
    contacts, sites = by_id("company/contacts", name), by_id("company/companies/sites", name)
    agreements = by_id("finance/agreements", name)
    for ticket in tables(name)[path]:
        for field, child in parts.items():
            part = by_id(f"service/boards/{child}", name)[ticket[field]["id"]]
            assert part["board"] == ticket["board"]
        assert sites[ticket["site"]["id"]]["company"] == ticket["company"]
        if "contact" in ticket:
            assert contacts[ticket["contact"]["id"]]["company"] == ticket["company"]
        if "agreement" in ticket:
            assert agreements[ticket["agreement"]["id"]]["company"] == ticket["company"]


@SIZES
def test_owners_are_in_the_team_and_among_the_resources(name):
    members, teams = by_id("system/members", name), by_id("service/boards/teams", name)
    for ticket in tables(name)["service/tickets"]:
        team = teams[ticket["team"]["id"]]
        assert team["boardId"] == ticket["board"]["id"]
        if "owner" in ticket:
            assert ticket["owner"]["id"] in team["members"]
            owner = members[ticket["owner"]["id"]]["identifier"]
            assert owner in ticket["resources"].split(", ")


@SIZES
@pytest.mark.parametrize("path", ["service/tickets", "project/tickets"])
def test_closed_tickets_are_closed_in_every_respect(path, name):
    statuses = by_id("service/boards/statuses", name)
    for ticket in tables(name)[path]:
        closed = statuses[ticket["status"]["id"]]["closedStatus"]
        assert ticket["closedFlag"] is closed
        assert ("closedDate" in ticket) is ("closedBy" in ticket) is closed
        if closed:
            assert ticket["closedDate"] >= ticket["_info"]["dateEntered"]


@SIZES
def test_notes_lie_between_the_beginning_and_the_end_of_their_ticket(name):
    tickets = by_id("service/tickets", name)
    for note in tables(name)["service/tickets/notes"]:
        ticket = tickets[note["ticketId"]]
        last = ticket.get("closedDate", "2026-06-30T23:59:59Z")
        assert ticket["_info"]["dateEntered"] <= note["dateCreated"] <= last
        flags = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")
        assert sum(note[each] for each in flags) == 1


@SIZES
@pytest.mark.parametrize(
    ("path", "kind"), [("service/tickets", "ServiceTicket"), ("project/tickets", "ProjectTicket")]
)
def test_time_adds_up_to_the_hours_of_the_ticket(path, kind, name):
    hours, tickets = defaultdict(float), by_id(path, name)
    for entry in tables(name)["time/entries"]:
        span = instant(entry["timeEnd"]) - instant(entry["timeStart"])
        assert span == timedelta(hours=entry["actualHours"])
        if entry["chargeToType"] == kind:
            ticket = tickets[entry["chargeToId"]]
            hours[ticket["id"]] += entry["actualHours"]
            assert entry["company"] == ticket["company"]
            last = ticket.get("closedDate", "2026-06-30T23:59:59Z")
            assert ticket["_info"]["dateEntered"] <= entry["timeStart"] <= entry["timeEnd"] <= last
    assert {each: ticket["actualHours"] for each, ticket in tickets.items()} == {
        each: hours[each] for each in tickets
    }


def test_hours_of_projects_are_those_of_their_tickets():
    hours = defaultdict(float)
    for ticket in tables()["project/tickets"]:
        hours[ticket["project"]["id"]] += ticket["actualHours"]

    assert {p["id"]: p["actualHours"] for p in tables()["project/projects"]} == {
        p["id"]: hours[p["id"]] for p in tables()["project/projects"]
    }


def test_phases_belong_to_their_project():
    phases = by_id("project/projects/phases")
    for ticket in tables()["project/tickets"]:
        assert phases[ticket["phase"]["id"]]["projectId"] == ticket["project"]["id"]


def test_a_large_share_of_the_tickets_is_bare_only_in_large_worlds():
    scale = Scale.of(40_000)

    assert (Scale.of(20_000).worked_percent, scale.worked_percent) == (100, 50)
