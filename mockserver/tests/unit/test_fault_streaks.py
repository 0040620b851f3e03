"""Faults that strike the same request several times in a row."""

import pytest

from mockserver.core.clock import Dice
from mockserver.core.faults import STREAKS_MAX, FaultPlan

RESET = {"kind": "reset"}


@pytest.fixture
def plan():
    return FaultPlan(Dice(42))


def account(plan):
    return [(d["seen"], d["struck"], d["pending"], d["exhausted"]) for d in plan.documents()]


def attempts(plan, *marks):
    return [
        bool(plan.strike("psa", "GET", "/service/tickets", "publickey", lambda mark=mark: mark))
        for mark in marks
    ]


def test_a_streak_strikes_the_same_request_again_and_spares_the_next(plan):
    shown = plan.add({"effect": RESET, "streak": 2})

    assert attempts(plan, "a", "b", "a", "b", "a", "b") == [True] * 4 + [False] * 2
    assert attempts(plan, "a") == [True]
    assert shown["streak"] == 2


def test_a_streak_begins_by_chance_and_goes_on_without(plan):
    plan.add({"effect": RESET, "streak": 3, "chance": 0.05})
    firsts = attempts(plan, *map(str, range(400)))
    begun = [str(number) for number, hit in enumerate(firsts) if hit]

    assert 5 < len(begun) < 40
    assert all(attempts(plan, *begun, *begun))
    assert not any(attempts(plan, *begun))


def test_so_many_requests_have_a_streak(plan):
    plan.add({"effect": RESET, "streak": 2, "times": 1})

    assert attempts(plan, "a", "b") == [True, False]
    assert account(plan) == [(2, 1, 1, False)]
    assert attempts(plan, "a", "a", "b") == [True, False, False]
    assert account(plan)[0][1:] == (2, 0, True)


def test_a_streak_survives_being_kept_and_tells_nothing_of_what_was_sent(plan):
    plan.add({"effect": RESET, "streak": 2})
    attempts(plan, "password=secret")
    kept = plan.state()
    again = FaultPlan(Dice(1))
    again.restore(kept)

    assert "secret" not in str(kept)
    assert attempts(again, "password=secret", "password=secret") == [True, False]


def test_streaks_are_bounded(plan):
    plan.add({"effect": RESET, "streak": 2})
    attempts(plan, *map(str, range(STREAKS_MAX + 1)))

    assert len(plan.state()["scripts"][0]["account"]["streaks"]) == STREAKS_MAX


def test_a_streak_and_a_sequence_exclude_each_other(plan):
    with pytest.raises(ValueError, match="streak and sequence"):
        plan.add({"sequence": [RESET], "streak": 2})
