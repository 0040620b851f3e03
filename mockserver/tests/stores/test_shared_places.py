"""Automate's places for concurrent requests are those of all processes together."""

import threading
from collections import deque

import pytest
from stores_support import Opened, kept_in

pytest.importorskip("psycopg")

from mockserver.core.slots import Occupancy, Slot

KEY = "integrator"


@pytest.fixture
def both(database):
    """Return two worlds with one database, two places for each key of Automate."""
    worlds = [Opened(kept_in(database)) for _ in range(2)]
    limits = {"automate": {"concurrent": 2, "requests": None}}
    assert worlds[0].admin("PATCH", "/limits", json=limits).status_code == 200
    worlds[1].psa("GET", "/system/info")
    yield worlds
    for each in worlds:
        each.close()


def enter(opened, key=KEY):
    return opened.world.default.slots["automate"].enter(key)


def test_a_place_is_taken_for_all(both):
    first, second = both
    running = [enter(first), enter(second)]
    waiting = [enter(second), enter(first), enter(second)]
    assert [slot.ready for slot in (*running, *waiting)] == [True, True, False, False, False]
    assert enter(first, "somebody else").ready

    for leaves, comes in zip([*running, *waiting], waiting, strict=False):
        leaves.leave()
        assert comes.block(30)
        later = waiting[waiting.index(comes) + 1 :]
        assert not any(slot.ready for slot in later), "first come, first served"

    for slot in waiting:
        slot.leave()
        slot.leave()
    assert second.world.default.slots["automate"].occupancy(KEY) == Occupancy(0, 0)
    again = [enter(first), enter(second), enter(first)]
    assert [slot.ready for slot in again] == [True, True, False]
    second.world.default.close()
    first.world.default.close()
    assert again[2].ready, "nobody waits for a tenant that is gone"


def test_who_drew_a_number_first_goes_first(both):
    slots = both[0].world.default.slots["automate"]
    held = [enter(both[1]), enter(both[1])]
    drawn = [slots._queue.enter([KEY])[0] for _ in range(3)]
    waiting = [slots._entered(Slot(slots, KEY, *number)) for number in reversed(drawn)]
    slots._watch()
    for slot in held:
        slot.leave()
    assert waiting[2].block(30)
    assert waiting[1].block(30)
    assert not waiting[0].ready
    waiting[1].leave()
    assert waiting[0].block(30)


def test_who_gives_up_waiting_holds_nobody_up(both):
    first, second = both
    running = [enter(first), enter(first)]
    impatient, patient = enter(second), enter(first)
    impatient.leave()
    running[1].leave()
    assert patient.block(30)
    assert not impatient.ready


def test_a_process_that_is_gone_gives_its_places_back(both):
    first, second = both
    assert [enter(first).ready for _ in range(2)] == [True, True]
    waiting = enter(second)
    assert not waiting.block(0.1)
    first.world._ledger.presence._held.close()  # as the end of its process does
    assert waiting.block(30)


def test_another_limit_counts_for_those_who_wait(both):
    first, second = both
    taken = [enter(first) for _ in range(3)]
    waiting = enter(second)
    assert [slot.ready for slot in (*taken, waiting)] == [True, True, False, False]
    first.admin("PATCH", "/limits", json={"automate": {"concurrent": 4}})
    second.psa("GET", "/system/info")
    assert taken[2].block(30)
    assert waiting.block(30)
    second.admin("PATCH", "/limits", json={"automate": {"concurrent": None}})
    assert all(enter(second).ready for _ in range(9))


def test_no_more_requests_run_than_there_are_places(both):
    running, most, lock = deque(), [], threading.Lock()

    def work(each, _):
        for _ in range(10):
            slot = enter(each)
            assert slot.block(60)
            with lock:
                running.append(slot)
                most.append(len(running))
            each.world.default.clock.now()
            with lock:
                running.remove(slot)
            slot.leave()

    threads = [threading.Thread(target=work, args=(each, 0)) for each in [*both, *both, *both]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(most) == 60
    assert max(most) <= 2


def test_requests_queue_through_the_api(both):
    first, second = both
    token = first.login()["AccessToken"]
    held = [enter(first), enter(first)]
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(second.automate(token, "GET", "/Clients"))
    )
    thread.start()
    places = second.world.default.slots["automate"]
    while not places.occupancy(KEY).waiting:
        thread.join(0.01)
    assert not answers
    held[0].leave()
    thread.join(30)
    assert answers[0].status_code == 200
    told = first.admin("GET", "/requests").json["requests"][0]
    assert told["queued_ms"] > 0
