"""What is to happen at an instant of the world's clock, and lets happen what has come due.

Nothing ticks in the background: whoever is about to read or write first lets the agenda catch up,
and everything due by then happens in the order of its instants, each as if it were that instant
now. The state is therefore a function of the clock, whether it ran, jumped or stood still.

The events are rows of the tenant's store: a write that is taken back takes its events along, and
a reset, a snapshot or a file has them as it has the records.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import floor
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from mockserver.core.clock import INSTANT_FORMAT, Clock, Dice
from mockserver.core.profile import Profile
from mockserver.core.records import Records
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.statements import Page

#: The kind of the event that every agenda begins with, at the instant at which the clock started.
BEGIN = "begin"
NEVER_S = 1e15
#: Smaller steps would not lead on: an instant of today has no more places.
STEP_MIN_S = 0.001
SOONEST = Page("body", order=(("due", False),), size=1, key="soonest")


@dataclass(frozen=True)
class Event:
    """One thing to happen.

    Attributes:
        id: Of the row.
        due_s: When, in seconds since the epoch.
        kind: What; a name in the vendor's table of happenings.
        about: The id of the record that it concerns, or 0.
        facts: Whatever else the happening needs to know.
    """

    id: int
    due_s: float
    kind: str
    about: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


class Plan(NamedTuple):
    """An event that is yet to be kept; its members are those of the event."""

    due_s: float
    kind: str
    about: int = 0
    facts: Mapping[str, Any] = MappingProxyType({})


def events_of(vendor: str) -> Resource:
    """Return the collection in which the events of a vendor are kept."""
    fields = (
        Field("id", Kind.INTEGER),
        Field("due", Kind.NUMBER),
        Field("kind", Kind.TEXT),
        Field("about", Kind.INTEGER),
    )
    return Resource(f"agenda:{vendor}", "Event", fields, indexed=("due",))


def _row(event_id: int, plan: Plan) -> tuple[dict[str, Any], dict[str, bytes]]:
    body = {"id": event_id, **plan._asdict(), "facts": dict(plan.facts)}
    row = {"id": event_id, "due": plan.due_s, "kind": plan.kind, "about": plan.about}
    return row, {"body": orjson.dumps(body)}


class Agenda:
    """The events of one vendor in one tenant.

    Args:
        vendor: Names the table.
        happenings: What to do when an event comes due, by its kind.
        records: The vendor's records, under the tenant's clock.
        profile: The tenant's profile for the vendor.
        seed: What the chances of events replay from.
    """

    def __init__(
        self,
        vendor: str,
        happenings: Mapping[str, "Happening"],
        records: Records,
        profile: Profile,
        seed: str,
    ) -> None:
        self._happenings, self._records = happenings, records
        self.profile, self.seed = profile, seed
        self._resource = events_of(vendor)

    # -- asking --------------------------------------------------------------------------------

    def settle(self) -> None:
        """Let happen what is due by now; costs one look at a remembered instant if nothing is."""
        if self._happenings and self._soonest().due_s <= self._records.clock.timestamp():
            self._catch_up()

    def _soonest(self) -> Event:
        store = self._records.store
        found: Event = store.remembered(self._resource, SOONEST.key, self._found)
        return found

    def _found(self) -> Event:
        bodies = self._records.store.bodies(self._resource, SOONEST)
        if not bodies:  # not even the mark that it has begun
            return Event(0, 0.0, BEGIN)
        return Event(**orjson.loads(bodies[0]))

    # -- planning ------------------------------------------------------------------------------

    def add(
        self, due_s: float, kind: str, about: int = 0, facts: Mapping[str, Any] | None = None
    ) -> int:
        """Plan an event and return its id; KeyError when there is no such kind."""
        return self.add_all([Plan(due_s, kind, about, facts or {})])[0]

    def add_all(self, plans: Sequence[Plan]) -> range:
        """Plan events and return their ids; KeyError when there is no such kind."""
        for each in plans:
            self._happenings[each.kind]
        return self._insert(plans)

    def _insert(self, plans: Sequence[Plan]) -> range:
        store = self._records.store
        with store.transaction():
            ids = store.next_ids(self._resource, len(plans))
            store.insert_all(self._resource, list(map(_row, ids, plans)))
        return ids

    def has(self, kind: str, about: int) -> bool:
        """Tell whether something of a kind is planned for a record."""
        store = self._records.store
        return bool(store.matching(self._resource, 1, kind=kind, about=about))

    def planned(self, kind: str, about: int) -> list[Event]:
        """Return what of a kind is planned for a record, in the order in which it was planned."""
        store = self._records.store
        found = store.matching(self._resource, kind=kind, about=about)
        bodies = filter(None, (store.body(self._resource, each) for each in found))
        return [Event(**orjson.loads(each)) for each in bodies]

    def cancel(self, kind: str, about: int) -> None:
        """Drop the events of a kind that concern a record."""
        store = self._records.store
        with store.transaction():
            for event_id in store.matching(self._resource, kind=kind, about=about):
                store.delete(self._resource, event_id)

    # -- happening -----------------------------------------------------------------------------

    def _catch_up(self) -> None:
        with self._records.store.transaction():
            latest_s = self._records.clock.timestamp()
            while (event := self._soonest()).due_s <= latest_s:
                self._happen(event, latest_s)

    def _happen(self, event: Event, latest_s: float) -> None:
        records = self._records
        if event.id:
            records.store.delete(self._resource, event.id)
        else:
            self._insert([Plan(NEVER_S, BEGIN)])
            event = Event(0, records.clock.started.timestamp(), BEGIN)
        clock = Clock(datetime.fromtimestamp(event.due_s, UTC), frozen=True)
        then = Records(records.store, records.shape, clock, records.profile)
        happening = self._happenings.get(event.kind)
        if happening is not None:
            happening(Moment(self, event, then, latest_s, self.seed))


@dataclass(frozen=True)
class Moment:
    """The instant at which an event happens.

    Attributes:
        agenda: Takes what follows from it.
        event: What happens.
        records: The vendor's records under a clock that stands at the instant.
        latest_s: The instant up to which the agenda is catching up.
        seed: What chances replay from.
    """

    agenda: Agenda
    event: Event
    records: Records
    latest_s: float
    seed: str

    @property
    def now_s(self) -> float:
        """Return the instant in seconds since the epoch."""
        return self.event.due_s

    @property
    def text(self) -> str:
        """Return the instant as the vendors print it."""
        return self.records.clock.text()

    def dice(self, *about: object) -> Dice:
        """Return the chances of something in this event: the same in every world of the seed."""
        return Dice("/".join(map(str, (self.seed, self.event.kind, self.event.about, *about))))

    def again(self, every_s: float, most: int) -> None:
        """Plan the same event for every *every_s* seconds from now on.

        When the clock has jumped, only the last *most* times before the latest instant happen: what
        ran unwatched for years is not lived through day by day.
        """
        next_s = following_s(self.now_s, every_s, self.latest_s, most)
        self.agenda.add(next_s, self.event.kind, self.event.about, self.event.facts)


Happening = Callable[[Moment], None]


def following_s(now_s: float, every_s: float, latest_s: float, most: int) -> float:
    """Return the next of the instants in steps of *every_s*, but no smaller ones, to happen."""
    every_s = max(every_s, STEP_MIN_S)
    skipped = floor((latest_s - now_s) / every_s) - most
    return now_s + max(1, skipped + 1) * every_s


def slot_s(instant_s: float, every_s: float) -> float:
    """Return the last whole multiple of *every_s* that is not after an instant."""
    return floor(instant_s / every_s) * every_s


def next_slot_s(instant_s: float, every_s: float) -> float:
    """Return the first whole multiple of *every_s* that is after an instant."""
    return slot_s(instant_s, every_s) + every_s


def printed(instant_s: float) -> str:
    """Return an instant as the vendors print it."""
    return datetime.fromtimestamp(instant_s, UTC).strftime(INSTANT_FORMAT)


def seconds_of(text: str) -> float:
    """Return the seconds since the epoch of an instant as the store keeps it."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
