"""The present records of a tenant as files, to be served anew or shared."""

import io
import zipfile
from collections.abc import Sequence

from werkzeug.wrappers import Response

from mockserver.admin.lookup import tenant_asked
from mockserver.admin.operation import Operation
from mockserver.core.world import World

#: Zip has no time of its own: the same records give the same bytes.
DATE = (1980, 1, 1, 0, 0, 0)


class ArchiveViews:
    """The operation that gives a tenant's records away.

    Args:
        world: Whose tenants.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> Sequence[Operation]:
        """Return the operations."""
        return (Operation("GET", "/world", self.archive),)

    def archive(self) -> Response:
        """Answer a zip of what `cwmock serve --world` reads; collections nobody touched are not in.

        Those are sown from the same seed again, so that nothing is missing.
        """
        tenant, ground = tenant_asked(self._world), self._world.ground
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, tenant.store.reading():
            started = self._world.started
            for name, text in ground.supplier.files(
                tenant.plan, started, tenant.store, ground.registry
            ):
                archive.writestr(zipfile.ZipInfo(name, DATE), text, zipfile.ZIP_DEFLATED)
        headers = {"Content-Disposition": f'attachment; filename="{tenant.name}.zip"'}
        return Response(file.getvalue(), headers=headers, content_type="application/zip")
