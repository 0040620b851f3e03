"""Two tenants of one server never meet: records, limits, faults, tokens, journal, clock."""

import pytest

pytestmark = pytest.mark.documented("interface section 4: nothing a tenant does is seen by another")


@pytest.fixture
def two(make_tenant):
    return make_tenant(), make_tenant()


def test_records_are_apart(two):
    one, other = two
    before = other.psa.get("/company/contacts", params={"pageSize": 1_000}).data
    made = one.psa.post("/company/contacts", json={"firstName": "Mine"}).json["id"]
    one.psa.patch("/company/contacts/1", json=[{"op": "remove", "path": "lastName"}])
    one.automate().post("/Clients", json={"Name": "Mine"})
    assert other.psa.get(f"/company/contacts/{made}").status_code == 404
    assert other.psa.get("/company/contacts", params={"pageSize": 1_000}).data == before
    names = other.automate().get("/Clients", params={"pageSize": 1_000}).text
    assert "Mine" not in names


def test_new_ids_are_counted_apart(two):
    made = [each.psa.post("/company/contacts", json={"firstName": "x"}).json["id"] for each in two]
    assert made[0] == made[1]


def test_keys_of_one_are_unknown_to_the_other(two):
    one, other = two
    mixed = one.psa_as(
        other.credentials["psa"]["public_key"], other.credentials["psa"]["private_key"]
    )
    assert mixed.get("/service/boards").status_code == 401


def test_quotas_are_apart(two):
    one, other = two
    one.admin("PATCH", "/limits", json={"psa": {"requests": 1}, "automate": {"requests": 1}})
    assert [one.psa.get("/service/boards").status_code for _ in range(2)] == [200, 429]
    mine = one.automate()
    assert [mine.get("/Clients").status_code for _ in range(2)] == [200, 429]
    assert other.psa.get("/service/boards").headers["X-RateLimit-Remaining"] == "59"
    assert other.automate().get("/Clients").headers["X-RateLimit-Remaining"] == "59"
    assert other.admin("GET", "/limits").json["psa"]["requests"] == 60


def test_faults_are_apart(two):
    one, other = two
    one.admin("POST", "/faults", json={"effect": {"kind": "error", "status": 503}})
    assert one.psa.get("/service/boards").status_code == 503
    assert other.psa.get("/service/boards").status_code == 200
    assert other.admin("GET", "/faults").json == {"faults": []}


def test_tokens_are_apart(two):
    one, other = two
    mine, theirs = one.automate(), other.automate()
    token = mine.headers["Authorization"].partition(" ")[2]
    answer = theirs.post("/ApiToken/Disable", json={"SecurityToken": token})
    assert answer.status_code in {200, 204}
    assert mine.get("/Clients").status_code == 200
    mine.post("/Clients", json={"Name": "Only in one"})
    assert "Only in one" not in theirs.get("/Clients", params={"pageSize": 1_000}).text


def test_a_token_ends_with_its_tenant(two):
    one, _ = two
    mine = one.automate()
    one.client.delete(f"/_mock/tenants/{one.name}")
    assert mine.get("/Clients").status_code == 401
    one.client.post("/_mock/tenants", json={"name": one.name})
    assert mine.get("/Clients").status_code == 401


def test_journals_are_apart(two):
    one, other = two
    one.psa.get("/service/boards")
    assert [e["path"] for e in one.admin("GET", "/requests").json["requests"]] == [
        "/service/boards"
    ]
    assert other.admin("GET", "/requests").json == {"requests": []}


def test_clocks_are_apart(two):
    one, other = two
    one.admin("POST", "/clock", json={"freeze": True, "now": "2030-01-01T00:00:00Z"})
    made = one.psa.post("/company/contacts", json={"firstName": "x"}).json
    assert made["_info"]["dateEntered"] == "2030-01-01T00:00:00Z"
    assert not other.admin("GET", "/clock").json["frozen"]
    theirs = other.psa.post("/company/contacts", json={"firstName": "x"}).json
    assert theirs["_info"]["dateEntered"] < "2030"


def test_a_reset_of_one_leaves_the_other(two):
    one, other = two
    token = other.automate()
    made = other.psa.post("/company/contacts", json={"firstName": "x"}).json["id"]
    one.admin("POST", "/reset")
    assert other.psa.get(f"/company/contacts/{made}").status_code == 200
    assert token.get("/Clients").status_code == 200


def test_profiles_are_apart(make_tenant):
    one, other = make_tenant("documented").unlimited(), make_tenant("observed").unlimited()
    query = {"conditions": "nope = 1"}
    codes = [each.psa.get("/service/boards", params=query).json["code"] for each in (one, other)]
    assert codes[0] != codes[1]
    headers = [each.psa.get("/service/boards").headers for each in (one, other)]
    assert ["X-Total-Count" in each for each in headers] == [True, False]
