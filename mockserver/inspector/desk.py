"""The inspector: which pages there are, and who makes them."""

from collections.abc import Callable, Mapping, Sequence

from werkzeug.wrappers import Response

from mockserver.core.world import World
from mockserver.inspector.browse import BrowsePages
from mockserver.inspector.lookup import Lookup
from mockserver.inspector.rendering import asset
from mockserver.inspector.state import StatePages
from mockserver.inspector.traffic import TrafficPages
from mockserver.web.api import Api

View = Callable[..., Response]


class Inspector:
    """The pages over one world.

    Args:
        world: Whose tenants.
        apis: The emulated interfaces.
    """

    def __init__(self, world: World, apis: Sequence[Api]) -> None:
        lookup = Lookup(world, apis)
        self._traffic, self._state = TrafficPages(lookup), StatePages(lookup)
        self._browse = BrowsePages(lookup)

    def front(self) -> Response:
        """Return the first page."""
        return self._traffic.all()

    def views(self) -> Mapping[str, View]:
        """Return every page by its rule below ``/_mock``, as Flask spells rules."""
        return {
            "/pages/traffic": self._traffic.all,
            "/pages/traffic/<int:entry_id>": self._traffic.one,
            "/pages/limits": self._state.limits,
            "/pages/clock": self._state.clock,
            "/pages/faults": self._state.faults,
            "/pages/callbacks": self._state.callbacks,
            "/pages/tenants": self._state.tenants,
            "/pages/coverage": self._browse.coverage,
            "/pages/data": self._browse.collections,
            "/pages/data/<api_name>/<path:path>": self._browse.rows,
            "/pages/style.css": lambda: asset("style.css"),
            "/pages/inspector.js": lambda: asset("inspector.js"),
        }
