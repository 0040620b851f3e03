"""ConnectWise Automate, put together: what the pipeline needs of it."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from typing import Any

import orjson
from werkzeug.wrappers import Request

from mockserver.automate import (
    accounts,
    auth,
    behaviours,
    errors,
    listing,
    offering,
    projecting,
    sessions,
    system,
    writing,
)
from mockserver.automate.below import below
from mockserver.automate.counsel import COUNSEL
from mockserver.automate.extra_fields import ExtraFields
from mockserver.automate.group_members import members
from mockserver.automate.life import fleet, ticketing
from mockserver.automate.life.happenings import HAPPENINGS
from mockserver.automate.life.routes import OWN, watched
from mockserver.automate.probe_credentials import Credentials
from mockserver.automate.probes import Probes
from mockserver.automate.profile import PROFILES, AutomateProfile, profile_of
from mockserver.automate.resources.declared import Declared
from mockserver.automate.resources.rules import COMPUTERS
from mockserver.automate.resources.users import USERS
from mockserver.automate.shape import AutomateShape
from mockserver.automate.surface import SPACE, Surface
from mockserver.core.agenda import Happening
from mockserver.core.errors import (
    ClientIdMissing,
    Refusal,
    Unauthenticated,
    UriTooLong,
)
from mockserver.core.limits import Standing
from mockserver.core.profile import Profile
from mockserver.core.schema import Resource
from mockserver.core.tenant import Tenant
from mockserver.core.world import World
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Answer, Caller, Exchange
from mockserver.web.handlers import Handlers
from mockserver.web.naming import Naming
from mockserver.web.routes import REST, Handler, Route, Routes
from mockserver.web.wider import Wider

#: What shows what alerts and their tickets came to.
ALERTS = frozenset({f"{SPACE}Alerts", f"{SPACE}Alerts/History"})

#: Path parameters that are texts in the vendor's description.
TEXT_PARAMETERS = ("softwareId", "driveLetter")


class AutomateApi:
    """The Automate REST API v1.

    Args:
        surface: The declared resources.
    """

    name = "automate"
    counsel = COUNSEL
    # What lies below /v2 keeps its prefix: it is another generation (automate facts 1).
    prefix = re.compile(
        r"cwa/+api/+(?:v1(?:/+|$)|(?=v2(?:/|$)))(?P<path>.*)$", re.IGNORECASE | re.DOTALL
    )
    profiles: Mapping[str, Profile] = PROFILES
    happenings: Mapping[str, Happening] = HAPPENINGS

    def __init__(self, surface: Surface) -> None:
        self.shape: AutomateShape = surface.shape
        self._surface = surface
        words = dict.fromkeys((*(each.path for each in surface.declared()), *OWN))
        sections = {word: partial(self._section, surface, word) for word in words}
        sections[REST] = partial(self._rest, surface)
        self.routes = Routes(self._logins(), TEXT_PARAMETERS, sections)

    def credentials(self, tenant: str) -> accounts.Credentials:
        """Return the accounts of a new tenant."""
        return accounts.credentials(tenant)

    def _logins(self) -> Iterable[Route]:
        yield Route("GET", "/APIToken", sessions.options, public=True)
        yield Route("POST", "/APIToken", sessions.login, evidence="observed", public=True)
        yield Route("POST", "/APIToken/Refresh", sessions.refresh, evidence="observed", public=True)
        yield Route("POST", "/APIToken/Disable", sessions.revoke, evidence="observed", own=True)
        yield Route("POST", "/APICredentials", sessions.login, public=True)
        yield Route("POST", "/APICredentials/Refresh", sessions.refresh, public=True)

    def _section(self, surface: Surface, word: str) -> Iterable[Route]:
        for declared in surface.declared():
            if declared.path == word:
                yield from self._collection(surface, declared)
        for routes in OWN.get(word, ()):
            yield from routes(Handlers(self), surface.resource)

    def _collection(self, surface: Surface, declared: Declared) -> Iterable[Route]:
        handlers = Handlers(self)
        resource = surface.resource(f"{SPACE}{declared.path}")
        path, one = f"/{declared.path}", f"/{declared.path}/{{id}}"
        yield Route("GET", path, handlers.list, resource, "observed")
        yield Route("GET", one, handlers.read, resource, "observed")
        writes: Mapping[str, tuple[str, Handler]] = {
            "POST": (path, handlers.create),
            "PUT": (one, handlers.replace),
            "PATCH": (one, watched(declared.path, handlers.patch)),
            "DELETE": (one, handlers.delete),
        }
        for method, (template, handler) in writes.items():
            if method in declared.methods:
                yield Route(method, template, handler, resource)
        yield from ExtraFields(handlers).routes(surface, declared.path)
        yield from below(handlers, surface, declared.path)

    def described(self, profile: Profile, base: str = "") -> dict[str, Any]:
        """Return the OpenAPI document of what is emulated, as *profile* answers."""
        from mockserver.automate import openapi  # noqa: PLC0415 - seldom wanted, slow to load

        assert isinstance(profile, AutomateProfile)
        catalogue, surface = self._surface.catalogue, self._surface
        routes = offering.present(self.routes.all, profile)
        return openapi.document(routes, catalogue, surface, profile, base)

    def _rest(self, surface: Surface) -> Iterable[Route]:
        """Yield what the vendor's description has beside the core."""
        handlers = Handlers(self)
        yield from ExtraFields(handlers).routes(surface, "Contacts")
        yield from members(handlers, surface)
        yield from system.routes(surface)
        users, delete = surface.resource(USERS), sessions.farewell(handlers.delete)
        yield Route("DELETE", "/Users/{userId}", delete, users)
        yield from behaviours.routes(handlers, surface)
        probes = Probes.of(surface)
        yield from probes.routes()
        yield from Credentials.of(handlers, probes, surface).routes()
        wider = Wider(self, handlers, surface.model, behaviours.BEHAVIOURS, zone="")
        kinds: Mapping[str, Handler] = {
            "list": handlers.list,
            "count": handlers.count,
            "search": handlers.list,
            "create": handlers.create,
            "read": handlers.read,
            "replace": handlers.replace,
            "patch": handlers.patch,
            "delete": handlers.delete,
        }
        for operation, resource in surface.operations():
            handler = wider.handler(operation, resource) or kinds[operation.kind]
            evidence = surface.evidence(operation) if operation.kind in kinds else "assumed"
            yield Route(operation.method, operation.template, handler, resource, evidence)

    # -- callers ------------------------------------------------------------------------------

    def anonymous(self, world: World) -> Caller:
        """Return the caller that a refusal before authentication is rendered for."""
        return auth.anonymous(world)

    def authenticate(
        self,
        world: World,
        request: Request,
        path: str,
        found: Mapping[str, str],  # noqa: ARG002 - the pipeline's protocol
    ) -> Caller:
        """Return the caller that the token names; logins need none."""
        try:
            caller = auth.authenticate(world, request, path)
        except (Unauthenticated, ClientIdMissing):
            if not profile_of(auth.claimed(world, request, path)).token_before_url:
                self.routes.find(request.method, path)
            raise
        longest = profile_of(caller).url_chars_max
        if len(request.path) + len(request.query_string) > longest:
            raise UriTooLong(longest)
        return caller

    # -- answers ------------------------------------------------------------------------------

    def authorization(self, tenant: Tenant, key: str) -> dict[str, str]:
        """Return the headers with which *key* proves itself now; none for an unknown key."""
        return auth.authorization(tenant, key)

    def refuse(self, exchange: Exchange, refusal: Refusal) -> Answer:
        """Render a refusal, also of a token that died, in the dialect of whoever sent it."""
        exchange.caller = auth.recognised(exchange)
        return errors.refuse(exchange, refusal, self.shape)

    def standing_headers(
        self, exchange: Exchange, standing: Standing
    ) -> tuple[tuple[str, str], ...]:
        """Return ``X-RateLimit-*`` where the dialect has them."""
        if not profile_of(exchange.caller).quota_headers:
            return ()
        return errors.quota_headers(standing.limit, standing.remaining, standing.reset_s)

    def permit(self, exchange: Exchange) -> None:
        """Let readers read, and whoever may write write too."""
        auth.permit(exchange)
        offering.permit(exchange, self.routes)

    def common_headers(self, exchange: Exchange) -> tuple[tuple[str, str], ...]:  # noqa: ARG002
        """Return what every answer carries."""
        return (("Cache-Control", "no-cache"), ("Pragma", "no-cache"))

    def content_type(self, exchange: Exchange) -> str:  # noqa: ARG002
        """Return JSON, whatever was asked for: nobody uses the XML (automate facts 3)."""
        return "application/json; charset=utf-8"

    def view(self, exchange: Exchange, resource: Resource) -> str:  # noqa: ARG002
        """Return the rendering of the caller's dialect."""
        return profile_of(exchange.caller).view

    def sent(self, exchange: Exchange, body: bytes) -> bytes:  # noqa: ARG002
        """Return the stored rendering as it is."""
        return body

    def written(self, exchange: Exchange, document: Any) -> bytes:  # noqa: ARG002
        """Return the document as JSON."""
        return orjson.dumps(document)

    def created(
        self,
        exchange: Exchange,
        record_id: int,  # noqa: ARG002
    ) -> tuple[int, tuple[tuple[str, str], ...]]:
        """Return the dialect's status (C16); there is no Location (automate facts 64)."""
        return profile_of(exchange.caller).created_status, ()

    def settle(self, exchange: Exchange) -> None:
        """Let happen what is due; who looks at computers sees their last reports."""
        exchange.tenant.agendas[self.name].settle()
        resource = exchange.route.resource if exchange.route else None
        if resource is not None and resource.path == COMPUTERS:
            profile = exchange.profile
            assert isinstance(profile, AutomateProfile)
            fleet.report(exchange.records, profile)
        if resource is not None and resource.path in ALERTS:
            ticketing.follow(exchange.records, exchange.tenant.records["psa"])

    # -- parameters and payloads --------------------------------------------------------------

    def list_query(
        self, exchange: Exchange, resource: Resource, parent_id: int | None
    ) -> ListQuery:
        """Return what the list parameters ask for."""
        if profile_of(exchange.caller).unknown_parameters_refused:
            listing.refuse_unknown(exchange, self._parameters)
        query = listing.list_query(exchange, resource, parent_id, self.shape)
        return listing.narrowed(exchange, resource, query)

    @cached_property
    def _parameters(self) -> frozenset[str]:
        """Return the casefolded names of all query parameters that the description has."""
        declared = self._surface.catalogue.operations()
        return frozenset(each.name.casefold() for one in declared for each in one.parameters)

    def naming(self, exchange: Exchange, resource: Resource) -> Naming:
        """Return how the caller may name the fields of *resource*."""
        return listing.naming(exchange, resource, self.shape)

    def page_headers(
        self,
        exchange: Exchange,
        query: ListQuery,
        rows: int,  # noqa: ARG002
        total: int,
        last_id: int | None,  # noqa: ARG002
    ) -> tuple[tuple[str, str], ...]:
        """Return the totals."""
        return listing.page_headers(exchange, query.number, query.size, total)

    def fields(self, exchange: Exchange) -> Any:
        """Return the projection that the query asks for."""
        return projecting.fields(exchange, self.shape)

    def projected(self, exchange: Exchange, record: dict[str, Any], fields: Any) -> dict[str, Any]:
        """Return a record cut to the chosen members, with the child records that are wanted."""
        return projecting.projected(exchange, record, fields)

    def payload(self, exchange: Exchange, resource: Resource) -> Mapping[str, Any]:
        """Return the record in the body under its kept names."""
        return writing.payload(exchange, resource, self.shape)

    def changes(self, exchange: Exchange, resource: Resource, record_id: int) -> dict[str, Any]:
        """Return what the body changes: a list of operations or a partial object (C17)."""
        return writing.changes_of(exchange, resource, record_id, self.shape)
