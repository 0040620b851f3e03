"""The contract check, with a second emulator of other habits standing in for the live system."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from mockserver import World, create_app
from mockserver.checks import golden
from mockserver.checks.command import Wanted, chosen
from mockserver.checks.exchange import Exchange, masked
from mockserver.checks.report import as_json, as_junit, as_page, counts
from mockserver.checks.run import all_facts, findings
from mockserver.checks.scrub import Scrubber
from mockserver.checks.targets import Emulated, live
from mockserver.cli import main
from mockserver.client import Conduct, Pace
from mockserver.client.errors import SettingMissing
from mockserver.web.serving import Server

SECRETS = ("privatekey", "integrator-password", "eyJ")
#: The stand-in has no limit.
HASTE = Conduct(pace=Pace(burst=1_000))
#: What the stand-in does differently from the guides.
HABITS = {"psa": {"total_header": False, "quota_headers": False}}


def environ_of(url):
    return {
        "CONNECTWISE_SITE": url,
        "CONNECTWISE_COMPANY_ID": "company",
        "CONNECTWISE_PUBLIC_KEY": "publickey",
        "CONNECTWISE_PRIVATE_KEY": "privatekey",
        "CONNECTWISE_CLIENT_ID": "check",
        "CONNECTWISE_AUTOMATE_SERVER": url,
        "CONNECTWISE_AUTOMATE_USERNAME": "integrator",
        "CONNECTWISE_AUTOMATE_PASSWORD": "integrator-password",
    }


@pytest.fixture(scope="module")
def stand_in():
    """Return the world and the URL of an emulator that stands in for the vendor's system."""
    world = World.seeded(7, size="tiny", quirks=HABITS, quota=(None, 60.0))
    with Server(create_app(world)) as server:
        yield world, server.url


@pytest.fixture(scope="module")
def emulated():
    emulated = Emulated(size="tiny")
    yield emulated
    emulated.close()


@pytest.fixture(scope="module")
def reading(stand_in, emulated):
    """Return the findings of all facts of the documented profile, read only."""
    world, url = stand_in
    world.default.journal.clear()
    target = live(environ_of(url), HASTE)
    facts = chosen(Wanted(profile="documented"))
    return findings(target, facts, emulated.target())


def test_the_emulator_agrees_with_every_fact(emulated):
    found = findings(emulated.target(), chosen(Wanted()), writes=True)

    assert [(each.fact.id, each.why) for each in found if each.verdict != "agree"] == []
    assert len(found) > 140


def test_what_the_system_does_differently_is_found(reading):
    assert {each.fact.id for each in reading if each.verdict == "differ"} == {
        "psa.a_list_tells_its_total_in_a_header",
        "psa.answers_tell_the_rate_limit",
        "automate.answers_tell_the_rate_limit",
    }


def test_a_live_system_is_only_read(reading, stand_in):
    entries = stand_in[0].default.journal.entries(limit=1_000)

    written = {(e["method"], e["url"]) for e in entries if e["method"] not in {"GET", "HEAD"}}
    assert {method for method, _ in written} == {"POST"}
    assert all("/search" in url or "APICredentials" in url for _, url in written)
    assert {e.verdict for e in reading if e.fact.writes} == {"not tried"}


def test_writing_leaves_nothing_behind_and_touches_nothing_else(stand_in):
    world, url = stand_in
    target = live(environ_of(url), HASTE)
    tickets = target.psa["documented"].service.tickets
    before = tickets.list().all()
    world.default.journal.clear()

    found = findings(target, [pair for pair in chosen(Wanted()) if pair[0].writes], writes=True)

    assert {each.verdict for each in found if each.profile == "documented"} == {"agree"}
    assert tickets.list() == before
    changes = [e for e in world.default.journal.entries(limit=500) if e["method"] != "GET"]
    touched = {e["path"] for e in changes if e["method"] in {"PATCH", "DELETE"}}
    known = {f"/service/tickets/{row['id']}" for row in before}
    assert touched
    assert not touched & known


def test_what_cannot_be_deleted_again_is_named(stand_in):
    world, url = stand_in
    target = live(environ_of(url), HASTE)
    writes = [pair for pair in chosen(Wanted(profile="documented")) if pair[0].writes]
    forbidden = {"method": "DELETE", "effect": {"kind": "error", "status": 403}}
    rule = world.default.faults.add(forbidden)

    found = findings(target, [p for p in writes if p[0].api == "psa"][:1], writes=True)

    world.default.faults.remove(rule["id"])
    assert found[0].verdict == "differ"
    assert "left behind, delete by hand: /" in found[0].why


def test_the_reports_hold_both_sides_and_no_secret(reading):
    reports = [form(reading, "live") for form in (as_json, as_junit, as_page)]

    document = json.loads(reports[0])
    total = next(
        e for e in document["facts"] if e["id"] == "psa.a_list_tells_its_total_in_a_header"
    )
    assert (total["verdict"], total["why"]) == ("differ", "no X-Total-Count")
    assert "x-total-count" not in total["found"][-1]["headers"]
    assert "x-total-count" in total["expected"][-1]["headers"]
    suite = ET.fromstring(reports[1])
    assert suite.attrib["failures"] == str(counts(reading)["differ"]) == "3"
    assert reports[2].count("<details>") == len([e for e in reading if e.expected])
    assert not [secret for secret in SECRETS for report in reports if secret in report]


