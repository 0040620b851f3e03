"""Every kind of fault in process, on both vendors, and when rules begin and end."""

import email.utils

import pytest

pytestmark = pytest.mark.documented("the control plane's own interface (interface section 6)")

PATHS = {"psa": "/service/sources", "automate": "/Clients"}
NOON = "2026-01-01T12:00:00Z"


@pytest.fixture
def lab(side):
    """Return a side with one collection to read and write, and a way to set rules."""
    side.path = PATHS[side.api]
    side.tenant.admin("POST", "/clock", json={"freeze": True})

    def rule(effect=None, **members):
        members |= {"effect": effect} if effect else {}
        answer = side.tenant.admin("POST", "/faults", json=members)
        assert answer.status_code == 201, answer.text
        return answer.json["id"]

    side.rule = rule
    side.faults = lambda: side.tenant.admin("GET", "/faults").json["faults"]
    side.create = lambda: side.send(
        "POST", side.path, {"name" if side.api == "psa" else "Name": "Made under fault"}
    )
    side.statuses = lambda n: [side.ask("GET", side.path).status_code for _ in range(n)]
    side.total = lambda: side.ask("GET", f"{side.path}?pageSize=1000").text.count(
        "Made under fault"
    )
    return side


def test_error_after_answers_so_although_the_work_is_done(lab):
    lab.rule({"kind": "error-after", "status": 500}, method="POST")
    assert lab.create().status_code == 500
    assert lab.total() >= 1


def test_reset_after_breaks_the_connection_although_the_work_is_done(lab):
    lab.rule({"kind": "reset-after"}, method="POST")
    with pytest.raises(ConnectionResetError):
        lab.create()
    assert lab.total() >= 1


def test_an_answer_is_lost_also_when_it_is_a_refusal(lab):
    lab.rule({"kind": "error-after", "status": 504})
    assert lab.ask("GET", f"{lab.path}/999999").status_code == 504


def test_a_timeout_does_nothing_and_raises_in_process(lab):
    lab.rule({"kind": "timeout"}, times=1)
    with pytest.raises(TimeoutError):
        lab.create()
    assert lab.total() == 0


def test_a_truncated_answer_does_not_arrive_in_process(lab):
    lab.rule({"kind": "truncate", "bytes": 3}, times=1)
    with pytest.raises(ConnectionAbortedError):
        lab.create()
    assert lab.total() >= 1


def test_malformed_is_never_json(lab):
    lab.rule({"kind": "malformed"})
    answer = lab.ask("GET", lab.path)
    assert answer.status_code == 200
    assert answer.get_json(silent=True) is None


def test_slow_takes_its_time_on_the_clock(lab):
    lab.tenant.admin("POST", "/clock", json={"now": NOON})
    lab.rule({"kind": "slow", "bytes_per_second": 10})
    size = len(lab.ask("GET", lab.path).data)
    now = lab.tenant.admin("GET", "/clock").json["now"]
    passed_s = int(now[14:16]) * 60 + float(now[17:26]) + int(now[11:13]) * 3600 - 43_200
    assert passed_s == pytest.approx(size / 10, abs=0.01)


@pytest.mark.parametrize(
    ("stated", "header"),
    [(None, None), ("soon", "soon"), ("1000000000", "1000000000"), ("-1", "-1"), (7, "7")],
)
def test_rate_limit_says_what_it_is_told(lab, stated, header):
    lab.rule({"kind": "rate-limit", "retry_after": stated})
    answer = lab.ask("GET", lab.path)
    assert answer.status_code == 429
    assert answer.headers.get("Retry-After") == header
    assert len(answer.headers.getlist("X-RateLimit-Remaining")) <= 1


def test_retry_after_can_be_a_date_on_the_tenants_clock(lab):
    lab.tenant.admin("POST", "/clock", json={"now": NOON})
    lab.rule({"kind": "rate-limit", "retry_after": "{date+90}"}, times=1)
    lab.rule({"kind": "error", "status": 503, "retry_after": "{date}"})
    stated = [lab.ask("GET", lab.path).headers["Retry-After"] for _ in range(2)]
    assert stated == ["Thu, 01 Jan 2026 12:01:30 GMT", "Thu, 01 Jan 2026 12:00:00 GMT"]
    assert all(email.utils.parsedate_to_datetime(each) for each in stated)


def test_html_is_no_answer_of_the_vendor(lab):
    lab.rule({"kind": "html", "status": 503})
    answer = lab.ask("GET", lab.path)
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert "X-RateLimit-Limit" not in answer.headers


def test_revoked_tokens_are_refused_from_the_next_request_on(lab):
    lab.rule({"kind": "revoke-tokens"}, times=1)
    expected = [200, 401, 401] if lab.api == "automate" else [200, 200, 200]
    assert lab.statuses(3) == expected


def test_an_outage_lasts_its_time_on_the_tenants_clock(lab):
    down = {"kind": "error", "status": 503}
    lab.rule(down, start_seconds=10, duration_seconds=300)
    seen = []
    for _ in range(4):
        seen += lab.statuses(1)
        lab.tenant.admin("POST", "/clock", json={"advance": 150})
    (rule,) = lab.faults()
    assert seen == [200, 503, 503, 200]
    assert (rule["seen"], rule["struck"], rule["exhausted"]) == (2, 2, True)
    assert (rule["start_seconds"], rule["duration_seconds"]) == (10, 300)


def test_a_sequence_plays_step_by_step(lab):
    busy = {"kind": "error", "status": 503}
    lab.rule(sequence=[busy, None, {"kind": "html", "status": 502}], method="GET")
    assert lab.statuses(2) == [503, 200]
    (rule,) = lab.faults()
    assert (rule["struck"], rule["pending"], rule["exhausted"]) == (1, 1, False)
    assert rule["sequence"][0] == busy
    assert lab.statuses(2) == [502, 200]
    assert lab.faults()[0]["exhausted"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"sequence": []},
        {"sequence": {}},
        {"sequence": [5]},
        {"sequence": [{"kind": "reset"}], "effect": {"kind": "reset"}},
        {"sequence": [{"kind": "reset"}], "times": 2},
        {"effect": {"kind": "reset"}, "duration_seconds": -1},
        {"effect": {"kind": "reset"}, "start_seconds": "1"},
    ],
    ids=str,
)
def test_a_script_that_cannot_be_used_is_refused(tenant, wrong):
    assert tenant.admin("POST", "/faults", json=wrong).status_code == 400


def test_a_login_is_struck_in_the_tenant_that_it_names(tenant):
    user = tenant.credentials["automate"]
    body = {"Username": user["username"], "Password": user["password"]}
    fault = {"key": user["username"], "times": 1, "effect": {"kind": "error", "status": 503}}
    assert tenant.admin("POST", "/faults", json=fault).status_code == 201
    answers = [tenant.client.post("/cwa/api/v1/apitoken", json=body) for _ in range(2)]
    assert [each.status_code for each in answers] == [503, 200]
