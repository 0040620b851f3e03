"""What no source tells of bodies is a switch: what they may be, and what they may name."""

import pytest

ARRAY, OBJECT = [{"op": "replace", "path": "Name", "value": "Ours"}], {"Name": "Ours"}
LONG_AGO = "2001-02-03T04:05:06Z"


@pytest.fixture
def asked(make_tenant):
    """Return what makes a caller of a tenant with single quirks."""

    def make(dialect="documented", **quirks):
        return make_tenant(automate=quirks).unlimited().automate(dialect)

    return make


@pytest.mark.assumed("automate facts 66 shows arrays, the seed objects; each may know no other")
@pytest.mark.parametrize("dialect", ["documented", "observed"])
@pytest.mark.parametrize(
    ("quirks", "codes"),
    [
        ({}, [200, 200, 400, 400]),
        ({"patch_bodies": ["array"]}, [200, 400, 400, 400]),
        ({"patch_bodies": ["object"]}, [400, 200, 400, 400]),
        ({"patch_bodies": []}, [400, 400, 400, 400]),
    ],
)
def test_what_a_patch_may_be(asked, dialect, quirks, codes):
    caller = asked(dialect, **quirks)

    sent = [caller.patch("/Groups/2", json=body) for body in (ARRAY, OBJECT, "Name", None)]

    assert [each.status_code for each in sent] == codes


@pytest.mark.assumed("no source tells whether a member that no model has is refused")
@pytest.mark.parametrize(
    ("dialect", "quirks", "codes"),
    [
        ("documented", {}, (201, 200, 200)),
        ("observed", {}, (200, 200, 400)),
        ("observed", {"unknown_members_refused": []}, (200, 200, 200)),
        ("documented", {"unknown_members_refused": ["POST", "PATCH"]}, (400, 200, 400)),
        ("observed", {"unknown_members_refused": ["PUT"]}, (200, 400, 200)),
    ],
)
def test_a_member_that_no_model_has(asked, dialect, quirks, codes):
    caller = asked(dialect, **quirks)
    body = {"Name": "Ours", "Nonsense": 1}

    made = caller.post("/Groups", json=body)
    put, patched = (caller.request(m, "/Groups/2", json=body) for m in ("PUT", "PATCH"))

    assert (made.status_code, put.status_code, patched.status_code) == codes
    if dialect == "documented":
        known = caller.patch("/Groups/2", json={"FullPath": "x", "Comment": "y", "comments": "y"})
        assert known.status_code == 200


@pytest.mark.assumed("no source tells which of the two counts when a client leaves one stale")
@pytest.mark.parametrize("nested_first", [False, True])
def test_a_nested_client_beside_a_client_id(asked, nested_first):
    caller = asked(nested_first=nested_first)
    other = caller.get("/Clients?pageSize=1&orderBy=ClientID desc").json[0]["ClientID"]
    body = {"Name": "Twice", "ClientID": other, "Client": {"Id": 100}}

    made = caller.post("/Locations", json=body).json
    named = caller.post("/Locations", json={**body, "Client": {"Name": "Stale"}}).json
    listed = caller.post("/Locations", json={**body, "Client": [100]}).json

    wanted = [100 if nested_first else other, other, other]
    assert [each["ClientID"] for each in (made, named, listed)] == wanted


@pytest.mark.assumed("no source tells what becomes of members that a server would keep itself")
def test_what_the_server_tells_is_ignored_or_taken(asked):
    body = {"Name": "Old", "DateAdded": LONG_AGO, "ComputerCount": 7, "LocationCount": None}
    usual, taking = asked(), asked(taken_members=["DateAdded", "ComputerCount", "FullName"])

    ignored, taken = (each.post("/Clients", json=body).json for each in (usual, taking))
    group = taking.patch("/Groups/2", json={"FullPath": "A.B"}).json
    left = usual.patch("/Groups/2", json={"FullPath": "A.B"}).json

    assert (taken["DateAdded"], taken["ComputerCount"]) == (LONG_AGO, 7)
    assert (ignored["ComputerCount"], ignored["LocationCount"]) == (0, 0)
    assert ignored["DateAdded"] > LONG_AGO
    assert (group["FullPath"], left["FullPath"]) == ("A.B", f"All Agents.{group['Name']}")
    assert taking.patch("/Groups/2", json={"Comment": "x"}).json["FullPath"] == "A.B"
    assert taking.patch("/Groups/2", json={"FullPath": None}).json["FullPath"] == left["FullPath"]
    first = usual.patch("/Computers/97", json={"DateAdded": LONG_AGO}).json
    assert first["DateAdded"] > LONG_AGO
    assert taking.patch("/Computers/97", json={"DateAdded": LONG_AGO}).json["DateAdded"] == LONG_AGO


