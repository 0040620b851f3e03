"""The nine findings, each on a journal that shows it and on one that does not."""

import io

import pytest
from journals import Script
from rich.console import Console

from mockserver.core.attempt import Paged
from mockserver.grading.files import as_json, as_junit
from mockserver.grading.findings import TRAPS, findings
from mockserver.grading.page import page
from mockserver.grading.report import graded
from mockserver.grading.terminal import show

FULL, LAST = Paged(25, 60, 25, 1), Paged(10, 60, 25, 3)


def found(script):
    return {finding.id: finding for finding in findings(script.client)}


def second(number=2, **members):
    return {"query": f"page={number}", "paged": Paged(25, 60, 25, number), **members}


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        (Script().add(paged=FULL), True),
        (Script().add(paged=FULL).add(**second()), False),
        (Script().add(paged=FULL).add(**second(path="/elsewhere")), True),
        (Script().add(paged=FULL, query="pageSize=25"), False),
        (Script().add(paged=Paged(10, 10, 25, 1)), False),
        (Script().add(paged=FULL, forward_only=True), False),
    ],
)
def test_a_default_page_taken_for_all(script, shown):
    assert ("default-page-taken-for-all" in found(script)) == shown


def test_options_of_the_binder_are_options():
    page = {"api": "automate", "paged": FULL}
    asked = Script().add(query="options.pageSize=25", **page)
    followed = Script().add(**page).add(query="options.page=2", **{**page, "paged": LAST})

    assert "default-page-taken-for-all" not in found(asked)
    assert "default-page-taken-for-all" not in found(followed)


def test_conditions_lost_on_a_later_page():
    lost = Script().add(paged=FULL, query="conditions=id>5").add(**second())
    kept = Script().add(paged=FULL, query="conditions=id>5")
    kept.add(query="conditions=id>5&page=2", paged=LAST)
    other = lost.client.attempts[1]

    assert found(lost)["conditions-lost-on-later-page"].evidence == (1, other.id)
    assert "conditions-lost-on-later-page" not in found(kept)


@pytest.mark.parametrize(
    ("order", "write", "shown"),
    [("", True, True), ("&orderBy=id", True, False), ("", False, False)],
)
def test_unordered_paging_under_writes(order, write, shown):
    script = Script().add(paged=FULL, query=f"page=1{order}")
    script.add(201, method="POST", applied=write, key="another")
    script.add(query=f"page=2{order}", paged=Paged(25, 60, 25, 2))

    assert ("unordered-paging-under-writes" in found(script)) == shown


@pytest.mark.parametrize(
    ("status", "paged", "query", "shown"),
    [
        (400, None, "pageSize=2000", True),
        (200, Paged(1000, 5000, 1000, 1), "pageSize=2000", True),
        (200, Paged(1000, 5000, 1000, 1), "pageSize=1000", False),
        (200, Paged(5, 5, None, 1), "pageSize=-1", False),
        (200, FULL, "pageSize=x", False),
    ],
)
def test_a_page_size_above_the_maximum(status, paged, query, shown):
    assert ("page-size-above-maximum" in found(Script().add(status, paged=paged, query=query))) == (
        shown
    )


@pytest.mark.parametrize(
    ("api", "name", "shown"),
    [
        ("psa", "condition", True),
        ("psa", "conditions", False),
        ("automate", "conditions", True),
        ("automate", "condition", False),
        ("automate", "options.condition", False),
        ("automate", "options.orderby.name", False),
        ("automate", "orderby[type]", False),
        ("automate", "ids[0]", False),
        ("automate", "options.expands", False),
        ("automate", "options.conditions", True),
        ("automate", "condition.name", True),
        ("automate", "options.timeout", True),
        ("psa", "options.page", True),
    ],
)
def test_an_ignored_parameter(api, name, shown):
    shown_findings = found(Script().add(api=api, paged=LAST, query=f"{name}=x"))

    assert ("ignored-parameter" in shown_findings) == shown
    if shown:
        assert shown_findings["ignored-parameter"].detail == (name,)


@pytest.mark.parametrize(("uses", "shown"), [(1, True), (10, False)])
def test_a_token_per_request(uses, shown):
    script = Script()
    for _ in range(5):
        script.add(api="automate", login=True, method="POST", path="/apitoken")
        for _ in range(uses):
            script.add(api="automate", token="t")

    assert ("token-per-request" in found(script)) == shown


@pytest.mark.parametrize("note", ["false-200", "ambiguous-reference"])
def test_what_the_pipeline_noted(note):
    assert found(Script().add(notes=(note,)).add())[note].evidence == (1,)


def test_a_repeated_create_names_the_records():
    script = Script().add(None, method="POST", digest="d", applied=True, effects=("tickets/7",))
    script.add(201, method="POST", digest="d", applied=True, effects=("tickets/8",))

    assert found(script)["repeated-create"].detail == ("tickets/7", "tickets/8")


def test_the_records_that_were_made_twice_are_told_wherever_a_card_is():
    script = Script().add(None, method="POST", digest="d", applied=True, effects=("tickets/7",))
    script.add(201, method="POST", digest="d", applied=True, effects=("tickets/8",))
    card, console = graded(script.client), Console(record=True, width=120, file=io.StringIO())
    show(console, [card])

    (told,) = as_json([card], "fast")["clients"][0]["findings"]
    assert told["detail"] == ["tickets/7", "tickets/8"]
    for text in (console.export_text(), as_junit([card]).decode(), page([card])):
        assert "tickets/7, tickets/8" in text


def test_a_clean_client_finds_nothing():
    script = Script().add(paged=Paged(25, 50, 25, 1), query="pageSize=25&orderBy=id")
    script.add(query="pageSize=25&orderBy=id&page=2", paged=Paged(25, 50, 25, 2))

    assert found(script) == {}


def test_every_finding_has_one_sentence_of_advice():
    for title, advice, _ in TRAPS.values():
        assert title[0].isupper()
        assert advice.count(". ") == 0
        assert advice.endswith(".")
