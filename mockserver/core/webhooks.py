"""Webhooks: what changed is told to those who subscribed to it.

Which changes concern whom, and how the message looks, is the vendor's business (``Notifier``). When
a message leaves, how often it is tried, and when a subscription is given up, is said here, on the
tenant's clock; how it is sent is said by the ``Sender``.
"""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from mockserver.core.changes import Change
from mockserver.core.clock import Clock
from mockserver.core.deliveries import DELIVERIES, Delivery, Message, Outcome, State, instant_text
from mockserver.core.outbox import Outbox
from mockserver.core.store import Store

#: Attempts that one call makes: who listens to its own writes must not keep the caller for ever.
ROUND_MAX = 1_000
UNKNOWN = "whoever sent it ended before the answer was known: the receiver may have it"


@dataclass(frozen=True)
class Policy:
    """How a vendor treats receivers that do not take a message.

    Attributes:
        statuses: The answers after which it is sent again.
        waits_s: How long before each further attempt.
        patience_s: A subscription whose deliveries have all failed for so long is given up.
        timeout_s: How long a receiver may take; real seconds, for the receiver lives in those.
        delay_s: How long after a change its messages leave.
    """

    statuses: frozenset[int]
    waits_s: tuple[float, ...]
    patience_s: float
    timeout_s: float
    delay_s: float = 0.0


class Notifier(Protocol):
    """What a vendor says about its webhooks, for one tenant.

    Attributes:
        paths: The resources whose changes may concern a subscription.
        policy: How receivers are treated.
    """

    paths: Collection[str]
    policy: Policy

    def messages(self, changes: Sequence[Change]) -> Iterable[Message]:
        """Return what is to be sent, in order."""

    def objection(self, subscription: int) -> str | None:
        """Return why nothing is sent to a subscription any more, or None."""

    def give_up(self, subscription: int) -> None:
        """Send nothing to a subscription any more, for its receiver has failed for long."""

    def is_signed(self, message: Message) -> bool:
        """Tell whether a message carries the signature of its body under the key of today."""


#: Hands one message over within so many seconds; never raises.
Sender = Callable[[Message, float], Outcome]


class Webhooks:
    """The webhooks of one tenant.

    Args:
        store: The tenant's records.
        clock: The tenant's clock.
        notifiers: By vendor.
        sender: Finds what hands a message over; it may be exchanged at any time.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        notifiers: Mapping[str, Notifier],
        sender: Callable[[], Sender],
    ) -> None:
        self.outbox = Outbox(store, clock)
        self.counts: Counter[State] = Counter()
        self._store, self._clock = store, clock
        self._notifiers, self._sender = notifiers, sender
        self._sending = threading.Lock()
        #: Whether another process is at it.
        self.sent_elsewhere = False
        #: Tells whether this process may send, until the end.
        self.sending: Callable[[], AbstractContextManager[bool]] = _always
        #: The resources whose changes may concern anybody.
        self.paths = frozenset(path for each in notifiers.values() for path in each.paths)

    def reset(self) -> None:
        """Look anew at what waits: the store was replaced."""
        self.outbox.restless = True

    def others_wrote(self, tables: Collection[str]) -> None:
        """Look anew at what waits if other processes have added to it."""
        if DELIVERIES.table in tables:
            self.outbox.restless = True

    def heard(self, changes: Sequence[Change]) -> None:
        """Put what the changes cause into the outbox, inside their transaction."""
        for notifier in self._notifiers.values():
            for message in notifier.messages(changes):
                taken = self.outbox.post(message, notifier.policy.delay_s)
                self.counts[taken.state] += taken.state is State.BLOCKED

    def is_signed(self, delivery: Delivery) -> bool:
        """Tell whether whoever checks a delivery's signature by the key of today accepts it."""
        return self._notifiers[delivery.message.api].is_signed(delivery.message)

    def deliver_due(self, most: int = ROUND_MAX) -> int:
        """Send what is due and return how many attempts were made.

        While another thread is at it, that one sends this caller's messages as well: a receiver
        that calls back while it is being called must not wait for itself.
        """
        made, self.sent_elsewhere = 0, False
        while made < most and self.is_due() and self._sending.acquire(blocking=False):
            try:
                with self.sending() as may_send:
                    self.sent_elsewhere = not may_send
                    if not may_send:
                        break
                    made += self._round(most - made)
            finally:
                self._sending.release()
        return made

    def is_due(self) -> bool:
        """Tell whether anything is to be sent now."""
        return self.outbox.restless and self.outbox.due(self._clock.timestamp()) is not None

    def _round(self, most: int) -> int:
        made = 0
        while made < most and (delivery := self.outbox.due(self._clock.timestamp())):
            self._attempt(delivery)
            made += 1
        return made

    def _attempt(self, delivery: Delivery) -> None:
        message = delivery.message
        notifier = self._notifiers[message.api]
        objection = notifier.objection(message.subscription)
        if delivery.claim is not None:
            outcome = Outcome(error=UNKNOWN)
        elif objection is not None:
            outcome = Outcome(error=objection, blocked=True)
        elif not self.outbox.claim(delivery, notifier.policy.timeout_s):
            return
        else:
            outcome = self._sender()(message, notifier.policy.timeout_s)
        with self._store.transaction():
            if self.outbox.holds(delivery):
                delivery.claim = None
                self._settle(delivery, outcome, notifier)

    def _settle(self, delivery: Delivery, outcome: Outcome, notifier: Notifier) -> None:
        at_s = self._attempted_s(delivery)
        delivery.tries += 1
        delivery.attempts.append(_shown(outcome, at_s))
        policy = notifier.policy
        retries = delivery.tries <= len(policy.waits_s) and outcome.status in policy.statuses
        if retries:
            delivery.due_s = at_s + policy.waits_s[delivery.tries - 1]
        else:
            delivery.state, delivery.why = _verdict(outcome, delivery.tries)
        failed = delivery.state is State.FAILED
        delivery.failing_since_s = self._failing_since_s(delivery, at_s) if failed else None
        if not self.outbox.keep(delivery) or retries:
            return
        self.counts[delivery.state] += 1
        since_s = delivery.failing_since_s
        if since_s is not None and at_s - since_s >= policy.patience_s:
            notifier.give_up(delivery.message.subscription)

    def _attempted_s(self, delivery: Delivery) -> float:
        """Return when an attempt counts as made: a clock that was advanced jumped over it."""
        return delivery.due_s if self._clock.frozen else self._clock.timestamp()

    def _failing_since_s(self, delivery: Delivery, at_s: float) -> float:
        before = self.outbox.last_done(delivery.message.subscription, delivery.id)
        if before is None or before.failing_since_s is None:
            return at_s
        return before.failing_since_s


def _always() -> AbstractContextManager[bool]:
    return nullcontext(enter_result=True)


def _verdict(outcome: Outcome, tries: int) -> tuple[State, str | None]:
    if outcome.blocked:
        return State.BLOCKED, outcome.error
    if outcome.succeeded:
        return State.DELIVERED, None
    reason = outcome.error or f"the receiver answered {outcome.status}"
    return State.FAILED, f"{reason} ({tries} attempt{'s' if tries > 1 else ''})"


def _shown(outcome: Outcome, at_s: float) -> dict[str, object]:
    return {
        "at": instant_text(at_s),
        "status": outcome.status,
        "error": outcome.error,
        "response": outcome.response,
        "duration_ms": round(outcome.duration_ms, 3),
    }
