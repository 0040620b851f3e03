"""What every way to come back after a failure decides: when to send, and whether to come again."""

import random
from dataclasses import dataclass

from mockserver.client.quota import UNTIL_SOMETHING_HAPPENS
from mockserver.client.retry_after import Quota

FOREVER = UNTIL_SOMETHING_HAPPENS
TOO_MANY, UNAVAILABLE, SERVER_ERROR = 429, 503, 500


@dataclass(frozen=True)
class Seen:
    """An answer as the client sees it; status None for a broken connection."""

    method: str
    status: int | None
    retry_after_s: float | None = None
    quota: Quota | None = None

    @property
    def refused(self) -> bool:
        """Return whether nothing was done and the client may come again."""
        return self.status == TOO_MANY

    @property
    def broken(self) -> bool:
        """Return whether the server failed."""
        return self.status is None or self.status >= SERVER_ERROR

    @property
    def fine(self) -> bool:
        """Return whether there is no reason to come again."""
        return not (self.refused or self.broken)


class Strategy:
    """What all have in common: when to send, and whether and when to come again.

    Args:
        chance: For jitter.
        window_s: The window's length, for those that scale by it.
    """

    #: Whether one object serves all workers of a key.
    shared = False
    attempts_max = 10_000

    def __init__(self, chance: random.Random, window_s: float = 60.0) -> None:
        self.chance, self.window_s = chance, window_s

    def before_s(self, now_s: float) -> float:  # noqa: ARG002
        """Return how long to wait before sending; it is asked again afterwards."""
        return 0.0

    def send(self, now_s: float) -> object:  # noqa: ARG002
        """Note that a request is sent; return what ``learn`` wants to have."""
        return None

    def learn(self, sent: object, seen: Seen, now_s: float) -> None:
        """Take in what an answer says about the quota."""

    def again_s(self, seen: Seen, tries: int, age_s: float) -> float | None:  # noqa: ARG002
        """Return how long to wait before the request is repeated; None to give up.

        Args:
            seen: The failure.
            tries: Attempts so far.
            age_s: Seconds since the first one.
        """
        return self.wait_s(seen, tries) if tries < self.attempts_max else None

    def wait_s(self, seen: Seen, tries: int) -> float | None:
        """Return the wait after attempt number *tries*."""
        raise NotImplementedError
