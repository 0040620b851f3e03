"""`cwmock serve` as its users meet it: a process of its own."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import pytest
import requests
from raw_http import Peer

from mockserver.web.serving import listen

COMMAND = (sys.executable, "-m", "mockserver")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")


def environment(**variables):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CWMOCK_")}
    return {**kept, **variables}


@contextlib.contextmanager
def serving(*flags, **variables):
    command = [*COMMAND, "serve", "--port", "0", *flags]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**variables),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def refused(*flags, **variables):
    ended = subprocess.run(
        [*COMMAND, "serve", *flags],
        capture_output=True,
        text=True,
        env=environment(**variables),
        timeout=30,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("cwmock: ")
    assert ended.stderr.count("\n") == 1
    return ended.stderr


def control_plane(ready_line):
    return ready_line.split("control plane ")[1].split()[0]


@pytest.mark.slow
def test_the_ready_line_names_urls_and_credentials():
    with serving() as process:
        line = process.stdout.readline()
        url = control_plane(line).removesuffix("/_mock/")

        assert line == (
            f"cwmock ready: PSA {url}/v4_6_release/apis/3.0 "
            "(company+publickey:privatekey, clientId: any)  "
            f"Automate {url}/cwa/api/v1 (integrator / integrator-password)  "
            f"control plane {url}/_mock/\n"
        )
        answer = requests.get(f"{url}/login/companyinfo/company", timeout=10)
        assert answer.status_code == 200


@pytest.mark.slow
def test_quiet_prints_the_ready_line_only():
    with serving(CWMOCK_QUIET="1") as process:
        assert process.stdout.readline().startswith("cwmock ready: ")
        process.send_signal(signal.SIGTERM)

        assert process.stdout.read() == ""


@pytest.mark.slow
def test_quiet_tells_the_token_and_the_authority_that_were_made_at_start():
    with serving("--host", "0.0.0.0", "--tls", "--quiet") as process:
        url = control_plane(process.stdout.readline())
        token = process.stdout.readline().split()[-1]
        authority = process.stdout.readline().split()[2]
        headers = {"Authorization": f"Bearer {token}"}

        answer = requests.get(f"{url}clock", headers=headers, verify=authority, timeout=10)

        assert answer.status_code == 200


@pytest.mark.slow
def test_the_ready_line_can_be_json_and_tls_be_verified():
    with serving("--tls", "--log-format", "json") as process:
        ready = json.loads(process.stdout.readline())
        assert ready["psa"]["base_url"].startswith("https://127.0.0.1:")
        answer = requests.get(
            f"{ready['url']}/login/companyinfo/company",
            verify=ready["ca_certificate"],
            timeout=10,
        )
        assert answer.status_code == 200
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=5)

        assert not os.path.exists(ready["ca_certificate"])  # noqa: PTH110


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_within_a_second(number):
    with serving() as process:
        port = int(control_plane(process.stdout.readline()).split(":")[2].split("/")[0])
        with Peer(port) as idle, Peer(port) as half:
            assert idle.ask("GET /_mock/health").status < 500
            half.send("POST /cwa/api/v1/apitoken HTTP/1.1\r\nContent-Length: 10\r\n\r\n{")
            before_s = time.perf_counter()
            process.send_signal(number)

            assert process.wait(timeout=5) == 0
            assert time.perf_counter() - before_s < 1
        assert process.stderr.read() == ""


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_while_the_world_is_still_built(number):
    # Below those that systems give away on their own, so that nobody else gets it meanwhile.
    port = 20_000 + os.getpid() % 10_000
    with serving("--port", str(port), "--size", "50000") as process:
        while process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
        process.send_signal(number)

        assert process.wait(timeout=60) == 0
        assert (process.stdout.read(), process.stderr.read()) == ("", "")


def test_a_port_in_use_is_one_clear_line():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        assert f"cannot listen on 127.0.0.1:{port}" in refused("--port", str(port))


def test_tls_without_a_place_for_its_certificate_is_one_clear_line():
    code = (
        "import sys, tempfile; from mockserver.cli import main\n"
        "def nowhere(): raise FileNotFoundError(2, 'No usable temporary directory')\n"
        "tempfile.gettempdir = nowhere; sys.argv[1:] = ['serve', '--port', '0', '--tls']; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith("cwmock: tls: the certificate cannot be kept in a file")
    assert ended.stderr.count("\n") == 1


@pytest.mark.slow
@POSIX
def test_a_large_world_without_a_disk_is_one_clear_line():
    # Nothing that is larger than this can be written: as on a disk that is full, or not there.
    code = (
        "import resource, signal, sys; from mockserver.cli import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "sys.argv[1:] = ['serve', '--port', '0', '--size', '5001']; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-B", "-c", code], capture_output=True, text=True, timeout=120, check=False
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith("cwmock: size: a world so large needs a temporary file: ")


def test_a_host_that_is_not_ours_is_one_clear_line():
    assert "cannot listen on 192.0.2.1:0" in refused("--host", "192.0.2.1", "--port", "0")


def test_a_bad_value_is_one_clear_line():
    assert "rate-limit: 'fast' is not" in refused("--rate-limit", "fast")
    assert "from CWMOCK_PORT" in refused(CWMOCK_PORT="eighty")


def test_an_unreadable_file_is_one_clear_line(tmp_path):
    assert "cannot read" in refused("--config", str(tmp_path / "missing.toml"))


def test_a_store_that_cannot_be_written_is_one_clear_line(tmp_path):
    assert "no folder" in refused("--store", f"sqlite:///{tmp_path}/missing/cw.db")
    assert "is a folder" in refused("--store", f"sqlite:///{tmp_path}")


@pytest.mark.slow
def test_a_store_that_is_no_database_is_one_clear_line(tmp_path):
    file = tmp_path / "cw.db"
    file.write_text("this is not a database" * 100)

    assert "cannot be used" in refused("--port", "0", "--store", f"sqlite:///{file}")


@pytest.mark.slow
def test_a_store_of_a_newer_version_is_one_clear_line(tmp_path):
    file = tmp_path / "cw.db"
    with contextlib.closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA user_version = 99")

    assert "a newer version" in refused("--port", "0", "--store", f"sqlite:///{file}")


def test_help_needs_nothing_heavy():
    code = (
        "import sys, mockserver.cli;"
        "print([name for name in ('flask', 'uvicorn', 'sqlalchemy') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )

    assert ended.stdout == "[]\n"


def test_a_start_waits_for_nothing_that_only_reports_and_figures_need():
    late = ["prometheus_client", "mockserver.grading.report", "mockserver.sowing"]
    code = f"import sys, mockserver.app; print([name for name in {late} if name in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.strip() == "[]"
