"""Subtypes go with types, items with subtypes: a board's associations hold its tickets to that."""

import pytest
from psa_wording import error, fault, refused

BOARD, TICKETS = "/service/boards/1", "/service/tickets"
SHOWN = f"{BOARD}/typeSubTypeItemAssociations"
#: On the first board the type, subtype and item of the same number go together.
NEW = {"summary": "Cannot print", "company": {"id": 250}, "board": {"id": 1}}
PARTS = ("type", "subType", "item")


def parts(*ids):
    return {name: {"id": each} for name, each in zip(PARTS, ids, strict=False) if each}


def shown(record):
    return tuple((record.get(name) or {}).get("id") for name in PARTS)


def replacing(**ids):
    return [
        {"op": "replace", "path": name, "value": {"id": each} if each else None}
        for name, each in ids.items()
    ]


@pytest.mark.assumed("psa facts 8.8: what goes together is named; the words follow 6.3's status")
def test_a_ticket_has_what_goes_together(psa_observed):
    post, whole = psa_observed.post, {**NEW, **parts(1, 1, 1)}
    made = post(TICKETS, json=whole)
    subtype = post(TICKETS, json={**NEW, **parts(1, 2)})
    both = post(TICKETS, json={**NEW, **parts(1, 2, 3)})

    path = f"{TICKETS}/{made.json['id']}"
    assert shown(made.json) == (1, 1, 1)
    lost = fault(
        "NotFound", "Service SubType 2 not found for Service Type 1", "ticket", "subType/id"
    )
    item = fault("NotFound", "Service Item 3 not found for Service SubType 2", "ticket", "item/id")
    assert refused(subtype, 400, error("InvalidObject", "ticket object is invalid", lost))
    assert refused(both, 400, error("InvalidObject", "ticket object is invalid", lost, item))
    for answer in (
        psa_observed.put(path, json={**made.json, **parts(1, 2, 1)}),
        psa_observed.patch(path, json=replacing(subType=2)),
        psa_observed.patch(path, json=replacing(item=2)),
        psa_observed.patch(path, json=replacing(type=2, subType=1)),
    ):
        assert answer.status_code == 400, answer.json
    assert shown(psa_observed.get(path).json) == (1, 1, 1)
    assert psa_observed.patch(path, json=replacing(type=2, subType=2, item=2)).status_code == 200
    assert psa_observed.patch(path, json=replacing(type=None)).status_code == 200


@pytest.mark.documented("seed 002: codes and message of a value that does not fit; psa facts 8.8")
def test_it_is_told_in_the_documented_way(psa):
    answer = psa.post(TICKETS, json={**NEW, **parts(1, 2)})

    assert (answer.status_code, answer.json["code"]) == (400, "InvalidArgument")
    assert [each["field"] for each in answer.json["errors"]] == ["subType/id"]


@pytest.mark.assumed("psa facts 8.8: a ticket of a project is held to its board's, too")
def test_a_ticket_of_a_project_has_what_goes_together(psa_observed):
    ticket = psa_observed.get("/project/tickets", params={"pageSize": "1"}).json[0]
    path, board = f"/project/tickets/{ticket['id']}", ticket["board"]["id"]
    other = next(
        each["id"]
        for each in psa_observed.get(f"/service/boards/{board}/subtypes").json
        if each["id"] != ticket["subType"]["id"]
    )

    answer = psa_observed.patch(path, json=replacing(subType=other))

    assert answer.status_code == 400
    assert [each["field"] for each in answer.json["errors"]] == ["subType/id"]


@pytest.mark.assumed("no source tells; each quirk in its other value")
@pytest.mark.parametrize(
    ("quirks", "changed", "left"),
    [
        ({}, {"type": 2}, (2, None, None)),
        ({}, {"type": 2, "subType": 2}, (2, 2, None)),
        ({"unfit_parts_dropped": False}, {"type": 2}, None),
        ({"associations_checked": False}, {"type": 2}, (2, 1, 1)),
        ({"associations_checked": False}, {"item": 3}, (1, 1, 3)),
    ],
)
def test_a_ticket_that_changes_its_type_leaves_the_rest_behind(make_tenant, quirks, changed, left):
    caller = make_tenant("observed", psa=quirks).unlimited().psa
    path = f"{TICKETS}/{caller.post(TICKETS, json={**NEW, **parts(1, 1, 1)}).json['id']}"

    answer = caller.patch(path, json=replacing(**changed))

    assert answer.status_code == (200 if left else 400)
    assert shown(caller.get(path).json) == (left or (1, 1, 1))


def rows(caller):
    found = caller.get(SHOWN, params={"pageSize": "1000"}).json
    return {shown(each): each["id"] for each in found}


@pytest.fixture
def robots(psa):
    """Return the ids of a new type, a subtype of it and of the first type, and an item."""
    kind = psa.post(f"{BOARD}/types", json={"name": "Robots"}).json["id"]
    listing = {"name": "Arms", "typeAssociationIds": [kind, 1]}
    subtype = psa.post(f"{BOARD}/subtypes", json=listing).json["id"]
    return kind, subtype, psa.post(f"{BOARD}/items", json={"name": "Grip"}).json["id"]


