"""Faults: which requests are struck, how often, and an account of it.

Looking and counting happen under one lock in one step, so that two requests never take the same
strike; the damage itself is done outside of it.
"""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mockserver.core.clock import Clock, Dice
from mockserver.core.effects import (
    SECONDS_MAX,
    Delay,
    Effect,
    Error,
    Reset,
    SslRequired,
    parse_effect,
)
from mockserver.core.globs import path_matcher

__all__ = [
    "Delay",
    "Effect",
    "Error",
    "FaultPlan",
    "FaultRule",
    "PlanState",
    "Reset",
    "SslRequired",
    "parse_effect",
    "parse_rule",
]

APIS = ("psa", "automate")
COUNT_MAX = 1_000_000_000
RULES_MAX = 1_000
SEQUENCE_MAX = 1_000
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
        times: How often it strikes at most.
        chance: How probable a strike is; a miss does not use up *times*.
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
    start_seconds: float | None = None
    duration_seconds: float | None = None
    sequence: tuple[Effect | None, ...] = ()

    def document(self) -> dict[str, object]:
        """Return the rule as the control plane shows it; spans of time only where there are any."""
        members = {name: getattr(self, name) for name in ("id", *_FLAWS)}
        shown = {n: v for n, v in members.items() if v is not None or n not in _SPANS}
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


def _count(least: int) -> Callable[[Any], str | None]:
    def flaw(value: Any) -> str | None:
        fits = type(value) is int and least <= value <= COUNT_MAX
        return None if fits else f"a whole number from {least} to {COUNT_MAX}"

    return flaw


def _chance(value: Any) -> str | None:
    fits = type(value) in (int, float) and 0 <= value <= 1
    return None if fits else "a number from 0 to 1"


def _span(value: Any) -> str | None:
    fits = type(value) in (int, float) and 0 <= value <= SECONDS_MAX
    return None if fits else f"a number from 0 to {SECONDS_MAX}"


