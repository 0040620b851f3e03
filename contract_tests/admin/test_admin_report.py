"""The report card: what clients did, told by the control plane."""

import re

import pytest

from mockserver.core.journal import ATTEMPTS_MAX

pytestmark = pytest.mark.documented("the control plane's own interface (interface section 6)")

METRIC_MIN = 20
METRICS = [f"M{number}" for number in range(1, 25)]
FINDINGS = {
    *("default-page-taken-for-all", "conditions-lost-on-later-page"),
    *("unordered-paging-under-writes", "page-size-above-maximum", "ignored-parameter"),
    *("token-per-request", "false-200", "ambiguous-reference", "repeated-create"),
}


@pytest.fixture
def lab(tenant):
    """Return a tenant on a frozen clock, with a way to read its card."""
    tenant.admin("POST", "/clock", json={"freeze": True})
    tenant.admin("PATCH", "/limits", json={"psa": {"requests": 20, "window_seconds": 5}})
    tenant.later = lambda s: tenant.admin("POST", "/clock", json={"advance": s})
    tenant.fault = lambda **rule: tenant.admin("POST", "/faults", json=rule)

    def card(api="psa"):
        (client,) = [
            each for each in tenant.admin("GET", "/report").json["clients"] if each["api"] == api
        ]
        return client

    tenant.card = card
    tenant.findings = lambda api="psa": {each["id"]: each for each in card(api)["findings"]}

    def shown(evidence):
        entries = tenant.admin("GET", "/requests").json["requests"]
        return [{each["id"]: each for each in entries}[number] for number in evidence]

    tenant.shown = shown
    return tenant


def test_a_tenant_without_requests_has_no_clients(tenant):
    assert tenant.admin("GET", "/report").json == {"clients": []}


def test_the_report_has_its_shape(lab):
    lab.psa.get("/service/tickets")
    card = lab.card()
    assert card.keys() == {"key", "api", "requests", "metrics", "findings"}
    assert (card["key"], card["requests"]) == (lab.credentials["psa"]["public_key"], 1)
    assert list(card["metrics"]) == METRICS
    for metric in card["metrics"].values():
        assert metric.keys() == {"name", "value", "n", "verdict", "evidence"}
        assert metric["verdict"] in {"pass", "fail", "insufficient"}
    (finding,) = card["findings"]
    assert finding.keys() == {"id", "title", "advice", "evidence"}
    assert finding["id"] in FINDINGS


def test_an_obedient_client_passes_and_a_hasty_one_fails(lab):
    for obedient in (True, False):
        lab.admin("DELETE", "/requests")
        lab.later(60)
        psa = lab.psa
        for number in range(500):
            answer = psa.get(f"/service/tickets/{number // 3}")
            while answer.status_code == 429:
                lab.later(float(answer.headers["Retry-After"]) if obedient else 1.0)
                answer = psa.get(f"/service/tickets/{number // 3}")
        metrics = lab.card()["metrics"]
        assert metrics["M1"]["verdict"] == ("pass" if obedient else "fail"), metrics["M1"]
        assert metrics["M1"]["n"] >= 20
        assert bool(metrics["M1"]["evidence"]) != obedient
    assert lab.card()["requests"] > max(METRIC_MIN, len(metrics["M1"]["evidence"]))


def test_a_create_that_was_repeated_is_told_with_both_requests(lab):
    lab.fault(method="POST", times=1, effect={"kind": "error-after", "status": 500})
    for _ in range(2):
        lab.psa.post("/service/sources", json={"name": "Twice"})
        lab.later(1)
    card = lab.card()
    assert (card["metrics"]["M11"]["value"], card["metrics"]["M11"]["verdict"]) == (1, "fail")
    assert card["metrics"]["M12"]["verdict"] == "fail"
    evidence = lab.findings()["repeated-create"]["evidence"]
    shown = {each["id"]: each for each in lab.admin("GET", "/requests").json["requests"]}
    assert [shown[each]["applied"] for each in evidence] == [True, True]
    made = [shown[each]["effects"] for each in evidence]
    assert made[0] != made[1]
    assert all(effect.startswith("service/sources/") for (effect,) in made)


def test_a_create_that_was_never_carried_out_is_no_duplicate(lab):
    lab.fault(method="POST", times=1, effect={"kind": "error", "status": 500})
    for _ in range(2):
        lab.psa.post("/service/sources", json={"name": "Once"})
        lab.later(1)
    metrics = lab.card()["metrics"]
    assert metrics["M11"]["value"] == 0
    assert metrics["M12"]["verdict"] == "fail", "nobody could know that it was not carried out"


