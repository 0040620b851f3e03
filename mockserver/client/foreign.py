"""How much other programs send on the same key, as far as the numbers show it."""

from mockserver.client.retry_after import Quota


class Foreign:
    """What other programs send on the same key, estimated from the drop of what remains."""

    #: Seconds of the past that count as much as the present window.
    MEMORY_S = 30.0

    def __init__(self) -> None:
        self._per_s = 0.0
        self._number = self._remaining = 0
        self._opened_s: float | None = None
        self._seen = self._seen_s = 0.0

    @property
    def is_there(self) -> bool:
        """Tell whether others send as much as one request in two minutes."""
        return self.per_s > 1 / 120

    @property
    def per_s(self) -> float:
        """Return the requests per second of the others."""
        return (self._per_s * self.MEMORY_S + self._seen) / (self.MEMORY_S + self._seen_s)

    def open(self, number: int, quota: Quota, now_s: float) -> None:
        """Begin a window whose first own answer is of request *number*."""
        self._number, self._remaining = number, quota.remaining
        self._opened_s, self._seen, self._seen_s = now_s, 0.0, 0.0

    def see(self, number: int, remaining: int, now_s: float) -> None:
        """Take in a later answer of the window, by which *number* own requests were sent."""
        if self._opened_s is None:
            return
        own = number - self._number
        self._seen = max(self._seen, float(self._remaining - remaining - own))
        self._seen_s = max(self._seen_s, now_s - self._opened_s)

    def close(self, now_s: float) -> None:
        """End the window."""
        if self._opened_s is not None and now_s > self._opened_s:
            self._per_s = self.per_s
        self._opened_s, self._seen, self._seen_s = None, 0.0, 0.0

    def expected(self, left_s: float) -> float:
        """Return how many requests of others are still to come in *left_s*."""
        return self.per_s * max(0.0, left_s) if self.is_there else 0.0

    def relief_s(self, spare: float, left_s: float) -> float:
        """Return when so little is to come that one of *spare* is free."""
        if spare < 1 or not self.is_there:
            return max(0.05, left_s)
        return max(0.05, left_s - (spare - 1) / self.per_s)
