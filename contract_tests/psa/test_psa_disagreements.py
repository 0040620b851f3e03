"""Where the guides and what was seen disagree: each side as its profile has it (psa facts 11)."""

import pytest
from callback_support import Subscriber

from mockserver.client.callbacks import CallbackReceiver

observed = pytest.mark.observed
TICKETS = "/service/tickets"
REQUIRED = {"summary": "x", "company": {"id": 4}}


@pytest.fixture
def both(make_tenant):
    """Return a caller of a tenant of its own per profile, the guides' first."""
    return [make_tenant(name).unlimited().psa for name in ("documented", "observed")]


def statuses(callers, path, **params):
    return [each.get(path, params=params).status_code for each in callers]


@observed("psa facts S1: a minute of requests, and how a refusal reads")
@pytest.mark.parametrize(
    ("profile", "limit", "code"),
    [
        ("documented", 60, {"code": "RateLimitExceeded"}),
        ("observed", 1000, {"error": "ConnectWiseAPI"}),
    ],
)
def test_quotas(make_tenant, profile, limit, code):
    tenant = make_tenant(profile)
    tenant.admin("POST", "/clock", json={"freeze": True})
    assert tenant.admin("GET", "/limits").json["psa"]["requests"] == limit
    tenant.admin("PATCH", "/limits", json={"psa": {"requests": 1}})

    first, refused = tenant.psa.get("/system/info"), tenant.psa.get("/system/info")

    assert refused.status_code == 429
    assert code.items() <= refused.json.items()
    assert "Retry-After" in refused.headers
    seen = [name for name in dict(first.headers) if name.startswith("X-RateLimit")]
    assert bool(seen) == (profile == "documented")


@observed("psa facts S2, 4.6: no header tells the total, /count does")
def test_totals(both):
    seen = [each.get(TICKETS, params={"pageSize": "1"}) for each in both]
    count = both[1].get(f"{TICKETS}/count").json["count"]

    assert seen[0].headers["X-Total-Count"] == str(count)
    assert "X-Total-Count" not in seen[1].headers


@observed("psa facts S3: codes, outer and inner")
@pytest.mark.parametrize(
    ("request_", "codes"),
    [
        (("GET", f"{TICKETS}/404", None), ["RecordNotFound", "NotFound"]),
        (("POST", TICKETS, {"company": {"id": 4}}), ["RequiredFieldMissing", "InvalidObject"]),
        (
            ("POST", TICKETS, REQUIRED | {"summary": "x" * 101}),
            ["InvalidArgument", "InvalidObject"],
        ),
        (("GET", f"{TICKETS}?conditions=nothing=1", None), ["InvalidArgument", "ApiFindCondition"]),
    ],
)
def test_codes(both, request_, codes):
    method, path, body = request_

    assert [each.request(method, path, json=body).json["code"] for each in both] == codes


@observed("psa facts S4: instants need brackets")
def test_dates_without_brackets(both):
    assert statuses(both, TICKETS, conditions="dateEntered > 2024-01-01") == [200, 400]
    assert statuses(both, TICKETS, conditions="dateEntered > [2024-01-01]") == [200, 200]


@observed("psa facts 3.3, U7; seed 003, 'Strings': stars, but nothing else, are wild after =")
def test_stars_after_equals(both):
    for caller in both:
        caller.post(TICKETS, json=REQUIRED | {"summary": "Zebra 50% of [all]"})

    def found(conditions):
        asked = {"conditions": conditions}
        return [each.get(f"{TICKETS}/count", params=asked).json["count"] for each in both]

    assert found("summary = 'zebra*'") == [1, 0]
    assert found("summary = '*50% of [all]'") == [1, 0]
    assert found("summary = 'zebra%'") == [0, 0]
    assert found("summary like 'zebra*'") == [1, 1]
    every = [each.get(f"{TICKETS}/count").json["count"] for each in both]
    assert found("summary != 'zebra*'") == [every[0] - 1, every[1]]


