"""What people do in the vendor's UI: keep a record open, watch a member's API log."""

import pytest
from psa_wording import error, refused

TICKET = "/service/tickets/5000"
CHANGE = [{"op": "replace", "path": "summary", "value": "Changed"}]


# -- locks -------------------------------------------------------------------------------------


@pytest.mark.documented("seed 002, '409 Conflict: Record locked/modified'; 'RecordLocked'")
def test_a_record_that_is_being_edited_is_locked(make_tenant):
    tenant = make_tenant().unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True})
    lock = tenant.admin("POST", "/locks", json={"path": TICKET, "seconds": 30, "by": "Julie King"})
    assert lock.status_code == 201
    before = tenant.psa.get(TICKET).data

    for method, body in (("PATCH", CHANGE), ("PUT", {"summary": "x"}), ("DELETE", None)):
        answer = tenant.psa.request(method, f"/SERVICE{TICKET[8:]}/", json=body)
        told = error("RecordLocked", "The record is being edited by Julie King.")
        assert refused(answer, 409, told)
    assert tenant.psa.get(TICKET).data == before
    assert tenant.psa.patch("/service/tickets/4985", json=CHANGE).status_code == 200

    # "Retry after delay"
    tenant.admin("POST", "/clock", json={"advance": 31})
    assert tenant.psa.patch(TICKET, json=CHANGE).status_code == 200
    assert tenant.admin("GET", "/locks").json == {"locks": []}


@pytest.mark.assumed("psa facts U14: the code of a 409 under the observed profile")
def test_a_lock_is_told_in_the_observed_words(make_tenant):
    tenant = make_tenant("observed").unlimited()
    tenant.admin("POST", "/locks", json={"path": TICKET})

    answer = tenant.psa.patch(TICKET, json=CHANGE)

    told = error("ConnectWiseApi", "The record is being edited by another user.")
    assert refused(answer, 409, told)
    assert tenant.admin("DELETE", "/locks").status_code == 204
    assert tenant.psa.patch(TICKET, json=CHANGE).status_code == 200


@pytest.mark.assumed("locks are of the control plane; what cannot be locked is refused")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"path": "/"},
        {"path": TICKET, "seconds": 0},
        {"path": TICKET, "seconds": 1e9},
        {"path": TICKET, "api": "other"},
        {"path": TICKET, "by": "a\nb"},
        {"path": TICKET, "nonsense": 1},
        [],
    ],
)
def test_a_lock_must_make_sense(tenant, body):
    assert tenant.admin("POST", "/locks", json=body).status_code == 400


# -- API log -----------------------------------------------------------------------------------


def start(tenant, **members):
    answer = tenant.admin("POST", "/api-log", json={"member": "Admin1", **members})
    assert answer.status_code == 201, answer.text
    return answer.json


def log(tenant, **params):
    params = {"tenant": tenant.name, "member": "Admin1", **params}
    answer = tenant.client.get("/_mock/api-log", query_string=params)
    assert answer.status_code == 200, answer.text
    return answer.json["requests"]


@pytest.mark.documented("seed 003, 'Reading Logs'")
def test_a_member_s_requests_are_logged_while_debug_mode_is_on(make_tenant):
    tenant = make_tenant().unlimited()
    psa, readonly = tenant.psa, tenant.psa_as(f"readonlykey-{tenant.name}", "readonlyprivate")
    psa.get(TICKET)
    start(tenant, minutes=10)

    psa.patch(TICKET, json=CHANGE)
    readonly.get(TICKET)
    psa.get("/service/tickets", params={"conditions": "nonsense = 1"})

    rows = log(tenant)
    shown = [(row["method"], row["response"], row["api_key_description"]) for row in rows]
    key = tenant.credentials["psa"]["public_key"]
    assert shown == [("PATCH", 200, key), ("GET", 400, key)]
    assert rows[0]["url"].endswith(TICKET)
    assert '"Changed"' in rows[0]["request_body"]
    assert rows[0]["duration_ms"] >= 0
    assert "nonsense" in rows[1]["response_body"]
    assert [row["method"] for row in log(tenant, search="NONSENSE")] == ["GET"]


@pytest.mark.documented("seed 003, 'Troubleshooting': at most 1440 minutes; can be restarted")
def test_debug_mode_ends_and_begins_anew(make_tenant):
    tenant = make_tenant().unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True})
    assert start(tenant)["active"]
    tenant.psa.get(TICKET)
    tenant.admin("POST", "/clock", json={"advance": 1440 * 60 + 1})
    tenant.psa.get(TICKET)

    assert len(log(tenant)) == 1
    sessions = tenant.admin("GET", "/api-log").json["sessions"]
    assert [(each["member"], each["active"]) for each in sessions] == [("Admin1", False)]
    start(tenant, minutes=1)
    assert log(tenant) == []
    for minutes in (0, 1441, -1, True, "5"):
        body = {"member": "Admin1", "minutes": minutes}
        assert tenant.admin("POST", "/api-log", json=body).status_code == 400


@pytest.mark.documented("seed 003: 'Download Logs'; secrets are never in it")
def test_a_log_is_downloaded(make_tenant):
    tenant = make_tenant().unlimited()
    start(tenant)
    tenant.psa.patch(
        "/company/contacts/1",
        json=[{"op": "replace", "path": "portalPassword", "value": "hunter22"}],
    )

    params = {"tenant": tenant.name, "member": "admin1"}
    answer = tenant.client.get("/_mock/api-log/download", query_string=params)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "PATCH /v4_6_release/apis/3.0/company/contacts/1" in answer.text
    assert "hunter22" not in answer.text


@pytest.mark.documented("seed 003: logging must be turned on")
def test_there_is_no_log_before_debug_mode(tenant):
    params = {"tenant": tenant.name, "member": "Admin1"}

    assert tenant.client.get("/_mock/api-log", query_string=params).status_code == 404
    assert tenant.client.get("/_mock/api-log/download", query_string=params).status_code == 404


@pytest.mark.assumed("a record is as locked for an action or a bulk that names it")
def test_a_locked_record_is_locked_for_actions_and_bulks(tenant):
    psa = tenant.psa
    computer = psa.get("/company/configurations", params={"pageSize": "1"}).json[0]["id"]
    for path in ("/service/tickets/5001", f"/company/configurations/{computer}"):
        assert tenant.admin("POST", "/locks", json={"path": path}).status_code == 201

    status = psa.get("/service/tickets/5001").json["status"]["id"]
    body = {"mergeTicketIds": [5001], "status": {"id": status}}
    merged = psa.post("/service/tickets/5000/merge", json=body)
    attached = psa.post("/service/tickets/5000/attachChildren", json={"childTicketIds": [5001]})
    bulk = psa.delete("/company/configurations/bulk", json=[computer]).json["payload"][0]

    assert (merged.status_code, attached.status_code, bulk["statusCode"]) == (409, 409, 409)


@pytest.mark.documented("the description: a collection of ids may be empty, or not be there")
@pytest.mark.parametrize("body", [{}, {"ids": None}, {"ids": []}, []])
def test_a_bulk_of_no_ids_removes_nothing(psa, body):
    answer = psa.delete("/procurement/purchaseorders/1/lineitems/bulk", json=body)

    assert (answer.status_code, answer.json) == (207, {"payload": []})


@pytest.mark.assumed("psa facts 8.4: a bulk is a list")
@pytest.mark.parametrize("body", [{}, {"name": "b"}, "x", 7])
def test_a_bulk_is_a_list(psa, body):
    assert psa.post("/company/configurations/bulk", json=body).status_code == 400
