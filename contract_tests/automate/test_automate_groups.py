"""Groups: their tree, their members, and searches that join computers."""

from dataclasses import replace

import pytest

SEARCHES = {
    "Servers": "Type = 'Server'",
    "Workstations": "Type = 'Workstation'",
    "Domain Controllers": "ComputerName contains 'DC'",
    "SQL Servers": "ComputerName contains 'SQL'",
    "Laptops": "ComputerName contains '-LT'",
    "Production": "IsMaintenanceModeEnabled = false",
}


def members(caller, group_id):
    rows = caller.get(f"/GroupComputers?pageSize=-1&condition=GroupId={group_id}").json
    assert len({row["ComputerId"] for row in rows}) == len(rows)
    return {row["ComputerId"] for row in rows}


def found(caller, condition):
    answer = caller.get("/Computers", params={"pageSize": -1, "condition": condition})
    return {row["Id"] for row in answer.json}


def group(caller, **more):
    answer = caller.post("/Groups", json={"Name": "Own", **more})
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.observed("automate facts 10.3: ComputersAutoJoinSearch; what it finds is ours")
@pytest.mark.parametrize(("name", "condition"), SEARCHES.items())
def test_the_worlds_groups_have_what_their_searches_find(automate_observed, name, condition):
    rows = automate_observed.get("/Groups?pageSize=-1").json
    own = next(row for row in rows if row["Name"] == name)
    search = automate_observed.get(f"/Searches?ids={own['ComputersAutoJoinSearch']['Id']}").json[0]

    assert search["Name"] == own["ComputersAutoJoinSearch"]["Name"]
    assert members(automate_observed, own["Id"]) == found(automate_observed, condition) != set()


@pytest.mark.assumed("a search joins when the group or the computer is written; no source tells")
def test_a_group_with_a_search_takes_in_what_it_finds(automate_observed):
    search = automate_observed.get("/Groups/4").json["ComputersAutoJoinSearch"]
    made = group(automate_observed, ComputersAutoJoinSearch={"Id": search["Id"]})
    assert members(automate_observed, made["Id"]) == found(
        automate_observed, SEARCHES["Domain Controllers"]
    )

    renamed = [{"op": "replace", "path": "ComputerName", "value": "ACME-DC77"}]
    automate_observed.patch("/Computers/98", json=renamed)
    assert "98" in members(automate_observed, made["Id"])

    back = [{"op": "replace", "path": "ComputerName", "value": "ACME-LT001"}]
    automate_observed.patch("/Computers/98", json=back)
    assert "98" in members(automate_observed, made["Id"])
    limited = [{"op": "replace", "path": "ComputersLimitToSearch", "value": True}]
    automate_observed.patch(f"/Groups/{made['Id']}", json=limited)
    assert "98" not in members(automate_observed, made["Id"])


@pytest.mark.observed("automate facts 10.1 and 90: GroupComputers CRUD, all three ids are texts")
def test_a_membership_is_added_once_and_removed(automate_observed):
    made = group(automate_observed)
    sent = {"GroupId": made["Id"], "ComputerId": "97"}

    added = automate_observed.post("/GroupComputers", json=sent)
    again = automate_observed.post("/GroupComputers", json=sent)
    lost = automate_observed.post("/GroupComputers", json={**sent, "ComputerId": "99999"})
    bare = automate_observed.post("/GroupComputers", json={})

    assert (added.status_code, added.json) == (200, {"Id": added.json["Id"], **sent})
    assert [answer.status_code for answer in (again, lost, bare)] == [400] * 3
    second = replace(automate_observed, base="/cwa/api/v2")
    assert [row["ComputerId"] for row in second.get(f"/Groups/{made['Id']}/Computers").json] == [97]
    assert automate_observed.delete(f"/GroupComputers/{added.json['Id']}").status_code == 204
    assert second.get(f"/Groups/{made['Id']}/Computers").json == []


@pytest.mark.assumed("a membership ends with the group or the computer")
def test_memberships_end_with_what_they_bind(automate_observed):
    made = group(automate_observed)
    for computer in ("97", "98"):
        sent = {"GroupId": made["Id"], "ComputerId": computer}
        automate_observed.post("/GroupComputers", json=sent)

    automate_observed.delete("/Computers/97")
    assert members(automate_observed, made["Id"]) == {"98"}
    automate_observed.delete(f"/Groups/{made['Id']}")
    assert members(automate_observed, made["Id"]) == set()


@pytest.mark.observed("automate facts 10.3: Depth, FullName, SubGroups, ParentGroups")
def test_the_tree_of_groups_holds_together(automate_observed):
    made = group(automate_observed, ParentId="2")
    around = [{"op": "replace", "path": "ParentId", "value": made["Id"]}]

    refused = automate_observed.patch("/Groups/2", json=around)

    assert (made["FullName"], made["Depth"]) == ("All Agents.Servers.Own", 3)
    assert made["ParentGroups"] == [1, 2]
    assert int(made["Id"]) in automate_observed.get("/Groups/2").json["SubGroups"]
    assert refused.status_code == 400
    automate_observed.delete(f"/Groups/{made['Id']}")
    assert int(made["Id"]) not in automate_observed.get("/Groups/2").json["SubGroups"]


@pytest.mark.assumed("a search that is not there cannot be joined by")
def test_an_unknown_search_is_refused(automate_observed):
    sent = {"Name": "x", "ComputersAutoJoinSearch": {"Id": "9999"}}

    assert automate_observed.post("/Groups", json=sent).status_code == 400