@observed("psa facts S5: the ticket has no such field; the refusal echoes the name")
def test_assigned_resource(both):
    assert statuses(both, TICKETS, conditions="assignedResource != null") == [200, 400]
    for name in ("assignedResource", "assignedTo/id", "resources/member/identifier", "member/id"):
        refused = both[1].get(TICKETS, params={"conditions": f"{name} != null"})
        assert refused.json == {
            "code": "ApiFindCondition",
            "message": f"{name} is not a recognized name.",
        }


@observed("psa facts S6, 3.5: caption and value, never the caption as a name")
def test_custom_field_conditions(both):
    asked = {"customFieldConditions": 'customField1 contains "value"'}
    right = {"customFieldConditions": 'caption="customField1" AND value contains "value"'}

    assert statuses(both, TICKETS, **asked) == [200, 400]
    assert statuses(both, TICKETS, **right) == [200, 200]
    found = [each.get(TICKETS, params=right).json for each in both]
    assert found[0][0]["id"] == both[0].get(TICKETS, params=asked).json[0]["id"]
    assert found[1]


@observed("psa facts S7: tickets show no notes")
def test_conditions_on_notes(both):
    assert statuses(both, TICKETS, childConditions="notes/text contains 'a'") == [200, 400]


@observed("psa facts S8, S11, 7.5: a POST, the receiver takes no other; the body; objectId 0 is 1")
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_callbacks(make_tenant, profile):
    with CallbackReceiver() as receiver:
        subscriber = Subscriber(make_tenant(profile).unlimited(), receiver)
        kept = subscriber.subscribe(object_id=0)
        ticket_id = subscriber.ticket()["id"]

    (came,) = receiver.received
    assert kept["objectId"] == 1
    assert came.path.endswith(f"{ticket_id}&action=added")
    assert ({"MemberID", "Callback"} <= came.json.keys()) == (profile == "documented")


@observed("psa facts S9, 2.2: v4_6_release or the current release, not the company")
def test_codebases(make_tenant):
    for profile, status in (("documented", 200), ("observed", 400)):
        tenant = make_tenant(profile).unlimited()
        caller = tenant.psa
        for codebase, wanted in (
            (tenant.credentials["psa"]["company"], status),
            ("v4_6_release", 200),
            ("v2026_4", 200),
            ("v2019_4", 400),
        ):
            caller.base = f"/{codebase}/apis/3.0"
            assert caller.get("/system/info").status_code == wanted


@observed("psa facts S10, 6.5: a record that is in use cannot be deleted")
def test_conflicts(both):
    refused = [each.delete("/service/boards/1") for each in both]

    assert [each.status_code for each in refused] == [409, 409]
    assert [each.json["code"] for each in refused] == ["RecordLocked", "ConnectWiseApi"]


