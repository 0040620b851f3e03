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
