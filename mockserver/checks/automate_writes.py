"""Automate: what can only be tried by creating records."""

from mockserver.checks.fact import Claims
from mockserver.checks.probe import Probe, id_of

AUTOMATE = Claims("automate", writes=True)
CLIENTS = "/Clients"


@AUTOMATE.documented("seed 000: status codes")
def a_created_client_is_answered_with_its_id(probe: Probe) -> None:
    """Creating."""
    made = probe.create(CLIENTS, {"Name": "cwmock contract check"})
    probe.expect(made.status in {200, 201}, f"status {made.status}")
    probe.expect(id_of(made.body), "no id")


@AUTOMATE.documented("seed 000: 204")
def a_deleted_client_is_gone(probe: Probe) -> None:
    """Deleting."""
    made = probe.create(CLIENTS, {"Name": "cwmock contract check"})
    path = f"{CLIENTS}/{id_of(made.body)}"
    gone = probe.change("DELETE", path)
    probe.expect(gone.status in {200, 204}, f"status {gone.status}")
    probe.expect_status(probe.get(path), 404)


@AUTOMATE.documented("seed 000: PATCH changes what it names; automate facts 64")
def a_patch_changes_only_what_it_names(probe: Probe) -> None:
    """Patching."""
    made = probe.create(CLIENTS, {"Name": "cwmock contract check"}).body
    path, city = f"{CLIENTS}/{id_of(made)}", "Tampa"
    operations = [{"op": "replace", "path": "/City", "value": city}]
    changed = probe.change("PATCH", path, operations if probe.observed else {"City": city})
    probe.expect_status(changed, 200)
    found = probe.get(path).body
    probe.expect(found["City"] == city, f"the city is {found['City']!r}")
    probe.expect(found["Name"] == made["Name"], f"the name is {found['Name']!r}")


@AUTOMATE.documented("seed 000: 400")
def a_client_without_a_name_is_refused(probe: Probe) -> None:
    """Validation."""
    probe.expect_status(probe.create(CLIENTS, {}), 400)
