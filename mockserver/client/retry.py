"""Which request may be repeated after which failure, and how long to wait: decisions only.

The table is the one of retry facts 2.3. The vendors have no idempotency keys, so a create whose
outcome is unknown is never repeated blindly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mockserver.client.clock import Chance

#: Statuses that say nothing about whether the work was done.
UNKNOWN_STATUSES = frozenset({408, 500, 502, 504, 503})
PLAIN_OPERATIONS = frozenset({"replace", "test"})


class Kind(StrEnum):
    """What a request does if it arrives twice."""

    READ = "read"  # GET, HEAD, and searches by POST: nothing
    REPLACE = "replace"  # PUT, DELETE, and patches that only replace: the same as once
    APPEND = "append"  # POST, and patches that add: it may be done twice
    TOKEN = "token"  # noqa: S105 - a login: harmless, but never re-authenticated


class Failure(StrEnum):
    """What went wrong with one attempt."""

    NOT_SENT = "not sent"  # no byte reached the server
    REFUSED = "refused for now"  # 429, or 503 with Retry-After: not applied
    LOCKED = "locked"  # 409 of a record that somebody edits: not applied
    UNKNOWN = "unknown"  # 5xx, timeout, connection lost, answer cut: perhaps applied
    UNAUTHORIZED = "unauthorized"  # 401: not applied
    FINAL = "final"  # any other refusal: the same request fails again


def kind_of(method: str, body: Any = None, *, reads: bool = False) -> Kind:
    """Return what a request does if it arrives twice; *reads* marks a POST that only searches."""
    if reads or method in {"GET", "HEAD", "OPTIONS"}:
        return Kind.READ
    if method in {"PUT", "DELETE"} or (method == "PATCH" and _only_replaces(body)):
        return Kind.REPLACE
    return Kind.APPEND


def _only_replaces(body: Any) -> bool:
    """Tell whether a patch is safe to repeat: a partial object, or operations that only replace."""
    if isinstance(body, Mapping):
        return True
    if not isinstance(body, Sequence) or isinstance(body, str):
        return False
    return all(
        isinstance(each, Mapping) and str(each.get("op", "")).lower() in PLAIN_OPERATIONS
        for each in body
    )


def failure_of_status(
    status: int, *, pushback: bool = False, locked: bool = False
) -> Failure | None:
    """Return the failure that a status means, or None for success.

    Args:
        status: Of the answer.
        pushback: Whether the answer carries a usable Retry-After.
        locked: Whether its code says that the record is locked.
    """
    if status < 400:  # noqa: PLR2004
        return None
    if status == 429 or (status == 503 and pushback):  # noqa: PLR2004
        return Failure.REFUSED
    if status == 401:  # noqa: PLR2004
        return Failure.UNAUTHORIZED
    if status == 409 and locked:  # noqa: PLR2004
        return Failure.LOCKED
    return Failure.UNKNOWN if status in UNKNOWN_STATUSES else Failure.FINAL


class Next(StrEnum):
    """What to do after a failed attempt."""

    REPEAT = "repeat"
    LOG_IN = "log in and repeat"
    VERIFY = "verify, then decide"
    GIVE_UP = "give up"


@dataclass(frozen=True)
class Step:
    """What to do, and after how many seconds."""

    what: Next
    wait_s: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class Chain:
    """What happened so far to one request, the present failure included.

    Attributes:
        kind: Of the request.
        attempts: Attempts that were made.
        refusals: How many of them were refused for now.
        conflicts: How many found the record locked.
        logins: How often it was re-authenticated.
        age_s: Seconds since the first attempt was sent.
        told_s: Seconds that the server asked to wait, all in all.
    """

    kind: Kind
    attempts: int = 1
    refusals: int = 0
    conflicts: int = 0
    logins: int = 0
    age_s: float = 0.0
    told_s: float = 0.0


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how patiently requests are repeated.

    Attributes:
        attempts_max: Attempts that end in failures other than being refused for now.
        refusals_max: Attempts that may be refused for now (429, 503 with Retry-After).
        conflicts_max: Repetitions after a locked record.
        base_s: The first backoff is drawn from 0 to this; it doubles each time.
        cap_s: No backoff is drawn from more than this.
        gap_s: No repetition comes sooner than this.
        repeat_s: No repetition is sent later after the first attempt was, besides what the server
            itself asked to wait. A little less than the two minutes that a server sees as the end
            of patience (retry facts 3.3, M10), since the way to it takes time.
        queue_s: How long a request stands in line before it is sent for the first time, and how
            long a server may ask one to wait, all in all.
        retry_after_max_s: A server that asks for a longer wait gets none: it is an error.
    """

    attempts_max: int = 5
    refusals_max: int = 5
    conflicts_max: int = 3
    base_s: float = 1.0
    cap_s: float = 20.0
    gap_s: float = 0.05
    repeat_s: float = 115.0
    queue_s: float = 600.0
    retry_after_max_s: float = 600.0

    def backoff_s(self, number: int, chance: Chance) -> float:
        """Return the wait before repetition *number*: full jitter below a doubling ceiling."""
        ceiling_s = min(self.cap_s, self.base_s * 2 ** min(number - 1, 30))
        return max(self.gap_s, chance.uniform(0, ceiling_s))

    def step(
        self, failure: Failure, chain: Chain, chance: Chance, asked_s: float | None = None
    ) -> Step:
        """Return what follows a failure.

        Args:
            failure: What went wrong.
            chain: What happened so far.
            chance: For the jitter.
            asked_s: What the server asked to wait, if it did. The gate keeps every thread of the
                credential waiting that long, so the step itself adds nothing.
        """
        reason = self._obstacle(failure, chain, asked_s)
        if reason:
            return Step(Next.GIVE_UP, reason=reason)
        if failure is Failure.UNAUTHORIZED:
            return Step(Next.LOG_IN)
        if failure is Failure.REFUSED:
            return Step(Next.REPEAT)
        wait_s = self.backoff_s(chain.attempts, chance)
        if chain.age_s - chain.told_s + wait_s > self.repeat_s:
            return Step(Next.GIVE_UP, reason="the time for repetitions is up")
        if failure is Failure.UNKNOWN and chain.kind is Kind.APPEND:
            return Step(Next.VERIFY, wait_s)
        return Step(Next.REPEAT, wait_s)

    def _obstacle(self, failure: Failure, chain: Chain, asked_s: float | None) -> str:
        match failure:
            case Failure.FINAL:
                return "the same request would fail again"
            case Failure.UNAUTHORIZED:
                once = chain.kind is not Kind.TOKEN and not chain.logins
                return "" if once else "the credentials are refused"
            case Failure.REFUSED:
                return self._unwaitable(chain, asked_s or 0.0)
            case Failure.LOCKED:
                if chain.kind is Kind.READ or chain.conflicts > self.conflicts_max:
                    return "the record stays locked"
                return ""
        spent = chain.attempts - chain.refusals >= self.attempts_max
        return "the attempts are used up" if spent else ""

    def _unwaitable(self, chain: Chain, asked_s: float) -> str:
        if chain.refusals >= self.refusals_max:
            return "refused too often"
        if asked_s > self.retry_after_max_s:
            return f"the server asks to wait {asked_s:.0f} s"
        too_long = chain.told_s > self.queue_s
        return f"the server asks to wait {chain.told_s:.0f} s in all" if too_long else ""


class RetryBudget:
    """How many repetitions all threads of a client may make: a share of what they send.

    An outage then costs a tenth more load, not a multiple (retry facts 2.2, Google's and .NET's
    10 %). Being refused for now costs nothing: the server named the time itself.

    Args:
        share: Repetitions per request.
        per_s: Repetitions per second, whatever is sent.
        held_max: The most that can be saved up.
    """

    def __init__(self, share: float = 0.1, per_s: float = 0.1, held_max: float = 10.0) -> None:
        self.share, self.per_s, self.held_max = share, per_s, held_max
        self._held, self._at_s = held_max, 0.0

    def earn(self, now_s: float) -> None:
        """Count a first attempt."""
        self._settle(now_s)
        self._held = min(self.held_max, self._held + self.share)

    def spend(self, now_s: float) -> bool:
        """Take one repetition; return whether there was one."""
        self._settle(now_s)
        if self._held < 1:
            return False
        self._held -= 1
        return True

    def _settle(self, now_s: float) -> None:
        self._held = min(self.held_max, self._held + max(0.0, now_s - self._at_s) * self.per_s)
        self._at_s = now_s
