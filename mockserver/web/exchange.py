"""One request in flight, with everything learnt about it on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson
from werkzeug.wrappers import Request

from mockserver.core.attempt import Paged
from mockserver.core.clock import machine_nanoseconds
from mockserver.core.effects import Effect
from mockserver.core.errors import BadJson, DuplicateParameter, UnsupportedMedia
from mockserver.core.profile import Profile
from mockserver.core.records import Records
from mockserver.core.tenant import Tenant
from mockserver.core.validate import nested_deeper
from mockserver.core.world import World

if TYPE_CHECKING:
    from mockserver.web.routes import Route

JSON_TYPES = frozenset({"", "application/json", "text/json", "application/json-patch+json"})
DEPTH_MAX = 64  # Json.NET's own default
TOO_DEEP = f"The reader's MaxDepth of {DEPTH_MAX} has been exceeded."
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Caller:
    """Whoever sends a request, as far as the credentials tell.

    Attributes:
        tenant: The tenant that the credentials select.
        key: What quotas and the journal count by: a public key or a user name, never a secret;
            None for a caller that is not known yet (a login).
        login: The name written into records that the caller changes.
        writes: Whether the caller may change anything.
        dialect: The rendering that the caller gets.
        kind: What kind of account it is, where the vendor has several.
        account: The name under which somebody tries to log in; quotas do not count by it.
        purse: What quotas count by where that is not the key: several keys spend one quota.
    """

    tenant: Tenant
    key: str | None
    login: str = ""
    writes: bool = True
    dialect: str = "documented"
    kind: str = ""
    account: str | None = None
    purse: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a handler answers: a status, a rendered body and headers of its own."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None


@dataclass
class Exchange:
    """A request of one vendor's API and what has been found out about it.

    Attributes:
        api: The vendor's name.
        path: The path below the API's base, one leading slash, as sent.
        base: The URL of the API's base as the caller addressed it, without a trailing slash.
        arrived_ns: When its first byte came, on the tenant's clock.
        applied: Whether a write was committed.
        effects: The records made, ``path/id``.
        paged: What a list answered.
        notes: What the vendor passes over in silence.
        mine: Whether only the caller's own records may be listed.
        in_flight: Requests of the key that ran or queued when it came, itself included.
        hint: One sentence on why the answer is what it is; None when it needs none.
        wanted: The template of the operation that a refused request would have reached.
    """

    world: World
    api: str
    request: Request
    path: str
    base: str
    caller: Caller
    route: "Route | None" = None
    ids: tuple[str, ...] = ()
    extra_headers: list[tuple[str, str]] = field(default_factory=list)
    struck: list[Effect] = field(default_factory=list)
    error: str | None = None
    hint: str | None = None
    wanted: str | None = None
    queued_s: float = 0.0
    in_flight: int = 0
    arrived_ns: int | None = None
    applied: bool = False
    mine: bool = False
    effects: list[str] = field(default_factory=list)
    paged: Paged | None = None
    notes: list[str] = field(default_factory=list)

    def arrive(self) -> None:
        """Take the time of arrival, now that the tenant is known whose clock it is on."""
        environ = self.request.environ
        began_ns = environ.get("cwmock.began_ns")
        ago_ns = machine_nanoseconds() - began_ns if began_ns else 0
        self.arrived_ns = self.tenant.clock.nanoseconds(ago_ns)

    @property
    def tenant(self) -> Tenant:
        """Return the tenant that the request belongs to."""
        return self.caller.tenant

    @property
    def profile(self) -> Profile:
        """Return the tenant's profile for this API."""
        return self.tenant.profiles[self.api]

    @property
    def records(self) -> Records:
        """Return the tenant's records of this API."""
        return self.tenant.records[self.api].at(self.base)

    @cached_property
    def body(self) -> bytes:
        """Return the request's body."""
        environ = self.request.environ
        if not environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
            return b""
        return self.request.get_data(cache=True)

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """Return the query parameters by casefolded name; of several equals the last."""
        return {name.casefold(): value for name, value in self.request.args.items(multi=True)}

    def refuse_repeated_parameters(self) -> None:
        """Raise DuplicateParameter when a query parameter was given twice."""
        seen: set[str] = set()
        for name, _ in self.request.args.items(multi=True):  # noqa: PERF102 - keys() drops repeats
            if name.casefold() in seen:
                raise DuplicateParameter(name)
            seen.add(name.casefold())

    def json(self) -> Any:
        """Return the decoded JSON body.

        Raises:
            UnsupportedMedia: The body says that it is something else.
            BadJson: It is not JSON.
        """
        kind = self.request.mimetype
        if kind not in JSON_TYPES and not kind.endswith("+json"):
            raise UnsupportedMedia(kind)
        text = self.body.removeprefix(BOM)
        try:
            document = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise BadJson(error.msg, error.pos) from None
        except RecursionError:
            raise BadJson(TOO_DEEP) from None
        # What orjson reads (1,024 levels) it does not write again (254): cheaply ruled out here.
        if text.count(b"[") + text.count(b"{") > DEPTH_MAX and nested_deeper(document, DEPTH_MAX):
            raise BadJson(TOO_DEEP)
        return document

    def json_object(self) -> dict[str, Any]:
        """Return the decoded body, which must be an object."""
        document = self.json()
        if not isinstance(document, dict):
            raise BadJson("The body must be a JSON object.")
        return document
