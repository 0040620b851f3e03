"""Every refusal, in neutral words.

A refusal is an answer that the vendor would give too; it carries facts, no status and no text for
the wire. Each vendor's ``errors.py`` turns the closed set into status, headers and body, once.
Whatever else escapes a handler is a defect of ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum


class Refusal(Exception):
    """A request that the emulated vendor would refuse as well."""


class Flaw(Enum):
    """What can be wrong with one field of a payload."""

    MISSING = "missing"
    WRONG_TYPE = "wrong type"
    WRONG_SHAPE = "wrong shape"
    TOO_LONG = "too long"
    NOT_IN_ENUM = "not in enum"
    OUT_OF_RANGE = "out of range"
    BAD_INSTANT = "bad instant"
    UNKNOWN_MEMBER = "unknown member"
    UNKNOWN_REFERENCE = "unknown reference"
    AMBIGUOUS_REFERENCE = "ambiguous reference"
    EXISTS = "exists"
    RULE = "rule"


@dataclass(frozen=True)
class Fault:
    """One bad field of a payload.

    *path* is spelt with slashes (``company/id``); *detail* is what the vendor's text needs besides
    (the maximum length, the reference that was not found, the rule's own words).
    """

    flaw: Flaw
    path: str
    detail: object = None
    value: object = None


@dataclass(eq=False)
class Unauthenticated(Refusal):
    """The credentials are missing, malformed, unknown or expired."""

    reason: str = "invalid"


@dataclass(eq=False)
class ClientIdMissing(Refusal):
    """The request does not name its integration, or by an id that is on no list (*given*)."""

    given: str = ""


@dataclass(eq=False)
class Forbidden(Refusal):
    """The caller is known but may not do this; *lacking* says for people what it would need."""

    reason: str = ""
    lacking: str = ""


@dataclass(eq=False)
class TlsRequired(Refusal):
    """The request came over plain HTTP and the world insists on TLS."""


@dataclass(eq=False)
class NotRouted(Refusal):
    """The codebase or company in the request belongs to no tenant.

    Attributes:
        what: Which of them (``codebase``, ``company``).
        value: As it was sent.
        known: What would have been right, where that may be told.
    """

    what: str = ""
    value: str = ""
    known: tuple[str, ...] = ()


@dataclass(eq=False)
class UnknownEndpoint(Refusal):
    """No operation has this path.

    Attributes:
        path: As it was asked for.
        module_known: Whether its first segment exists.
        id_expected: Whether there would be an operation if one of the segments were a number.
    """

    path: str
    module_known: bool = True
    id_expected: bool = False


@dataclass(eq=False)
class MethodNotAllowed(Refusal):
    """The path exists, this method on it does not."""

    method: str
    allowed: tuple[str, ...]


@dataclass(eq=False)
class RecordNotFound(Refusal):
    """No record of *resource* (its path) has this id."""

    resource: str
    record_id: object


@dataclass(eq=False)
class Conflict(Refusal):
    """The record is in use, or changed meanwhile."""

    message: str


@dataclass(eq=False)
class InvalidRecord(Refusal):
    """A payload does not fit its declaration; all faults are named at once.

    *model* names the payload's model when it is not the resource's own.
    """

    resource: str
    faults: tuple[Fault, ...]
    model: str | None = None


@dataclass(eq=False)
class InvalidParameter(Refusal):
    """A parameter holds a value that cannot be used; *status* is what tells of it."""

    name: str
    value: str
    message: str
    bounds: tuple[int, int] | None = None
    status: int = 400


@dataclass(eq=False)
class DuplicateParameter(Refusal):
    """The same query parameter was given twice."""

    name: str


@dataclass(eq=False)
class BadJson(Refusal):
    """The body is not the JSON that the operation reads.

    Attributes:
        message: What is wrong.
        offset: Where reading ended, in characters; None when it is JSON, but not what is read.
    """

    message: str
    offset: int | None = None


@dataclass(eq=False)
class BadPatch(Refusal):
    """A patch document is malformed or one of its operations cannot be applied."""

    message: str
    path: str = ""


@dataclass(eq=False)
class UnsupportedMedia(Refusal):
    """The body's content type is not one that the operation reads."""

    content_type: str


@dataclass(eq=False)
class UnsupportedVersion(Refusal):
    """The Accept header asks for a version of the model that was never published.

    *newest* is the one that is answered without such a header.
    """

    version: str
    newest: str = ""


@dataclass(eq=False)
class PayloadTooLarge(Refusal):
    """The body is larger than the server reads."""

    limit_bytes: int


@dataclass(eq=False)
class UriTooLong(Refusal):
    """The request target is longer than the server reads."""

    limit_chars: int


@dataclass(eq=False)
class RateLimited(Refusal):
    """The caller has spent its quota; nothing was done.

    The quota of *limit* requests holds for *span_s* seconds. A fault may let the header say
    something else than the seconds (*written*), or nothing at all (*silent*).
    """

    retry_after_s: int
    limit: int = 0
    reset_s: int = 0
    span_s: float = 0
    written: str | None = None
    silent: bool = False

    @property
    def retry_after(self) -> str | None:
        """Return the value of the Retry-After header; None leaves it out."""
        if self.silent:
            return None
        return str(self.retry_after_s) if self.written is None else self.written


@dataclass(eq=False)
class InjectedError(Refusal):
    """A fault that somebody asked for answers instead of the API."""

    status: int
    code: str | None = None
    message: str | None = None
    retry_after: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


class ConditionFlaw(Enum):
    """What can be wrong with a condition."""

    SYNTAX = "syntax"
    UNKNOWN_NAME = "unknown name"
    TYPE_MISMATCH = "type mismatch"
    BAD_ENUM = "bad enum"
    TOO_COMPLEX = "too complex"
    NOT_ALLOWED = "not allowed"


@dataclass(eq=False)
class BadCondition(Refusal):
    """A condition cannot be parsed or does not fit the resource.

    *offset* counts characters from the start of *text*. For a type mismatch *expected* and *found*
    name the kinds of value; for an unknown name *name* is the whole path as typed; for a value
    that is in no enumeration *allowed* are those that are.
    """

    flaw: ConditionFlaw
    message: str
    offset: int = 0
    name: str = ""
    expected: str = ""
    found: str = ""
    text: str = ""
    parameter: str = "conditions"
    allowed: tuple[str, ...] = ()


@contextmanager
def blaming(parameter: str) -> Iterator[None]:
    """Tell in the refusal of a condition which parameter it came in."""
    try:
        yield
    except BadCondition as refusal:
        refusal.parameter = parameter
        raise
