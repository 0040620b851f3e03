"""A ledger in PostgreSQL: for several processes, on several machines, that serve one world.

The row of a tenant is its lock: whoever changes the tenant has it until the turn is written. Every
turn has a number, and what it wrote bears it, so that others know what is new to them. Reading
takes no lock: a request sees at least what had been answered when it came.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import orjson
import psycopg
from psycopg.sql import SQL

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
# Both in one trip to the database: most of what a turn costs is waiting for those.
HOLD = SQL(
    """BEGIN; UPDATE cwmock_tenants SET version = version + 1 WHERE name = {} AND made = {}
    RETURNING epoch, version"""
)
NEW = "SELECT part, key, body FROM cwmock_rows WHERE tenant = %s AND copy = '' AND version > %s"
# In one statement, for that sees one state of the tables.
NEWS = """SELECT t.epoch, t.version, r.part, r.key, r.body FROM cwmock_tenants t
    LEFT JOIN cwmock_rows r ON r.tenant = t.name AND r.copy = ''
        AND r.version > CASE t.epoch WHEN %s THEN %s ELSE -1 END
    WHERE t.name = %s AND t.made = %s"""
WRITE = """INSERT INTO cwmock_rows SELECT %s, '', part, key, %s, body
    FROM unnest(%s::text[], %s::text[], %s::bytea[]) AS given (part, key, body)
    ON CONFLICT (tenant, copy, part, key) DO UPDATE
    SET version = excluded.version, body = excluded.body"""
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
        with self.connections.one() as connection:
            return connection.execute(ADD, values).rowcount > 0

    def remove(self, name: str) -> None:
        """Forget a tenant."""
        with self.connections.one() as connection, connection.transaction():
            connection.execute("DELETE FROM cwmock_tenants WHERE name = %s", (name,))
            connection.execute(FORGET, (name,))

    def tenants(self) -> Mapping[str, Known]:
        """Return what is known of each tenant, oldest first."""
        with self.connections.one() as connection:
            found = connection.execute(
                "SELECT name, chosen, version, made FROM cwmock_tenants ORDER BY made"
            ).fetchall()
        return {name: Known(chosen, version, made) for name, chosen, version, made in found}

    def account(self, name: str, made: int) -> "PostgresAccount":
        """Return a tenant's part."""
        return PostgresAccount(self, name, made)

    def close(self) -> None:
        """Give the connections back."""
        self.connections.close()
        self.senders.close()


class PostgresAccount:
    """One tenant's part of a database."""

    shared = True

    def __init__(self, ledger: PostgresLedger, name: str, made: int) -> None:
        self._ledger, self._name, self.made = ledger, name, made
        self.seen = self._epoch = -1
        self._turn: Connection | None = None
        self._version = 0
        self._changed = False

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
        self._turn = connection = self._ledger.connections.take()
        try:
            done = connection.execute(HOLD.format(self._name, self.made))
            done.nextset()
            return self._new(connection, done.fetchone())
        except psycopg.OperationalError as error:
            self._ledger.connections.lost(connection)
            self.abort()
            raise LedgerLost(str(error).strip()) from error
        except BaseException:
            self.abort()
            raise

    def _new(self, connection: Connection, held: tuple[Any, ...] | None) -> News | None:
        if held is None:
            raise TenantGone(self._name)
        epoch, version = held
        whole = epoch != self._epoch
        before, self._epoch, self._version = self.seen, epoch, version
        self.seen, self._changed = version - 1, False
        if not whole and before == version - 1:
            return None
        found = connection.execute(NEW, (self._name, -1 if whole else before)).fetchall()
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
            self.seen = self._version
        self._let_go()

    def abort(self) -> None:
        """Let go, and take over everything anew at the next turn."""
        self.seen = self._epoch = -1
        if self._turn is not None:
            if not self._turn.closed:
                self._turn.execute("ROLLBACK")
            self._let_go()

    def _let_go(self) -> None:
        connection, self._turn = self._held, None
        self._ledger.connections.give_back(connection)

    def news(self) -> News | None:
        """Return what other processes wrote, without holding anybody up."""
        with self._ledger.connections.one() as connection:
            values = self._epoch, self.seen, self._name, self.made
            found = connection.execute(NEWS, values).fetchall()
        if not found or found[0][:2] == (self._epoch, self.seen):
            return None
        whole = found[0][0] != self._epoch
        self._epoch, self.seen = found[0][:2]
        rows = {(part, key): body for _, _, part, key, body in found if part is not None}
        return News(rows, whole)

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


def _prepare(connection: Connection) -> None:
    with connection.transaction():
        # Of several that start at once, one makes the tables.
        connection.execute(LOCKED)
        for statement in TABLES:
            connection.execute(statement)
        found = connection.execute("SELECT schema FROM cwmock_ledger").fetchone()
        if found is not None and found[0] != LEDGER_VERSION:
            known = f"(schema {found[0]}, known is {LEDGER_VERSION})"
            if found[0] > LEDGER_VERSION:
                raise NewerSchemaError(f"a newer version of this program made it {known}")
            raise UnusableLedger(f"an earlier version of this program made it {known}")
