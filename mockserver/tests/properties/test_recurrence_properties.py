"""When a schedule runs next, whatever the settings are."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.automate.life.recurrence import NAMES, frequency, interval, next_run, step_s

START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
PARTS = {2: "Minutely", 3: "Hourly", 4: "Daily", 5: "Weekly", 6: "Monthly"}
DAYS = ("Monday", "Wednesday", "Sunday")
GARBAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@st.composite
def schedules(draw):
    number = draw(st.sampled_from(sorted(NAMES)))
    name = PARTS.get(number)
    own = {
        f"{name}Interval": draw(st.integers(1, 9)),
        "RunsAt": draw(st.sampled_from(["", "03:15"])),
    }
    own["DaysOfWeekSettings"] = {day: draw(st.booleans()) for day in DAYS}
    own["WeeksOfMonthSettings"] = {"Last": draw(st.booleans()), "Second": draw(st.booleans())}
    own["Day"] = draw(st.integers(0, 40))
    own["ExclusionStartTime"], own["ExclusionEndTime"] = draw(
        st.sampled_from([("", ""), ("22:00", "06:00"), ("12:00", "13:00")])
    )
    return {
        "ScriptScheduleFrequency": {"Name": NAMES[number]},
        f"{name}Settings": own,
    }


@settings(max_examples=150, deadline=None)
@given(schedules(), st.integers(-3, 400))
def test_the_next_run_is_later_and_never_before_the_start(schedule, days):
    after = START + timedelta(days=days)

    due = next_run(schedule, START, after)

    if due is None:
        # Every so many days and only on some weekdays may never meet.
        assert frequency(schedule) in {1, 4}
    else:
        assert due > after
        assert due >= START


@settings(max_examples=60, deadline=None)
@given(schedules(), st.integers(0, 40), st.integers(1, 600))
def test_no_run_lies_between_an_instant_and_its_next_run(schedule, days, seconds):
    after = START + timedelta(days=days)
    due = next_run(schedule, START, after)
    if due is None or due - after <= timedelta(seconds=seconds):
        return

    assert next_run(schedule, START, after + timedelta(seconds=seconds)) == due


@settings(max_examples=80, deadline=None)
@given(GARBAGE, st.sampled_from([2, 3, 4, 5, 6, 77, "4", None]))
def test_settings_that_make_no_sense_are_taken_for_none(own, number):
    named = PARTS.get(number, "Daily")
    schedule = {"ScriptScheduleFrequency": {"Name": NAMES.get(number, number)}}
    schedule[f"{named}Settings"] = {f"{named}Interval": own, "RunsAt": own, "Day": own}

    due = next_run(schedule, START, START)

    assert due is None or due > START
    assert step_s(schedule) > 0
    assert 1 <= interval(schedule) <= 10_000


def test_a_month_without_that_day_runs_on_its_last():
    schedule = {"ScriptScheduleFrequency": {"Name": "Monthly"}}

    assert next_run(schedule, START, START) == datetime(2026, 2, 28, 9, 30, tzinfo=UTC)


def test_the_end_of_the_calendar_is_the_end_of_a_schedule():
    schedule = {"ScriptScheduleFrequency": {"Name": "Hourly"}}
    last = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)

    assert next_run(schedule, last, last) is None
