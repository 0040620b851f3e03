"""What no source tells is a switch: single quirks of the Automate profile."""

from dataclasses import replace

import pytest

BASE = "/cwa/api/v1"
NOON = "2026-07-01T12:00:00Z"


@pytest.fixture
def quirky(tenant):
    """Return what makes a tenant with single quirks, beside the test's own."""
    made = []

    def make(**quirks):
        sent = {"name": f"{tenant.name}-{len(made)}", "quirks": {"automate": quirks}}
        answer = tenant.client.post("/_mock/tenants", json=sent)
        assert answer.status_code == 201, answer.text
        made.append(sent["name"])
        return replace(tenant, name=sent["name"], credentials=answer.json)

    yield make
    for name in made:
        tenant.client.delete(f"/_mock/tenants/{name}")


def login(tenant, user="integrator"):
    names = {"UserName": f"{user}-{tenant.name}", "Password": f"{user}-password"}
    answer = tenant.client.post(f"{BASE}/apitoken", json=names)
    assert answer.status_code == 200, answer.text
    return answer.json


def status(tenant, token, path="/Clients/100"):
    headers = {"Authorization": f"Bearer {token}", "ClientId": "tests"}
    return tenant.client.get(f"{BASE}{path}", headers=headers).status_code


def refreshed(tenant, token):
    return tenant.client.post(f"{BASE}/apitoken/refresh", json=token)


@pytest.mark.assumed("automate facts 11 to 13: the zone, the length, whether the old token dies")
def test_the_unknowns_of_a_token(quirky):
    tenant = quirky(refreshable_s=7_200, refresh_ends_token=True, expiration_zone="Z")
    tenant.admin("POST", "/clock", json={"freeze": True, "now": NOON})
    first = login(tenant)

    second = refreshed(tenant, first["AccessToken"]).json["AccessToken"]

    assert first["AbsoluteExpirationDate"] == "2026-07-01T14:00:00Z"
    assert status(tenant, first["AccessToken"]) == 401
    assert status(tenant, second) == 200
    tenant.admin("POST", "/clock", json={"advance": 7_200})
    assert refreshed(tenant, second).status_code == 401


@pytest.mark.assumed("automate facts 14: page=0 is unknown")
def test_a_page_below_one(quirky):
    tenant = quirky(low_pages_refused=True)
    token = login(tenant)["AccessToken"]

    codes = [status(tenant, token, f"/Clients?page={page}") for page in (-1, 0, 1)]

    assert codes == [400, 400, 200]


@pytest.mark.assumed("automate facts 35 and 55: recorded of one option and of one collection")
def test_what_is_ignored_in_lists(quirky):
    tenant = quirky(ignored_options=["options.pagesize"], unfiltered=["automate:Clients"])
    caller = tenant.automate("observed")

    assert len(caller.get("/Clients?options.pageSize=2").json) == 30
    assert len(caller.get("/Clients?condition=Nothing=1").json) == 30
    assert caller.get("/Clients?options.includedFields=Id&pageSize=1").json[0].keys() == {"Id"}
    assert caller.get("/Clients/100/ExtraFields?condition=Nothing=1").status_code == 400


@pytest.mark.assumed("no source tells whether a locked user's tokens live on")
def test_the_tokens_of_a_locked_user(quirky):
    tenant = quirky(lock_ends_tokens=False)
    token = login(tenant, "readonly")["AccessToken"]
    locked = [{"op": "replace", "path": "IsLocked", "value": True}]

    assert tenant.automate().patch("/Users/3", json=locked).status_code == 200

    assert status(tenant, token) == 200


@pytest.mark.assumed("automate facts C9: what the seed does above its maximum is unstated")
@pytest.mark.parametrize(("refused", "code"), [(False, 200), (True, 400)])
def test_a_page_above_the_largest(quirky, refused, code):
    caller = quirky(page_size_refused=refused, page_size_max=40).automate()

    answer = caller.get("/Computers?pageSize=41")

    assert answer.status_code == code
    assert caller.get("/Computers?pageSize=40").status_code == 200
    assert refused or len(answer.json) == 40


@pytest.mark.assumed("automate facts 7, single source: v2 routes fail on some hosted servers")
@pytest.mark.parametrize(("there", "code"), [(True, 200), (False, 404)])
def test_servers_without_the_second_generation(quirky, there, code):
    tenant = quirky(second_generation=there)
    caller = tenant.automate("observed")

    answers = [
        tenant.client.get(f"/cwa/api/v2/{path}", headers=caller.headers)
        for path in ("Scripts/1", "Contacts", "Groups/2/Computers")
    ]

    assert [each.status_code for each in answers] == [code] * 3
    assert caller.get("/Scripts/1").status_code == 200


@pytest.mark.assumed("automate facts 39: live rows leave nulls out; other builds may not")
@pytest.mark.parametrize(
    ("dialect", "path"), [("observed", "/Computers"), ("documented", "/Groups")]
)
def test_members_without_a_value_as_null(quirky, dialect, path):
    callers = [quirky(explicit_nulls=flag).automate(dialect) for flag in (True, False)]
    nulls, usual = (each.get(f"{path}?pageSize=3").json for each in callers)

    for shown, left_out in zip(nulls, usual, strict=True):
        assert {name: value for name, value in shown.items() if value is not None} == left_out
        assert None in shown.values()
        assert None not in left_out.values()
        assert shown == callers[0].get(f"{path}/{next(iter(shown.values()))}").json
    if dialect == "observed":
        assert len(nulls[0]) == 77
        some = callers[0].get(f"{path}?pageSize=1&includeFields=Tickets,WarrantyEndDate").json
        assert some == [{"Tickets": None, "WarrantyEndDate": None}]


@pytest.mark.assumed("automate facts 28: one client sends brackets, no proof that they do anything")
@pytest.mark.parametrize(("known", "rows"), [(True, 1), (False, 30)])
def test_options_with_brackets(quirky, known, rows):
    caller = quirky(bracketed_options=known).automate("observed")

    assert len(caller.get("/Clients?ids[]=100").json) == rows


@pytest.mark.assumed("automate facts 75, section 14: the words before the last one are unknown")
@pytest.mark.parametrize(
    "words",
    [{}, {"command_queued": "Queued", "command_executing": "Running"}, {"command_executing": "x"}],
)
def test_the_words_for_a_command_on_its_way(quirky, words):
    tenant = quirky(outage_chance=0, **words)
    tenant.admin("POST", "/clock", json={"freeze": True})
    caller = tenant.automate("observed")
    sent = caller.post("/Computers/97/CommandExecute", json={"Command": {"Id": "28"}})
    path = f"/Computers/97/CommandExecute/{sent.json['Id']}"

    seen = [sent.json["Status"]]
    for seconds in (6, 11):
        tenant.admin("POST", "/clock", json={"advance": seconds})
        seen.append(caller.get(path).json["Status"])

    assert seen == [
        words.get("command_queued", "Pending"),
        words.get("command_executing", "Executing"),
        "Success",
    ]
