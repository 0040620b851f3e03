"""List options in every spelling, and child records inside rows."""

import pytest

NAMES = "includeFields=Id,ComputerName&"


def names(caller, query):
    answer = caller.get(f"/Computers?{NAMES}{query}")
    assert answer.status_code == 200, answer.text
    return [row["ComputerName"] for row in answer.json]


@pytest.mark.live
@pytest.mark.observed("automate facts 26: the names of the vendor's description")
@pytest.mark.parametrize(
    ("bound", "flat"),
    [
        ("options.pageSize=3&options.page=2", "pageSize=3&page=2"),
        ("options.condition=Client.Id=100", "condition=Client.Id=100"),
        ("options.ids=97,104", "ids=97,104"),
        ("OPTIONS.IDS[0]=97&options.ids[1]=104", "ids=97,104"),
        (
            "options.orderBy.name=ComputerName&options.orderBy.type=Descending",
            "orderBy=ComputerName desc",
        ),
        (
            "options.orderBy.name=ComputerName&options.orderBy.type=Undefined",
            "orderBy=ComputerName asc",
        ),
    ],
)
def test_the_binders_options_do_what_the_flat_ones_do(automate_observed, bound, flat):
    assert names(automate_observed, bound) == names(automate_observed, flat)
    assert names(automate_observed, bound) != names(automate_observed, "")


@pytest.mark.live
@pytest.mark.observed("automate facts 28: what axios makes of nested objects")
def test_nested_objects_of_an_http_library_are_understood(automate_observed):
    query = "orderBy[name]=ComputerName&orderBy[type]=Ascending&includedFields[]=ComputerName"

    rows = automate_observed.get(f"/Computers?{query}").json

    assert rows == sorted(rows, key=lambda row: row["ComputerName"].casefold())
    assert set(rows[0]) == {"ComputerName"}


@pytest.mark.live
@pytest.mark.observed("automate facts 35: accepted and ignored, every field came back")
@pytest.mark.parametrize("name", ["options.includedFields", "options.excludedFields"])
def test_the_descriptions_projections_do_nothing(automate_observed, name):
    whole = automate_observed.get("/Computers?pageSize=2")

    assert automate_observed.get(f"/Computers?pageSize=2&{name}=Id").data == whole.data


@pytest.mark.live
@pytest.mark.observed("automate facts 35 and 51: repeated keys are a 400")
@pytest.mark.parametrize("name", ["options.includedFields", "options.ids", "includeFields"])
def test_a_repeated_list_key_is_refused(automate_observed, name):
    answer = automate_observed.get(f"/Computers?{name}=97&{name}=104")

    assert answer.status_code == 400
    assert answer.json == {"Message": "An item with the same key has already been added."}


@pytest.mark.live
@pytest.mark.assumed("where both spellings come, the one that clients send wins")
def test_a_flat_option_goes_before_the_binders(automate_observed):
    assert len(names(automate_observed, "options.pageSize=5&pageSize=2")) == 2


@pytest.mark.observed("automate facts 37: computers?expand=tickets, groups?expand=computers")
@pytest.mark.parametrize(
    ("path", "name", "holds"),
    [
        ("Computers", "Tickets", lambda row, each: each["Computer"]["Id"] == row["Id"]),
        ("Clients", "Locations", lambda row, each: each["Client"]["Id"] == row["Id"]),
        ("Groups", "Computers", lambda _row, each: each["ComputerName"]),
    ],
)
def test_child_records_are_there_when_asked_for(automate_observed, path, name, holds):
    plain = automate_observed.get(f"/{path}?pageSize=1000").json
    rows = automate_observed.get(f"/{path}?pageSize=1000&expand={name.lower()}").json

    assert [{n: v for n, v in row.items() if n != name} for row in rows] == plain
    assert any(row[name] for row in rows)
    assert all(holds(row, each) for row in rows for each in row[name])


@pytest.mark.assumed("automate facts 37 shows the observed dialect only; each dialect its names")
def test_documented_rows_expand_to_documented_children(automate):
    locations = automate.get("/Clients/100?expand=Locations").json["Locations"]

    assert locations
    assert locations == automate.get("/Locations?condition=ClientID=100").json


@pytest.mark.assumed("what is expanded is as fresh as the rest")
def test_expanded_children_follow_writes(automate):
    query = "/Clients?ids=100&expand=locations"
    before = automate.get(query).json[0]["Locations"]

    automate.post("/Locations", json={"Name": "Annex", "ClientID": 100})

    assert len(automate.get(query).json[0]["Locations"]) == len(before) + 1


@pytest.mark.live
@pytest.mark.observed("automate facts 38 and 37: what is not known is ignored")
def test_an_unknown_expansion_is_ignored(automate_observed):
    plain = automate_observed.get("/Clients?pageSize=2")

    assert automate_observed.get("/Clients?pageSize=2&expand=nonsense").data == plain.data


@pytest.mark.observed("automate facts 55: clients filter their extra fields themselves")
def test_a_condition_on_a_clients_extra_fields_is_ignored(automate_observed):
    plain = automate_observed.get("/clients/100/extrafields").json

    filtered = automate_observed.get("/clients/100/extrafields?condition=Title='no such title'")

    assert filtered.status_code == 200
    assert filtered.json == plain != []


