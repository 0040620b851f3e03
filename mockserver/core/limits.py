"""How many requests a key may make: quotas, and the limiter that holds keys to them.

The limiter knows numbers; the vendors name the headers. No timer and no thread: every answer is
arithmetic on the clock's present instant.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from mockserver.core.clock import Clock
from mockserver.core.errors import RateLimited
from mockserver.core.together import Together
from mockserver.core.turns import Touched, Turn, at_once
from mockserver.core.windows import DAY_US, SECOND_US, WINDOWS, Day, Gauge, restored

REQUESTS_MAX = 1_000_000_000
WINDOW_S_MIN = 0.001
WINDOW_S_MAX = 366 * 86_400

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SWEEP_KEYS = 1_024


@dataclass(frozen=True)
class Quota:
    """What one API allows each key.

    Attributes:
        requests: Requests per window, or None for no such limit.
        window_s: The window's length in seconds.
        requests_per_day: Requests per UTC day of the clock, or None.
        concurrent: Requests at the same time, the others queue; or None.
        window: How requests are counted: ``fixed``, ``sliding`` or ``bucket``.
        count_rejected: Whether refused requests count too.

    Raises:
        ValueError: A member cannot be used; the message names it as the control plane spells it.
    """

    requests: int | None = None
    window_s: float = 60
    requests_per_day: int | None = None
    concurrent: int | None = None
    window: str = "fixed"
    count_rejected: bool = False

    def __post_init__(self) -> None:
        """Check every member."""
        for name, check in _CHECKS.items():
            expected = check(getattr(self, _FIELDS.get(name, name)))
            if expected:
                raise ValueError(f"{name} must be {expected}")

    def changed(self, /, **members: object) -> "Quota":
        """Return this quota with some members changed, spelt as in ``document``.

        Raises:
            ValueError: A member is unknown or its value cannot be used.
        """
        for name in members:
            if name not in _CHECKS:
                raise ValueError(f"{name!r} is not a limit; there are: {', '.join(_CHECKS)}")
        spelt: dict[str, Any] = {_FIELDS.get(name, name): value for name, value in members.items()}
        return replace(self, **spelt)

    def document(self) -> dict[str, object]:
        """Return the members as the control plane shows them."""
        shown = {name: getattr(self, _FIELDS.get(name, name)) for name in _CHECKS}
        whole = int(self.window_s)
        return shown | {"window_seconds": whole if whole == self.window_s else self.window_s}

    @property
    def window_us(self) -> int:
        """Return the window's length in whole microseconds."""
        return round(self.window_s * SECOND_US)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _amount(value: Any) -> str | None:
    if value is None or (type(value) is int and 1 <= value <= REQUESTS_MAX):
        return None
    return f"a whole number from 1 to {REQUESTS_MAX}, or null for no limit"


def _window_s(value: Any) -> str | None:
    if _is_number(value) and WINDOW_S_MIN <= value <= WINDOW_S_MAX:
        return None
    return f"a number of seconds from {WINDOW_S_MIN} to {WINDOW_S_MAX}"


def _window(value: Any) -> str | None:
    kinds = tuple(WINDOWS)
    return None if value in kinds else f"one of: {', '.join(kinds)}"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "true or false"


_FIELDS = {"window_seconds": "window_s"}
# Each returns what the member must be when the value is not that.
_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "requests": _amount,
    "window_seconds": _window_s,
    "requests_per_day": _amount,
    "concurrent": _amount,
    "window": _window,
    "count_rejected": _flag,
}


class Standing(NamedTuple):
    """Where a key stands: its limit, what is left of it, and when more will be."""

    limit: int
    remaining: int
    reset_s: int


