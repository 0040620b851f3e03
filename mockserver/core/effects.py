"""What a fault does: one small frozen class per kind, its fields are its members.

An effect carries nothing out. ``web/faults.py`` does, in three phases: before the work, after it
(the answer is lost although the work was done), and on the wire while the answer is sent.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from enum import StrEnum
from typing import Any, ClassVar

from mockserver.core.errors import InjectedError, Refusal, TlsRequired

TEXT_CHARS_MAX = 10_000
SECONDS_MAX = 86_400
BYTES_MAX = 1_000_000_000


class Phase(StrEnum):
    """When an effect is carried out."""

    BEFORE = "before"
    AFTER = "after"
    WIRE = "wire"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What all effects share.

    Attributes:
        kind: The name on the control plane.
        phase: When it is carried out.
        final: Whether it settles the answer, so that no later rule strikes the same request.
        fault_id: The rule that it belongs to; empty for a fault that the request itself carried.
    """

    kind: ClassVar[str]
    phase: ClassVar[Phase] = Phase.BEFORE
    final: ClassVar[bool] = True
    fault_id: str = dataclasses.field(default="", compare=False)

    @classmethod
    def spelt(cls) -> tuple[list[str], list[str]]:
        """Return the members that it needs, and those that may be left out."""
        names: tuple[list[str], list[str]] = [], []
        for member in _members(cls):
            names[member.default is not MISSING].append(member.name)
        return names

    def document(self) -> dict[str, object]:
        """Return the effect as the control plane shows it, without members left at null."""
        members = ((field.name, getattr(self, field.name)) for field in _members(type(self)))
        return {"kind": self.kind} | {name: value for name, value in members if value is not None}


def _number(most: float, *, above_zero: bool = False) -> Callable[[Any], str | None]:
    def flaw(value: Any) -> str | None:
        usable = type(value) in (int, float) and 0 <= value <= most
        if usable and (value or not above_zero):
            return None
        return f"a number {'above' if above_zero else 'from'} 0 {'up ' * above_zero}to {most}"

    return flaw


def _whole(least: int, most: int) -> Callable[[Any], str | None]:
    def flaw(value: Any) -> str | None:
        fits = type(value) is int and least <= value <= most
        return None if fits else f"a whole number from {least} to {most}"

    return flaw


def _text(value: Any) -> str | None:
    fits = isinstance(value, str) and len(value) <= TEXT_CHARS_MAX and _encodes(value, "utf-8")
    return None if fits else f"a text of at most {TEXT_CHARS_MAX} characters"


def _header(value: Any) -> str | None:
    value = str(value) if type(value) is int and abs(value) < BYTES_MAX else value
    fits = isinstance(value, str) and len(value) <= TEXT_CHARS_MAX and _encodes(value, "latin-1")
    if fits and not any(char < " " or "\x7f" <= char < "\xa0" for char in value):
        return None
    return "a text that fits into a header"


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _member(flaw: Callable[[Any], str | None], default: Any = MISSING) -> Any:
    return dataclasses.field(default=default, metadata={"flaw": flaw})


_STATUS = _whole(400, 599)


@dataclass(frozen=True, kw_only=True)
class Error(Effect):
    """Answer with this status in the vendor's format; nothing is done."""

    kind = "error"
    status: int = _member(_STATUS)
    code: str | None = _member(_text, None)
    message: str | None = _member(_text, None)
    retry_after: str | None = _member(_header, None)

    def refusal(self) -> Refusal:
        """Return what to raise."""
        return InjectedError(self.status, self.code, self.message, self.retry_after)


@dataclass(frozen=True, kw_only=True)
class Delay(Effect):
    """Let time pass on the tenant's clock, then do the work."""

    kind = "delay"
    final = False
    seconds: float = _member(_number(SECONDS_MAX))


@dataclass(frozen=True, kw_only=True)
class Timeout(Effect):
    """Never answer; nothing is done."""

    kind = "timeout"


@dataclass(frozen=True, kw_only=True)
class Reset(Effect):
    """Reset the connection; nothing is done."""

    kind = "reset"


