"""Report cards of a tenant's clients, from its journal as it stands."""

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from mockserver.core.tenant import Tenant
from mockserver.grading.metric import Terms

if TYPE_CHECKING:
    from mockserver.grading.report import Card

NS = 1_000_000_000


def terms_of(tenant: Tenant, api: str) -> Terms:
    """Return what clients of an API of this tenant are up against now."""
    quota = tenant.limits[api].quota
    spans = tuple((int(start * NS), int(end * NS)) for start, end in tenant.faults.outages())
    ttl_s = float(tenant.plan.token_ttl_s or Terms.token_ttl_s)
    return Terms(quota.requests, quota.window_s, quota.window, ttl_s, outages=spans)


class Desk:
    """Writes report cards; holds nothing."""

    def cards(self, tenant: Tenant, *, backlog: bool = False) -> list["Card"]:
        """Return the card of every key that sent requests."""
        # Nor does a start wait for what grades.
        from mockserver.grading.report import cards  # noqa: PLC0415

        attempts = tenant.journal.attempts()
        span = ((attempts[0].arrived_ns, attempts[-1].arrived_ns),) if attempts and backlog else ()
        return cards(attempts, lambda api: replace(terms_of(tenant, api), backlog=span))

    def document(self, tenant: Tenant, *, backlog: bool) -> dict[str, object]:
        """Return the report for programs (interface section 6)."""
        from mockserver.grading.report import document  # noqa: PLC0415

        return document(self.cards(tenant, backlog=backlog))

    def page(self, tenant: Tenant) -> str:
        """Return the report for people."""
        # Every start would pay for the pictures, and few look at them.
        from mockserver.grading.page import page  # noqa: PLC0415

        whose = f"?tenant={quote(tenant.name, safe='')}"

        def whole(number: int) -> str:
            return f"pages/traffic/{number}{whose}"

        title = f"Report card of tenant {tenant.name}"
        return page(self.cards(tenant), title, whole, f"pages/traffic{whose}")