class Limiter:
    """Holds every key of one API to its quota.

    A refused key is told the whole seconds after which it will be admitted if nobody else spends
    in its name. Window and day are both checked before either is counted.
    """

    def __init__(self, clock: Clock, quota: Quota) -> None:
        self._clock, self._quota, self._terms = clock, quota, _terms(quota)
        self._lock = threading.Lock()
        self._accounts: dict[str, tuple[Gauge, ...]] = {}
        self._sweep_at_keys = _SWEEP_KEYS
        self.turn: Turn = at_once
        self._touched = Touched()
        self._together: Together[str, Standing | RateLimited | None] | None = None

    def share(self) -> None:
        """Spend in turns from now on, those who come at the same time in one: others spend, too."""
        self._together = Together(self._spent_in_turn)

    @property
    def quota(self) -> Quota:
        """The quota in force; setting another keeps what was spent under the same window kind."""
        return self._quota

    @quota.setter
    def quota(self, quota: Quota) -> None:
        with self.turn(), self._lock:
            self._quota, self._terms = quota, _terms(quota)
            now_us = self._now_us()
            self._touched.add(self._accounts)
            for key, gauges in self._accounts.items():
                self._accounts[key] = _adapted(gauges, self._terms, now_us)

    def spend(self, key: str) -> Standing | None:
        """Count one request and return where the key stands; None when nothing is limited.

        Raises:
            RateLimited: The quota is spent.
        """
        if not self._terms:
            return None
        found = self._spent(key) if self._together is None else self._together(key)
        if isinstance(found, RateLimited):
            raise found
        return found

    def _spent_in_turn(self, keys: Sequence[str]) -> list[Standing | RateLimited | None]:
        with self.turn():
            return [self._spent(key) for key in keys]

    def _spent(self, key: str) -> Standing | RateLimited | None:
        with self._lock:
            now_us = self._now_us()
            self._touched.add((key,))
            gauges = self._accounts.get(key) or self._opened(key, now_us)
            if any([_closed(gauge, now_us) for gauge in gauges]):  # noqa: C419 - settles them all
                return self._refusal(gauges, now_us)
            for gauge in gauges:
                gauge.count(now_us)
            return _standing(gauges, now_us)

    def peek(self, key: str) -> Standing | None:
        """Return where the key stands and count nothing; None when nothing is limited."""
        with self._lock:
            now_us = self._now_us()
            gauges = self._accounts.get(key) or _adapted((), self._terms, now_us)
            for gauge in gauges:
                gauge.settle(now_us)
            return _standing(gauges, now_us)

    def keys(self) -> list[str]:
        """Return the keys that have spent something, lately at least."""
        with self._lock:
            return sorted(self._accounts)

    def reset(self) -> None:
        """Forget what every key has spent."""
        with self._lock:
            self._touched.add(self._accounts)
            self._accounts.clear()

    def changes(self) -> dict[str, Any]:
        """Return what the keys have spent that spent anything since the last call, as JSON."""
        with self._lock:
            touched = self._touched.taken()
            kept = {key: self._accounts.get(key) for key in touched}
            return {k: None if g is None else [each.state() for each in g] for k, g in kept.items()}

    def restore(self, rows: Mapping[str, Any]) -> None:
        """Take over what keys have spent elsewhere; None for nothing."""
        with self._lock:
            now_us = self._now_us()
            for key, kept in rows.items():
                self._accounts.pop(key, None)
                if kept is not None:
                    gauges = tuple(restored(state, now_us) for state in kept)
                    self._accounts[key] = _adapted(gauges, self._terms, now_us)

    def _now_us(self) -> int:
        since = self._clock.now() - _EPOCH
        return since.days * DAY_US + since.seconds * SECOND_US + since.microseconds

    def _opened(self, key: str, now_us: int) -> tuple[Gauge, ...]:
        if len(self._accounts) >= self._sweep_at_keys:
            self._sweep(now_us)
        self._accounts[key] = _adapted((), self._terms, now_us)
        return self._accounts[key]

    def _sweep(self, now_us: int) -> None:
        for key, gauges in tuple(self._accounts.items()):
            for gauge in gauges:
                gauge.settle(now_us)
            if all(gauge.is_idle() for gauge in gauges):
                del self._accounts[key]
                self._touched.add((key,))
        # Twice what is left: the price of a sweep is shared by as many new keys.
        self._sweep_at_keys = max(_SWEEP_KEYS, 2 * len(self._accounts))

    def _refusal(self, gauges: tuple[Gauge, ...], now_us: int) -> RateLimited:
        if self._quota.count_rejected:
            for gauge in gauges:
                gauge.count(now_us)
        wait_us, limit, span_us = max((g.wait_us(now_us), g.limit, g.span_us) for g in gauges)
        wait_s = _whole_seconds(wait_us)
        return RateLimited(wait_s, limit=limit, reset_s=wait_s, span_s=span_us / SECOND_US)


Terms = tuple[tuple[type[Gauge], int, int], ...]


def _terms(quota: Quota) -> Terms:
    window, day = WINDOWS[quota.window], quota.requests_per_day
    per_window = () if quota.requests is None else ((window, quota.requests, quota.window_us),)
    return per_window if day is None else (*per_window, (Day, day, DAY_US))


def _adapted(gauges: tuple[Gauge, ...], terms: Terms, now_us: int) -> tuple[Gauge, ...]:
    kept = {type(gauge): gauge for gauge in gauges}
    for kind, limit, span_us in terms:
        if kind in kept:
            kept[kind].settle(now_us)
            kept[kind].adapt(limit, span_us)
        else:
            kept[kind] = kind(limit, span_us, now_us)
    return tuple(kept[kind] for kind, _, _ in terms)


def _closed(gauge: Gauge, now_us: int) -> bool:
    gauge.settle(now_us)
    return gauge.wait_us(now_us) > 0


def _whole_seconds(span_us: int) -> int:
    return -(-span_us // SECOND_US)


def _standing(gauges: tuple[Gauge, ...], now_us: int) -> Standing | None:
    if not gauges:
        return None
    gauge = gauges[0]
    return Standing(gauge.limit, gauge.remaining(), _whole_seconds(gauge.reset_us(now_us)))
