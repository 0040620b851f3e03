"""The agenda: everything happens once, in the order of its instants, however the clock is moved."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.agenda import BEGIN, Agenda, Moment, following_s
from mockserver.core.clock import Clock
from mockserver.core.limits import Quota
from mockserver.core.profile import Profile
from mockserver.core.records import Records
from mockserver.core.registry import Registry
from mockserver.core.store import Store

START = datetime(2026, 7, 1, tzinfo=UTC)
START_S = START.timestamp()
STEPS = st.lists(st.integers(0, 500), min_size=1, max_size=6)
DUES = st.lists(st.integers(1, 1_000), max_size=12)


class NoSeeds:
    """A world without seeded rows."""

    def has(self, resource):  # noqa: ARG002 - the protocol of seeds
        return False

    def rows(self, resource):  # noqa: ARG002
        return ()


class Life:
    """An agenda that writes down what happens."""

    def __init__(self, dues, every_s=None):
        self.seen = []
        self.dues, self.every_s = dues, every_s
        self.clock = Clock(START, frozen=True)
        registry = Registry({}.__getitem__, lambda _path: ())
        self.store = Store(registry, NoSeeds())
        self.records = records = Records(self.store, None, self.clock)
        happenings = {BEGIN: self.begin, "once": self.note, "again": self.repeat}
        self.agenda = Agenda("x", happenings, records, Profile("x", Quota(requests=None)), "42")

    def begin(self, _moment: Moment):
        for due in self.dues:
            self.agenda.add(START_S + due, "once", due)
        if self.every_s:
            self.agenda.add(START_S + self.every_s, "again")

    def note(self, moment: Moment):
        assert moment.records.clock.timestamp() == moment.now_s
        self.seen.append((moment.now_s - START_S, moment.event.about))

    def repeat(self, moment: Moment):
        self.note(moment)
        moment.again(self.every_s, most=1_000)

    def add_both(self, first, second):
        with self.store.transaction():
            self.agenda.add(self.clock.timestamp() + 1, first, -1)
            self.agenda.add(self.clock.timestamp() + 1, second, -1)

    def let_pass(self, steps):
        for step in steps:
            self.clock.set(advance_s=step)
            self.agenda.settle()


@settings(max_examples=40, deadline=None)
@given(DUES, STEPS)
def test_what_is_due_happens_once_in_order_at_its_instant(dues, steps):
    life = Life(dues)

    life.let_pass(steps)

    assert life.seen == [(due, due) for due in sorted(dues) if due <= sum(steps)]


@settings(max_examples=40, deadline=None)
@given(DUES, STEPS, st.integers(7, 200))
def test_many_small_steps_end_like_one_large_step(dues, steps, every_s):
    small, large = Life(dues, every_s), Life(dues, every_s)

    small.let_pass(steps)
    large.let_pass([sum(steps)])

    assert small.seen == large.seen


@settings(max_examples=40, deadline=None)
@given(DUES, STEPS, STEPS)
def test_what_is_taken_back_takes_its_events_along(dues, before, after):
    life, plain = Life(dues), Life(dues)
    life.let_pass(before)
    with pytest.raises(KeyError):
        life.add_both("once", "no such kind")

    life.let_pass(after)
    plain.let_pass([*before, *after])

    assert life.seen == plain.seen


@settings(max_examples=40, deadline=None)
@given(DUES, STEPS, STEPS)
def test_a_copied_store_lives_on_alike(dues, before, after):
    life, copy = Life(dues), Life([])
    life.let_pass(before)
    copy.store.copy_from(life.store)
    copy.clock.set(now=life.clock.now())

    life.let_pass(after)
    copy.let_pass(after)

    assert copy.seen == [each for each in life.seen if each[0] > sum(before)]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 500), st.integers(0, 10**7), st.integers(1, 50))
def test_a_repeated_event_is_lived_through_at_most_so_often(every_s, ahead_s, most):
    now_s, latest_s, times = 0.0, float(ahead_s), 0
    while now_s <= latest_s and times <= most + 2:
        now_s = following_s(now_s, every_s, latest_s, most)
        times += now_s <= latest_s

    assert now_s > latest_s
    assert times <= most
    assert now_s % every_s == 0
    assert now_s - every_s <= latest_s


def test_a_cancelled_event_does_not_happen():
    life = Life([5, 6])
    life.agenda.settle()

    life.agenda.cancel("once", 5)
    life.let_pass([10])

    assert life.seen == [(6, 6)]


def test_an_agenda_without_happenings_never_touches_the_store():
    life = Life([5])
    idle = Agenda("y", {}, life.records, life.agenda.profile, "42")

    idle.settle()

    assert life.store.is_empty()
