"""ConnectWise PSA, put together: what the pipeline needs of it."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from werkzeug.wrappers import Request

from mockserver.core.agenda import Happening
from mockserver.core.errors import (
    NotRouted,
    Refusal,
    Unauthenticated,
    UnknownEndpoint,
    UriTooLong,
)
from mockserver.core.limits import Standing
from mockserver.core.profile import Profile
from mockserver.core.schema import Resource
from mockserver.core.tenant import Tenant
from mockserver.core.world import World
from mockserver.psa import auth, errors, listing, page_links, printing, security
from mockserver.psa.behaviours import BEHAVIOURS, DERIVED
from mockserver.psa.bodies import changes_of, payload_of
from mockserver.psa.copying import ALONG
from mockserver.psa.counsel import COUNSEL
from mockserver.psa.own import OWN
from mockserver.psa.profile import PROFILES, PsaProfile
from mockserver.psa.search import Search
from mockserver.psa.statuses import is_settable, settled
from mockserver.psa.surface import Surface
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Answer, Caller, Exchange
from mockserver.web.handlers import Handlers
from mockserver.web.naming import Naming
from mockserver.web.routes import Handler, Route, Routes
from mockserver.web.wider import Wider

HOST = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~-]*)*", re.ASCII)
INFO = "/system/info"
TEXT_PARAMETERS = (
    *("memberIdentifier", "companyId", "reportName"),
    *("catalogItemIdentifier", "ssoid", "podId", "notifyResource"),
)


class PsaApi:
    """The PSA REST API 3.0.

    Args:
        surface: The declared resources.
    """

    name = "psa"
    counsel = COUNSEL
    prefix = re.compile(
        r"(?:(?P<codebase>[^/]+)/+apis/+3\.0(?:/+|$)|(?=login/+companyinfo/)"
        r"|(?:[^/]+/+)?(?=login/+login\.aspx/*$)"
        r"|[^/]+/+(?=system/+callbackkey/))(?P<path>.*)$",
        re.IGNORECASE | re.DOTALL,
    )
    profiles: Mapping[str, Profile] = PROFILES
    happenings: Mapping[str, Happening] = MappingProxyType({})

    def __init__(self, surface: Surface) -> None:
        self.shape, self._surface = surface.shape, surface
        sections = {word: partial(self._section, surface, word) for word in surface.sections()}
        self.routes = Routes(self._special(surface), TEXT_PARAMETERS, sections)

    def credentials(self, tenant: str) -> auth.Credentials:
        """Return the accounts of a new tenant."""
        return auth.credentials(tenant)

    # -- routes -------------------------------------------------------------------------------

    def _special(self, surface: Surface) -> Iterable[Route]:
        for method, template, handler in surface.special:
            public = template.startswith(("/login", "/system/callbackkey"))
            yield Route(method, template, handler, evidence="observed", public=public)

    def _section(self, surface: Surface, word: str) -> Iterable[Route]:
        handlers = Handlers(self)
        kinds: dict[str, Handler] = {
            "list": handlers.list,
            "count": handlers.count,
            "create": handlers.create,
            "read": handlers.read,
            "replace": handlers.replace,
            "patch": handlers.patch,
            "delete": handlers.delete,
            "search": Search(handlers),
        }
        wider = Wider(self, handlers, surface.model, BEHAVIOURS, DERIVED, along=ALONG)
        for operation, resource in surface.operations(word):
            own = OWN.get((operation.method, operation.template))
            handler = (
                partial(own, handlers)
                if own
                else wider.handler(operation, resource) or kinds.get(operation.kind)
            )
            evidence = surface.evidence(operation)
            if handler is not None and is_settable(operation):
                handler = partial(settled, handler)
            if handler is not None:
                yield Route(operation.method, operation.template, handler, resource, evidence)

    def described(self, profile: Profile, base: str = "") -> dict[str, Any]:
        """Return the OpenAPI document of what is emulated, as *profile* answers."""
        from mockserver.psa import openapi  # noqa: PLC0415 - seldom wanted, slow to load

        assert isinstance(profile, PsaProfile)
        return openapi.document(self.routes.all, self._surface.catalogue, profile, base)

    # -- callers ------------------------------------------------------------------------------

    def anonymous(self, world: World) -> Caller:
        """Return the caller that a refusal before authentication is rendered for."""
        return Caller(world.default, None)

    def authenticate(
        self,
        world: World,
        request: Request,
        path: str,
        found: Mapping[str, str],
    ) -> Caller:
        """Return the caller that the headers name; companyinfo needs none (psa facts 2.1)."""
        stranger = auth.stranger(world, request)
        profile = _profile(stranger)
        if _is_longer(request, profile.url_chars_max):
            raise UriTooLong(profile.url_chars_max)
        if not found["codebase"] or (profile.system_info_public and path.casefold() == INFO):
            return stranger if found["codebase"] else self.anonymous(world)
        try:
            caller = auth.authenticate(world, request, found["codebase"])
        except (NotRouted, Unauthenticated):
            if profile.auth_trouble_as_404 and found["codebase"].casefold() == auth.CODEBASE:
                raise UnknownEndpoint(path, module_known=False) from None
            if not profile.credentials_first and request.method != "OPTIONS":
                self.routes.find(request.method, path)
            raise
        auth.version_asked(request, _profile(caller))
        return caller

    def permit(self, exchange: Exchange) -> None:
        """Refuse what the caller's role, the route's versions or a strict server do not allow."""
        profile, route = _profile(exchange.caller), exchange.route
        assert route is not None
        if not profile.trailing_slashes and exchange.path.endswith("/"):
            raise UnknownEndpoint(exchange.path)
        if not profile.routes_in_any_case and not _is_spelt(exchange.path, route.template):
            raise UnknownEndpoint(exchange.path)
        auth.check_version(exchange.request, profile, route.template)
        security.permit(exchange)

    # -- answers ------------------------------------------------------------------------------

    def authorization(self, tenant: Tenant, key: str) -> dict[str, str]:
        """Return the headers with which *key* proves itself now; none for an unknown key."""
        return auth.authorization(tenant, key)

    def refuse(self, exchange: Exchange, refusal: Refusal) -> Answer:
        """Render a refusal as the tenant's profile words it, also one of the credentials."""
        if exchange.caller.key is None:
            exchange.caller = auth.stranger(exchange.world, exchange.request)
        return errors.refuse(exchange, refusal)

    def standing_headers(
        self, exchange: Exchange, standing: Standing
    ) -> tuple[tuple[str, str], ...]:
        """Return ``X-RateLimit-*`` where the profile has them."""
        if not _profile(exchange.caller).quota_headers:
            return ()
        return tuple(errors.quota_headers(standing.limit, standing.remaining, standing.reset_s))

    def common_headers(self, exchange: Exchange) -> tuple[tuple[str, str], ...]:
        """Return the headers seen on every live answer (psa facts 2.6)."""
        return (
            ("api-current-version", _profile(exchange.caller).version),
            ("x-cw-request-id", exchange.tenant.request_ids.uuid()),
            *_profile(exchange.caller).server_headers,
        )

    def content_type(self, exchange: Exchange) -> str:
        """Return the vendor's type when it was asked for, plain JSON otherwise."""
        try:
            profile = _profile(exchange.caller)
            version = auth.version_asked(exchange.request, profile)
            if exchange.route:
                auth.check_version(exchange.request, profile, exchange.route.template)
        except Refusal:
            version = None
        if version is None:
            return "application/json; charset=utf-8"
        return f"{auth.VENDOR_TYPE}; version={version}; charset=utf-8"

    def view(self, exchange: Exchange, resource: Resource) -> str:  # noqa: ARG002
        """Return the one stored rendering."""
        return resource.views[0]

    def sent(self, exchange: Exchange, body: bytes) -> bytes:
        """Return a stored body with its links where this caller can follow them."""
        resource = exchange.route.resource if exchange.route else None
        body = printing.rewritten(body, _profile(exchange.caller), resource)
        return _printed(exchange, body)

    def written(self, exchange: Exchange, document: Any) -> bytes:
        """Return a document that was put together of stored records, with its links."""
        return _printed(exchange, printing.stored(document))

    def created(
        self, exchange: Exchange, record_id: int
    ) -> tuple[int, tuple[tuple[str, str], ...]]:
        """Return 201 and where the new record is."""
        url = f"{exchange.request.base_url.rstrip('/')}/{record_id}"
        if _profile(exchange.caller).location_insecure:
            url = f"http://{url.partition('://')[2]}"
        return 201, (("Location", url),)

    # -- parameters ---------------------------------------------------------------------------

    def settle(self, exchange: Exchange) -> None:
        """Let happen what is due."""
        exchange.tenant.agendas[self.name].settle()

    def list_query(
        self, exchange: Exchange, resource: Resource, parent_id: int | None
    ) -> ListQuery:
        """Return what the list parameters ask for."""
        return listing.list_query(exchange, resource, parent_id)

    def naming(self, exchange: Exchange, resource: Resource) -> Naming:
        """Return how the caller may name the fields of *resource*."""
        return listing.naming(exchange, resource)

    def page_headers(
        self, exchange: Exchange, query: ListQuery, rows: int, total: int, last_id: int | None
    ) -> tuple[tuple[str, str], ...]:
        """Return Link and, where the profile has it, the total."""
        return page_links.page_headers(exchange, query, total, rows, last_id)

    def fields(self, exchange: Exchange) -> Any:
        """Return the projection that the query asks for."""
        resource = exchange.route.resource if exchange.route else None
        return listing.fields(exchange.parameters, resource, _profile(exchange.caller))

    def projected(self, exchange: Exchange, record: dict[str, Any], fields: Any) -> dict[str, Any]:
        """Return a record cut to the chosen fields."""
        cut: dict[str, Any] = listing.projected(record, fields)
        keeps = not _profile(exchange.caller).fields_drop_info and "_info" in record
        return {**cut, "_info": record["_info"]} if keeps and fields else cut

    def payload(self, exchange: Exchange, resource: Resource) -> Mapping[str, Any]:
        """Return the record in the body."""
        return payload_of(exchange, resource)

    def changes(self, exchange: Exchange, resource: Resource, record_id: int) -> dict[str, Any]:
        """Return what the patch document in the body changes."""
        return changes_of(exchange, resource, record_id)


def _is_spelt(path: str, template: str) -> bool:
    """Tell whether the words of a path are spelt as the description spells them."""
    pairs = zip(filter(None, path.split("/")), filter(None, template.split("/")), strict=True)
    return all(word.startswith("{") or word == given for given, word in pairs)


def _is_longer(request: Request, most_chars: int) -> bool:
    """Tell whether the whole URL is longer than that; putting it together is dear, and rare."""
    at_most = 3 * len(request.path) + len(request.query_string) + 3 * len(request.host) + 10
    return at_most > most_chars and len(request.url) > most_chars


def _printed(exchange: Exchange, body: bytes) -> bytes:
    """Return what is stored as the profile prints it, links below the URL that was asked."""
    base = exchange.base if HOST.fullmatch(exchange.base) else ""
    return printing.printed(body, _profile(exchange.caller), base)


def _profile(caller: Caller) -> PsaProfile:
    profile = caller.tenant.profiles["psa"]
    assert isinstance(profile, PsaProfile)
    return profile
