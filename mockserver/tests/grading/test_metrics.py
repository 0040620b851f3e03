"""Every metric on journals whose truth is known."""

import pytest
from journals import Script

from mockserver.core.attempt import NS, Paged
from mockserver.grading.pace import fano, hidden_clients, jain, phase_lock


def told(script, count, late_s, **members):
    for number in range(count):
        one = {"path": f"/service/tickets/{number}", **members}
        script.add(429, retry_after="5", **one).add(200, after_s=5 + late_s, **one)
    return script


@pytest.mark.parametrize(
    ("count", "late_s", "value", "verdict"),
    [
        (20, 0.0, 1.0, "pass"),
        (20, -0.019, 1.0, "pass"),
        (20, -0.03, 0.0, "fail"),
        (19, 0.0, 1.0, "insufficient"),
        (1, -1.0, 0.0, "fail"),
    ],
)
def test_m1_one_early_repeat_is_proof_and_twenty_clear(count, late_s, value, verdict):
    metric = told(Script(), count, late_s).metric("M1")

    assert (metric.value, metric.n, metric.verdict) == (value, count, verdict)
    assert bool(metric.evidence) == (verdict == "fail")


def test_m1_leaves_a_second_for_a_date_and_does_not_judge_absurd_waits():
    script = Script()
    for _ in range(20):
        date = f"Thu, 01 Jan 1970 {int(script.now_s + 12) // 3600:02}:"
        date += f"{int(script.now_s + 12) // 60 % 60:02}:{int(script.now_s + 12) % 60:02} GMT"
        script.add(429, retry_after=date).add(200, after_s=10)
    script.add(429, retry_after="1000000000").add(200)

    assert script.metric("M1").verdict == "pass"


def test_m2_counts_penalties_in_which_anybody_of_the_key_came():
    script = Script()
    for number in range(4):
        script.add(429, retry_after="5", path="/a")
        if number:
            script.add(200, after_s=2, path="/b").add(200, after_s=4, path="/a")
        else:
            script.add(200, after_s=0.2, path="/b").add(200, after_s=6, path="/a")
    metric = script.metric("M2")

    assert (metric.value, metric.n, metric.verdict) == (0.25, 4, "fail")


def test_m3_is_the_earliest_in_milliseconds():
    metric = told(told(Script(), 20, 0.5), 1, -1.25, query="x").metric("M3")

    assert (metric.value, metric.n, metric.verdict) == (1250.0, 21, "fail")


def test_m4_forgives_what_injected_failures_force():
    natural, forced = Script(), Script()
    for number in range(40):
        one = {"path": f"/{number}"}
        natural.add(503, **one).add(200, **one)
        forced.add(503, faults=(("f", "error"),), **one).add(200, **one)

    assert (natural.metric("M4").value, natural.metric("M4").verdict) == (2.0, "fail")
    assert (forced.metric("M4").value, forced.metric("M4").verdict) == (1.0, "pass")


def test_m5_counts_whole_windows_with_work_left():
    half, full = Script(limit=10, window_s=10.0), Script(limit=10, window_s=10.0)
    for script, every_s in ((half, 2.0), (full, 1.0)):
        for _ in range(60):
            script.add(200, after_s=every_s - 0.1)
        script.terms = type(script.terms)(limit=10, window_s=10.0, backlog=((0, 2_000 * NS),))

    assert half.metric("M5").value == pytest.approx(0.5, abs=0.06)
    assert half.metric("M5").verdict == "fail"
    assert full.metric("M5").value >= 0.95
    assert Script().add(200).metric("M5").verdict == "insufficient"


def test_m6_infers_how_many_clients_hide_behind_a_key():
    assert hidden_clients(0.1372, 60) == pytest.approx(9.5, abs=0.1)
    script = Script(limit=10, window_s=10.0)
    for number in range(100):
        script.add(429 if number % 4 == 0 else 200, path=f"/{number}")
    metric = script.metric("M6")

    assert (metric.value, metric.verdict) == (0.25, "fail")


