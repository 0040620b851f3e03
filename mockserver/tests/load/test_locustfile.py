"""The locustfile as Locust runs it, in a process of its own: it patches whatever imports it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LATER = """
from locust import events
from loadtests.locustfile import *

@events.init.add_listener
def named_later(environment, **_kwargs):
    environment.host = {host!r}
"""


def locust(file, *words):
    command = (sys.executable, "-m", "locust", "-f", str(file), "--headless", "--only-summary")
    done = subprocess.run(
        (*command, *words), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "host",
    [
        "http://192.0.2.1",
        "http://127.0.0.1.example.com",
        "http://localhost@192.0.2.1",
        "https://api-na.myconnectwise.net",
    ],
)
def test_load_for_another_machine_is_refused_before_it_starts(host):
    status, told = locust("loadtests/locustfile.py", "--host", host)

    assert status != 0
    assert f"{host} is not this machine; load goes to loopback only" in told
    assert "Shape test starting" not in told


@pytest.mark.slow
@pytest.mark.parametrize("host", ["http://192.0.2.1", None])
def test_a_machine_that_is_named_later_gets_no_request_either(tmp_path, host):
    file = tmp_path / "later.py"
    file.write_text(LATER.format(host=host), encoding="utf-8")

    status, told = locust(file)

    assert status == 1
    assert f"{host} is not this machine" in told
    assert re.search(r"Aggregated +0 ", told)