@pytest.mark.assumed("no source tells whether a body with them is refused")
@pytest.mark.parametrize("refused", [False, True])
def test_members_that_the_server_keeps_are_refused_or_ignored(asked, refused):
    caller = asked(kept_members_refused=refused, taken_members=["LocationCount"])
    bodies = [{"ComputerCount": 7}, {"LocationCount": 7}, {"ClientID": 7}, {"ExtraData": {}}]

    sent = [caller.post("/Clients", json={"Name": f"New{n}", **b}) for n, b in enumerate(bodies)]
    seen = caller.patch("/Users/3", json={"LastSuccessfulLogin": LONG_AGO})

    codes = [each.status_code for each in (*sent, seen)]
    assert codes == ([400, 201, 201, 400, 400] if refused else [201, 201, 201, 201, 200])
    if refused:
        assert sent[0].json["error"]["details"]["field"] == "ComputerCount"
    else:
        assert seen.json["LastSuccessfulLogin"] != LONG_AGO


@pytest.mark.assumed("ours: what a group tells of its place follows the groups above it")
def test_the_groups_below_follow_a_new_name_and_a_new_place(asked):
    caller = asked()
    ids = []
    for name in ("Top", "Middle", "Low"):
        body = {"Name": name, "ParentID": ids[-1] if ids else None}
        ids.append(caller.post("/Groups", json=body).json["GroupID"])

    caller.patch(f"/Groups/{ids[0]}", json={"Name": "Peak"})
    renamed = [caller.get(f"/Groups/{each}").json["FullPath"] for each in ids]
    caller.patch(f"/Groups/{ids[1]}", json={"ParentID": None})
    moved = [caller.get(f"/Groups/{each}/").json["FullPath"] for each in ids]

    assert renamed == ["Peak", "Peak.Middle", "Peak.Middle.Low"]
    assert moved == ["Peak", "Middle", "Middle.Low"]


@pytest.mark.assumed("no source tells how long a name may be, or what else a state may be called")
@pytest.mark.parametrize("checked", [True, False])
def test_texts_that_no_source_bounds(asked, checked):
    caller = asked(lengths_checked=checked, choices_checked=checked)
    bodies = {
        "/Clients": {"Name": "x" * 51},
        "/Alerts": {"ComputerID": 97, "Subject": "x", "Status": "Strange"},
        "/Monitors": {"Name": "x", "Status": "Strange"},
    }

    codes = {caller.post(path, json=body).status_code for path, body in bodies.items()}
    codes.add(caller.patch("/Computers/97", json={"Type": "Toaster"}).status_code)

    assert codes == ({400} if checked else {200, 201})
    assert caller.post("/Clients", json={"Name": "x" * 50}).status_code == 201
    assert caller.post("/Clients", json={"Name": ["x"]}).status_code == 400


@pytest.mark.assumed("the seed family shows some operators and does not tell that these are all")
@pytest.mark.parametrize(
    ("quirks", "codes"),
    [
        ({}, (201, 400)),
        ({"threshold_operators": ["~"]}, (400, 201)),
        ({"threshold_operators": []}, (201, 201)),
    ],
)
def test_how_a_threshold_compares(asked, quirks, codes):
    caller = asked(**quirks)
    bodies = ({"Name": "x", "Thresholds": [{"Operator": each}]} for each in ("gt", "~"))

    assert tuple(caller.post("/Monitors", json=body).status_code for body in bodies) == codes


@pytest.mark.assumed("no source tells what a new user may command")
@pytest.mark.parametrize("level", [1, 3])
def test_the_level_of_a_new_user(asked, level):
    caller = asked(new_command_level=level)

    made = caller.post("/Users", json={"Name": "Ours"}).json
    own = caller.post("/Users", json={"Name": "Other", "CommandLevel": 2}).json

    assert (made["CommandLevel"], own["CommandLevel"]) == (level, 2)


@pytest.mark.assumed("no source tells whether the path or the body goes first")
@pytest.mark.parametrize("first", [True, False])
def test_a_body_that_names_another_client_than_the_path(asked, first):
    caller = asked(path_owner_first=first)
    other = caller.get("/Clients?pageSize=1&orderBy=ClientID desc").json[0]["ClientID"]

    made = caller.post("/Clients/100/Locations", json={"Name": "Ours", "ClientID": other}).json
    plain = caller.post("/Clients/100/Locations", json={"Name": "Own"}).json

    assert (made["ClientID"], plain["ClientID"]) == (100 if first else other, 100)
