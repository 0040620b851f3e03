"""M11 to M17, what is repeated, tokens and pages, on journals whose truth is known."""

import pytest
from journals import Script

from mockserver.core.attempt import Paged

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
