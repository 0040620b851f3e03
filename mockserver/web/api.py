"""What a vendor brings to the pipeline."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

from sqlalchemy import ColumnElement
from werkzeug.wrappers import Request

from mockserver.core.errors import Refusal
from mockserver.core.limits import Standing
from mockserver.core.profile import Profile
from mockserver.core.schema import Resource
from mockserver.core.statements import Page
from mockserver.core.tenant import Tenant
from mockserver.core.world import World
from mockserver.web.exchange import Answer, Caller, Exchange
from mockserver.web.explain import Reading
from mockserver.web.naming import Naming
from mockserver.web.routes import Routes


@dataclass(frozen=True)
class ListQuery:
    """Which page of a collection is wanted, and how it is to be shown.

    Attributes:
        page: The rows.
        number: The page's number, from 1.
        size: Rows on a full page; None for all.
        fields: The projection; None for whole records.
        forward_only: Whether the next page is found by the last id.
        reading: Makes what explains which filter removed which rows.
        within: Conditions that are no filters of the caller's.
    """

    page: Page
    number: int = 1
    size: int | None = 25
    fields: Any = None
    forward_only: bool = False
    reading: Callable[[], Reading] | None = None
    within: tuple[ColumnElement[bool], ...] = ()

    def narrowed(self, where: Sequence[ColumnElement[bool]], key: Hashable) -> Self:
        """Return the same query with further conditions, which *key* tells from others."""
        if not where:
            return self
        page, within = self.page.narrowed(where, key), (*self.within, *where)
        return replace(self, page=page, within=within)

    def explaining(self) -> Reading | None:
        """Return what explains which filter removed which rows."""
        if self.reading is None:
            return None
        return self.reading()._replace(within=self.within, key=self.page.key)


class Api(Protocol):
    """One emulated vendor interface."""

    @property
    def name(self) -> str:
        """Return the name that URLs, limits and the journal know it by."""

    @property
    def prefix(self) -> re.Pattern[str]:
        """Return what its paths match; the group ``path`` is what lies below the base."""

    @property
    def routes(self) -> Routes:
        """Return its operations."""

    @property
    def counsel(self) -> Mapping[str, str]:
        """Return, by the reason for which credentials are refused, what to do about it."""

    def described(self, profile: Profile, base: str = "") -> dict[str, Any]:
        """Return the OpenAPI document of what is emulated, as *profile* answers.

        Args:
            profile: One of the vendor's own.
            base: The URL before the vendor's prefix; empty makes the document's URLs relative.
        """

    def authenticate(
        self, world: World, request: Request, path: str, found: Mapping[str, str]
    ) -> Caller:
        """Return who sends the request, or raise a refusal."""

    def permit(self, exchange: Exchange) -> None:
        """Raise a refusal unless the caller may carry out the operation that was found."""

    def anonymous(self, world: World) -> Caller:
        """Return the caller that a refusal before authentication is rendered for."""

    def authorization(self, tenant: Tenant, key: str) -> dict[str, str]:
        """Return the headers with which *key* proves itself now; none for an unknown key."""

    def refuse(self, exchange: Exchange, refusal: Refusal) -> Answer:
        """Render a refusal."""

    def standing_headers(
        self, exchange: Exchange, standing: Standing
    ) -> tuple[tuple[str, str], ...]:
        """Return the headers that tell a caller what is left of its quota."""

    def common_headers(self, exchange: Exchange) -> tuple[tuple[str, str], ...]:
        """Return the headers of every answer."""

    def content_type(self, exchange: Exchange) -> str:
        """Return the content type of a JSON answer."""

    def settle(self, exchange: Exchange) -> None:
        """Let happen what is due on the tenant's clock, before the request is carried out."""

    def list_query(
        self, exchange: Exchange, resource: Resource, parent_id: int | None
    ) -> ListQuery:
        """Return what the list parameters ask for, below one parent if there is one."""

    def naming(self, exchange: Exchange, resource: Resource) -> Naming:
        """Return how the caller may name the fields of *resource*."""

    def page_headers(
        self, exchange: Exchange, query: ListQuery, rows: int, total: int, last_id: int | None
    ) -> tuple[tuple[str, str], ...]:
        """Return the headers of a page."""

    def view(self, exchange: Exchange, resource: Resource) -> str:
        """Return which stored rendering this caller gets."""

    def payload(self, exchange: Exchange, resource: Resource) -> Mapping[str, Any]:
        """Return the record in the body of a POST or PUT, its members as declared."""

    def changes(self, exchange: Exchange, resource: Resource, record_id: int) -> dict[str, Any]:
        """Return what the body of a PATCH changes in this record."""

    def created(
        self, exchange: Exchange, record_id: int
    ) -> tuple[int, tuple[tuple[str, str], ...]]:
        """Return the status and headers of a successful create."""

    def sent(self, exchange: Exchange, body: bytes) -> bytes:
        """Return a stored body as this caller sees it."""

    def written(self, exchange: Exchange, document: Any) -> bytes:
        """Return what was put together for this answer, as the vendor prints it."""

    def fields(self, exchange: Exchange) -> Any:
        """Return the projection that the query asks for; None for whole records."""

    def projected(self, exchange: Exchange, record: dict[str, Any], fields: Any) -> dict[str, Any]:
        """Return a record cut to the chosen fields."""
