"""The one clock and the one dice."""

from datetime import UTC, datetime, timedelta

import pytest

from mockserver.core.clock import Clock, Dice

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    return Clock(NOON, frozen=True)


def test_a_frozen_clock_stands_still(clock):
    assert clock.now() == clock.now() == NOON
    assert clock.text() == "2026-07-01T12:00:00Z"
    assert clock.timestamp() == NOON.timestamp()


def test_time_passes_on_a_frozen_clock_only_when_somebody_sleeps(clock):
    assert clock.real_seconds(60) == 0
    clock.sleep(60)
    assert clock.now() == NOON + timedelta(minutes=1)


def test_a_clock_starts_where_it_is_told_and_runs():
    running = Clock(NOON)
    assert timedelta() <= running.now() - NOON < timedelta(seconds=30)


def test_a_scaled_clock_runs_at_its_pace():
    fast = Clock(NOON, scale=1e6)
    first = fast.now()
    fast.sleep(100)
    assert fast.now() - first >= timedelta(seconds=100)
    assert fast.real_seconds(100) == pytest.approx(1e-4)


def test_changing_the_pace_makes_no_jump():
    running = Clock(NOON)
    before = running.now()
    running.set(scale=1e-9)
    assert timedelta() <= running.now() - before < timedelta(seconds=30)


def test_settings_change_in_one_step(clock):
    clock.set(now=NOON + timedelta(days=1), advance_s=1.5, frozen=True)
    assert clock.now() == NOON + timedelta(days=1, seconds=1.5)
    clock.set(advance_s=-2)
    assert clock.now() == NOON + timedelta(days=1, seconds=-0.5)


@pytest.mark.parametrize("advance_s", [1e12, -1e12, 1e300])
def test_an_instant_off_the_calendar_changes_nothing(clock, advance_s):
    with pytest.raises(OverflowError):
        clock.set(advance_s=advance_s, frozen=False)
    assert clock.frozen
    assert clock.now() == NOON


def test_reset_goes_back_to_how_it_was_made(clock):
    clock.set(frozen=False, scale=5, advance_s=9)
    clock.reset()
    assert (clock.frozen, clock.scale, clock.now()) == (True, 1.0, NOON)


def test_the_same_seed_throws_the_same():
    one, two = Dice("x"), Dice("x")
    assert [one.uuid() for _ in range(3)] == [two.uuid() for _ in range(3)]
    assert one.uuid()[14] == "4"
    assert Dice("y").uuid() != Dice("x").uuid()
