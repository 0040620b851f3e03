"""A tenant: one customer of the emulator, with everything that is the customer's own."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mockserver.core.agenda import Agenda
from mockserver.core.attempt import Attempt
from mockserver.core.beginning import Beginning, kept, taken_in
from mockserver.core.clock import Clock, Dice, fresh_secret
from mockserver.core.debugging import DebugMode
from mockserver.core.entry import Entry
from mockserver.core.faults import FaultPlan
from mockserver.core.journal import Journal
from mockserver.core.keeping import Keeper
from mockserver.core.ledger import Account, Known, LedgerLost, TenantGone
from mockserver.core.limits import Limiter, Quota
from mockserver.core.locks import Locks
from mockserver.core.parts import parts_of
from mockserver.core.plan import Ground, Plan, Vendor
from mockserver.core.profile import Profile
from mockserver.core.records import Records
from mockserver.core.shared_slots import SharedSlots
from mockserver.core.slots import Slots
from mockserver.core.store import Store
from mockserver.core.tokens import Tokens
from mockserver.core.turns import Turn, at_once
from mockserver.core.webhooks import Webhooks


class Tenant:
    """One customer of the emulator.

    Args:
        name: Unique in the world.
        ground: The vendors and the declared resources.
        own: What it begins with and goes back to, as long as it takes in nothing else.
    """

    closed = False
    #: Keeps the tenant in a ledger, where there is one.
    keeper: Keeper | None = None

    def __init__(self, name: str, ground: Ground, own: Beginning) -> None:
        self.name, self._ground = name, ground
        self._own = self.beginning = own
        plan, template = own.plan, own.template
        self.clock = Clock(own.start, frozen=own.frozen, scale=plan.scale)
        self.dice, self.request_ids = Dice(), Dice()
        self._roll()
        self.profiles = {n: _profile(v, plan) for n, v in ground.vendors.items()}
        self.credentials = {n: v.credentials(name) for n, v in ground.vendors.items()}
        self.store = Store(ground.registry, own.seeds, template.file)
        if not template.is_empty():
            self.store.copy_from(template)
        self.records = {
            n: Records(self.store, v.shape, self.clock, self.profiles[n])
            for n, v in ground.vendors.items()
        }
        self.agendas = {
            n: Agenda(n, v.happenings, self.records[n], self.profiles[n], str(plan.seed))
            for n, v in ground.vendors.items()
        }
        self.limits = {n: Limiter(self.clock, p.quota) for n, p in self.profiles.items()}
        self.slots = {n: Slots(_concurrent(each)) for n, each in self.limits.items()}
        self.faults = FaultPlan(self.dice, self.clock)
        self.tokens = Tokens(self.clock, self.dice, ground.signing_key, issuer=name)
        self.journal = Journal(volatile=plan.volatile)
        self.debugging = DebugMode(self.clock, self.journal)
        self.locks = Locks(self.clock)
        notifiers = {n: make(self) for n, make in ground.notifiers.items()}
        self.webhooks = Webhooks(self.store, self.clock, notifiers, lambda: ground.send)
        self.store.watcher = self.webhooks
        self.snapshots: dict[str, Snapshot] = {}
        #: Holds the tenant while its state is changed.
        self.turn: Turn = at_once

    @property
    def plan(self) -> Plan:
        """Return how it is made."""
        return self.beginning.plan

    def _roll(self) -> None:
        self.dice.seed(f"{self.plan.seed}/{self.name}")
        self.request_ids.seed(f"{self.plan.seed}/{self.name}/requests")

    def keep(self, account: Account) -> None:
        """Go on as *account* says the tenant was left, and keep there what becomes of it."""
        parts = parts_of(self, account)
        self.keeper = keeper = Keeper(
            account, self.store, parts, self.rewind, self.webhooks.others_wrote
        )
        if keeper.open() or account.shared:
            # Not those that were given out already, here or by another process.
            self.request_ids.seed(fresh_secret())
        for part in (self.store, self.clock, self.faults, self.tokens, self.locks, self.debugging):
            part.turn = keeper.turn
        for limit in self.limits.values():
            limit.turn = keeper.turn
            # For one process: the exchange is kept before it is answered, what it spent with it.
            if account.shared:
                limit.share()
        for name, limit in self.limits.items():
            if (queue := account.queue(name)) is not None:
                self.slots[name] = SharedSlots(_concurrent(limit), queue)
        if (exchanges := account.exchanges()) is not None:
            self.journal.share(exchanges)
        self.webhooks.sending = keeper.sending
        self.webhooks.outbox.claims, self.webhooks.outbox.alone = True, not account.shared
        self.turn = keeper.turn

    def is_known(self, known: Known | None) -> bool:
        """Tell whether a ledger still knows this very tenant."""
        keeper = self.keeper
        return keeper is None or (known is not None and known.made == keeper.account.made)

    def catch_up(self, known: Known) -> None:
        """Take over what other processes wrote, as a ledger told just now."""
        if self.keeper is not None and known.news is not None:
            self.keeper.catch_up(known)

    def hear(self, entry: Entry) -> None:
        """Take an exchange into the journal."""
        turn = at_once if self.keeper is None or self.keeper.account.shared else self.turn
        # A tenant that was removed while it answered has no journal any more; when the database
        # went away meanwhile, what was done is answered all the same.
        with suppress(TenantGone, LedgerLost), turn():
            self.journal.add(entry)

    def ended(self, attempt: Attempt, *, aborted: bool) -> None:
        """Note in the journal that an answer ended just now, or that its client left."""
        self.journal.ended(attempt, self.clock.nanoseconds(), aborted=aborted)

    @property
    def logins(self) -> list[tuple[str, str]]:
        """Return the vendors and names that select this tenant."""
        accounts = self.credentials.items()
        return [(vendor, name.casefold()) for vendor, each in accounts for name in each.logins]

    def reset(self) -> None:
        """Go back to how the tenant started: records, clock, limits, faults, tokens, journal."""
        with self._anew():
            self.rewind()
            self.journal.reset()

    @contextmanager
    def _anew(self) -> Iterator[None]:
        """Hold the tenant and forget what is kept of it; should that fail, it is as it was."""
        try:
            with self.turn():
                if self.keeper is not None:
                    self.keeper.clear()
                yield
        except LedgerLost:
            # What is here now is not what is kept: nobody is to see it.
            with suppress(LedgerLost), self.turn():
                pass
            raise

    def begin(self, archive: bytes | None) -> None:
        """Start anew with the files in a zip, or with the world's own seeds; a reset goes there.

        Raises:
            BadFolder: The files are no world; nothing is changed.
        """
        own = self._own
        beginning = own if archive is None else taken_in(own, self._ground, archive)
        with self._anew():
            self._stand_on(beginning)
            self.rewind()
            self.journal.reset()

    def begin_as_kept(self, document: Mapping[str, Any]) -> None:
        """Start anew with what a ledger kept, unless that is what the tenant began with."""
        if document != self.beginning.document:
            self._stand_on(kept(self._own, self._ground, document))
            self.rewind()

    def _stand_on(self, beginning: Beginning) -> None:
        before, self.beginning = self.beginning, beginning
        self.clock.begin_at(beginning.start, frozen=beginning.frozen)
        for agenda in self.agendas.values():
            agenda.seed = str(beginning.plan.seed)
        if before is not self._own:
            before.template.close()

    def rewind(self) -> None:
        """Let everything but the journal be as it started, here and not where it is kept."""
        self.store.restart(self.beginning.template)
        self.clock.reset()
        self._roll()
        for name, limit in self.limits.items():
            limit.quota = self.profiles[name].quota
            limit.reset()
            self.slots[name].admit()
        self.faults.reset()
        self.tokens.reset()
        self.debugging.reset()
        self.locks.clear()
        self.webhooks.reset()
        self.snapshots.clear()

    def snapshot(self) -> str:
        """Keep the present records, limits, faults and time; return the snapshot's id."""
        clock = self.clock
        with self.turn(), self.store.reading():
            snapshot_id = str(len(self.snapshots) + 1)
            time = {"now": clock.now().isoformat(), "frozen": clock.frozen, "scale": clock.scale}
            state = {
                "clock": time,
                "dice": [self.dice.state(), self.request_ids.state()],
                "quotas": {name: limit.quota.document() for name, limit in self.limits.items()},
                "faults": self.faults.state(),
            }
            self.snapshots[snapshot_id] = Snapshot(state, self._copied(snapshot_id))
        return snapshot_id

    def _copied(self, snapshot_id: str) -> Store | None:
        if self.keeper is not None:
            self.keeper.account.copy(snapshot_id)
            return None
        copy = Store(self._ground.registry, self.beginning.template, self.store.file)
        copy.copy_from(self.store)
        return copy

    def restore(self, snapshot_id: str) -> bool:
        """Bring a snapshot back; return whether there is one."""
        with self.turn():
            snapshot = self.snapshots.get(snapshot_id)
            if snapshot is None:
                return False
            self._bring_back(snapshot_id, snapshot.store)
            state = snapshot.state
            time = {**state["clock"], "now": datetime.fromisoformat(state["clock"]["now"])}
            self.webhooks.reset()
            self.clock.set(**time)
            for dice, kept in zip((self.dice, self.request_ids), state["dice"], strict=True):
                dice.restore(kept)
            for name, quota in state["quotas"].items():
                self.limits[name].quota = Quota().changed(**quota)
                self.limits[name].reset()
                self.slots[name].admit()
            self.faults.restore(state["faults"])
        return True

    def _bring_back(self, snapshot_id: str, copy: Store | None) -> None:
        if copy is not None:
            self.store.copy_from(copy)
        elif self.keeper is not None:
            self.store.restart(self.beginning.template)
            self.keeper.bring_back(snapshot_id)

    def close(self) -> None:
        """Give back what the tenant holds; a request that is under way finds it closed."""
        with self.store.reading():
            self.closed = True
            if self.keeper is not None:
                self.keeper.closed = True
        for slots in self.slots.values():
            slots.close()
        self.store.close()
        if self.beginning is not self._own:
            self.beginning.template.close()
        for snapshot in self.snapshots.values():
            if snapshot.store is not None:
                snapshot.store.close()


@dataclass(frozen=True)
class Snapshot:
    """A state of a tenant to come back to: as JSON, and its records unless a ledger has them."""

    state: Mapping[str, Any]
    store: Store | None


def _profile(vendor: Vendor, plan: Plan) -> Profile:
    profile = vendor.profiles[plan.profile].changed(**plan.quirks.get(vendor.name, {}))
    if plan.quota is None:
        return profile
    requests, window_s = plan.quota
    return profile.changed(quota=replace(profile.quota, requests=requests, window_s=window_s))


def _concurrent(limit: Limiter) -> Callable[[], int | None]:
    return lambda: limit.quota.concurrent
