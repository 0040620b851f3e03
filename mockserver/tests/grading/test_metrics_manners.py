"""M18 to M24, neighbours, outages and odd answers, on journals whose truth is known."""

import pytest
from journals import Script

from mockserver.core.attempt import NS
from mockserver.grading.pace import jain


@pytest.mark.parametrize(("crowd", "verdict"), [(10, "pass"), (11, "fail")])
def test_m18_counts_requests_under_way(crowd, verdict):
    script = Script()
    for number in range(crowd):
        script.add(after_s=-0.95 if number else 1, took_s=1)
    for _ in range(20):
        script.add(after_s=5)

    assert (script.metric("M18").value, script.metric("M18").verdict) == (crowd, verdict)


def test_m18_requests_of_no_length_are_not_at_once():
    script = Script()
    for _ in range(50):
        script.add(after_s=0, took_s=0)

    assert script.metric("M18").value == 1


@pytest.mark.parametrize(("lost", "verdict"), [(1, "pass"), (5, "fail")])
def test_m19_is_what_a_neighbour_keeps(lost, verdict):
    script = Script().add()
    for number in range(20):
        script.add(429 if number < lost else 200, client_id="cwmock-neighbour")

    assert script.metric("M19").verdict == verdict
    assert script.metric("M6").n == 1


def test_m19_is_how_evenly_clients_of_a_key_are_served():
    assert jain([5, 5, 5]) == pytest.approx(1)
    assert jain([15, 0, 0]) == pytest.approx(1 / 3)
    script = Script()
    for number in range(60):
        script.add(200 if number % 3 == 0 else 429, client_id=f"c{number % 3}")

    assert script.metric("M19").verdict == "fail"


@pytest.mark.parametrize(("every_s", "verdict"), [(30, "pass"), (2, "fail")])
def test_m20_and_m21_judge_an_outage(every_s, verdict):
    start = Script().now_s
    script = Script(outages=((int(start * NS), int((start + 300) * NS)),))
    while script.now_s + every_s < start + 300:
        script.add(503, after_s=every_s - 0.1)
    script.add(200, after_s=every_s + 1)

    assert script.metric("M20").verdict == verdict
    assert script.metric("M21").verdict == "pass"


def test_m21_a_client_that_sleeps_on_is_slow_to_recover():
    start = Script().now_s
    script = Script(outages=((int(start * NS), int((start + 60) * NS)),))
    script.add(503).add(503, after_s=10).add(200, after_s=200)

    assert script.metric("M21").verdict == "fail"


@pytest.mark.parametrize(
    ("refused", "value", "verdict"), [(1, 0, "pass"), (2, 1, "pass"), (3, 2, "fail")]
)
def test_m22_wants_a_cut_quota_to_be_noticed(refused, value, verdict):
    """The first refusal tells of the cut; from then on the client knows that nothing is left."""
    script = Script(window_s=60.0)
    script.add(limits=(60, 59, 60))
    for number in range(20):
        script.add(429 if number < refused else 200, limits=(30, 0 if number < refused else 1, 50))

    assert (script.metric("M22").value, script.metric("M22").verdict) == (value, verdict)


@pytest.mark.parametrize(("left", "value"), [(3, 0), (2, 1), (1, 2)])
def test_m22_does_not_blame_for_what_a_neighbour_took(left, value):
    """Three requests go out after an answer that left room for so many of them."""
    script = Script(window_s=60.0)
    script.add(limits=(60, 59, 60)).add(limits=(30, left, 50), after_s=60)
    for number in range(3):
        script.add(429, limits=(30, 0, 50), after_s=0.001 if number else 1, took_s=0)
        script.attempts[-1].flushed_ns += 1_000_000_000
    for _ in range(10):
        script.add(limits=(30, 9, 50), after_s=2)

    assert script.metric("M22").value == value


def test_m22_a_new_window_has_room_for_the_whole_quota_that_is_known():
    script = Script(window_s=60.0)
    script.add(limits=(60, 59, 60)).add(limits=(5, 0, 3), after_s=60)
    for number in range(7):
        script.add(429, limits=(5, 0, 60), after_s=0.001 if number else 4, took_s=0)
        script.attempts[-1].flushed_ns += 1_000_000_000
    for _ in range(5):
        script.add(limits=(5, 3, 50), after_s=5)

    assert script.metric("M22").value == 2


@pytest.mark.parametrize("stated", [None, "0", "-1", "1.5", "soon", "1000000000"])
def test_m23_wants_a_pause_where_retry_after_makes_no_sense(stated):
    hasty, patient = Script(), Script()
    for number in range(5):
        one = {"path": f"/{number}"}
        hasty.add(429, retry_after=stated, **one).add(200, after_s=0.1, **one)
        patient.add(429, retry_after=stated, **one).add(200, after_s=0.6, **one)

    assert hasty.metric("M23").verdict == "fail"
    assert patient.metric("M23").verdict == "pass"


@pytest.mark.parametrize(("requests_each", "verdict"), [(60, "pass"), (20, "pass"), (1, "fail")])
def test_m24_counts_requests_per_connection(requests_each, verdict):
    script = Script()
    for number in range(60):
        script.add(connection=f"127.0.0.1:{number // requests_each}")

    assert script.metric("M24").verdict == verdict


@pytest.mark.parametrize(("pause_s", "verdict"), [(5.0, "pass"), (1.0, "fail")])
def test_m24_blames_nobody_for_connections_that_idled(pause_s, verdict):
    script = Script()
    for number in range(80):
        # Two connections in turn, and two new ones after eight requests and a pause.
        name = f"127.0.0.1:{number // 8 * 2 + number % 2}"
        script.add(connection=name, after_s=0.1 if number % 8 else pause_s)

    assert script.metric("M24").verdict == verdict
