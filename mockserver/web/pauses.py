"""Waits that a request asks for: a thread never sleeps through one when the bridge can await it."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from mockserver.core.clock import Clock


class Wait(Protocol):
    """Something that a request waits for."""

    def block(self) -> object:
        """Wait in this thread: for servers that know nothing better."""

    async def passed(self) -> None:
        """Wait in the event loop of the bridge."""


@dataclass(frozen=True)
class Pause:
    """Some seconds of the tenant's clock; a frozen clock is advanced instead of waited for."""

    clock: Clock
    seconds: float

    def block(self) -> None:
        """Let the time pass in this thread."""
        self.clock.sleep(self.seconds)

    async def passed(self) -> None:
        """Let the time pass in the event loop."""
        if self.clock.frozen:
            self.clock.sleep(self.seconds)
        else:
            await asyncio.sleep(self.clock.real_seconds(self.seconds))
