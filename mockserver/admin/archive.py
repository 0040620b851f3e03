"""The present state of a tenant as files, to be shared and served anew, and files taken in."""

from collections.abc import Sequence

from flask import request
from werkzeug.wrappers import Response

from mockserver.admin.lookup import tenant_asked
from mockserver.admin.operation import Operation, answer
from mockserver.admin.requests import ZIP, AdminError
from mockserver.core.bundle import PACKED_BYTES_MAX, BadFolder, packed
from mockserver.core.world import World


class ArchiveViews:
    """The operations that give a tenant's state away and take one in.

    Args:
        world: Whose tenants.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> Sequence[Operation]:
        """Return the operations."""
        return (
            Operation("GET", "/world", self.archive),
            Operation("PUT", "/world", self.take_in, takes_body=True, media_type=ZIP),
            Operation("DELETE", "/world", self.give_up),
        )

    def archive(self) -> Response:
        """Answer a zip of what `cwmock serve --world` reads; collections nobody touched are not in.

        Those are sown from the same seed again, so that nothing is missing.
        """
        tenant, supplier = tenant_asked(self._world), self._world.ground.supplier
        with tenant.store.reading():
            started = tenant.beginning.started
            found = packed(supplier.files(tenant.plan, started, tenant.store, tenant.clock))
        headers = {"Content-Disposition": f'attachment; filename="{tenant.name}.zip"'}
        return Response(found, headers=headers, content_type=ZIP)

    def take_in(self) -> Response:
        """Let the tenant start anew with the files in a zip: all of them or, if one is wrong, none.

        A reset goes back to them from now on.
        """
        tenant, size = tenant_asked(self._world), request.content_length or 0
        if request.environ.get("cwmock.too_large") or size > PACKED_BYTES_MAX:
            message = f"send at most {PACKED_BYTES_MAX} bytes; `cwmock serve --world` takes more"
            raise AdminError(413, "PayloadTooLarge", message)
        try:
            tenant.begin(request.get_data())
        except BadFolder as error:
            raise AdminError(400, "BadWorld", str(error)) from None
        return answer({"status": "imported", "tenant": tenant.name})

    def give_up(self) -> Response:
        """Let the tenant start anew with the records that it had before any were taken in."""
        tenant = tenant_asked(self._world)
        tenant.begin(None)
        return answer({"status": "reset", "tenant": tenant.name})
