"""The world: all state of one emulator, and its tenants.

No module holds state: two worlds in one process never meet. A tenant is a world of its own inside
it, selected by credentials, with its own clock, dice, records, limits, faults, tokens and journal.
"""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol, Self

from mockserver.core.clock import Clock, Dice
from mockserver.core.faults import FaultPlan
from mockserver.core.journal import Journal
from mockserver.core.limits import Limiter, Quota
from mockserver.core.profile import Profile
from mockserver.core.records import Records
from mockserver.core.registry import Registry
from mockserver.core.rules import Shape
from mockserver.core.slots import Slots
from mockserver.core.store import Seeds, Store
from mockserver.core.tokens import Tokens

TENANT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
DEFAULT_TENANT = "default"


@dataclass(frozen=True)
class Plan:
    """How a world is made.

    Attributes:
        seed: The number that everything replays from.
        size: ``tiny``, ``default``, ``large`` or a number of tickets.
        profile: The profile of tenants that name none.
        quota: Replaces the profile's requests and window: (requests or None, seconds).
        token_ttl_s: Life of a documented access token in seconds; None leaves it to the profile.
        frozen: Whether clocks stand still (they then start at the world's anchor).
        scale: Seconds of the world per real second.
        file: An SQLite file for the default tenant's records; None keeps them in memory.
        require_ssl: Whether plain HTTP is refused.
        fault_header: Whether a request may carry a fault of its own.
        host: The name or address that the server listens on.
        clients: The clientIds that are accepted; empty accepts any.
        quirks: Single quirks of the profiles set otherwise, by vendor.
    """

    seed: int = 42
    size: str = "default"
    profile: str = "documented"
    quota: tuple[int | None, float] | None = None
    token_ttl_s: int | None = None
    frozen: bool = False
    scale: float = 1.0
    file: str | None = None
    require_ssl: bool = False
    fault_header: bool = False
    host: str = "localhost"
    clients: frozenset[str] = frozenset()
    quirks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Vendor(Protocol):
    """What a world must know of a vendor's API."""

    @property
    def name(self) -> str:
        """Return the name that URLs, limits and the journal know it by."""

    @property
    def profiles(self) -> Mapping[str, Profile]:
        """Return the profiles by name."""

    @property
    def shape(self) -> Shape:
        """Return how its records look."""

    def credentials(self, tenant: str) -> Any:
        """Return the accounts of a new tenant."""


class Supplier(Protocol):
    """Who makes the seeded rows of a world."""

    anchor: datetime

    def seeds(self, plan: Plan, registry: Registry, shapes: Mapping[str, Shape]) -> Seeds:
        """Return the rows of the world that *plan* asks for, shifted to begin today."""


@dataclass
class Ground:
    """What all tenants of a world stand on; set once, when the application is made."""

    vendors: Mapping[str, Vendor]
    registry: Registry
    supplier: Supplier
    signing_key: Callable[[], Any]


class Tenant:
    """One customer of the emulator.

    Args:
        name: Unique in the world.
        plan: How it is made.
        ground: The vendors and the declared resources.
        template: The seeded records that it starts with and goes back to.
    """

    def __init__(self, name: str, plan: Plan, ground: Ground, template: Store) -> None:
        self.name, self.plan, self._template = name, plan, template
        self._ground = ground
        start = ground.supplier.anchor if plan.frozen else None
        self.clock = Clock(start, frozen=plan.frozen, scale=plan.scale)
        self.dice = Dice(f"{plan.seed}/{name}")
        self.profiles = {n: _profile(v, plan) for n, v in ground.vendors.items()}
        self.credentials = {n: v.credentials(name) for n, v in ground.vendors.items()}
        self.store = Store(ground.registry, template, plan.file)
        if plan.file is None or self.store.is_empty():
            self.store.copy_from(template)
        self.records = {
            n: Records(self.store, v.shape, self.clock) for n, v in ground.vendors.items()
        }
        self.limits = {n: Limiter(self.clock, p.quota) for n, p in self.profiles.items()}
        self.slots = {n: Slots(_concurrent(limit)) for n, limit in self.limits.items()}
        self.faults = FaultPlan(self.dice)
        self.tokens = Tokens(self.clock, self.dice, ground.signing_key, issuer=name)
        self.journal = Journal()
        self.snapshots: dict[str, Snapshot] = {}

    @property
    def logins(self) -> list[tuple[str, str]]:
        """Return the vendors and names that select this tenant."""
        accounts = self.credentials.items()
        return [(vendor, name.casefold()) for vendor, each in accounts for name in each.logins]

    def reset(self) -> None:
        """Go back to how the tenant started: records, clock, limits, faults, tokens, journal."""
        self.store.copy_from(self._template)
        self.clock.reset()
        self.dice.seed(f"{self.plan.seed}/{self.name}")
        for name, limit in self.limits.items():
            limit.quota = self.profiles[name].quota
            limit.reset()
            self.slots[name].admit()
        self.faults.reset()
        self.tokens.reset()
        self.journal.reset()
        self.snapshots.clear()

    def snapshot(self) -> str:
        """Keep the present records, limits, faults and time; return the snapshot's id."""
        clock = self.clock
        with self.store.reading():
            copy = Store(self._ground.registry, self._template)
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
        self.clock.set(**snapshot.clock)
        self.dice.setstate(snapshot.chance)
        for name, quota in snapshot.quotas.items():
            self.limits[name].quota = quota
            self.limits[name].reset()
            self.slots[name].admit()
        self.faults.restore(snapshot.faults)
        return True

    def close(self) -> None:
        """Give back what the tenant holds."""
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


