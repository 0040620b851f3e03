"""Types of companies and contacts are records of their own (psa facts 6.12)."""

import itertools

import pytest

NUMBERS = itertools.count(1)
COMPANIES = "/company/companies"


def company(caller, **members):
    number = next(NUMBERS)
    body = {"identifier": f"Typed{number}", "name": f"Typed {number}", **members}
    answer = caller.post(COMPANIES, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json["id"]


def types(caller, owner_id, path=COMPANIES):
    return [row["id"] for row in caller.get(f"{path}/{owner_id}").json.get("types", [])]


@pytest.mark.observed("psa facts 6.12: types are changed through typeAssociations")
def test_a_company_has_the_types_that_are_associated(caller):
    company_id = company(caller, types=[{"id": 1}])
    below = f"{COMPANIES}/{company_id}/typeAssociations"
    assert [row["type"]["id"] for row in caller.get(below).json] == [1]

    made = caller.post(below, json={"type": {"id": 3}})

    assert (made.status_code, made.json["company"]["id"]) == (201, company_id)
    assert types(caller, company_id) == [1, 3]
    assert caller.delete(f"{below}/{made.json['id']}").status_code == 204
    assert types(caller, company_id) == [1]


@pytest.mark.observed("psa facts 6.12: the parent's own member changes nothing")
def test_the_company_itself_does_not_change_its_types(caller):
    company_id = company(caller, types=[{"id": 1}])

    change = [{"op": "replace", "path": "types", "value": [{"id": 3}]}]

    assert caller.patch(f"{COMPANIES}/{company_id}", json=change).status_code == 200
    assert types(caller, company_id) == [1]


@pytest.mark.documented("both published API descriptions have the collection without parents too")
def test_an_association_can_be_made_without_a_parent_in_the_path(caller):
    company_id = company(caller)

    made = caller.post(
        "/company/companyTypeAssociations",
        json={"type": {"id": 3}, "company": {"id": company_id}},
    )

    assert made.status_code == 201
    assert types(caller, company_id) == [3]
    below = f"{COMPANIES}/{company_id}/typeAssociations/{made.json['id']}"
    assert caller.get(below).json["type"]["id"] == 3


@pytest.mark.assumed("a type is associated once")
def test_a_type_is_associated_once(psa_observed):
    below = f"{COMPANIES}/{company(psa_observed, types=[{'id': 1}])}/typeAssociations"

    answer = psa_observed.post(below, json={"type": {"id": 1}})

    assert answer.status_code == 400
    assert answer.json["errors"][0]["code"] == "ObjectExists"


@pytest.mark.assumed("a company's associations go with it")
def test_a_company_goes_with_its_types(caller):
    company_id = company(caller, types=[{"id": 1}])

    assert caller.delete(f"{COMPANIES}/{company_id}").status_code == 204

    told = {"conditions": f"company/id={company_id}"}
    assert caller.get("/company/companyTypeAssociations", params=told).json == []


@pytest.mark.observed("psa facts 6.12: the same for contacts")
def test_a_contact_has_the_types_that_are_associated(caller):
    contact = caller.post("/company/contacts", json={"firstName": "Ada", "typeIds": [2]}).json
    below = f"/company/contacts/{contact['id']}/typeAssociations"
    first = caller.get(below).json[0]

    caller.post(below, json={"type": {"id": 1}})
    caller.delete(f"{below}/{first['id']}")

    assert first["type"]["id"] == 2
    assert types(caller, contact["id"], "/company/contacts") == [1]


@pytest.mark.observed("psa facts 8.9: a soft deletion stays visible")
def test_a_softly_deleted_company_is_stamped_and_stays(make_tenant):
    tenant = make_tenant().unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True})
    now = tenant.admin("GET", "/clock").json["now"][:19]
    path = f"{COMPANIES}/{company(tenant.psa)}"

    flag = [{"op": "replace", "path": "deletedFlag", "value": True}]
    found = tenant.psa.patch(path, json=flag).json
    assert (found["deletedFlag"], found["deletedBy"]) == (True, "Admin1")
    assert found["dateDeleted"] == f"{now}Z"
    assert tenant.psa.get(path).json == found

    flag[0]["value"] = False
    back = tenant.psa.patch(path, json=flag).json
    assert {"deletedBy", "dateDeleted"}.isdisjoint(back)
