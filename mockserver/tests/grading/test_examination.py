"""`cwmock grade` from the command line, in windows of a fraction of a second."""

import json
import os
import sys
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from mockserver import examination, grade
from mockserver.cli import main
from mockserver.core.world import World
from mockserver.examination import environment, examined
from mockserver.examinee import GROUPS, running
from mockserver.grading.phases import PHASES, PROFILES, Phase, Profile

TINY = Profile(5, 0.2, 1)
CLIENT = """
import os, sys, time, urllib.request, urllib.error, base64
pair = "{CONNECTWISE_COMPANY_ID}+{CONNECTWISE_PUBLIC_KEY}:{CONNECTWISE_PRIVATE_KEY}"
key = base64.b64encode(pair.format(**os.environ).encode()).decode()
headers = {"Authorization": "Basic " + key, "clientId": os.environ["CONNECTWISE_CLIENT_ID"]}
for number in range(60):
    query = f"/service/boards?conditions=id>{number}&pageSize=3".replace(">", "%3E")
    url = os.environ["CWMOCK_PSA_URL"] + query
    for again in range(30):
        try:
            urllib.request.urlopen(urllib.request.Request(url, headers=headers)).read()
            break
        except urllib.error.HTTPError as error:
            time.sleep(0.002)
"""


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Let the fast profile take a second, and return a client that heeds nothing."""
    monkeypatch.setattr(grade, "PROFILES", {"fast": TINY, "full": TINY})
    monkeypatch.setattr(examination, "STEP_S", 0.01)
    client = tmp_path / "client.py"
    client.write_text(CLIENT)
    return [sys.executable, str(client)]


def invoke(*words):
    return CliRunner().invoke(main, ["grade", "--size", "tiny", *words])


@pytest.mark.slow
def test_a_hasty_client_fails_and_every_file_says_so(quick, tmp_path):
    files = {kind: tmp_path / f"card.{kind}" for kind in ("json", "junit", "html")}
    flags = [word for kind, file in files.items() for word in (f"--{kind}", str(file))]
    result = invoke("--scenario", "quota", *flags, "--", *quick)

    assert result.exit_code == 1, result.output
    assert "metrics failed (" in result.output
    shown = json.loads(files["json"].read_text())
    (client,) = shown["clients"]
    assert (shown["passed"], shown["profile"], client["api"]) == (False, "fast", "psa")
    assert client["metrics"]["M1"]["letter"] == "F"
    assert client["metrics"]["M1"]["advice"].startswith("Wait")
    suite = ET.parse(files["junit"]).getroot().find("testsuite")
    assert (suite.get("tests"), len(suite.findall("testcase"))) == ("24", 24)
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) > 0
    assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
    assert "<svg" in files["html"].read_text()


def test_nothing_to_judge_is_neither_good_nor_bad(quick):
    result = invoke("--", sys.executable, "-c", "pass")

    assert result.exit_code == 2
    assert "too little to judge" in result.output
    assert quick


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--scenario", "nope"], "there is no scenario 'nope'"),
        (["--volatile", "a//b"], "a path of members such as"),
        (["--", "/no/such/command"], "No such file"),
        (["--html", "/no/such/folder/x.html", "--", sys.executable, "-c", "pass"], "No such file"),
        (["--junit", "/", "--", sys.executable, "-c", "pass"], "Permission denied"),
    ],
)
def test_what_cannot_be_done_is_one_line(quick, words, told):
    result = invoke(*words)

    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output
    assert quick


def test_ctrl_c_ends_with_what_is_known(quick, monkeypatch):
    def interrupted(_self, *_words):
        raise KeyboardInterrupt

    monkeypatch.setattr(examination.Examination, "run", interrupted)
    result = invoke("--", *quick)

    assert result.exit_code == 2
    assert "too little to judge" in result.output


def test_the_client_ends_with_the_examination():
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with running(command, {}) as goes_on:
        assert goes_on()
    assert not goes_on()


@pytest.mark.skipif(not GROUPS, reason="Windows has no groups of processes")
def test_what_the_client_has_started_ends_with_it(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Whoever reads the pipe hears its end when the inner process is gone.
    inner = f"import time; held = open({str(pipe)!r}, 'w'); time.sleep(20); held.write('alive')"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with running([sys.executable, "-c", outer], {}):
        held = pipe.open()
    with held:
        assert held.read() == ""


def test_what_became_of_the_command_is_told(quick):
    result = invoke("--", sys.executable, "-c", "raise SystemExit(3)")

    assert result.exit_code == 2
    assert "with status 3" in result.output
    assert quick


def test_a_command_that_sends_nothing_is_given_up(quick):
    result = invoke("--patience", "0.2", "--", sys.executable, "-c", "import time; time.sleep(60)")

    assert result.exit_code == 2
    assert "has sent no request" in result.output
    assert quick


def test_the_phases_leave_nothing_behind():
    outage = Phase("outage", "", 1, ("M20",), ({"effect": {"kind": "reset"}},), 0.2, outage=True)
    world = World.seeded(42, size="tiny")
    with examined(TINY, [outage], world) as (exam, server):
        tenant, seen = exam.tenant, []
        tenant.journal._last_id = 1

        def look(_exam):
            seen.append((tenant.limits["psa"].quota.requests, len(tenant.faults.documents())))

        exam.run(lambda: True, look)
        assert server.url

    assert set(seen) == {(1, 1)}
    assert tenant.faults.documents() == []
    assert tenant.limits["psa"].quota.requests == 5
    ((start_ns, end_ns),) = exam.terms("psa").outages
    assert end_ns > start_ns


def test_every_phase_can_be_set_up_and_the_fast_profile_ends_in_two_minutes():
    fast = PROFILES["fast"]
    assert sum(phase.windows for phase in PHASES.values()) * fast.window_s < 115
    world = World.seeded(42, size="tiny")
    with examined(fast, list(PHASES.values()), world) as (exam, _):
        for phase in exam.phases:
            for rule in phase.rules:
                exam.tenant.faults.add(dict(rule))


def test_the_environment_names_what_the_seeds_read():
    told = environment("http://127.0.0.1:1")

    assert told["CONNECTWISE_SITE"] == told["CONNECTWISE_AUTOMATE_SERVER"] == told["CWMOCK_URL"]
    assert told["CWMOCK_PSA_URL"].endswith("/v4_6_release/apis/3.0")
