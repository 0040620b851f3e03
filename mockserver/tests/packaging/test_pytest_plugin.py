"""The plugin in projects of others: each run is a process of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).with_name("sample_project.py")
# The default world is shipped; one of another size would be built in each process.
INI = "[pytest]\nfilterwarnings = error\n"
FAILING = """
def test_fails(psa, mock_faults):
    psa.service.boards.get(1)
    with mock_faults.delay(1, path="/nowhere"):
        assert psa.service.boards.get(1)["id"] == 2

def test_never_strikes(psa, mock_faults):
    with mock_faults.error(503):
        pass

def test_misspells(psa):
    psa.service.tickets.list('sumary = "x"').all()

def test_strikes(psa, mock_faults):
    with mock_faults.rate_limit("3"):
        try:
            psa.service.boards.get(1)
        except Exception as error:
            assert error.status == 429
"""
STRANGER = """
import sys

def test_nothing_is_loaded():
    loaded = {name for name in sys.modules if name.partition(".")[0] == "mockserver"}
    assert loaded == {"mockserver", "mockserver.pytest_plugin"}
    heavy = {"flask", "sqlalchemy", "requests", "uvicorn", "werkzeug"}
    assert not heavy & sys.modules.keys()
"""

pytestmark = pytest.mark.slow


def run(folder, *options):
    """Run pytest in a project of its own and return how it ended."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "cwmock", *options],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def project(tmp_path):
    """Return a function that makes a project of one file of tests."""

    def make(text, ini=INI):
        (tmp_path / "pytest.ini").write_text(ini, encoding="utf-8")
        (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
        return tmp_path

    return make


def test_a_project_of_somebody_else_passes_with_two_workers(tmp_path):
    """With the wheel alone in a clean environment, and in one process: test_wheel.py."""
    shutil.copy(SAMPLE, tmp_path / "test_integration.py")
    (tmp_path / "pytest.ini").write_text(INI, encoding="utf-8")

    ended = run(tmp_path, "-p", "xdist", "-n", "2")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "11 passed" in ended.stdout


def test_a_failed_test_shows_its_last_exchanges_and_no_secret(project):
    ended = run(project(FAILING))

    assert ended.returncode == 1
    assert "1 passed" in ended.stdout
    assert "psa GET /v4_6_release/apis/3.0/service/boards/1 -> 200" in ended.stdout
    assert "the fault 'error' never struck" in ended.stdout
    assert "  hint: At character 0 of conditions: there is no field 'sumary'." in ended.stdout
    assert "privatekey" not in ended.stdout


def test_a_project_that_does_not_use_it_pays_nothing(project):
    ended = run(project(STRANGER))

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_settings_come_from_the_command_line_before_the_file(project):
    text = (
        "def test_it(cwmock, psa):\n"
        "    assert cwmock.tenant.plan.size == 'tiny'\n"
        "    assert cwmock.tenant.plan.seed == 7\n"
        "    assert cwmock.tenant.profiles['psa'].name == 'observed'\n"
    )

    ended = run(
        project(text, f"{INI}cwmock_size = tiny\n"),
        "--cwmock-seed",
        "7",
        "--cwmock-profile",
        "observed",
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_wrong_seed_is_told(project):
    ended = run(project("def test_it(psa): pass\n"), "--cwmock-seed", "many")

    assert "cwmock_seed must be a whole number" in ended.stdout
