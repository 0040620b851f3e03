"""The journal and the list of operations."""

import base64

import pytest
from control_plane_support import OWN_INTERFACE, assert_refused
from werkzeug.test import Client

from mockserver import World, create_app

pytestmark = OWN_INTERFACE

BOARDS = "/service/boards"


@pytest.fixture
def journal(tenant):
    tenant.unlimited()

    def read(**filters):
        answer = tenant.client.get(
            "/_mock/requests", query_string={"tenant": tenant.name, **filters}
        )
        assert answer.status_code == 200, answer.text
        assert set(answer.json) == {"requests"}
        return answer.json["requests"]

    read.tenant = tenant
    return read


def test_an_entry_shows_both_sides_of_an_exchange(journal):
    psa = journal.tenant.psa
    created = psa.post("/service/sources?fields=id", json={"name": "Café"})
    (entry,) = journal()
    assert (entry["api"], entry["method"], entry["status"]) == ("psa", "POST", 201)
    assert entry["path"] == "/service/sources"
    assert entry["url"].endswith("/v4_6_release/apis/3.0/service/sources?fields=id")
    assert entry["template"] == "/service/sources"
    assert entry["key"] == f"publickey-{journal.tenant.name}"
    assert '"Café"' in entry["request_body"] or "Caf\\u00e9" in entry["request_body"]
    assert entry["response_body"] == created.text
    assert entry["request_headers"]["Clientid"] == "contract-tests"
    assert entry["response_headers"]["Location"] == created.headers["Location"]
    assert entry["duration_ms"] > 0
    assert entry["faults"] == []
    assert entry["error"] is None


def test_the_newest_comes_first(journal):
    for path in (BOARDS, "/service/sources", "/service/priorities"):
        journal.tenant.psa.get(path)
    shown = journal()
    assert [entry["path"] for entry in shown] == [
        *("/service/priorities", "/service/sources", BOARDS)
    ]
    assert [entry["id"] for entry in shown] == [3, 2, 1]


def test_filters_narrow_the_list(journal):
    tenant = journal.tenant
    tenant.psa.get(BOARDS)
    tenant.psa.get("/service/nothing")
    tenant.psa_as(f"readonlykey-{tenant.name}", "readonlyprivate").post(BOARDS, json={})
    tenant.automate().get("/Computers")
    found = {
        "api=psa": 3,
        "api=automate": 2,
        f"key=readonlykey-{tenant.name}": 1,
        "key=nobody": 0,
        "path=/service/*": 3,
        "path=COMPUTERS": 1,
        "status=200": 3,
        "status=4xx": 2,
        "status=404": 1,
        "status=none": 0,
        "since=3": 2,
        "since=2999-01-01": 0,
        "since=1999-01-01T00:00:00Z": 5,
        "limit=2": 2,
        "api=psa&status=4XX&limit=1": 1,
    }
    for query, count in found.items():
        shown = tenant.client.get(f"/_mock/requests?tenant={tenant.name}&{query}").json["requests"]
        assert len(shown) == count, query


@pytest.mark.parametrize(
    "query",
    [
        *("status=2000", "status=ok", "status=0xx", "status=", "since=yesterday", "since="),
        *("limit=0", "limit=-1", "limit=x", "limit=10001", "limit=", "limit=%C2%B2"),
        *("limit=99999999999999999999", "api=both", "api=", "stati=200"),
        f"path={'x' * 2_000}",
    ],
)
def test_filters_that_cannot_be_read_are_refused(journal, query):
    answer = journal.tenant.client.get(f"/_mock/requests?tenant={journal.tenant.name}&{query}")
    assert_refused(answer, 400, "BadRequest")