def test_the_page_escapes_what_the_system_says(reading):
    text = as_page(reading, "<script>alert(1)</script>")

    assert "<script>" not in text


def test_a_recording_is_an_expectation_without_identities(stand_in, tmp_path):
    _, url = stand_in
    facts = [pair for pair in chosen(Wanted(profile="documented")) if not pair[0].writes]
    found = findings(live(environ_of(url), HASTE), facts)
    psa = live(environ_of(url)).psa["documented"]
    told = {row["identifier"] for row in psa.company.companies.list()}

    written = golden.write(tmp_path, found)
    recorded = golden.read(tmp_path)
    text = "".join(file.read_text(encoding="utf-8") for file in tmp_path.iterdir())

    assert written == len(recorded) == len(facts)
    assert [d for each in found for d in _differences(recorded, each)] == []
    secrets = (*told, *SECRETS, "Brightharbor", "localhost", "127.0.0.1")
    assert not [secret for secret in secrets if secret in text]
    assert not re.search(r"[\w.]+@[\w.]+", text)


def _differences(recorded, finding):
    """Return what differs between a finding and its own recording."""
    key = (finding.fact.id, finding.profile)
    return golden.differences(recorded[key], finding.found.exchanges)


def test_answers_are_held_against_a_recording():
    was = Exchange("GET", "/x", 200, headers={"link": "…"}, body=[{"id": 1, "name": "text-1"}])
    same = Exchange("GET", "/x", 200, headers={"link": "b"}, body=[{"id": 7, "name": None, "x": 1}])
    other = Exchange("GET", "/x", 404, body=[{"id": "7"}])

    assert golden.differences([was], [same]) == []
    assert golden.differences([was], [other]) == [
        "status 404, recorded 200",
        "no header link",
        "/0/id is a text, recorded a number",
        "no member /0/name",
    ]


def test_scrubbing_keeps_references_and_forms():
    scrubber = Scrubber()
    ticket = {"id": 54321, "company": {"id": 250, "name": "Acme"}, "code": "NotFound", "flag": True}
    company = {"id": 250, "name": "Acme", "since": "2020-02-03T04:05:06Z", "zip": "33602"}

    first, second = scrubber.value(ticket), scrubber.value(company)

    assert first["company"] == {"id": second["id"], "name": second["name"]}
    assert (first["code"], first["flag"]) == ("NotFound", True)
    assert second["since"] == "2026-01-05T09:00:00Z"
    assert "Acme" not in str([first, second])
    assert "33602" not in str(second)


def test_secret_members_are_masked():
    assert masked({"AccessToken": "x", "a": [{"password": "y", "n": 1}], "privateKey": ""}) == {
        "AccessToken": "***",
        "a": [{"password": "***", "n": 1}],
        "privateKey": "",
    }


def test_of_long_lists_a_report_shows_the_beginning():
    long = Exchange("GET", "/x", 200, body=[{"id": n, "below": list(range(6))} for n in range(9)])

    shown = long.document()["body"]

    assert [each["id"] for each in shown[:-1]] == [0, 1, 2, 3, 4]
    assert (shown[0]["below"][-1], shown[-1]) == ("… 1 more", "… 4 more")
    assert len(long.body) == 9


def test_names_of_facts_are_unique_and_sentences():
    facts = all_facts()

    assert len({(each.id, each.profile) for each in facts}) == len(facts)
    assert all(len(each.name.split("_")) >= 4 for each in facts)
    assert all(each.source for each in facts)


def test_without_a_live_system_the_command_says_what_is_missing(monkeypatch):
    for name in environ_of(""):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(SettingMissing, match="CONNECTWISE_COMPANY_ID"):
        live({})
    ended = CliRunner().invoke(main, ["check", "--target", "live"])
    assert ended.exit_code == 2
    assert "CONNECTWISE_COMPANY_ID" in ended.output


def test_the_command_writes_its_reports_and_ends_with_1_when_something_differs(
    stand_in, tmp_path, monkeypatch
):
    for name, value in environ_of(stand_in[1]).items():
        monkeypatch.setenv(name, value)
    command = ["check", "--target", "live", "--only", "total_in_a_header"]
    reports = [str(tmp_path / name) for name in ("r.json", "r.xml", "r.html")]
    for flag, file in zip(("--json", "--junit", "--html"), reports, strict=True):
        command += [flag, file]

    ended = CliRunner().invoke(main, command)
    kept = CliRunner().invoke(
        main, ["record", "--target", "live", "--only", "can_be_counted", str(tmp_path / "kept")]
    )
    again = CliRunner().invoke(
        main, ["check", "--only", "can_be_counted", "--expect", str(tmp_path / "kept")]
    )

    assert ended.exit_code == 1
    assert "0 agree, 1 differ, 0 not tried" in ended.output
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (kept.exit_code, again.exit_code) == (0, 0)
