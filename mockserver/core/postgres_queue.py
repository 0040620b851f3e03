"""Queues in PostgreSQL: who is before whom, among the requests of all processes.

Every process holds a lock of its own as long as it lives, so that the others see when one is gone,
and with it the requests that it had in a queue.
"""

import threading
import weakref
from collections.abc import Mapping, Sequence

import psycopg
from psycopg.sql import SQL

from mockserver.core.clock import machine_seconds
from mockserver.core.connections import Connection, Connections
from mockserver.core.ledger import LedgerLost

TABLES = (
    """CREATE TABLE IF NOT EXISTS cwmock_places (
        id BIGSERIAL PRIMARY KEY, made BIGINT NOT NULL, api TEXT NOT NULL, key TEXT NOT NULL,
        process INT NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS cwmock_places_queue ON cwmock_places (made, api, key, id)",
)
PROCESSES = "hashtext('cwmock/processes/' || current_schema())"
NUMBER = "SELECT nextval('cwmock_made')::int"
ALIVE = f"SELECT pg_advisory_lock({PROCESSES}, %s)"
# In one trip, and in that order: numbers must become visible in the order in which they are drawn.
ENTER = SQL(
    """SELECT pg_advisory_xact_lock(hashtext('cwmock/places/' || current_schema()), {lock});
    WITH new AS (
        INSERT INTO cwmock_places (made, api, key, process)
        SELECT {made}, {api}, key, {process} FROM unnest({keys}::text[]) WITH ORDINALITY
            AS given (key, place) ORDER BY place RETURNING id, key
    )
    SELECT id, (SELECT count(*) FROM new n WHERE n.key = new.key AND n.id < new.id)
        + (SELECT count(*) FROM cwmock_places p
            WHERE p.made = {made} AND p.api = {api} AND p.key = new.key)
    FROM new ORDER BY id"""
)
LEAVE = "DELETE FROM cwmock_places WHERE id = ANY(%s)"
AHEAD = """SELECT w.id, (SELECT count(*) FROM cwmock_places p
        WHERE p.made = w.made AND p.api = w.api AND p.key = w.key AND p.id < w.id)
    FROM cwmock_places w WHERE w.id = ANY(%s)"""
REAP = f"""DELETE FROM cwmock_places WHERE process NOT IN (
        SELECT l.objid::bigint FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objsubid = 2
            AND l.classid::bigint = {PROCESSES}::bigint & 4294967295
    )"""  # noqa: S608 - constants
REAPED_EVERY_S = 1.0


class Presence:
    """Shows the other processes that this one lives.

    Args:
        connections: To the database; one is held.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = threading.Lock()
        self._held: Connection | None = None
        self._process = 0
        self._reaped_s = 0.0

    def process(self) -> int:
        """Return this process's number, shown to be alive.

        Raises:
            LedgerLost: The database does not answer.
        """
        with self._lock:
            if self._held is None or self._held.closed:
                self._show()
            return self._process

    def _show(self) -> None:
        if self._held is not None:
            self._connections.give_back(self._held)
            self._held = None
        connection = self._connections.take()
        try:
            if not self._process:
                self._process = _first(connection, NUMBER)
            connection.execute(ALIVE, (self._process,))
        except psycopg.OperationalError as error:
            self._connections.lost(connection)
            self._connections.give_back(connection)
            raise LedgerLost(str(error).strip()) from error
        self._held = connection
        weakref.finalize(self, connection.close)

    def close(self) -> None:
        """Be gone."""
        with self._lock:
            if self._held is not None:
                self._held.close()
                self._connections.give_back(self._held)
                self._held = None

    def reap(self, connection: Connection) -> None:
        """Now and then, take those out of the queues whose process is gone."""
        with self._lock:
            now_s = machine_seconds()
            if now_s - self._reaped_s < REAPED_EVERY_S:
                return
            self._reaped_s = now_s
        connection.execute(REAP)


def _first(connection: Connection, statement: str) -> int:
    found = connection.execute(statement).fetchone()
    assert found is not None, "a number"
    return int(found[0])


class PostgresQueue:
    """The queues of one API of a tenant.

    Args:
        connections: To the database.
        presence: Shows that this process lives.
        made: What tells the tenant from others that had its name before.
        api: The vendor's name.
    """

    def __init__(self, connections: Connections, presence: Presence, made: int, api: str) -> None:
        self._connections, self._presence = connections, presence
        self._made, self._api = made, api

    def enter(self, keys: Sequence[str]) -> Sequence[tuple[int, int]]:
        """Queue a request for each key; return their numbers, and how many are before each."""
        process = self._presence.process()
        statement = ENTER.format(
            lock=self._made & 0x7FFF_FFFF,
            made=self._made,
            api=self._api,
            process=process,
            keys=list(keys),
        )
        with self._connections.one() as connection:
            done = connection.execute(statement)
            done.nextset()
            return [(number, ahead) for number, ahead in done.fetchall()]

    def leave(self, numbers: Sequence[int]) -> None:
        """Give places up."""
        with self._connections.one() as connection:
            connection.execute(LEAVE, (list(numbers),))

    def ahead(self, numbers: Sequence[int]) -> Mapping[int, int]:
        """Return how many are before each that is still there."""
        with self._connections.one() as connection:
            self._presence.reap(connection)
            return dict(connection.execute(AHEAD, (list(numbers),)).fetchall())
