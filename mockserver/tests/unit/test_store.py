"""The records of one tenant, in SQL."""

import contextlib
import gc
import sqlite3
import threading

import pytest
from sqlalchemy import literal_column

from mockserver.core.database import opened
from mockserver.core.statements import Page
from mockserver.core.store import Store
from mockserver.tests.records_support import DESKS, PEOPLE, ROOMS, TAGS, Rows, registry, store

SEEDS = {
    "rooms": [({"id": 1, "name": "Blue", "seats": 2}, None), ({"id": 5, "name": "Red"}, None)],
    "rooms/desks": [({"id": 3, "name": "Window", "room": {"id": 5, "name": "Red"}}, 5)],
}


@pytest.fixture
def kept():
    return store(SEEDS)


def views(text):
    return {"body": text.encode()}


def names(kept, resource=ROOMS, **page):
    return kept.bodies(resource, Page("body", **page))


def failing(kept, work):
    """Do *work* in a transaction that fails."""

    def fail():
        with kept.transaction():
            work()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()


def test_a_table_is_filled_when_it_is_first_touched():
    rows = Rows(SEEDS)
    kept = Store(registry(), rows)
    assert rows.asked == []
    assert kept.body(ROOMS, 1) == b'{"id":1,"name":"Blue","seats":2}'
    kept.body(ROOMS, 5)
    assert rows.asked == ["rooms"]


def test_a_record_that_is_not_there_has_no_body(kept):
    assert kept.body(ROOMS, 2) is None
    assert kept.body(TAGS, 1) is None
    assert kept.parent_of(DESKS, 9) is None
    assert kept.parent_of(ROOMS, 1) is None


def test_a_child_knows_its_parent(kept):
    assert kept.parent_of(DESKS, 3) == 5


def test_ids_go_on_after_the_seeded_ones_and_never_come_back(kept):
    assert kept.next_id(ROOMS) == 6
    kept.delete(ROOMS, 5)
    assert kept.next_id(ROOMS) == 7
    assert kept.next_id(TAGS) == 1


def test_rows_are_matched_by_column_values(kept):
    assert kept.matching(ROOMS) == (1, 5)
    assert kept.matching(ROOMS, 1) == (1,)
    assert kept.matching(ROOMS, name="blue") == (1,)
    assert kept.matching(ROOMS, name="blue", seats=3) == ()
    assert kept.matching(DESKS, parent_id=5, room_name="red") == (3,)
    assert kept.matching(ROOMS, nope=1) == ()
    assert kept.matching(TAGS, name="x") == ()


def test_pages_are_ordered_by_id_when_nothing_else_decides(kept):
    kept.insert(ROOMS, {"id": 9, "name": "Blue"}, views("nine"))
    by_name = names(kept, order=(("name", True),))
    assert [body[:7] for body in by_name] == [b'{"id":5', b'{"id":1', b"nine"]
    assert names(kept, size=1, offset=2) == [b"nine"]
    assert names(kept, size=0) == []
    assert names(kept, size=5, offset=1 << 40) == []


@pytest.mark.parametrize("write", ["insert", "replace", "delete"])
def test_no_answer_outlives_a_write(kept, write):
    def seen():
        where = (literal_column("id") > 0,)
        return (
            kept.body(ROOMS, 1),
            kept.matching(ROOMS, name="blue"),
            kept.count(ROOMS, Page("body", where, key="k")),
            names(kept, size=10, key="k", where=where),
            kept.memory_of(ROOMS, 1).setdefault("mine", object()),
        )

    before = seen()
    assert seen() == before
    if write == "insert":
        kept.insert(ROOMS, {"id": 9, "name": "Blue"}, views("nine"))
    elif write == "replace":
        kept.replace(ROOMS, {"id": 1, "name": "Blue"}, views("one"))
    else:
        assert kept.delete(ROOMS, 1)
    after = seen()
    assert after != before
    assert after[0] == {"insert": before[0], "replace": b"one", "delete": None}[write]
    assert after[2] == len(after[3])


def test_deleting_tells_whether_there_was_a_record(kept):
    assert kept.delete(ROOMS, 1) is True
    assert kept.delete(ROOMS, 1) is False


def test_a_transaction_that_fails_changes_nothing(kept):
    before = list(kept.rows(ROOMS))

    def work():
        kept.insert(ROOMS, {"id": 9, "name": "x"}, views("x"))
        kept.delete(ROOMS, 1)
        assert kept.body(ROOMS, 1) is None

    failing(kept, work)
    assert list(kept.rows(ROOMS)) == before
    assert kept.body(ROOMS, 1) is not None


def test_a_table_first_touched_in_a_failed_transaction_is_filled_again(kept):
    failing(kept, lambda: kept.insert(DESKS, {"id": 9, "name": "x"}, views("x"), 5))
    assert kept.matching(DESKS) == (3,)
    assert kept.next_id(DESKS) == 4


def test_an_inner_failure_that_is_caught_does_not_undo_the_outer_work(kept):
    with kept.transaction():
        kept.delete(ROOMS, 1)
        failing(kept, lambda: None)
    assert kept.matching(ROOMS) == (5,)


def test_nobody_reads_what_is_not_kept_yet(kept):
    seen, started = [], threading.Event()

    def read():
        started.set()
        seen.append(kept.body(ROOMS, 1))

    def work():
        kept.replace(ROOMS, {"id": 1, "name": "x"}, views("x"))
        reader.start()
        started.wait(5)

    reader = threading.Thread(target=read)
    failing(kept, work)
    reader.join(5)
    assert seen == [b'{"id":1,"name":"Blue","seats":2}']


def test_a_copy_is_the_same_and_goes_its_own_way(kept):
    kept.insert(ROOMS, {"id": 9, "name": "x"}, views("x"))
    copy = store()
    copy.insert(TAGS, {"id": 1, "name": "gone"}, views("gone"))
    copy.copy_from(kept)
    assert list(copy.rows(ROOMS)) == list(kept.rows(ROOMS))
    assert copy.body(TAGS, 1) is None
    copy.delete(ROOMS, 9)
    assert kept.body(ROOMS, 9) == b"x"


def test_a_copy_fills_untouched_tables_from_its_template(kept):
    copy = Store(registry(), kept)
    copy.copy_from(kept)
    assert copy.has(DESKS)
    assert not copy.has(PEOPLE)
    assert copy.matching(DESKS) == (3,)


def test_a_store_in_memory_asks_for_no_temporary_file():
    # A container whose root may only be read has no folder for one; a long list is sorted there.
    with contextlib.closing(opened(None)) as raw:
        assert raw.execute("PRAGMA temp_store").fetchone() == (2,)


def test_a_store_that_is_dropped_gives_its_connection_back():
    dropped = store()
    raw = dropped._raw
    del dropped
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        raw.execute("SELECT 1")
