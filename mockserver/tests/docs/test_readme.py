"""Every block of the front page that can be run is run, against one server."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import readme
import requests

from mockserver.ready import ready_text
from mockserver.settings import Settings

RUN = {"bash": ("bash", "-euo", "pipefail", "-c"), "python": (sys.executable, "-W", "error", "-c")}
# Sessions that show output, and languages whose tools a checkout does not bring along.
SHOWN = {
    *("console", "csharp", "go", "js", "json", "php", "powershell", "py", "toml", "yaml"),
}
WRITTEN_FOR = "http://127.0.0.1:8080"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server():
    """Return the URL of a server as the page tells to start it, but for the port."""
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--log-format", "json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CWMOCK_")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=kept) as process:
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def runnable():
    return [
        pytest.param(block, id=f"{page.name}, {block.tag}, line {block.line}")
        for page in readme.pages()
        for block in readme.blocks(page)
        if block.tag in RUN
    ]


@pytest.mark.parametrize("block", runnable())
def test_a_block_runs_by_itself_on_a_fresh_world(block, server, tmp_path):
    if block.tag == "bash" and not (shutil.which("bash") and shutil.which("curl")):
        pytest.skip("needs bash and curl")
    requests.delete(f"{server}/_mock/tenants", timeout=10).raise_for_status()
    script = block.text.replace(WRITTEN_FOR, server)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    ended = subprocess.run(
        [*RUN[block.tag], script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    assert '{"error"' not in ended.stdout


def test_every_block_says_what_it_is():
    tags = {block.tag for page in readme.pages() for block in readme.blocks(page)}
    assert tags <= RUN.keys() | SHOWN
    assert RUN.keys() <= tags


def test_the_settings_file_shown_can_be_read(tmp_path):
    shown = [block.text for block in readme.blocks() if block.tag == "toml"]
    assert shown
    for number, text in enumerate(shown):
        file = tmp_path / f"{number}.toml"
        file.write_text(text, encoding="utf-8")
        assert Settings.load({"config": file}, {}) != Settings()


def test_the_ready_lines_shown_are_those_printed():
    (shown,) = [block.text for block in readme.blocks() if "cwmock ready:" in block.text]
    for line in ready_text(Settings(), WRITTEN_FOR, None).splitlines():
        assert line in shown
