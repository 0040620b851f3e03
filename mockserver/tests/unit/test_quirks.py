"""Quirks given as plain values are fitted to the profile's fields, or refused by name."""

import pytest

from mockserver.app import build
from mockserver.automate.profile import DOCUMENTED as AUTOMATE
from mockserver.core.agenda import following_s
from mockserver.core.quirks import BadQuirk
from mockserver.psa.codes import Case
from mockserver.psa.profile import DOCUMENTED
from mockserver.settings import BadSetting, Settings


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("page_size_max", 50, 50),
        ("page_size_capped", True, True),
        ("version", "2025.1", "2025.1"),
        ("fault_members", ["code"], ("code",)),
        ("reference_subpaths", ["id", "name"], frozenset({"id", "name"})),
        ("quota_body", {"error": "x"}, {"error": "x"}),
        ("aliases", {"service/tickets": {"x": "id"}}, {"service/tickets": {"x": "id"}}),
    ],
)
def test_a_quirk_takes_a_plain_value(name, value, wanted):
    assert getattr(DOCUMENTED.changed(**{name: value}), name) == wanted


def test_one_code_is_changed_and_the_others_stay():
    codes = DOCUMENTED.changed(codes={"client_id": "NoClient"}).codes

    assert codes == {**DOCUMENTED.codes, Case.CLIENT_ID: "NoClient"}


def test_one_part_of_the_condition_language_is_changed():
    conditions = DOCUMENTED.changed(conditions={"like_runs": "%"}).conditions

    assert conditions.like_runs == "%"
    assert conditions.bare_instants is DOCUMENTED.conditions.bare_instants


@pytest.mark.parametrize(
    ("quirks", "message"),
    [
        ({"page_sized": 50}, "documented has no quirk 'page_sized'; did you mean 'page_size'?"),
        ({"page_size_max": "50"}, "must be a whole number"),
        ({"page_size_max": True}, "must be a whole number"),
        ({"page_size_max": -1}, "must be a whole number from 0 to 2147483647"),
        ({"page_size_max": 0}, "must be at least 1, not 0"),
        ({"minted_ttl_s": 2**31}, "must be a whole number from 0 to 2147483647"),
        ({"version": "   "}, "must look like 2026.4, not '   '"),
        ({"page_size_capped": 1}, "must be true or false"),
        ({"fault_members": "code"}, "must be a list"),
        ({"fault_members": [1]}, "must be a text"),
        ({"codes": {"nothing": "x"}}, "has no 'nothing'"),
        ({"codes": "x"}, "must be a table"),
        ({"conditions": {"like_run": "%"}}, "did you mean 'like_runs'?"),
        ({"conditions": 1}, "must be a table"),
        ({"name": "x"}, "has no quirk 'name'"),
        ({"client_id_status": 0}, "must be the status of an answer, 200 to 599, not 0"),
        ({"client_id_status": 99_999}, "must be the status of an answer"),
    ],
)
def test_a_quirk_that_cannot_be_is_refused_by_name(quirks, message):
    with pytest.raises(BadQuirk) as told:
        DOCUMENTED.changed(**quirks)

    assert message in str(told.value)


def settings(tmp_path, text):
    file = tmp_path / "cwmock.toml"
    file.write_text(text, encoding="utf-8")
    return Settings.load({"config": str(file)}, {})


def test_the_file_sets_quirks_of_both_vendors(tmp_path):
    text = "port = 9000\n[quirks.psa]\npage_size_max = 50\n[quirks.automate]\npage_size = 10\n"

    read = settings(tmp_path, text)

    assert read.quirks == {"psa": {"page_size_max": 50}, "automate": {"page_size": 10}}
    assert read.port == 9000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[quirks.pas]\nx = 1", "quirks: there is no [quirks.pas], only psa, automate"),
        ("quirks = 1", "quirks: must be tables"),
        ("[quirks]\npsa = 1", "quirks: must be tables"),
        ("[quirks.psa]\nx = 1", "quirks.psa: documented has no quirk 'x'"),
        ("[quirks.automate]\npage_size = 'x'", "quirks.automate: documented.page_size must be"),
    ],
)
def test_a_bad_quirk_in_the_file_is_told(tmp_path, text, message):
    with pytest.raises(BadSetting) as told:
        build(settings(tmp_path, text))

    assert message in str(told.value)


@pytest.mark.parametrize("status", [7, 600])
def test_a_table_of_statuses_holds_statuses(status):
    with pytest.raises(
        BadQuirk, match=r"unknown_extra_field_status\.ExtraFields must be the status"
    ):
        AUTOMATE.changed(unknown_extra_field_status={"ExtraFields": status})


def test_no_step_of_the_clock_is_too_small_to_lead_on():
    assert following_s(1_800_000_000.0, 1e-300, 1_800_000_000.0, 1) > 1_800_000_000.0
