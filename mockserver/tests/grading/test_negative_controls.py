"""A grader without failing controls is untested: each is failed on what retry facts 5 name."""

import pytest
from journals import card_of

from loadtests.simulation import Job, Run, numbered, simulated
from loadtests.strategies import STRATEGIES
from mockserver.core.limits import Quota

OFF = Quota(None, 60)
LOST = (
    {"chance": 0.12, "effect": {"kind": "error-after", "status": 500}},
    {"chance": 0.12, "effect": {"kind": "reset"}},
    {"chance": 0.13, "effect": {"kind": "reset-after"}},
)
DOWN = {"start_seconds": 20, "duration_seconds": 60, "effect": {"kind": "error", "status": 503}}
HOSTILE = [
    {"chance": 0.2, "effect": {"kind": "rate-limit", "retry_after": stated}}
    for stated in (None, "0", "-1", "1.5", "soon", "1000000000", "{date-60}")
]
MIXED = [Job("POST" if n % 2 else "GET", f"/service/tickets/{n}", str(n)) for n in range(400)]
SCENARIOS = {
    "fixed": {"workers": 10, "jobs": numbered(300)},
    "sliding": {"workers": 10, "jobs": numbered(300), "quota": Quota(60, 60, window="sliding")},
    "bucket": {"workers": 10, "jobs": numbered(300), "quota": Quota(60, 60, window="bucket")},
    "creates": {"workers": 10, "jobs": MIXED, "quota": Quota(20, 5)},
    "lost answers": {"workers": 4, "jobs": numbered(900, "POST"), "quota": OFF, "faults": LOST},
    "unavailable": {
        "workers": 4,
        "jobs": numbered(40),
        "quota": OFF,
        "faults": [{"chance": 0.6, "effect": {"kind": "error", "status": 503}}],
    },
    "failing": {
        "workers": 4,
        "jobs": numbered(3_000),
        "quota": OFF,
        "faults": [{"chance": 0.01, "streak": 4, "effect": {"kind": "error", "status": 503}}],
    },
    "outage": {"workers": 4, "jobs": numbered(800), "quota": Quota(20, 5), "faults": [DOWN]},
    # Refused by chance, so that one who never is refused for the quota shows that it obeys.
    "told to wait": {
        "workers": 4,
        "jobs": numbered(1_000),
        "quota": OFF,
        "faults": [{"chance": 0.04, "effect": {"kind": "rate-limit", "retry_after": "3"}}],
    },
    "hostile": {"workers": 4, "jobs": numbered(100), "quota": OFF, "faults": HOSTILE},
    "neighbour": {"workers": 10, "jobs": numbered(300), "neighbour_per_min": 20},
}


def card(strategy, scenario):
    return card_of(simulated(Run(STRATEGIES[strategy], **SCENARIOS[scenario])))


@pytest.mark.parametrize(
    ("strategy", "scenario", "failed"),
    [
        ("naive 1 s", "fixed", {"M1", "M2", "M3", "M4", "M6"}),
        ("naive 1 s", "lost answers", {"M11", "M12"}),
        ("vendor doc 0.1*2^k", "fixed", {"M1", "M2", "M3", "M4", "M6"}),
        ("vendor doc 0.1*2^k", "sliding", {"M1", "M5"}),
        ("naive 1 s", "failing", {"M8", "M9"}),
        ("naive 1 s", "told to wait", {"M1", "M2", "M3"}),
        ("full jitter (botocore)", "told to wait", {"M1", "M2", "M3"}),
        ("RA exact (Automate seed)", "told to wait", {"M2", "M8"}),
        ("exp, no jitter", "unavailable", {"M8"}),
        ("full jitter (botocore)", "fixed", {"M1", "M2", "M3", "M4", "M6"}),
        ("full jitter (botocore)", "neighbour", {"M19"}),
        ("RA exact (Automate seed)", "fixed", {"M4", "M6", "M7", "M8"}),
        ("RA exact (Automate seed)", "lost answers", {"M11", "M12"}),
        ("RA exact (Automate seed)", "bucket", {"M4", "M6"}),
        ("RA + U(0,1 s) (PSA seed)", "fixed", {"M4", "M6", "M7"}),
        ("RA + U(0,1 s) (PSA seed)", "neighbour", {"M19"}),
        ("urllib3 defaults", "creates", {"M13"}),
        ("urllib3 defaults", "fixed", {"M6", "M7", "M8"}),
        ("header pacing, independent", "fixed", {"M4", "M6"}),
        ("shared gate, greedy", "neighbour", {"M19"}),
    ],
)
def test_a_control_is_failed_on_its_own_metric(strategy, scenario, failed):
    assert failed <= {metric.id for metric in card(strategy, scenario).failed}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_reference_client_fails_nothing(scenario):
    graded = card("reference client", scenario)

    assert [(metric.id, metric.value) for metric in graded.failed] == []
    assert graded.judged


def test_the_waits_of_the_reference_client_are_seen_to_grow():
    metrics = card("reference client", "failing").metrics

    assert [metrics[name].verdict for name in ("M8", "M9", "M10")] == ["pass"] * 3


def test_the_reference_client_is_seen_to_obey():
    metrics = card("reference client", "told to wait").metrics

    assert [metrics[name].verdict for name in ("M1", "M2", "M3", "M8", "M13")] == ["pass"] * 5


@pytest.mark.parametrize("scenario", ["fixed", "neighbour"])
def test_waiting_as_told_is_never_called_early(scenario):
    for strategy in ("RA exact (Automate seed)", "RA + U(0,1 s) (PSA seed)", "reference client"):
        metrics = card(strategy, scenario).metrics
        assert metrics["M1"].verdict != "fail"
        assert metrics["M3"].verdict != "fail"


def test_the_same_seed_gives_the_same_journal():
    first, second = (simulated(Run(STRATEGIES["equal jitter"], workers=3)) for _ in range(2))

    assert [each.arrived_ns for each in first.attempts] == [
        each.arrived_ns for each in second.attempts
    ]


def test_the_evidence_are_requests_of_the_journal():
    graded = card("naive 1 s", "fixed")
    known = {each.id for each in graded.client.attempts}

    for metric in graded.failed:
        assert set(metric.evidence) <= known
    assert graded.metrics["M1"].evidence