def test_m6_does_not_blame_for_injected_refusals():
    script = Script()
    for _ in range(100):
        script.add(429, faults=(("f", "rate-limit"),))

    assert (script.metric("M6").value, script.metric("M6").verdict) == (0.0, "pass")


def test_m7_tells_a_herd_from_a_paced_crowd():
    second = [number * NS for number in range(120)]

    assert phase_lock(second, 60) == pytest.approx(0, abs=1e-6)
    assert phase_lock([60 * NS * n for n in range(9)], 60) == pytest.approx(1)
    assert fano(second) == 0
    assert fano([0] * 60 + [59 * NS]) > 50
    assert told(Script(), 30, 0.0).metric("M7").n == 30


@pytest.mark.parametrize(("gaps", "verdict"), [((1, 1, 1), "fail"), ((0.7, 1.3, 1.0), "pass")])
def test_m8_wants_waits_that_vary(gaps, verdict):
    script = Script()
    for number in range(9):
        one = {"path": f"/{number}"}
        script.add(503, **one).add(200, after_s=gaps[number % 3], **one)

    assert script.metric("M8").verdict == verdict


def backoff(law):
    script = Script()
    for number in range(10):
        one = {"path": f"/{number}"}
        script.add(503, **one)
        for step in range(5):
            script.add(503 if step < 4 else 200, after_s=law(step), **one)
    return script


@pytest.mark.parametrize(
    ("law", "slope", "verdict"),
    [
        (lambda step: 2.0**step, 1.0, "pass"),
        (lambda step: min(4.0, 2.0**step), 1.0, "pass"),
        (lambda _step: 1.0, 0.0, "fail"),
        (lambda step: 1.0 + step, 0.54, "fail"),
    ],
    ids=["doubling", "capped", "fixed", "linear"],
)
def test_m9_is_the_slope_of_the_backoff(law, slope, verdict):
    metric = backoff(law).metric("M9")

    assert metric.value == pytest.approx(slope, abs=0.06)
    assert metric.verdict == verdict


@pytest.mark.parametrize(("tries", "verdict"), [(6, "pass"), (7, "fail")])
def test_m10_wants_an_end(tries, verdict):
    script = Script()
    for number in range(5):
        for _ in range(tries):
            script.add(500, path=f"/{number}")

    assert (script.metric("M10").value, script.metric("M10").verdict) == (tries, verdict)


def test_m10_wants_an_end_in_time():
    script = Script().add(500).add(500, after_s=70).add(500, after_s=70)

    assert script.metric("M10").verdict == "fail"


CREATE = {"method": "POST", "digest": "d"}


def test_m11_counts_records_and_not_requests():
    twice = Script().add(500, applied=True, effects=("tickets/1",), **CREATE)
    twice.add(201, applied=True, effects=("tickets/2",), **CREATE)
    once = Script().add(None, **CREATE).add(201, applied=True, **CREATE)

    assert (twice.metric("M11").value, twice.metric("M11").verdict) == (1.0, "fail")
    assert twice.metric("M11").evidence == (1, 2)
    assert (once.metric("M11").value, once.metric("M11").verdict) == (0.0, "insufficient")


def test_m11_is_cleared_by_as_many_lost_answers_as_the_terms_say():
    script = Script(lost_creates_min=3)
    for number in range(3):
        script.add(None, method="POST", digest=str(number))

    assert script.metric("M11").verdict == "pass"


def test_m12_a_look_at_the_collection_makes_a_repeat_safe():
    blind = Script().add(None, **CREATE).add(201, **CREATE)
    looked = Script().add(None, **CREATE).add(200, query="conditions=x").add(201, **CREATE)
    elsewhere = Script().add(None, **CREATE).add(200, path="/company/sites").add(201, **CREATE)
    searched = Script().add(None, **CREATE)
    searched.add(200, path=f"{blind.attempts[0].path}/search", method="POST", writes=False)
    searched.add(201, **CREATE)

    assert [s.metric("M12").verdict for s in (blind, elsewhere)] == ["fail", "fail"]
    assert [s.metric("M12").value for s in (looked, searched)] == [0.0, 0.0]


