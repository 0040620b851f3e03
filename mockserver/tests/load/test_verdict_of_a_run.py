"""When a load run counts as having gone as it had to."""

import sys
from pathlib import Path

import pytest
from rich.console import Console

ROOT = str(Path(__file__).parents[3])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from loadtests import run  # noqa: E402 - the load scenarios lie beside the package, not in it
from loadtests.scenarios import SCENARIOS  # noqa: E402


def told(scenario, **verdicts):
    metrics = {
        name: {"name": name, "value": 1.0, "n": 9, "verdict": verdict, "evidence": []}
        for name, verdict in verdicts.items()
    }
    client = {"key": "k", "api": "psa", "requests": 9, "metrics": metrics, "findings": []}
    report = {"clients": [client]}
    return run._told(report, SCENARIOS[scenario] if scenario else None, Console(quiet=True))


@pytest.mark.parametrize(
    ("verdicts", "fine"),
    [
        ({"M11": "pass", "M12": "pass"}, True),
        ({"M11": "pass", "M12": "insufficient"}, False),
        ({"M11": "pass", "M12": "pass", "M4": "fail"}, False),
        ({}, False),
    ],
)
def test_a_run_that_judged_nothing_has_shown_nothing(verdicts, fine):
    assert told("S3", **verdicts) == fine


@pytest.mark.parametrize(
    ("verdicts", "fine"),
    [
        ({"M4": "fail", "M6": "fail", "M1": "pass"}, True),
        ({"M4": "fail", "M6": "pass"}, False),
        ({"M4": "pass", "M6": "pass"}, False),
    ],
)
def test_a_control_has_to_be_failed_on_its_own_metrics(verdicts, fine):
    assert told("S10 RA exact (Automate seed)", **verdicts) == fine


def test_a_client_of_ones_own_has_to_fail_nothing():
    assert told(None, M1="pass", M2="insufficient")
    assert not told(None, M1="fail")


def test_every_scenario_names_what_it_has_to_show():
    for scenario in SCENARIOS.values():
        assert scenario.must_judge or scenario.must_fail, scenario.name
        assert scenario.must_judge <= set(scenario.metrics)


@pytest.mark.parametrize(
    "words",
    [
        ["S1", "--html", "x.html", "--", "npm", "test", "--html"],
        ["--html", "x.html", "S1", "--", "npm", "test", "--html"],
    ],
)
def test_what_follows_the_two_dashes_is_the_command_wherever_options_stand(words):
    asked = run._asked(words)

    assert (asked.scenario, str(asked.html)) == ("S1", "x.html")
    assert asked.command == ["npm", "test", "--html"]
    assert run._asked(["S1"]).command == []
