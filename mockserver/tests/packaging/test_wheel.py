"""The wheel, installed into a clean environment, is the whole product."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path

import pytest
import requests

CHECKOUT = Path(__file__).parents[3]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "*.egg-info", "__pycache__", ".*_cache", "build", "dist", ".hypothesis"
)
BIN, SUFFIX = ("Scripts", ".exe") if sys.platform == "win32" else ("bin", "")
PATIENCE_S = 540
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")

# One worker makes the wheel and the clean environment, where workers heed groups.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


def outside():
    """Return the environment of a process that must not see this checkout."""
    return {n: v for n, v in os.environ.items() if not n.startswith(("CWMOCK_", "PYTHON"))}


def run(*command, folder):
    ended = subprocess.run(
        [str(each) for each in command],
        cwd=folder,
        env=outside(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(CHECKOUT, folder / "checkout", ignore=LEFT_OUT)
    run(
        sys.executable, "-m", "build", "--wheel", "--outdir", folder / "dist",
        folder / "checkout", folder=folder,
    )  # fmt: skip
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the folder of commands of a clean environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder / "venv")
    commands = folder / "venv" / BIN
    install(commands, wheel, folder=folder)
    return commands


def install(commands, *packages, folder):
    """Install into the environment of *commands*, whose Python compiles what it comes to need."""
    pip = (sys.executable, "-m", "pip", "--python", commands / f"python{SUFFIX}", "install")
    run(*pip, "--quiet", "--no-compile", *packages, folder=folder)


@contextlib.contextmanager
def serving(commands, folder):
    process = subprocess.Popen(
        [str(commands / f"cwmock{SUFFIX}"), "serve", "--port", "0"],
        cwd=folder,
        env=outside(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def test_everything_that_is_needed_is_in_the_wheel(names):
    shipped = {
        f"mockserver/{path.relative_to(CHECKOUT).as_posix()}"
        for path in (CHECKOUT / "fixtures").rglob("*")
        if path.suffix in {".py", ".json", ".jsonl"}
    }
    code = {
        path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / "mockserver").rglob("*")
        if path.suffix in {".py", ".json", ".md", ".typed"}
        if not {"tests", "bench"} & set(path.parts)
    }

    assert "mockserver/fixtures/default/service_tickets.jsonl" in shipped
    assert "mockserver/psa/catalogue/index.json" in code
    assert (shipped | code) - names == set()


def test_nothing_else_is_in_the_wheel(names):
    tops = {name.split("/")[0] for name in names}

    assert {each for each in tops if not each.endswith(".dist-info")} == {"mockserver"}
    assert not [name for name in names if "/tests/" in name]


@POSIX
def test_the_installed_command_serves_both_vendors_from_another_folder(installed, tmp_path):
    with serving(installed, tmp_path) as (process, ready):
        assert ready.startswith("cwmock ready: PSA http://127.0.0.1:"), process.stderr.read()
        url = ready.split("control plane ")[1].strip().removesuffix("/_mock/")
        ticket = requests.get(
            f"{url}/v4_6_release/apis/3.0/service/tickets/5000",
            auth=("company+publickey", "privatekey"),
            headers={"clientId": "packaging"},
            timeout=30,
        )
        login = requests.post(
            f"{url}/cwa/api/v1/APICredentials",
            json={"Username": "integrator", "Password": "integrator-password"},
            timeout=30,
        )
        before_s = time.perf_counter()
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=30) == 0
        assert time.perf_counter() - before_s < 5
    assert (ticket.status_code, ticket.json()["id"]) == (200, 5000)
    assert (login.status_code, login.json()["TokenType"]) == (200, "Bearer")


def test_the_module_is_the_command_too(installed, tmp_path):
    module = run(installed / f"python{SUFFIX}", "-m", "mockserver", "--help", folder=tmp_path)
    command = run(installed / f"cwmock{SUFFIX}", "--help", folder=tmp_path)

    assert "serve" in command
    assert module.splitlines()[1:] == command.splitlines()[1:]


def test_no_package_of_a_foreign_name_is_installed(installed, tmp_path):
    code = (
        "import importlib.util, mockserver, mockserver.fixtures;"
        "print(importlib.util.find_spec('fixtures'), mockserver.__file__)"
    )
    told = run(installed / f"python{SUFFIX}", "-c", code, folder=tmp_path)
    found, _, place = told.partition(" ")

    assert found == "None"
    assert Path(place.strip()).is_relative_to(installed.parent)


def test_the_world_can_be_built_from_the_wheel(installed, tmp_path):
    run(installed / f"python{SUFFIX}", "-m", "mockserver.worlds", tmp_path / "w", folder=tmp_path)

    assert (tmp_path / "w" / "service_tickets.jsonl").stat().st_size > 0


def test_the_pytest_plugin_serves_a_project_of_somebody_else(installed, tmp_path):
    python = installed / f"python{SUFFIX}"
    install(installed, "pytest", folder=tmp_path)
    shutil.copy(Path(__file__).with_name("sample_project.py"), tmp_path / "test_integration.py")

    shown = run(python, "-m", "pytest", "--cwmock-size", "tiny", folder=tmp_path)

    assert "11 passed" in shown
