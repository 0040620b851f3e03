"""M1 to M10, waiting and pace, on journals whose truth is known."""

import pytest
from journals import Script

from mockserver.core.attempt import NS
from mockserver.grading.pace import fano, hidden_clients, phase_lock


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


def test_m5_is_held_against_the_quota_that_was_told_at_the_time():
    script = Script(limit=10, window_s=10.0, backlog=((0, 2_000 * NS),))
    for _ in range(40):
        script.add(200, after_s=1.9, limits=(5, 1, 1))

    assert script.metric("M5").value >= 0.95


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


@pytest.mark.parametrize(
    ("status", "limit", "verdict"),
    [(200, 60, "insufficient"), (429, 60, "fail"), (200, 600, "fail"), (200, None, "fail")],
    ids=["in its own line", "refused", "far below the quota", "no quota"],
)
def test_m9_does_not_judge_waits_in_a_line_of_the_clients_own(status, limit, verdict):
    script = Script(limit=limit)
    for number in range(10):
        one = {"path": f"/{number}"}
        script.add(503, **one)
        for step in range(5):
            script.add(status, after_s=0.4, took_s=0, path=f"/others/{number}/{step}")
            script.add(503 if step < 4 else 200, after_s=0.6, took_s=0, **one)

    assert script.metric("M9").verdict == verdict


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
