"""The control plane: thin adapters over the world's own methods, JSON in and JSON out.

It is never limited and never faulted, and answers errors in one shape of its own. It owns
everything below ``/_mock``, whatever the method, so that nothing there falls to a vendor.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from flask import Blueprint, request
from flask.sansio.app import App
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from mockserver import __version__
from mockserver.admin.archive import ArchiveViews
from mockserver.admin.callbacks import CallbackViews
from mockserver.admin.guard import Guard
from mockserver.admin.members import MemberViews
from mockserver.admin.metrics import MetricViews
from mockserver.admin.operation import Endpoint, Operation, answer
from mockserver.admin.reports import Reports, ReportViews
from mockserver.admin.requests import AdminError, shown
from mockserver.admin.resend import ResendViews
from mockserver.admin.state import StateViews
from mockserver.admin.tenants import TenantViews
from mockserver.admin.traffic import TrafficViews
from mockserver.core.ledger import LedgerLost
from mockserver.core.world import World
from mockserver.web.api import Api
from mockserver.web.metrics import Metrics

NAME, PREFIX = "admin", "/_mock"


class Pages(Protocol):
    """Whoever makes the pages for people."""

    def front(self) -> Response:
        """Return the first page."""

    def views(self) -> Mapping[str, Callable[..., Response]]:
        """Return every page by its rule below ``/_mock``, as Flask spells rules."""


def control_plane(
    world: World, apis: Sequence[Api], reports: Reports, pages: Pages, metrics: Metrics
) -> Blueprint:
    """Return the blueprint that controls *world*.

    Args:
        world: The world.
        apis: The emulated interfaces.
        reports: Who judges clients.
        pages: Who makes the pages for people.
        metrics: The figures for Prometheus.
    """
    plane = Blueprint(NAME, __name__)
    plane.before_request(Guard(world.plan).check)
    plane.register_error_handler(AdminError, _told)
    plane.register_error_handler(HTTPException, _http_error)
    plane.register_error_handler(LedgerLost, _not_kept)
    views = (
        StateViews(world),
        ArchiveViews(world),
        TenantViews(world),
        TrafficViews(world, apis),
        CallbackViews(world),
        MetricViews(metrics),
        ResendViews(world, apis),
        ReportViews(world, reports),
        MemberViews(world, apis),
    )
    operations = [operation for each in views for operation in each.operations()]
    plane.record(lambda state: _mount(state.app, operations, pages))
    return plane


def _mount(app: App, operations: Sequence[Operation], pages: Pages) -> None:
    by_path: dict[str, list[Operation]] = defaultdict(list)
    for operation in operations:
        by_path[operation.path].append(operation)
    by_path["/"].append(Operation("GET", "/", _Front(operations, pages), parameters=None))
    for path, view in pages.views().items():
        by_path[path].append(Operation("GET", path, view, parameters=None))
    # No lists of methods: Flask would answer the others with a page of its own.
    for path, found in by_path.items():
        _add(app, path, Endpoint(found))
    _add(app, "/<path:path>", _unknown)


def _add(app: App, path: str, view: object) -> None:
    endpoint = f"{NAME}.{path}"
    app.url_map.add(Rule(PREFIX + path, endpoint=endpoint, strict_slashes=False))
    app.view_functions[endpoint] = view  # type: ignore[assignment]


class _Front:
    """What there is, for whoever looks in: a page, or for programs that ask for it a list."""

    def __init__(self, operations: Sequence[Operation], pages: Pages) -> None:
        self._operations, self._pages = operations, pages

    def __call__(self) -> Response:
        wanted = request.accept_mimetypes
        if wanted["text/html"] >= wanted["application/json"]:
            return self._pages.front()
        rows = [{"method": each.method, "path": PREFIX + each.path} for each in self._operations]
        return answer({"name": "cwmock", "version": __version__, "operations": rows})


def _unknown(path: str) -> Response:
    raise AdminError(404, "NotFound", f"there is no {shown(f'{PREFIX}/{path}')}; see {PREFIX}/")


def _not_kept(lost: LedgerLost) -> Response:
    return _told(AdminError(503, "ServiceUnavailable", str(lost)))


def _told(error: AdminError) -> Response:
    document = {"error": {"code": error.code, "message": error.message}}
    return answer(document, error.status, error.headers)


def _http_error(error: HTTPException) -> Response:
    code = (error.name or "Error").replace(" ", "")
    return _told(AdminError(error.code or 500, code, error.description or error.name))
