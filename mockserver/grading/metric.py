"""What a metric is, and what the client under judgement is."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mockserver.core.attempt import NS, Attempt
from mockserver.grading.chains import Chain, Link, chains, links

EVIDENCE_MAX = 50
PASS, FAIL, INSUFFICIENT = "pass", "fail", "insufficient"
#: Failing one of these is misconduct whatever the rest is like (retry facts 3.3).
HARD = frozenset({"M1", "M11", "M12", "M14", "M16", "M18", "M23"})


@dataclass(frozen=True)
class Terms:
    """What the client was up against.

    Attributes:
        limit: Requests per window and key; None for no limit.
        window_s: The window's length.
        window: ``fixed``, ``sliding`` or ``bucket``.
        token_ttl_s: How long a token lives.
        backlog: Spans of nanoseconds in which the client is known to have had work waiting.
        outages: Spans of nanoseconds in which every request failed.
        neighbour: The client id of a program that only shares the key.
        amplification_max: What is allowed of M4; 1.02 where nothing but the quota is in the way.
        lost_creates_min: How many creates with a lost answer clear a client of duplicates; by the
            rule of three 300 mean fewer than one in a hundred.
    """

    limit: int | None = 60
    window_s: float = 60.0
    window: str = "fixed"
    token_ttl_s: float = 14_400.0
    backlog: tuple[tuple[int, int], ...] = ()
    outages: tuple[tuple[int, int], ...] = ()
    neighbour: str = "cwmock-neighbour"
    amplification_max: float = 1.1
    lost_creates_min: int = 300


@dataclass(frozen=True)
class Metric:
    """One figure of a client's conduct.

    Attributes:
        id: ``M1`` to ``M24``.
        name: What it measures.
        value: The figure; None when there is nothing to measure.
        n: How many observations it rests on.
        verdict: ``pass``, ``fail`` or ``insufficient``.
        evidence: Journal ids of the requests that show it, the worst first.
    """

    id: str
    name: str
    value: float | None
    n: int
    verdict: str
    evidence: tuple[int, ...] = ()

    def document(self) -> dict[str, object]:
        """Return the metric as the report shows it."""
        return {
            "name": self.name,
            "value": self.value,
            "n": self.n,
            "verdict": self.verdict,
            "evidence": list(self.evidence),
        }


@dataclass
class Client:
    """The client under judgement: one key of one API.

    Attributes:
        key: The public key or user name.
        api: ``psa`` or ``automate``.
        attempts: Its attempts in order of arrival.
        neighbours: Attempts of a program that shares the key and is not judged.
        everyone: All attempts of the tenant at this API, in order of arrival.
        terms: What it was up against.
    """

    key: str
    api: str
    attempts: Sequence[Attempt]
    terms: Terms = field(default_factory=Terms)
    neighbours: Sequence[Attempt] = ()
    everyone: Sequence[Attempt] = ()

    @cached_property
    def chains(self) -> list[Chain]:
        """Return its logical requests."""
        return chains(self.attempts)

    @cached_property
    def links(self) -> list[Link]:
        """Return its repeats."""
        return links(self.chains)

    @cached_property
    def arrivals_ns(self) -> list[int]:
        """Return when its requests came, in order."""
        return [each.arrived_ns for each in self.attempts]

    def between(self, start_ns: int, end_ns: int, most: int | None = None) -> Sequence[Attempt]:
        """Return its attempts that came in a span of time, both ends included, *most* of them."""
        first, last = (
            bisect_left(self.arrivals_ns, start_ns),
            bisect_right(self.arrivals_ns, end_ns),
        )
        return self.attempts[first : last if most is None else min(last, first + most)]

    @property
    def span_s(self) -> float:
        """Return the seconds from its first arrival to its last."""
        return (self.arrivals_ns[-1] - self.arrivals_ns[0]) / NS if self.attempts else 0.0

    @cached_property
    def end_ns(self) -> int:
        """Return the latest arrival that anybody made: until then the client had time."""
        return max((each.arrived_ns for each in (*self.everyone, *self.attempts)), default=0)


Measure = Callable[[Client], Metric]


def ids(attempts: Iterable[Attempt]) -> tuple[int, ...]:
    """Return the journal ids of some attempts, as evidence."""
    found: dict[int, None] = {}
    for attempt in attempts:
        found.setdefault(attempt.id)
        if len(found) == EVIDENCE_MAX:
            break
    return tuple(found)


def verdict(*, failed: bool, enough: bool) -> str:
    """Return the verdict on a figure that needs many observations to say anything."""
    if not enough:
        return INSUFFICIENT
    return FAIL if failed else PASS


def strict(*, failed: bool, enough: bool) -> str:
    """Return the verdict on a figure of which one violation is proof."""
    return FAIL if failed else verdict(failed=False, enough=enough)
