"""A tenant: one customer of the emulator, with everything that is the customer's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockserver.core.agenda import Agenda
from mockserver.core.clock import Clock, Dice
from mockserver.core.debugging import DebugMode
from mockserver.core.faults import FaultPlan
from mockserver.core.journal import Journal
from mockserver.core.limits import Limiter, Quota
from mockserver.core.locks import Locks
from mockserver.core.plan import Ground, Plan, Vendor
from mockserver.core.profile import Profile
from mockserver.core.records import Records
from mockserver.core.seeds import Seeds
from mockserver.core.slots import Slots
from mockserver.core.store import Store
from mockserver.core.tokens import Tokens
from mockserver.core.webhooks import Webhooks


class Tenant:
    """One customer of the emulator.

    Args:
        name: Unique in the world.
        plan: How it is made.
        ground: The vendors and the declared resources.
        template: The seeded records that it starts with and goes back to.
        seeds: Where the rows of a table come from that the template has not filled yet.
    """

    def __init__(
        self, name: str, plan: Plan, ground: Ground, template: Store, seeds: Seeds
    ) -> None:
        self.name, self.plan, self._template = name, plan, template
        self.closed = False
        self._ground = ground
        start = ground.supplier.anchor if plan.frozen else None
        self.clock = Clock(start, frozen=plan.frozen, scale=plan.scale)
        self.dice = Dice(f"{plan.seed}/{name}")
        self.profiles = {n: _profile(v, plan) for n, v in ground.vendors.items()}
        self.credentials = {n: v.credentials(name) for n, v in ground.vendors.items()}
        file = template.file if plan.file is None else plan.file
        self.store = Store(ground.registry, seeds, file)
        if self.store.is_empty() and not template.is_empty():
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
        self.slots = {n: Slots(_concurrent(limit)) for n, limit in self.limits.items()}
        self.faults = FaultPlan(self.dice, self.clock)
        self.tokens = Tokens(self.clock, self.dice, ground.signing_key, issuer=name)
        self.journal = Journal(volatile=plan.volatile)
        self.debugging = DebugMode(self.clock, self.journal)
        self.locks = Locks(self.clock)
        notifiers = {n: make(self) for n, make in ground.notifiers.items()}
        self.webhooks = Webhooks(self.store, self.clock, notifiers, lambda: ground.send)
        self.store.watcher = self.webhooks
        self.snapshots: dict[str, Snapshot] = {}

    @property
    def logins(self) -> list[tuple[str, str]]:
        """Return the vendors and names that select this tenant."""
        accounts = self.credentials.items()
        return [(vendor, name.casefold()) for vendor, each in accounts for name in each.logins]

    def reset(self) -> None:
        """Go back to how the tenant started: records, clock, limits, faults, tokens, journal."""
        self.store.restart(self._template)
        self.clock.reset()
        self.dice.seed(f"{self.plan.seed}/{self.name}")
        for name, limit in self.limits.items():
            limit.quota = self.profiles[name].quota
            limit.reset()
            self.slots[name].admit()
        self.faults.reset()
        self.tokens.reset()
        self.journal.reset()
        self.debugging.reset()
        self.locks.clear()
        self.webhooks.reset()
        self.snapshots.clear()

    def snapshot(self) -> str:
        """Keep the present records, limits, faults and time; return the snapshot's id."""
        clock = self.clock
        with self.store.reading():
            copy = Store(self._ground.registry, self._template, self._template.file)
            copy.copy_from(self.store)
            snapshot_id = str(len(self.snapshots) + 1)
            self.snapshots[snapshot_id] = Snapshot(
                copy,
                {"now": clock.now(), "frozen": clock.frozen, "scale": clock.scale},
                self.dice.getstate(),
                {name: limit.quota for name, limit in self.limits.items()},
                self.faults.state(),
            )
        return snapshot_id

    def restore(self, snapshot_id: str) -> bool:
        """Bring a snapshot back; return whether there is one."""
        snapshot = self.snapshots.get(snapshot_id)
        if snapshot is None:
            return False
        self.store.copy_from(snapshot.store)
        self.webhooks.reset()
        self.clock.set(**snapshot.clock)
        self.dice.setstate(snapshot.chance)
        for name, quota in snapshot.quotas.items():
            self.limits[name].quota = quota
            self.limits[name].reset()
            self.slots[name].admit()
        self.faults.restore(snapshot.faults)
        return True

    def close(self) -> None:
        """Give back what the tenant holds; a request that is under way finds it closed."""
        self.closed = True
        self.store.close()
        for snapshot in self.snapshots.values():
            snapshot.store.close()


@dataclass(frozen=True)
class Snapshot:
    """A state of a tenant to come back to."""

    store: Store
    clock: Mapping[str, Any]
    chance: Any
    quotas: Mapping[str, Quota]
    faults: Any


def _profile(vendor: Vendor, plan: Plan) -> Profile:
    profile = vendor.profiles[plan.profile].changed(**plan.quirks.get(vendor.name, {}))
    if plan.quota is None:
        return profile
    requests, window_s = plan.quota
    return profile.changed(quota=replace(profile.quota, requests=requests, window_s=window_s))


def _concurrent(limit: Limiter) -> Callable[[], int | None]:
    return lambda: limit.quota.concurrent
