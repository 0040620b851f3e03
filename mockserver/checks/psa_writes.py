"""PSA: what can only be tried by creating records."""

from mockserver.checks.fact import Claims
from mockserver.checks.probe import Probe

PSA = Claims("psa", writes=True)
TICKETS = "/service/tickets"


def _ticket(probe: Probe) -> dict[str, object]:
    company = probe.first("/company/companies", fields="id,identifier")
    return {"summary": "cwmock contract check", "company": {"id": company["id"]}}


@PSA.documented("seeds 002 and 004: status codes")
def a_created_ticket_is_answered_with_201_and_its_id(probe: Probe) -> None:
    """Creating."""
    made = probe.create(TICKETS, _ticket(probe))
    probe.expect_status(made, 201)
    probe.expect(isinstance(made.body.get("id"), int), "no id")


@PSA.documented("psa facts 5: JSON Patch")
def a_patch_of_operations_changes_only_what_it_names(probe: Probe) -> None:
    """Patching."""
    made = probe.create(TICKETS, _ticket(probe)).body
    operations = [{"op": "replace", "path": "/summary", "value": "cwmock changed"}]
    changed = probe.change("PATCH", f"{TICKETS}/{made['id']}", operations)
    probe.expect_status(changed, 200)
    probe.expect(changed.body["summary"] == "cwmock changed", "the summary is the old one")
    probe.expect(changed.body["company"]["id"] == made["company"]["id"], "the company changed")


@PSA.documented("seeds 002 and 004: 204")
def a_deleted_ticket_is_gone(probe: Probe) -> None:
    """Deleting."""
    made = probe.create(TICKETS, _ticket(probe)).body
    path = f"{TICKETS}/{made['id']}"
    probe.expect_status(probe.change("DELETE", path), 204)
    probe.expect_status(probe.get(path), 404)


@PSA.documented("seeds 002 and 004: RequiredFieldMissing", profile="documented")
def a_missing_field_is_named(probe: Probe) -> None:
    """Validation."""
    refused = probe.create(TICKETS, {})
    probe.expect_status(refused, 400)
    fields = {each.get("field") for each in refused.body.get("errors", [])}
    probe.expect("summary" in fields, f"the fields named are {sorted(map(str, fields))}")