@pytest.mark.assumed("psa facts 8.8: a board shows what goes together, as its parts say")
def test_a_board_shows_what_its_parts_say(psa, robots):
    kind, subtype, item = robots
    before = rows(psa)
    (own,) = psa.get(f"{BOARD}/items/{item}/associations").json
    # Nobody has said yet what the item goes with.
    assert psa.post(TICKETS, json={**NEW, **parts(1, 1, item)}).status_code == 201

    path = f"{BOARD}/items/{item}/associations/{own['id']}"
    kept = psa.put(path, json={"id": own["id"], "subTypeAssociationIds": [subtype]})

    assert (kept.status_code, kept.json["board"]["id"]) == (200, 1)
    assert psa.post(TICKETS, json={**NEW, **parts(1, 1, item)}).status_code == 400
    assert psa.post(TICKETS, json={**NEW, **parts(*robots)}).status_code == 201
    after = rows(psa)
    assert {robots, (1, subtype, item)} == after.keys() - before.keys()
    assert {(kind, subtype, None), (1, subtype, None)} == before.keys() - after.keys()
    assert all(after[each] == before[each] for each in after.keys() & before.keys())


@pytest.mark.assumed("psa facts 8.8: a part that is gone is in no list")
def test_a_part_that_is_deleted_goes_out_of_the_lists(psa, robots):
    kind, subtype, item = robots
    (own,) = psa.get(f"{BOARD}/items/{item}/associations").json
    path = f"{BOARD}/items/{item}/associations/{own['id']}"
    assert psa.put(path, json={**own, "subTypeAssociationIds": [subtype, 1]}).status_code == 200

    assert psa.delete(f"{BOARD}/types/{kind}").status_code == 204
    assert psa.get(f"{BOARD}/subtypes/{subtype}").json["typeAssociationIds"] == [1]
    assert psa.delete(f"{BOARD}/subtypes/{subtype}").status_code == 204
    assert psa.get(path).json["subTypeAssociationIds"] == [1]
    assert psa.delete(f"{BOARD}/items/{item}").status_code == 204
    assert {number for each in rows(psa) for number in each}.isdisjoint({kind, subtype, item})


@pytest.mark.documented("the description: the list is required unless one of the flags is true")
def test_flags_put_everything_or_nothing_into_a_list(psa):
    kinds = [each["id"] for each in psa.get(f"{BOARD}/types").json]
    every, path = {"name": "All", "addAllTypesFlag": True}, f"{BOARD}/subtypes"
    made = psa.post(path, json=every).json
    none = psa.post(path, json={"name": "None", "removeAllTypesFlag": True}).json
    item = f"{BOARD}/items/1/associations/1"

    assert (made["typeAssociationIds"], made["addAllTypesFlag"]) == (kinds, False)
    assert none["typeAssociationIds"] == []
    assert psa.post(TICKETS, json={**NEW, **parts(1, none["id"])}).status_code == 400
    assert psa.put(item, json={"id": 1}).status_code == 400
    assert psa.put(item, json={"id": 1, "removeAllSubTypesFlag": True}).status_code == 200
    assert psa.post(TICKETS, json={**NEW, **parts(1, 1, 1)}).status_code == 400
    added = psa.put(item, json={"id": 1, "addAllSubTypesFlag": True}).json
    assert {made["id"], none["id"], 1} <= set(added["subTypeAssociationIds"])


@pytest.mark.assumed("psa facts 10.13: parts of another board, and none at all, go with nothing")
@pytest.mark.parametrize("wrong", [[9], [1, 999_999], [0], [-1], ["x"], [None], "1", 1, [2**31]])
def test_a_list_names_parts_of_its_own_board(psa, wrong):
    made = psa.post(f"{BOARD}/subtypes", json={"name": "Odd", "typeAssociationIds": wrong})
    put = psa.put(f"{BOARD}/items/1/associations/1", json={"id": 1, "subTypeAssociationIds": wrong})

    assert (made.status_code, put.status_code) == (400, 400), (made.json, put.json)
    assert psa.get(f"{BOARD}/items/1/associations/1").json["subTypeAssociationIds"] == [1]


@pytest.mark.assumed("psa facts 8.5, 8.8: a copied board's parts go together as the source's do")
def test_a_copied_board_has_associations_of_its_own(psa):
    board = psa.post("/service/boards/copy", json={"id": 1, "name": "Second"}).json["id"]
    path = f"/service/boards/{board}"
    names = [
        tuple(each[name]["name"] for name in PARTS)
        for each in psa.get(f"{path}/typeSubTypeItemAssociations").json
    ]
    first = psa.get(f"{path}/items").json[0]["id"]

    assert sorted(names) == sorted(
        tuple(each[name]["name"] for name in PARTS) for each in psa.get(SHOWN).json
    )
    assert len(psa.get(f"{path}/items/{first}/associations").json) == 1
