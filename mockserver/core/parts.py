"""What a ledger keeps of a tenant besides its records."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.core.keeping import Part, Whole
from mockserver.core.ledger import Account
from mockserver.core.limits import Quota
from mockserver.core.traffic import Traffic

if TYPE_CHECKING:
    from mockserver.core.tenant import Tenant


def parts_of(tenant: "Tenant", account: Account) -> Mapping[str, Part]:
    """Return the parts of a tenant, in the order in which they are to be restored."""
    parts: dict[str, Part] = {
        "beginning": Whole(lambda: tenant.beginning.document, tenant.begin_as_kept),
        "clock": Whole(tenant.clock.state, tenant.clock.restore),
    }
    for name in tenant.limits:
        parts[f"quota/{name}"] = Whole(*_quota(tenant, name))
        parts[f"limits/{name}"] = tenant.limits[name]
    parts |= {
        "dice": Whole(tenant.dice.state, tenant.dice.restore),
        "faults": Whole(tenant.faults.state, tenant.faults.restore),
        "tokens": tenant.tokens,
        "locks": Whole(tenant.locks.state, tenant.locks.restore),
        "debugging": Whole(tenant.debugging.state, tenant.debugging.restore),
        "snapshots": Whole(*_snapshots(tenant)),
    }
    if not account.shared:
        parts["journal"] = Traffic(tenant.journal)
    return parts


def _quota(tenant: "Tenant", name: str) -> tuple[Callable[[], Any], Callable[[Any], None]]:
    limit = tenant.limits[name]

    def state() -> Any:
        # Who starts again under another limit, and never changed it meanwhile, means that one.
        return None if limit.quota == tenant.profiles[name].quota else limit.quota.document()

    def restore(kept: Any) -> None:
        limit.quota = Quota().changed(**kept) if kept else tenant.profiles[name].quota
        tenant.slots[name].admit()

    return state, restore


def _snapshots(tenant: "Tenant") -> tuple[Callable[[], Any], Callable[[Any], None]]:
    from mockserver.core.tenant import Snapshot  # noqa: PLC0415 - two halves of one thing

    def state() -> Any:
        return {name: each.state for name, each in tenant.snapshots.items()}

    def restore(kept: Any) -> None:
        tenant.snapshots.clear()
        tenant.snapshots.update((name, Snapshot(each, None)) for name, each in kept.items())

    return state, restore
