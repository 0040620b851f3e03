"""One attempt of a client, as small as grading allows: what was asked, when, and what came of it.

The entry of the journal holds bodies and headers and is soon forgotten; this is what is kept of
many more requests (retry facts 3.1). It never holds a secret: the token is a digest, the body's
digest is of the masked body.
"""

import contextlib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

import orjson

from mockserver.core.redaction import Headers
from mockserver.core.volatile import MemberPath, strip

DIGEST_BYTES = 8
NS = 1_000_000_000
QUERY_CHARS_MAX = 2_000
DIGITS_MAX = 15

_MOVES = re.compile(rb'"op"\s*:\s*"(?:add|remove|move|copy)"', re.IGNORECASE)
_BASIC = re.compile(r"Basic [^+:]*\+([^:]{1,100}):", re.IGNORECASE)
_BOUNDED = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


@dataclass(frozen=True, slots=True)
class Paged:
    """What a list answered: rows on the page, rows in all, the page's size and number."""

    rows: int
    total: int
    size: int | None
    number: int


@dataclass(slots=True, kw_only=True, eq=False)
class Attempt:
    """One request of a client and its outcome.

    All instants are nanoseconds since the epoch on the tenant's clock: monotonic as long as
    nobody moves it, and virtual where the clock is.

    Attributes:
        id: The journal's id of the exchange.
        api: ``psa`` or ``automate``.
        key: The public key or user name; None for a caller that is not known.
        connection: Which TCP connection carried it, ``host:port`` of the peer.
        client_id: What the ``clientId`` header said.
        method: The HTTP method.
        route: The operation's template, or the path where none was found.
        path: Below the API's base.
        query: The query string, cut when it is long; secrets are masked.
        digest: Of the canonical masked body, less its volatile members; empty without one.
        arrived_ns: When its first byte came.
        received_ns: When it was complete.
        flushed_ns: When the last byte of its answer was handed to the network.
        status: None when the connection was broken instead of an answer.
        retry_after: The header as emitted; None for none.
        limits: Limit, remaining and reset as emitted; None where there was none.
        writes: Whether the operation changes anything.
        applied: Whether a write was committed, whatever the client was told.
        effects: The records that it made.
        paged: What a list answered.
        notes: What the vendor passes over in silence.
        aborted: Whether the client left before its answer was sent.
        faults: Ids and kinds of the faults that struck.
        token: A digest of the access token; empty without one.
        stable_id: What an ``Idempotency-Key`` said.
        login: Whether it asked for a token.
        forward_only: Whether it pages by the last id.
        in_flight: Requests of the key that ran or queued when it came, itself included; 0 for a
            caller that is not known.
    """

    id: int = 0
    api: str = "psa"
    key: str | None = None
    connection: str | None = None
    client_id: str = ""
    method: str = "GET"
    route: str = "/"
    path: str = "/"
    query: str = ""
    digest: str = ""
    arrived_ns: int = 0
    received_ns: int = 0
    flushed_ns: int = 0
    status: int | None = 200
    retry_after: str | None = None
    limits: tuple[int | None, int | None, int | None] = (None, None, None)
    writes: bool = False
    applied: bool = False
    effects: tuple[str, ...] = ()
    paged: Paged | None = None
    notes: tuple[str, ...] = ()
    aborted: bool = False
    faults: tuple[tuple[str, str], ...] = ()
    token: str = ""
    stable_id: str = ""
    login: bool = False
    forward_only: bool = False
    in_flight: int = 0

    @property
    def verdict(self) -> str:
        """Return what the limiter said: ``admitted``, ``refused``, or ``-`` if it was not asked."""
        if self.status == 429 and not self.faults:  # noqa: PLR2004
            return "refused"
        return "-" if self.key is None or self.login else "admitted"

    @property
    def struck(self) -> frozenset[str]:
        """Return the kinds of the faults that struck."""
        return frozenset(kind for _, kind in self.faults)

    def asked(self) -> dict[str, str]:
        """Return the query parameters by casefolded, flat name; of several equals the last."""
        pairs = parse_qsl(self.query, keep_blank_values=True)
        # Automate's description names the options of lists through its binder (facts 26).
        prefix = "options." if self.api == "automate" else ""
        return {name.casefold().removeprefix(prefix): value for name, value in pairs}

    def spelt(self) -> list[str]:
        """Return the names of the query parameters as they were spelt, casefolded."""
        return [name.casefold() for name, _ in parse_qsl(self.query, keep_blank_values=True)]

    def ended(self, now_ns: int, *, aborted: bool) -> None:
        """Note when the answer really ended, and whether the client was still there."""
        self.flushed_ns, self.aborted = max(now_ns, self.flushed_ns), self.aborted or aborted


def body_digest(body: bytes | None, volatile: Sequence[MemberPath] = ()) -> str:
    """Return a digest of a body that does not depend on how its JSON is laid out.

    Args:
        body: As sent, its secrets masked.
        volatile: Members that do not count.
    """
    if not body:
        return ""
    # Deeply nested JSON is read and cannot be written again.
    with contextlib.suppress(orjson.JSONDecodeError, orjson.JSONEncodeError, RecursionError):
        document = orjson.loads(body)
        strip(document, volatile)
        body = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(body, digest_size=DIGEST_BYTES).hexdigest()


def headers_seen(headers: Headers) -> dict[str, str]:
    """Return what grading needs of a request's headers, before they are masked."""
    seen: dict[str, str] = {}
    for name, value in headers:
        field = _REQUEST_HEADERS.get(name.lower())
        if field == "token":
            scheme, _, text = value.partition(" ")
            if scheme.casefold() == "bearer":
                mark = text.strip().encode("utf-8", "replace")
                seen[field] = hashlib.blake2b(mark, digest_size=DIGEST_BYTES).hexdigest()
        elif field:
            seen[field] = value[:80]
    return seen


_REQUEST_HEADERS = {
    "authorization": "token",
    "clientid": "client_id",
    "idempotency-key": "stable_id",
    "pagination-type": "pagination",
}


def only_replaces(body: bytes | None) -> bool:
    """Return whether a patch may be repeated: it sets values and moves, adds or removes none."""
    return not _MOVES.search(body or b"")


def claimed_key(headers: Headers) -> str | None:
    """Return the public key that a masked Basic header names; None without one."""
    for name, value in headers:
        if name.casefold() == "authorization" and (found := _BASIC.match(value)):
            return found[1]
    return None


def told_limits(headers: Headers) -> tuple[str | None, tuple[int | None, int | None, int | None]]:
    """Return Retry-After and the three numbers of the quota as an answer's headers told them."""
    stated: dict[str, str] = {}
    for name, value in headers:
        folded = name.lower()
        if folded == "retry-after" or folded in _BOUNDED:
            stated[folded] = value
    if not stated:
        return None, (None, None, None)
    numbers = [_number(stated.get(name, "")) for name in _BOUNDED]
    return stated.get("retry-after"), (numbers[0], numbers[1], numbers[2])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else None
