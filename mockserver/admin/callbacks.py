"""Webhooks on their way: every delivery with its attempts, and sending one again."""

from collections.abc import Sequence

from flask import request
from werkzeug.wrappers import Response

from mockserver.admin.lookup import tenant_asked
from mockserver.admin.operation import TENANT, Operation, answer
from mockserver.admin.requests import AdminError, bad_request, choice, shown
from mockserver.core.deliveries import State
from mockserver.core.world import World

LIMIT_DEFAULT, LIMIT_MAX = "100", 1_000
ID_MAX = 2**62


class CallbackViews:
    """The operations on deliveries.

    Args:
        world: Whose tenants.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> Sequence[Operation]:
        """Return the operations."""
        return (
            Operation("GET", "/callbacks", self.all, (TENANT, "status", "callback", "limit")),
            Operation("POST", "/callbacks/<delivery_id>/redeliver", self.redeliver),
        )

    def all(self) -> Response:
        """Answer what was sent, what waits and what was blocked, newest first."""
        state, callback = request.args.get("status"), request.args.get("callback")
        known = [each.value for each in State]
        if state is not None and state not in known:
            raise bad_request(f"status must be one of: {', '.join(known)}")
        subscription = None if callback is None else choice("callback", callback, 1, ID_MAX)
        limit = choice("limit", request.args.get("limit", LIMIT_DEFAULT), 1, LIMIT_MAX)
        outbox = tenant_asked(self._world).webhooks.outbox
        found = outbox.newest(state, subscription, limit)
        return answer({"deliveries": [delivery.document() for delivery in found]})

    def redeliver(self, delivery_id: str) -> Response:
        """Send a delivery once more, the same bytes, and answer it."""
        tenant = tenant_asked(self._world)
        outbox = tenant.webhooks.outbox
        number = int(delivery_id) if delivery_id.isascii() and delivery_id.isdigit() else ID_MAX
        if number >= ID_MAX or outbox.redeliver(number) is None:
            raise AdminError(404, "UnknownDelivery", f"there is no delivery {shown(delivery_id)}")
        self._world.courier.attend(tenant)
        delivery = outbox.find(number)
        return answer(delivery.document() if delivery else {}, 202)
