"""Which tenant a request of the control plane is about."""

from flask import request

from mockserver.admin.operation import TENANT
from mockserver.admin.requests import AdminError, shown
from mockserver.core.tenant import Tenant
from mockserver.core.world import DEFAULT_TENANT, World


def tenant_asked(world: World) -> Tenant:
    """Return the tenant that the query names, or the default one.

    Raises:
        AdminError: There is no such tenant.
    """
    name = request.args.get(TENANT, DEFAULT_TENANT)
    tenant = world.tenants.get(name)
    if tenant is None:
        raise unknown_tenant(name)
    return tenant


def unknown_tenant(name: str) -> AdminError:
    """Return the refusal for a name that no tenant has."""
    return AdminError(404, "UnknownTenant", f"there is no tenant {shown(name)}")
