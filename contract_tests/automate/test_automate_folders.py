"""Folders of scripts: what is in them tells where it is, and is never left in none."""

import pytest


@pytest.fixture
def tree(make_tenant):
    """Return what makes a tenant with quirks and folders A, A\\B and A\\B\\C, a script in B."""

    def make(**quirks):
        caller = make_tenant(automate=quirks).unlimited().automate("observed")
        ids = {}
        for above, name in ((None, "A"), ("A", "B"), ("B", "C")):
            body = {"Name": name, "ParentId": ids.get(above, "0")}
            ids[name] = caller.post("/ScriptFolders", json=body).json["Id"]
        body = {"Name": "Ours", "Folder": {"Id": ids["B"]}}
        ids["script"] = caller.post("/Scripts", json=body).json["Id"]
        renamed = [{"op": "replace", "path": "Name", "value": "Top"}]
        assert caller.patch(f"/ScriptFolders/{ids['A']}", json=renamed).status_code == 200
        return caller, ids

    return make


def shown(caller, ids):
    """Return where the script is in both generations, and the names of the folders left."""
    first = caller.get(f"/Scripts/{ids['script']}")
    second = caller.client.get(f"/cwa/api/v2/Scripts/{ids['script']}", headers=caller.headers)
    rows = caller.get("/ScriptFolders?pageSize=-1").json
    left = sorted(row["Name"] for row in rows if row["Id"] in ids.values())
    if first.status_code == 404:
        return None, second.status_code, left
    newer = second.json.get("Folder", {}).get("Name")
    return first.json.get("FullFolderPath"), newer, left


@pytest.mark.assumed("ours: scripts tell their folder's new name and place in both generations")
def test_scripts_tell_where_their_folder_is(tree):
    caller, ids = tree()
    second = f"/cwa/api/v2/Scripts/ScriptFolders/{ids['B']}"

    answer = caller.client.put(second, json={"Name": "Middle"}, headers=caller.headers)

    assert answer.status_code == 200
    path, newer, _ = shown(caller, ids)
    assert (path, newer) == ("Top\\Middle", "Middle")


@pytest.mark.assumed("no source tells what becomes of what is in a removed folder")
@pytest.mark.parametrize(
    ("where", "code", "depth", "left"),
    [("up", 204, 1, 2), ("along", 204, None, 1), ("refused", 409, 2, 3)],
)
def test_what_is_in_a_removed_folder(tree, where, code, depth, left):
    caller, ids = tree(folder_contents=where)

    answer = caller.delete(f"/ScriptFolders/{ids['B']}")

    path, newer, names = shown(caller, ids)
    assert answer.status_code == code
    assert len(names) == left
    if depth is None:
        assert (path, newer) == (None, 404)
    else:
        assert len(path.split("\\")) == depth
        assert newer == path.rpartition("\\")[2]


@pytest.mark.assumed("ours: a folder lies below one that is there, and not below itself")
def test_a_folder_lies_somewhere(tree):
    caller, ids = tree()

    lost = caller.post("/ScriptFolders", json={"Name": "x", "ParentId": "99999"})
    around = [{"op": "replace", "path": "ParentId", "value": ids["C"]}]
    ring = caller.patch(f"/ScriptFolders/{ids['A']}", json=around)

    assert (lost.status_code, ring.status_code) == (400, 400)
