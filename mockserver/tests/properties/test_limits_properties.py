"""The limiter against a brute-force model that keeps every instant and counts in fractions."""

import math
import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.clock import Clock
from mockserver.core.errors import RateLimited
from mockserver.core.limits import Limiter, Quota

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_S = 86_400

INSTANTS = st.integers(0, 7_000_000_000_000_000).map(lambda us: EPOCH + timedelta(microseconds=us))
WINDOWS_S = st.one_of(
    st.integers(1, 120),
    st.floats(0.001, 200).map(lambda seconds: round(seconds, 3)),
    st.sampled_from([0.001, 0.1, 1 / 3, 59.999999, 60]),
)
QUOTAS = st.builds(
    Quota,
    requests=st.one_of(st.none(), st.integers(1, 6), st.sampled_from([60, 1000])),
    window_s=WINDOWS_S,
    requests_per_day=st.one_of(st.none(), st.integers(1, 8)),
    window=st.sampled_from(["fixed", "sliding", "bucket"]),
    count_rejected=st.booleans(),
)
STEPS_S = st.one_of(
    st.just(0.0),
    st.floats(0, 3),
    st.floats(0, 200),
    st.sampled_from([1.0, 60.0, 7200.0, DAY_S * 1.0]),
    st.floats(-100, 0),
    st.sampled_from([-0.000001, -3600.0, -3 * DAY_S * 1.0]),
)


class Model:
    """What a quota means, one question at a time, in seconds as fractions."""

    def __init__(self, quota):
        self.quota = quota
        self.window_s = Fraction(round(quota.window_s * 1_000_000), 1_000_000)
        self.opened, self.counted = None, 0
        self.instants = []
        self.tokens, self.filled = Fraction(quota.requests or 0), None
        self.day, self.of_day = None, 0

    def admits(self, now):
        self._move(now)
        quota = self.quota
        day = quota.requests_per_day is None or self.of_day < quota.requests_per_day
        admitted = day and (quota.requests is None or self._window_admits())
        if admitted or quota.count_rejected:
            self._count(now)
        return admitted

    def _move(self, now):
        if self.opened is not None:
            self.opened = min(self.opened, now)
            if now - self.opened >= self.window_s:
                self.opened, self.counted = None, 0
        # What has left the window is forgotten, also when the clock goes back after that.
        self.instants = [min(i, now) for i in self.instants if i > now - self.window_s]
        if self.filled is not None and now > self.filled:
            flowed = (now - self.filled) * (self.quota.requests or 0) / self.window_s
            self.tokens = min(self.tokens + flowed, Fraction(self.quota.requests or 0))
        self.filled = now
        day = now // DAY_S
        if self.day is None or day > self.day:
            self.of_day = 0
        self.day = day

    def _window_admits(self):
        if self.quota.window == "fixed":
            return self.counted < self.quota.requests
        if self.quota.window == "sliding":
            return len(self.instants) < self.quota.requests
        return self.tokens >= 1

    def _count(self, now):
        self.opened = now if self.opened is None else self.opened
        self.counted += 1
        self.instants.append(now)
        self.tokens = max(self.tokens - 1, Fraction(0))
        self.of_day += 1


