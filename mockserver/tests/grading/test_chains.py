"""Attempts become logical requests."""

import pytest
from journals import Script

from mockserver.core.attempt import NS, Attempt
from mockserver.core.waits import asks_to_wait, wait_s
from mockserver.grading.chains import has_failed, is_ambiguous


def lengths(script):
    return [len(chain.attempts) for chain in script.client.chains]


def test_a_failure_is_linked_to_what_repeats_it_until_it_succeeds():
    assert lengths(Script().add(503).add(None).add(200).add(200)) == [3, 1]


def test_polling_is_not_repeating():
    script = Script()
    for _ in range(5):
        script.add(200, after_s=5)

    assert lengths(script) == [1] * 5


@pytest.mark.parametrize(
    "other",
    [{"path": "/service/boards"}, {"method": "POST"}, {"query": "page=2"}, {"digest": "ab"}],
)
def test_what_looks_different_is_another_request(other):
    assert lengths(Script().add(503).add(200, **other)) == [1, 1]


def test_the_order_of_parameters_and_the_case_of_paths_do_not_matter():
    first, second = {"query": "a=1&b=2"}, {"query": "b=2&a=1", "path": "/Service/Tickets/"}

    assert lengths(Script().add(503, **first).add(200, **second)) == [2]


def test_a_stable_id_links_whatever_the_body_says():
    first, second = {"stable_id": "k", "digest": "a"}, {"stable_id": "k", "digest": "b"}

    assert lengths(Script().add(503, **first).add(200, **second)) == [2]


def test_a_repeat_cannot_begin_before_the_failure_has_ended():
    assert lengths(Script().add(503, took_s=5).add(200, after_s=-3)) == [1, 1]


@pytest.mark.parametrize(("gap_s", "chains"), [(179, [2]), (181, [1, 1])])
def test_a_chain_is_open_for_three_minutes(gap_s, chains):
    assert lengths(Script().add(503).add(200, after_s=gap_s)) == chains


def test_a_long_retry_after_keeps_its_chain_open():
    assert lengths(Script().add(429, retry_after="600").add(200, after_s=1_100)) == [2]


def test_the_oldest_failure_is_closed_first():
    chains = Script().add(503).add(503, after_s=-0.1).add(200).add(200).client.chains

    assert [[each.id for each in chain.attempts] for chain in chains] == [[1, 3], [2, 4]]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7.0), ("0", 0.0), (None, None), ("soon", None), ("1.5", None), ("-1", None), ("", None)],
)
def test_only_whole_seconds_and_dates_are_a_retry_after(text, seconds):
    assert wait_s(Attempt(retry_after=text)) == seconds


def test_a_date_counts_from_the_answers_end():
    attempt = Attempt(retry_after="Thu, 01 Jan 1970 00:01:30 GMT", flushed_ns=60 * NS, status=429)

    assert wait_s(attempt) == 30
    assert asks_to_wait(attempt)


def test_what_the_client_cannot_know_is_ambiguous():
    lost = [Attempt(status=s) for s in (None, 408, 500, 502, 503, 504)]
    lost += [Attempt(aborted=True), Attempt(faults=(("f", "truncate"),))]
    clear = [Attempt(status=s) for s in (200, 400, 409, 429)]
    clear.append(Attempt(status=503, retry_after="5"))

    assert all(map(is_ambiguous, lost))
    assert not any(map(is_ambiguous, clear))
    assert all(map(has_failed, (*lost, *clear[1:])))
