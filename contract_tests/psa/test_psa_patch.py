"""The PATCH dialect (psa facts 6.11; seed 003, 'Patch')."""

import pytest
from psa_wording import error, fault, refused, seed_fault

TICKET, CONTACT = "/service/tickets/5000", "/company/contacts/1"


def replace(path, value):
    return {"op": "replace", "path": path, "value": value}


def patched(caller, path, *operations):
    answer = caller.patch(path, json=list(operations))
    assert answer.status_code == 200, answer.text
    assert caller.get(path).json == answer.json
    return answer.json


@pytest.mark.documented("seed 003, 'Patch': the whole example")
def test_the_guide_s_patch_does_what_it_says(caller):
    fields = [
        {
            "id": 5,
            "caption": "CloudPlus",
            "type": "Checkbox",
            "entryMethod": "EntryField",
            "numberOfDecimals": 0,
            "value": False,
        },
        {
            "id": 28,
            "caption": "test",
            "type": "Text",
            "entryMethod": "List",
            "numberOfDecimals": 0,
            "value": "test",
        },
    ]

    found = patched(
        caller,
        TICKET,
        replace("summary", "New Summary"),
        replace("company", {"identifier": "New Company"}),
        replace("customFields", fields),
    )

    assert found["summary"] == "New Summary"
    assert found["company"]["identifier"] == "New Company"
    values = {row["id"]: row for row in found["customFields"]}
    assert all(field.items() <= values[field["id"]].items() for field in fields)


@pytest.mark.observed("psa facts 6.11: with or without a leading slash, mixed")
def test_a_path_may_begin_with_a_slash(caller):
    found = patched(caller, TICKET, replace("/summary", "A"), replace("severity", "Low"))

    assert (found["summary"], found["severity"]) == ("A", "Low")


@pytest.mark.assumed("psa facts U13: the message of LC-PS 4 in the usual body")
@pytest.mark.parametrize(
    "path", ["Summary", "/SUMMARY", "nonsense", "company/Nonsense", "company/Id", "a/b/c"]
)
def test_a_path_is_case_sensitive(psa_observed, path):
    answer = psa_observed.patch(TICKET, json=[replace(path, "x")])

    plain = path.removeprefix("/")
    found = fault("InvalidField", f"path {plain} is not valid", "ticket", plain)
    assert refused(answer, 400, error("InvalidObject", "ticket object is invalid", found))


@pytest.mark.documented("seed 002, 'Error Response Format'")
def test_a_bad_path_is_told_in_the_seed_s_format(psa):
    answer = psa.patch(TICKET, json=[replace("nonsense", "x")])

    found = seed_fault("InvalidArgument", "path nonsense is not valid", "nonsense")
    assert refused(answer, 400, error("InvalidArgument", "ticket object is invalid", found))


@pytest.mark.observed("psa facts 6.11: array paths, recorded before and after")
def test_array_elements_are_changed_by_their_index(caller):
    before = caller.get(CONTACT).json["communicationItems"]

    found = patched(
        caller,
        CONTACT,
        replace("/communicationItems/0/value", "jack@outlook.com"),
        {
            "op": "add",
            "path": f"/communicationItems/{len(before)}",
            "value": {"type": {"id": "1"}, "value": "second@example.com"},
        },
        {"op": "remove", "path": "/communicationItems/1"},
    )["communicationItems"]

    assert [item["value"] for item in found] == [
        "jack@outlook.com",
        *[item["value"] for item in before[2:]],
        "second@example.com",
    ]
    assert found[-1]["communicationType"] == "Email"
    assert found[-1]["domain"] == "@example.com"


@pytest.mark.assumed("psa facts U13: a member that the objects of a list have not")
@pytest.mark.parametrize("name", ["nonsense", "Value"])
def test_a_path_into_a_list_is_case_sensitive(psa_observed, name):
    path = f"communicationItems/0/{name}"
    document = [{"op": "replace", "path": path, "value": "x"}]

    refused = psa_observed.patch("/company/contacts/1", json=document)

    (fault,) = refused.json["errors"]
    assert (refused.status_code, fault["message"]) == (400, f"path {path} is not valid")


@pytest.mark.observed("psa facts 6.11: sub-paths of references that do work")
@pytest.mark.parametrize("path", ["status/id", "/status/id"])
def test_the_id_of_a_reference_can_be_replaced(caller, path):
    found = patched(caller, TICKET, replace(path, 2))

    assert (found["status"]["id"], found["status"]["name"]) == (2, "In Progress")


@pytest.mark.documented("seed 003: 'you may receive a false 200 message'")
@pytest.mark.parametrize("path", ["company/identifier", "company/name"])
def test_a_location_inside_of_an_object_is_a_false_200(psa, path):
    before = psa.get(TICKET).json

    answer = psa.patch(TICKET, json=[replace(path, "New Company")])

    assert answer.status_code == 200
    assert answer.json["company"] == before["company"]


