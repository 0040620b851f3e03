"""When the next request of a credential may be sent: the arithmetic of the gate, without threads.

It reads the quota off the answers and spreads what is left of it over what is left of the window
(retry facts 5). Requests of other programs on the same key show in the numbers and are left room.
After silence, a refusal or an outage a single request goes ahead as a probe and the others wait
for what it finds.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from mockserver.client.clock import Chance
from mockserver.client.flow import Flow, Landed
from mockserver.client.foreign import Foreign
from mockserver.client.retry_after import Quota

#: Waits that end by something that happens, not by time.
UNTIL_SOMETHING_HAPPENS = float("inf")
_APART = frozenset({"pace", "_chance", "_foreign", "_flow", "_under_way"})


@dataclass(frozen=True)
class Pace:
    """How a gate behaves.

    Attributes:
        in_flight_max: Requests that may be under way at once (seed 000: about ten).
        burst: Requests that may go out at once after a pause; the others are spread evenly.
        assumed: Requests and seconds of a window where the server names no quota, or None to
            send freely there.
        margin_s: The window's last part that is left empty.
        jitter_s: How much later than the reset the next window is begun, at most.
        outage_failures: Consecutive failures after which requests pause.
        outage_s: How long they pause, from this to 1.4 times this.
    """

    in_flight_max: int = 10
    burst: float = 5.0
    assumed: tuple[int, float] | None = None
    margin_s: float = 0.25
    jitter_s: float = 0.25
    outage_failures: int = 5
    outage_s: float = 10.0


@dataclass(frozen=True)
class Pass:
    """The permission to send one request."""

    number: int
    sent_s: float
    is_probe: bool


class QuotaState:
    """What is known about one credential's quota.

    Every method takes the present second of a clock that only runs forwards.
    """

    def __init__(self, pace: Pace, chance: Chance) -> None:
        self.pace, self._chance = pace, chance
        self._under_way: dict[int, Pass] = {}
        self.sent = 0
        self.budget: int | None = None
        self.limit, self.window_s = 0, 60.0
        self.reset_s = self._resume_s = 0.0
        self.shut_until_s = 0.0
        self._needs_probe, self._probing = True, False
        self._refusals = self._refused_number = self._failures = 0
        self._credit, self._credit_s = pace.burst, 0.0
        self._foreign = Foreign()
        self._flow, self._flows = Flow(), False

    @property
    def in_flight(self) -> int:
        """Return how many requests are under way."""
        return len(self._under_way)

    # -- before a request -----------------------------------------------------------------------

    def wait_s(self, now_s: float) -> float:
        """Return how long the next request has to wait as things stand; 0 when it may go."""
        if now_s < self.shut_until_s:
            return self.shut_until_s - now_s
        if self.in_flight >= self.pace.in_flight_max or self._probing:
            return UNTIL_SOMETHING_HAPPENS
        if self._needs_probe or self.budget is None:
            return 0.0
        if self._is_over(now_s):
            return 0.0
        if self._flows:
            wait_s = max(self._flow.wait_s(self.sent, now_s), self._credit_wait_s(now_s))
        else:
            wait_s = min(self._paced_s(now_s), self._resume_s - now_s)
        # A wait too short for the clock to tell would never end.
        return max(0.001, wait_s) if wait_s > 0 else 0.0

    def take(self, now_s: float) -> Pass:
        """Count one request that is sent now."""
        metered = self.budget is not None
        probe = self._needs_probe or (metered and self._is_over(now_s))
        self._earn(now_s)
        self._credit = max(0.0, self._credit - 1.0)
        self.sent += 1
        if probe:
            self._probing = True
        elif self.budget is not None:
            self.budget -= 1
        self._under_way[self.sent] = sent = Pass(self.sent, now_s, probe)
        return sent

    def _paced_s(self, now_s: float) -> float:
        """Return the wait that spreads the budget over the window."""
        ours = self._ours(now_s)
        if ours < 1:
            return self._foreign.relief_s(self._spare(), self.reset_s - now_s)
        return self._credit_wait_s(now_s)

    def _is_over(self, now_s: float) -> bool:
        """Tell whether what was known is known no more."""
        return self._flow.is_stale(now_s) if self._flows else now_s >= self._resume_s

    def _credit_wait_s(self, now_s: float) -> float:
        self._earn(now_s)
        if self._credit >= 1:
            return 0.0
        return (1 - self._credit) / self._rate(now_s)

    def _earn(self, now_s: float) -> None:
        earned = (now_s - self._credit_s) * self._rate(now_s)
        self._credit = min(self.pace.burst, self._credit + max(0.0, earned))
        self._credit_s = now_s

    def _rate(self, now_s: float) -> float:
        """Return the requests per second that would use up our share when the window ends."""
        if self._flows:
            return self._flow.rate(self.sent, now_s)
        left_s = max(0.05, self.reset_s - self.pace.margin_s - now_s)
        return max(0.001, self._ours(now_s) / left_s)

    def _spare(self) -> float:
        """Return what is left of the budget, less one for others if there are any."""
        budget = self.pace.burst if self.budget is None else self.budget
        return budget - (1 if self._foreign.is_there else 0)

    def _ours(self, now_s: float) -> float:
        return self._spare() - self._foreign.expected(self.reset_s - now_s)

    # -- after an answer ------------------------------------------------------------------------

    def answered(
        self, sent: Pass, now_s: float, quota: Quota | None, *, conclusive: bool = True
    ) -> None:
        """Learn from an answer that was no refusal for now and no failure.

        Args:
            sent: What was sent.
            now_s: The present second.
            quota: What the answer says.
            conclusive: Whether its silence about the quota means that there is none.
        """
        self._refusals = self._failures = 0
        self._land(sent)
        if quota is None and self.pace.assumed:
            quota = self._assumed(sent, now_s)
        if quota is not None:
            self._learn(sent, now_s, quota)
        elif conclusive:
            self.budget, self._needs_probe = None, False

    def refused(self, sent: Pass, now_s: float, asked_s: float) -> None:
        """Keep everybody away after a 429, or a 503 that names a time."""
        self._land(sent)
        if sent.number > self._refused_number:
            # What was under way with the refused one is no further refusal.
            self._refused_number, self._refusals = self.sent, self._refusals + 1
        spread_s = max(1.0, 0.1 * min(asked_s, self.window_s))
        if self._refusals > 1:
            spread_s += self.window_s * (2 ** min(self._refusals - 1, 4) - 1)
        self._shut(now_s + asked_s + self._chance.uniform(0, spread_s))

    def failed(self, sent: Pass, now_s: float) -> None:
        """Count a failure of the server or the connection; several in a row are an outage."""
        self._land(sent)
        self._failures += 1
        if self._failures >= self.pace.outage_failures:
            wait_s = self._chance.uniform(self.pace.outage_s, 1.4 * self.pace.outage_s)
            self._shut(now_s + wait_s)

    def cancelled(self, sent: Pass) -> None:
        """Forget a request that came to no end."""
        self._land(sent)

    def withdrawn(self, sent: Pass) -> None:
        """Take back a permission that was not used."""
        self._land(sent)
        self._credit += 1
        if self.budget is not None and not sent.is_probe:
            self.budget += 1

    def _land(self, sent: Pass) -> None:
        self._under_way.pop(sent.number, None)
        if sent.is_probe:
            self._probing = False

    def abandon(self, before_s: float) -> None:
        """Give up requests that were sent before that second: whoever sent them is gone."""
        for sent in [each for each in self._under_way.values() if each.sent_s < before_s]:
            self._land(sent)

    def kept(self) -> dict[str, Any]:
        """Return all that is known, as JSON, for ``restore``."""
        known = {name: value for name, value in vars(self).items() if name not in _APART}
        under_way = [astuple(each) for each in self._under_way.values()]
        parts = {"foreign": vars(self._foreign), "flow": vars(self._flow)}
        return {**known, **parts, "under_way": under_way}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Take over what is known to another gate of the credential."""
        known = dict(kept)
        passes = [Pass(*each) for each in known.pop("under_way")]
        self._under_way = {each.number: each for each in passes}
        vars(self._foreign).update(known.pop("foreign"))
        vars(self._flow).update(known.pop("flow"))
        vars(self).update(known)

    def _shut(self, until_s: float) -> None:
        self.shut_until_s = max(self.shut_until_s, until_s)
        self._needs_probe = True

    def _assumed(self, sent: Pass, now_s: float) -> Quota:
        assert self.pace.assumed is not None
        requests, window_s = self.pace.assumed
        if sent.is_probe or self.budget is None:
            return Quota(requests, requests - 1, window_s)
        return Quota(requests, self.budget, max(0.0, self.reset_s - now_s))

    def _learn(self, sent: Pass, now_s: float, quota: Quota) -> None:
        ends_s, later = now_s + quota.reset_s, self.sent - sent.number
        # Seconds are rounded up: the same window never seems to end more than one second later.
        self._flow.note(now_s, quota.limit)
        if self._is_flowing(sent, quota):
            self._follow(sent, now_s, quota)
            return
        if sent.is_probe or self.budget is None or ends_s > self.reset_s + 1.5:
            self._open(now_s, ends_s, quota, later)
            return
        self.budget = min(self.budget, quota.remaining - later)
        if ends_s < self.reset_s:
            self._set_end(ends_s)
        # All that was sent may have been counted before this one: answers overtake each other.
        self._foreign.see(self.sent, quota.remaining, now_s)

    def _is_flowing(self, sent: Pass, quota: Quota) -> bool:
        """Tell whether the quota comes back little by little, as far as is known by now."""
        short = quota.remaining < quota.limit - max(3.0, 0.1 * quota.limit)
        if self._flows:
            return short
        # A window that has just begun would be nearly full, and end in a window's length.
        begun = self.budget is not None and 0 <= sent.sent_s - self.reset_s <= 2  # noqa: PLR2004
        return begun and short and quota.reset_s < self.window_s / 2

    def _follow(self, sent: Pass, now_s: float, quota: Quota) -> None:
        landed = Landed(sent.number, sent.sent_s, now_s, quota)
        if sent.is_probe or not self._flows:
            nominal_per_s = quota.limit / self.window_s
            self._flow.begin(landed, nominal_per_s, others=self._foreign.is_there)
        else:
            self._flow.see(landed)
        self._flows, self._needs_probe = True, False
        self.budget, self.limit = quota.remaining, quota.limit

    def _open(self, now_s: float, ends_s: float, quota: Quota, later: int) -> None:
        self._flows = self._needs_probe = False
        self._foreign.close(now_s)
        self.budget, self.limit = quota.remaining - later, quota.limit
        if quota.reset_s > 2:  # noqa: PLR2004 - a bucket's next request is no window
            self.window_s = self._flow.window_s = quota.reset_s
        self._set_end(ends_s)
        self._foreign.open(self.sent - later, quota, now_s)

    def _set_end(self, ends_s: float) -> None:
        self.reset_s = ends_s
        self._resume_s = ends_s + self._chance.uniform(0, self.pace.jitter_s)
