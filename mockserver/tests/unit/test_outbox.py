"""What waits is bounded, and what found no place can be seen and sent anew."""

from datetime import UTC, datetime

import pytest

from mockserver.core import outbox
from mockserver.core.clock import Clock
from mockserver.core.deliveries import Message, State
from mockserver.core.outbox import Outbox
from mockserver.core.store import Store
from mockserver.tests.records_support import Rows, registry


@pytest.fixture
def full(monkeypatch):
    """Return an outbox in which as many wait as may."""
    monkeypatch.setattr(outbox, "WAITING_MAX", 3)
    box = Outbox(Store(registry(), Rows({})), Clock(datetime(2026, 1, 1, tzinfo=UTC), frozen=True))
    for number in range(3):
        assert post(box, number).state is State.WAITING
    return box


def post(box, number):
    return box.post(Message("x", 1, "http://localhost/", {}, "{}", str(number)))


def test_what_finds_no_place_is_blocked_with_the_reason(full):
    late = post(full, 3)

    kept = full.find(late.id)
    assert (kept.state, kept.why) == (State.BLOCKED, "the outbox is full: 3 deliveries wait")
    assert full.next_due_s() is not None
    assert len(full.newest(state="waiting")) == 3


def test_there_is_place_again_when_one_is_done(full):
    late, first = post(full, 3), full.due(2**40)
    first.state = State.DELIVERED
    full.keep(first)

    assert post(full, 4).state is State.WAITING
    assert full.redeliver(late.id).state is State.WAITING
