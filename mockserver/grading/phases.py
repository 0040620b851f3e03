"""What a client under examination goes through, as data (retry facts 3.5).

Lengths are in windows of the quota, so that the fast profile is the same examination in less time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Profile:
    """How tight the quota is.

    Attributes:
        requests: Requests per window and key.
        window_s: The window's length.
        lost_creates_min: Creates with a lost answer that clear a client of duplicates.
    """

    requests: int
    window_s: float
    lost_creates_min: int


# 300 lost creates, which clear a client for good, do not fit into three windows of 60 requests.
PROFILES: Mapping[str, Profile] = {"fast": Profile(20, 5.0, 8), "full": Profile(60, 60.0, 40)}


@dataclass(frozen=True)
class Phase:
    """One part of the examination.

    Attributes:
        name: For the command line.
        title: What the server does meanwhile.
        windows: How long it lasts.
        metrics: What it is there for.
        rules: Fault rules, in the control plane's words.
        share: What part of the quota is left.
        neighbour: Whether another program uses the key twenty times in sixty requests.
        outage: Whether everything fails.
    """

    name: str
    title: str
    windows: int
    metrics: Sequence[str]
    rules: Sequence[Rule] = ()
    share: float = 1.0
    neighbour: bool = False
    outage: bool = False


def _error(status: int, **members: Any) -> Rule:
    return {"kind": "error", "status": status, **members}


LOST: Sequence[Rule] = (
    {"method": "POST", "chance": 0.33, "effect": {"kind": "error-after", "status": 500}},
    {"method": "POST", "chance": 0.5, "effect": {"kind": "reset"}},
    {"method": "POST", "chance": 0.99, "effect": {"kind": "reset-after"}},
)
REFUSED = tuple(
    {"chance": 0.06, "effect": _error(status)} for status in (400, 403, 404, 405, 409, 415, 422)
)
BUSY: Sequence[Rule] = ({"chance": 0.6, "effect": _error(503)},)
DOWN: Sequence[Rule] = ({"effect": _error(503)},)
REVOKED: Sequence[Rule] = ({"api": "automate", "times": 1, "effect": {"kind": "revoke-tokens"}},)
HOSTILE = tuple(
    {"chance": 0.1, "effect": {"kind": "rate-limit", "retry_after": stated}}
    for stated in (None, "0", "-1", "1.5", "soon", "1000000000", "{date-60}")
)
PHASES: Mapping[str, Phase] = {
    phase.name: phase
    for phase in (
        Phase("quota", "only the quota is in the way", 3, ("M1", "M2", "M3", "M4", "M5", "M6")),
        Phase("neighbour", "another program uses the same key", 2, ("M19",), neighbour=True),
        Phase("cut", "the quota is halved", 2, ("M22",), share=0.5),
        Phase("lost", "answers to POST are lost", 3, ("M11", "M12"), LOST),
        Phase("tokens", "every token is revoked", 1, ("M15", "M16"), REVOKED),
        Phase("refused", "some requests are refused with 4xx", 2, ("M14",), REFUSED),
        Phase("unavailable", "many get 503 without Retry-After", 3, ("M8", "M9", "M10"), BUSY),
        Phase("outage", "everything fails", 3, ("M20",), DOWN, outage=True),
        # Long enough for a circuit breaker that looks again every ten seconds.
        Phase("recovery", "all is well again", 2, ("M21",)),
        # The last one, because an obedient client may rest for long.
        Phase("hostile", "Retry-After makes no sense", 1, ("M23",), HOSTILE),
    )
}
