"""A ledger in PostgreSQL: for several processes, on several machines, that serve one world.

The row of a tenant is its lock: whoever changes the tenant has it until the turn is written. Every
turn has a number, and what it wrote bears it, so that others know what is new to them. Reading
takes no lock: a request sees at least what had been answered when it came.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import groupby, product
from operator import itemgetter
from typing import Any
from weakref import WeakValueDictionary

import orjson
import psycopg
from psycopg.sql import SQL

from mockserver.core import postgres_journal
from mockserver.core.connections import Connection, Connections
from mockserver.core.ledger import (
    LEDGER_VERSION,
    STATE,
    Known,
    LedgerLost,
    NewerSchemaError,
    News,
    Rows,
    TenantGone,
    UnusableLedger,
)
from mockserver.core.postgres_journal import PostgresExchanges

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
# All in one trip to the database: most of what a turn costs is waiting for those.
HOLD = SQL(
    """BEGIN; UPDATE cwmock_tenants SET version = version + 1 WHERE name = {name} AND made = {made}
    RETURNING epoch, version;
    SELECT part, key, body FROM cwmock_rows WHERE tenant = {name} AND copy = '' AND version > """
)
ALL = "SELECT part, key, body FROM cwmock_rows WHERE tenant = %s AND copy = ''"
# In one statement, for that sees one state of the tables: every tenant, with what is news of it to
# an account that has seen so much.
TENANTS = """SELECT t.name, t.chosen, t.made, t.version, t.epoch, r.part, r.key, r.body
    FROM cwmock_tenants t
    LEFT JOIN unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS k (made, epoch, seen)
        ON k.made = t.made
    LEFT JOIN cwmock_rows r ON k.made IS NOT NULL AND r.tenant = t.name AND r.copy = ''
        AND r.version > CASE t.epoch WHEN k.epoch THEN k.seen ELSE -1 END
    ORDER BY t.made"""
WRITE = """INSERT INTO cwmock_rows SELECT %s, '', part, key, %s, body
    FROM unnest(%s::text[], %s::text[], %s::bytea[]) AS given (part, key, body)
    ON CONFLICT (tenant, copy, part, key) DO UPDATE
    SET version = excluded.version, body = excluded.body"""
REMOVE = "DELETE FROM cwmock_tenants WHERE name = %s RETURNING made"
FORGET = "DELETE FROM cwmock_rows WHERE tenant = %s"
RECORDS = f" AND copy = '' AND left(part, {len(STATE)}) <> '{STATE}'"
ANEW = "UPDATE cwmock_tenants SET epoch = epoch + 1 WHERE name = %s RETURNING epoch"
KEEP = f"""INSERT INTO cwmock_rows SELECT tenant, %s, part, key, version, body FROM cwmock_rows
    WHERE tenant = %s{RECORDS}"""  # noqa: S608 - constants
BRING_BACK = """INSERT INTO cwmock_rows SELECT tenant, '', part, key, %s, body FROM cwmock_rows
    WHERE tenant = %s AND copy = %s RETURNING part, key, body"""


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
        self.connections.close()
        self.senders.close()


class PostgresAccount:
    """One tenant's part of a database."""

    shared = True

    def __init__(self, ledger: PostgresLedger, name: str, made: int) -> None:
        self._ledger, self._name, self.made = ledger, name, made
        self._seen = self._epoch = self._generation = -1
        self._hold = HOLD.format(name=name, made=made)
        self._turn: Connection | None = None
        self._version = 0
        self._changed = False

    def place(self, generation: int) -> tuple[int, int]:
        """Return the epoch and the version up to which everything was taken over.

        What was seen before the database was lost it may not have kept: all is news then.
        """
        return (self._epoch, self._seen) if self._generation == generation else (-1, -1)

    @property
    def _held(self) -> Connection:
        assert self._turn is not None, "outside of a turn"
        return self._turn

    def begin(self) -> News | None:
        """Hold the tenant; return what was written meanwhile."""
        try:
            return self._begin()
        except LedgerLost:
            # The connection may have been lost long ago. Nothing was done with it yet.
            return self._begin()

    def _begin(self) -> News | None:
        generation = self._ledger.connections.generation
        before = self.place(generation)
        self._turn = connection = self._ledger.connections.take()
        try:
            done = connection.execute(SQL("{}{}").format(self._hold, before[1]))
            done.nextset()
            held = done.fetchone()
            done.nextset()
            news = self._new(held, before, done.fetchall())
        except psycopg.OperationalError as error:
            self._ledger.connections.lost(connection)
            self.abort()
            raise LedgerLost(str(error).strip()) from error
        except BaseException:
            self.abort()
            raise
        self._generation = generation
        return news

    def _new(
        self,
        held: tuple[Any, ...] | None,
        before: tuple[int, int],
        found: Sequence[tuple[Any, ...]],
    ) -> News | None:
        if held is None:
            raise TenantGone(self._name)
        self._epoch, self._version = held
        self._seen, self._changed = self._version - 1, False
        if before == (self._epoch, self._seen):
            return None
        whole = before[0] != self._epoch
        if whole:
            found = self._held.execute(ALL, (self._name,)).fetchall()
        return News({(part, key): body for part, key, body in found}, whole)

    def end(self, rows: Rows) -> None:
        """Write what was changed and let go; nothing was, so that the turn has no number."""
        written = bool(rows) or self._changed
        parts, keys = ([name[each] for name in rows] for each in (0, 1))
        values = self._name, self._version, parts, keys, list(rows.values())
        try:
            with self._held.pipeline():
                if rows:
                    self._held.execute(WRITE, values)
                self._held.execute("COMMIT" if written else "ROLLBACK")
        except psycopg.OperationalError as error:
            raise LedgerLost(str(error).strip()) from error
        if written:
            self._seen = self._version
        self._let_go()

    def abort(self) -> None:
        """Let go, and take over everything anew at the next turn."""
        self._seen = self._epoch = -1
        if self._turn is not None:
            if not self._turn.closed:
                self._turn.execute("ROLLBACK")
            self._let_go()

    def _let_go(self) -> None:
        connection, self._turn = self._held, None
        self._ledger.connections.give_back(connection)

    def news(self, known: Known) -> News | None:
        """Return what is news in what the ledger told, unless it was taken over meanwhile."""
        news, here = known.news, (self._epoch, self._seen)
        trusted = self._generation == known.generation
        if news is None or (trusted and (known.epoch, known.version) <= here):
            return None
        if not news.whole and not (trusted and known.epoch == self._epoch):
            return None  # of another epoch by now: the next look brings all of it
        self._epoch, self._seen = known.epoch, known.version
        self._generation = known.generation
        return news

    def clear(self) -> None:
        """Forget everything that was kept; other processes begin anew, too."""
        self._held.execute(FORGET, (self._name,))
        self._begin_anew()

    def _begin_anew(self) -> None:
        found = self._held.execute(ANEW, (self._name,)).fetchone()
        assert found is not None, "the row is held"
        (self._epoch,) = found
        self._changed = True

    def copy(self, name: str) -> None:
        """Keep the records as they are under a name."""
        self._held.execute(KEEP, (name, self._name))

    def bring_back(self, name: str) -> Rows:
        """Put the records that were kept under a name in the place of these; return them."""
        self._held.execute(f"{FORGET}{RECORDS}", (self._name,))
        self._begin_anew()
        found = self._held.execute(BRING_BACK, (self._version, self._name, name)).fetchall()
        return {(part, key): body for part, key, body in found}

    def exchanges(self) -> PostgresExchanges:
        """Return where the tenant's exchanges are published."""
        return PostgresExchanges(self._ledger.connections, self._name, self.made)

    def sending(self) -> AbstractContextManager[bool]:
        """Tell whether this process may send the tenant's webhooks, until the end."""
        return self._sending()

    @contextmanager
    def _sending(self) -> Iterator[bool]:
        key = (int(self.made) & 0x7FFF_FFFF,)
        with self._ledger.senders.one() as connection:
            got = connection.execute(
                "SELECT pg_try_advisory_lock(hashtext('cwmock/' || current_schema()), %s)", key
            ).fetchone()
            may_send = got is not None and bool(got[0])
            try:
                yield may_send
            finally:
                if may_send:
                    connection.execute(
                        "SELECT pg_advisory_unlock(hashtext('cwmock/' || current_schema()), %s)",
                        key,
                    )


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
    with connection.transaction():
        # Of several that start at once, one makes the tables.
        connection.execute(LOCKED)
        for statement in (*TABLES, *postgres_journal.TABLES, postgres_journal.BEGIN):
            connection.execute(statement)
        found = connection.execute("SELECT schema FROM cwmock_ledger").fetchone()
        if found is not None and found[0] != LEDGER_VERSION:
            known = f"(schema {found[0]}, known is {LEDGER_VERSION})"
            if found[0] > LEDGER_VERSION:
                raise NewerSchemaError(f"a newer version of this program made it {known}")
            raise UnusableLedger(f"an earlier version of this program made it {known}")
