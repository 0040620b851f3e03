"""The order of lists, their counts, and lists below a record (psa facts 3.6)."""

import pytest
from psa_wording import error, ids, refused

TICKETS = "/service/tickets"


def every_id(caller, path=TICKETS, **params):
    return ids(caller.get(path, params={"pageSize": 1000, **params}))


@pytest.mark.live
@pytest.mark.documented("seed 002, 'Ordering'; seed 003, orderBy")
@pytest.mark.parametrize(
    ("order", "keys"),
    [
        ("id desc", [("id", True)]),
        ("Summary", [("summary", False)]),
        ("priority/id asc, id desc", [("priority/id", False), ("id", True)]),
        ("company/name desc,summary asc", [("company/name", True), ("summary", False)]),
    ],
)
def test_a_list_is_ordered_as_asked(caller, order, keys):
    def value(row, path):
        for step in path.split("/"):
            row = row.get(step, {})
        return row.casefold() if isinstance(row, str) else row

    rows = caller.get(TICKETS, params={"pageSize": 1000, "orderBy": order}).json

    wanted = sorted(rows, key=lambda row: row["id"])
    for path, descending in reversed(keys):
        wanted.sort(key=lambda row: value(row, path), reverse=descending)
    if order != "company/name desc,summary asc":
        assert [row["id"] for row in rows] == [row["id"] for row in wanted]
    names = [(value(r, keys[0][0])) for r in rows]
    assert names == [(value(r, keys[0][0])) for r in wanted]


@pytest.mark.live
@pytest.mark.documented("seed 002, 'Ordering'")
def test_the_seed_s_order_is_understood(caller):
    params = {"orderBy": "priority/id asc, dateEntered desc", "pageSize": 1000}

    rows = caller.get(TICKETS, params=params).json

    seen = [(row["priority"]["id"], row["_info"]["dateEntered"]) for row in rows]
    assert seen == sorted(sorted(seen, key=lambda s: s[1], reverse=True), key=lambda s: s[0])


@pytest.mark.live
@pytest.mark.assumed("psa facts 3.6: as an unknown name in conditions")
def test_an_unknown_name_in_the_order_is_refused(psa_observed):
    answer = psa_observed.get(TICKETS, params={"orderBy": "nonsense desc"})

    message = "nonsense is not a recognized name."
    assert refused(answer, 400, error("ApiFindCondition", message))


@pytest.mark.live
@pytest.mark.documented("seed 002, 'Getting Total Count'; psa facts 3.9")
def test_count_honours_the_conditions(caller):
    params = {"conditions": "status/id!=5"}

    answer = caller.get(f"{TICKETS}/count", params=params)

    assert answer.json == {"count": len(every_id(caller, conditions="status/id!=5"))}


@pytest.mark.observed("psa facts 3.9: children are listed and counted below their parent only")
def test_children_are_those_of_their_parent(caller):
    statuses = caller.get("/service/boards/1/statuses").json

    assert {row["board"]["id"] for row in statuses} == {1}
    assert caller.get("/service/boards/1/statuses/count").json == {"count": len(statuses)}
    assert caller.get("/service/boards/404/statuses").status_code == 404
