"""What comes before a request where several processes share one world."""

import contextlib

from werkzeug.wrappers import Response

from mockserver.core.ledger import LedgerLost
from mockserver.core.world import World

#: A connection may have been lost long ago; the next one is new.
ATTEMPTS = 2
GONE = b"The database that keeps the world does not answer.\n"


class Refresher:
    """Takes over what others did, so that a request sees all that was answered before it came.

    Args:
        world: The world that is shared.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def refresh(self) -> Response | None:
        """Take over what others did; without their database, nothing can be answered."""
        for _ in range(ATTEMPTS):
            with contextlib.suppress(LedgerLost):
                self._world.refresh()
                return None
        return Response(GONE, 503, content_type="text/plain")