@observed("psa facts S14, 4.4, 10.8: which links a page has")
def test_links(both):
    for caller in both:
        last = -(-caller.get(f"{TICKETS}/count").json["count"] // 100)
        pages = {"1": ["next", "last"], "2": ["next", "prev", "first", "last"]}
        for page, relations in {**pages, str(last): ["prev", "first"]}.items():
            answer = caller.get(TICKETS, params={"pageSize": "100", "page": page})
            links = answer.headers["Link"].split(", ")
            assert [link.partition('rel="')[2].rstrip('"') for link in links] == relations
        one = caller.get(TICKETS, params={"conditions": "id=5000"})
        assert "Link" not in one.headers


@observed("psa facts S15, 6.11, 10.2: a PATCH into a reference, or a 200 that changes nothing")
def test_false_successes(both):
    company = both[0].get("/company/companies", params={"pageSize": "1"}).json[0]
    change = [{"op": "replace", "path": "company/identifier", "value": company["identifier"]}]
    before = both[0].get(f"{TICKETS}/5000").json["company"]["id"]
    assert before != company["id"]

    found = [each.patch(f"{TICKETS}/5000", json=change) for each in both]

    assert [each.status_code for each in found] == [200, 200]
    assert [each.json["company"]["id"] for each in found] == [before, company["id"]]
    for caller in both:
        board = caller.get(f"{TICKETS}/5000").json["board"]["id"]
        status = caller.get(f"/service/boards/{board}/statuses").json[-1]["id"]
        for path in ("status/id", "/status/id"):
            document = [{"op": "replace", "path": path, "value": status}]
            assert caller.patch(f"{TICKETS}/5000", json=document).json["status"]["id"] == status


@pytest.mark.live
@observed("psa facts S17, 6.2: errors are left out where there are none")
def test_errors_are_left_out(both):
    for caller in both:
        assert set(caller.get(f"{TICKETS}/404").json) == {"code", "message"}


@observed("psa facts S18, 6.9: a reference by a name that only one record has")
def test_references_by_name(both):
    for caller in both:
        body = {"summary": "x", "company": {"id": 4}, "board": {"name": "Help Desk"}}
        body |= {"priority": {"name": caller.get("/service/priorities").json[0]["name"]}}
        made = caller.post(TICKETS, json=body)
        assert made.status_code == 201, made.text
        assert made.json["board"]["name"] == "Help Desk"


@observed("psa facts S19, 3.2: not stands before contains, like and in")
def test_negations(both):
    for caller in both:
        every = caller.get(f"{TICKETS}/count").json["count"]
        for test in ("summary {}contains 'a'", "summary {}LIKE '%a%'", "id {}in (5000, 5001)"):
            counts = [
                caller.get(f"{TICKETS}/count", params={"conditions": test.format(word)}).json[
                    "count"
                ]
                for word in ("", "not ")
            ]
            assert sum(counts) == every
            assert min(counts) > 0


@pytest.mark.live
@observed("psa facts S20, 1.8: a host without 'api-' and plain http are answered")
def test_plain_hosts(both):
    for caller in both:
        headers = {"Host": "na.myconnectwise.net"}
        assert caller.get("/system/info", headers=headers).status_code == 200


@observed("psa facts S22, 6.7: a member that the model has not")
def test_unknown_members(both):
    for caller in both:
        refused = caller.post(TICKETS, json=REQUIRED | {"nonsense": 1})
        assert refused.status_code == 400
        assert "nonsense" in refused.text
        kept = caller.post(TICKETS, json=REQUIRED | {"id": 0, "_info": {}})
        assert kept.status_code == 201


@pytest.mark.live
@observed("psa facts S23, 2.4: the body of a version that nobody knows")
def test_unknown_versions(both):
    for caller in both:
        headers = {"Accept": "application/vnd.connectwise.com+json; version=2031.1"}
        refused = caller.get(TICKETS, headers=headers)
        assert refused.status_code == 400
        assert "does not support the API version '2031.1'." in refused.json["message"]


@observed("psa facts S24, 6.8: numbers and flags may come as texts, nothing as the empty one")
def test_coercions(both):
    for caller in both:
        body = {"summary": 5, "company": {"id": "4"}, "budgetHours": "10.5"}
        body |= {"approved": "True", "contact": None, "estimatedStartDate": ""}
        made = caller.post(TICKETS, json=body)
        assert made.status_code == 201, made.text
        told = {name: made.json.get(name) for name in ("summary", "budgetHours", "approved")}
        assert told == {"summary": "5", "budgetHours": 10.5, "approved": True}
        assert made.json["company"]["id"] == 4


@observed("psa facts S13, 7.9 and 5.1: what the newer guide adds")
def test_what_the_newer_guide_adds(make_tenant):
    with CallbackReceiver() as receiver:
        subscriber = Subscriber(make_tenant("observed").unlimited(), receiver)
        subscriber.freeze()
        receiver.answer(429, 429)
        subscriber.subscribe()
        subscriber.ticket()
        subscriber.advance(6)

    assert len(receiver.received) == 3
