"""What happens to an answer's body on its way to the client."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from mockserver.core.clock import Clock
from mockserver.web.pauses import Pause

#: How often in a second of the tenant's clock a slow body moves on, if a byte is due.
STEPS_PER_S = 10
#: A clock counts microseconds: a shorter wait would not move one that stands still.
GRAIN_S = 1e-6


@dataclass
class Wire:
    """How a body is sent.

    Attributes:
        clock: Whose seconds count.
        cut_bytes: Close the connection after so many bytes; None sends all of them.
        bytes_per_s: Send no faster; None sends at once.
    """

    clock: Clock
    cut_bytes: int | None = None
    bytes_per_s: float | None = None

    def seconds(self, size_bytes: int) -> float:
        """Return how long a body of this size takes."""
        return self.sent_bytes(size_bytes) / self.bytes_per_s if self.bytes_per_s else 0.0

    def sent_bytes(self, size_bytes: int) -> int:
        """Return how many bytes of a body get through."""
        return size_bytes if self.cut_bytes is None else min(size_bytes, self.cut_bytes)

    async def parts(self, body: bytes) -> AsyncIterator[bytes]:
        """Yield what is sent of a body, each part when its time has come."""
        body = body[: self.sent_bytes(len(body))]
        if self.bytes_per_s is None:
            yield body
            return
        size = max(1, int(self.bytes_per_s / STEPS_PER_S))
        due_s = self.clock.timestamp()
        for start in range(0, len(body), size):
            part = body[start : start + size]
            due_s += len(part) / self.bytes_per_s
            # Timers of an event loop are early by up to a millisecond: the clock has the last word.
            while (wait_s := due_s - self.clock.timestamp()) > GRAIN_S:
                await Pause(self.clock, min(wait_s, len(part) / self.bytes_per_s)).passed()
            yield part