@dataclass(frozen=True, kw_only=True)
class ResetAfter(Effect):
    """Do the work, then reset the connection."""

    kind = "reset-after"
    phase = Phase.AFTER


@dataclass(frozen=True, kw_only=True)
class ErrorAfter(Effect):
    """Do the work, then answer with this status."""

    kind = "error-after"
    phase = Phase.AFTER
    status: int = _member(_STATUS)

    def refusal(self) -> Refusal:
        """Return what to raise."""
        return InjectedError(self.status)


@dataclass(frozen=True, kw_only=True)
class Truncate(Effect):
    """Promise the whole body, send this much of it and close."""

    kind = "truncate"
    phase = Phase.WIRE
    bytes: int = _member(_whole(0, BYTES_MAX))


@dataclass(frozen=True, kw_only=True)
class Malformed(Effect):
    """Do the work, then answer with a body that is not JSON."""

    kind = "malformed"
    phase = Phase.WIRE


@dataclass(frozen=True, kw_only=True)
class Html(Effect):
    """Answer with this status and a page as a proxy makes it; nothing is done."""

    kind = "html"
    status: int = _member(_STATUS)


@dataclass(frozen=True, kw_only=True)
class Slow(Effect):
    """Do the work, then send the body at this rate."""

    kind = "slow"
    phase = Phase.WIRE
    final = False
    bytes_per_second: float = _member(_number(BYTES_MAX, above_zero=True))


@dataclass(frozen=True, kw_only=True)
class RateLimit(Effect):
    """Answer as if the quota were spent; null leaves the Retry-After header out."""

    kind = "rate-limit"
    # psa facts 5.1: both the guide and a live refusal say 30 seconds.
    retry_after: str | None = _member(_header, "30")

    def document(self) -> dict[str, object]:
        """Return the effect with its null, which means something here."""
        return {"kind": self.kind, "retry_after": self.retry_after}


@dataclass(frozen=True, kw_only=True)
class SslRequired(Effect):
    """Answer as to a request over plain HTTP; nothing is done."""

    kind = "ssl-required"

    def refusal(self) -> Refusal:
        """Return what to raise."""
        return TlsRequired()


@dataclass(frozen=True, kw_only=True)
class RevokeTokens(Effect):
    """Revoke the access tokens that are out, then go on."""

    kind = "revoke-tokens"
    final = False


KINDS: Mapping[str, type[Effect]] = {
    effect.kind: effect
    for effect in (
        *(Error, Delay, Timeout, Reset, Html, RateLimit, SslRequired, RevokeTokens),
        *(ResetAfter, ErrorAfter),
        *(Truncate, Malformed, Slow),
    )
}


def parse_effect(document: object) -> Effect:
    """Return the effect that a JSON document describes.

    Raises:
        ValueError: The kind or a member cannot be used; the message names it.
    """
    if not isinstance(document, dict):
        raise ValueError("effect must be an object with a kind")  # noqa: TRY004 - as all others
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"effect kind must be one of: {', '.join(KINDS)}")
    return KINDS[kind](**_checked(KINDS[kind], document))


def _members(effect: type[Effect]) -> tuple[dataclasses.Field[Any], ...]:
    return tuple(field for field in dataclasses.fields(effect) if "flaw" in field.metadata)


def _checked(effect: type[Effect], document: Mapping[str, object]) -> dict[str, Any]:
    members = {field.name: field for field in _members(effect)}
    for name in document:
        if name != "kind" and name not in members:
            raise ValueError(f"effect {effect.kind!r} has no member {name!r}")
    for name, field in members.items():
        _check(effect, field, document.get(name, field.default))
    given = {name: document[name] for name in members if name in document}
    # A Retry-After may well be written as the number that it usually is.
    return {n: str(v) if n == "retry_after" and type(v) is int else v for n, v in given.items()}


def _check(effect: type[Effect], field: dataclasses.Field[Any], value: object) -> None:
    if value is MISSING:
        raise ValueError(f"effect {effect.kind!r} needs the member {field.name!r}")
    if value is None and field.default is not MISSING:
        return
    flaw = field.metadata["flaw"](value)
    if flaw:
        raise ValueError(f"effect member {field.name!r} must be {flaw}")
