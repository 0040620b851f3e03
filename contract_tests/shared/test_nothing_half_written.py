"""A write is done whole or not at all, however late it is refused."""

import pytest

pytestmark = pytest.mark.assumed("no half-written record was ever reported of either vendor")


@pytest.fixture
def everything(psa):
    """Return a caller with a look at all collections that a write may touch."""
    paths = (
        "/service/tickets",
        "/service/tickets/5000/notes",
        "/company/companies",
        "/company/contacts",
        "/time/entries",
        "/service/boards",
    )

    def look():
        return {path: psa.get(path, params={"pageSize": 1000}).data for path in paths}

    psa.look = look
    return psa


def first(psa, path, **params):
    return psa.get(path, params={"pageSize": 1, **params}).json[0]


LATE = (
    [{"type": {"id": 999_999}, "value": "x"}],
    [{"type": {"id": 1}, "value": "a@b.example"}, {"type": {"id": 999_999}, "value": "x"}],
    [{"type": {"id": 1}, "value": "a@b.example"}, {"value": "no type"}],
    [{"type": {"id": 1}, "value": "x" * 100_000}],
    [{"id": 1, "nope": 1}],
)


@pytest.mark.parametrize("items", LATE)
def test_a_contact_whose_items_are_refused_is_not_created(everything, items):
    before = everything.look()
    given = {"firstName": "Ann", "communicationItems": items}
    answer = everything.post("/company/contacts", json=given)
    assert answer.status_code == 400
    assert everything.look() == before


@pytest.mark.parametrize("items", LATE)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_contact_whose_items_are_refused_keeps_those_it_has(everything, method, items):
    contact = first(everything, "/company/contacts")
    before = everything.look()
    given = {**contact, "firstName": "Other", "communicationItems": items}
    if method == "PATCH":
        given = [
            {"op": "replace", "path": "firstName", "value": "Other"},
            {"op": "replace", "path": "communicationItems", "value": items},
        ]
    answer = everything.request(method, f"/company/contacts/{contact['id']}", json=given)
    assert answer.status_code == 400
    assert everything.look() == before


@pytest.mark.parametrize(
    "member", ["initialDescription", "initialInternalAnalysis", "initialResolution"]
)
def test_a_ticket_whose_first_note_is_refused_is_not_created(everything, member):
    before = everything.look()
    company = first(everything, "/company/companies")["id"]
    given = {"summary": "x", "company": {"id": company}, member: "a\0b"}
    assert everything.post("/service/tickets", json=given).status_code == 400
    assert everything.look() == before


def test_a_company_whose_identifier_is_taken_is_not_created_nor_its_site(everything):
    before = everything.look()
    taken = first(everything, "/company/companies")
    given = {"identifier": taken["identifier"].lower(), "name": "Other"}
    assert everything.post("/company/companies", json=given).status_code == 400
    assert everything.look() == before


def test_a_patch_whose_last_operation_is_refused_changes_nothing(everything):
    before = everything.look()
    operations = [
        {"op": "replace", "path": "summary", "value": "changed"},
        {"op": "replace", "path": "priority", "value": {"id": 2}},
        {"op": "replace", "path": "status", "value": {"id": 999_999}},
    ]
    answer = everything.patch("/service/tickets/5000", json=operations)
    assert answer.status_code == 400
    assert everything.look() == before


def test_a_record_in_use_is_not_removed_nor_are_its_children(everything):
    ticket = first(everything, "/service/tickets")
    before = everything.look()
    for name, path in (("company", "/company/companies"), ("board", "/service/boards")):
        answer = everything.delete(f"{path}/{ticket[name]['id']}")
        assert answer.status_code == 409
    assert everything.look() == before


def test_a_site_in_use_keeps_its_company_from_being_removed(psa):
    company = psa.post("/company/companies", json={"identifier": "Leaving", "name": "Leaving"}).json
    (site,) = psa.get(f"/company/companies/{company['id']}/sites").json
    contact = psa.post("/company/contacts", json={"firstName": "Ann", "site": {"id": site["id"]}})
    assert contact.status_code == 201
    assert psa.delete(f"/company/companies/{company['id']}").status_code == 409
    assert psa.get(f"/company/companies/{company['id']}/sites/{site['id']}").status_code == 200
    assert psa.delete(f"/company/contacts/{contact.json['id']}").status_code == 204
    assert psa.delete(f"/company/companies/{company['id']}").status_code == 204
    assert psa.get(f"/company/companies/{company['id']}/sites").status_code == 404


def test_a_refused_create_leaves_the_next_one_as_it_would_have_been(automate):
    before = automate.get("/Clients").data
    assert automate.post("/Clients", json={"Name": "x" * 51}).status_code == 400
    assert automate.post("/Locations", json={"Name": "x", "ClientID": 999_999}).status_code == 400
    assert automate.get("/Clients").data == before
    assert automate.post("/Clients", json={"Name": "New"}).status_code == 201
