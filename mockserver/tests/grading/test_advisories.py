"""Advisories, on journals whose truth is known."""

import pytest
from journals import Script

from mockserver.core.attempt import Paged
from mockserver.grading.files import as_json
from mockserver.grading.page import page
from mockserver.grading.report import graded


def told(script):
    return {each.id: each.evidence for each in graded(script.client).advisories}


def reads(count, again, pause_s):
    script = Script()
    for number in range(count):
        script.add(path=f"/service/boards/{number}")
        if number < again:
            script.add(path=f"/service/boards/{number}", after_s=pause_s)
    return script


@pytest.mark.parametrize(
    ("count", "again", "pause_s", "shown"),
    [(40, 4, 1.0, True), (40, 4, 6.0, False), (40, 1, 1.0, False), (10, 4, 1.0, False)],
)
def test_reads_of_what_was_just_told(count, again, pause_s, shown):
    assert ("same-reads" in told(reads(count, again, pause_s))) == shown


def test_reads_of_what_was_just_told_are_shown():
    assert told(reads(40, 3, 1.0))["same-reads"] == (2, 4, 6)


@pytest.mark.parametrize(
    ("size", "total", "pages", "shown"),
    [(25, 900, 4, True), (250, 900, 4, False), (25, 200, 4, False), (25, 900, 2, False)],
)
def test_long_lists_in_small_pages(size, total, pages, shown):
    script = Script()
    for number in range(1, pages + 1):
        query = f"page={number}&pageSize={size}&orderBy=id"
        script.add(query=query, paged=Paged(size, total, size, number))

    assert ("small-pages" in told(script)) == shown


@pytest.mark.parametrize(("differ", "shown"), [(True, True), (False, False)])
def test_failures_whose_repeats_look_different(differ, shown):
    script = Script()
    for number in range(12):
        script.add(503, method="POST", digest=f"{number}")
        script.add(201, method="POST", digest=f"{number}{'again' if differ else ''}")

    assert ("unlinked" in told(script)) == shown


def test_advisories_are_on_the_page_and_in_the_json():
    card = graded(reads(40, 4, 1.0).client)

    text = page([card])
    assert "9 % of the reads asked for what had been told within the last 5 s" in text
    assert "href='#c1-same-reads'" in text
    (client,) = as_json([card], "fast")["clients"]
    assert [each["id"] for each in client["advisories"]] == ["same-reads"]
