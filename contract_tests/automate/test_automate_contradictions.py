"""Where the seeds and what was seen disagree: each side in its dialect, one system behind both."""

import pytest

WHEN = "2026-01-01T00:00:00"


@pytest.fixture
def tenant(make_tenant):
    return make_tenant().unlimited()


@pytest.fixture
def both(tenant):
    """Return a documented and an observed caller of the same tenant."""
    return tenant.automate(), tenant.automate("observed")


def statuses(callers, path, condition):
    return [each.get(path, params={"condition": condition}).status_code for each in callers]


def login(tenant, path):
    account = tenant.credentials["automate"]
    names = {"Username": account["username"], "Password": account["password"]}
    return tenant.client.post(f"/cwa/api/v1/{path}", json=names)


@pytest.mark.observed("automate facts C1, C4, 25: two paths to one store; 4 hours and one")
def test_both_ways_to_log_in_lead_to_the_same_records(tenant, both):
    seeds, vendor = (login(tenant, path).json for path in ("APICredentials", "apitoken"))

    assert (seeds["ExpiresIn"], vendor["ExpiresIn"]) == (14_400, 3_600)
    assert seeds["UserID"] == int(vendor["UserId"]) == 1
    both[0].patch("/Clients/100", json={"Comment": "told once"})
    assert both[1].get("/Clients/100").json["Comment"] == "told once"


@pytest.mark.observed("automate facts C5: a refresh token in an object, an access token by itself")
def test_a_token_is_refreshed_in_both_ways(tenant):
    seeds, vendor = (login(tenant, path).json for path in ("APICredentials", "apitoken"))
    base = "/cwa/api/v1"

    first = tenant.client.post(
        f"{base}/APICredentials/Refresh", json={"RefreshToken": seeds["RefreshToken"]}
    )
    second = tenant.client.post(f"{base}/apitoken/refresh", json=vendor["AccessToken"])

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json["AccessToken"] != second.json["AccessToken"]


@pytest.mark.observed("automate facts C8, C15: the total's header, and those of the quota")
def test_headers_of_a_list(make_tenant):
    tenant = make_tenant()
    seeds, vendor = (
        dict(caller.get("/Clients?pageSize=2").headers)
        for caller in (tenant.automate(), tenant.automate("observed"))
    )

    totals = ["X-Total-Count", "X-Page", "X-Page-Size", "X-Total-Pages"]
    quota = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"]
    assert {*totals, *quota, "Total-Count"} <= seeds.keys()
    assert "Total-Count" in vendor
    assert vendor.keys().isdisjoint({*totals, *quota})


@pytest.mark.live
@pytest.mark.observed("automate facts C10: what the vendor's help text lacks")
@pytest.mark.parametrize("tail", ["startswith 'A'", "endswith '1'", "ne 'x'"])
def test_operators_of_the_seed(both, tail):
    assert statuses(both[:1], "/Computers", f"Name {tail}") == [200]
    assert statuses(both[1:], "/Computers", f"ComputerName {tail}") == [400]
    assert statuses(both, "/Computers", "not (Status = 'Online')") == [200, 400]
    assert (
        statuses(both, "/Computers", "Status not like 'On%' and ComputerName eq 'x'") == [200] * 2
    )


@pytest.mark.live
@pytest.mark.observed("automate facts C11: quoted dates; bare ones work for both")
def test_dates_in_conditions(both):
    quoted = f"RemoteAgentLastContact >= '{WHEN}'"

    assert statuses(both, "/Computers", quoted) == [200, 500]
    assert statuses(both, "/Computers", quoted.replace("'", "")) == [200, 200]


@pytest.mark.live
@pytest.mark.observed("automate facts C13, C14: 400 in both, each in its frame")
def test_a_doubled_equals_sign(both):
    seeds, vendor = (
        each.get("/Computers", params={"condition": "Status == 'Online'"}) for each in both
    )

    assert (seeds.status_code, vendor.status_code) == (400, 400)
    assert seeds.json == {
        "error": {
            "code": "BadRequest",
            "message": "Invalid filter syntax in condition parameter",
            "details": {"field": "condition", "value": "Status == 'Online'"},
        }
    }
    assert vendor.json.keys() == {"Message"}


@pytest.mark.observed("automate facts C16, C20, C21, 90, 92: 201 or 200; ids; instants")
def test_creates_ids_and_instants(both):
    seeds, vendor = (
        each.post("/Clients", json={"Name": f"New {place}"}) for place, each in enumerate(both)
    )
    rows = [each.get("/Computers/97").json for each in both]

    assert (seeds.status_code, vendor.status_code) == (201, 200)
    assert isinstance(seeds.json["ClientID"], int)
    assert isinstance(vendor.json["Id"], str)
    assert (rows[0]["ComputerID"], rows[1]["Id"]) == (97, "97")
    assert rows[0]["LastContact"] == f"{rows[1]['RemoteAgentLastContact']}Z"
    assert "." not in rows[0]["LastContact"]


