"""Load scenarios as data: S1 to S10 of retry facts 3.5, and one more.

To add one, add an entry: what the users do, how tight the quota is, what the server does to them,
and which metrics must be failed if it is a control. `python -m loadtests.run NAME` then runs it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Rule = Mapping[str, Any]
FAST = {"requests": 20, "window_seconds": 5}
OFF = {"requests": None}


def _error(status: int, **members: Any) -> Rule:
    return {"kind": "error", "status": status, **members}


@dataclass(frozen=True)
class Scenario:
    """One scenario.

    Attributes:
        name: S1 to S11, or your own.
        title: What it is about.
        metrics: What it makes computable.
        work: What a user does: ``read``, ``create``, ``page``, ``automate``, in turn.
        stages: Users over time: (until second, users).
        limits: Of both APIs, in the control plane's words.
        faults: Rules of the server.
        later: Limits that take effect at half time.
        neighbour_per_min: Requests a minute of another program on the key.
        strategy: What users do when nobody says otherwise.
        must_judge: Metrics without a verdict on which the run has shown nothing.
        must_fail: Metrics on which this strategy must be failed: a negative control.
        serve: Further flags of ``cwmock serve``.
    """

    name: str
    title: str
    metrics: Sequence[str]
    work: Sequence[str] = ("read",)
    stages: Sequence[tuple[int, int]] = ((20, 10),)
    limits: Mapping[str, Any] = field(default_factory=lambda: FAST)
    faults: Sequence[Rule] = ()
    later: Mapping[str, Any] | None = None
    neighbour_per_min: float = 0.0
    strategy: str = "reference"
    must_judge: frozenset[str] = frozenset()
    must_fail: frozenset[str] = frozenset()
    serve: Sequence[str] = ()

    @property
    def seconds(self) -> int:
        """Return how long it takes."""
        return self.stages[-1][0]


# Few of very many, since a circuit breaker and a budget of repetitions would end the rest.
FAILING = tuple(
    {"start_seconds": 1.4 * n, "times": 1, "streak": 4, "effect": _error(503)} for n in range(14)
)
REVOKED = {"api": "automate", "after": 100, "times": 1, "effect": {"kind": "revoke-tokens"}}
# A third of the creates: were all lost, a client with a circuit breaker would stop creating.
LOST = (
    {"method": "POST", "chance": 0.12, "effect": {"kind": "error-after", "status": 500}},
    {"method": "POST", "chance": 0.12, "effect": {"kind": "reset"}},
    {"method": "POST", "chance": 0.13, "effect": {"kind": "reset-after"}},
)
REFUSED = tuple(
    {"chance": 0.1, "effect": _error(status)} for status in (400, 403, 404, 405, 409, 415, 422)
)
# An obedient client rests for long after each, and for good after the last.
HOSTILE = (
    *(
        {"after": 20, "chance": 0.3, "effect": {"kind": "rate-limit", "retry_after": stated}}
        for stated in (None, "0", "-1", "1.5", "soon", "{date-60}")
    ),
    {"after": 60, "times": 1, "effect": {"kind": "rate-limit", "retry_after": "1000000000"}},
)
# Whoever paces itself is never refused for the quota, and has to show all the same that it obeys.
TOLD = ({"chance": 0.05, "effect": {"kind": "rate-limit", "retry_after": "1"}},)
CONTROLS: Mapping[str, frozenset[str]] = {
    "naive 1 s": frozenset({"M1", "M2", "M4", "M6"}),
    "vendor doc 0.1*2^k": frozenset({"M1", "M4", "M6"}),
    "full jitter (botocore)": frozenset({"M1", "M4", "M6"}),
    "RA exact (Automate seed)": frozenset({"M4", "M6"}),
    "RA + U(0,1 s) (PSA seed)": frozenset({"M4", "M6"}),
    "urllib3 defaults": frozenset({"M6"}),
}
_ALL = (
    Scenario(
        "S1",
        "saturate the quota",
        ("M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M13", "M18"),
        must_judge=frozenset({"M4", "M5", "M6", "M18"}),
        stages=((2, 1), (25, 10)),
    ),
    Scenario(
        "S2",
        "503 without Retry-After",
        ("M8", "M9", "M10"),
        must_judge=frozenset({"M8", "M9", "M10"}),
        # No quota: a client that paces itself waits in its own line, which hides how waits grow.
        limits=OFF,
        faults=FAILING,
        stages=((30, 10),),
    ),
    Scenario(
        "S3",
        "creates whose answers are lost",
        ("M11", "M12"),
        must_judge=frozenset({"M11", "M12"}),
        work=("create",),
        limits=OFF,
        faults=LOST,
        stages=((60, 10),),
    ),
    Scenario(
        "S4",
        "tokens expire and are revoked while 50 users work",
        ("M15", "M16"),
        must_judge=frozenset({"M15", "M16"}),
        work=("automate",),
        limits=OFF,
        faults=(REVOKED,),
        stages=((30, 50),),
    ),
    Scenario(
        "S5",
        "refused with 4xx",
        ("M14",),
        must_judge=frozenset({"M14"}),
        limits=OFF,
        faults=REFUSED,
        stages=((15, 10),),
    ),
    Scenario(
        "S6",
        "lists of 0, 1, 250, 1000, 1001 and 2500 rows",
        ("M17",),
        must_judge=frozenset({"M17"}),
        work=("page",),
        limits=OFF,
        stages=((20, 1),),
        serve=("--size", "2500"),
    ),
    Scenario(
        "S7",
        "an outage, then recovery",
        ("M20", "M21"),
        must_judge=frozenset({"M20", "M21"}),
        faults=({"start_seconds": 10, "duration_seconds": 25, "effect": _error(503)},),
        stages=((55, 10),),
    ),
    Scenario(
        "S8",
        "the quota is halved beside a neighbour",
        ("M19", "M22"),
        must_judge=frozenset({"M19", "M22"}),
        limits={"requests": 40, "window_seconds": 10},
        later={"requests": 20},
        neighbour_per_min=30,
        stages=((60, 10),),
    ),
    Scenario(
        "S9",
        "Retry-After that makes no sense",
        ("M23",),
        must_judge=frozenset({"M23"}),
        limits=OFF,
        faults=HOSTILE,
        stages=((75, 10),),
    ),
    Scenario(
        "S11",
        "refused by chance, with an honest Retry-After",
        ("M1", "M2", "M3", "M8", "M13"),
        must_judge=frozenset({"M1", "M2", "M3", "M8", "M13"}),
        limits=OFF,
        faults=TOLD,
        stages=((50, 10),),
    ),
    *(
        Scenario(
            f"S10 {name}",
            "a negative control",
            tuple(failed),
            stages=((25, 10),),
            strategy=name,
            must_fail=failed,
        )
        for name, failed in CONTROLS.items()
    ),
)
SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