class TenantExists(ValueError):
    """The name of a new tenant is taken."""


class World:
    """All state of one emulator.

    Args:
        plan: How it is made.
    """

    def __init__(self, plan: Plan | None = None) -> None:
        self.plan = plan or Plan()
        self.started = datetime.min.replace(tzinfo=UTC)
        self.tenants: dict[str, Tenant] = {}
        self._templates: dict[str, Store] = {}
        self._logins: dict[tuple[str, str], Tenant] = {}
        self._lock = threading.RLock()
        self._ground: Ground | None = None

    @classmethod
    def seeded(cls, seed: int = 42, **members: Any) -> Self:
        """Return a world that replays from *seed*; *members* are those of ``Plan``."""
        return cls(Plan(seed=seed, **members))

    @property
    def is_open(self) -> bool:
        """Tell whether the world has its vendors and its default tenant."""
        return self._ground is not None

    @property
    def ground(self) -> Ground:
        """Return what the tenants stand on."""
        if self._ground is None:
            raise RuntimeError("the world has no vendors yet: create_app(world) gives it some")
        return self._ground

    def open(self, ground: Ground) -> None:
        """Give the world its vendors and make the default tenant."""
        self._ground = ground
        self.started = Clock().now()
        self.tenants[DEFAULT_TENANT] = self._made(DEFAULT_TENANT, self.plan)

    def tenant_of(self, vendor: str, login: str) -> Tenant | None:
        """Return the tenant that a company id or user name of *vendor* selects."""
        return self._logins.get((vendor, login.casefold()))

    @property
    def default(self) -> Tenant:
        """Return the tenant that is always there."""
        return self.tenants[DEFAULT_TENANT]

    def create_tenant(
        self, name: str, profile: str | None = None, size: str | None = None
    ) -> Tenant:
        """Add a tenant.

        Raises:
            TenantExists: The name is taken, in whatever case.
            ValueError: The name is malformed, or the profile or size is unknown.
        """
        plan = _varied(self.plan, profile, size)
        with self._lock:
            if not TENANT_NAME.fullmatch(name):
                raise ValueError(
                    "name must be 1 to 64 of the characters A-Z a-z 0-9 _ . - "
                    "and begin with a letter or digit"
                )
            if name.casefold() in {known.casefold() for known in self.tenants}:
                raise TenantExists(f"a tenant named {name!r} exists")
            tenant = self.tenants[name] = self._made(name, plan)
            return tenant

    def remove_tenant(self, name: str) -> bool:
        """Remove a tenant (the default one is only reset); return whether there was one."""
        with self._lock:
            if name == DEFAULT_TENANT:
                self.default.reset()
                return True
            tenant = self.tenants.pop(name, None)
            for login in tenant.logins if tenant else ():
                del self._logins[login]
        if tenant is not None:
            tenant.close()
        return tenant is not None

    def _made(self, name: str, plan: Plan) -> Tenant:
        tenant = Tenant(name, plan, self.ground, self._template(plan))
        self._logins.update(dict.fromkeys(tenant.logins, tenant))
        return tenant

    def _template(self, plan: Plan) -> Store:
        with self._lock:
            template = self._templates.get(plan.size)
            if template is None:
                shapes = {n: v.shape for n, v in self.ground.vendors.items()}
                registry = self.ground.registry
                seeds = self.ground.supplier.seeds(plan, registry, shapes)
                template = self._templates[plan.size] = Store(registry, seeds)
                seeds_eagerly = getattr(seeds, "fill", None)
                if seeds_eagerly is not None:
                    seeds_eagerly(template)
            return template


def _varied(plan: Plan, profile: str | None, size: str | None) -> Plan:
    if profile not in {None, "documented", "observed"}:
        raise ValueError("profile must be 'documented' or 'observed'")
    return replace(plan, profile=profile or plan.profile, size=size or plan.size, file=None)


def _profile(vendor: Vendor, plan: Plan) -> Profile:
    profile = vendor.profiles[plan.profile].changed(**plan.quirks.get(vendor.name, {}))
    if plan.quota is None:
        return profile
    requests, window_s = plan.quota
    return profile.changed(quota=replace(profile.quota, requests=requests, window_s=window_s))


def _concurrent(limit: Limiter) -> Callable[[], int | None]:
    return lambda: limit.quota.concurrent
