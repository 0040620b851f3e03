"""What several processes answered is in one journal, whichever of them is asked for it."""

import threading

import pytest
from stores_support import Opened, kept_in

psycopg = pytest.importorskip("psycopg")

from mockserver.core import postgres_journal  # noqa: E402 - see above
from mockserver.core.ledger import LedgerLost  # noqa: E402

INFO = "/system/info"
EACH = 8


@pytest.fixture
def both(database):
    """Return two worlds with one database."""
    worlds = [Opened(kept_in(database)) for _ in range(2)]
    yield worlds
    for each in worlds:
        each.close()


def journal(opened):
    asked = {"tenant": opened.tenant, "limit": 1000}
    return opened.admin("GET", "/requests", query_string=asked).json["requests"]


def paths(opened):
    return [(each["id"], each["path"]) for each in journal(opened)]


def test_everybody_tells_of_every_exchange(both):
    first, second = both
    first.psa("GET", INFO)
    second.psa("GET", "/nothing")
    first.psa("POST", "/service/sources", json={"name": "é", "password": "secret"})
    told = [(3, "/service/sources"), (2, "/nothing"), (1, INFO)]
    assert paths(first) == paths(second) == told
    assert journal(first) == journal(second)
    assert b"secret" not in second.admin("GET", "/requests").data
    assert first.admin("GET", "/report").json == second.admin("GET", "/report").json
    (client,) = second.admin("GET", "/report").json["clients"]
    assert client["requests"] == 3


def test_exchanges_at_the_same_time_get_numbers_of_their_own(both):
    off = {"requests": None}
    both[0].admin("PATCH", "/limits", json={"psa": off})
    threads = [
        threading.Thread(target=lambda each=each: [each.psa("GET", INFO) for _ in range(EACH)])
        for each in [*both, *both, *both]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    numbers = list(range(6 * EACH, 0, -1))
    assert [each["id"] for each in journal(both[0])] == numbers
    assert [each["id"] for each in journal(both[1])] == numbers


def test_it_is_emptied_and_reset_for_all(both):
    first, second = both
    first.psa("GET", INFO)
    assert paths(second) == [(1, INFO)]
    second.admin("DELETE", "/requests")
    assert journal(first) == journal(second) == []
    first.psa("GET", INFO)
    assert paths(second) == [(2, INFO)]
    first.admin("POST", "/reset")
    assert journal(second) == []
    second.psa("GET", "/nothing")
    assert paths(first) == paths(second) == [(1, "/nothing")]


def test_it_outlives_the_processes_and_not_the_tenant(both, database):
    first, second = both
    second.admin("POST", "/tenants", json={"name": "team"})
    first.at("team").psa("GET", INFO)
    third = Opened(kept_in(database))
    assert paths(third.at("team")) == [(1, INFO)]
    third.close()
    second.admin("DELETE", "/tenants/team")
    second.admin("POST", "/tenants", json={"name": "team"})
    assert journal(first.at("team")) == []


def test_what_a_client_did_later_is_told_to_all(both):
    first, second = both
    first.psa("GET", INFO)
    assert journal(second)[0]["aborted"] is False
    attempt = first.world.default.journal.attempts()[0]
    first.world.default.ended(attempt, aborted=True)
    first.world._present()  # as its courier does each second
    assert journal(second)[0]["aborted"] is True
    assert second.world.default.journal.attempts()[0].aborted


def test_old_exchanges_give_way_and_are_still_graded(both, monkeypatch):
    monkeypatch.setattr(postgres_journal, "PRUNED_EVERY", 10)
    monkeypatch.setattr(postgres_journal, "ENTRIES_MAX", 3)
    monkeypatch.setattr(postgres_journal, "ATTEMPTS_MAX", 6)
    first, second = both
    for _ in range(10):
        first.psa("GET", INFO)
    assert [each["id"] for each in journal(second)] == [10, 9, 8, 7]
    attempts = second.world.default.journal.attempts()
    assert [each.id for each in attempts] == [4, 5, 6, 7, 8, 9, 10]


def test_bodies_have_a_bound_together(both, monkeypatch):
    monkeypatch.setattr(postgres_journal, "PRUNED_EVERY", 5)
    monkeypatch.setattr(postgres_journal, "BYTES_MAX", 1)
    for _ in range(5):
        both[0].psa("GET", INFO)
    assert len(journal(both[1])) == 0
    assert len(both[1].world.default.journal.attempts()) == 5


def test_a_path_that_is_no_text_is_told_like_others(both):
    first, second = both
    first.psa("GET", "/%ff%fe?conditions=%ff")
    assert journal(first) == journal(second)
    assert len(journal(second)) == 1


def test_the_furthest_instants_are_told_like_others(both):
    first, second = both
    first.admin("POST", "/clock", json={"freeze": True, "now": "2999-12-31T00:00:00Z"})
    assert first.psa("GET", INFO).status_code == 200
    assert journal(first) == journal(second)
    assert journal(second)[0]["arrived_ns"] > 2**64
    (attempt,) = second.world.default.journal.attempts()
    assert attempt.arrived_ns == journal(first)[0]["arrived_ns"]


def test_what_is_published_amid_a_reset_is_not_left_behind(both, database):
    first, second = both
    with psycopg.connect(database) as publishing:
        # Holds the journal as who publishes does, until the block ends.
        values = {"made": first.world.default.keeper.account.made, "count": 1}
        rows = {"attempts": [b"{}"], "entries": [None]}
        publishing.execute(postgres_journal.PUBLISH, {**values, **rows})
        cleared = threading.Thread(target=second.world.default.journal.reset)
        cleared.start()
        waiting = """SELECT 1 FROM pg_stat_activity
            WHERE wait_event_type = 'Lock' AND query LIKE '%cwmock_journals%'"""
        with psycopg.connect(database, autocommit=True) as watch:
            while not watch.execute(waiting).fetchone():
                cleared.join(0.01)
    cleared.join(30)
    assert first.psa("GET", INFO).status_code == 200
    assert paths(second) == [(1, INFO)]


def test_an_answer_is_given_though_the_journal_cannot_be_written(both, monkeypatch):
    def lost(*_):
        raise LedgerLost("gone")

    monkeypatch.setattr(both[0].world.default.journal._shared._exchanges, "publish", lost)
    made = both[0].psa("POST", "/service/sources", json={"name": "made"})
    assert made.status_code == 201
    assert journal(both[1]) == []


def test_who_follows_the_journal_hears_of_what_others_answered(both):
    first, second = both
    first.psa("GET", INFO)
    heard = second.client.get("/_mock/requests/stream", buffered=False)
    events = iter(heard.response)
    assert next(events).startswith(b"retry")
    next(events)
    threading.Thread(target=first.psa, args=("GET", "/nothing")).start()
    told = next(each for each in events if each.startswith(b"id:"))
    assert b'"path":"/nothing"' in told
    heard.close()
