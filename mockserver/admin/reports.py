"""How clients behaved: the report card, for programs and for people."""

from collections.abc import Sequence
from typing import Protocol

from flask import request
from werkzeug.wrappers import Response

from mockserver.admin.lookup import tenant_asked
from mockserver.admin.operation import TENANT, Operation, answer
from mockserver.admin.requests import flag
from mockserver.core.tenant import Tenant
from mockserver.core.world import World

CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Reports(Protocol):
    """Whoever judges what a tenant's clients did."""

    def document(self, tenant: Tenant, *, backlog: bool) -> dict[str, object]:
        """Return the report for programs; *backlog* tells that work was waiting all the time."""

    def page(self, tenant: Tenant) -> str:
        """Return the report as an HTML page."""


class ReportViews:
    """The operations on reports.

    Args:
        world: Whose tenants.
        reports: Who writes them.
    """

    def __init__(self, world: World, reports: Reports) -> None:
        self._world, self._reports = world, reports

    def operations(self) -> Sequence[Operation]:
        """Return the operations."""
        return (
            Operation("GET", "/report", self.report, (TENANT, "backlog")),
            Operation("GET", "/report.html", self.page),
        )

    def report(self) -> Response:
        """Answer metrics and findings of every client."""
        backlog = flag("backlog", request.args.get("backlog", "false"))
        return answer(self._reports.document(tenant_asked(self._world), backlog=backlog))

    def page(self) -> Response:
        """Answer the same as a page."""
        text = self._reports.page(tenant_asked(self._world))
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": CSP}
        return Response(text, 200, headers, content_type="text/html; charset=utf-8")
