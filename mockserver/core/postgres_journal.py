"""The exchanges of one tenant in PostgreSQL, written and read by several processes.

Whoever publishes holds the journal's row, which has the numbers: who sees one sees all before it.
"""

from collections.abc import Sequence

from mockserver.core.connections import Connections
from mockserver.core.ledger import TenantGone
from mockserver.core.shared_journal import Place, Published

TABLES = (
    """CREATE TABLE IF NOT EXISTS cwmock_journals (
        made BIGINT PRIMARY KEY, epoch BIGINT NOT NULL DEFAULT 0,
        change BIGINT NOT NULL DEFAULT 0, last BIGINT NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE IF NOT EXISTS cwmock_exchanges (
        made BIGINT, id BIGINT, change BIGINT NOT NULL, attempt BYTEA NOT NULL, entry BYTEA,
        PRIMARY KEY (made, id)
    )""",
    "CREATE INDEX IF NOT EXISTS cwmock_exchanges_new ON cwmock_exchanges (made, change)",
)
#: As many exchanges are kept whole, and of as many what grading needs.
ENTRIES_MAX = 10_000
ATTEMPTS_MAX = 20_000
BYTES_MAX = 64 * 1024 * 1024
PRUNED_EVERY = 500

BEGIN = "INSERT INTO cwmock_journals SELECT made FROM cwmock_tenants ON CONFLICT DO NOTHING"
# In this order: the first waits for whoever publishes at the moment.
FORGET = (
    "DELETE FROM cwmock_journals WHERE made = %s",
    "DELETE FROM cwmock_exchanges WHERE made = %s",
)
PUBLISH = """WITH held AS (
        UPDATE cwmock_journals SET last = last + %(count)s, change = change + 1
        WHERE made = %(made)s RETURNING last - %(count)s AS before, change
    ), written AS (
        INSERT INTO cwmock_exchanges SELECT %(made)s, before + number, change, attempt, entry
        FROM held, unnest(%(attempts)s::bytea[], %(entries)s::bytea[])
            WITH ORDINALITY AS given (attempt, entry, number)
    )
    SELECT before FROM held"""
AMEND = """WITH held AS (
        UPDATE cwmock_journals SET change = change + 1 WHERE made = %(made)s RETURNING change
    )
    UPDATE cwmock_exchanges e SET attempt = given.attempt, change = held.change
    FROM held, unnest(%(ids)s::bigint[], %(attempts)s::bytea[]) AS given (id, attempt)
    WHERE e.made = %(made)s AND e.id = given.id"""
SINCE = """SELECT j.epoch, j.change, j.last, e.id, e.attempt, e.entry FROM cwmock_journals j
    LEFT JOIN cwmock_exchanges e ON e.made = j.made
        AND e.change > CASE j.epoch WHEN %(epoch)s THEN %(change)s ELSE -1 END
    WHERE j.made = %(made)s ORDER BY e.id"""
# Two statements: the first waits for whoever publishes, and only the second sees what that wrote.
CLEAR = (
    """UPDATE cwmock_journals SET epoch = epoch + 1, last = coalesce(%(last)s, last)
        WHERE made = %(made)s""",
    "DELETE FROM cwmock_exchanges WHERE made = %(made)s",
)
PRUNE = (
    "DELETE FROM cwmock_exchanges WHERE made = %(made)s AND id <= %(last)s - %(attempts)s",
    """UPDATE cwmock_exchanges e SET entry = NULL FROM (
        SELECT id, sum(octet_length(entry)) OVER (ORDER BY id DESC) AS bytes
        FROM cwmock_exchanges WHERE made = %(made)s AND entry IS NOT NULL
    ) AS kept WHERE e.made = %(made)s AND e.id = kept.id
        AND (kept.bytes > %(bytes)s OR e.id <= %(last)s - %(entries)s)""",
)


class PostgresExchanges:
    """The exchanges of one tenant.

    Args:
        connections: To the database.
        name: The tenant's, for whoever is told that it is gone.
        made: What tells the tenant from others that had its name before.
    """

    def __init__(self, connections: Connections, name: str, made: int) -> None:
        self._connections, self._name, self._made = connections, name, made

    def publish(self, rows: Sequence[Published]) -> int:
        """Keep rows and return the number of the first; the others follow."""
        values = {
            "made": self._made,
            "count": len(rows),
            "attempts": [each.attempt for each in rows],
            "entries": [each.entry for each in rows],
        }
        with self._connections.one() as connection:
            found = connection.execute(PUBLISH, values).fetchone()
        if found is None:
            raise TenantGone(self._name)
        before: int = found[0]
        if before // PRUNED_EVERY != (before + len(rows)) // PRUNED_EVERY:
            self._prune(before)
        return before + 1

    def _prune(self, last: int) -> None:
        bounds = {"entries": ENTRIES_MAX, "attempts": ATTEMPTS_MAX, "bytes": BYTES_MAX}
        with self._connections.one() as connection:
            for statement in PRUNE:
                connection.execute(statement, {"made": self._made, "last": last, **bounds})

    def amend(self, rows: Sequence[Published]) -> None:
        """Keep attempts that became known better."""
        ids, attempts = [each.id for each in rows], [each.attempt for each in rows]
        with self._connections.one() as connection:
            connection.execute(AMEND, {"made": self._made, "ids": ids, "attempts": attempts})

    def since(self, place: Place) -> tuple[Place, Sequence[Published]]:
        """Return what was published or amended since, by number, and the place after it."""
        values = {"made": self._made, "epoch": place.epoch, "change": place.change}
        with self._connections.one() as connection:
            found = connection.execute(SINCE, values).fetchall()
        if not found:
            return place, ()  # the tenant is gone
        rows = [Published(attempt, entry, id_) for *_, id_, attempt, entry in found if id_]
        return Place(*found[0][:3]), rows

    def clear(self, last_id: int | None = None) -> None:
        """Forget everything; number on, or after *last_id*."""
        with self._connections.one() as connection, connection.transaction():
            for statement in CLEAR:
                connection.execute(statement, {"made": self._made, "last": last_id})
