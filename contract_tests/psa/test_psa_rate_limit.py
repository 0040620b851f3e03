"""Quotas, on the tenant's own clock (seed 002, 'Rate Limiting'; psa facts 5.1)."""

import pytest
from psa_wording import refused


@pytest.fixture(params=["documented"])
def frozen(request, make_tenant):
    tenant = make_tenant(request.param)
    assert tenant.admin("POST", "/clock", json={"freeze": True}).status_code == 200
    return tenant


def advance(tenant, seconds):
    assert tenant.admin("POST", "/clock", json={"advance": seconds}).status_code == 200


def quota(answer):
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After")
    return {name: answer.headers[name] for name in names if name in answer.headers}


def standing(limit, remaining, reset_s):
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(reset_s),
    }


@pytest.mark.documented("seed 002, 'Rate Limit Headers': limit, what remains, seconds to the reset")
def test_each_answer_tells_what_remains(frozen):
    caller = frozen.psa

    assert quota(caller.get("/system/info")) == standing(60, 59, 60)
    advance(frozen, 20)
    assert quota(caller.get("/system/info")) == standing(60, 58, 40)
    assert quota(caller.get("/service/tickets/1")) == standing(60, 57, 40)
    assert quota(caller.get("/nowhere")) == standing(60, 56, 40)


@pytest.mark.documented("seed 002, '429 Response': 60 a minute, then RateLimitExceeded")
def test_the_sixty_first_request_is_refused_until_retry_after_is_over(frozen):
    caller = frozen.psa
    for _ in range(60):
        assert caller.get("/system/info").status_code == 200
    advance(frozen, 12)

    answer = caller.get("/system/info")

    message = "Rate limit exceeded. Try again in 48 seconds."
    assert refused(answer, 429, {"code": "RateLimitExceeded", "message": message})
    assert quota(answer) == {**standing(60, 0, 48), "Retry-After": "48"}
    advance(frozen, 47)
    assert caller.get("/system/info").headers["Retry-After"] == "1"
    advance(frozen, 1)
    assert quota(caller.get("/system/info")) == standing(60, 59, 60)


@pytest.mark.assumed("interface: refused requests do not count unless configured")
def test_refused_requests_do_not_count(frozen):
    caller = frozen.psa
    answers = [caller.get("/system/info").status_code for _ in range(200)]
    assert answers == [200] * 60 + [429] * 140

    advance(frozen, 60)

    assert [caller.get("/system/info").status_code for _ in range(61)] == [200] * 60 + [429]


@pytest.mark.documented("seed 002, 'Limits': per API member")
def test_every_key_has_a_quota_of_its_own(frozen):
    for _ in range(61):
        last = frozen.psa.get("/system/info")
    assert last.status_code == 429

    other = frozen.psa_as(f"readonlykey-{frozen.name}", "readonlyprivate")

    assert quota(other.get("/system/info")) == standing(60, 59, 60)


@pytest.mark.assumed("companyinfo and strangers spend nobody's quota")
def test_requests_without_a_known_key_are_not_limited(frozen):
    company = frozen.credentials["psa"]["company"]
    stranger = frozen.psa_as("nobody", "x")

    for _ in range(70):
        assert frozen.client.get(f"/login/companyinfo/{company}").status_code == 200
        assert stranger.get("/system/info").status_code == 401

    assert frozen.psa.get("/system/info").headers["X-RateLimit-Remaining"] == "59"


@pytest.mark.documented("seed 002, 'Retry Strategy': wait Retry-After, then go on")
def test_a_client_that_waits_as_told_is_always_admitted(frozen):
    caller, served = frozen.psa, 0
    while served < 250:
        answer = caller.get("/system/info")
        if answer.status_code == 429:
            advance(frozen, int(answer.headers["Retry-After"]))
            answer = caller.get("/system/info")
        assert answer.status_code == 200
        served += 1
        advance(frozen, 0.35)


@pytest.mark.observed("psa facts 5.1: 1,000 a minute, the key is error, no X-RateLimit headers")
@pytest.mark.parametrize("frozen", ["observed"], indirect=True)
def test_the_observed_refusal_is_the_recorded_one(frozen):
    caller = frozen.psa
    limits = frozen.admin("GET", "/limits").json["psa"]
    assert (limits["requests"], limits["window_seconds"]) == (1000, 60)
    for _ in range(1000):
        answer = caller.get("/system/info")
    assert (answer.status_code, quota(answer)) == (200, {})
    advance(frozen, 30)

    answer = caller.get("/system/info")

    message = "Too many requests. Please try again in 30 seconds."
    assert refused(answer, 429, {"error": "ConnectWiseAPI", "message": message})
    assert quota(answer) == {"Retry-After": "30"}
    advance(frozen, 30)
    assert caller.get("/system/info").status_code == 200


@pytest.mark.documented("seed 002, 'Limits': per API member; psa facts 5.1 and S1: per key")
@pytest.mark.parametrize(("profile", "remaining"), [("documented", 57), ("observed", 59)])
def test_the_keys_of_a_member_share_a_quota_or_do_not(make_tenant, profile, remaining):
    psa = {"quota": {"requests": 60}, "quota_headers": True, "members_impersonate": True}
    tenant = make_tenant(profile, psa=psa)
    tenant.admin("POST", "/clock", json={"freeze": True})
    caller = tenant.psa
    caller.get("/system/info")

    made = caller.post("/system/members/Admin1/tokens").json
    second = tenant.psa_as(made["publicKey"], made["privateKey"]).get("/system/info")
    other = tenant.psa_as(f"readonlykey-{tenant.name}", "readonlyprivate").get("/system/info")

    assert second.headers["X-RateLimit-Remaining"] == str(remaining)
    assert other.headers["X-RateLimit-Remaining"] == "59"
