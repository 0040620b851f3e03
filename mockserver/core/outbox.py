"""The outbox: deliveries that wait and those that are done, kept in the tenant's store.

A delivery is stored in the transaction of the write that caused it, so that nothing is told of a
write that was taken back, and nothing that was kept goes untold.
"""

from typing import Any

from sqlalchemy import func, select

from mockserver.core.clock import Clock, fresh_secret, machine_instant_s
from mockserver.core.deliveries import DELIVERIES, Delivery, Message, State
from mockserver.core.statements import Page
from mockserver.core.store import Store

#: Deliveries that are done are kept for people to look at, but not for ever.
DONE_MAX = 1_000
#: As many wait at most: receivers that are slower than the writes must not fill the memory.
WAITING_MAX = 5_000
#: Subscriptions that are looked at for one whose oldest delivery nobody is sending.
HEADS_MAX = 100
#: Real seconds that a sender has besides those that the receiver may take.
GRACE_S = 10.0
DONE = (State.DELIVERED, State.FAILED, State.BLOCKED)
PRUNED_EVERY = 100


class Outbox:
    """The deliveries of one tenant.

    Args:
        store: Where they are kept.
        clock: The tenant's clock.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        #: Whether anything may be waiting: cheap to ask after every request.
        self.restless = True
        #: Whether what is being sent is noted, so that it is not sent again when somebody dies.
        self.claims = False
        #: Whether no other process sends: whose claim is not this one's is dead.
        self.alone = True
        #: Whether something that waits is being sent.
        self.claimed = False
        self._name = fresh_secret()

    def post(self, message: Message, delay_s: float = 0.0) -> Delivery:
        """Take a message in, to be sent after so many seconds, or as soon as may be.

        While ``WAITING_MAX`` others wait it is kept as blocked, which can be seen and sent anew.
        """
        with self._store.transaction() as store:
            now_s = self._clock.timestamp()
            delivery = Delivery(store.next_id(DELIVERIES), message, now_s, now_s + delay_s)
            if self._waiting() >= WAITING_MAX:
                delivery.state = State.BLOCKED
                delivery.why = f"the outbox is full: {WAITING_MAX} deliveries wait"
            store.insert(DELIVERIES, delivery.row, {"body": delivery.text})
            if delivery.id % PRUNED_EVERY == 0:
                self._prune()
        self.restless = True
        return delivery

    def _waiting(self) -> int:
        where = self._store.table(DELIVERIES).c.state == State.WAITING.value
        return self._store.count(DELIVERIES, Page("body", [where], key="waiting"))

    def due(self, now_s: float) -> Delivery | None:
        """Return a delivery whose time has come, or None.

        Of each subscription only the oldest waiting one can be it, so that they arrive in order.
        """
        first = self._first()
        return first if first is not None and first.due_s <= now_s else None

    def next_due_s(self) -> float | None:
        """Return when something is to be sent next, None when nothing waits."""
        first = self._first()
        return None if first is None else first.due_s

    def _first(self) -> Delivery | None:
        with self._store.reading():
            self.restless = self.claimed = False
            found = (
                self._store.bodies(DELIVERIES, self._heads()) if self._store.has(DELIVERIES) else []
            )
            self.restless = bool(found)
        for body in found:
            delivery = Delivery.parsed(body)
            if not self._is_held(delivery):
                return delivery
            self.claimed = True
        return None

    def _is_held(self, delivery: Delivery) -> bool:
        if delivery.claim is None:
            return False
        who, until_s = delivery.claim
        return until_s > machine_instant_s() and (who == self._name or not self.alone)

    def claim(self, delivery: Delivery, most_s: float) -> bool:
        """Note that a delivery is being sent, for so many real seconds; False if it is gone."""
        if self.claims:
            delivery.claim = self._name, machine_instant_s() + most_s + GRACE_S
            return self.keep(delivery)
        return True

    def holds(self, delivery: Delivery) -> bool:
        """Tell whether a delivery is still this one's to send."""
        known = self.find(delivery.id)
        return known is not None and known.claim == delivery.claim

    def _heads(self) -> Page:
        c = self._store.table(DELIVERIES).c
        waiting = select(func.min(c.id)).where(c.state == State.WAITING.value)
        where = [c.id.in_(waiting.group_by(c.subscription))]
        size = HEADS_MAX if self.claims else 1
        return Page("body", where, [("due", False)], size=size, key=("heads", size))

    def find(self, delivery_id: int) -> Delivery | None:
        """Return the delivery with this id, or None."""
        with self._store.reading():
            body = (
                self._store.body(DELIVERIES, delivery_id) if self._store.has(DELIVERIES) else None
            )
        return None if body is None else Delivery.parsed(body)

    def keep(self, delivery: Delivery) -> bool:
        """Store what became of a delivery; return False when it is not there any more."""
        with self._store.transaction() as store:
            known = self.find(delivery.id)
            # After a reset, the id may be that of another one.
            if known is None or known.message.message_id != delivery.message.message_id:
                return False
            store.replace(DELIVERIES, delivery.row, {"body": delivery.text})
        self.restless = True
        return True

    def redeliver(self, delivery_id: int) -> Delivery | None:
        """Let a delivery be sent again, the same bytes; return it, or None."""
        with self._store.transaction():
            delivery = self.find(delivery_id)
            if delivery is None:
                return None
            delivery.state, delivery.why, delivery.tries = State.WAITING, None, 0
            delivery.claim = None
            delivery.due_s = self._clock.timestamp()
            self.keep(delivery)
            return delivery

    def newest(
        self, state: str | None = None, subscription: int | None = None, limit: int = 100
    ) -> list[Delivery]:
        """Return deliveries, newest first."""
        asked = {"state": state, "subscription": subscription}
        equals: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
        with self._store.reading():
            found = self._store.matching(DELIVERIES, **equals)[::-1][:limit]
            return [delivery for each in found if (delivery := self.find(each))]

    def last_done(self, subscription: int, before_id: int) -> Delivery | None:
        """Return the delivery of a subscription that was done last before this one, or None."""
        with self._store.reading():
            for each in reversed(self._store.matching(DELIVERIES, subscription=subscription)):
                found = self.find(each) if each < before_id else None
                if found is not None and found.state is not State.WAITING:
                    return found
        return None

    def _prune(self) -> None:
        done = [id_ for each in DONE for id_ in self._store.matching(DELIVERIES, state=each.value)]
        for delivery_id in sorted(done)[:-DONE_MAX]:
            self._store.delete(DELIVERIES, delivery_id)
