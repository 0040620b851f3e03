"""The logins with which a location's probe installs agents, one list per probe (10.1)."""

from collections.abc import Iterable
from dataclasses import dataclass

from mockserver.automate.probes import Probes
from mockserver.automate.profile import profile_of
from mockserver.automate.surface import SPACE, Surface
from mockserver.core.errors import BadJson
from mockserver.core.schema import Resource
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers
from mockserver.web.routes import Route

PATH = "ProbeConfiguration/AgentPushCredentials"
TEMPLATE = "/ProbeConfiguration/{probeConfigurationId}/AgentPushCredentials"
OWNER, COLUMN = "ProbeConfigurationId", "probeconfigurationid"


@dataclass(frozen=True)
class Credentials:
    """The operations on the logins of a probe.

    Args:
        handlers: The vendor's CRUD.
        probes: Finds the probe.
        resource: The collection of logins.
    """

    handlers: Handlers
    probes: Probes
    resource: Resource

    @classmethod
    def of(cls, handlers: Handlers, probes: Probes, surface: Surface) -> "Credentials":
        """Return the operations on the surface's probes."""
        return cls(handlers, probes, surface.resource(f"{SPACE}{PATH}"))

    def routes(self) -> Iterable[Route]:
        """Yield the operations."""
        yield Route("GET", TEMPLATE, self.list, self.resource)
        yield Route("PUT", TEMPLATE, self.replace, self.resource)
        yield Route("DELETE", TEMPLATE, self.delete, self.resource)

    def list(self, exchange: Exchange) -> Answer:
        """Answer one page of the logins of the probe in the path."""
        probe_id = self.probes.probed(exchange)["Id"]
        query = self.handlers.api.list_query(exchange, self.resource, None)
        clause = exchange.records.store.table(self.resource).c[COLUMN] == probe_id
        narrow = query.narrowed([clause], (COLUMN, probe_id))
        return self.handlers.page(exchange, self.resource, narrow)

    def replace(self, exchange: Exchange) -> Answer:
        """Give the probe the logins in the body instead of those that it has."""
        probe_id, given = self.probes.probed(exchange)["Id"], exchange.json()
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            raise BadJson("The body must be a list of objects.")
        records, login, view = exchange.records, exchange.caller.login, self._view(exchange)
        with records.store.transaction():
            if profile_of(exchange.caller).push_credentials_replaced:
                self._forget(exchange, probe_id)
            for each in given:
                records.create(self.resource, {**each, OWNER: probe_id}, login)
            ids = records.store.matching(self.resource, **{COLUMN: probe_id})
            bodies = [records.store.body(self.resource, each, view) or b"" for each in ids]
        return Answer(200, b"[" + b",".join(bodies) + b"]")

    def delete(self, exchange: Exchange) -> Answer:
        """Take all logins from the probe."""
        with exchange.records.store.transaction():
            self._forget(exchange, self.probes.probed(exchange)["Id"])
        return Answer(204)

    def _forget(self, exchange: Exchange, probe_id: int) -> None:
        store = exchange.records.store
        for each in store.matching(self.resource, **{COLUMN: probe_id}):
            store.delete(self.resource, each)

    def _view(self, exchange: Exchange) -> str:
        return profile_of(exchange.caller).view
