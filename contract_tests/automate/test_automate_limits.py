"""Limits: sixty a minute, ten at once, and none for the observed profile."""

import threading
from time import perf_counter

import pytest

NOON = "2026-07-01T12:00:00Z"


def quota(answer):
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After")
    return {name: answer.headers[name] for name in names if name in answer.headers}


def frozen(tenant):
    tenant.admin("POST", "/clock", json={"freeze": True, "now": NOON})
    return tenant


@pytest.mark.documented("seed 000, 'Rate Limit Details' and 'Rate Limit Headers'")
def test_the_61st_request_of_a_minute_is_refused(tenant):
    caller = frozen(tenant).automate()

    answers = [caller.get("/Clients/100") for _ in range(60)]
    refused = caller.get("/Clients/100")

    assert {a.status_code for a in answers} == {200}
    assert quota(answers[0]) == {
        "X-RateLimit-Limit": "60",
        "X-RateLimit-Remaining": "59",
        "X-RateLimit-Reset": "60",
    }
    assert [a.headers["X-RateLimit-Remaining"] for a in answers] == [
        str(left) for left in range(59, -1, -1)
    ]
    assert refused.status_code == 429
    assert refused.json == {
        "error": {"code": "RateLimited", "message": "Too many requests. Implement backoff."}
    }
    assert quota(refused) == {
        "X-RateLimit-Limit": "60",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "60",
        "Retry-After": "60",
    }


@pytest.mark.documented("seed 000, 'Rate Limit Handling': wait Retry-After seconds")
def test_a_client_that_waits_is_let_in(tenant):
    caller = frozen(tenant).automate()
    for _ in range(61):
        refused = caller.get("/Clients/100")
    tenant.admin("POST", "/clock", json={"advance": int(refused.headers["Retry-After"])})

    answer = caller.get("/Clients/100")

    assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (200, "59")


@pytest.mark.assumed("seed 000 counts requests of a server; here each user has a count of its own")
def test_the_tokens_of_a_user_share_a_quota_and_logins_are_free(tenant):
    one, other = frozen(tenant).automate(), tenant.automate()

    one.get("/Clients/100")
    left = other.get("/Clients/100").headers["X-RateLimit-Remaining"]

    assert left == "58"


@pytest.mark.documented("seed 000: errors count too, and carry the headers")
def test_refused_requests_carry_the_headers_too(tenant):
    caller = frozen(tenant).automate()

    answers = [caller.get(path) for path in ("/Nope", "/Clients/999999", "/Clients?condition=x")]

    assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["59", "58", "57"]


@pytest.mark.observed("automate facts 57: no 429 and no such header was ever seen")
def test_the_observed_profile_limits_nothing(make_tenant):
    tenant = make_tenant("observed")
    for caller in (tenant.automate("observed"), tenant.automate()):
        answers = [caller.get("/Clients/100") for _ in range(70)]

        assert {(a.status_code, *quota(a)) for a in answers} == {(200,)}


@pytest.mark.documented("interface section 5: a profile belongs to a tenant, and so does its quota")
def test_an_observed_caller_of_a_limited_tenant_is_refused_in_its_own_words(tenant):
    caller = frozen(tenant).automate("observed")
    for _ in range(60):
        assert caller.get("/Clients/100").status_code == 200

    refused = caller.get("/Clients/100")

    assert refused.status_code == 429
    assert refused.json == {"Message": "Too many requests. Implement backoff."}
    assert quota(refused) == {"Retry-After": "60"}


@pytest.mark.documented("seed 000, 'Rate Limit Details': ~10 concurrent requests, then queuing")
def test_requests_beyond_ten_at_once_queue_and_succeed(tenant):
    caller = tenant.automate()
    rule = {"api": "automate", "effect": {"kind": "delay", "seconds": 0.2}}
    assert tenant.admin("POST", "/faults", json=rule).status_code == 201
    start, seen = threading.Barrier(13), []

    def ask():
        start.wait(10)
        status = caller.get("/Clients/100").status_code
        seen.append((perf_counter() - began, status))

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    began = perf_counter()
    start.wait(10)
    for thread in threads:
        thread.join(20)

    assert [status for _, status in seen] == [200] * 12
    took_s = sorted(seconds for seconds, _ in seen)
    assert took_s[9] >= 0.2
    # The last two had to wait for the first to leave.
    assert took_s[10] >= 0.4
