"""Connections to PostgreSQL, opened when needed and used again."""

import contextlib
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from mockserver.core.ledger import LedgerLost

#: More would only wait for each other, and the server has few to give.
CONNECTIONS_MAX = 20
CONNECT_S = 10
#: Who was stopped or cut off in the middle of a turn does not hold up the others for ever.
BOUNDED = "SET idle_in_transaction_session_timeout = '60s'"
#: What was written survives whatever ends this process, and the end of the database's machine but
#: for its last moments. Waiting for its disk at each request would take longer than all the rest.
UNHURRIED = "SET synchronous_commit = off"

Connection = psycopg.Connection[tuple[Any, ...]]


class Connections:
    """Some connections to one database; who takes one gives it back.

    Args:
        url: Of the database.
        most: How many there may be at once; others wait for theirs.
    """

    def __init__(self, url: str, most: int = CONNECTIONS_MAX) -> None:
        self._url = url
        #: How often one was lost: what was seen before that, the database may not have kept.
        self.generation = 0
        self._free: list[Connection] = []
        weakref.finalize(self, _close, self._free)
        self._places = threading.BoundedSemaphore(most)

    def take(self) -> Connection:
        """Return a connection, of the caller's own until ``give_back``.

        Raises:
            LedgerLost: The database does not answer.
        """
        self._places.acquire()
        try:
            with contextlib.suppress(IndexError):
                while (found := self._free.pop()).closed:
                    continue
                return found
            return self._opened()
        except psycopg.OperationalError as error:
            self._places.release()
            raise LedgerLost(str(error).strip()) from error
        except BaseException:
            self._places.release()
            raise

    def _opened(self) -> Connection:
        connection = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_S)
        connection.execute(BOUNDED)
        if "synchronous_commit" not in self._url:
            connection.execute(UNHURRIED)
        return connection

    def give_back(self, connection: Connection) -> None:
        """Let others have a connection; one that is broken or busy is closed instead."""
        if connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            self._free.append(connection)
        else:
            connection.close()
        self._places.release()

    def lost(self, connection: Connection) -> None:
        """Trust no connection that was open when one was lost: the database began anew."""
        self.generation += 1
        connection.close()
        self.close()

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """Lend a connection.

        Raises:
            LedgerLost: The database does not answer.
        """
        connection = self.take()
        try:
            yield connection
        except psycopg.OperationalError as error:
            self.lost(connection)
            raise LedgerLost(str(error).strip()) from error
        finally:
            self.give_back(connection)

    def close(self) -> None:
        """Close what nobody uses."""
        _close(self._free)


def _close(connections: list[Connection]) -> None:
    while connections:
        # Others may take from the list meanwhile.
        with contextlib.suppress(IndexError):
            connections.pop().close()
