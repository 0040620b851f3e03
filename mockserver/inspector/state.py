"""Pages about a tenant's state: quotas, time, faults, callbacks; and about tenants."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
from flask import request
from werkzeug.wrappers import Response

from mockserver.core.effects import KINDS, Effect
from mockserver.core.tenant import Tenant
from mockserver.inspector.lookup import Lookup
from mockserver.inspector.rendering import page
from mockserver.inspector.timeline import timeline

REFUSALS_MAX = 50
DELIVERIES_MAX = 200
#: What the form of each fault starts with.
EXAMPLES = {
    "error": '{"kind": "error", "status": 503}',
    "delay": '{"kind": "delay", "seconds": 2}',
    "error-after": '{"kind": "error-after", "status": 502}',
    "truncate": '{"kind": "truncate", "bytes": 100}',
    "html": '{"kind": "html", "status": 429}',
    "slow": '{"kind": "slow", "bytes_per_second": 100}',
    "rate-limit": '{"kind": "rate-limit", "retry_after": "30"}',
}


class StatePages:
    """Limits, clock, faults, callbacks and tenants.

    Args:
        lookup: What may be asked of the world.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def limits(self) -> Response:
        """Return where every key stands, and who was refused when."""
        return self._page(
            "limits",
            lambda tenant: {
                "quotas": {n: limit.quota.document() for n, limit in tenant.limits.items()},
                "gauges": list(_gauges(tenant)),
                "timeline": timeline(tenant),
                "refusals": tenant.journal.entries(status=429, limit=REFUSALS_MAX),
            },
        )

    def clock(self) -> Response:
        """Return the tenant's time, to be frozen, moved and scaled."""
        return self._page(
            "clock",
            lambda tenant: {
                "now": tenant.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "frozen": tenant.clock.frozen,
                "scale": tenant.clock.scale,
            },
        )

    def faults(self) -> Response:
        """Return the rules, their strikes, and a form for another."""
        kinds = {kind: EXAMPLES.get(kind, f'{{"kind": "{kind}"}}') for kind in KINDS}
        members = {kind: _members(effect) for kind, effect in KINDS.items()}
        return self._page(
            "faults",
            lambda tenant: {
                "faults": tenant.faults.documents(),
                "kinds": kinds,
                "members": members,
            },
        )

    def callbacks(self) -> Response:
        """Return the deliveries, newest first."""
        return self._page(
            "callbacks",
            lambda tenant: {"deliveries": _deliveries(tenant)},
        )

    def tenants(self) -> Response:
        """Return every tenant with its credentials."""
        world = self._lookup.world
        return self._page(
            "tenants",
            lambda _: {"all": [_accounts(tenant) for tenant in list(world.tenants.values())]},
        )

    def _page(self, name: str, values: Callable[[Tenant], dict[str, Any]]) -> Response:
        names, tenant = list(self._lookup.world.tenants), self._lookup.tenant()
        if tenant is None:
            return page("missing", self._lookup.world.default, names, 404, what="tenant")
        return page(name, tenant, names, **values(tenant))


def _members(effect: type[Effect]) -> str:
    """Return in words what an effect of this kind may say."""
    needed, free = effect.spelt()
    if not (needed or free):
        return f"{effect.kind} has no further members."
    told = [f"needs {', '.join(needed)}"] if needed else []
    told += [f"may have {', '.join(free)}"] if free else []
    return f"{effect.kind} {' and '.join(told)}."


def _gauges(tenant: Tenant) -> Iterator[dict[str, Any]]:
    for name, limit in tenant.limits.items():
        for key in limit.keys():  # noqa: SIM118 - a limiter is no mapping
            standing = limit.peek(key)
            if standing is not None:
                spent = standing.limit - standing.remaining
                yield {"api": name, "key": key, "spent": spent, **standing._asdict()}


def _deliveries(tenant: Tenant) -> list[dict[str, Any]]:
    newest = tenant.webhooks.outbox.newest(limit=DELIVERIES_MAX)
    return [
        {
            **delivery.document(),
            "signed": tenant.webhooks.is_signed(delivery),
            "bytes": len(delivery.message.body.encode()),
            **_read(delivery.message.body),
        }
        for delivery in newest
    ]


def _read(body: str) -> dict[str, str | None]:
    """Return where a message says that its signing key is answered, and the record in it."""
    document = orjson.loads(body)
    told = (document.get("Metadata") or {}).get("key_url"), document.get("Entity")
    url, entity = (each if isinstance(each, str) else None for each in told)
    return {"key_url": url, "entity": entity}


def _accounts(tenant: Tenant) -> dict[str, Any]:
    psa, automate = tenant.credentials["psa"], tenant.credentials["automate"]
    public, private = psa.main
    return {
        "name": tenant.name,
        "profile": tenant.profiles["psa"].name,
        "psa_url": f"{request.host_url}v4_6_release/apis/3.0",
        "automate_url": f"{request.host_url}cwa/api/v1",
        "company": psa.company,
        "public": public,
        "private": private,
        "user": automate.main.name,
        "password": automate.main.password,
        "requests": tenant.journal.last_id,
        "taken_in": tenant.beginning.archive is not None,
    }
