"""Guesses about single areas, each in both its values: what a client notices of the other one."""

import pytest
from callback_support import Subscriber

from mockserver.client.callbacks import CallbackReceiver

assumed = pytest.mark.assumed
TICKETS, COMPANIES, CONTACTS = "/service/tickets", "/company/companies", "/company/contacts"
NEW = {"summary": "x", "company": {"id": 4}, "board": {"id": 1}}


@pytest.fixture
def with_quirks(make_tenant):
    """Return a function that makes an observed tenant with quirks of PSA."""
    return lambda **quirks: make_tenant("observed", psa=quirks).unlimited()


def login(tenant, password):
    company = tenant.credentials["psa"]["company"]
    form = {"CompanyName": company, "UserName": "Admin1", "Password": password}
    return tenant.client.post("/v4_6_release/login/login.aspx?response=json", data=form)


@assumed("psa facts 1.10: 200 with Success false, or a status that says it; no cookies, or four")
@pytest.mark.parametrize(
    ("quirks", "status", "cookies"),
    [({}, 200, 0), ({"failed_login_status": 401, "login_sets_cookies": True}, 401, 4)],
)
def test_logins_may_tell_in_other_ways(with_quirks, quirks, status, cookies):
    tenant = with_quirks(**quirks)

    failed, right = login(tenant, "wrong"), login(tenant, "admin-password")

    assert (failed.status_code, failed.json["Success"]) == (status, False)
    assert not failed.headers.getlist("Set-Cookie")
    set_cookies = [each.partition(";")[0] for each in right.headers.getlist("Set-Cookie")]
    assert len(set_cookies) == cookies
    if cookies:
        assert f"memberHash={right.json['Hash']}" in set_cookies
        headers = {"Cookie": "; ".join(set_cookies), "clientId": "x"}
        answer = tenant.client.get("/v4_6_release/apis/3.0/system/info", headers=headers)
        assert answer.status_code == 200


def registered(tenant, url, **members):
    body = {"url": url, "objectId": 1, "type": "ticket", "level": "owner", **members}
    return tenant.psa.post("/system/callbacks", json=body).status_code


@assumed("psa facts 7.2: which URLs may be registered, and which callbacks are the same")
def test_urls_of_callbacks_may_be_held_to_more(with_quirks):
    plain = with_quirks()
    strict = with_quirks(callback_plain_http=False, callback_urls_apart=False)

    for tenant, statuses in ((plain, [201, 201, 201, 400]), (strict, [400, 201, 400, 400])):
        urls = (
            "http://a.example/",
            "https://a.example/",
            "https://b.example/",
            "https://a.example/",
        )
        assert [registered(tenant, each) for each in urls] == statuses


@assumed("psa facts 7.10 infer what silences, 7.11 rests on one client")
@pytest.mark.parametrize(
    ("quirks", "heard"),
    [
        ({}, []),
        ({"callback_self_suppressed": False}, ["added", "updated"]),
        ({"callback_self_suppressed": False, "callback_parents": False}, ["added"]),
        (
            {"callback_self_suppressed": False, "callback_skipped": False},
            ["added", "added", "updated"],
        ),
    ],
)
def test_what_silences_a_callback_may_be_otherwise(make_tenant, quirks, heard):
    tenant = make_tenant("observed", psa=quirks).unlimited()
    with CallbackReceiver("") as receiver:
        subscriber = Subscriber(tenant, receiver)
        subscriber.subscribe("ticket", "owner", 1, isSelfSuppressedFlag=True)
        tenant.psa.post(TICKETS, json={**NEW, "skipCallback": True})
        made = tenant.psa.post(TICKETS, json=NEW).json
        note = {"text": "x", "resolutionFlag": True}
        tenant.psa.post(f"{TICKETS}/{made['id']}/notes", json=note)
        found = [each.json["Action"] for each in receiver.received]

    assert found == heard


@assumed("psa facts 8.9 and seed 003, 'Delete': a company is marked, or cannot be recovered")
@pytest.mark.parametrize("path", [COMPANIES, CONTACTS])
def test_what_is_deleted_may_only_be_marked(with_quirks, path):
    body = {"identifier": "Gone", "name": "Gone", "firstName": "Gone", "city": "Tampa"}
    body = {n: v for n, v in body.items() if (path == CONTACTS) == (n == "firstName")}
    soft = with_quirks(soft_deletes=["company/companies", "company/contacts"]).psa
    used = soft.get(path, params={"pageSize": "1"}).json[0]["id"]
    flag = "deletedFlag" if path == COMPANIES else "inactiveFlag"

    for caller, left in ((with_quirks().psa, 404), (soft, 200)):
        made = f"{path}/{caller.post(path, json=body).json['id']}"
        assert caller.delete(made).status_code == 204
        assert caller.get(made).status_code == left
        assert caller.delete(made).status_code == 404
    assert soft.delete(f"{path}/{used}").status_code == 204
    assert soft.get(f"{path}/{used}").json[flag] is True


