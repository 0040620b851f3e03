"""Chosen fields (psa facts 3.8; seed 002)."""

import pytest

TICKETS = "/service/tickets"


@pytest.mark.documented("seed 002, 'Field Selection'; psa facts 3.8: exactly what was asked for")
def test_only_the_chosen_fields_come_back(caller):
    params = {"fields": "id,summary,status/name,company/name", "conditions": "id = 5000"}

    assert caller.get(TICKETS, params=params).json == [
        {
            "id": 5000,
            "summary": "Email not working",
            "status": {"name": "New"},
            "company": {"name": "ACME Manufacturing"},
        }
    ]


@pytest.mark.observed("psa facts 3.8: unknown names are ignored, _info must be asked for")
def test_unknown_fields_are_ignored(caller):
    params = {"fields": "ID, nonsense,status/nothing,assignedTo,_info/lastUpdated"}

    answer = caller.get(f"{TICKETS}/5000", params=params)

    updated = caller.get(f"{TICKETS}/5000").json["_info"]["lastUpdated"]
    assert answer.json == {"id": 5000, "status": {}, "_info": {"lastUpdated": updated}}


@pytest.mark.observed("psa facts 3.8: * is all, no match is an empty object")
def test_stars_and_nothing(caller):
    whole = caller.get(f"{TICKETS}/5000")

    assert caller.get(f"{TICKETS}/5000", params={"fields": "*"}).data == whole.data
    assert caller.get(f"{TICKETS}/5000", params={"fields": "nonsense"}).json == {}


@pytest.mark.observed("psa facts 3.8: the members of arrays can be chosen")
def test_fields_reach_into_arrays(caller):
    params = {"fields": "id,communicationItems/value", "conditions": "id=1"}

    items = caller.get("/company/contacts/1").json["communicationItems"]
    assert caller.get("/company/contacts", params=params).json == [
        {"id": 1, "communicationItems": [{"value": item["value"]} for item in items]}
    ]