_SPANS = ("start_seconds", "duration_seconds")
# Each returns what the member must be when the value is not that.
_FLAWS: Mapping[str, Callable[[Any], str | None]] = {
    "api": _choice,
    "method": _method,
    "path": _text,
    "key": _text,
    "after": _count(0),
    "times": _count(1),
    "chance": _chance,
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
    for name in ("effect", "times", "chance"):
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


@dataclass
class _Script:
    """A rule at work."""

    rule: FaultRule
    matches_path: Callable[[str], bool] | None
    key: str | None
    seen: int = 0
    struck: int = 0
    played: int = 0
    since_s: float = 0.0

    @property
    def pending(self) -> int | None:
        """How many strikes are left, or steps of the sequence; None for no end."""
        if self.rule.sequence:
            return len(self.rule.sequence) - self.played
        return None if self.rule.times is None else self.rule.times - self.struck

    def is_on(self, now_s: float) -> bool:
        """Return whether the rule has begun and has not ended."""
        begin_s = self.since_s + (self.rule.start_seconds or 0)
        return now_s >= begin_s and not self.is_over(now_s)

    def is_over(self, now_s: float) -> bool:
        """Return whether the rule's time has passed."""
        span_s = self.rule.duration_seconds
        begin_s = self.since_s + (self.rule.start_seconds or 0)
        return span_s is not None and now_s >= begin_s + span_s

    def matches(self, api: str, method: str, path: str, key: str) -> bool:
        """Return whether the rule speaks of such a request."""
        rule = self.rule
        return (
            (rule.api is None or rule.api == api)
            and (rule.method is None or rule.method == method)
            and (self.key is None or self.key == key.casefold())
            and (self.matches_path is None or self.matches_path(path))
        )

    def strike(self, dice: Dice) -> Effect | None:
        """Return what strikes the request seen last, and count it; None when it is spared."""
        if self.seen <= self.rule.after or self.pending == 0:
            return None
        if self.rule.sequence:
            self.played += 1
            effect = self.rule.sequence[self.played - 1]
        else:
            missed = self.rule.chance < 1 and dice.random() >= self.rule.chance
            effect = None if missed else self.rule.effect
        self.struck += effect is not None
        return effect

    def document(self, now_s: float) -> dict[str, object]:
        """Return the rule with its account."""
        return self.rule.document() | {
            "seen": self.seen,
            "struck": self.struck,
            "pending": self.pending,
            "exhausted": self.pending == 0 or self.is_over(now_s),
        }


def _script(rule: FaultRule) -> _Script:
    matches_path = None if rule.path is None else path_matcher(rule.path)
    return _Script(rule, matches_path, None if rule.key is None else rule.key.casefold())


@dataclass(frozen=True)
class PlanState:
    """A plan's rules and their accounts, kept by a snapshot."""

    last_id: int
    scripts: tuple[tuple[FaultRule, int, int, int, float], ...] = field(default=())


class FaultPlan:
    """The rules of a tenant, in the order in which they were added.

    The first final effect that strikes a request is the last: what comes after it is seen, not
    struck, so that rules with *times* play one after the other.

    Args:
        dice: Decides where a rule has a chance.
        clock: Times the rules that begin or end; by default one of its own.
    """

    def __init__(self, dice: Dice, clock: Clock | None = None) -> None:
        self._dice, self._clock, self._lock = dice, clock or Clock(), threading.Lock()
        self._last_id, self._scripts = 0, tuple[_Script, ...]()

    def add(self, document: object) -> dict[str, object]:
        """Add the rule that a JSON document describes; return it as shown, with its id.

        Raises:
            ValueError: A member cannot be used, or there are too many rules.
        """
        rule = parse_rule(document)
        script = _script(rule)
        with self._lock:
            if len(self._scripts) >= RULES_MAX:
                raise ValueError(f"there are {RULES_MAX} faults already; remove some first")
            self._last_id += 1
            name = f"fault-{self._last_id}"
            script.rule, script.since_s = rule.named(name), self._clock.timestamp()
            self._scripts = (*self._scripts, script)
            return script.document(script.since_s)

    def remove(self, fault_id: str) -> bool:
        """Remove a rule; return whether there was one."""
        with self._lock:
            kept = tuple(script for script in self._scripts if script.rule.id != fault_id)
            removed = len(kept) < len(self._scripts)
            self._scripts = kept
            return removed

    def clear(self) -> None:
        """Remove every rule; new ones are numbered on."""
        with self._lock:
            self._scripts = ()

    def reset(self) -> None:
        """Go back to an empty plan that numbers from one."""
        self.restore(PlanState(0))

    def documents(self) -> list[dict[str, object]]:
        """Return the rules with how often each was seen, has struck and will strike."""
        now_s = self._clock.timestamp()
        with self._lock:
            return [script.document(now_s) for script in self._scripts]

    def strike(self, api: str, method: str, path: str, key: str | None) -> tuple[Effect, ...]:
        """Return what strikes this request, in order; each is counted as struck.

        Args:
            api: ``psa`` or ``automate``.
            method: In capitals.
            path: Below the API's base, with or without its first slash.
            key: The public key or user name; None when unknown.
        """
        if not self._scripts:
            return ()
        effects: list[Effect] = []
        now_s = self._clock.timestamp()
        with self._lock:
            for script in self._scripts:
                if not (script.is_on(now_s) and script.matches(api, method, path, key or "")):
                    continue
                script.seen += 1
                settled = effects and effects[-1].final
                effect = None if settled else script.strike(self._dice)
                effects += (effect,) if effect else ()
        return tuple(effects)

    def state(self) -> PlanState:
        """Return the plan as it stands, for ``restore``."""
        with self._lock:
            scripts = tuple(
                (each.rule, each.seen, each.struck, each.played, each.since_s)
                for each in self._scripts
            )
            return PlanState(self._last_id, scripts)

    def restore(self, state: PlanState) -> None:
        """Bring a kept plan back, accounts included."""
        scripts = tuple(
            replace(_script(rule), seen=seen, struck=struck, played=played, since_s=since_s)
            for rule, seen, struck, played, since_s in state.scripts
        )
        with self._lock:
            self._last_id, self._scripts = state.last_id, scripts
