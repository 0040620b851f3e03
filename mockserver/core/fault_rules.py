"""A rule of faults: which requests it speaks of and what happens to them, as data."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockserver.core.effects import SECONDS_MAX, Effect, parse_effect

APIS = ("psa", "automate")
COUNT_MAX = 1_000_000_000
SEQUENCE_MAX = 1_000
STREAK_MAX = 100
KEY_CHARS_MAX = 1_000

_METHOD = re.compile(r"[A-Za-z]{1,20}", re.ASCII)


@dataclass(frozen=True)
class FaultRule:
    """Which requests an effect strikes; a member at None does not restrict.

    Attributes:
        effect: What happens to them.
        id: The rule's name, given by the plan.
        api: ``psa`` or ``automate``.
        method: The HTTP method, in capitals.
        path: A glob below the API's base, in any case; ``*`` crosses slashes.
        key: The public key or user name that asks.
        after: How many matching requests are spared first.
        times: How often it strikes at most; with a *streak* how many requests.
        chance: How probable a strike is; a miss does not use up *times*.
        streak: How many attempts of the same request are struck in a row, once one is: what a
            client does about the fourth failure shows only if there is one (retry facts 3.5, S2).
        start_seconds: How long after it was added the rule begins, on the tenant's clock.
        duration_seconds: How long it lasts from then on.
        sequence: Instead of one effect and *times*: what happens to the first matching request,
            to the second, and so on; None spares it.
    """

    effect: Effect | None
    id: str = ""
    api: str | None = None
    method: str | None = None
    path: str | None = None
    key: str | None = None
    after: int = 0
    times: int | None = None
    chance: float = 1.0
    streak: int = 1
    start_seconds: float | None = None
    duration_seconds: float | None = None
    sequence: tuple[Effect | None, ...] = ()

    def document(self) -> dict[str, object]:
        """Return the rule as the control plane shows it; what few rules have only where it is."""
        members = {name: getattr(self, name) for name in ("id", *_FLAWS)}
        shown = {n: v for n, v in members.items() if v != _USUAL.get(n, self)}
        if self.effect:
            return shown | {"effect": self.effect.document()}
        return shown | {"sequence": [each and each.document() for each in self.sequence]}

    def named(self, name: str) -> "FaultRule":
        """Return the rule under its name, which its effects bear too."""
        effect = self.effect and replace(self.effect, fault_id=name)
        sequence = tuple(each and replace(each, fault_id=name) for each in self.sequence)
        return replace(self, id=name, effect=effect, sequence=sequence)


def _choice(value: Any) -> str | None:
    return None if value in APIS else f"one of: {', '.join(APIS)}"


def _method(value: Any) -> str | None:
    fits = isinstance(value, str) and _METHOD.fullmatch(value)
    return None if fits else "the name of an HTTP method"


def _text(value: Any) -> str | None:
    fits = isinstance(value, str) and 0 < len(value) <= KEY_CHARS_MAX
    return None if fits else f"a text of 1 to {KEY_CHARS_MAX} characters"


def _count(least: int, most: int = COUNT_MAX) -> Callable[[Any], str | None]:
    def flaw(value: Any) -> str | None:
        fits = type(value) is int and least <= value <= most
        return None if fits else f"a whole number from {least} to {most}"

    return flaw


def _chance(value: Any) -> str | None:
    fits = type(value) in (int, float) and 0 <= value <= 1
    return None if fits else "a number from 0 to 1"


def _span(value: Any) -> str | None:
    fits = type(value) in (int, float) and 0 <= value <= SECONDS_MAX
    return None if fits else f"a number from 0 to {SECONDS_MAX}"


_USUAL: Mapping[str, Any] = {"streak": 1, "start_seconds": None, "duration_seconds": None}
# Each returns what the member must be when the value is not that.
_FLAWS: Mapping[str, Callable[[Any], str | None]] = {
    "api": _choice,
    "method": _method,
    "path": _text,
    "key": _text,
    "after": _count(0),
    "times": _count(1),
    "chance": _chance,
    "streak": _count(1, STREAK_MAX),
    "start_seconds": _span,
    "duration_seconds": _span,
}


def parse_rule(document: object) -> FaultRule:
    """Return the rule that a JSON document describes; members at null count as left out.

    Raises:
        ValueError: A member is unknown or cannot be used; the message names it.
    """
    if not isinstance(document, dict):
        raise ValueError("a fault must be an object")  # noqa: TRY004 - as all others
    for name, value in document.items():
        _check(name, value)
    given = {name: document[name] for name in _FLAWS if document.get(name) is not None}
    if "sequence" in document:
        rule = FaultRule(None, **_sequenced(document, given))
    elif "effect" in document:
        rule = FaultRule(parse_effect(document["effect"]), **given)
    else:
        raise ValueError("a fault needs the member 'effect' or 'sequence'")
    return replace(rule, method=rule.method.upper()) if rule.method else rule


def _sequenced(document: Mapping[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    listed = document["sequence"]
    if not isinstance(listed, list) or not 0 < len(listed) <= SEQUENCE_MAX:
        raise ValueError(f"sequence must be a list of 1 to {SEQUENCE_MAX} effects or nulls")
    for name in ("effect", "times", "chance", "streak"):
        if document.get(name) is not None:
            raise ValueError(f"{name} and sequence exclude each other")
    return given | {"sequence": tuple(None if e is None else parse_effect(e) for e in listed)}


def _check(name: str, value: object) -> None:
    if name in {"effect", "sequence"}:
        return
    if name not in _FLAWS:
        raise ValueError(f"a fault has no member {name!r}")
    flaw = None if value is None else _FLAWS[name](value)
    if flaw:
        raise ValueError(f"{name} must be {flaw}")
