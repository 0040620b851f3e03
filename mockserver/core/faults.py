"""Faults: which requests are struck, how often, and an account of it.

Looking and counting happen under one lock in one step, so that two requests never take the same
strike; the damage itself is done outside of it.
"""

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from mockserver.core.clock import Clock, Dice
from mockserver.core.effects import (
    Delay,
    Effect,
    Error,
    Reset,
    SslRequired,
    Timeout,
    parse_effect,
)
from mockserver.core.fault_rules import FaultRule, parse_rule
from mockserver.core.globs import path_matcher
from mockserver.core.turns import Turn, at_once

__all__ = [
    "Delay",
    "Effect",
    "Error",
    "FaultPlan",
    "FaultRule",
    "Reset",
    "SslRequired",
    "parse_effect",
    "parse_rule",
]

RULES_MAX, STREAKS_MAX, MARK_BYTES = 1_000, 10_000, 8
SERVER_ERROR = 500


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
    begun: int = 0
    streaks: dict[str, int] = field(default_factory=dict)

    @property
    def pending(self) -> int | None:
        """How many strikes are left, or steps of the sequence; None for no end."""
        if self.rule.sequence:
            return len(self.rule.sequence) - self.played
        return None if self.rule.times is None else self.rule.times * self.rule.streak - self.struck

    def is_on(self, now_s: float) -> bool:
        """Return whether the rule has begun and has not ended."""
        return now_s >= self.span[0] and not self.is_over(now_s)

    def is_over(self, now_s: float) -> bool:
        """Return whether the rule's time has passed."""
        return self.rule.duration_seconds is not None and now_s >= self.span[1]

    def matches(self, api: str, method: str, path: str, key: str) -> bool:
        """Return whether the rule speaks of such a request."""
        rule = self.rule
        return (
            (rule.api is None or rule.api == api)
            and (rule.method is None or rule.method == method)
            and (self.key is None or self.key == key.casefold())
            and (self.matches_path is None or self.matches_path(path))
        )

    @property
    def span(self) -> tuple[float, float]:
        """When the rule begins and ends."""
        begin_s = self.since_s + (self.rule.start_seconds or 0)
        return begin_s, begin_s + (self.rule.duration_seconds or 0)

    @property
    def is_outage(self) -> bool:
        """Whether the rule lets everything fail for a while."""
        rule, effect = self.rule, self.rule.effect
        everything = not (rule.path or rule.method or rule.key or rule.times) and rule.chance == 1
        down = isinstance(effect, Reset | Timeout) or (
            isinstance(effect, Error) and effect.status >= SERVER_ERROR
        )
        return everything and down and rule.duration_seconds is not None and self.struck > 0

    def strike(self, dice: Dice, mark: Callable[[], str]) -> Effect | None:
        """Return what strikes the request seen last, and count it; None when it is spared."""
        if self.seen <= self.rule.after or self.pending == 0:
            return None
        if self.rule.sequence:
            self.played += 1
            effect = self.rule.sequence[self.played - 1]
        else:
            hit = self._goes_on(dice, mark()) if self.rule.streak > 1 else self._hits(dice)
            effect = self.rule.effect if hit else None
        self.struck += effect is not None
        return effect

    def _hits(self, dice: Dice) -> bool:
        return self.rule.chance >= 1 or dice.random() < self.rule.chance

    def _goes_on(self, dice: Dice, mark: str) -> bool:
        """Tell whether a streak of the same request goes on, or one begins; the next is spared."""
        left = self.streaks.pop(mark, None)
        if left is None:
            if self.begun == self.rule.times or not self._hits(dice):
                return False
            self.begun, left = self.begun + 1, self.rule.streak
        if not left:
            return False
        if len(self.streaks) >= STREAKS_MAX:
            del self.streaks[next(iter(self.streaks))]
        self.streaks[mark] = left - 1
        return True

    def kept(self) -> dict[str, Any]:
        """Return the rule and its account as JSON."""
        names = ("seen", "struck", "played", "since_s", "begun")
        account = {name: getattr(self, name) for name in names} | {"streaks": dict(self.streaks)}
        return {"rule": self.rule.document(), "account": account}

    def document(self, now_s: float) -> dict[str, object]:
        """Return the rule with its account."""
        return self.rule.document() | {
            "seen": self.seen,
            "struck": self.struck,
            "pending": self.pending,
            "exhausted": self.pending == 0 or self.is_over(now_s),
        }


