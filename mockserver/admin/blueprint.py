"""The control plane: thin adapters over the world's own methods, JSON in and JSON out.

It is never limited and never faulted; errors have one shape of its own.
"""

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from flask import Blueprint, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from mockserver import __version__
from mockserver.admin.requests import AdminError, body, choice, instant_of, members
from mockserver.core.world import Tenant, World
from mockserver.web.api import Api

CLOCK_MEMBERS = {"freeze": bool, "advance": (int, float), "scale": (int, float), "now": str}
TENANT_MEMBERS = {"name": str, "profile": str, "world": str}
FILTERS = ("api", "key", "path", "status", "since")


def control_plane(world: World, apis: Sequence[Api]) -> Blueprint:
    """Return the blueprint that controls *world*."""
    plane = Blueprint("admin", __name__, url_prefix="/_mock")
    plane.before_request(_guard)
    plane.register_error_handler(AdminError, _told)
    plane.register_error_handler(HTTPException, _http_error)
    views = _Views(world, apis)
    for rule, method, view in views.rules():
        plane.add_url_rule(rule, f"{method} {rule}", view, methods=[method])
    plane.add_url_rule("/", "unknown root", _unknown, methods=ALL)
    plane.add_url_rule("/<path:path>", "unknown", _unknown, methods=ALL)
    return plane


ALL = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def _unknown(path: str = "") -> Response:
    raise AdminError(404, "NotFound", f"there is no /_mock/{path} for {request.method}")


def _answer(document: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, content_type="application/json")


def _told(error: AdminError) -> Response:
    return _answer({"error": {"code": error.code, "message": error.message}}, error.status)


def _http_error(error: HTTPException) -> Response:
    code = (error.name or "Error").replace(" ", "")
    message = error.description or error.name
    return _answer({"error": {"code": code, "message": message}}, error.code or 500)


def _guard() -> None:
    """Refuse a foreign Host (DNS rebinding) and writes that a page elsewhere could send."""
    host = request.host.rpartition(":")[0] or request.host
    host = host.strip("[]") if not request.host.endswith("]") else request.host.strip("[]")
    if not (host == "localhost" or _is_own_address(host)):
        raise AdminError(403, "ForeignHost", f"the host {host!r} is not this server's own")
    has_body = bool(request.content_length)
    if request.method != "GET" and has_body and request.mimetype != "application/json":
        raise AdminError(415, "UnsupportedMediaType", "send Content-Type: application/json")


