"""A file tells of which schema it is: the one before is taken over, others are left alone."""

import sqlite3
from contextlib import closing

import pytest
from stores_support import Opened, kept_in

from mockserver.core.ledger import LEDGER_VERSION, NewerSchemaError, UnusableLedger


def test_a_newer_schema_is_refused_however_it_was_used(tmp_path):
    file = str(tmp_path / "kept.db")
    world = Opened(kept_in(f"sqlite:///{file}"))
    world.admin("POST", "/reset")
    world.close()
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (LEDGER_VERSION,)
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerSchemaError, match="schema 99"):
        Opened(kept_in(f"sqlite:///{file}"))


def of_schema(place, version):
    """Make a kept world what a program of another schema left; 2 knew no hints of exchanges."""
    if not place.startswith("sqlite"):
        psycopg = pytest.importorskip("psycopg")
        with closing(psycopg.connect(place)) as database, database:
            database.execute("UPDATE cwmock_ledger SET schema = %s", (version,))
            database.execute("DELETE FROM cwmock_rows WHERE part = 'mock/beginning'")
        return
    with closing(sqlite3.connect(place.removeprefix("sqlite:///"))) as raw, raw:
        raw.execute(f"PRAGMA user_version = {version}")
        raw.execute("DELETE FROM rows WHERE part = 'mock/beginning'")
        journal = "part = 'mock/journal' AND key <> 'last'"
        assert raw.execute(f"SELECT count(*) FROM rows WHERE {journal}").fetchone()[0]
        raw.execute(f"UPDATE rows SET body = json_remove(body, '$.hint') WHERE {journal}")


def schema_of(place):
    if not place.startswith("sqlite"):
        psycopg = pytest.importorskip("psycopg")
        with closing(psycopg.connect(place)) as database:
            return database.execute("SELECT schema FROM cwmock_ledger").fetchone()[0]
    with closing(sqlite3.connect(place.removeprefix("sqlite:///"))) as raw:
        return raw.execute("PRAGMA user_version").fetchone()[0]


def test_what_the_schema_before_kept_is_taken_over_and_is_of_today_from_then_on(place):
    first = Opened(kept_in(place))
    first.psa("POST", "/service/sources", json={"name": "kept"})
    before = first.psa("GET", "/service/sources").json
    first.close()
    of_schema(place, 2)

    again = Opened(kept_in(place))

    assert again.psa("GET", "/service/sources").json == before
    assert again.admin("GET", "/requests").json["requests"][-1]["method"] == "POST"
    again.close()
    assert schema_of(place) == LEDGER_VERSION == 3


@pytest.mark.parametrize(
    ("version", "refusal", "told"),
    [(1, UnusableLedger, "an earlier version"), (4, NewerSchemaError, "a newer version.*schema 4")],
)
def test_other_schemas_are_refused_and_left_as_they_are(place, version, refusal, told):
    first = Opened(kept_in(place))
    first.psa("POST", "/service/sources", json={"name": "kept"})
    first.close()
    of_schema(place, version)

    with pytest.raises(refusal, match=told):
        Opened(kept_in(place))
    assert schema_of(place) == version