def _kept(state: Mapping[str, Any]) -> _Script:
    document = dict(state["rule"])
    name = str(document.pop("id"))
    if "sequence" in document:
        del document["chance"]
    return replace(_script(parse_rule(document).named(name)), **state["account"])


def _mark(method: str, path: str, key: str | None, rest: Callable[[], str]) -> str:
    """Return a digest, since what is sent may be secret and a plan may be kept in a file."""
    text = " ".join((method, path.casefold(), key or "", rest()))
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=MARK_BYTES).hexdigest()


def _script(rule: FaultRule) -> _Script:
    matches_path = None if rule.path is None else path_matcher(rule.path)
    return _Script(rule, matches_path, None if rule.key is None else rule.key.casefold())


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
        self.turn: Turn = at_once

    def add(self, document: object) -> dict[str, object]:
        """Add the rule that a JSON document describes; return it as shown, with its id.

        Raises:
            ValueError: A member cannot be used, or there are too many rules.
        """
        rule = parse_rule(document)
        script = _script(rule)
        with self.turn(), self._lock:
            if len(self._scripts) >= RULES_MAX:
                raise ValueError(f"there are {RULES_MAX} faults already; remove some first")
            self._last_id += 1
            name = f"fault-{self._last_id}"
            script.rule, script.since_s = rule.named(name), self._clock.timestamp()
            self._scripts = (*self._scripts, script)
            return script.document(script.since_s)

    def remove(self, fault_id: str) -> bool:
        """Remove a rule; return whether there was one."""
        with self.turn(), self._lock:
            kept = tuple(script for script in self._scripts if script.rule.id != fault_id)
            removed = len(kept) < len(self._scripts)
            self._scripts = kept
            return removed

    def clear(self) -> None:
        """Remove every rule; new ones are numbered on."""
        with self.turn(), self._lock:
            self._scripts = ()

    def reset(self) -> None:
        """Go back to an empty plan that numbers from one."""
        self.restore({"last_id": 0, "scripts": ()})

    def documents(self) -> list[dict[str, object]]:
        """Return the rules with how often each was seen, has struck and will strike."""
        now_s = self._clock.timestamp()
        with self._lock:
            return [script.document(now_s) for script in self._scripts]

    def strike(
        self,
        api: str,
        method: str,
        path: str,
        key: str | None,
        mark: Callable[[], str] = str,
    ) -> tuple[Effect, ...]:
        """Return what strikes this request, in order; each is counted as struck.

        Args:
            api: ``psa`` or ``automate``.
            method: In capitals.
            path: Below the API's base, with or without its first slash.
            key: The public key or user name; None when unknown.
            mark: Returns what tells it from other requests of that method, path and key, for rules
                that strike the same request several times.
        """
        if not self._scripts:
            return ()
        effects: list[Effect] = []
        whole = partial(_mark, method, path, key, mark)
        now_s = self._clock.timestamp()
        with self.turn(), self._lock:
            for script in self._scripts:
                if not (script.is_on(now_s) and script.matches(api, method, path, key or "")):
                    continue
                script.seen += 1
                settled = effects and effects[-1].final
                effect = None if settled else script.strike(self._dice, whole)
                effects += (effect,) if effect else ()
        return tuple(effects)

    def outages(self) -> list[tuple[float, float]]:
        """Return the spans, in seconds since the epoch, in which everything was made to fail."""
        with self._lock:
            return [script.span for script in self._scripts if script.is_outage]

    def state(self) -> dict[str, Any]:
        """Return the plan as it stands, as JSON, for ``restore``."""
        with self._lock:
            scripts = [each.kept() for each in self._scripts]
            return {"last_id": self._last_id, "scripts": scripts}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Bring a kept plan back, accounts included."""
        scripts = tuple(_kept(each) for each in state["scripts"])
        with self._lock:
            self._last_id, self._scripts = state["last_id"], scripts
