"""What no source tells of removals, moves and names is a switch."""

import pytest

OWN_NAME = "Adatum Field Office"


def below(caller, client_id):
    """Return how much of what concerns a client there is."""
    paths = ("Locations", "Computers", "Monitors", "Alerts")
    query = {"condition": f"ClientID = {client_id}", "pageSize": 1}
    found = {path: caller.get(f"/{path}", params=query) for path in paths}
    return {path: int(answer.headers["Total-Count"]) for path, answer in found.items()}


@pytest.mark.assumed("automate facts 97: one source says refused, and that computers are let go")
def test_a_client_with_computers_is_kept_or_goes_with_all_that_it_has(asked):
    kept, gone = asked(), asked(in_use_by=[])
    before = below(kept, 100)
    assert all(before.values())

    refused, taken = (each.delete("/Clients/100") for each in (kept, gone))

    assert (refused.status_code, taken.status_code) == (400, 204)
    assert below(kept, 100) == before
    assert not any(below(gone, 100).values())
    assert gone.get("/Clients/100").status_code == 404


@pytest.mark.assumed("no source tells what keeps a record from being removed")
@pytest.mark.parametrize(
    ("path", "name"), [("/Computers/97", "Alerts"), ("/Clients/{}", "Locations")]
)
def test_what_keeps_a_record_there(asked, path, name):
    usual, strict = asked(), asked(in_use_by=["Computers", name], in_use_status=423)
    answers = []
    for caller in (usual, strict):
        made = caller.post("/Clients", json={"Name": OWN_NAME}).json["ClientID"]
        caller.post(f"/Clients/{made}/Locations", json={"Name": OWN_NAME})
        caller.post("/Alerts", json={"ComputerID": 97, "Subject": "Ours", "Message": "Ours"})
        answers.append(caller.delete(path.format(made)))

    assert [each.status_code for each in answers] == [204, 423]
    assert f"has {name.lower()}" in answers[1].json["error"]["message"]


@pytest.mark.assumed("no source tells whether what was told of a computer moves with it")
@pytest.mark.parametrize("along", [["Alerts", "Monitors"], ["Monitors"], []])
def test_what_moves_with_a_computer(asked, along):
    caller = asked(moves_along=along)
    caller.post("/Alerts", json={"ComputerID": 97, "Subject": "Ours", "Message": "Ours"})
    place = caller.get("/Locations?condition=ClientID != 100&pageSize=1").json[0]
    query = {"condition": "ComputerID = 97"}

    moved = caller.patch("/Computers/97", json={"LocationID": place["LocationID"]}).json

    assert (moved["ClientID"], moved["LocationID"]) == (place["ClientID"], place["LocationID"])
    for path in ("Alerts", "Monitors"):
        clients = {row["ClientID"] for row in caller.get(f"/{path}", params=query).json}
        assert clients == {place["ClientID"] if path in along else 100}


@pytest.mark.assumed("no source tells whether a location of another client is taken by itself")
def test_the_client_follows_a_location_or_must_be_named(asked):
    caller = asked(client_follows=False)
    place = caller.get("/Locations?condition=ClientID != 100&pageSize=1").json[0]
    places = {name: place[name] for name in ("ClientID", "LocationID")}

    alone = caller.patch("/Computers/97", json={"LocationID": place["LocationID"]})
    both = caller.patch("/Computers/97", json=places)

    assert (alone.status_code, both.status_code) == (400, 200)
    assert alone.json["error"]["details"]["field"] == "LocationID"
    assert both.json | places == both.json


@pytest.mark.assumed("the seed family's table says it of clients only, and gives it a 400")
@pytest.mark.parametrize(
    ("quirks", "codes"),
    [
        ({}, (400, 400, 201)),
        ({"name_taken_status": 409}, (409, 409, 201)),
        ({"unique_names": ["Groups"], "name_taken_status": 422}, (201, 201, 422)),
    ],
)
def test_a_name_that_is_taken(asked, quirks, codes):
    caller = asked(**quirks)
    client, group = caller.get("/Clients/100").json["Name"], caller.get("/Groups/1").json["Name"]
    sent = {"/Clients": client, "/Users": caller.get("/Users/3").json["Name"], "/Groups": group}

    answers = [caller.post(path, json={"Name": name.upper()}) for path, name in sent.items()]

    assert tuple(each.status_code for each in answers) == codes
    assert caller.post("/Clients", json={"Name": ""}).status_code == 400