def test_a_parameter_of_the_other_vendor_is_told(lab):
    automate = lab.automate()
    automate.get("/Clients?conditions=Name='x'&pageSize=10")
    lab.psa.get("/service/tickets?condition=id>5&pageSize=10")
    assert "ignored-parameter" in lab.findings("automate")
    assert "ignored-parameter" in lab.findings("psa")


def test_a_patch_without_effect_is_told(lab):
    patch = [{"op": "replace", "path": "company/identifier", "value": "Nowhere"}]
    first = lab.psa.get("/service/tickets?pageSize=1").json[0]["id"]
    answer = lab.psa.patch(f"/service/tickets/{first}", json=patch)
    assert answer.status_code == 200
    assert "false-200" in lab.findings()


@pytest.mark.parametrize("kept", [False, True])
def test_conditions_that_the_second_page_lacks_are_told(lab, kept):
    first = {"conditions": "id > 10", "pageSize": 5, "orderBy": "id"}
    later = {**first, "page": 2} if kept else {"pageSize": 5, "orderBy": "id", "page": 2}
    pages = []
    for query in (first, later):
        pages.append([each["id"] for each in lab.psa.get("/service/tickets", params=query).json])
        lab.later(1)

    told = lab.findings().get("conditions-lost-on-later-page")

    assert len(pages[1]) == 5, "it is answered like any other page"
    assert (told is None) == kept
    if told:
        asked = [e["url"].partition("?")[2] for e in lab.shown(told["evidence"])]
        assert ["conditions=" in query for query in asked] == [True, False]


@pytest.mark.parametrize(
    ("query", "written", "shown"),
    [({}, True, True), ({"orderBy": "id"}, True, False), ({}, False, False)],
    ids=["unordered", "ordered", "nothing written"],
)
def test_pages_without_an_order_while_rows_change_are_told(lab, query, written, shown):
    for page in (1, 2):
        params = {"pageSize": 2, "page": page, **query}
        assert len(lab.psa.get("/service/sources", params=params).json) > 0
        lab.later(1)
        if page == 1 and written:
            assert lab.psa.post("/service/sources", json={"name": "Between"}).status_code == 201
            lab.later(1)

    told = lab.findings().get("unordered-paging-under-writes")

    assert (told is not None) == shown
    if told:
        assert [e["method"] for e in lab.shown(told["evidence"])] == ["GET", "POST", "GET"]


@pytest.mark.parametrize(("names", "told"), [(("Twin", "Twin"), True), (("One", "Other"), False)])
def test_a_reference_patched_by_a_name_that_two_records_have_is_told(lab, names, told):
    for number, name in enumerate(names):
        company = {"identifier": f"Named{number}", "name": name}
        assert lab.psa.post("/company/companies", json=company).status_code == 201
    ticket = lab.psa.get("/service/tickets?pageSize=1").json[0]
    patch = [{"op": "replace", "path": "company", "value": {"name": names[0]}}]

    answer = lab.psa.patch(f"/service/tickets/{ticket['id']}", json=patch)

    found = lab.findings()
    assert answer.status_code == (400 if told else 200)
    assert ("ambiguous-reference" in found) == told
    if told:
        (refused,) = lab.shown(found["ambiguous-reference"]["evidence"])
        assert (refused["method"], refused["status"]) == ("PATCH", 400)
        assert lab.psa.get(f"/service/tickets/{ticket['id']}").json["company"] == ticket["company"]


def test_a_page_size_above_the_maximum_is_told(lab):
    lab.psa.get("/service/tickets?pageSize=5000")
    assert "page-size-above-maximum" in lab.findings()


def test_a_token_for_every_request_is_told(lab):
    for _ in range(4):
        lab.automate().get("/Clients/1")
    assert "token-per-request" in lab.findings("automate")
    assert lab.card("automate")["key"] == lab.credentials["automate"]["username"]


def test_the_page_is_complete_in_itself_and_escapes_what_clients_sent(lab):
    lab.psa.get("/service/tickets?<script>alert(1)</script>=1&pageSize=3")
    lab.automate().get("/Clients?pageSize=3")
    answer = lab.admin("GET", "/report.html")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    # It loads nothing and leads to itself and to the inspector's pages only.
    assert not re.search(r"src=|href='(?!#|pages/traffic[/?])|url\(|@import", answer.text)
    assert answer.text.count("<svg") >= 2
    assert "<script>" not in lab.admin("GET", "/report").text


def test_another_tenant_is_not_in_it(lab, make_tenant):
    other = make_tenant()
    other.psa.get("/service/boards")
    assert lab.admin("GET", "/report").json == {"clients": []}


def test_a_reset_forgets_it(lab):
    lab.psa.get("/service/boards")
    lab.admin("POST", "/reset")
    assert lab.admin("GET", "/report").json == {"clients": []}
    assert ATTEMPTS_MAX == 100_000