def _is_own_address(host: str) -> bool:
    """Tell whether *host* is a literal address: a name can be rebound, an address cannot."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class _Views:
    """One method per operation of the control plane."""

    def __init__(self, world: World, apis: Sequence[Api]) -> None:
        self._world, self._apis = world, apis

    def rules(self) -> Sequence[tuple[str, str, Callable[..., Response]]]:
        """Return rule, method and view of every operation."""
        return (
            ("/health", "GET", self.health),
            ("/reset", "POST", self.reset),
            ("/snapshots", "POST", self.keep),
            ("/snapshots/<snapshot_id>/restore", "POST", self.restore),
            ("/clock", "GET", self.clock),
            ("/clock", "POST", self.set_clock),
            ("/limits", "GET", self.limits),
            ("/limits", "PATCH", self.set_limits),
            ("/tenants", "GET", self.tenants),
            ("/tenants", "POST", self.create_tenant),
            ("/tenants", "DELETE", self.delete_tenants),
            ("/tenants/<name>", "DELETE", self.delete_tenant),
            ("/faults", "GET", self.faults),
            ("/faults", "POST", self.add_fault),
            ("/faults", "DELETE", self.clear_faults),
            ("/faults/<fault_id>", "DELETE", self.delete_fault),
            ("/requests", "GET", self.requests),
            ("/requests", "DELETE", self.clear_requests),
            ("/routes", "GET", self.routes),
        )

    def _tenant(self) -> Tenant:
        name = request.args.get("tenant", "default")
        tenant = self._world.tenants.get(name)
        if tenant is None:
            raise AdminError(404, "UnknownTenant", f"there is no tenant {name!r}")
        return tenant

    def health(self) -> Response:
        """Answer that the server is up."""
        tenant = self._tenant()
        profile = tenant.profiles["psa"].name
        store = f"sqlite:///{tenant.plan.file}" if tenant.plan.file else "memory"
        return _answer({"status": "ok", "version": __version__, "profile": profile, "store": store})

    def reset(self) -> Response:
        """Bring the tenant back to how it started."""
        self._tenant().reset()
        return _answer({"status": "reset"})

    def keep(self) -> Response:
        """Keep the tenant's present state."""
        return _answer({"id": self._tenant().snapshot()}, 201)

    def restore(self, snapshot_id: str) -> Response:
        """Bring a kept state back."""
        if not self._tenant().restore(snapshot_id):
            raise AdminError(404, "UnknownSnapshot", f"there is no snapshot {snapshot_id!r}")
        return _answer({"id": snapshot_id, "status": "restored"})

    def clock(self) -> Response:
        """Answer the tenant's time."""
        clock = self._tenant().clock
        now = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return _answer({"now": now, "frozen": clock.frozen, "scale": clock.scale})

    def set_clock(self) -> Response:
        """Freeze, advance, scale or set the tenant's clock, in one step."""
        given = members(body(), CLOCK_MEMBERS)
        scale = given.get("scale")
        if scale is not None and not 0 < scale <= 1e6:  # noqa: PLR2004
            raise AdminError(400, "BadRequest", "scale must be above 0 and at most 1000000")
        try:
            self._tenant().clock.set(
                frozen=given.get("freeze"),
                scale=scale,
                now=instant_of(given.get("now")),
                advance_s=given.get("advance", 0.0),
            )
        except (OverflowError, ValueError):
            raise AdminError(400, "BadRequest", "the clock cannot show that instant") from None
        return self.clock()

    def limits(self) -> Response:
        """Answer the quotas of both vendors."""
        limits = self._tenant().limits
        return _answer({name: limit.quota.document() for name, limit in limits.items()})

    def set_limits(self) -> Response:
        """Change the quotas of one or both vendors; all or nothing."""
        tenant, document = self._tenant(), members(body(), {"psa": dict, "automate": dict})
        try:
            quotas = {n: tenant.limits[n].quota.changed(**given) for n, given in document.items()}
        except (ValueError, TypeError) as error:
            raise AdminError(400, "BadRequest", str(error)) from None
        for name, quota in quotas.items():
            tenant.limits[name].quota = quota
            tenant.slots[name].admit()
        return self.limits()

    def tenants(self) -> Response:
        """Answer every tenant and how to reach it."""
        return _answer({"tenants": [self._described(t) for t in self._world.tenants.values()]})

    def create_tenant(self) -> Response:
        """Add a tenant and answer its credentials."""
        given = members(body(), TENANT_MEMBERS, required=("name",))
        try:
            tenant = self._world.create_tenant(
                given["name"], given.get("profile"), given.get("world")
            )
        except ValueError as error:
            taken = "exists" in str(error)
            code = "TenantExists" if taken else "BadRequest"
            raise AdminError(409 if taken else 400, code, str(error)) from None
        return _answer(self._described(tenant), 201)

    def _described(self, tenant: Tenant) -> Mapping[str, Any]:
        host = request.host_url.rstrip("/")
        psa, automate = tenant.credentials["psa"], tenant.credentials["automate"]
        public, private = psa.main
        user = automate.main
        return {
            "name": tenant.name,
            "profile": tenant.profiles["psa"].name,
            "psa": {
                "base_url": f"{host}/v4_6_release/apis/3.0",
                "company": psa.company,
                "public_key": public,
                "private_key": private,
                "client_id": psa.client_id,
            },
            "automate": {
                "base_url": f"{host}/cwa/api/v1",
                "username": user.name,
                "password": user.password,
            },
        }

    def delete_tenants(self) -> Response:
        """Remove every tenant but the default one, which is reset."""
        for name in list(self._world.tenants):
            self._world.remove_tenant(name)
        return Response(status=204)

    def delete_tenant(self, name: str) -> Response:
        """Remove a tenant; the default one is reset."""
        if not self._world.remove_tenant(name):
            raise AdminError(404, "UnknownTenant", f"there is no tenant {name!r}")
        return Response(status=204)

    def faults(self) -> Response:
        """Answer the rules with how often each struck and what is pending."""
        return _answer({"faults": self._tenant().faults.documents()})

    def add_fault(self) -> Response:
        """Add a rule."""
        try:
            return _answer(self._tenant().faults.add(body()), 201)
        except ValueError as error:
            raise AdminError(400, "BadRequest", str(error)) from None

    def clear_faults(self) -> Response:
        """Remove every rule."""
        self._tenant().faults.clear()
        return Response(status=204)

    def delete_fault(self, fault_id: str) -> Response:
        """Remove a rule."""
        if not self._tenant().faults.remove(fault_id):
            raise AdminError(404, "UnknownFault", f"there is no fault {fault_id!r}")
        return Response(status=204)

    def requests(self) -> Response:
        """Answer what was asked and answered, newest first."""
        given = {name: request.args[name] for name in FILTERS if name in request.args}
        given["limit"] = choice(request.args.get("limit", "100"), 1, 10_000)
        try:
            return _answer({"requests": self._tenant().journal.entries(**given)})
        except ValueError as error:
            raise AdminError(400, "BadRequest", str(error)) from None

    def clear_requests(self) -> Response:
        """Empty the journal."""
        self._tenant().journal.clear()
        return Response(status=204)

    def routes(self) -> Response:
        """Answer every emulated operation and how it is known."""
        rows = [
            {"api": api.name, "method": r.method, "path": r.template, "evidence": r.evidence}
            for api in self._apis
            for r in api.routes.all
        ]
        return _answer({"routes": rows})
