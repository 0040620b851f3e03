"""Logical requests: a failed attempt and the attempts that repeat it (retry facts 3.2).

No client is asked to cooperate. What looks the same as an attempt that failed, and comes soon
after, repeats it; what repeats nothing that failed (a poll) opens a chain of its own.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import parse_qsl

from mockserver.core.attempt import NS, Attempt
from mockserver.core.waits import UNAVAILABLE, wait_s

EARLY_NS = 5_000_000
OPEN_S = 180.0
AMBIGUOUS = frozenset({408, 500, 502, 504})
LOSING = frozenset({"truncate", "malformed"})


def has_failed(attempt: Attempt) -> bool:
    """Return whether the client has a reason to try again."""
    status = attempt.status
    return status is None or status >= 400 or attempt.aborted or bool(attempt.struck & LOSING)  # noqa: PLR2004


def is_ambiguous(attempt: Attempt) -> bool:
    """Return whether the client cannot know if its request was carried out (retry facts 2.3)."""
    status = attempt.status
    if status is None or status in AMBIGUOUS or attempt.aborted or attempt.struck & LOSING:
        return True
    return status == UNAVAILABLE and wait_s(attempt) is None


def is_server_side(attempt: Attempt) -> bool:
    """Return whether the server failed, rather than refused."""
    return attempt.status is None or attempt.status >= 500 or is_ambiguous(attempt)  # noqa: PLR2004


def fingerprint(attempt: Attempt) -> Hashable:
    """Return what two attempts of the same logical request have in common."""
    if attempt.stable_id:
        return attempt.stable_id
    query = tuple(sorted(parse_qsl(attempt.query, keep_blank_values=True)))
    return attempt.method, attempt.path.rstrip("/").casefold(), query, attempt.digest


@dataclass(frozen=True)
class Link:
    """A failed attempt, the one that repeats it, and how many failures came before in the chain."""

    failed: Attempt
    again: Attempt
    index: int

    @property
    def gap_s(self) -> float:
        """Return the seconds between the end of one and the arrival of the other."""
        return (self.again.arrived_ns - self.failed.flushed_ns) / NS

    @property
    def early_s(self) -> float:
        """Return by how much the client came before the time that it was told; 0 or more."""
        return max(0.0, (wait_s(self.failed) or 0.0) - self.gap_s)


@dataclass
class Chain:
    """The attempts of one logical request, in order."""

    attempts: list[Attempt] = field(default_factory=list)

    @property
    def last(self) -> Attempt:
        """Return the latest attempt."""
        return self.attempts[-1]

    @property
    def succeeded(self) -> bool:
        """Return whether the latest attempt did."""
        return not has_failed(self.last)

    @property
    def links(self) -> list[Link]:
        """Return each failure with what repeats it."""
        pairs = enumerate(pairwise(self.attempts))
        return [Link(failed, again, n) for n, (failed, again) in pairs]


def chains(attempts: Iterable[Attempt]) -> list[Chain]:
    """Return the logical requests of one client.

    Args:
        attempts: Of one key, in order of arrival.
    """
    made: list[Chain] = []
    open_by_mark: dict[Hashable, deque[Chain]] = defaultdict(deque)
    for attempt in attempts:
        waiting = open_by_mark[fingerprint(attempt)]
        chain = _repeated(waiting, attempt)
        if chain is None:
            chain = Chain()
            made.append(chain)
        chain.attempts.append(attempt)
        if has_failed(attempt):
            waiting.append(chain)
    return made


def _repeated(waiting: deque[Chain], attempt: Attempt) -> Chain | None:
    """Return the chain whose failure has been open longest, and close it."""
    for chain in tuple(waiting):
        failed = chain.last
        gap_ns = attempt.arrived_ns - failed.flushed_ns
        if gap_ns > max(2 * (wait_s(failed) or 0.0), OPEN_S) * NS:
            waiting.remove(chain)
        elif gap_ns >= -EARLY_NS:
            waiting.remove(chain)
            return chain
    return None


def links(found: Sequence[Chain]) -> list[Link]:
    """Return every link of the chains."""
    return [link for chain in found for link in chain.links]
