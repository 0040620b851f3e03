"""One message on its way to a subscriber, with every attempt to hand it over."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

import orjson

from mockserver.core.schema import Field, Kind, Resource


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    BLOCKED = "blocked"


#: Deliveries are kept as records are: in the transaction of the write that caused them.
DELIVERIES = Resource(
    "mock:deliveries",
    "Delivery",
    (
        Field("id", Kind.INTEGER),
        Field("subscription", Kind.INTEGER),
        Field("state", Kind.TEXT),
        Field("due", Kind.NUMBER),
    ),
    indexed=("state",),
)


@dataclass(frozen=True)
class Message:
    """What is to be sent.

    Attributes:
        api: The vendor's name.
        subscription: The id of the subscription.
        url: Where to.
        headers: By name.
        body: The exact text that was signed.
        message_id: Unique.
        subject: What it is about, for people: ``type``, ``action``, ``record_id``, ``member``.
    """

    api: str
    subscription: int
    url: str
    headers: Mapping[str, str]
    body: str
    message_id: str
    subject: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt.

    Attributes:
        status: The receiver's, None when it answered nothing.
        error: Why it did not, or why nothing was sent.
        blocked: Whether the target is not allowed, so that nothing was sent.
        response: The beginning of the receiver's answer.
        duration_ms: How long it took, in real milliseconds.
    """

    status: int | None = None
    error: str | None = None
    blocked: bool = False
    response: str = ""
    duration_ms: float = 0.0

    @property
    def succeeded(self) -> bool:
        """Tell whether the receiver took the message."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's 2xx


@dataclass
class Delivery:
    """A message with its history.

    Attributes:
        id: Unique in the tenant, increasing.
        message: What is to be sent.
        created_s: When it was caused, in seconds of the tenant's clock since the epoch.
        due_s: When it is to be sent (again).
        state: Where it stands.
        why: Why it failed or was blocked.
        tries: How many attempts were made since it was caused or sent anew.
        attempts: Every attempt: ``at``, ``status``, ``error``, ``response``, ``duration_ms``.
        failing_since_s: Since when all deliveries of the subscription failed, this one included.
        claim: Who is sending it at the moment, and until when nobody else will look at it, in
            seconds since the epoch on the machine's clock.
    """

    id: int
    message: Message
    created_s: float
    due_s: float
    state: State = State.WAITING
    why: str | None = None
    tries: int = 0
    attempts: list[dict[str, Any]] = field(default_factory=list)
    failing_since_s: float | None = None
    claim: tuple[str, float] | None = None

    @classmethod
    def parsed(cls, body: bytes) -> Self:
        """Return a delivery from its stored text."""
        kept = orjson.loads(body)
        message, state = Message(**kept.pop("message")), State(kept.pop("state"))
        claim = kept.pop("claim", None)
        return cls(message=message, state=state, claim=claim and tuple(claim), **kept)

    @property
    def row(self) -> dict[str, Any]:
        """Return the columns that it is found by."""
        message = self.message
        return {
            "id": self.id,
            "subscription": message.subscription,
            "state": self.state.value,
            "due": self.due_s,
        }

    @property
    def text(self) -> bytes:
        """Return the delivery as it is stored."""
        return orjson.dumps(asdict(self))

    def document(self) -> dict[str, Any]:
        """Return the delivery as the control plane shows it."""
        message = self.message
        return {
            "id": self.id,
            "api": message.api,
            "callback": message.subscription,
            "status": self.state.value,
            "why": self.why,
            **message.subject,
            "message_id": message.message_id,
            "created": instant_text(self.created_s),
            "due": instant_text(self.due_s) if self.state is State.WAITING else None,
            "url": message.url,
            "headers": dict(message.headers),
            "body": message.body,
            "attempts": self.attempts,
        }


def instant_text(at_s: float) -> str:
    """Return an instant as the control plane shows it."""
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
