"""What no source tells of lists and conditions is a switch."""

import pytest

DIALECTS = pytest.mark.parametrize("dialect", ["documented", "observed"])


@pytest.mark.assumed("no source tells which of two faults of a condition is told")
@pytest.mark.parametrize(("first", "told"), [(True, "Invalid field 'Nothing'"), (False, "syntax")])
@DIALECTS
def test_an_unknown_name_before_bad_syntax(lasting, dialect, first, told):
    quirks = {} if first else {"conditions": {"names_first": False}}
    caller = lasting(**quirks).automate(dialect)

    answer = caller.get("/Clients", params={"condition": "Nothing = 1 and ="})

    assert answer.status_code == 400
    assert told in answer.text
    known = caller.get("/Clients", params={"condition": "Nothing = 1"})
    assert "Invalid field 'Nothing'" in known.text


@pytest.mark.assumed("automate facts 26 and 27: nobody sends both spellings at once")
@pytest.mark.parametrize(("first", "rows"), [(True, 2), (False, 3)])
@DIALECTS
def test_two_spellings_of_an_option(lasting, dialect, first, rows):
    caller = lasting(bound_options_first=first).automate(dialect)

    assert len(caller.get("/Clients?options.pageSize=2&pageSize=3").json) == rows
    assert len(caller.get("/Clients?pageSize=3&options.pageSize=2").json) == rows


@pytest.mark.assumed("automate facts 35 shows flat lists only")
@pytest.mark.parametrize(
    ("query", "members", "client"),
    [
        ("includeFields=Id,Client.Name", {"Id", "Client"}, {"Name"}),
        ("includeFields=client/name", {"Client"}, {"Name"}),
        ("includeFields=Client,Client.Name", {"Client"}, {"Id", "Name"}),
        ("excludeFields=Client.Id", None, {"Name"}),
        ("includeFields=Client&excludeFields=Client.Name", {"Client"}, {"Id"}),
    ],
)
def test_members_of_members(lasting, query, members, client):
    tenant = lasting(nested_fields=True)
    for path in ("/Computers/97", "/Computers?pageSize=1&orderBy=Id desc"):
        joined = f"{path}{'&' if '?' in path else '?'}{query}"
        seen = tenant.automate("observed").get(joined).json
        flat = lasting().automate("observed").get(joined).json
        row, usual = (each[0] if isinstance(each, list) else each for each in (seen, flat))

        assert row["Client"].keys() == client
        assert members is None or row.keys() == members
        assert usual.get("Client", {"Id": 1, "Name": ""}).keys() == {"Id", "Name"}


@pytest.mark.assumed("automate facts 35: what is not there is not told of")
@pytest.mark.parametrize("option", ["includeFields", "excludeFields", "expand"])
@DIALECTS
def test_unknown_names_in_options(lasting, dialect, option):
    strict = lasting(unknown_fields_refused=True, unknown_expands_refused=True).automate(dialect)
    known = "tickets" if option == "expand" else "Id,ComputerName"
    for path in ("/Computers", "/Computers/97"):
        refused = strict.get(f"{path}?{option}={known}, Nothing")
        allowed = strict.get(f"{path}?{option}={known}")
        assert (refused.status_code, allowed.status_code) == (400, 200)
        assert f"Invalid field 'Nothing' in {option}" in refused.text
        assert (
            lasting().automate(dialect).get(f"{path}?{option}={known},Nothing").status_code == 200
        )


@pytest.mark.assumed("automate facts 37 shows two expansions, the models have the others")
@DIALECTS
def test_what_can_be_expanded(lasting, dialect):
    quirks = {"unexpandable": ["automate:Computers/Groups"]}
    some = lasting(**quirks).automate(dialect).get("/Computers/97?expand=Groups,Tickets").json
    every = lasting().automate(dialect).get("/Computers/97?expand=Groups,Tickets").json
    strict = lasting(unknown_expands_refused=True, **quirks).automate(dialect)

    assert {"Groups", "Tickets"} & some.keys() == {"Tickets"}
    assert {"Groups", "Tickets"} <= every.keys()
    assert strict.get("/Computers/97?expand=Groups").status_code == 400


@pytest.mark.assumed("automate facts 37 and 47: whether conditions find what is not expanded")
@DIALECTS
def test_conditions_into_what_is_not_expanded(lasting, dialect):
    condition = "condition=Groups.Name contains 'server'"
    strict = lasting(conditions_into_unexpanded=False).automate(dialect)
    usual = lasting().automate(dialect)

    refused = strict.get(f"/Computers?{condition}")
    wrong = strict.get(f"/Computers?{condition}&expand=Tickets")
    found = strict.get(f"/Computers?{condition}&expand=Groups&pageSize=500")

    assert (refused.status_code, wrong.status_code, found.status_code) == (400, 400, 200)
    assert "Invalid field 'Groups.Name' in condition" in refused.text
    names = [row["ComputerName" if dialect == "observed" else "Name"] for row in found.json]
    rows = usual.get(f"/Computers?{condition}&pageSize=500").json
    assert names
    assert names == [row["ComputerName" if dialect == "observed" else "Name"] for row in rows]


