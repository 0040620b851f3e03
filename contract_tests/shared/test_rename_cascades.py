"""Whoever is renamed is shown with the present name everywhere."""

import random

import pytest

pytestmark = pytest.mark.documented("references show the record's name (psa facts 8)")

RENAMED = (
    ("/company/companies", "name", 10),
    ("/service/boards", "name", 4),
    ("/service/priorities", "name", 3),
    ("/service/sources", "name", 3),
    ("/company/contacts", "firstName", 10),
    ("/company/contacts/types", "description", 3),
    ("/company/companies/types", "name", 3),
    ("/company/companies/statuses", "name", 3),
    ("/company/communicationTypes", "description", 3),
    ("/company/configurations/types", "name", 3),
    ("/time/workTypes", "name", 3),
    ("/time/workRoles", "name", 3),
    ("/project/projects", "name", 3),
    ("/system/members", "firstName", 4),
)
SHOWN_IN = (
    "/service/tickets",
    "/company/companies",
    "/company/contacts",
    "/company/configurations",
    "/time/entries",
    "/project/projects",
    "/project/tickets",
    "/finance/agreements",
    "/service/boards",
    "/system/members",
)


def references(value):
    """Yield every reference in a record: an object with an id and links."""
    for inner in value if isinstance(value, list) else value.values():
        if isinstance(inner, dict | list):
            yield from references(inner)
    if isinstance(value, dict) and "id" in value and any_link(value):
        yield any_link(value).partition("apis/3.0//")[2], value


def any_link(value):
    links = value.get("_info") or {}
    found = [link for name, link in links.items() if name.endswith("_href") and "?" not in link]
    own = [link for link in found if link.endswith(f"/{value['id']}")]
    return own[0] if own else None


def label(record):
    names = [record.get(each) for each in ("name", "description", "summary") if record.get(each)]
    person = " ".join(filter(None, (record.get("firstName"), record.get("lastName"))))
    return person or names[0]


def rows(psa, path):
    return psa.get(path, params={"pageSize": 1_000}).json


@pytest.fixture
def renamed(psa):
    """Return a caller, and the new name of each renamed record by its path."""
    dice, made = random.Random(5), {}
    for path, member, most in RENAMED:
        found = rows(psa, path)
        for record in dice.sample(found, min(most, len(found))):
            name = f"Renamed {dice.randrange(10**6)}"
            where = f"{path}/{record['id']}"
            answer = psa.patch(where, json=[{"op": "replace", "path": member, "value": name}])
            assert answer.status_code == 200, (where, answer.text)
            made[where.strip("/")] = label(answer.json)
    return psa, made


def test_every_reference_shows_the_present_name(renamed):
    psa, made = renamed
    wrong, seen = [], set()
    for path in SHOWN_IN:
        for record in rows(psa, path):
            for target, shown in references(record):
                if target in made and shown is not record and "name" in shown:
                    seen.add(target)
                    if shown["name"] != made[target]:
                        wrong.append((path, record["id"], target, shown["name"], made[target]))
    assert wrong == []
    assert len(seen) >= 20


def test_conditions_see_the_present_name(renamed):
    psa, made = renamed
    boards = {target: name for target, name in made.items() if target.startswith("service/boards")}
    for target, name in boards.items():
        board_id = target.rpartition("/")[2]
        path = "/service/tickets/count"
        by_id = psa.get(path, params={"conditions": f"board/id = {board_id}"}).json
        by_name = psa.get(path, params={"conditions": f'board/name = "{name}"'}).json
        assert by_id == by_name


def test_the_items_of_a_contact_show_the_present_name_of_their_type(psa):
    kinds = rows(psa, "/company/communicationTypes")
    change = [{"op": "replace", "path": "description", "value": "Carrier pigeon"}]
    assert (
        psa.patch(f"/company/communicationTypes/{kinds[0]['id']}", json=change).status_code == 200
    )
    shown = [
        item["type"]
        for contact in rows(psa, "/company/contacts")
        for item in contact.get("communicationItems", ())
        if item["type"]["id"] == kinds[0]["id"]
    ]
    assert shown
    assert {each["name"] for each in shown} == {"Carrier pigeon"}


def test_automate_shows_the_present_name_in_both_shapes(make_tenant):
    tenant = make_tenant().unlimited()
    documented, observed = tenant.automate(), tenant.automate("observed")
    change = [{"op": "replace", "path": "Name", "value": "Renamed"}]
    assert documented.patch("/Clients/100", json=change).status_code == 200
    query = {"pageSize": 1_000, "condition": "Client.Id = 100"}
    plain = documented.get("/Computers", params={"pageSize": 1_000}).json
    assert {c["Client"]["Name"] for c in plain if c["ClientID"] == 100} == {"Renamed"}
    assert {c["Client"]["Name"] for c in observed.get("/Computers", params=query).json} == {
        "Renamed"
    }
    assert documented.get("/Computers", params={"condition": "Client.Name = 'Renamed'"}).json
