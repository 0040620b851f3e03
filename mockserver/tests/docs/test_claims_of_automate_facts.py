"""Every numbered fact of Automate is claimed by a test, or it is said why none can be."""

import automate_facts
import pytest


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("automate facts 45 and 47: arrays of 3", {"45", "47"}),
        ("automate facts 11 to 13: the zone", {"11", "12", "13"}),
        ("seed 000; automate facts C2, 10.3, 16", {"C2", "16"}),
        ("seed 000: 60 a minute", set()),
    ],
)
def test_the_numbers_in_a_provenance_are_read(text, found):
    assert automate_facts.cited(text) == found


def test_every_fact_is_claimed_by_a_test():
    claimed = {number for number, tests in automate_facts.claims().items() if tests}

    assert set(automate_facts.numbers()) - claimed == set(automate_facts.UNTESTED)


def test_the_table_tells_of_every_fact():
    lines = automate_facts.table(automate_facts.claims(), automate_facts.UNTESTED).splitlines()

    assert len(lines) == len(list(automate_facts.numbers())) + 1
    claimed = len(lines) - 1 - len(automate_facts.UNTESTED)
    assert lines[-1].startswith(f"{claimed} of {len(lines) - 1} facts")
