"""A ledger in PostgreSQL: for several processes, on several machines, that serve one world.

The row of a tenant is its lock: whoever changes the tenant has it until the turn is written. Every
turn has a number, and what it wrote bears it, so that others know what is new to them. Reading
takes no lock: a request sees at least what had been answered when it came.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby, product
from operator import itemgetter
from typing import Any
from weakref import WeakValueDictionary

import orjson
import psycopg

from mockserver.core import postgres_journal, postgres_queue
from mockserver.core.connections import Connection, Connections
from mockserver.core.ledger import (
    LEDGER_VERSION,
    READABLE,
    Known,
    LedgerLost,
    NewerSchemaError,
    News,
    UnusableLedger,
)
from mockserver.core.postgres_account import FORGET, PostgresAccount
from mockserver.core.postgres_queue import Presence

LOCKED = "SELECT pg_advisory_xact_lock(hashtext('cwmock/' || current_schema()))"
TABLES = (
    "CREATE TABLE IF NOT EXISTS cwmock_ledger (schema INT NOT NULL, made_of TEXT NOT NULL)",
    "CREATE SEQUENCE IF NOT EXISTS cwmock_made",
    # Made is a number of the tenant's own: another one may get the name of one that is gone.
    """CREATE TABLE IF NOT EXISTS cwmock_tenants (
        name TEXT PRIMARY KEY, folded TEXT UNIQUE NOT NULL, chosen TEXT NOT NULL,
        made BIGINT NOT NULL, epoch BIGINT NOT NULL, version BIGINT NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS cwmock_rows (
        tenant TEXT, copy TEXT, part TEXT, key TEXT, version BIGINT NOT NULL, body BYTEA,
        PRIMARY KEY (tenant, copy, part, key)
    )""",
    "CREATE INDEX IF NOT EXISTS cwmock_rows_new ON cwmock_rows (tenant, version) WHERE copy = ''",
)
ADD = """INSERT INTO cwmock_tenants SELECT %s, %s, %s, made, 0, 0 FROM nextval('cwmock_made') made
    ON CONFLICT DO NOTHING"""
# In one statement, for that sees one state of the tables: every tenant, with what is news of it to
# an account that has seen so much.
TENANTS = """SELECT t.name, t.chosen, t.made, t.version, t.epoch, r.part, r.key, r.body
    FROM cwmock_tenants t
    LEFT JOIN unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS k (made, epoch, seen)
        ON k.made = t.made
    LEFT JOIN cwmock_rows r ON k.made IS NOT NULL AND r.tenant = t.name AND r.copy = ''
        AND r.version > CASE t.epoch WHEN k.epoch THEN k.seen ELSE -1 END
    ORDER BY t.made"""
REMOVE = "DELETE FROM cwmock_tenants WHERE name = %s RETURNING made"


class PostgresLedger:
    """A ledger in a PostgreSQL database.

    Args:
        url: Of the database, as libpq takes it.

    Raises:
        UnusableLedger: It does not answer, or the tables of a newer version are in it.
    """

    shared = True

    def __init__(self, url: str) -> None:
        self.connections = Connections(url)
        self._accounts: WeakValueDictionary[int, PostgresAccount] = WeakValueDictionary()
        # Who sends holds one while its turns take others: these are not to wait for those.
        self.senders = Connections(url, most=1_000)
        self.presence = Presence(self.senders)
        try:
            with self.connections.one() as connection:
                _prepare(connection)
        except BaseException as error:
            self.close()
            if isinstance(error, LedgerLost | psycopg.Error):
                raise UnusableLedger(str(error).strip().replace("\n", " ")) from error
            raise

    def open(self, made_of: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make the ledger of a new world, or return what the world in it was made of."""
        with self.connections.one() as connection, connection.transaction():
            connection.execute(LOCKED)
            found = connection.execute("SELECT made_of FROM cwmock_ledger").fetchone()
            if found is None:
                text = orjson.dumps(made_of).decode()
                connection.execute(
                    "INSERT INTO cwmock_ledger VALUES (%s, %s)", (LEDGER_VERSION, text)
                )
                return made_of
        known: Mapping[str, Any] = orjson.loads(found[0])
        return known

    def add(self, name: str, chosen: Mapping[str, Any]) -> bool:
        """Add a tenant with what was chosen for it; False when there is one of this name."""
        values = name, name.casefold(), orjson.dumps(chosen).decode()
        with self.connections.one() as connection, connection.transaction():
            added = connection.execute(ADD, values).rowcount > 0
            connection.execute(postgres_journal.BEGIN)
        return added

    def remove(self, name: str) -> None:
        """Forget a tenant."""
        with self.connections.one() as connection, connection.transaction():
            gone = connection.execute(REMOVE, (name,)).fetchall()
            connection.execute(FORGET, (name,))
            for made, statement in product(gone, postgres_journal.FORGET):
                connection.execute(statement, made)

    def tenants(self) -> Mapping[str, Known]:
        """Return what is known of each tenant, oldest first, with the news for its account."""
        generation = self.connections.generation
        asked = {each.made: each.place(generation) for each in list(self._accounts.values())}
        epochs, seen = ([place[number] for place in asked.values()] for number in (0, 1))
        with self.connections.one() as connection:
            found = connection.execute(TENANTS, (list(asked), epochs, seen)).fetchall()
        grouped = groupby(found, itemgetter(0))
        return {name: _known(list(rows), asked, generation) for name, rows in grouped}

    def account(self, name: str, made: int) -> "PostgresAccount":
        """Return a tenant's part."""
        self._accounts[made] = account = PostgresAccount(self, name, made)
        return account

    def close(self) -> None:
        """Give the connections back."""
        self.presence.close()
        self.connections.close()
        self.senders.close()


def _known(
    rows: Sequence[tuple[Any, ...]], asked: Mapping[int, tuple[int, int]], generation: int
) -> Known:
    """Return what is known of a tenant whose rows follow each other."""
    _, chosen, made, version, epoch, *_ = rows[0]
    place = asked.get(made)
    news = None
    if place is not None and place != (epoch, version):
        found = {(part, key): body for *_, part, key, body in rows if part is not None}
        news = News(found, whole=place[0] != epoch)
    return Known(chosen, made, version, epoch, generation, news)


def _prepare(connection: Connection) -> None:
    # In any other, texts come back as bytes, or some of them could not be written at all.
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise UnusableLedger(f"its encoding is {encoding}, not UTF8")
    with connection.transaction():
        # Of several that start at once, one makes the tables.
        connection.execute(LOCKED)
        for statement in (
            *TABLES,
            *postgres_journal.TABLES,
            *postgres_queue.TABLES,
            postgres_journal.BEGIN,
        ):
            connection.execute(statement)
        found = connection.execute("SELECT schema FROM cwmock_ledger").fetchone()
        if found is not None and found[0] not in READABLE:
            known = f"(schema {found[0]}, known is {LEDGER_VERSION})"
            if found[0] > LEDGER_VERSION:
                raise NewerSchemaError(f"a newer version of this program made it {known}")
            raise UnusableLedger(f"an earlier version of this program made it {known}")
        # Also where it was an earlier one: that could not read what is written from now on.
        connection.execute("UPDATE cwmock_ledger SET schema = %s", (LEDGER_VERSION,))
