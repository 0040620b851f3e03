"""Facts of the dossier that need few words: each by its number."""

import pytest

#: Pairs of conditions that mean the same, by the fact that says so.
SAME = {
    41: ("Type != 'Server'", "Type = 'Workstation'"),
    43: (
        "Status = 'Online' AND IsMaster = True Or Id = 98",
        "(Status='Online' and IsMaster=true) or Id=98",
    ),
    45: ("ComputerName contains('DC')", "ComputerName contains 'DC'"),
    46: ("Client.Id IN ('100')", "Client.Id eq '100'"),
    47: ("LoggedInUsers/LoggedInUserName like '%s'", "LoggedInUsers.LoggedInUserName like '%s'"),
    49: ("ComputerName = 'acme-dc01'", "ComputerName = 'ACME-DC01'"),
    53: ("ComputerName like 'ACME_DC0%'", "ComputerName = 'ACME-DC01'"),
    54: ("macaddress like '%F%' and OPERATINGSYSTEMNAME like '%'", "MACAddress like '%F%'"),
    56: ("ComputerName like '%+%' or Id = 97", "Id = 97"),
}


def ids(caller, condition):
    answer = caller.get("/Computers", params={"pageSize": -1, "condition": condition})
    assert answer.status_code == 200, answer.text
    return [row["Id"] for row in answer.json]


@pytest.mark.observed("automate facts 41, 43, 45, 46, 47, 49, 53, 54, 56")
@pytest.mark.parametrize("number", sorted(SAME))
def test_two_spellings_find_the_same_computers(automate_observed, number):
    one, other = (ids(automate_observed, condition) for condition in SAME[number])

    assert one == other != []


@pytest.mark.observed("automate facts 44: and binds closer than or; spaces are optional")
def test_and_binds_closer_than_or(automate_observed):
    bare = ids(automate_observed, "Client.Id=100 or Client.Id=17 and Type='Server'")
    first = ids(automate_observed, "(Client.Id = 100) or (Client.Id = 17 and Type = 'Server')")
    second = ids(automate_observed, "(Client.Id = 100 or Client.Id = 17) and Type = 'Server'")

    assert bare == first
    assert first != second


@pytest.mark.live
@pytest.mark.observed("automate facts 45: membership of a list, substring of a text")
def test_contains_is_membership_in_a_list_and_part_of_a_text(automate_observed):
    rows = automate_observed.get("/Computers?pageSize=-1").json

    members = ids(automate_observed, "OpenPortsTCP contains 443")

    assert members == [row["Id"] for row in rows if 443 in row["OpenPortsTCP"]]
    assert ids(automate_observed, "UserAccounts contains 'Administrato'") == []


@pytest.mark.live
@pytest.mark.observed("automate facts 39: what is null is left out")
def test_what_is_null_is_left_out(automate_observed):
    rows = automate_observed.get("/Computers?pageSize=-1").json

    assert all(value is not None for row in rows for value in row.values())
    assert not any({"Tickets", "Groups"} & row.keys() for row in rows)


@pytest.mark.observed("automate facts 21 and 22: 401 for a bad login and for a bad token")
def test_bad_logins_and_bad_tokens_are_401(automate_observed):
    names = {"UserName": "nobody", "Password": "x"}
    headers = {"Authorization": "Bearer x.y.z"}

    login = automate_observed.post("/apitoken", json=names)
    call = automate_observed.get("/Clients", headers=headers)

    assert (login.status_code, call.status_code) == (401, 401)


@pytest.mark.observed("automate facts 62: a proxy's HTML with 403, 502 and 503, as a fault")
@pytest.mark.parametrize("status", [403, 502, 503])
def test_a_proxys_page_is_html(make_tenant, status):
    tenant = make_tenant("observed")
    caller = tenant.automate("observed")
    rule = {"api": "automate", "times": 1, "effect": {"kind": "html", "status": status}}
    assert tenant.admin("POST", "/faults", json=rule).status_code == 201

    page, after = caller.get("/Clients"), caller.get("/Clients")

    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert page.text.lstrip().startswith("<")
    assert after.status_code == 200


@pytest.mark.observed("automate facts 68: a POST takes the entity itself")
@pytest.mark.parametrize("path", ["/Clients", "/Locations", "/Groups", "/NetworkDevices"])
def test_what_is_read_can_be_posted(automate_observed, path):
    row = automate_observed.get(f"{path}?pageSize=1").json[0]
    sent = {name: value for name, value in row.items() if name not in {"Id", "LocationId"}}

    made = automate_observed.post(path, json={**sent, "Name": "Another"})

    assert made.status_code == 200, made.text
    kept = {"Client", "Location", "City", "Comments", "ParentId", "MACAddress"} & sent.keys()
    assert {name: made.json[name] for name in kept} == {name: sent[name] for name in kept}


@pytest.mark.live
@pytest.mark.observed("automate facts 91: a foreign key is a number beside a key that is a text")
def test_foreign_keys_are_numbers(automate_observed):
    drive = automate_observed.get("/Computers/Drives?pageSize=1").json[0]
    history = automate_observed.get("/EventLogs?pageSize=1").json[0]

    for computer_id in (drive["ComputerId"], history["ComputerId"]):
        assert isinstance(computer_id, int)
        assert automate_observed.get(f"/Computers/{computer_id}").json["Id"] == str(computer_id)


@pytest.mark.live
@pytest.mark.observed("automate facts 94: the odd row with ComputerID and UserID")
def test_maintenance_modes_have_capital_ids(automate_observed):
    row = automate_observed.get("/Computers/MaintenanceModes?pageSize=1").json[0]

    assert {"ComputerID", "TimeStart", "Duration", "Mode", "UserID"} >= row.keys()
    assert {"ComputerID", "UserID"} <= row.keys()


@pytest.mark.documented("automate facts 58, 61, 99: the seed's names; its paging counts pages")
def test_the_documented_dialect_has_what_only_the_seed_has(tenant):
    caller = tenant.automate()

    page = caller.get("/Computers?page=2&pageSize=3")
    refused = caller.get("/Computers/99999")

    quota = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
    assert quota <= {name for name, _ in page.headers}
    assert page.json == caller.get("/Computers?pageSize=6").json[3:]
    assert set(refused.json["error"]) == {"code", "message"}
