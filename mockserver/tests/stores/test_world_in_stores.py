"""A state that a kept world took in is kept like everything else, and seen by all who share it."""

import pytest
from stores_support import Opened, kept_in

from mockserver.tests.integration.world_history import live_a_little, put, served, state

SOURCES = "/service/sources"


@pytest.fixture(scope="module")
def archive():
    http = served(seed=7, size="tiny")
    live_a_little(http)
    return state(http)


@pytest.fixture
def opened(place):
    """Return a function that opens the world in a place once more; all are closed at the end."""
    worlds = []

    def open_anew(*, ending=True):
        if worlds and ending:
            worlds.pop().close()
        worlds.append(Opened(kept_in(place, size="tiny", frozen=True)))
        return worlds[-1]

    yield open_anew
    for each in worlds:
        each.close()


def test_it_is_there_after_a_restart_and_a_reset_goes_back_to_it(opened, archive):
    first = opened()
    own = state(first.client)
    assert put(first.client, archive).status_code == 200
    assert state(first.client) == archive

    again = opened()
    assert state(again.client) == archive
    assert again.psa("POST", SOURCES, json={"name": "later"}).status_code == 201
    changed = state(again.client)
    assert changed != archive

    last = opened()
    assert state(last.client) == changed
    last.admin("POST", "/reset")
    assert state(last.client) == archive
    last.client.delete("/_mock/world")
    assert state(last.client) == own
    assert state(opened().client) == own


def test_a_refused_one_leaves_what_is_kept_alone(opened, archive):
    first = opened()
    first.psa("POST", SOURCES, json={"name": "mine"})
    before = state(first.client)
    assert put(first.client, archive[:-100]).status_code == 400

    assert state(opened().client) == before


def test_snapshots_of_it_outlive_a_restart(opened, archive):
    first = opened()
    put(first.client, archive)
    first.psa("POST", SOURCES, json={"name": "kept"})
    kept, snapshot = state(first.client), first.admin("POST", "/snapshots").json["id"]
    first.psa("POST", SOURCES, json={"name": "later"})

    again = opened()
    assert again.admin("POST", f"/snapshots/{snapshot}/restore").status_code == 200
    assert state(again.client) == kept


def test_processes_that_share_a_world_share_what_it_took_in(database, archive):
    one, two = (Opened(kept_in(database, size="tiny", frozen=True)) for _ in range(2))
    try:
        own = state(two.client)
        put(one.client, archive)
        assert state(two.client) == archive
        made = two.psa("POST", SOURCES, json={"name": "theirs"}).json["id"]
        assert one.psa("GET", f"{SOURCES}/{made}").json["name"] == "theirs"
        two.admin("POST", "/reset")
        assert state(one.client) == archive
        one.client.delete("/_mock/world")
        assert state(two.client) == own
        later = two.psa("POST", SOURCES, json={"name": "mine"}).json["id"]
        assert one.psa("GET", f"{SOURCES}/{later}").json["name"] == "mine"
    finally:
        one.close()
        two.close()


def test_a_full_disk_leaves_the_world_as_it_was(tmp_path, archive):
    store = f"sqlite:///{tmp_path}/kept.db"
    first = Opened(kept_in(store, size="tiny", frozen=True))
    first.psa("POST", SOURCES, json={"name": "mine"})
    before, raw = state(first.client), first.world._ledger._raw
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages}")

    assert put(first.client, archive).status_code == 503
    raw.execute("PRAGMA max_page_count = 100000")
    assert state(first.client) == before
    first.close()

    again = Opened(kept_in(store, size="tiny", frozen=True))
    assert state(again.client) == before
    again.close()