def now_of(clock):
    since = clock.now() - EPOCH
    return Fraction(since // timedelta(microseconds=1), 1_000_000)


def refusal_of(limiter):
    try:
        limiter.spend("k")
    except RateLimited as refusal:
        return refusal
    return None


def is_admitted(limiter):
    return refusal_of(limiter) is None


def random_quota(rng, **members):
    return Quota(
        requests=rng.choice([1, 2, 3, 5, 7]),
        window_s=rng.choice([1, 7, 60, 0.1, 1 / 3, round(rng.uniform(0.001, 100), 3)]),
        requests_per_day=rng.choice([None, None, 9]),
        **members,
    )


def random_step_s(rng):
    return rng.choice([0, 0, 1, rng.uniform(0, 2), rng.expovariate(0.05), -rng.uniform(0, 90)])


def random_clock(rng):
    return Clock(EPOCH + timedelta(microseconds=rng.randrange(5 * 10**15)), frozen=True)


@settings(max_examples=100, deadline=None)
@given(QUOTAS, INSTANTS, st.lists(STEPS_S, max_size=40))
def test_limiter_agrees_with_the_model_at_every_step(quota, start, steps_s):
    clock = Clock(start, frozen=True)
    limiter, model = Limiter(clock, quota), Model(quota)

    for step_s in steps_s:
        clock.set(advance_s=step_s)
        assert is_admitted(limiter) == model.admits(now_of(clock))


@pytest.mark.parametrize("window", ["fixed", "sliding", "bucket"])
def test_limiter_agrees_with_the_model_over_a_thousand_sequences(window):
    rng = random.Random(f"agrees {window}")
    for _ in range(1_000):
        quota = random_quota(rng, window=window, count_rejected=rng.random() < 0.3)
        clock = random_clock(rng)
        limiter, model = Limiter(clock, quota), Model(quota)
        for _ in range(20):
            clock.set(advance_s=random_step_s(rng))
            assert is_admitted(limiter) == model.admits(now_of(clock))


@pytest.mark.deep
@pytest.mark.parametrize("window", ["fixed", "sliding", "bucket"])
def test_limiter_agrees_with_the_model_over_a_million_sequences(window):
    rng = random.Random(f"a million {window}")
    for _ in range(333_334):
        quota = random_quota(rng, window=window, count_rejected=rng.random() < 0.3)
        clock = random_clock(rng)
        limiter, model = Limiter(clock, quota), Model(quota)
        for _ in range(10):
            clock.set(advance_s=random_step_s(rng))
            assert is_admitted(limiter) == model.admits(now_of(clock))


@settings(max_examples=150, deadline=None)
@given(QUOTAS, INSTANTS, st.lists(STEPS_S, max_size=12), st.integers(0, 12))
def test_whoever_waits_as_long_as_told_is_admitted(quota, start, steps_s, hammering):
    clock = Clock(start, frozen=True)
    limiter = Limiter(clock, quota)
    for step_s in [*steps_s, *[0] * hammering]:
        clock.set(advance_s=step_s)
        refusal = refusal_of(limiter)
        if refusal:
            assert isinstance(refusal.retry_after_s, int)
            assert 1 <= refusal.retry_after_s == refusal.reset_s
            clock.set(advance_s=refusal.retry_after_s)
            assert is_admitted(limiter)


@pytest.mark.parametrize("window", ["fixed", "sliding", "bucket"])
def test_obedient_client_is_admitted_in_ten_thousand_of_ten_thousand_trials(window):
    rng = random.Random(f"obeys {window}")
    trials = admitted = 0
    while trials < 10_000:
        clock = random_clock(rng)
        quota = random_quota(rng, window=window, count_rejected=rng.random() < 0.3)
        limiter = Limiter(clock, quota)
        for _ in range(60):
            clock.set(advance_s=random_step_s(rng))
            refusal = refusal_of(limiter)
            if refusal:
                trials += 1
                clock.set(advance_s=refusal.retry_after_s)
                admitted += is_admitted(limiter)

    assert admitted == trials


@settings(max_examples=100, deadline=None)
@given(QUOTAS, INSTANTS, st.lists(STEPS_S, max_size=20))
def test_no_lock_lasts_longer_than_the_longest_span(quota, start, steps_s):
    clock = Clock(start, frozen=True)
    limiter = Limiter(clock, quota)

    for step_s in steps_s:
        clock.set(advance_s=step_s)
        is_admitted(limiter)

    span_s = DAY_S if quota.requests_per_day else quota.window_s
    clock.set(advance_s=max(math.ceil(span_s), math.ceil(quota.window_s)))
    assert is_admitted(limiter)


@settings(max_examples=100, deadline=None)
@given(QUOTAS, INSTANTS, st.lists(st.tuples(STEPS_S, QUOTAS), max_size=12))
def test_quota_may_change_at_any_moment(quota, start, changes):
    clock = Clock(start, frozen=True)
    limiter = Limiter(clock, quota)

    for step_s, other in changes:
        clock.set(advance_s=step_s)
        limiter.quota = other
        refusal = refusal_of(limiter)
        if refusal:
            clock.set(advance_s=refusal.retry_after_s)
            assert is_admitted(limiter)
        standing = limiter.peek("k")
        assert standing is None or 0 <= standing.remaining < standing.limit
