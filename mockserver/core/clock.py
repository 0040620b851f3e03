"""The one clock and the one dice of a tenant.

Nothing else in the project asks the machine for the time or for chance: a frozen, scaled or
advanced clock therefore works everywhere, and the same seed gives the same bytes.
"""

import random
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from mockserver.core.turns import Turn, at_once

INSTANT_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Time as one tenant sees it: real, frozen, or running at another pace.

    Args:
        start: The instant at which it starts (aware, UTC); None means the machine's time.
        frozen: Whether time stands still.
        scale: Seconds that pass per real second while not frozen; positive.
    """

    def __init__(
        self, start: datetime | None = None, *, frozen: bool = False, scale: float = 1.0
    ) -> None:
        self._start, self._settings = start, (frozen, scale)
        self._lock = threading.Lock()
        self.turn: Turn = at_once
        self.reset()

    def reset(self) -> None:
        """Go back to how the clock was made."""
        self.frozen, self.scale = self._settings
        self._since, self._at = time.monotonic(), datetime.now(UTC)
        self._base = self.started = self._start or self._at

    def begin_at(self, start: datetime | None, *, frozen: bool) -> None:
        """Let the next ``reset`` go back to another beginning."""
        self._start, self._settings = start, (frozen, self._settings[1])

    def state(self) -> dict[str, Any]:
        """Return how the clock runs, for ``restore`` at another time or in another process."""
        base, at, started = (i.isoformat() for i in (self._base, self._at, self.started))
        mode = {"frozen": self.frozen, "scale": self.scale}
        return {"base": base, "at": at, "started": started, **mode}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on as the clock would that told its state."""
        base, at, started = (datetime.fromisoformat(state[n]) for n in ("base", "at", "started"))
        with self._lock:
            self.frozen, self.scale, self.started = state["frozen"], state["scale"], started
            self._base, self._at = base, at
            self._since = time.monotonic() - (datetime.now(UTC) - at).total_seconds()

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        if self.frozen:
            return self._base
        return self._base + timedelta(seconds=(time.monotonic() - self._since) * self.scale)

    def timestamp(self) -> float:
        """Return the present instant in seconds since the epoch."""
        return self.now().timestamp()

    def nanoseconds(self, ago_ns: int = 0) -> int:
        """Return the present instant in nanoseconds since the epoch.

        Args:
            ago_ns: Real nanoseconds to go back; none pass while the clock is frozen.
        """
        since = self.now() - _EPOCH
        micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        return micros * 1_000 - (0 if self.frozen else round(ago_ns * self.scale))

    def text(self) -> str:
        """Return the present instant as the vendors print it, to the second."""
        return self.now().strftime(INSTANT_FORMAT)

    def set(
        self,
        *,
        frozen: bool | None = None,
        scale: float | None = None,
        now: datetime | None = None,
        advance_s: float = 0.0,
    ) -> None:
        """Change any of the clock's settings in one step.

        Raises:
            OverflowError: The instant would leave the calendar; nothing is changed.
        """
        with self.turn(), self._lock:
            base = (now or self.now()) + timedelta(seconds=advance_s)
            self._base, self._since, self._at = base, time.monotonic(), datetime.now(UTC)
            self.frozen = self.frozen if frozen is None else frozen
            self.scale = self.scale if scale is None else scale

    def real_seconds(self, seconds: float) -> float:
        """Return how long a wait of *seconds* of this clock really takes; 0 when frozen."""
        return 0.0 if self.frozen else seconds / self.scale

    def sleep(self, seconds: float) -> None:
        """Let *seconds* pass: a frozen clock is advanced, a running one is waited for."""
        if self.frozen:
            self.set(advance_s=seconds)
        else:
            time.sleep(self.real_seconds(seconds))


class Dice(random.Random):
    """The seeded source of chance; ``uuid`` gives ids that replay."""

    def state(self) -> list[Any]:
        """Return how the dice lie, as JSON, for ``restore``."""
        version, numbers, spare = self.getstate()
        return [version, numbers, spare]

    def restore(self, state: Sequence[Any]) -> None:
        """Lay the dice as they lay."""
        version, numbers, spare = state
        self.setstate((version, tuple(numbers), spare))

    def uuid(self) -> str:
        """Return a version 4 UUID from this dice."""
        text = f"{self.getrandbits(128):032x}"
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


def fresh_secret() -> str:
    """Return a text that nobody can guess and nothing replays."""
    return secrets.token_urlsafe(24)


def machine_seconds() -> float:
    """Return seconds of a clock that nobody can move, for durations only."""
    return time.perf_counter()


def machine_instant_s() -> float:
    """Return seconds since the epoch as the machine tells them, for what processes agree on."""
    return time.time()


def machine_nanoseconds() -> int:
    """Return nanoseconds of the same kind of clock."""
    return time.perf_counter_ns()