@pytest.mark.observed("automate facts C17, 66: an object or a list of operations, told by its type")
def test_both_kinds_of_patch(both):
    for place, caller in enumerate(both):
        partial = caller.patch("/Clients/100", json={"City": f"A{place}"})
        assert (partial.status_code, partial.json["City"]) == (200, f"A{place}")
        for path in ("/City", "city"):
            operation = {"Op": "replace", "Path": path, "Value": f"{path}{place}"}
            listed = caller.patch("/Clients/100", json=[operation])
            assert (listed.status_code, listed.json["City"]) == (200, f"{path}{place}")


@pytest.mark.observed("automate facts C22, 70: moved by a PATCH, moved by a batch call")
def test_both_ways_to_move_a_computer(both):
    seeds, vendor = both
    here = seeds.get("/Computers/98").json["LocationID"]
    places = seeds.get("/Clients/100/Locations").json
    away = next(row["LocationID"] for row in places if row["LocationID"] != here)

    seeds.patch("/Computers/98", json={"ClientID": 100, "LocationID": away})
    assert vendor.get("/Computers/98").json["Location"]["Id"] == away

    body = {"EntityType": 1, "EntityIds": ["98"], "TargetType": 2, "TargetId": str(here)}
    assert not vendor.post("/Batch/Commands/SendTo", json=body).json["ContainsUnsuccessfulResults"]
    assert seeds.get("/Computers/98").json["LocationID"] == here


@pytest.mark.observed("automate facts C23: two spellings of one extra field")
def test_both_spellings_of_an_extra_field(both):
    seeds, vendor = both
    field = next(
        row for row in vendor.get("/Computers/97/extrafields").json if "TextFieldSettings" in row
    )
    field_id = field["ExtraFieldDefinitionId"]

    put = seeds.put(f"/Computers/97/ExtraDataFields/{field_id}", json={"Value": "one"})
    read = vendor.get("/Computers/97/extrafields").json
    operation = {"Op": "replace", "Path": "/TextFieldSettings/Value", "Value": "two"}
    patched = vendor.patch(f"/Computers/97/ExtraFields/{field_id}", json=[operation])
    shown = seeds.get("/Computers/97/ExtraDataFields").json

    assert (put.status_code, patched.status_code) == (200, 200)
    value = {row["ExtraFieldDefinitionId"]: row.get("TextFieldSettings") for row in read}
    assert value[field_id]["Value"] == "one"
    assert {row["EDFID"]: row.get("Value") for row in shown}[field_id] == "two"


@pytest.mark.observed("automate facts C24: a list below a client, or a condition")
def test_lists_below_a_client_and_conditions_find_the_same(both):
    seeds, vendor = both

    listed = seeds.get("/Clients/100/Computers?pageSize=1000").json
    found = vendor.get("/Computers?condition=Client.Id=100&pageSize=-1").json

    assert [row["ComputerID"] for row in listed] == [int(row["Id"]) for row in found]
    assert found


@pytest.mark.observed("automate facts 6: routes that the description omits and clients call daily")
@pytest.mark.parametrize("path", ["Computers/97", "Scripts/1", "Computers/97/extrafields"])
def test_routes_that_the_description_omits(both, path):
    assert [each.get(f"/{path}").status_code for each in both] == [200, 200]


@pytest.mark.observed("automate facts 27: the flat names are what everybody sends")
def test_the_flat_options_in_one_request(both):
    path = (
        "/Computers?page=2&pageSize=3&condition=Client.Id=100&orderBy=ComputerName desc"
        "&includeFields=Id,ComputerName,Comment&excludeFields=comment"
    )

    rows = both[1].get(path).json
    every = both[1].get("/Computers?condition=Client.Id=100&pageSize=-1").json

    names = sorted((row["ComputerName"] for row in every), key=str.casefold, reverse=True)
    assert [row["ComputerName"] for row in rows] == names[3:6]
    assert {tuple(row) for row in rows} == {("Id", "ComputerName")}


@pytest.mark.observed("automate facts 80: three exclamation marks before the arguments")
def test_a_program_and_its_arguments(still):
    caller = still.automate("observed")
    body = {
        "ComputerId": 97,
        "Command": {"Id": "2"},
        "Parameters": ['powershell.exe!!! -NonInteractive -Command "Write-Output hello"'],
    }
    sent = caller.post("/Computers/97/CommandExecute", json=body).json["Id"]
    still.advance(60)

    done = caller.get(f"/Computers/97/CommandExecute?ids={sent}").json[0]

    assert (done["Status"], done["Output"].strip()) == ("Success", "hello")
