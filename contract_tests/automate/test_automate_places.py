"""Clients, locations, groups and what is in them hold together, whatever is done to them."""

from dataclasses import replace

import pytest

#: A location with a contact, and one with a network device.
CONTACT, DEVICE = "/Contacts?pageSize=1", "/NetworkDevices?pageSize=1"


@pytest.fixture
def asked(make_tenant):
    """Return what makes an observed caller of a tenant with single quirks."""

    def make(**quirks):
        return make_tenant(automate=quirks).unlimited().automate("observed")

    return make


def other_client(caller, client_id):
    query = {"condition": f"Id != {client_id}", "pageSize": 1, "orderBy": "Id desc"}
    return caller.get("/Clients", params=query).json[0]["Id"]


def to_client(client_id):
    return [{"op": "replace", "path": "Client", "value": {"Id": client_id}}]


@pytest.mark.assumed("ours: who and what is at a location belongs to the location's client")
@pytest.mark.parametrize("path", [CONTACT, DEVICE])
def test_what_is_at_a_location_goes_with_it_to_another_client(asked, path):
    caller = asked()
    one = caller.get(path).json[0]
    client_id = other_client(caller, one["Client"]["Id"])

    moved = caller.patch(f"/Locations/{one['Location']['Id']}", json=to_client(client_id))

    collection = path.partition("?")[0]
    after = caller.get(f"{collection}?ids={one['Id']}").json[0]
    assert moved.status_code == 200
    assert after["Client"]["Id"] == client_id
    assert after["Location"] == one["Location"]
    if path == CONTACT:
        newer = replace(caller, base="/cwa/api/v2").get(f"/Contacts/{one['Id']}").json
        assert newer["Client"]["ClientId"] == int(client_id)


@pytest.mark.assumed("ours: as a computer's, a device's or contact's location is its client's")
@pytest.mark.parametrize(("path", "name"), [("/NetworkDevices", "Name"), ("/Contacts", "LastName")])
@pytest.mark.parametrize("follows", [True, False])
def test_a_location_says_whose_a_device_or_contact_is(asked, path, name, follows):
    caller = asked(client_follows=follows)
    where = caller.get(f"{path}?pageSize=1").json[0]
    other = {"Id": other_client(caller, where["Client"]["Id"])}
    body = {name: "Ours", "Location": {"Id": where["Location"]["Id"]}}

    alone = caller.post(path, json=body)
    wrong = caller.post(path, json={**body, "Client": other})

    assert alone.status_code == 200
    assert alone.json.get("Client") == (where["Client"] if follows else None)
    assert wrong.status_code == 400


@pytest.mark.assumed("ours: both generations of contacts keep to it")
def test_the_second_generation_knows_whose_a_location_is(asked):
    caller = asked()
    second = replace(caller, base="/cwa/api/v2")
    one = second.get("/Contacts/1").json
    other = {"ClientId": int(other_client(caller, one["Client"]["ClientId"]))}

    answer = second.put("/Contacts/1", json={**one, "Client": other})

    assert answer.status_code == 400
    assert second.get("/Contacts/1").json == one
    for bad in ({"Client": {"Nonsense": 1}}, {"Client": {"ClientId": None}}, {"Location": {}}):
        assert second.put("/Contacts/1", json={**one, **bad}).status_code in {200, 400}


@pytest.mark.assumed("no source tells what becomes of the groups below a removed one")
@pytest.mark.parametrize(
    ("quirks", "code", "names"),
    [
        ({}, 204, {"A": "A", "C": "A.C", "D": "A.C.D"}),
        ({"groups_below": "along"}, 204, {"A": "A"}),
        (
            {"groups_below": "refused"},
            409,
            {"A": "A", "B": "A.B", "C": "A.B.C", "D": "A.B.C.D"},
        ),
    ],
)
def test_the_groups_below_a_removed_one(asked, quirks, code, names):
    caller, ids = asked(**quirks), {}
    for above, name in zip((None, "A", "B", "C"), "ABCD", strict=True):
        body = {"Name": name, "ParentId": ids.get(above)}
        ids[name] = caller.post("/Groups", json=body).json["Id"]

    answer = caller.delete(f"/Groups/{ids['B']}")

    assert answer.status_code == code
    found = {name: caller.get(f"/Groups/{each}") for name, each in ids.items()}
    assert {n: g.json["FullName"] for n, g in found.items() if g.status_code == 200} == names
    subgroups = found["A"].json["SubGroups"]
    assert subgroups == [int(ids[n]) for n, full in names.items() if full.count(".") == 1]
    for name in names:
        assert caller.patch(f"/Groups/{ids[name]}", json={"Comments": "x"}).status_code == 200


@pytest.mark.assumed("ours: a device that is gone is in no group")
def test_a_device_leaves_its_groups_with_its_client(asked):
    caller = asked(in_use_by=[])
    device = caller.get(DEVICE).json[0]
    caller.post("/GroupNetworkDevices", json={"GroupId": "2", "DeviceId": device["Id"]})

    caller.delete(f"/Clients/{device['Client']['Id']}")

    assert caller.get(f"/NetworkDevices?ids={device['Id']}").json == []
    rows = caller.get(f"/GroupNetworkDevices?condition=DeviceId = {device['Id']}").json
    assert rows == []