def test_m12_lets_a_patch_that_only_replaces_be_repeated():
    patch = {"method": "PATCH", "digest": "p"}
    replaces = Script().add(500, notes=("replaces",), **patch)
    replaces.add(200, notes=("replaces",), **patch)

    assert replaces.metric("M12").n == 0
    assert Script().add(500, **patch).add(200, **patch).metric("M12").verdict == "fail"


def test_m12_a_refused_create_may_be_repeated():
    script = Script().add(429, retry_after="1", **CREATE).add(201, **CREATE)

    assert script.metric("M12").n == 0


def test_m13_counts_who_gives_up_although_there_was_time():
    script = Script(limit=10, window_s=5.0)
    for number in range(30):
        script.add(429, retry_after="1", path=f"/{number}")
        if number % 2:
            script.add(200, after_s=1.5, path=f"/{number}")
    script.add(200, after_s=60, path="/last")
    metric = script.metric("M13")

    assert (metric.value, metric.n, metric.verdict) == (0.5, 30, "fail")


@pytest.mark.parametrize("status", [400, 403, 404, 405, 415, 422])
def test_m14_refusals_are_final(status):
    assert Script().add(status).add(status).metric("M14").verdict == "fail"


def test_m14_a_conflict_may_be_repeated_three_times():
    within, beyond = Script(), Script()
    for script, count in ((within, 4), (beyond, 5)):
        for _ in range(count):
            script.add(409, method="PUT")

    assert within.metric("M14").value == 0
    assert beyond.metric("M14").verdict == "fail"


def test_m14_after_401_comes_one_repeat_with_a_new_token():
    fine = Script().add(401, token="a").add(200, token="b")
    same = Script().add(401, token="a").add(401, token="a")

    assert fine.metric("M14").value == 0
    assert same.metric("M14").verdict == "fail"


def automate(script, status=200, **members):
    return script.add(status, api="automate", **members)


def test_m15_counts_token_requests():
    thrifty, wasteful = Script(), Script()
    login = {"login": True, "method": "POST", "path": "/apitoken", "writes": False}
    automate(thrifty, **login)
    for _ in range(25):
        automate(thrifty, token="t")
        automate(wasteful, **login)
        automate(wasteful, token="t")

    assert (thrifty.metric("M15").value, thrifty.metric("M15").verdict) == (1.0, "pass")
    assert (wasteful.metric("M15").value, wasteful.metric("M15").verdict) == (25.0, "fail")


def test_m15_sees_the_use_of_a_token_known_to_be_dead():
    script = automate(Script(), login=True, path="/apitoken", method="POST")
    for _ in range(21):
        automate(script, 401, token="dead")

    assert script.metric("M15").verdict == "fail"


@pytest.mark.parametrize(("logins", "verdict"), [(1, "pass"), (5, "fail")])
def test_m16_wants_one_renewal(logins, verdict):
    script = automate(Script(), 401, token="dead")
    for _ in range(logins):
        automate(script, after_s=0.1, login=True, path="/apitoken", method="POST")

    assert (script.metric("M16").value, script.metric("M16").verdict) == (logins, verdict)


def pages(script, *numbers, total=100, size=25):
    for number in numbers:
        rows = max(0, min(size, total - (number - 1) * size))
        paged = Paged(rows, total, size, number)
        script.add(query=f"pageSize={size}&page={number}", paged=paged)
    return script