@assumed("psa facts 8.1, 8.2, 8.3: what lists and reports need to be told")
def test_lists_and_reports_may_ask_for_more(with_quirks):
    plain = with_quirks().psa
    strict = with_quirks(
        documents_need_record=True, audit_needs_record=True, unknown_columns_refused=True
    ).psa
    lacking = [
        ("/system/documents", {}),
        ("/system/documents", {"recordType": "Ticket"}),
        ("/system/documents/count", {"recordId": "5000"}),
        ("/system/audittrail", {"id": "5000"}),
        ("/system/audittrail/count", {"type": "Ticket"}),
        ("/system/reports/Service", {"columns": "id,nonsense"}),
    ]
    whole = [
        ("/system/documents", {"recordType": "Ticket", "recordId": "5000"}),
        ("/system/audittrail", {"type": "Ticket", "id": "5000"}),
        ("/system/audittrail", {"type": "Configuration", "deviceIdentifier": "none"}),
        ("/system/reports/Service", {"columns": "id,summary"}),
    ]

    for path, params in lacking:
        assert plain.get(path, params=params).status_code == 200, path
        assert strict.get(path, params=params).status_code == 400, path
    for path, params in whole:
        assert strict.get(path, params=params).status_code == 200, path


@assumed("psa facts 8.9, 8.11, 6.12: what is made, refused and filled in")
def test_what_writes_make_of_a_body_may_be_otherwise(with_quirks):
    plain = with_quirks().psa
    other = with_quirks(
        new_company_site=False, negative_hours_refused=False, update_members_defaulted=False
    ).psa
    company = {"identifier": "Bare", "name": "Bare", "city": "Tampa"}
    hours = {"timeStart": "2026-09-14T08:00:00Z", "actualHours": -1, "company": {"id": 4}}

    for caller, sites, entered, replaced in ((plain, 1, 400, 200), (other, 0, 201, 400)):
        made = caller.post(COMPANIES, json=company).json["id"]
        assert len(caller.get(f"{COMPANIES}/{made}/sites").json) == sites
        assert caller.post("/time/entries", json=hours).status_code == entered
        assert caller.put(f"{TICKETS}/5000", json=NEW).status_code == replaced
        told = {**NEW, "severity": "Low", "impact": "Low"}
        assert caller.put(f"{TICKETS}/5000", json=told).status_code == 200


@assumed("psa facts 10.13: a ticket that changes its board leaves parts behind, or is refused")
@pytest.mark.parametrize(("dropped", "status"), [(True, 200), (False, 400)])
def test_parts_of_another_board_may_have_to_be_sent(with_quirks, dropped, status):
    caller = with_quirks(unfit_parts_dropped=dropped).psa
    own = caller.get("/service/boards/2/statuses").json[0]["id"]
    move = [
        {"op": "replace", "path": name, "value": {"id": each}}
        for name, each in (("board", 2), ("status", own))
    ]
    rest = [{"op": "remove", "path": each} for each in ("type", "subType", "item", "team")]

    assert caller.patch(f"{TICKETS}/5000", json=move).status_code == status
    assert caller.patch(f"{TICKETS}/5000", json=[*move, *rest]).status_code == 200


@assumed("psa facts 8.11: writing to a closed sheet fails, in words that nobody has seen")
def test_the_words_for_a_closed_sheet_can_be_set(with_quirks):
    caller = with_quirks(wording={"sheet_closed": "Sheet {id} is {status}"}).psa
    sheet = caller.get("/time/sheets", params={"conditions": "status='Open'"}).json[0]["id"]
    entry = {"timeStart": "2026-09-14T08:00:00Z", "actualHours": 1, "timeSheet": {"id": sheet}}
    assert caller.post("/time/entries", json=entry).status_code == 201
    assert caller.post(f"/time/sheets/{sheet}/submit").status_code == 200

    refused = caller.post("/time/entries", json=entry)

    assert refused.status_code == 400
    assert refused.json["errors"][0]["message"].startswith(f"Sheet {sheet} is ")


@assumed("nobody tells which of several refusals comes first")
def test_which_refusal_comes_first_may_be_otherwise(with_quirks):
    plain = with_quirks().psa_as("nobody", "x")
    other = with_quirks(credentials_first=False, client_id_first=True).psa_as("nobody", "x")
    bare = {"clientId": None}

    def statuses(caller):
        return [
            caller.get("/badmodule").status_code,
            caller.get("/service/nothing").status_code,
            caller.put("/service/tickets", json={}).status_code,
            caller.get("/service/tickets").status_code,
            caller.get("/service/tickets", headers=bare).status_code,
        ]

    assert statuses(plain) == [401, 401, 401, 401, 401]
    assert statuses(other) == [404, 404, 405, 401, 403]


@assumed("psa facts 6.8 and 6.11: spellings that one reader takes and another may not")
def test_spellings_in_a_body_may_have_to_be_right(with_quirks):
    plain = with_quirks().psa
    strict = with_quirks(members_in_any_case=False, patch_ops_in_any_case=False).psa
    path = f"{TICKETS}/5000"

    def statuses(caller):
        changes = (
            [{"op": op, "path": "summary", "value": "y"}]
            for op in ("Replace", "REPLACE", "replace")
        )
        posts = ({**NEW, "Severity": "Low"}, {**NEW, "severity": "Low"})
        return [
            *(caller.patch(path, json=each).status_code for each in changes),
            *(caller.post(TICKETS, json=each).status_code for each in posts),
        ]

    assert statuses(plain) == [200, 200, 200, 201, 201]
    assert statuses(strict) == [400, 400, 200, 400, 201]


@assumed("psa facts 3.2: not before a group is unknown, and accepted")
@pytest.mark.parametrize(("prefix", "status"), [(True, 200), (False, 400)])
def test_not_may_not_stand_in_front(with_quirks, prefix, status):
    caller = with_quirks(conditions={"prefix_not": prefix}).psa

    answer = caller.get(TICKETS, params={"conditions": "not (id = 5000)"})

    assert answer.status_code == status
    assert caller.get(TICKETS, params={"conditions": "id not in (5000)"}).status_code == 200
