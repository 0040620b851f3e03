"""The state of a tenant: reset, snapshots, the clock, the quotas."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from werkzeug.wrappers import Response

from mockserver import __version__
from mockserver.admin.lookup import tenant_asked
from mockserver.admin.operation import Operation, answer
from mockserver.admin.requests import (
    AdminError,
    bad_request,
    body,
    instant_of,
    members,
    shown,
)
from mockserver.core.clock import Clock
from mockserver.core.ledgers import without_password
from mockserver.core.world import World

CLOCK_MEMBERS = {"freeze": bool, "advance": float, "scale": float, "now": str}
LIMIT_MEMBERS = {"psa": dict, "automate": dict}
SCALE_MAX = 1_000_000
# Wide enough for every test; narrow enough that what is reckoned from an instant (a token's end,
# the next window) is an instant, too.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
SNAPSHOTS_MAX = 100


class StateViews:
    """The operations on the state of a tenant.

    Args:
        world: Whose tenants.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> Sequence[Operation]:
        """Return the operations."""
        return (
            Operation("GET", "/health", self.health),
            Operation("POST", "/reset", self.reset),
            Operation("POST", "/snapshots", self.keep),
            Operation("POST", "/snapshots/<snapshot_id>/restore", self.restore),
            Operation("GET", "/clock", self.clock),
            Operation("POST", "/clock", self.set_clock, takes_body=True),
            Operation("GET", "/limits", self.limits),
            Operation("PATCH", "/limits", self.set_limits, takes_body=True),
        )

    def health(self) -> Response:
        """Answer that the server is up."""
        tenant = tenant_asked(self._world)
        profile = tenant.profiles["psa"].name
        store = without_password(tenant.plan.store)
        return answer({"status": "ok", "version": __version__, "profile": profile, "store": store})

    def reset(self) -> Response:
        """Bring the tenant back to how it started; its snapshots are forgotten."""
        tenant = tenant_asked(self._world)
        tenant.reset()
        return answer({"status": "reset", "tenant": tenant.name})

    def keep(self) -> Response:
        """Keep the tenant's present state."""
        tenant = tenant_asked(self._world)
        if len(tenant.snapshots) >= SNAPSHOTS_MAX:
            message = f"there are {SNAPSHOTS_MAX} snapshots already; a reset forgets them"
            raise AdminError(409, "TooManySnapshots", message)
        return answer({"id": tenant.snapshot()}, 201)

    def restore(self, snapshot_id: str) -> Response:
        """Bring a kept state back; it can be brought back again."""
        if not tenant_asked(self._world).restore(snapshot_id):
            message = f"there is no snapshot {shown(snapshot_id)}"
            raise AdminError(404, "UnknownSnapshot", message)
        return answer({"id": snapshot_id, "status": "restored"})

    def clock(self) -> Response:
        """Answer the tenant's time."""
        clock = tenant_asked(self._world).clock
        now = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return answer({"now": now, "frozen": clock.frozen, "scale": clock.scale})

    def set_clock(self) -> Response:
        """Freeze, advance, scale or set the tenant's clock: all of it or nothing."""
        tenant = tenant_asked(self._world)
        clock, given = tenant.clock, members(body(), CLOCK_MEMBERS)
        now, advance_s = instant_of(given.get("now")), given.get("advance", 0.0)
        scale = given.get("scale")
        if scale is not None and not 0 < scale <= SCALE_MAX:
            raise bad_request(f"scale must be above 0 and at most {SCALE_MAX}")
        _check_instant(clock, now, advance_s)
        clock.set(frozen=given.get("freeze"), scale=scale, now=now, advance_s=advance_s)
        self._world.courier.attend(tenant)
        return self.clock()

    def limits(self) -> Response:
        """Answer the quotas of both vendors."""
        limits = tenant_asked(self._world).limits
        return answer({name: limit.quota.document() for name, limit in limits.items()})

    def set_limits(self) -> Response:
        """Change the quotas of one or both vendors: all of it or nothing."""
        tenant, document = tenant_asked(self._world), members(body(), LIMIT_MEMBERS)
        try:
            quotas = {n: tenant.limits[n].quota.changed(**given) for n, given in document.items()}
        except ValueError as error:
            raise bad_request(str(error)) from None
        for name, quota in quotas.items():
            tenant.limits[name].quota = quota
            tenant.slots[name].admit()
        return self.limits()


def _check_instant(clock: Clock, now: datetime | None, advance_s: float) -> None:
    try:
        reached = (now or clock.now()) + timedelta(seconds=advance_s)
    except OverflowError:
        reached = None
    if reached is None or not EARLIEST <= reached <= LATEST:
        raise bad_request(f"the clock goes from {EARLIEST:%Y-%m-%d} to {LATEST:%Y-%m-%d}")
