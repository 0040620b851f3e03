"""One tenant's part of a ledger in PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import psycopg
from psycopg.sql import SQL

from mockserver.core.connections import Connection, Connections
from mockserver.core.ledger import STATE, Known, LedgerLost, News, Rows, TenantGone
from mockserver.core.postgres_journal import PostgresExchanges
from mockserver.core.postgres_queue import PostgresQueue, Presence

# All in one trip to the database: most of what a turn costs is waiting for those.
HOLD = SQL(
    """BEGIN; UPDATE cwmock_tenants SET version = version + 1 WHERE name = {name} AND made = {made}
    RETURNING epoch, version;
    SELECT part, key, body FROM cwmock_rows WHERE tenant = {name} AND copy = '' AND version > """
)
ALL = "SELECT part, key, body FROM cwmock_rows WHERE tenant = %s AND copy = ''"
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


class Database(Protocol):
    """What an account needs of its ledger.

    Attributes:
        connections: For turns, and for whatever is asked at once.
        senders: For whoever sends webhooks, which takes longer.
        presence: Tells the database that this process lives.
    """

    connections: Connections
    senders: Connections
    presence: Presence


class PostgresAccount:
    """One tenant's part of a database."""

    shared = True

    def __init__(self, ledger: Database, name: str, made: int) -> None:
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

    def queue(self, api: str) -> PostgresQueue:
        """Return where the requests of an API queue."""
        return PostgresQueue(self._ledger.connections, self._ledger.presence, self.made, api)

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