@pytest.mark.assumed("automate facts 10.3: four names are described, the rest is ours")
def test_what_severities_are_called(lasting):
    names = {"1": "Info", "2": "warning", "other": "Bad", "none": "Info"}
    caller, usual = (
        lasting(severity_names=names).automate("observed"),
        lasting().automate("observed"),
    )

    rows = caller.get("/Alerts?orderBy=Severity.Name desc&pageSize=-1").json

    told = [row["Severity"]["Name"] for row in rows]
    assert told == sorted(told, key=str.casefold, reverse=True)
    assert set(told) <= {"Info", "warning", "Bad"}
    assert len(set(told)) > 1
    levels = [str(row["Severity"]["Id"]) for row in rows]
    assert told == [names.get(level, "Bad") for level in levels]
    for name in ("Bad", "Critical"):
        found = caller.get("/Alerts", params={"condition": f"Severity.Name = '{name}'"}).json
        assert bool(found) is (name == "Bad")
    one = rows[0]["AlertId"]
    assert caller.get(f"/Alerts/{one}").json["Severity"] == rows[0]["Severity"]
    shown = {row["Severity"]["Name"] for row in usual.get("/Alerts?pageSize=-1").json}
    assert shown <= {"Informational", "Warning", "Error", "Critical"}


@pytest.mark.assumed("automate facts 34: no order is established")
@pytest.mark.parametrize("newest", [True, False])
@DIALECTS
def test_the_order_of_a_list_that_nobody_orders(lasting, dialect, newest):
    caller = lasting(newest_first=newest).automate(dialect)

    pages = [caller.get(f"/Clients?pageSize=3&page={page}").json for page in (1, 2)]

    key = "Id" if dialect == "observed" else "ClientID"
    ids = [int(row[key]) for page in pages for row in page]
    assert ids == sorted(ids, reverse=newest)
    assert len(set(ids)) == 6
    ordered = caller.get("/Clients?pageSize=3&orderBy=Name").json
    assert ordered == lasting().automate(dialect).get("/Clients?pageSize=3&orderBy=Name").json


@pytest.mark.assumed("seed 000, 'Pagination Response Headers', shows no empty list")
@pytest.mark.parametrize("pages", [0, 1])
def test_the_pages_of_an_empty_list(lasting, pages):
    caller = lasting(pages_of_nothing=pages).automate()

    empty = caller.get("/Clients", params={"condition": "Name = 'nobody'"})

    assert (empty.json, empty.headers["X-Total-Pages"]) == ([], str(pages))
    assert caller.get("/Clients?ids=100").headers["X-Total-Pages"] == "1"


@pytest.mark.observed("automate facts 38: they are ignored live; a switch refuses them")
@DIALECTS
def test_parameters_that_no_list_has(lasting, dialect):
    strict = lasting(unknown_parameters_refused=True).automate(dialect)
    known = "/Clients?options.pageSize=2&condition=Id > 1&orderBy[name]=Id&ids[]=100"

    refused = strict.get("/Clients?conditions=Id > 1")

    assert refused.status_code == 400
    assert "There is no parameter conditions." in refused.text
    assert strict.get(known).status_code == 200
    assert lasting().automate(dialect).get("/Clients?conditions=Id > 1").status_code == 200


@pytest.mark.assumed("automate facts 35 and 37 show neither both options at once nor one record")
@DIALECTS
def test_options_together_and_for_one_record(lasting, dialect):
    quirks = {"expanded_always": False, "options_of_one": False}
    name = "ComputerName" if dialect == "observed" else "Name"
    other, usual = lasting(**quirks).automate(dialect), lasting().automate(dialect)
    query = f"includeFields={name}&expand=Tickets"

    lists = [each.get(f"/Computers?ids=97&{query}").json[0].keys() for each in (other, usual)]
    ones = [each.get(f"/Computers/97?{query}").json.keys() for each in (other, usual)]

    assert lists == [{name}, {name, "Tickets"}]
    assert ones == [other.get("/Computers/97").json.keys(), {name, "Tickets"}]


@pytest.mark.assumed("automate facts 4 has null with a question mark; 45 and 47 show single paths")
def test_null_and_paths_through_one_array(lasting):
    tenant = lasting(conditions={"nulls": False, "one_element": True})
    strict, usual = tenant.automate("observed"), lasting().automate("observed")
    groups = usual.get("/Computers?ids=97&expand=Groups").json[0]["Groups"]
    first, last = groups[0], groups[-1]
    both = f"Id = 97 and Groups.Id = {first['Id']} and Groups.Name = '{last['Name']}'"

    null = strict.get("/Computers", params={"condition": "Comment = null"})

    assert len(groups) > 1
    assert null.status_code == 400
    assert usual.get("/Computers", params={"condition": "Comment = null"}).status_code == 200
    assert strict.get("/Computers", params={"condition": both}).json == []
    assert len(usual.get("/Computers", params={"condition": both}).json) == 1
    same = both.replace(last["Name"], first["Name"])
    assert len(strict.get("/Computers", params={"condition": same}).json) == 1


@pytest.mark.assumed("automate facts 33 tells of the first page only")
@pytest.mark.parametrize("once", [True, False])
def test_the_second_page_of_everything(lasting, once):
    caller = lasting(all_rows_once=once).automate("observed")

    first, second = (caller.get(f"/Clients?pageSize=-1&page={page}") for page in (1, 2))

    assert len(first.json) > 30
    assert second.json == ([] if once else first.json)
    assert second.headers["Total-Count"] == first.headers["Total-Count"]


@pytest.mark.assumed("automate facts 37 tells nothing of long lists of children")
@DIALECTS
def test_how_many_children_are_shown(lasting, dialect):
    every, some, none = (
        lasting(expanded_max=most).automate(dialect).get("/Groups/2?expand=Computers").json
        for most in ("none", 2, 0)
    )

    assert len(every["Computers"]) > 2
    assert some["Computers"] == every["Computers"][:2]
    assert none["Computers"] == []


@pytest.mark.assumed("automate facts 51 saw a refusal; the seeds are silent")
@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_the_same_parameter_twice(lasting, dialect):
    path = "/Clients?pageSize=1&pageSize=2"

    assert lasting().automate(dialect).get(path).status_code == 400
    taken = lasting(repeated_parameters=True).automate(dialect).get(path)
    assert taken.status_code == 200
