"""Databases that cannot keep a world are refused, and say why."""

import os

import pytest
from stores_support import Opened, kept_in

psycopg = pytest.importorskip("psycopg")

from mockserver.core.ledger import NewerSchemaError, UnusableLedger  # noqa: E402 - see above
from mockserver.core.ledgers import without_password  # noqa: E402
from mockserver.settings import Settings  # noqa: E402


def test_a_database_that_is_not_unicode_is_refused(database):
    name = f"cwmock_ascii_{os.getpid()}"
    create = f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute(create)
        try:
            with pytest.raises(UnusableLedger, match="its encoding is SQL_ASCII, not UTF8"):
                Opened(kept_in(psycopg.conninfo.make_conninfo(database, dbname=name)))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_newer_schema_is_refused_in_a_database_too(database):
    Opened(kept_in(database)).close()
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("UPDATE cwmock_ledger SET schema = 99")
    with pytest.raises(NewerSchemaError, match="schema 99"):
        Opened(kept_in(database))


def test_a_database_that_does_not_answer_is_refused_without_its_password():
    with pytest.raises(UnusableLedger) as refused:
        Opened(kept_in("postgresql://name:secret@127.0.0.1:1/none"))
    assert "secret" not in str(refused.value)
    settings = Settings(store="postgresql://name:secret@127.0.0.1:1/none?password=secret")
    assert without_password(settings.store) == "postgresql://127.0.0.1:1/none"
