"""Whoever waits as long as Retry-After says is admitted, whatever the quota counts by."""

import pytest

PATHS = {"psa": "/service/boards", "automate": "/Clients"}
HEADER = pytest.mark.documented("seed 002 and seed 000, 'Rate Limit Headers'")


@pytest.fixture
def limited(side):
    side.path = PATHS[side.api]
    side.tenant.admin("POST", "/clock", json={"freeze": True})

    def limit(**quota):
        answer = side.tenant.admin("PATCH", "/limits", json={side.api: quota})
        assert answer.status_code == 200, answer.text

    side.limit = limit

    def wait(seconds):
        assert side.tenant.admin("POST", "/clock", json={"advance": seconds}).status_code == 200
        if side.api == "automate":
            # Tokens grow old meanwhile.
            side.caller = side.tenant.automate(side.name.split()[1])

    side.wait = wait
    return side


def until_refused(limited):
    for admitted in range(1_000):
        answer = limited.ask("GET", limited.path)
        if answer.status_code == 429:
            return admitted, answer
        assert answer.status_code == 200
    raise AssertionError


@pytest.mark.parametrize("window", ["fixed", "sliding", "bucket"])
@pytest.mark.parametrize(("requests", "window_seconds"), [(5, 60), (3, 7), (1, 0.5), (7, 1000)])
@HEADER
def test_a_client_that_waits_is_admitted_every_time(limited, window, requests, window_seconds):
    limited.limit(requests=requests, window_seconds=window_seconds, window=window)
    for turn in range(6):
        admitted, refused = until_refused(limited)
        assert admitted == requests if turn == 0 else admitted <= requests
        wait_s = int(refused.headers["Retry-After"])
        assert 1 <= wait_s <= max(1, window_seconds)
        limited.wait(wait_s)
        assert limited.ask("GET", limited.path).status_code == 200
        limited.wait(0.3 * turn)


@pytest.mark.parametrize("window", ["fixed", "sliding"])
@HEADER
def test_a_client_that_comes_too_early_is_refused_and_told_what_is_left(limited, window):
    limited.limit(requests=2, window_seconds=60, window=window)
    _, refused = until_refused(limited)
    wait_s = int(refused.headers["Retry-After"])
    limited.wait(wait_s - 1)
    again = limited.ask("GET", limited.path)
    assert (again.status_code, again.headers["Retry-After"]) == (429, "1")
    limited.wait(1)
    assert limited.ask("GET", limited.path).status_code == 200


@HEADER
def test_a_day_is_waited_out_too(limited):
    limited.limit(requests=None, requests_per_day=4)
    admitted, refused = until_refused(limited)
    assert admitted == 4
    limited.wait(int(refused.headers["Retry-After"]))
    assert limited.ask("GET", limited.path).status_code == 200


@HEADER
def test_the_longer_of_two_waits_is_told(limited):
    limited.limit(requests=2, window_seconds=10, requests_per_day=2)
    _, refused = until_refused(limited)
    assert int(refused.headers["Retry-After"]) > 10
    limited.wait(int(refused.headers["Retry-After"]))
    assert limited.ask("GET", limited.path).status_code == 200


@HEADER
def test_refused_requests_do_not_count_unless_asked_for(limited):
    limited.limit(requests=2, window_seconds=60, window="sliding")
    for _ in range(5):
        until_refused(limited)
    limited.wait(60)
    assert until_refused(limited)[0] == 2
    limited.limit(count_rejected=True)
    limited.wait(30)
    for _ in range(2):
        until_refused(limited)
    limited.wait(30)
    assert limited.ask("GET", limited.path).status_code == 429


@HEADER
def test_a_refused_write_is_not_done(limited):
    name = "name" if limited.api == "psa" else "Name"
    limited.limit(requests=1, window_seconds=60)
    before = limited.state(limited.path)
    assert limited.send("POST", limited.path, {name: "x"}).status_code == 429
    limited.wait(60)
    assert limited.state(limited.path) == before


@HEADER
def test_every_answer_of_a_limited_documented_side_tells_the_standing(limited):
    limited.limit(requests=9, window_seconds=60, window="fixed")
    asked = ("", "/1", "/999999", "?pageSize=x", "/1/nope")
    answers = [limited.ask("GET", limited.path + each) for each in asked]
    left = [each.headers.get("X-RateLimit-Remaining") for each in answers]
    documented = limited.name.endswith("documented")
    assert left == (["8", "7", "6", "5", "4"] if documented else [None] * 5)


@pytest.mark.assumed("how many keys the vendor counts together is not public")
def test_each_key_has_a_quota_of_its_own(make_tenant):
    tenant = make_tenant()
    tenant.admin("PATCH", "/limits", json={"psa": {"requests": 1}})
    readonly = tenant.psa_as(f"readonlykey-{tenant.name}", "readonlyprivate")
    asked = (tenant.psa, tenant.psa, readonly, readonly)
    statuses = [caller.get("/service/boards").status_code for caller in asked]
    assert statuses == [200, 429, 200, 429]