@pytest.mark.documented("interface section 5: where both can be true at once, both are (C12)")
def test_documented_projections_understand_the_observed_names(automate):
    row = automate.get("/Computers?ids=97&includeFields=Id,ComputerName,OS").json[0]
    rest = automate.get("/Computers/97?excludeFields=ComputerName,OperatingSystemName").json

    assert row.keys() == {"ComputerID", "Name", "OS"}
    assert rest["ComputerID"] == 97
    assert not {"Name", "OS"} & rest.keys()


INNER = [
    ("Clients", "Locations", "Name = 'Main'", lambda row: row["Name"] == "Main"),
    ("Locations", "ExtraFields", "Title like 'circuit%'", lambda row: "Circuit" in row["Title"]),
    ("Computers", "Groups", "Name = 'servers'", lambda row: row["Name"] == "Servers"),
    ("Computers", "Tickets", "Priority.Id >= 0", bool),
    ("Groups", "Computers", "Id = 97", lambda row: row["Id"] == "97"),
    ("Groups", "NetworkDevices", "Id > 0", bool),
    ("NetworkDevices", "Groups", "Depth = 1", lambda row: row["Depth"] == 1),
]


@pytest.mark.assumed(
    "automate facts 37, 47: paths through arrays; that these are among them is ours"
)
@pytest.mark.parametrize(("path", "member", "condition", "holds"), INNER)
def test_conditions_lead_into_what_expand_shows(automate_observed, path, member, condition, holds):
    every = automate_observed.get(f"/{path}?pageSize=-1&expand={member}").json

    found = automate_observed.get(
        f"/{path}", params={"pageSize": -1, "condition": f"{member}.{condition}"}
    )

    assert found.status_code == 200, found.text
    wanted = [row["Id"] for row in every if any(map(holds, row[member]))]
    assert [row["Id"] for row in found.json] == wanted
    assert member not in found.json[0] if found.json else member == "Tickets"


@pytest.mark.assumed("what is found through child records follows them at once; bad names are 400")
def test_conditions_on_children_follow_them(automate, automate_observed):
    caller, condition = automate_observed, "/Computers?condition=Groups.Id = 3 and Id = 97"
    membership = {"GroupId": "3", "ComputerId": "97"}
    before = len(caller.get(condition).json)
    made = caller.post("/GroupComputers", json=membership)

    assert (before, made.status_code) == (0, 200), made.text
    assert len(caller.get(condition).json) == 1
    assert caller.delete(f"/GroupComputers/{made.json['Id']}").status_code == 204
    assert caller.get(condition).json == []
    assert caller.get("/Computers?condition=Groups.Nothing = 1").status_code == 400
    below = automate.get("/Clients/100/Computers?condition=Groups.Name contains 'erver'")
    assert below.status_code == 200
    assert below.json


@pytest.mark.documented("automate facts 26: the description declares the options of every list")
@pytest.mark.parametrize("dialect", ["automate", "automate_observed"])
def test_what_is_computed_takes_the_options_of_a_list(dialect, request):
    caller = request.getfixturevalue(dialect)
    whole = caller.get("/Plugins").json
    names = [row["Name"] for row in whole]

    assert len(whole) > 2
    found = caller.get("/Plugins?condition=Name like 'p%25' or Id = 1&orderBy=Name desc").json
    assert found == sorted(found, key=lambda row: row["Name"].casefold(), reverse=True)
    assert {row["Name"] for row in found} == {whole[0]["Name"], *(n for n in names if n[0] == "P")}
    second = caller.get("/Plugins?page=2&pageSize=1&includeFields=name")
    assert second.json == [{"Name": names[1]}]
    assert second.headers["Total-Count"] == str(len(whole))
    assert caller.get("/Plugins?ids=1,3&excludeFields=Id,IsEnabled").json == [
        {"Name": names[0]},
        {"Name": names[2]},
    ]
    assert caller.get("/Plugins?options.pageSize=1&options.page=3").json == whole[2:3]
    for wrong in ("condition=Nothing=1", "condition=Id=", "orderBy=Nothing", "ids=x", "pageSize=x"):
        assert caller.get(f"/Plugins?{wrong}").status_code == 400, wrong


@pytest.mark.assumed("what a patch action sets going; only the path is described (facts 10.1)")
def test_patch_jobs_are_listed_while_they_run(automate):
    assert automate.get("/Computers/97/PatchJobs").json == []
    body = {"EntityType": 1, "EntityId": 97}
    for action in ("DeployAllApproved", "ReattemptFailed"):
        assert automate.post(f"/PatchActions/{action}", json=body).status_code == 204

    rows = automate.get("/Computers/97/PatchJobs?orderBy=Action desc&pageSize=1").json

    assert [(row["Action"], row["ComputerId"]) for row in rows] == [("ReattemptFailed", 97)]
    assert len(automate.get("/Computers/97/PatchJobs?condition=Status = 'Running'").json) == 2
    assert automate.get("/Computers/98/PatchJobs").json == []
    assert automate.get("/Computers/99999/PatchJobs").status_code == 404


@pytest.mark.assumed("no source tells; a single object is cut as a row is (facts 35)")
def test_single_objects_are_cut_to_what_is_asked_for(automate_observed):
    path = "/Computers/97/OperatingSystem"

    assert set(automate_observed.get(f"{path}?includeFields=name,version").json) == {
        "Name",
        "Version",
    }
    assert "Version" not in automate_observed.get(f"{path}?excludeFields=Version").json
