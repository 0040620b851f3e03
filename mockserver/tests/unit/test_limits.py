import threading
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from mockserver.core.clock import Clock
from mockserver.core.errors import RateLimited
from mockserver.core.limits import Limiter, Quota, Standing

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
MINUTE = Quota(requests=2, window_s=60)


@pytest.fixture
def clock():
    return Clock(NOON, frozen=True)


def refused(limiter, key="k"):
    with pytest.raises(RateLimited) as caught:
        limiter.spend(key)
    return caught.value


def test_nothing_is_limited_when_the_quota_is_off(clock):
    limiter = Limiter(clock, Quota(concurrent=10))

    assert limiter.spend("k") is None
    assert limiter.peek("k") is None


def test_each_request_tells_what_is_left(clock):
    limiter = Limiter(clock, MINUTE)

    assert limiter.spend("k") == Standing(limit=2, remaining=1, reset_s=60)
    clock.set(advance_s=0.5)
    assert limiter.spend("k") == Standing(limit=2, remaining=0, reset_s=60)
    assert limiter.peek("k") == Standing(limit=2, remaining=0, reset_s=60)


def test_refusal_names_limit_and_whole_seconds(clock):
    limiter = Limiter(clock, MINUTE)
    limiter.spend("k")
    limiter.spend("k")
    clock.set(advance_s=29.25)

    refusal = refused(limiter)

    assert (refusal.limit, refusal.retry_after_s, refusal.reset_s) == (2, 31, 31)


def test_keys_do_not_share_a_quota(clock):
    limiter = Limiter(clock, Quota(requests=1))
    limiter.spend("a")

    assert limiter.spend("b").remaining == 0


def test_fixed_window_begins_with_the_first_request(clock):
    limiter = Limiter(clock, MINUTE)
    clock.set(advance_s=50)
    limiter.spend("k")
    clock.set(advance_s=59)
    limiter.spend("k")

    assert refused(limiter).retry_after_s == 1
    clock.set(advance_s=1)
    assert limiter.spend("k").remaining == 1


def test_sliding_window_frees_one_request_at_a_time(clock):
    limiter = Limiter(clock, Quota(requests=2, window="sliding"))
    limiter.spend("k")
    clock.set(advance_s=40)
    limiter.spend("k")

    assert refused(limiter).retry_after_s == 20
    clock.set(advance_s=20)
    assert limiter.spend("k") == Standing(2, 0, 40)
    assert refused(limiter).retry_after_s == 40


def test_bucket_refills_evenly(clock):
    limiter = Limiter(clock, Quota(requests=2, window="bucket"))
    limiter.spend("k")
    limiter.spend("k")

    assert refused(limiter).retry_after_s == 30
    clock.set(advance_s=30)
    assert limiter.spend("k").remaining == 0
    clock.set(advance_s=600)
    assert limiter.peek("k") == Standing(2, 2, 0)


def test_refused_requests_do_not_count(clock):
    limiter = Limiter(clock, Quota(requests=1, window="sliding"))
    limiter.spend("k")
    clock.set(advance_s=30)

    assert refused(limiter).retry_after_s == 30
    assert refused(limiter).retry_after_s == 30


def test_refused_requests_count_when_configured(clock):
    limiter = Limiter(clock, Quota(requests=1, window="sliding", count_rejected=True))
    limiter.spend("k")
    clock.set(advance_s=30)

    assert refused(limiter).retry_after_s == 60


def test_daily_quota_ends_at_midnight_utc(clock):
    limiter = Limiter(clock, Quota(requests=10, requests_per_day=1))
    assert limiter.spend("k").limit == 10

    refusal = refused(limiter)

    assert (refusal.limit, refusal.retry_after_s) == (1, 12 * 3600)
    clock.set(advance_s=12 * 3600)
    limiter.spend("k")


def test_a_day_refused_spends_nothing_of_the_window(clock):
    limiter = Limiter(clock, Quota(requests=10, requests_per_day=1))
    limiter.spend("k")
    refused(limiter)

    assert limiter.peek("k").remaining == 9


def test_daily_quota_alone_tells_the_day(clock):
    limiter = Limiter(clock, Quota(requests_per_day=5))

    assert limiter.spend("k") == Standing(5, 4, 12 * 3600)


@pytest.mark.parametrize("window", ["fixed", "sliding", "bucket"])
def test_clock_moved_back_neither_opens_nor_locks_for_ever(clock, window):
    limiter = Limiter(clock, Quota(requests=1, window=window))
    limiter.spend("k")
    clock.set(advance_s=-86_400)

    assert refused(limiter).retry_after_s == 60
    clock.set(advance_s=60)
    limiter.spend("k")


def test_raised_quota_keeps_what_was_spent(clock):
    limiter = Limiter(clock, Quota(requests=2))
    limiter.spend("k")
    limiter.spend("k")

    limiter.quota = limiter.quota.changed(requests=3)

    assert limiter.spend("k") == Standing(3, 0, 60)


def test_bucket_keeps_its_requests_under_another_window(clock):
    limiter = Limiter(clock, Quota(requests=4, window="bucket"))
    limiter.spend("k")

    limiter.quota = limiter.quota.changed(window_seconds=6, requests=10)

    assert limiter.peek("k").remaining == 3


def test_reset_forgets(clock):
    limiter = Limiter(clock, Quota(requests=1))
    limiter.spend("k")
    limiter.reset()

    limiter.spend("k")


def test_idle_keys_are_dropped(clock):
    limiter = Limiter(clock, Quota(requests=5, window_s=1))
    for number in range(10_000):
        limiter.spend(str(number))
        clock.set(advance_s=0.01)

    assert len(limiter._accounts) <= 1_024


def test_threads_never_get_more_than_the_limit(clock):
    limiter, admitted = Limiter(clock, Quota(requests=100)), []

    def hammer():
        for _ in range(50):
            try:
                admitted.append(limiter.spend("k").remaining)
            except RateLimited:
                continue

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(admitted) == list(range(100))


def test_document_and_changed_speak_the_same_names():
    quota = Quota(requests=60, requests_per_day=1000, concurrent=10, window="bucket")

    assert Quota().changed(**quota.document()) == quota
    assert quota.document() == {
        "requests": 60,
        "window_seconds": 60,
        "requests_per_day": 1000,
        "concurrent": 10,
        "window": "bucket",
        "count_rejected": False,
    }
    assert quota.changed(window_seconds=0.5).document()["window_seconds"] == 0.5
    assert quota.changed(requests=None).requests is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, bad) for name in ("requests", "concurrent") for bad in (0, -1, True, 1.5, "6")],
        *[("requests_per_day", bad) for bad in (10**10, [], {}, float("inf"))],
        *[("window_seconds", bad) for bad in (0, -1, True, "60", None, float("nan"), 10**400)],
        *[("window", bad) for bad in ("hop", None, 1, [], True)],
        *[("count_rejected", bad) for bad in (None, 1, "true")],
        ("surprise", 1),
    ],
)
def test_bad_member_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=name):
        Quota().changed(**{name: value})


def test_quota_is_frozen():
    with pytest.raises(FrozenInstanceError):
        Quota().requests = 1