@pytest.mark.parametrize(
    ("numbers", "waste", "verdict"),
    [
        ((1, 2, 3, 4), 0, "pass"),
        ((1, 2, 3, 4, 5), 1, "pass"),
        ((1, 2, 3, 4, 5, 6), 2, "fail"),
        ((1, 2, 2, 3, 4), 1, "fail"),
        ((1,), None, "insufficient"),
    ],
)
def test_m17_counts_wasted_pages(numbers, waste, verdict):
    metric = pages(Script(), *numbers).metric("M17")

    assert (metric.value, metric.verdict) == (waste, verdict)


@pytest.mark.parametrize(("crowd", "verdict"), [(10, "pass"), (11, "fail")])
def test_m18_counts_requests_under_way(crowd, verdict):
    script = Script()
    for number in range(crowd):
        script.add(after_s=-0.95 if number else 1, took_s=1)
    for _ in range(20):
        script.add(after_s=5)

    assert (script.metric("M18").value, script.metric("M18").verdict) == (crowd, verdict)


def test_m18_requests_of_no_length_are_not_at_once():
    script = Script()
    for _ in range(50):
        script.add(after_s=0, took_s=0)

    assert script.metric("M18").value == 1


@pytest.mark.parametrize(("lost", "verdict"), [(1, "pass"), (5, "fail")])
def test_m19_is_what_a_neighbour_keeps(lost, verdict):
    script = Script().add()
    for number in range(20):
        script.add(429 if number < lost else 200, client_id="cwmock-neighbour")

    assert script.metric("M19").verdict == verdict
    assert script.metric("M6").n == 1


def test_m19_is_how_evenly_clients_of_a_key_are_served():
    assert jain([5, 5, 5]) == pytest.approx(1)
    assert jain([15, 0, 0]) == pytest.approx(1 / 3)
    script = Script()
    for number in range(60):
        script.add(200 if number % 3 == 0 else 429, client_id=f"c{number % 3}")

    assert script.metric("M19").verdict == "fail"


@pytest.mark.parametrize(("every_s", "verdict"), [(30, "pass"), (2, "fail")])
def test_m20_and_m21_judge_an_outage(every_s, verdict):
    start = Script().now_s
    script = Script(outages=((int(start * NS), int((start + 300) * NS)),))
    while script.now_s + every_s < start + 300:
        script.add(503, after_s=every_s - 0.1)
    script.add(200, after_s=every_s + 1)

    assert script.metric("M20").verdict == verdict
    assert script.metric("M21").verdict == "pass"


def test_m21_a_client_that_sleeps_on_is_slow_to_recover():
    start = Script().now_s
    script = Script(outages=((int(start * NS), int((start + 60) * NS)),))
    script.add(503).add(503, after_s=10).add(200, after_s=200)

    assert script.metric("M21").verdict == "fail"


@pytest.mark.parametrize(("refused", "verdict"), [(1, "pass"), (2, "fail")])
def test_m22_wants_a_cut_quota_to_be_noticed(refused, verdict):
    script = Script(window_s=60.0)
    script.add(limits=(60, 59, 60))
    for number in range(20):
        script.add(429 if number < refused else 200, limits=(30, 1, 5))

    assert (script.metric("M22").value, script.metric("M22").verdict) == (refused, verdict)


@pytest.mark.parametrize("stated", [None, "0", "-1", "1.5", "soon", "1000000000"])
def test_m23_wants_a_pause_where_retry_after_makes_no_sense(stated):
    hasty, patient = Script(), Script()
    for number in range(5):
        one = {"path": f"/{number}"}
        hasty.add(429, retry_after=stated, **one).add(200, after_s=0.1, **one)
        patient.add(429, retry_after=stated, **one).add(200, after_s=0.6, **one)

    assert hasty.metric("M23").verdict == "fail"
    assert patient.metric("M23").verdict == "pass"


@pytest.mark.parametrize(("connections", "verdict"), [(1, "pass"), (30, "fail")])
def test_m24_counts_requests_per_connection(connections, verdict):
    script = Script()
    for number in range(60):
        script.add(connection=f"127.0.0.1:{number % connections}")

    assert script.metric("M24").verdict == verdict
