"""Tenants: adding, listing and removing them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from mockserver.admin.lookup import unknown_tenant
from mockserver.admin.operation import Operation, answer, nothing
from mockserver.admin.requests import AdminError, bad_request, body, members
from mockserver.core.tenant import Tenant
from mockserver.core.world import TenantExists, World

TENANT_MEMBERS = {"name": str, "profile": str, "world": object, "quirks": dict}
SIZES = ("tiny", "default", "large")
TICKETS_MAX = 1_000_000


class TenantViews:
    """The operations on tenants.

    Args:
        world: Whose tenants.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> Sequence[Operation]:
        """Return the operations."""
        return (
            Operation("GET", "/tenants", self.all, parameters=()),
            Operation("POST", "/tenants", self.create, parameters=(), takes_body=True),
            Operation("DELETE", "/tenants", self.delete_all, parameters=()),
            Operation("DELETE", "/tenants/<name>", self.delete, parameters=()),
        )

    def all(self) -> Response:
        """Answer every tenant and how to reach it."""
        return answer({"tenants": [described(each) for each in list(self._world.tenants.values())]})

    def create(self) -> Response:
        """Add a tenant and answer its credentials."""
        given = members(body(), TENANT_MEMBERS, required=("name",))
        size = _size(given["world"]) if "world" in given else None
        try:
            tenant = self._world.create_tenant(
                given["name"], given.get("profile"), size, given.get("quirks")
            )
        except TenantExists as error:
            raise AdminError(409, "TenantExists", str(error)) from None
        except ValueError as error:
            raise bad_request(str(error)) from None
        return answer(described(tenant), 201)

    def delete_all(self) -> Response:
        """Remove every tenant; the default one is there anew at once."""
        for name in list(self._world.tenants):
            self._world.remove_tenant(name)
        return nothing()

    def delete(self, name: str) -> Response:
        """Remove a tenant; the default one is there anew at once."""
        if not self._world.remove_tenant(name):
            raise unknown_tenant(name)
        return nothing()


def _size(value: Any) -> str:
    """Return the size that ``world`` names: one of the words, or a number of tickets."""
    text = str(value).casefold() if isinstance(value, str | int) else ""
    if text in SIZES:
        return text
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(TICKETS_MAX))
    if digits and 1 <= int(text) <= TICKETS_MAX:
        return str(int(text))
    raise bad_request(f"world must be tiny, default, large or a number from 1 to {TICKETS_MAX}")


def described(tenant: Tenant) -> Mapping[str, Any]:
    """Return how to reach a tenant, below the URL under which the server was just reached."""
    url = request.host_url.rstrip("/")
    psa, automate = tenant.credentials["psa"], tenant.credentials["automate"]
    public, private = psa.main
    return {
        "name": tenant.name,
        "profile": tenant.profiles["psa"].name,
        "psa": {
            "base_url": f"{url}/v4_6_release/apis/3.0",
            "company": psa.company,
            "public_key": public,
            "private_key": private,
            "client_id": psa.client_id,
        },
        "automate": {
            "base_url": f"{url}/cwa/api/v1",
            "username": automate.main.name,
            "password": automate.main.password,
        },
    }
