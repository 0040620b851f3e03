"""Deliveries: per subscription in order, each settled once, whatever receivers and clocks do."""

import contextlib
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.clock import Clock
from mockserver.core.deliveries import Message, Outcome
from mockserver.core.store import Store
from mockserver.core.webhooks import Policy, Webhooks
from mockserver.tests.records_support import Rows, registry

POLICY = Policy(frozenset({404, 429}), (2.0, 4.0), 3 * 86_400.0, 5.0)
STATUSES = st.sampled_from([200, 204, 404, 429, 500, None])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.integers(1, 3)),
        st.tuples(st.just("advance"), st.sampled_from([0.0, 1.0, 2.0, 4.0, 90_000.0])),
        st.tuples(st.just("refuse"), st.just(0)),
    ),
    max_size=25,
)


class Told:
    """A notifier whose subscriptions are numbers; remembers those it gave up."""

    paths = frozenset()
    policy = POLICY

    def __init__(self):
        self.given_up = []

    def messages(self, _changes):
        return ()

    def objection(self, _subscription):
        return None

    def is_signed(self, _message):
        return True

    def give_up(self, subscription):
        self.given_up.append(subscription)


class Run:
    def __init__(self, statuses):
        self.statuses, self.sent = iter(statuses), []
        self.clock = Clock(datetime(2026, 1, 1, tzinfo=UTC), frozen=True)
        self.store, self.told = Store(registry(), Rows({})), Told()
        self.webhooks = Webhooks(self.store, self.clock, {"x": self.told}, lambda: self.send)
        self.posted = 0

    def send(self, message, _timeout_s):
        status = next(self.statuses, 200)
        self.sent.append((message.subscription, int(message.message_id), status))
        return Outcome(status, None if status else "gone")

    def post(self, subscription):
        self.posted += 1
        message = Message("x", subscription, "http://localhost/", {}, "{}", str(self.posted))
        self.webhooks.outbox.post(message)

    def refuse(self):
        with contextlib.suppress(LookupError), self.store.transaction():
            self.post(1)
            raise LookupError
        self.posted -= 1

    def step(self, what, value):
        if what == "post":
            self.post(value)
        elif what == "refuse":
            self.refuse()
        else:
            self.clock.set(advance_s=value)
        self.webhooks.deliver_due()


@settings(max_examples=40, deadline=None)
@given(STEPS, st.lists(STATUSES, max_size=30))
def test_each_subscription_hears_in_order_and_everything_is_settled(steps, statuses):
    run = Run(statuses)
    for what, value in steps:
        run.step(what, value)
    run.clock.set(advance_s=10 * run.posted + 10)
    run.webhooks.deliver_due()

    assert {number for _, number, _ in run.sent} == set(range(1, run.posted + 1))
    for subscription in (1, 2, 3):
        heard = [number for who, number, _ in run.sent if who == subscription]
        assert heard == sorted(heard)
    done = run.webhooks.outbox.newest(limit=1_000)
    assert run.webhooks.outbox.next_due_s() is None
    for delivery in done:
        made = [s for _, n, s in run.sent if n == int(delivery.message.message_id)]
        assert [each["status"] for each in delivery.attempts] == made
        assert len(made) <= 3
        assert all(status in POLICY.statuses for status in made[:-1])
        assert (delivery.state == "delivered") == (made[-1] in {200, 204})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(STATUSES, st.sampled_from([0.0, 86_400.0, 200_000.0])), max_size=12))
def test_a_subscription_is_given_up_when_all_has_failed_for_three_days(history):
    run = Run([])
    run.statuses = iter(each for status, _ in history for each in [status] * _attempts(status))
    since_s, expected = None, []
    for status, wait_s in history:
        posted_s = run.clock.timestamp()
        run.post(1)
        run.webhooks.deliver_due()
        run.clock.set(advance_s=10.0 + wait_s)
        run.webhooks.deliver_due()
        failed_s = posted_s + (6.0 if status in POLICY.statuses else 0.0)
        since_s = None if status in {200, 204} else since_s or failed_s
        if since_s is not None and failed_s - since_s >= POLICY.patience_s:
            expected.append(1)
    assert run.told.given_up == expected


def _attempts(status):
    return 3 if status in POLICY.statuses else 1
