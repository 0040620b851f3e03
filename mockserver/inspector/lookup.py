"""What the pages look up in the world, without going through HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask import request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from mockserver.core.errors import Refusal
from mockserver.core.tenant import Tenant
from mockserver.core.world import DEFAULT_TENANT, World
from mockserver.web.api import Api
from mockserver.web.exchange import Answer, Caller, Exchange
from mockserver.web.explain import Explained, explained
from mockserver.web.handlers import parent_id_of


@dataclass(frozen=True)
class Lookup:
    """What pages may ask of a world.

    Args:
        world: The world.
        apis: The emulated interfaces.
    """

    world: World
    apis: Sequence[Api]

    def tenant(self) -> Tenant | None:
        """Return the tenant that the query names, or None when there is none."""
        return self.world.tenants.get(request.args.get("tenant", DEFAULT_TENANT))

    def api(self, name: str) -> Api | None:
        """Return the interface of this name, or None."""
        return next((each for each in self.apis if each.name == name), None)

    def exchange(self, api: Api, tenant: Tenant, path: str, query: str) -> Exchange:
        """Return a read of *path* by somebody who may read all, that nobody counts or journals.

        Raises:
            Refusal: There is no such operation.
        """
        builder = EnvironBuilder(path="/", query_string=query, headers=Headers())
        caller = Caller(tenant, None, login="inspector")
        exchange = Exchange(
            self.world, api.name, Request(builder.get_environ()), path, request.host_url, caller
        )
        exchange.route, exchange.ids = api.routes.find("GET", path)
        return exchange

    def answer(self, api: Api, tenant: Tenant, path: str, query: str) -> tuple[Answer, int | None]:
        """Return the answer to such a read, and of how many rows it shows a page.

        Raises:
            Refusal: As the vendor would refuse it.
        """
        exchange = self.exchange(api, tenant, path, query)
        assert exchange.route is not None
        answer = exchange.route.handler(exchange)
        return answer, exchange.paged.total if exchange.paged else None

    def names(self, api: Api, tenant: Tenant, path: str) -> list[str]:
        """Return what a condition on the collection at *path* may name; [] if there is none."""
        try:
            exchange = self.exchange(api, tenant, path, "")
        except Refusal:
            return []
        resource = exchange.route.resource if exchange.route else None
        paths = api.naming(exchange, resource).paths if resource else {}
        return sorted(next(iter(paths.values()), ()))

    def explained(self, api: Api, tenant: Tenant, path: str, query: str) -> Explained | None:
        """Return the condition in *query* as a tree with rows; None when there is none."""
        try:
            exchange = self.exchange(api, tenant, path, query)
            resource = exchange.route.resource if exchange.route else None
            if resource is None:
                return None
            parent_id = parent_id_of(exchange, resource, child=0)
            reading = api.list_query(exchange, resource, parent_id).explaining()
            told = reading is not None and reading.filters
            return explained(exchange.records.store, reading) if reading and told else None
        except Refusal:
            return None


def rows_in(answer: Answer) -> list[dict[str, Any]]:
    """Return the records of a list's answer."""
    found = orjson.loads(answer.body or b"[]")
    rows = found if isinstance(found, list) else [found]
    return [row for row in rows if isinstance(row, dict)]
