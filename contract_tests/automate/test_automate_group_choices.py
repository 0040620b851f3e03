"""What no source tells of groups and their members is a switch."""

from dataclasses import replace

import pytest

DC = "ComputerName contains 'DC'"


@pytest.fixture
def asked(make_tenant):
    """Return what makes a caller of a tenant with single quirks whose clock stands still."""

    def make(dialect="observed", **quirks):
        quiet = {"outage_chance": 0, "monitor_failure_chance": 0}
        tenant = make_tenant(automate={**quiet, **quirks}).unlimited()
        tenant.admin("POST", "/clock", json={"freeze": True})
        caller = tenant.automate(dialect)
        caller.later = lambda seconds: tenant.admin("POST", "/clock", json={"advance": seconds})
        return caller

    return make


def members(caller, group_id):
    rows = caller.get(f"/GroupComputers?pageSize=-1&condition=GroupId={group_id}").json
    return sorted(row["ComputerId"] for row in rows)


def joining(caller, **more):
    body = {"Name": "Own", "ComputersAutoJoinSearch": {"Id": "4"}, **more}
    return caller.post("/Groups", json=body).json["Id"]


def second(caller, path):
    return replace(caller, base="/cwa/api/v2").get(path).json


@pytest.mark.assumed("automate facts 10.3 has the members only; the vendor joins on a schedule")
@pytest.mark.parametrize(
    ("every", "seen"),
    [(0, (True, True, True)), (600, (False, True, True)), ("none", (False, False, False))],
)
def test_when_a_group_takes_in_what_its_search_finds(asked, every, seen):
    caller = asked(auto_join_s=every)
    group_id = joining(caller)
    wanted = sorted(r["Id"] for r in caller.get(f"/Computers?condition={DC}&pageSize=-1").json)

    found = [members(caller, group_id) == wanted != []]
    caller.later(601)
    found.append(members(caller, group_id) == wanted)
    renamed = [{"op": "replace", "path": "ComputerName", "value": "ACME-DC77"}]
    caller.patch("/Computers/98", json=renamed)
    assert ("98" in members(caller, group_id)) is (every == 0)
    caller.later(600)
    found.append("98" in members(caller, group_id))

    assert tuple(found) == seen


@pytest.mark.assumed("no source tells what a limit to a search does to what is there already")
@pytest.mark.parametrize("lets_go", [True, False])
def test_what_a_limited_group_no_longer_finds(asked, lets_go):
    caller = asked(limited_groups_let_go=lets_go)
    group_id = joining(caller)
    caller.post("/GroupComputers", json={"GroupId": group_id, "ComputerId": "98"})

    limited = [{"op": "replace", "path": "ComputersLimitToSearch", "value": True}]
    caller.patch(f"/Groups/{group_id}", json=limited)

    assert ("98" in members(caller, group_id)) is not lets_go


@pytest.mark.assumed("no source tells what a second membership of the same two is")
@pytest.mark.parametrize("once", [True, False])
def test_a_membership_that_is_there_already(asked, once):
    caller = asked(memberships_once=once)
    group_id = caller.post("/Groups", json={"Name": "Own"}).json["Id"]
    sent = {"GroupId": group_id, "ComputerId": "97"}

    codes = [caller.post("/GroupComputers", json=sent).status_code for _ in range(2)]

    assert codes == [200, 400 if once else 200]
    assert members(caller, group_id) == ["97"] * (1 if once else 2)
    shown = caller.get(f"/Groups/{group_id}?expand=computers").json["Computers"]
    assert [row["Id"] for row in shown] == ["97"]
    assert len(second(caller, f"/Groups/{group_id}/Computers")) == 1


@pytest.mark.assumed("the model has Contacts beside Computers: those that its computers have")
@pytest.mark.parametrize("always", [True, False])
def test_the_contacts_of_a_group(asked, always):
    caller = asked(contacts_join_always=always)
    wanted = {
        row["Contact"]["Id"]
        for row in caller.get("/Groups/3?expand=computers").json["Computers"]
        if "Contact" in row
    }

    before = caller.get("/Groups/3?expand=contacts").json["Contacts"]
    lists = [second(caller, "/Groups/3/Contacts?pageSize=-1")]
    joins = [{"op": "replace", "path": "ContactsJoinComputers", "value": True}]
    caller.patch("/Groups/3", json=joins)
    after = caller.get("/Groups/3?expand=contacts").json["Contacts"]
    lists.append(second(caller, "/Groups/3/Contacts?pageSize=-1"))

    assert len(wanted) > 1
    assert {row["Id"] for row in before} == (wanted if always else set())
    assert {row["Id"] for row in after} == wanted
    assert [len(each) for each in lists] == [len(before), len(wanted)]
    name = after[0]["LastName"]
    query = {"condition": f"Contacts.LastName = '{name}'", "pageSize": -1}
    groups = {row["Id"] for row in caller.get("/Groups", params=query).json}
    assert ("3" in groups, "1" in groups) == (True, False)
    assert (len(groups) > 1) is always


@pytest.mark.assumed(
    "automate facts 5 and 10.1: two generations of models, no answer of these lists"
)
@pytest.mark.parametrize(
    ("first", "keys"),
    [
        (["NetworkDevices"], ("ComputerId", "ContactId", "Id")),
        ([], ("ComputerId", "ContactId", "NetworkDeviceId")),
        (["Computers", "Contacts", "NetworkDevices"], ("Id", "Id", "Id")),
    ],
)
def test_the_models_of_what_is_in_a_group(asked, first, keys):
    caller = asked(first_generation_lists=first)
    caller.post("/GroupNetworkDevices", json={"GroupId": "3", "DeviceId": "1"})
    words = ("Computers", "Contacts", "NetworkDevices")

    rows = [second(caller, f"/Groups/3/{word}?pageSize=1") for word in words]

    for (row,), key, word in zip(rows, keys, words, strict=True):
        assert next(iter(row)) == key
        assert "Client" in row or word == "NetworkDevices"
    names = second(caller, f"/Groups/3/Contacts?condition=LastName = '{rows[1][0]['LastName']}'")
    assert rows[1][0] in names
