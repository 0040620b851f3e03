"""What a user may set, ask for or inject is documented, and nothing else is."""

import re
from dataclasses import fields

import pytest
import readme
from werkzeug.test import Client

from mockserver import World, create_app
from mockserver.automate import accounts
from mockserver.automate import profile as automate_profile
from mockserver.cli import serve
from mockserver.core.effects import KINDS
from mockserver.core.fault_rules import FaultRule
from mockserver.core.world import DEFAULT_TENANT
from mockserver.grading.advice import COUNSEL
from mockserver.grading.findings import TRAPS
from mockserver.grading.phases import PHASES
from mockserver.grading.report import MEASURES
from mockserver.psa import auth as psa_auth
from mockserver.psa import profile as psa_profile
from mockserver.settings import Settings

PAGES = (
    *("README.md", "CHANGELOG.md", "mockserver/ARCHITECTURE.md"),
    *("loadtests/README.md", "loadtests/comparison.md"),
    *(f"mockserver/docs/{page.name}" for page in readme.pages() if page != readme.README),
)
FLAGS = {parameter.name.replace("_", "-") for parameter in serve.params}
GRADING = ("report-card.md", "grade.md")
LINK = re.compile(r"\]\(([^)#\s]+)\)")

PROGRAM = {"Accept": "application/json"}


def settings_table():
    return {readme.code(row[0])[0].split()[0].lstrip("-"): row for row in readme.rows("flag")}


def test_every_flag_of_serve_is_documented_and_no_other():
    assert set(settings_table()) == FLAGS


@pytest.mark.parametrize("flag", sorted(FLAGS))
def test_a_flags_variable_and_key_are_documented(flag):
    _, variable, key, *_ = settings_table()[flag]
    assert readme.code(variable) == ["CWMOCK_" + flag.upper().replace("-", "_")]
    assert readme.code(key) == ([] if flag == "config" else [flag])


@pytest.mark.parametrize("flag", ["host", "port", "seed", "size", "store", "profile", "log-format"])
def test_the_default_shown_is_the_default(flag):
    assert readme.code(settings_table()[flag][3]) == [
        str(getattr(Settings(), flag.replace("-", "_")))
    ]


def test_variables_named_anywhere_exist():
    named = set(re.findall(r"CWMOCK_[A-Z_]+", readme.text()))
    assert named == {"CWMOCK_" + flag.upper().replace("-", "_") for flag in FLAGS}


def test_every_profile_is_documented():
    names = {*psa_profile.PROFILES, *automate_profile.PROFILES}
    header = next(line for line in readme.text().splitlines() if line.startswith("| | `"))
    assert set(readme.code(header)) == names


@pytest.mark.parametrize(
    ("vendor", "profile"),
    [("PSA", psa_profile.PsaProfile), ("Automate", automate_profile.AutomateProfile)],
)
def test_every_quirk_is_documented_and_no_other(vendor, profile):
    page = readme.ROOT.joinpath("mockserver/docs/profiles.md").read_text(encoding="utf-8")
    part = page.partition(f"\n## {vendor}\n")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)) == {
        each.name for each in fields(profile) if each.name != "name"
    }


def test_every_effect_is_documented_with_its_members():
    shown = {readme.code(row[0])[0]: row for row in readme.rows("effect")}
    assert set(shown) == set(KINDS)
    for kind, row in shown.items():
        declared = {each.name for each in fields(KINDS[kind]) if "flaw" in each.metadata}
        assert set(readme.code(row[1])) == declared


def test_every_operation_of_the_control_plane_is_documented_and_no_other():
    front = Client(create_app(World.seeded(42))).get("/_mock/", headers=PROGRAM).json
    there = {f"{o['method']} {re.sub('<[^>]+>', '{}', o['path'])}" for o in front["operations"]}
    rows = readme.rows("request")
    named = {name for row in rows for name in readme.code(row[0])}
    shown = {re.sub(r"\{[^}]+\}", "{}", name) for name in named}
    assert shown - {"GET /_mock/"} == there - {"GET /_mock/"}


def test_the_credentials_shown_are_the_default_tenants():
    shown = {name for row in readme.rows("who") for cell in row for name in readme.code(cell)}
    psa = psa_auth.credentials(DEFAULT_TENANT)
    automate = accounts.credentials(DEFAULT_TENANT)
    expected = {psa.company, *psa.keys, *(key.private for key in psa.keys.values())}
    for user in automate.users.values():
        expected |= {user.name, user.password, *([user.secret] if user.secret else [])}
    assert expected <= shown


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    file = readme.ROOT / page
    for target in LINK.findall(file.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (file.parent / target).exists(), target


def test_modules_that_pages_name_exist():
    folder = readme.ROOT / "mockserver"
    pages = [readme.ROOT / page for page in PAGES]
    for page in (*pages, *folder.joinpath("decisions").glob("*.md")):
        for name in re.findall(r"`((?:[\w-]+/)+[\w-]+\.(?:py|md|json|toml))`", page.read_text()):
            places = (readme.ROOT / name, folder / name)
            assert any(place.exists() for place in places), f"{page.name}: {name}"


def test_decisions_are_numbered_without_gaps():
    names = sorted(file.name for file in (readme.ROOT / "mockserver/decisions").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_every_metric_finding_and_phase_is_documented():
    pages = {name: readme.ROOT.joinpath("mockserver/docs", name).read_text() for name in GRADING}
    assert all(f"| {name} |" in pages["report-card.md"] for name in MEASURES)
    assert all(f"`{name}`" in pages["report-card.md"] for name in TRAPS)
    assert all(f"| `{name}` |" in pages["grade.md"] for name in PHASES)
    assert COUNSEL.keys() == MEASURES.keys()


def test_every_member_of_a_fault_rule_is_documented():
    page = readme.ROOT.joinpath("mockserver/docs/faults.md").read_text()
    members = {each.name for each in fields(FaultRule)} - {"id", "effect", "sequence"}
    assert all(f"| `{name}` |" in page for name in members)
    assert "`sequence`" in page


def test_the_quirks_of_writes_have_the_values_that_are_told():
    page = readme.ROOT.joinpath("mockserver/docs/psa-writes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)

    assert len(rows) == 19
    for name, *told in rows:
        for profile, cell in zip(("documented", "observed"), told, strict=True):
            value = getattr(psa_profile.PROFILES[profile], name)
            listed = sorted(value) if isinstance(value, frozenset) else [str(value).lower()]
            assert readme.code(cell) == listed
