"""Pages one after another are the whole list: every size, by number, by Link, by the last id."""

import re

import pytest

SIZES = (1, 2, 3, 7, 25, 50, 51, 100, 333, 1_000)
NEXT = re.compile(r'<([^>]*)>; rel="next"')


def ids(rows):
    return [row["id"] for row in rows]


@pytest.fixture
def contacts(psa):
    whole = psa.get("/company/contacts", params={"pageSize": 1_000}).json
    assert 250 <= len(whole) < 1_000
    return psa, whole


def sizes_for(count):
    return [size for size in (*SIZES, count - 1, count, count + 1) if size <= 1_000]


def by_number(caller, path, size, **params):
    rows, number = [], 1
    while page := caller.get(path, params={"pageSize": size, "page": number, **params}).json:
        assert len(page) <= size
        rows, number = rows + page, number + 1
    return rows


def by_link(caller, path, size, headers=None, **params):
    answer = caller.get(path, params={"pageSize": size, **params}, headers=headers or {})
    rows, seen = list(answer.json), set()
    while following := NEXT.search(answer.headers.get("Link", "")):
        assert following[1] not in seen
        seen.add(following[1])
        target = following[1].split(caller.base, 1)[1]
        answer = caller.get(target, headers=headers or {})
        rows += answer.json
    return rows


@pytest.mark.documented("the vendor's guide on pagination (psa facts 4.1)")
def test_pages_by_number(contacts):
    psa, whole = contacts
    for size in sizes_for(len(whole)):
        if size > 5:
            assert by_number(psa, "/company/contacts", size) == whole


@pytest.mark.deep
@pytest.mark.documented("the vendor's guide on pagination (psa facts 4.1)")
def test_the_smallest_pages_by_number(contacts):
    psa, whole = contacts
    for size in (1, 2, 3, 4, 5):
        assert by_number(psa, "/company/contacts", size) == whole


@pytest.mark.observed("psa facts 4.4")
def test_pages_by_the_next_link(contacts):
    psa, whole = contacts
    for size in sizes_for(len(whole)):
        if size > 5:
            assert by_link(psa, "/company/contacts", size) == whole


@pytest.mark.documented("the vendor's guide on forward-only pagination (psa facts 4.5)")
def test_pages_forward_only(contacts):
    psa, whole = contacts
    for size in sizes_for(len(whole)):
        if size > 5:
            found = by_link(psa, "/company/contacts", size, {"pagination-type": "forward-only"})
            assert found == whole


@pytest.mark.documented("the vendor's guide on pagination (psa facts 4)")
@pytest.mark.parametrize("order", ["lastName", "lastName desc,firstName", "company/name desc", ""])
@pytest.mark.parametrize("conditions", ["inactiveFlag = false", 'firstName like "%a%"', ""])
def test_ordered_and_filtered_pages(contacts, order, conditions):
    psa, whole = contacts
    params = {"orderBy": order, "conditions": conditions}
    everything = psa.get("/company/contacts", params={"pageSize": 1_000, **params}).json
    count = psa.get("/company/contacts/count", params={"conditions": conditions}).json["count"]
    assert count == len(everything) <= len(whole)
    for size in (17, 100):
        assert by_number(psa, "/company/contacts", size, **params) == everything
        assert by_link(psa, "/company/contacts", size, **params) == everything


@pytest.mark.documented("the vendor's guide on search routes (psa facts 3.9)")
def test_pages_of_a_search(psa):
    path, body = "/service/tickets/search", {"conditions": "closedFlag = false"}
    whole = psa.post(path, params={"pageSize": 1_000}, json=body).json
    rows, number = [], 1
    while page := psa.post(path, params={"pageSize": 60, "page": number}, json=body).json:
        rows, number = rows + page, number + 1
    assert rows == whole


@pytest.mark.documented("seed 000, 'Pagination'")
@pytest.mark.parametrize("dialect", ["documented", "observed"])
@pytest.mark.parametrize("path", ["/Computers", "/Alerts"])
def test_automate_pages(make_tenant, dialect, path):
    tenant = make_tenant().unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True})  # alerts tell their age
    automate = tenant.automate(dialect)
    whole = automate.get(path, params={"pageSize": 1_000}).json
    for size in sizes_for(len(whole)):
        if size > 5:
            assert by_number(automate, path, size) == whole
            total = automate.get(path, params={"pageSize": size}).headers["Total-Count"]
            assert int(total) == len(whole)


@pytest.mark.assumed("rows keep their place by id when the order ties (psa facts U21)")
def test_a_row_removed_between_pages_shifts_pages_by_number_but_not_forward_only(contacts):
    psa, whole = contacts
    made = [psa.post("/company/contacts", json={"firstName": f"Z{n}"}).json["id"] for n in range(4)]
    everything = ids(whole) + made
    forward = {"pagination-type": "forward-only"}
    first = psa.get("/company/contacts", params={"pageSize": len(whole) + 1}, headers=forward)
    assert psa.delete(f"/company/contacts/{made[0]}").status_code == 204
    target = NEXT.search(first.headers["Link"])[1].split(psa.base, 1)[1]
    rest = psa.get(target, headers=forward)
    assert ids(first.json) + ids(rest.json) == everything
