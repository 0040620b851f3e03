"""Contract tests on a live system, for which an emulator with another world stands in."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockserver import World, create_app
from mockserver.cli import main
from mockserver.tests.integration.strange_world import estrange
from mockserver.web.serving import Server

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow

READING = (
    "psa/test_psa_lists.py::test_paging_until_a_short_page_finds_every_record",
    "psa/test_psa_small_facts.py::test_the_envelope",
)
WRITING = "automate/test_automate_writes.py::test_the_locations_of_a_client_go_with_it"
#: Knows the seeded world.
APART = "psa/test_psa_lists.py::test_a_list_is_cut_into_pages"
SECRETS = ("privatekey", "integrator-password", "eyJ")


@pytest.fixture(scope="module")
def stand_in():
    """Return another world without limits, and its URL."""
    world = World.seeded(7, size="tiny", quota=(None, 60.0))
    with Server(create_app(world)) as server:
        yield world, server.url


def run(url, tests, *options, **environ):
    """Run contract tests on the system at *url* and return how that ended."""
    settings = {
        "CONNECTWISE_SITE": url,
        "CONNECTWISE_COMPANY_ID": "company",
        "CONNECTWISE_PUBLIC_KEY": "publickey",
        "CONNECTWISE_PRIVATE_KEY": "privatekey",
        "CONNECTWISE_CLIENT_ID": "check",
        "CONNECTWISE_AUTOMATE_SERVER": url,
        "CONNECTWISE_AUTOMATE_USERNAME": "integrator",
        "CONNECTWISE_AUTOMATE_PASSWORD": "integrator-password",
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CONNECTWISE_", "PYTEST_"))
    }
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "--disable-plugin-autoload"),
            *("-p", "hypothesispytest", "-p", "no:cacheprovider", "--target", "live", *options),
            *(str(ROOT / "contract_tests" / each) for each in tests),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=kept | settings | environ,
        timeout=1_200,
        check=False,
    )


def changes(world):
    """Return method and path of what was not a read, a search or a login, oldest first."""
    entries = world.default.journal.entries(limit=1_000)[::-1]
    return [
        (e["method"], e["path"])
        for e in entries
        if e["method"] != "GET" and "APICredentials" not in e["path"]
    ]


def test_without_leave_nothing_is_written_and_the_report_shows_both_sides(stand_in, tmp_path):
    world, url = stand_in
    world.default.journal.clear()

    ended = run(url, [*READING, WRITING, APART], "--drift", str(tmp_path / "drift"))

    assert ended.returncode == 0, ended.stdout
    assert "deselected" in ended.stdout
    assert changes(world) == []
    texts = [file.read_text(encoding="utf-8") for file in sorted((tmp_path / "drift").iterdir())]
    assert not [secret for secret in SECRETS for text in [*texts, ended.stdout] if secret in text]
    facts = json.loads((tmp_path / "drift" / "drift.json").read_text(encoding="utf-8"))["facts"]
    verdicts = {each["id"].partition("[")[0]: each["verdict"] for each in facts}
    assert verdicts == {
        "psa.paging_until_a_short_page_finds_every_record": "agree",
        "psa.the_envelope": "not tried",
        "automate.the_locations_of_a_client_go_with_it": "not tried",
    }
    assert all(each["found"] and each["expected"] for each in facts if each["verdict"] == "agree")


def test_with_leave_what_was_created_is_deleted_again(stand_in):
    world, url = stand_in
    world.default.journal.clear()

    ended = run(url, [WRITING], "--allow-writes")

    assert ended.returncode == 0, ended.stdout
    made, *_, last = changes(world)
    assert made == ("POST", "/Clients")
    assert last[0] == "DELETE"
    assert last[1].startswith("/Clients/")


def test_what_the_system_does_differently_is_told(stand_in, tmp_path):
    # It is about the observed profile, and the stand-in has the documented one.
    ended = run(stand_in[1], READING[1:], "--drift", str(tmp_path), "--allow-writes")

    (fact,) = json.loads((tmp_path / "drift.json").read_text(encoding="utf-8"))["facts"]
    assert (ended.returncode, fact["verdict"]) == (1, "differ"), ended.stdout
    assert fact["why"].startswith("AssertionError")
    sides = (fact["found"][0], fact["expected"][0])
    assert ["resource" in each["body"]["errors"][0] for each in sides] == [False, True]


def test_a_system_is_asked_by_one_process_and_must_be_named(stand_in):
    shared = run(stand_in[1], READING[:1], PYTEST_XDIST_WORKER="gw1")
    nameless = run(
        stand_in[1], READING[:1], CONNECTWISE_COMPANY_ID="", CONNECTWISE_AUTOMATE_SERVER=""
    )

    assert "by one process" in shared.stderr + shared.stdout
    assert "CONNECTWISE_COMPANY_ID" in nameless.stderr + nameless.stdout


@pytest.mark.deep
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_no_test_so_marked_knows_a_seeded_record(profile, tmp_path):
    sown = str(tmp_path / "sown")
    assert CliRunner().invoke(main, ["world", sown, "--size", "tiny", "--seed", "7"]).exit_code == 0
    folder = estrange(Path(sown), tmp_path / "strange")
    world = World.seeded(world=folder, profile=profile, quota=(None, 60.0))
    options = ("-p", "mockserver.tests.integration.haste", "--drift", str(tmp_path / "drift"))

    with Server(create_app(world)) as server:
        ended = run(
            server.url, [""], "--allow-writes", *options, PYTHONPATH=str(ROOT / "contract_tests")
        )

    facts = json.loads((tmp_path / "drift" / "drift.json").read_text(encoding="utf-8"))["facts"]
    own = [each for each in facts if each["profile"] == profile]
    assert len(own) > 50, ended.stdout
    assert [(e["id"], e["why"]) for e in own if e["verdict"] != "agree"] == []