def test_no_secret_is_shown_anywhere(journal):
    tenant = journal.tenant
    tenant.psa.get(BOARDS)
    tenant.psa_as(f"publickey-{tenant.name}", "wrong-private-key").get(BOARDS)
    login = {"Username": f"technician-{tenant.name}", "Password": "technician-password"}
    tenant.client.post("/cwa/api/v1/apitoken", json={**login, "TwoFactorPasscode": "918273"})
    tenant.client.post("/cwa/api/v1/APICredentials", json={**login, "Password": "wrong-password"})
    secrets = ["wrong-private-key", "technician-password", "918273", "wrong-password"]
    for dialect in ("documented", "observed"):
        automate = tenant.automate(dialect)
        automate.get("/Clients?Password=in-the-query")
        bearer = automate.headers["Authorization"]
        secrets += [bearer, bearer.removeprefix("Bearer "), bearer.rpartition(".")[2]]
    refresh = tenant.client.post("/cwa/api/v1/apitoken/refresh", json=bearer.split()[1])
    secrets += [refresh.json["AccessToken"], refresh.json["RefreshToken"]]
    keys = tenant.credentials
    secrets += [keys["psa"]["private_key"], keys["automate"]["password"], "in-the-query"]
    company = keys["psa"]["company"]
    plain = f"{company}+{keys['psa']['public_key']}:{keys['psa']['private_key']}"
    secrets.append(base64.b64encode(plain.encode()).decode())

    shown = tenant.client.get(f"/_mock/requests?tenant={tenant.name}").text
    shown += tenant.client.get("/_mock/requests?limit=50").text
    assert "***" in shown
    assert keys["psa"]["public_key"] in shown
    assert [secret for secret in secrets if secret in shown] == []


def test_what_names_no_tenant_is_in_the_default_ones_journal(journal):
    tenant = journal.tenant
    before = journal()
    stranger = "Basic " + base64.b64encode(b"nobody+key:secret-of-nobody").decode()
    tenant.client.get(
        "/v4_6_release/apis/3.0/service/boards?marker=stranger", headers={"Authorization": stranger}
    )
    assert journal() == before
    newest = tenant.client.get("/_mock/requests?limit=1").json["requests"][0]
    assert newest["url"].endswith("marker=stranger")
    assert "secret-of-nobody" not in str(newest)


def test_the_control_planes_own_requests_are_not_in_it(journal):
    journal.tenant.admin("GET", "/health")
    journal.tenant.admin("POST", "/clock", json={"freeze": True})
    assert journal() == []


def test_an_emptied_journal_numbers_on(journal):
    journal.tenant.psa.get(BOARDS)
    answer = journal.tenant.admin("DELETE", "/requests")
    assert (answer.status_code, answer.data) == (204, b"")
    assert journal() == []
    journal.tenant.psa.get(BOARDS)
    assert [entry["id"] for entry in journal()] == [2]


def test_the_journal_is_bounded_and_drops_the_oldest():
    world = World.seeded(42)
    client = Client(create_app(world))
    assert world.default.journal.limit_entries <= 10_000
    world.default.journal.limit_entries = 5
    for _ in range(12):
        client.get("/login/companyinfo/company")
    assert [entry["id"] for entry in client.get("/_mock/requests").json["requests"]] == [
        *(12, 11, 10, 9, 8)
    ]


def test_a_large_body_is_cut_and_marked(journal):
    journal.tenant.psa.post("/service/sources", json={"name": "x" * 200_000})
    (entry,) = journal()
    assert entry["request_truncated"] is True
    assert len(entry["request_body"]) == 65_536


def test_routes_lists_every_operation_once_with_its_evidence(app):
    answer = Client(app).get("/_mock/routes")
    assert answer.status_code == 200
    routes = answer.json["routes"]
    assert set(answer.json) == {"routes"}
    assert {tuple(each) for each in routes} == {("api", "method", "path", "evidence")}
    assert {each["api"] for each in routes} == {"psa", "automate"}
    assert {each["evidence"] for each in routes} <= {"observed", "documented", "assumed"}
    named = [(each["api"], each["method"], each["path"].casefold()) for each in routes]
    assert len(set(named)) == len(named)
    assert ("psa", "GET", "/service/tickets/{id}") in named
    assert ("automate", "POST", "/apitoken") in named
