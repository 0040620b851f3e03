"""``/copy`` makes a record like one that exists, with its setup (psa facts 8.5)."""

import pytest

BOARDS, WORKFLOWS = "/service/boards", "/system/workflows"
PARTS = ("statuses", "types", "subtypes", "items", "teams")


def names(caller, path):
    return [each["name"] for each in caller.get(path, params={"pageSize": "1000"}).json]


@pytest.mark.assumed("psa facts 8.5 name the route; what a copied board has is not published")
def test_a_copied_board_has_its_own_statuses_types_and_teams(caller):
    board = caller.post(f"{BOARDS}/copy", json={"id": 1, "name": "Second Desk"}).json

    assert board["name"] == "Second Desk"
    for part in PARTS:
        path = f"{BOARDS}/{board['id']}/{part}"
        assert names(caller, path) == names(caller, f"{BOARDS}/1/{part}"), part
        assert {each["id"] for each in caller.get(path).json}.isdisjoint(
            each["id"] for each in caller.get(f"{BOARDS}/1/{part}").json
        )


@pytest.mark.assumed("psa facts 8.5; a subtype of the copy belongs to a type of the copy")
def test_what_refers_to_a_part_refers_to_its_copy(caller):
    board_id = caller.post(f"{BOARDS}/copy", json={"id": 1, "name": "Second Desk"}).json["id"]
    kinds = {each["id"] for each in caller.get(f"{BOARDS}/{board_id}/types").json}

    for each in caller.get(f"{BOARDS}/{board_id}/subtypes").json:
        assert set(each["typeAssociationIds"]) <= kinds


@pytest.mark.assumed("psa facts 8.5; a ticket can be opened on a copied board at once")
def test_a_ticket_on_a_copied_board_begins_with_the_boards_default_status(caller):
    board_id = caller.post(f"{BOARDS}/copy", json={"id": 1, "name": "Second Desk"}).json["id"]
    body = {"summary": "x", "company": {"id": 250}, "board": {"id": board_id}}

    ticket = caller.post("/service/tickets", json=body).json

    own = {each["id"] for each in caller.get(f"{BOARDS}/{board_id}/statuses").json}
    assert ticket["status"]["id"] in own


@pytest.mark.assumed("psa facts 8.5; events of a workflow come with their actions")
def test_a_copied_workflow_has_its_events_and_their_actions(caller):
    copy_id = caller.post(f"{WORKFLOWS}/1/copy").json["id"]

    def shape(workflow_id):
        events = caller.get(f"{WORKFLOWS}/{workflow_id}/events").json
        counts = (
            caller.get(f"{WORKFLOWS}/{workflow_id}/events/{each['id']}/actions/count").json["count"]
            for each in events
        )
        return list(zip([each["name"] for each in events], counts, strict=True))

    assert shape(copy_id) == shape(1)
    assert sum(count for _, count in shape(copy_id)) > 0
    parents = {each["parentId"] for each in caller.get(f"{WORKFLOWS}/{copy_id}/events").json}
    assert parents == {copy_id}


@pytest.mark.assumed("psa facts 8.5; records are found by their identifiers, so no two share one")
def test_copies_have_identifiers_of_their_own(caller):
    source = caller.get("/finance/taxCodes/1").json
    copies = [caller.post("/finance/taxCodes/1/copy").json for _ in range(2)]

    found = [each["identifier"] for each in copies]
    assert found == [f"{source['identifier']}-{number}" for number in (2, 3)]


@pytest.mark.assumed("psa facts 8.5; there is one default")
def test_a_copy_is_not_the_default(caller):
    types = caller.get("/finance/agreements/types").json
    default = next(each for each in types if each["defaultFlag"])

    copy = caller.post(f"/finance/agreements/types/{default['id']}/copy").json

    assert copy["defaultFlag"] is False
    assert caller.get(f"/finance/agreements/types/{default['id']}").json["defaultFlag"] is True


@pytest.mark.assumed(
    "psa facts 8.5; an order's lines are copied, its notes are what happened to it"
)
def test_a_copied_order_has_the_same_lines(caller):
    orders = "/procurement/purchaseorders"
    copy_id = caller.post(f"{orders}/1/copy").json["id"]

    def lines(order_id):
        found = caller.get(f"{orders}/{order_id}/lineitems").json
        return [(each["product"]["id"], each["quantity"]) for each in found]

    assert lines(copy_id) == lines(1) != []
    assert caller.get(f"{orders}/{copy_id}/notes/count").json == {"count": 0}


@pytest.mark.assumed("psa facts 8.5; a copy that cannot be made leaves nothing behind")
@pytest.mark.parametrize("body", [{"id": 999, "name": "x"}, {"name": "x"}, {"id": 1}])
def test_a_refused_copy_changes_nothing(caller, body):
    before = caller.get(f"{BOARDS}/count").json

    assert caller.post(f"{BOARDS}/copy", json=body).status_code in {400, 404}
    assert caller.get(f"{BOARDS}/count").json == before