@pytest.mark.observed("psa facts 6.11: applied where it can be resolved")
@pytest.mark.parametrize(("path", "value"), [("company/identifier", "new company")])
def test_the_identifier_of_a_reference_can_be_replaced(psa_observed, path, value):
    found = patched(psa_observed, TICKET, replace(path, value))

    assert found["company"]["identifier"] == "New Company"


@pytest.mark.documented("seed 003: an object is replaced whole")
def test_a_reference_is_replaced_whole(caller):
    before = caller.get(TICKET).json["owner"]
    other = caller.get("/system/members/3").json

    found = patched(caller, TICKET, replace("owner", {"identifier": other["identifier"].lower()}))

    assert found["owner"]["id"] == 3 != before["id"]
    assert found["owner"]["name"] == f"{other['firstName']} {other['lastName']}"


@pytest.mark.observed("psa facts 6.11: removals of scalars and references")
def test_remove_clears(caller):
    found = patched(
        caller,
        TICKET,
        {"op": "remove", "path": "owner"},
        {"op": "remove", "path": "contactPhoneNumber"},
        replace("contactEmailAddress", None),
    )

    assert {"owner", "contactPhoneNumber", "contactEmailAddress"}.isdisjoint(found)


@pytest.mark.observed("psa facts 6.11: a replacement of what is missing adds it")
def test_what_is_missing_is_added(caller):
    assert "poNumber" not in caller.get(TICKET).json

    assert patched(caller, TICKET, replace("poNumber", "1"))["poNumber"] == "1"
    found = patched(caller, TICKET, {"op": "add", "path": "poNumber", "value": "2"})
    assert found["poNumber"] == "2"


@pytest.mark.documented("seed 002, status codes; a patch is applied whole or not at all")
@pytest.mark.parametrize(
    "bad",
    [
        replace("nonsense", 1),
        replace("status", {"id": 99999}),
        {"op": "test", "path": "summary"},
        replace("summary", "x" * 101),
        {"op": "remove", "path": "summary"},
        5,
    ],
)
def test_one_bad_operation_spoils_the_whole_patch(caller, bad):
    before = caller.get(TICKET).data

    answer = caller.patch(TICKET, json=[replace("summary", "Changed"), bad])

    assert answer.status_code == 400
    assert caller.get(TICKET).data == before


@pytest.mark.documented("seed 003: without the square brackets you will run into errors")
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_a_bare_object_is_refused(make_tenant, profile):
    answer = make_tenant(profile).psa.patch(TICKET, json=replace("summary", "x"))

    assert answer.status_code == 400
    assert answer.json["code"] == "ConnectWiseApi"
    assert "requires a JSON array" in answer.json["message"]


@pytest.mark.observed("psa facts 6.11: add, replace and remove only")
@pytest.mark.parametrize("op", ["test", "move", "copy", "", None])
def test_other_operations_are_refused(psa_observed, op):
    answer = psa_observed.patch(TICKET, json=[{"op": op, "path": "summary", "value": "x"}])

    assert answer.status_code == 400
    assert answer.json["code"] == "InvalidObject"


@pytest.mark.observed("psa facts 6.11: custom fields are merged by id, the rest stays")
@pytest.mark.parametrize("given", [[{"id": 5, "value": True}], []])
def test_custom_fields_may_be_sent_in_part(caller, given):
    before = caller.get(TICKET).json["customFields"]

    after = patched(caller, TICKET, replace("customFields", given))["customFields"]

    values = {row["id"]: row["value"] for row in given}
    wanted = [{**row, "value": values[row["id"]]} if row["id"] in values else row for row in before]
    assert after == wanted


@pytest.mark.observed("psa facts 6.7: what the server keeps is accepted and ignored")
def test_read_only_members_stay(caller):
    before = caller.get(TICKET).json

    after = patched(caller, TICKET, replace("id", 1), replace("closedFlag", value=True))

    assert (after["id"], after["closedFlag"]) == (before["id"], before["closedFlag"])


@pytest.mark.observed("psa facts 6.1: the audit values tell who and when")
def test_a_patch_is_stamped(make_tenant):
    tenant = make_tenant().unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True})
    now = tenant.admin("GET", "/clock").json["now"][:19]

    info = patched(tenant.psa, TICKET, replace("summary", "x"))["_info"]

    assert (info["lastUpdated"], info["updatedBy"]) == (f"{now}Z", "Admin1")


@pytest.mark.observed("psa facts 6.4: patching or replacing what is missing")
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_missing_record_cannot_be_changed(psa_observed, method):
    body = [replace("summary", "x")] if method == "PATCH" else {"summary": "x"}

    answer = psa_observed.request(method, "/service/tickets/404", json=body)

    assert refused(answer, 404, error("NotFound", "Service Ticket 404 not found"))
