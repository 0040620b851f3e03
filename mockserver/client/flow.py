"""Quotas that come back little by little: sliding windows and buckets.

There is no window to be shared out, but a level that falls with what is sent and rises with what
flows in. In a sliding window one's own requests come back a window's length later; what else flows
in, less what other programs take, is seen from one answer to the next.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass

from mockserver.client.retry_after import Quota


@dataclass(frozen=True)
class Landed:
    """An answer that says where the quota stands.

    Attributes:
        number: Of the request, counted in the order of sending.
        sent_s: When it was sent.
        at_s: When it was answered.
        quota: What it says.
    """

    number: int
    sent_s: float
    at_s: float
    quota: Quota


class Flow:
    """The level of such a quota, reckoned from one answer to the next."""

    #: Seconds of the past that the estimate of the inflow rests on, and what it begins with.
    MEMORY_S, PRIOR_S = 40.0, 5.0
    #: The level at which a request is sent: one for us (and a little, since answers are older than
    #: they seem), one for others where there are any.
    ALONE, BESIDE_OTHERS = 1.25, 2.0
    #: What is above that is spent in so many seconds, or in this share of a short window.
    HORIZON_S, HORIZON_SHARE = 6.0, 0.1
    #: Nobody knows the level after so many seconds of silence.
    STALE_S = 10.0
    #: Seconds for which others are reckoned with after they were noticed.
    OTHERS_S = 180.0

    def __init__(self) -> None:
        self.window_s: float | None = None
        self._own: list[float] = []
        self._number, self._level, self._nominal_per_s = 0, 0.0, 0.0
        self._at_s = self._others_s = float("-inf")
        self._gained = self._gained_s = 0.0

    def note(self, at_s: float, limit: int) -> None:
        """Keep when an own request was counted, the last ones up to the *limit*."""
        self._own.append(at_s)
        if len(self._own) > 2 * limit:
            del self._own[:limit]

    def begin(self, landed: Landed, nominal_per_s: float, *, others: bool) -> None:
        """Adopt an answer as the first one that is known.

        Args:
            landed: The answer.
            nominal_per_s: What flows in as far as is known.
            others: Whether other programs use the key.
        """
        self._nominal_per_s = nominal_per_s
        self._adopt(landed)
        if others:
            self._others_s = landed.at_s
        if not self._gained_s:
            self._gained_s = self.PRIOR_S
            self._gained = 0.0 if self.window_s else nominal_per_s * self.PRIOR_S

    def see(self, landed: Landed) -> None:
        """Take in an answer, unless one to a later request is known."""
        if landed.number <= self._number:
            return
        gained = landed.quota.remaining - self._level + (landed.number - self._number)
        gained -= self._returned(self._at_s, landed.at_s)
        if self._shows_others(landed, gained):
            self._others_s = landed.at_s
        passed_s = landed.at_s - self._at_s
        kept = max(0.0, 1 - passed_s / self.MEMORY_S)
        self._gained = kept * self._gained + gained
        self._gained_s = kept * self._gained_s + passed_s
        self._adopt(landed)

    def _shows_others(self, landed: Landed, gained: float) -> bool:
        """Tell whether more is gone than was sent."""
        if self.window_s:
            spent = landed.quota.limit - landed.quota.remaining
            return spent > self._counted(landed.at_s) + 2
        return gained < 0 and landed.sent_s >= self._at_s

    def _adopt(self, landed: Landed) -> None:
        self._number, self._at_s = landed.number, landed.at_s
        self._level = float(landed.quota.remaining)

    # -- what follows from it ---------------------------------------------------------------------

    def is_stale(self, now_s: float) -> bool:
        """Tell whether the level has to be asked for."""
        return now_s - self._at_s > self.STALE_S

    def wait_s(self, sent: int, now_s: float) -> float:
        """Return the time until the level allows one request after *sent* in all."""
        lacking = self._reserve(now_s) - self._level_at(sent, now_s)
        if lacking <= 0:
            return 0.0
        inflow_per_s = self._inflow_per_s()
        steady_s = lacking / inflow_per_s if inflow_per_s > 0 else self.STALE_S
        return min(steady_s, self._return_s(math.ceil(lacking), now_s), self.STALE_S)

    def rate(self, sent: int, now_s: float) -> float:
        """Return the requests per second that hold the level where it should be."""
        horizon_s = min(self.HORIZON_S, self.HORIZON_SHARE * (self.window_s or math.inf))
        above = self._level_at(sent, now_s) - self._reserve(now_s)
        inflow_per_s = self._inflow_per_s()
        if self.window_s:
            inflow_per_s += self._counted(now_s) / self.window_s
        return max(0.1 * self._nominal_per_s, inflow_per_s + above / horizon_s)

    def _reserve(self, now_s: float) -> float:
        noticed = now_s - self._others_s < self.OTHERS_S
        return self.BESIDE_OTHERS if noticed else self.ALONE

    def _level_at(self, sent: int, now_s: float) -> float:
        flowed = self._inflow_per_s() * min(now_s - self._at_s, self.STALE_S)
        back = self._returned(self._at_s, now_s)
        return self._level - (sent - self._number) + flowed + back

    def _inflow_per_s(self) -> float:
        """Return what flows in besides own requests that come back, less what others take."""
        seen = self._gained / self._gained_s if self._gained_s else 0.0
        return seen if self.window_s else max(seen, 0.1 * self._nominal_per_s)

    def _counted(self, now_s: float) -> int:
        """Return how many own requests are in the sliding window."""
        return self._returned(now_s, float("inf"))

    def _returned(self, from_s: float, to_s: float) -> int:
        """Return how many own requests leave the sliding window in a span of time."""
        if not self.window_s:
            return 0
        first, last = (bisect_right(self._own, at_s - self.window_s) for at_s in (from_s, to_s))
        return last - first

    def _return_s(self, count: int, now_s: float) -> float:
        """Return the time until so many own requests have left the sliding window."""
        if not self.window_s:
            return self.STALE_S
        last = bisect_right(self._own, now_s - self.window_s) + count - 1
        return self._own[last] + self.window_s - now_s if last < len(self._own) else self.STALE_S
