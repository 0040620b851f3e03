"""The world: all state of one emulator, and its tenants.

No module holds state: two worlds in one process never meet. A tenant is a world of its own inside
it, selected by credentials, with its own clock, dice, records, limits, faults, tokens and journal.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

from mockserver.core.beginning import Beginning
from mockserver.core.clock import Clock
from mockserver.core.courier import Courier
from mockserver.core.deliveries import State
from mockserver.core.entry import Entry
from mockserver.core.ledger import Ledger, LedgerLost, UnusableLedger
from mockserver.core.ledgers import opened, refuse_unless_same
from mockserver.core.plan import Ground, Plan
from mockserver.core.quirks import BadQuirk
from mockserver.core.template import Template
from mockserver.core.tenant import Tenant
from mockserver.core.together import Together

Quirks = Mapping[str, Mapping[str, Any]]
TENANT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
DEFAULT_TENANT = "default"


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
        self.courier = Courier(self._present, lambda: self.is_shared)
        #: Are told of every exchange that ended, by the name of its tenant.
        self.listeners: list[Callable[[str, Entry], None]] = []
        self._delivered: Counter[State] = Counter()
        self._templates: dict[str, Template] = {}
        self._logins: dict[tuple[str, str], Tenant] = {}
        self._lock = threading.RLock()
        self._ground: Ground | None = None
        self._ledger: Ledger | None = None
        self._refreshing = Together(self._refresh_once)

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
        # The day that the seeded rows begin at, in whatever process they are made.
        begins = ground.supplier.begins(self.plan.world)
        self.started = begins.at if self.plan.frozen else Clock().now()
        self._ledger = opened(self.plan)
        if self._ledger is None:
            self._take_in(self._built(DEFAULT_TENANT, self.plan))
            return
        made_of = self._ledger.open({**self.plan.made_of, "started": self.started.isoformat()})
        self.started = datetime.fromisoformat(made_of["started"])
        refuse_unless_same(self.plan.made_of, made_of)
        self._ledger.add(DEFAULT_TENANT, {})
        try:
            self.refresh()
        except (KeyError, TypeError, ValueError) as error:
            raise UnusableLedger(f"what it keeps cannot be read ({error})") from error

    @property
    def is_shared(self) -> bool:
        """Tell whether other processes may change the world, too."""
        return self._ledger is not None and self._ledger.shared

    def refresh(self) -> None:
        """Take over what other processes have made of the world until now."""
        self._refreshing(None)

    def _refresh_once(self, asked: Sequence[None]) -> Sequence[None]:
        if self._ledger is not None:
            self._take_over(self._ledger)
        return asked

    def _take_over(self, ledger: Ledger) -> None:
        with self._lock:
            found = ledger.tenants()
            for name, tenant in list(self.tenants.items()):
                if not tenant.is_known(found.get(name)):
                    self._drop(name)
            for name, known in found.items():
                if name not in self.tenants:
                    self._take_in(self._built(name, self._chosen(**known.chosen)), known.made)
            tenants = [self.tenants[name] for name in found]
        for tenant, known in zip(tenants, found.values(), strict=True):
            tenant.catch_up(known)

    def _present(self) -> list[Tenant]:
        if self.is_shared:
            self.refresh()
            for tenant in list(self.tenants.values()):
                tenant.journal.flush()
        return list(self.tenants.values())

    def close(self) -> None:
        """Give back all that the world holds; it cannot be used any more."""
        for tenant in self.tenants.values():
            tenant.close()
        if self._ledger is not None:
            self._ledger.close()

    def tenant_of(self, vendor: str, login: str) -> Tenant | None:
        """Return the tenant that a company id or user name of *vendor* selects."""
        return self._logins.get((vendor, login.casefold()))

    @property
    def default(self) -> Tenant:
        """Return the tenant that is always there."""
        return self.tenants[DEFAULT_TENANT]

    def create_tenant(
        self,
        name: str,
        profile: str | None = None,
        size: str | None = None,
        quirks: Quirks | None = None,
    ) -> Tenant:
        """Add a tenant; *quirks* are set beside those of the world's plan.

        Raises:
            TenantExists: The name is taken, in whatever case.
            ValueError: The name is malformed, or the profile, size or a quirk is unknown.
        """
        chosen = {"profile": profile, "size": size, "quirks": quirks}
        plan = self._chosen(profile, size, quirks)
        with self._lock:
            if not TENANT_NAME.fullmatch(name):
                raise ValueError(
                    "name must be 1 to 64 of the characters A-Z a-z 0-9 _ . - "
                    "and begin with a letter or digit"
                )
            if name.casefold() in {known.casefold() for known in self.tenants}:
                raise TenantExists(f"a tenant named {name!r} exists")
            # Made before it is kept: what cannot be made must not wait in the ledger for everybody.
            tenant = self._built(name, plan)
            if self._ledger is not None and not self._ledger.add(name, chosen):
                tenant.close()
                raise TenantExists(f"a tenant named {name!r} exists")
            made = 0 if self._ledger is None else self._ledger.tenants()[name].made
            try:
                self._take_in(tenant, made)
            except LedgerLost:
                self._drop_unkept(tenant)
                raise
            return tenant

    def _drop_unkept(self, tenant: Tenant) -> None:
        tenant.close()
        if self._ledger is not None:
            with suppress(LedgerLost):
                self._ledger.remove(tenant.name)

    def remove_tenant(self, name: str) -> bool:
        """Remove a tenant (the default one is only reset); return whether there was one."""
        with self._lock:
            if name == DEFAULT_TENANT:
                self.default.reset()
                return True
            tenant = self._drop(name)
            if tenant is not None and self._ledger is not None:
                self._ledger.remove(name)
        return tenant is not None

    def _drop(self, name: str) -> Tenant | None:
        tenant = self.tenants.pop(name, None)
        if tenant is not None:
            for login in tenant.logins:
                del self._logins[login]
            self._delivered.update(tenant.webhooks.counts)
            tenant.close()
        return tenant

    def _chosen(
        self, profile: str | None = None, size: str | None = None, quirks: Quirks | None = None
    ) -> Plan:
        plan = _varied(self.plan, profile, size)
        if quirks:
            plan = replace(plan, quirks=_joined(self.ground.vendors, plan.quirks, quirks))
        return plan

    def deliveries(self) -> list[Counter[State]]:
        """Return how many webhook deliveries ended how, tenants that are gone included."""
        with self._lock:
            return [self._delivered, *(each.webhooks.counts for each in self.tenants.values())]

    def _built(self, name: str, plan: Plan) -> Tenant:
        template = self._template(plan)
        # The first one fills its own tables: what the others copy is not made for it alone.
        source = template.source
        seeds = source if source.lazy and name == DEFAULT_TENANT else template
        start = self.ground.supplier.begins(plan.world).at if plan.frozen else None
        own = Beginning(plan, self.started, template, seeds, start, plan.frozen)
        return Tenant(name, self.ground, own)

    def _take_in(self, tenant: Tenant, made: int = 0) -> None:
        if self._ledger is not None:
            tenant.keep(self._ledger.account(tenant.name, made))
        self.tenants[tenant.name] = tenant
        self._logins.update(dict.fromkeys(tenant.logins, tenant))

    def _template(self, plan: Plan) -> Template:
        with self._lock:
            if plan.ground_key not in self._templates:
                shapes = {n: v.shape for n, v in self.ground.vendors.items()}
                registry = self.ground.registry
                source = self.ground.supplier.seeds(plan, self.started, registry, shapes)
                self._templates[plan.ground_key] = Template(registry, source)
            return self._templates[plan.ground_key]


def _varied(plan: Plan, profile: str | None, size: str | None) -> Plan:
    if profile not in {None, "documented", "observed"}:
        raise ValueError("profile must be 'documented' or 'observed'")
    return replace(
        plan,
        profile=profile or plan.profile,
        size=size or plan.size,
        world=None if size else plan.world,
    )


def _joined(vendors: Mapping[str, Any], old: Quirks, new: Quirks) -> Quirks:
    for name, chosen in new.items():
        if name not in vendors:
            raise BadQuirk(f"there are no quirks of {name!r}; there are: {', '.join(vendors)}")
        if not isinstance(chosen, Mapping):
            raise BadQuirk(f"the quirks of {name} must be an object")
    return {name: {**old.get(name, {}), **new.get(name, {})} for name in {*old, *new}}
