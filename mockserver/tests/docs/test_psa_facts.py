"""Every numbered fact of PSA is claimed by a test, or it is said why none can be."""

import psa_facts


def test_every_fact_is_claimed_by_a_test():
    claimed = {number for number, tests in psa_facts.claims().items() if tests}

    assert set(psa_facts.numbers()) - claimed == set(psa_facts.UNTESTED)


def test_the_table_tells_of_every_fact():
    lines = psa_facts.table(psa_facts.claims(), psa_facts.UNTESTED).splitlines()

    assert len(lines) == sum(psa_facts.SECTIONS.values()) + 1
    claimed = len(lines) - 1 - len(psa_facts.UNTESTED)
    assert lines[-1].startswith(f"{claimed} of {len(lines) - 1} facts")
