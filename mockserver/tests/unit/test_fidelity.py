"""The page of fidelity says what is served now."""

from mockserver.checks.fidelity import PAGE, page
from mockserver.checks.run import all_facts


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make fidelity`"


def test_every_fact_is_in_it():
    text = page()

    assert all(f"| {each.title}" in text for each in all_facts())
