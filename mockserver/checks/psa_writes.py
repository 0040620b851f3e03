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


@PSA.documented("seeds 002 and 004: PUT replaces, psa facts 5.1")
def a_put_replaces_a_record(probe: Probe) -> None:
    """Replacing."""
    made = probe.create(TICKETS, _ticket(probe)).body
    changed = probe.change("PUT", f"{TICKETS}/{made['id']}", {**made, "summary": "cwmock replaced"})
    probe.expect_status(changed, 200)
    probe.expect(changed.body["summary"] == "cwmock replaced", "the summary is the old one")


@PSA.documented("seeds 002 and 004: notes of a ticket")
def a_note_is_listed_below_its_ticket(probe: Probe) -> None:
    """Child records."""
    made = probe.create(TICKETS, _ticket(probe)).body
    below = f"{TICKETS}/{made['id']}/notes"
    note = probe.create(below, {"text": "cwmock contract check", "internalAnalysisFlag": True})
    probe.expect_status(note, 201)
    listed = [row["id"] for row in probe.get(below).body]
    probe.expect(note.body["id"] in listed, f"{note.body['id']} is not among {listed}")


@PSA.documented("seeds 002 and 004: contacts of a company")
def a_contact_is_made_found_by_its_name_and_deleted(probe: Probe) -> None:
    """Another collection from beginning to end."""
    company = probe.first("/company/companies", fields="id")
    body = {"firstName": "Cwmock", "lastName": "Contractcheck", "company": company}
    made = probe.create("/company/contacts", body)
    probe.expect_status(made, 201)
    found = probe.get("/company/contacts", conditions='lastName="Contractcheck"').body
    probe.expect(made.body["id"] in [row["id"] for row in found], "it is not found by its name")
    path = f"/company/contacts/{made.body['id']}"
    probe.expect_status(probe.change("DELETE", path), 204)
    probe.expect_status(probe.get(path), 404)


@PSA.documented("the vendor's description: a summary has 100 characters at most")
def a_text_that_is_too_long_is_refused(probe: Probe) -> None:
    """Lengths."""
    refused = probe.create(TICKETS, {**_ticket(probe), "summary": "x" * 101})
    probe.expect_status(refused, 400)


@PSA.observed("psa facts 6.2: a reference to nothing")
def a_reference_to_nothing_is_refused(probe: Probe) -> None:
    """References."""
    refused = probe.create(TICKETS, {**_ticket(probe), "company": {"id": 2147483000}})
    probe.expect(refused.status in {400, 404}, f"status {refused.status}")


@PSA.documented("seeds 002 and 004: JSON Patch; psa facts 5.1")
def a_patch_of_a_member_that_is_not_there_changes_nothing(probe: Probe) -> None:
    """Patches that fail."""
    made = probe.create(TICKETS, _ticket(probe)).body
    path = f"{TICKETS}/{made['id']}"
    operations = [
        {"op": "replace", "path": "/summary", "value": "cwmock half done"},
        {"op": "replace", "path": "/noSuchMember", "value": 1},
    ]
    refused = probe.change("PATCH", path, operations)
    probe.expect(refused.status >= 400, f"status {refused.status}")  # noqa: PLR2004
    probe.expect(probe.get(path).body["summary"] == made["summary"], "it was half done")
